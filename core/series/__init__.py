# SPDX-License-Identifier: GPL-3.0-or-later
"""Reflectance time series: extraction from products and stacks, tables, regular grids."""
