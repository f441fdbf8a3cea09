# SPDX-License-Identifier: GPL-3.0-or-later
"""The voids of a canvas filled tile by tile, however large the canvas and its voids are.

Small voids are seen whole in a tile with a margin. A delta surface hangs on rims that may lie many
tiles apart: differences are averaged to a coarse grid that fits into memory and stretched there;
each tile then stretches its own cells between known differences and the coarse surface at its
border. Up to four million cells nothing is averaged, and the tiles take the one surface.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np

from ..io.grids import Grid
from ..progress import Progress, each
from ..spread import median_and_nmad
from ..types import AnyArray, BoolArray, FloatArray
from .canvas import Canvas, Fill, FilledFrom
from .membrane import stretched
from .resample import Heights
from .voids import GrowthSum, distance_to, fill_small, left_out, nearest_known

MOST_COARSE = 4_000_000  # cells of a surface that is stretched at once
_MARGIN = 64  # cells beyond a tile in which the coarse surface gives way to known differences
_AROUND = 32  # cells beyond a tile in which leave-out tests are made
Reader = Callable[[Grid], Heights]


def interpolate_small(canvas: Canvas, largest: int, progress: Progress) -> int:
    """Fill voids of at most so many cells by membranes; returns the number of cells. Their source
    is that of the nearest cell, their expected error that of leave-out tests around.
    """
    if largest == 0:
        return 0
    total = 0
    for _, own, outer, _ in each(list(canvas.tiles(max(largest + 1, _AROUND))), progress):
        window = np.asarray(canvas.height[outer])
        if not np.isnan(canvas.height[own]).any():
            continue
        filled, small = fill_small(window, largest)
        if not small.any():
            continue
        error, nearest = left_out(window, small), nearest_known(~np.isnan(window))
        source = np.asarray(canvas.source[outer])[nearest]
        values, mask = _within(filled, own, outer), _within(small, own, outer)
        canvas.height[own][mask] = values[mask]
        canvas.fill[own][mask] = Fill.INTERPOLATED
        canvas.source[own][mask] = _within(source, own, outer)[mask]
        canvas.error[own][mask] = _within(error, own, outer)[mask]
        total += int(np.count_nonzero(mask))
    return total


def fill_from(
    canvas: Canvas, number: int, read: Reader, progress: Progress, most: int = MOST_COARSE
) -> FilledFrom:
    """Fill what is void with the model ``number``, which ``read`` brings onto tiles."""
    surface = _Surface(canvas, number, read, progress, most)
    tied = surface.tied
    cells = 0
    for _, own, outer, grid in each(list(canvas.tiles(surface.margin)), progress):
        if not (canvas.fill[own] == Fill.NONE).any():
            continue
        other = read(grid)
        correction, distance = surface.over(own, outer, canvas, other)
        here = _within(other, own, outer)
        void = np.isnan(canvas.height[own]) & np.isfinite(here)
        canvas.height[own][void] = (here + correction)[void]
        canvas.fill[own][void] = Fill.DELTA if tied else Fill.PASTED
        canvas.source[own][void] = number
        canvas.error[own][void] = surface.growth.error(distance)[void] if tied else np.nan
        cells += int(np.count_nonzero(void))
    return FilledFrom(
        number, surface.growth, surface.median, surface.nmad, cells, surface.factor
    )  # fmt: skip


class _Surface:
    """The difference of a canvas and the model ``number``, stretched over a coarse grid."""

    def __init__(
        self, canvas: Canvas, number: int, read: Reader, progress: Progress, most: int
    ) -> None:
        self.number = number
        rows, columns = canvas.height.shape
        self.factor = ceil((rows * columns / most) ** 0.5)
        self.margin = 0 if self.factor == 1 else _MARGIN
        shape = (ceil(rows / self.factor), ceil(columns / self.factor))
        sums, counts = np.zeros(shape), np.zeros(shape)
        growth = GrowthSum()
        for _, own, _, grid in each(list(canvas.tiles()), progress):
            difference = np.asarray(canvas.height[own]) - read(grid)
            if self.factor > 1:
                growth.add(difference)
            self._gather(difference, own, sums, counts)
        coarse = np.where(counts > 0, sums / np.maximum(counts, 1.0), np.nan)
        widest = 0 if self.factor == 1 else 512
        growth.add(coarse, self.factor, widest)
        self.growth = growth.growth()
        known = np.isfinite(coarse)
        self.tied = bool(known.any())
        self.median, self.nmad = median_and_nmad(coarse[known])
        self.values = stretched(coarse, known, progress=progress) if self.tied else np.zeros(shape)
        self.distance = distance_to(known) * self.factor

    def _gather(self, difference: Heights, own: Any, sums: FloatArray, counts: FloatArray) -> None:
        """Add the differences of a tile to the coarse cells they lie in."""
        found = np.isfinite(difference)
        row, column = np.nonzero(found)
        at = (row + own[0].start) // self.factor, (column + own[1].start) // self.factor
        flat = np.ravel_multi_index(at, sums.shape)
        first, last = (int(flat.min()), int(flat.max()) + 1) if flat.size else (0, 0)
        size = last - first
        sums.ravel()[first:last] += np.bincount(
            flat - first, weights=difference[found].astype(np.float64), minlength=size
        )
        counts.ravel()[first:last] += np.bincount(flat - first, minlength=size)

    def over(
        self, own: Any, outer: Any, canvas: Canvas, other: Heights
    ) -> tuple[FloatArray, FloatArray]:
        """The surface, and the distance (cells) to the next known difference, on a tile."""
        if self.factor == 1 or not self.tied:
            return self.values[_coarse(own, self)], self.distance[_coarse(own, self)]
        wide = _sampled(self.values, outer, self.factor)
        difference = np.asarray(canvas.height[outer]) - other
        known: BoolArray = np.isfinite(difference)
        held = known.copy()
        for edge in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
            held[edge] = True
        surface = stretched(np.where(known, difference, wide), held)
        # Cells that the model has filled in tiles before join the surface, but tie it to nothing.
        rim: BoolArray = known & (np.asarray(canvas.source[outer]) != self.number)
        far = np.minimum(distance_to(rim), _sampled(self.distance, outer, self.factor) + 1.0)
        return _within(surface, own, outer), _within(far, own, outer)


def _coarse(own: Any, surface: _Surface) -> Any:
    """A tile of a surface; of one that nothing ties, any cells will do: they are all alike."""
    if surface.factor == 1:
        return own
    rows, columns = (np.arange(one.start, one.stop) // surface.factor for one in own)
    return np.ix_(rows, columns)


def _sampled(values: FloatArray, outer: Any, factor: int) -> FloatArray:
    """Coarse values at the cells of a window, bilinear between the centers of coarse cells."""
    picked, shares = [], []
    for axis, one in enumerate(outer):
        at = (np.arange(one.start, one.stop) + 0.5) / factor - 0.5
        at = np.clip(at, 0.0, values.shape[axis] - 1.0)
        low = np.minimum(at.astype(np.int64), max(values.shape[axis] - 2, 0))
        picked.append((low, np.minimum(low + 1, values.shape[axis] - 1)))
        shares.append(at - low)
    v, u = shares[0][:, None], shares[1][None, :]
    (r0, r1), (c0, c1) = picked
    upper = values[np.ix_(r0, c0)] * (1.0 - u) + values[np.ix_(r0, c1)] * u
    lower = values[np.ix_(r1, c0)] * (1.0 - u) + values[np.ix_(r1, c1)] * u
    return np.asarray(upper * (1.0 - v) + lower * v)


def _within(values: AnyArray, own: Any, outer: Any) -> AnyArray:
    """What values on a window are on the tile inside."""
    row, column = own[0].start - outer[0].start, own[1].start - outer[1].start
    rows, columns = own[0].stop - own[0].start, own[1].stop - own[1].start
    return values[row : row + rows, column : column + columns]
