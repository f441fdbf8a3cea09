# SPDX-License-Identifier: GPL-3.0-or-later
"""How products, their sensors and versions are called in the calibration database."""

from __future__ import annotations

import re

from ...errors import InputError
from ...io.rasters import short
from ...sensor_names import sensor_of
from ...types import Product

FAST = "fast"
_SUFFIX = re.compile(r"(?:\.SAFE)?(?:\.zip|\.tar\.gz|\.tgz|\.tar)?$", re.IGNORECASE)


def product_name(product: Product) -> str:
    """The name of a product without the suffixes of its folder and archive."""
    path, mark, part = product.path.partition("#")
    name = path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return _SUFFIX.sub("", name) + mark + part


def sensor_name(product: Product, given: str = "") -> str:
    """``given``, or platform and instrument as the tables of sensors call them ("S2A/MSI").

    Raises ``InputError`` where the metadata name neither.
    """
    if given:
        return given
    name = sensor_of(product)
    if not name:
        raise InputError(
            f"The metadata of {short(product.path)} do not name its sensor. Give it (SENSOR)."
        )
    return name


def version_name(product: Product, fast: bool, given: str = "") -> str:
    """``given``, or the processing baseline, with the level where that is not 1; and the mode where
    the pixels were not read at full resolution.
    """
    words = [given or product.baseline]
    if not given and not product.level.startswith("L1"):
        words.append(product.level)
    if fast:
        words.append(FAST)
    return " ".join(word for word in words if word)
