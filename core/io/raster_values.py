# SPDX-License-Identifier: GPL-3.0-or-later
"""What the numbers of a band mean: scale, offset and no data as a file states them."""

from __future__ import annotations

import numpy as np
from osgeo import gdal

from ..types import AnyArray, BandSource, BoolArray, FloatArray


def stated_source(band: gdal.Band, name: str, uri: str) -> BandSource:
    """``band`` of the file ``uri`` as a source called ``name``, with scale, offset and no data as
    the file states them (1, 0 and none where it does not).
    """
    scale, offset = band.GetScale(), band.GetOffset()
    return BandSource(
        name, uri, band.GetBand(), 1.0 if scale is None else float(scale),
        0.0 if offset is None else float(offset), band.GetNoDataValue(),
    )  # fmt: skip


def scaled(values: AnyArray, source: BandSource) -> FloatArray:
    """DN to physical units (float32): ``DN * scale + offset``, NaN where DN is ``nodata``."""
    with np.errstate(over="ignore"):  # codes of no data such as -1.8e308 become infinite
        result: FloatArray = values.astype(np.float32)
    result *= np.float32(source.scale)
    result += np.float32(source.offset)
    if source.nodata is not None:
        result[values == source.nodata] = np.nan
    return result


def missing_values(values: AnyArray, source: BandSource) -> BoolArray:
    """Where ``values`` (DN) hold the source's code of no data, or no number."""
    missing = np.zeros(values.shape, dtype=np.bool_)
    if source.nodata is not None:
        missing |= values == source.nodata
    if values.dtype.kind == "f":
        missing |= ~np.isfinite(values)
    return missing
