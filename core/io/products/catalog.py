# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of products: one row per product with its footprint, unreadable ones with the
reason.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...table import Table, from_rows
from ...types import Product
from .reader import Ring

READABLE = "ok"
FIELDS = {
    "reader": "text",
    "sensor": "text",
    "platform": "text",
    "level": "text",
    "site": "text",
    "time": "time",
    "cloud_percent": "float",
    "baseline": "text",
    "campaign": "text",
    "datatake": "text",
    "has_aot": "bool",
    "bands": "text",
    "status": "text",
    "notes": "text",
    "path": "text",
}


def catalog_table(products: Sequence[Product], unreadable: Sequence[tuple[str, str]]) -> Table:
    """Rows of ``products`` (status ``ok``), then of ``unreadable`` ones (path, reason as status).

    Geometry: the footprint in longitude and latitude, none for unreadable products.
    """
    rows: list[dict[str, Any]] = [_row(product) for product in products]
    rows += [{"path": path, "status": reason} for path, reason in unreadable]
    shapes = np.empty(len(rows), dtype=object)
    for index, product in enumerate(products):
        shapes[index] = polygon_wkb(product.footprint)
    table = from_rows(rows, FIELDS, "products")
    return replace(table, geometry=shapes, geometry_type="Polygon")


def polygon_wkb(ring: Ring) -> bytes | None:
    """Well-known binary of a polygon from its closed ring, None where the ring is empty."""
    if len(ring) < 4:
        return None
    points = b"".join(struct.pack("<dd", longitude, latitude) for longitude, latitude in ring)
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + points


def _row(product: Product) -> dict[str, Any]:
    return {
        "reader": product.reader,
        "sensor": product.sensor,
        "platform": product.platform,
        "level": product.level,
        "site": product.site,
        "time": product.time,
        "cloud_percent": product.cloud_percent,
        "baseline": product.baseline,
        "campaign": product.campaign,
        "datatake": product.datatake,
        "has_aot": product.aot is not None,
        "bands": ",".join(product.bands),
        "status": READABLE,
        "notes": " ".join(product.notes),
        "path": product.path,
    }
