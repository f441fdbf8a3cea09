# SPDX-License-Identifier: GPL-3.0-or-later
"""Primitives: what a classifier is given of each pixel."""
