# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model sees of a surface: places under pixels, cells in sight, radiance.

The truth is the surface that is bilinear between the heights of a grid. Over a scene of some
kilometers pixels and heights are mapped to grid coordinates, and back, by cubics fitted on the
model; what they miss is a thousandth of a cell or less, which is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import InputError
from ..io.grids import Grid
from ..jit import runs_compiled
from ..types import AnyArray, BoolArray, FloatArray
from . import render_kernels, render_numpy
from .placing import exact_cells, exact_places
from .render_kernels import BLOCK
from .rpc import RpcModel
from .rpc_numpy import monomials

WORST_FIT = 0.002  # cells or pixels
SEEN_M = 0.02  # how far a cell may lie below the first thing met and count as seen
CHUNK = 65_536
_NODES = (9, 9, 5)


@dataclass(frozen=True)
class Surface:
    """Heights (rows, columns; m above the ellipsoid) at the centers of the cells of ``grid``."""

    height: AnyArray
    grid: Grid

    @cached_property
    def low(self) -> float:
        """A height below all ground."""
        return float(self.height.min()) - 1.0

    @cached_property
    def high(self) -> float:
        """A height above all ground."""
        return float(self.height.max()) + 1.0

    @cached_property
    def coarse(self) -> AnyArray:
        """Maxima of the surface in blocks of cells and those around them."""
        rows, columns = (-(-size // BLOCK) for size in self.height.shape)
        padding = [
            (0, rows * BLOCK - self.height.shape[0]),
            (0, columns * BLOCK - self.height.shape[1]),
        ]
        padded = np.pad(self.height, padding, mode="edge")
        blocks = padded.reshape(rows, BLOCK, columns, BLOCK).max(axis=(1, 3))
        around = np.pad(blocks, 1, mode="edge")
        parts = [around[i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
        return np.ascontiguousarray(np.max(parts, axis=0))


@dataclass(frozen=True)
class Cubic:
    """Two cubics (20, 2) of three coordinates, normalized by ``offsets`` and ``scales`` (3,)."""

    offsets: FloatArray
    scales: FloatArray
    coefficients: FloatArray

    def __call__(self, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
        """Both values (2, n)."""
        parts = (np.stack([x, y, z]) - self.offsets[:, None]) / self.scales[:, None]
        return np.asarray(self.coefficients.T @ monomials(*parts))


@dataclass(frozen=True)
class Sight:
    """How a model of an image of ``shape`` sees ``surface``: ``to_grid`` maps column, row and
    height to column and row of the grid, ``to_image`` these and the height back.
    """

    surface: Surface
    shape: tuple[int, int]
    to_grid: Cubic
    to_image: Cubic


def sight(model: RpcModel, surface: Surface, shape: tuple[int, int]) -> Sight:
    """Fit both maps. Raises ``InputError`` where the scene is too large for them."""
    rows, columns = shape
    nodes = [
        np.linspace(0.0, size - 1.0, count)
        for size, count in zip((columns, rows), _NODES[:2], strict=True)
    ]
    heights = np.linspace(surface.low, surface.high, _NODES[2])
    column, row, height = (one.ravel() for one in np.meshgrid(*nodes, heights))
    x, y = exact_cells(surface.grid, *model.locate(column, row, height, compiled=False))
    to_grid = _fit((column, row, height), (x, y))
    size = surface.grid.width, surface.grid.height
    nodes = [np.linspace(0.0, count - 1.0, 9) for count in size]
    x, y, height = (one.ravel() for one in np.meshgrid(*nodes, heights))
    lon, lat = exact_places(surface.grid, x, y)
    to_image = _fit((x, y, height), model.project(lon, lat, height, compiled=False))
    return Sight(surface, shape, to_grid, to_image)


def hits(
    view: Sight, column: FloatArray, row: FloatArray, compiled: bool | None = None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Column, row (grid) and height (m) of what is seen at pixels (n,) first; NaN for nothing."""
    surface = view.surface
    depth = surface.high - surface.low
    ends = [
        view.to_grid(column, row, np.full(len(column), surface.high - share * depth))
        for share in (0.0, 0.5, 1.0)
    ]
    linear = (4.0 * ends[1] - 3.0 * ends[0] - ends[2]) / depth
    square = 2.0 * (ends[2] - 2.0 * ends[1] + ends[0]) / depth**2
    rays = np.stack([ends[0][0], linear[0], square[0], ends[0][1], linear[1], square[1]])
    limits = (surface.high, surface.low)
    if runs_compiled(compiled):
        down = np.empty(len(column))
        render_kernels.march(surface.height, surface.coarse, rays, *limits, down)
    else:
        down = render_numpy.march(surface.height, surface.coarse, rays, *limits)
    x, y = render_numpy.place(rays, down)
    return x, y, surface.high - down


def visible(view: Sight, compiled: bool | None = None) -> BoolArray:
    """The cells (rows, columns) of the surface whose centers are in the image and not hidden."""
    rows, columns = view.surface.height.shape
    seen = np.zeros((rows, columns), dtype=np.bool_)
    step = max(1, CHUNK // columns)
    for first in range(0, rows, step):
        part = slice(first, min(first + step, rows))
        y, x = (one.ravel().astype(np.float64) for one in np.mgrid[part, 0:columns])
        height = view.surface.height[part].ravel().astype(np.float64)
        column, row = view.to_image(x, y, height)
        inside = (column >= -0.5) & (column <= view.shape[1] - 0.5)
        inside &= (row >= -0.5) & (row <= view.shape[0] - 0.5)
        top = np.full(len(x), np.nan)
        top[inside] = hits(view, column[inside], row[inside], compiled)[2]
        # A ray to the edge of a roof may just miss it, and is not blocked.
        seen[part] = (top - height <= SEEN_M).reshape(-1, columns)
    return seen


def _fit(places: tuple[FloatArray, ...], values: tuple[FloatArray, FloatArray]) -> Cubic:
    offsets = np.array([(one.min() + one.max()) / 2.0 for one in places])
    scales = np.array([max(float(np.ptp(one)) / 2.0, 1e-9) for one in places])
    terms = monomials(*((np.stack(places) - offsets[:, None]) / scales[:, None])).T
    wanted = np.stack(values, axis=1)
    found = np.linalg.lstsq(terms, wanted, rcond=None)[0]
    worst = float(np.abs(terms @ found - wanted).max())
    if not worst <= WORST_FIT:
        raise InputError(
            f"The scene is too large to be simulated in one piece: {worst:.2g} pixels are lost. "
            "Choose a smaller one, or heights that fit it."
        )
    return Cubic(offsets, scales, found)
