# SPDX-License-Identifier: GPL-3.0-or-later
"""Voids of elevation models, filled: small ones by a membrane, large ones by the relief of another.

Delta surface (Grohman, Kroenung and Strebeck 2006, Photogrammetric Engineering and Remote Sensing
72, 213-216): the difference of two models is known around a void and smooth where their heights are
not; it is carried into the void, here by a membrane (see ``membrane``), and added to the other
model. Unlike pasting it leaves no step at the rim, and it takes off what is locally wrong with the
other model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..dependencies import require
from ..errors import InputError
from ..types import AnyArray, BoolArray, FloatArray
from .membrane import stretched
from .resample import Heights

LARGEST_SMALL = 400  # cells; more is no detail that neighbors could tell
_PAIRS = 200_000  # pairs of cells for each distance
_FEWEST_PAIRS = 30
_FEWEST_LEFT_OUT = 8


def fill_small(height: Heights, largest_cells: int) -> tuple[Heights, BoolArray]:
    """``height`` (rows, columns; NaN = none) with the voids of at most so many cells on membranes,
    and where that is (rows, columns).

    Cells that touch by a side are one void. Those that reach the edge of the array are left, for
    nobody knows how large they are. Needs scipy.
    """
    small = small_voids(~np.isfinite(height), largest_cells)
    if not small.any():
        return height.copy(), small
    filled = height.copy()
    # All neighbors of a small void are known or part of it: other voids have no say.
    filled[small] = stretched(np.nan_to_num(height), ~small)[small]
    return filled, small


def small_voids(void: BoolArray, largest_cells: int) -> BoolArray:
    """The cells (rows, columns) of voids of at most so many cells that do not touch the edge."""
    if not 0 <= largest_cells <= LARGEST_SMALL:
        raise InputError(
            f"Voids of up to {largest_cells} cells cannot be called small: 0 to {LARGEST_SMALL}."
        )
    ndimage = require("scipy.ndimage")
    labels, count = ndimage.label(void)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    good = (sizes > 0) & (sizes <= largest_cells)
    good[0] = False
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        good[edge] = False
    return np.asarray(good[labels])


def left_out(height: Heights, small: BoolArray) -> FloatArray:
    """The expected error (m; rows, columns) of a membrane on ``small`` voids of ``height`` (NaN =
    none), NaN elsewhere and where nothing around can tell.

    Known cells around are left out in turn: what the mean of the four cells at a distance d misses
    of the one between them, root mean square over a box of 4 + 2 d cells to each side, is the error
    of a cell whose rim is d cells away.
    """
    ndimage = require("scipy.ndimage")
    error = np.full(height.shape, np.nan)
    away = np.rint(distance_to(np.isfinite(height))).astype(np.int64) if small.any() else small
    for d in np.unique(away[small]).tolist():
        missed = np.full(height.shape, np.nan)
        four = height[: -2 * d, d:-d] + height[2 * d :, d:-d]
        four = four + height[d:-d, : -2 * d] + height[d:-d, 2 * d :]
        missed[d:-d, d:-d] = height[d:-d, d:-d] - four.astype(np.float64) / 4.0
        known = np.isfinite(missed)
        side = 2 * (4 + 2 * d) + 1
        squares = ndimage.uniform_filter(np.where(known, missed, 0.0) ** 2, side, mode="constant")
        count = ndimage.uniform_filter(known.astype(np.float64), side, mode="constant")
        here = small & (away == d) & (count * side**2 > _FEWEST_LEFT_OUT - 0.5)
        error[here] = np.sqrt(np.maximum(squares[here], 0.0) / count[here])
    return error


def nearest_known(known: BoolArray) -> tuple[AnyArray, AnyArray]:
    """The row and the column (both rows, columns) of the nearest known cell."""
    found = require("scipy.ndimage").distance_transform_edt(
        ~known, return_distances=False, return_indices=True
    )
    return found[0], found[1]


def distance_to(known: BoolArray) -> FloatArray:
    """Distance (cells; rows, columns) to the next known cell, infinite where none is known."""
    if not known.any():
        return np.full(known.shape, np.inf)
    return np.asarray(require("scipy.ndimage").distance_transform_edt(~known))


@dataclass(frozen=True)
class Growth:
    """How a difference of two models changes with distance: ``distance`` (cells) and the root of
    the semivariance there, ``change`` (m).

    For a cell so far from the rim this is the expected error of the delta surface: the surface
    averages the rim on all sides, which keeps the error of a prediction near the root of one
    semivariance (the nearest rim cell alone would give the root of two). Where voids lie in ground
    that is rougher than the known one, it is too small.
    """

    distance: tuple[float, ...]
    change: tuple[float, ...]

    def error(self, distance: FloatArray) -> FloatArray:
        """The expected error (m) at distances in cells; constant beyond the farthest."""
        if not self.distance:
            return np.full(distance.shape, np.inf)
        far = np.minimum(distance, self.distance[-1])
        return np.asarray(np.interp(far, self.distance, self.change))


class GrowthSum:
    """Squares of what a difference changes over 1, 2, 4, ... cells, summed over parts of it."""

    def __init__(self) -> None:
        self._sums: dict[int, tuple[float, int]] = {}

    def add(self, difference: Heights, cell: int = 1, above: int = 0) -> None:
        """A part (rows, columns; NaN = unknown) whose cells are ``cell`` wide; distances up to
        ``above`` are not taken from it.
        """
        distance = 1
        while distance < max(difference.shape):
            far = distance * cell
            if far > above:
                squares = [_changes(one, distance) for one in (difference, difference.T)]
                total, count = self._sums.get(far, (0.0, 0))
                total += sum(float(one.sum()) for one in squares)
                self._sums[far] = total, count + sum(one.size for one in squares)
            distance *= 2

    def growth(self) -> Growth:
        """The root of the semivariance at all distances with enough pairs, never falling."""
        found = [
            (float(far), float(np.sqrt(total / count / 2.0)))
            for far, (total, count) in sorted(self._sums.items()) if count >= _FEWEST_PAIRS
        ]  # fmt: skip
        if not found:
            return Growth((), ())
        at, change = zip(*found, strict=True)
        return Growth(at, tuple(np.maximum.accumulate(change).tolist()))


def _changes(values: Heights, distance: int) -> FloatArray:
    """Squares of what changes over so many rows, of at most so many pairs, evenly taken."""
    pairs = (values.shape[0] - distance) * values.shape[1]
    if pairs <= 0:
        return np.zeros(0)
    step = max(1, int(np.sqrt(pairs / _PAIRS)))
    upper, lower = values[:-distance:step, ::step], values[distance::step, ::step]
    change = (lower - upper).astype(np.float64)
    return np.asarray(change[np.isfinite(change)] ** 2)
