# SPDX-License-Identifier: GPL-3.0-or-later
"""The two cheap looks at a product before any of its bands is read: metadata and preview."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...errors import InputError, ProductError
from ...io.products.previews import preview_uri, read_preview, read_reduced
from ...io.rasters import Rasters, short
from ...times import parse_period
from ...types import AnyArray, FloatArray, Product
from .limits import DAYS, CloudLimits, SceneLimits
from .outcome import Stage
from .roles import COASTAL, ROLES, nearest

# What a preview made of bands must reach of the limits of clouds: its pixels are single ones.
_PREVIEW_EASE = 0.9


def metadata_stage(product: Product, limits: SceneLimits) -> tuple[Stage | None, str]:
    """Where the metadata stop a product, and why; None where they do not.

    Raises ``InputError`` for one that does not say where the sun stood.
    """
    if product.level.startswith("L2"):
        raise ProductError(
            f"{short(product.path)} is of level {product.level}: it has no band near 1375 nm (B10 "
            "of Sentinel-2), and its values are not reflectance at the top of the atmosphere. "
            "Give the product of Level 1 (L1C)."
        )
    if product.sun_zenith_deg is None:
        raise InputError(
            f"{short(product.path)} states no angles of the sun (of Sentinel-2: MTD_TL.xml is not "
            "there, or has no angles). Get it again."
        )
    outside = _outside(product, limits)
    if outside:
        return Stage.RANGE, outside
    if product.cloud_percent is not None and product.cloud_percent < limits.min_cloud_percent:
        return Stage.METADATA, f"{product.cloud_percent:.1f} % clouds"
    return None, ""


def _outside(product: Product, limits: SceneLimits) -> str:
    """Why a product is no observation under the conditions that are asked for, "" where it is."""
    first, last = parse_period(limits.first_day, limits.last_day, DAYS)
    if (first is not None and product.time < first) or (last is not None and product.time > last):
        return "not in the period"
    if product.footprint:
        latitude = float(np.mean([corner[1] for corner in product.footprint[:-1]]))
        if not limits.min_latitude <= latitude <= limits.max_latitude:
            return "not between the latitudes"
    if (product.sun_zenith_deg or 0.0) > limits.max_sun_zenith_deg:
        return "sun too low"
    return ""


@dataclass(frozen=True)
class Preview:
    """``share`` of the preview's pixels with data that may be deep convective clouds; ``kind``:
    what was looked at; ``bands``: how many bands were opened for it; ``note``: what is odd.
    """

    share: float
    kind: str
    bands: int = 0
    note: str = ""


def look(product: Product, scenes: SceneLimits, clouds: CloudLimits, rasters: Rasters) -> Preview:
    """Look at the preview of a product; where it has none, or a damaged one, at a coastal or blue
    band and the one of cirrus at reduced resolution.

    Raises ``ProductError`` where there are no such bands either, or they are damaged.
    """
    uri, note = preview_uri(product), ""
    if uri:
        try:
            image = read_preview(uri, rasters)
            share = white_share(image, scenes.preview_brightness, scenes.preview_color)
            return Preview(share, "preview image")
        except ProductError as error:
            note = f"{error} Reduced bands of {short(product.path)} were looked at instead."
    blue = nearest(product, *COASTAL) or nearest(product, *ROLES["blue"])
    cirrus = nearest(product, *ROLES["cirrus"])
    if not blue or not cirrus:
        raise ProductError(
            f"{short(product.path)} has no preview image that can be read, and no bands near 443 "
            "and 1375 nm to look at instead. Get the product again, with all of its files."
        )
    share = high_share(
        read_reduced(product, blue, rasters), read_reduced(product, cirrus, rasters), clouds
    )
    return Preview(share, f"{blue} and {cirrus} at reduced resolution", 2, note)


def white_share(image: AnyArray, brightness: float, color: float) -> float:
    """The share of the pixels of an image (3, rows, columns; 0 to 255, all 0: no data) that are
    bright and white.
    """
    darkest, brightest = image.min(axis=0), image.max(axis=0).astype(np.float64)
    seen = brightest > 0
    white = (darkest >= brightness * 255.0) & (brightest - darkest <= color * brightest)
    return float((white & seen).sum() / seen.sum()) if seen.any() else 0.0


def high_share(blue: FloatArray, cirrus: FloatArray, limits: CloudLimits) -> float:
    """The share of pixels with data in which both bands (rows, columns) are bright."""
    if blue.shape != cirrus.shape:
        rows, columns = cirrus.shape
        blue = blue[np.arange(rows) * blue.shape[0] // rows][
            :, np.arange(columns) * blue.shape[1] // columns
        ]
    seen = np.isfinite(blue) & np.isfinite(cirrus)
    high = (blue >= _PREVIEW_EASE * limits.min_reflectance) & (
        cirrus >= _PREVIEW_EASE * limits.min_cirrus
    )
    return float((high & seen).sum() / seen.sum()) if seen.any() else 0.0
