# SPDX-License-Identifier: GPL-3.0-or-later
"""What a product says of itself, kept in the metadata of a raster made of it, and read again.

Items of GDAL's domain IMAGERY, by the names of the fields of ``Product``: ``CALVAL_SENSOR``,
``CALVAL_ORBIT`` and so on. What a product does not state has no item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..types import BandSource, Product

PREFIX = "CALVAL_"
SOURCE_PREFIX = f"{PREFIX}SOURCE_"
_TEXTS = (
    "sensor", "platform", "level", "site", "baseline", "campaign", "datatake", "orbit",
)  # fmt: skip
_NUMBERS = (
    "sun_zenith_deg", "sun_azimuth_deg", "view_zenith_deg", "view_azimuth_deg", "cloud_percent",
)  # fmt: skip


def product_items(product: Product) -> dict[str, str]:
    """The items that say what ``product`` is: texts, and numbers in the units of ``Product``."""
    texts = {name: str(getattr(product, name)) for name in _TEXTS}
    numbers = {name: getattr(product, name) for name in _NUMBERS}
    texts |= {name: repr(float(value)) for name, value in numbers.items() if value is not None}
    return {_key(name): text for name, text in texts.items() if text}


def band_items(source: BandSource) -> dict[str, str]:
    """The items that say how the values of ``source`` were stored: its scale, offset and nodata."""
    found = {"SCALE": source.scale, "OFFSET": source.offset, "NODATA": source.nodata}
    return {SOURCE_PREFIX + key: f"{v:.15g}" for key, v in found.items() if v is not None}


def described(product: Product, items: Mapping[str, str]) -> Product:
    """``product`` with what ``items`` of its raster say; others than ours are left alone."""
    found: dict[str, Any] = {name: items[_key(name)] for name in _TEXTS if _key(name) in items}
    numbers = {name: _number(items.get(_key(name), "")) for name in _NUMBERS}
    found |= {name: value for name, value in numbers.items() if value is not None}
    return replace(product, **found) if found else product


def _key(field: str) -> str:
    return PREFIX + field.upper()


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
