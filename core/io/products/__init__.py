# SPDX-License-Identifier: GPL-3.0-or-later
"""Satellite products: one reader per format, found by asking each of them."""
