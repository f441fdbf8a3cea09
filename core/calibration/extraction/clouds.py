# SPDX-License-Identifier: GPL-3.0-or-later
"""The share of a site that the product itself calls clouded, and how it found that out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...io.grids import Grid, project_shape
from ...io.products.masks import chosen_masks, read_flags
from ...io.products.vector_masks import MaskPolygon, together
from ...io.rasters import Rasters, Window, block_of
from ...io.shapes import burnt
from ...types import BoolArray, Flag, Product

CLOUDY = frozenset({Flag.CLOUD, Flag.THIN_CLOUD, Flag.CIRRUS, Flag.CLOUD_OR_SHADOW})
WHOLE = "cloud percentage of the product"
_KINDS = ("OPAQUE", "CIRRUS")
_CELL_M = 60.0  # of vector masks: their own resolution
_BLOCK = 1024
Tell = Callable[[Window], BoolArray]


@dataclass(frozen=True)
class CloudMask:
    """Where a product is clouded: ``method`` names what tells it; ``tell`` is None where only the
    ``percentage`` (0 to 1, NaN: not known) of the whole product is known.
    """

    method: str
    grid: Grid | None = None
    tell: Tell | None = None
    percentage: float = float("nan")


def cloud_mask(
    product: Product, vector: Sequence[MaskPolygon] | None, grid: Grid, rasters: Rasters
) -> CloudMask:
    """The raster mask of a product, else its ``vector`` mask, else its percentage.

    ``grid``: of a band.
    """
    own = [
        one for one in chosen_masks(product, _CELL_M) if not CLOUDY.isdisjoint(one.meaning.values())
    ]
    if own:
        names = dict.fromkeys(one.name.split(" ")[0] for one in own)

        def raster(window: Window) -> BoolArray:
            flags = read_flags(product, window, rasters, CLOUDY)
            where = np.zeros(window.shape, dtype=np.bool_)
            for flag in CLOUDY & flags.keys():
                where |= flags[flag]
            return where

        return CloudMask(f"raster mask {', '.join(names)}", rasters.grid(own[0].uri), raster)
    if vector is not None:
        return _vector_mask([one for one in vector if one.kind in _KINDS], grid)
    share = float("nan") if product.cloud_percent is None else product.cloud_percent / 100.0
    return CloudMask(WHOLE if np.isfinite(share) else "", percentage=share)


def _vector_mask(polygons: Sequence[MaskPolygon], grid: Grid) -> CloudMask:
    shape = together(polygons, grid)

    def burn(window: Window) -> BoolArray:
        return burnt(shape, window)

    return CloudMask("vector mask MSK_CLOUDS", _coarse(grid), burn)


def _coarse(grid: Grid) -> Grid:
    """The same extent in pixels of about ``_CELL_M``."""
    factor = max(1, round(_CELL_M / grid.pixel_width))
    left, width, _, top, _, height = grid.geotransform
    wide, high = -(-grid.width // factor), -(-grid.height // factor)
    return Grid(grid.wkt, (left, width * factor, 0.0, top, 0.0, height * factor), wide, high)


def cloud_fraction(mask: CloudMask, outline: bytes, data_share: float) -> float:
    """The clouded share (0 to 1) of the pixels of a site (degrees) that have data.

    ``data_share``: of the site's pixels on the raster.
    """
    if mask.tell is None or mask.grid is None:
        return mask.percentage
    shape = project_shape(mask.grid.wkt, outline)
    inside = cloudy = 0
    for window in _windows(mask.grid, shape.GetEnvelope()):
        site = burnt(shape, window)
        inside += int(np.count_nonzero(site))
        cloudy += int(np.count_nonzero(site & mask.tell(window)))
    return min(1.0, cloudy / (inside * data_share)) if inside and data_share > 0 else float("nan")


def _windows(grid: Grid, envelope: tuple[float, ...]) -> Iterator[Window]:
    """The part of a grid around an envelope (x, x, y, y), in blocks."""
    x0, x1, y0, y1 = envelope
    left, width, _, top, _, height = grid.geotransform
    first_column, last_column = max(0, int((x0 - left) / width)), int((x1 - left) / width) + 1
    first_row, last_row = max(0, int((y1 - top) / height)), int((y0 - top) / height) + 1
    for row in range(first_row, min(last_row, grid.height), _BLOCK):
        for column in range(first_column, min(last_column, grid.width), _BLOCK):
            columns = min(_BLOCK, min(last_column, grid.width) - column)
            yield block_of(
                grid, column, row, columns, min(_BLOCK, min(last_row, grid.height) - row)
            )
