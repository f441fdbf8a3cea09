# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image shows of cells whose heights are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...io.rasters import Rasters
from ...io.stereo_images import StereoImage, reader
from ...types import AnyArray, BoolArray, FloatArray
from ..rpc import RpcModel
from ..warping import TAPS
from .request import Region


def inside_image(
    model: RpcModel, region: Region, lon: FloatArray, lat: FloatArray, height: FloatArray
) -> BoolArray:
    """Which places (any shape) project into a region of an image."""
    column, row = model.project(lon, lat, height)
    with np.errstate(invalid="ignore"):
        inside = (column >= region[0] - 0.5) & (column < region[0] + region[2] - 0.5)
        inside &= (row >= region[1] - 0.5) & (row < region[1] + region[3] - 0.5)
    return np.asarray(inside)


def image_on_cells(
    source: Mapping[str, Any],
    model: RpcModel,
    size: tuple[int, int],
    rasters: Rasters,
    cells: tuple[FloatArray, FloatArray, FloatArray],
    nodata: float,
) -> AnyArray:
    """The brightness (rows, columns; float32) of an image of ``size`` at ``cells`` (longitude,
    latitude, height), bilinear; ``nodata`` where it shows none.

    What hides a cell from the sensor is not looked for: heights are of points that the first image
    shows.
    """
    column, row = model.project(*cells)
    found = np.full(column.shape, nodata, dtype=np.float32)
    with np.errstate(invalid="ignore"):
        inside = (column >= 0.0) & (column <= size[1] - 1.0)
        inside &= (row >= 0.0) & (row <= size[0] - 1.0)
    if not inside.any():
        return found
    x, y = column[inside], row[inside]
    left, top = max(int(x.min()) - TAPS, 0), max(int(y.min()) - TAPS, 0)
    width = min(int(x.max()) + TAPS + 1, size[1]) - left
    height = min(int(y.max()) + TAPS + 1, size[0]) - top
    image = StereoImage(source["path"], size, model, tuple(source["missing"]), "", "")
    part = reader(image, rasters)(left, top, width, height)
    x, y = x - left, y - top
    j, i = np.minimum(x.astype(int), width - 2), np.minimum(y.astype(int), height - 2)
    p, q = (x - j).astype(np.float32), (y - i).astype(np.float32)
    value = (1 - q) * ((1 - p) * part[i, j] + p * part[i, j + 1])
    value += q * ((1 - p) * part[i + 1, j] + p * part[i + 1, j + 1])
    found[inside] = np.where(np.isfinite(value), value, nodata)
    return found
