# SPDX-License-Identifier: GPL-3.0-or-later
"""Plots that every panel shares: frame with export and hover read-out, density image, date axis."""
