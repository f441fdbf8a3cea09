# SPDX-License-Identifier: GPL-3.0-or-later
"""What extractions say of products and sites that give nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.at_sites import (
    check_rows,
    readable_products,
)
from calval_toolbox.core.errors import InsufficientDataError, ProductError
from calval_toolbox.core.io.products import ReaderOptions
from calval_toolbox.core.sites import Site
from calval_toolbox.core.types import Product

SITES = [Site("Lille", 3.142, 50.611), Site("Toulouse", 1.374, 43.573)]


def product(name: str, site: str = "T31TCJ", notes: tuple[str, ...] = ()) -> Product:
    time = np.datetime64("2020-07-15", "ms")
    return Product(f"/data/{name}", "reader", "", "", "", site, time, notes=notes)


def test_rows_are_enough() -> None:
    check_rows("AOT", [{}], [], [], [("a", "b")])


def test_pixels_that_cannot_be_read_are_told_before_sites_that_are_elsewhere() -> None:
    products, failed = [product("a"), product("b")], [("/data/a", "cut off.")]
    with pytest.raises(
        ProductError,
        match=r"No time series was extracted: the pixels of 1 of 2 product\(s\) cannot be read\. "
        r"The first, /data/a: cut off\. The other 1 cover no site\.",
    ):
        check_rows("time series", [], products, SITES, failed)
    with pytest.raises(ProductError, match=r"of 1 of 1 product\(s\).*cut off\.$"):
        check_rows("AOT", [], products[:1], SITES, failed)


def test_sites_elsewhere_name_both_sides() -> None:
    with pytest.raises(
        InsufficientDataError,
        match=r"None of the 1 products covers any of the 2 sites with the bands asked for\. .* "
        r"first product is T31TCJ \(/data/a\), the first site Lille at 3\.142, 50\.611 degrees",
    ):
        check_rows("AOT", [], [product("a")], SITES, [], " with the bands asked for")
    with pytest.raises(InsufficientDataError, match="first product is /data/i.tif, the first site"):
        check_rows("AOT", [], [product("i.tif", "")], SITES, [])


def test_folder_without_a_product_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProductError, match="No product was found in"):
        readable_products([str(tmp_path)], ReaderOptions())
