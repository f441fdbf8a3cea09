# SPDX-License-Identifier: GPL-3.0-or-later
"""Satellite products: one reader per format, found by asking each of them."""

from .discovery import check_found, find_products
from .reader import ReaderOptions
from .registry import files_of, open_product

__all__ = ["ReaderOptions", "check_found", "files_of", "find_products", "open_product"]
