# SPDX-License-Identifier: GPL-3.0-or-later
"""The small color image that a product brings of itself: a quick look at 300 m, far cheaper to read
than any band.
"""

from __future__ import annotations

import re

import numpy as np

from ...errors import ProductError
from ...types import AnyArray, Product
from ..band_views import full_view
from ..rasters import Rasters, alone, quiet, short
from .files import ProductFiles
from .registry import files_of
from .safe import granule_of

SIZE = 343  # pixels along the longer side of what is read: that of Sentinel-2's own previews
# Below the granule: the preview image, else the true-color image, which GDAL reads reduced.
_OF_GRANULE = (r"QI_DATA/[^/]*PVI[^/]*\.(?:jp2|png|jpe?g|tiff?)", r"IMG_DATA/[^/]*TCI[^/]*\.jp2")
_OF_PRODUCT = (r"[^/]*-ql\.(?:jpe?g|png)",)


def preview_uri(product: Product) -> str:
    """What GDAL opens as the preview of a product, "" where it has none that is known."""
    if product.reader != "safe":
        return ""
    files = files_of(product.path)
    found = _first(files, [rf"{re.escape(granule_of(files))}/{one}" for one in _OF_GRANULE])
    return files.uri(found) if (found := found or _first(files, _OF_PRODUCT)) else ""


def _first(files: ProductFiles, patterns: list[str] | tuple[str, ...]) -> str:
    for pattern in patterns:
        found = files.find(pattern)
        if found:
            return found[0]
    return ""


def read_preview(uri: str, rasters: Rasters) -> AnyArray:
    """Red, green and blue (3, rows, columns), 0 to 255, of about ``SIZE`` pixels.

    Raises ``ProductError`` where the image is damaged, or is none of three colors.
    """
    dataset = rasters.dataset(uri)
    if dataset.RasterCount < 3:
        raise ProductError(f"{short(uri)} is no image in color, as a preview should be.")
    columns, rows = _reduced(dataset.RasterXSize, dataset.RasterYSize)
    values = None
    with quiet(), alone():
        try:
            values = dataset.ReadAsArray(buf_xsize=columns, buf_ysize=rows, band_list=[1, 2, 3])
        except RuntimeError:
            values = None
    if values is None or values.dtype != np.uint8:
        raise ProductError(f"{short(uri)} cannot be read: it is damaged or not complete.")
    return np.asarray(values)


def read_reduced(product: Product, band: str, rasters: Rasters) -> AnyArray:
    """Reflectance (rows, columns) of a band in about ``SIZE`` pixels, NaN where there is no data or
    it is saturated; of JPEG 2000 and files with overviews the full image is not decoded.

    Raises ``ProductError`` where the band cannot be read.
    """
    source = product.bands[band]
    view = full_view(source, rasters)
    columns, rows = _reduced(view.grid.width, view.grid.height)
    values = None
    with quiet():
        try:
            values = view.raster(rasters).ReadAsArray(buf_xsize=columns, buf_ysize=rows)
        except RuntimeError:
            values = None
    if values is None:
        raise ProductError(f"{short(source.uri)} cannot be read: it is damaged or not complete.")
    found = values.astype(np.float32) * np.float32(source.scale) + np.float32(source.offset)
    for code in (source.nodata, source.saturation):
        if code is not None:
            found[values == code] = np.nan
    return np.asarray(found)


def _reduced(width: int, height: int) -> tuple[int, int]:
    factor = max(1.0, max(width, height) / SIZE)
    return max(1, round(width / factor)), max(1, round(height / factor))
