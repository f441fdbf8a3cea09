# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of products: footprints, metadata, and unreadable ones with their reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import ogr

from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.catalog import FIELDS, catalog_table, polygon_wkb
from calval_toolbox.core.io.products.synthetic import Scene, write_l3a, write_muscate


def test_rows_of_products_and_of_failures(tmp_path: Path, scene: Scene) -> None:
    products = [open_product(write(tmp_path, scene)) for write in (write_muscate, write_l3a)]
    table = catalog_table(products, [("/data/x.zip", "It is damaged.")])
    assert list(table.columns) == list(FIELDS)
    assert table["status"].tolist() == ["ok", "ok", "It is damaged."]
    assert table["path"].tolist() == [products[0].path, products[1].path, "/data/x.zip"]
    assert table["reader"].tolist() == ["muscate", "l3a", ""]
    assert table["has_aot"].tolist() == [True, False, False]
    assert table["time"][0] == products[0].time
    assert np.isnat(table["time"][2])
    assert np.isnan(table["cloud_percent"][2])
    assert table.geometry is not None
    assert table.geometry[2] is None
    shape = ogr.CreateGeometryFromWkb(table.geometry[0])
    assert shape.GetGeometryName() == "POLYGON"
    # 1.6 km x 1.2 km at 44.2 N, in square degrees.
    assert shape.GetArea() == pytest.approx(1.6 * 1.2 / (111.2 * 79.9), rel=0.02)
    assert shape.IsValid()


def test_polygon_is_that_of_ogr() -> None:
    ring = ((1.0, 2.0), (3.0, 2.0), (3.0, 5.0), (1.0, 2.0))
    made = ogr.CreateGeometryFromWkb(polygon_wkb(ring))
    assert made.ExportToWkt() == "POLYGON ((1 2,3 2,3 5,1 2))"
    assert polygon_wkb(()) is None


def test_nothing_found_is_an_empty_table() -> None:
    assert len(catalog_table([], [])) == 0
