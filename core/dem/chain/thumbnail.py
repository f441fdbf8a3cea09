# SPDX-License-Identifier: GPL-3.0-or-later
"""A small version of a surface model, for a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...io.grids import pixel_size_m
from ...io.rasters import Rasters
from ...types import AnyArray

MOST = 900  # cells along the longer side


@dataclass(frozen=True)
class Thumbnail:
    """Bands (rows, columns; float32, NaN = none) on cells of ``cell_m``."""

    height: AnyArray
    std: AnyArray
    confidence: AnyArray
    cell_m: float


def read_thumbnail(path: str) -> Thumbnail:
    """Every so many cells of a surface model; raises ``ProductError`` where it cannot be read."""
    with Rasters() as rasters:
        grid = rasters.grid(path)
        nodata = rasters.dataset(path).GetRasterBand(1).GetNoDataValue()
        step = max(1.0, max(grid.width, grid.height) / MOST)
        size = max(1, round(grid.width / step)), max(1, round(grid.height / step))
        place = (0, 0, grid.width, grid.height)
        bands = [rasters.thinned(path, band, place, size) for band in (1, 2, 4)]
        made = [np.where(one == nodata, np.nan, one).astype(np.float32) for one in bands]
        return Thumbnail(made[0], made[1], made[2], pixel_size_m(grid) * step)
