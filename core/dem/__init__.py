# SPDX-License-Identifier: GPL-3.0-or-later
"""Elevation models: terrain, co-registration, comparison and its uncertainty."""
