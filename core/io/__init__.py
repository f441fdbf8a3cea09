# SPDX-License-Identifier: GPL-3.0-or-later
"""The only rooms that open files: products, rasters, tables, AERONET text."""
