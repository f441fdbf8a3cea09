# SPDX-License-Identifier: GPL-3.0-or-later
"""A membrane stretched over holes: the surface that solves Laplace's equation between known cells.

Each unknown cell is the mean of its neighbors (four, fewer at the edge of the array, which pulls in
no direction). Few unknown cells are solved directly (sparse factorization), many by conjugate
gradients with a multigrid cycle before each step: squares of 2 x 2 cells stand for their mean, with
the links between them added up (Braess 1995, DOI 10.1007/BF02238488), so that holes of any shape
keep their rims on all levels. Time and memory are in proportion to the cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..dependencies import require
from ..errors import InsufficientDataError
from ..types import AnyArray, BoolArray, FloatArray

FEW = 30_000  # unknown cells that are solved directly
_SMALLEST = 400  # cells of the coarsest level
_DAMPED, _SWEEPS = 0.8, 2
_OVER = 1.8  # coarse links count double: two parallel ones, but twice as long
_MOST_STEPS = 200
Single = npt.NDArray[np.float32]


def stretched(values: AnyArray, known: BoolArray, tolerance: float = 1e-5) -> FloatArray:
    """``values`` (rows, columns) with the cells that are not ``known`` on a membrane (float64).

    ``tolerance``: what is left of the initial imbalance of the cells. Raises
    ``InsufficientDataError`` where nothing is known.
    """
    if not known.any():
        raise InsufficientDataError("A membrane needs known cells to hang on; there is none.")
    held = np.where(known, values, 0.0).astype(np.float64)
    if known.all():
        return held
    around = _around(~known)
    few = known.size - np.count_nonzero(known) <= FEW
    held[around] = (
        _direct(held[around], known[around]) if few
        else _iterated(held[around], known[around], tolerance)
    )  # fmt: skip
    return held


def _direct(held: FloatArray, known: BoolArray) -> FloatArray:
    """By a factorization of the equations of the unknown cells alone."""
    sparse, linalg = require("scipy.sparse"), require("scipy.sparse.linalg")
    count = int(known.size - np.count_nonzero(known))
    number = np.full(known.shape, -1, dtype=np.int32)
    number[~known] = np.arange(count, dtype=np.int32)
    degree = np.zeros(count)
    links: list[tuple[AnyArray, AnyArray]] = []
    for one, other in _sides():
        here, there = number[one], number[other]
        linked = here >= 0
        degree[here[linked]] += 1.0
        both = linked & (there >= 0)
        links.append((here[both], there[both]))
    at, to = (np.concatenate(ends) for ends in zip(*links, strict=True))
    matrix = sparse.coo_matrix((np.full(len(at), -1.0), (at, to)), shape=(count, count))
    matrix = (matrix + sparse.diags(degree)).tocsc()
    result = held.copy()
    result[~known] = linalg.spsolve(matrix, _pull(held, known)[~known], "MMD_AT_PLUS_A")
    return result


def _around(holes: BoolArray) -> tuple[slice, slice]:
    """The rectangle of the holes and one cell around."""
    parts = []
    for axis in (1, 0):
        at = np.flatnonzero(holes.any(axis=axis))
        parts.append(slice(max(int(at[0]) - 1, 0), int(at[-1]) + 2))
    return parts[0], parts[1]


def _sides() -> tuple[tuple[Any, Any], ...]:
    """Cells that have a neighbor on one side, and these neighbors, for all four sides."""
    first, last, whole = slice(None, -1), slice(1, None), slice(None)
    return (
        ((whole, first), (whole, last)), ((whole, last), (whole, first)),
        ((first, whole), (last, whole)), ((last, whole), (first, whole)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Level:
    """Links between unknown cells to the east (rows, columns - 1) and to the south (rows - 1,
    columns), and the sum of all links of a cell, those to known cells too (rows, columns).
    """

    east: Single
    south: Single
    total: Single
    inverse: Single

    def apply(self, x: Any) -> Any:
        """The imbalance of cells of height ``x``."""
        result = self.total * x
        result[:, :-1] -= self.east * x[:, 1:]
        result[:, 1:] -= self.east * x[:, :-1]
        result[:-1] -= self.south * x[1:]
        result[1:] -= self.south * x[:-1]
        return result

    def coarser(self) -> _Level:
        """Squares of 2 x 2 cells."""
        own = self.total.copy()
        own[:, :-1] -= self.east
        own[:, 1:] -= self.east
        own[:-1] -= self.south
        own[1:] -= self.south  # links to known cells
        east = _paired(self.east[:, 1::2], axis=0)
        south = _paired(self.south[1::2], axis=1)
        total = _squares(own)
        total[:, : east.shape[1]] += east
        total[:, 1 : east.shape[1] + 1] += east
        total[: south.shape[0]] += south
        total[1 : south.shape[0] + 1] += south
        return _level(east, south, total)


def _level(east: Single, south: Single, total: Single) -> _Level:
    inverse = np.zeros_like(total)
    np.divide(1.0, total, out=inverse, where=total > 0.0)
    return _Level(east, south, total, inverse)


def _finest(known: BoolArray) -> _Level:
    free = ~known
    east = (free[:, :-1] & free[:, 1:]).astype(np.float32)
    south = (free[:-1] & free[1:]).astype(np.float32)
    total = np.full(known.shape, 4.0, dtype=np.float32)
    for edge in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        total[edge] -= 1.0
    total[known] = 0.0
    return _level(east, south, total)


def _paired(values: Single, axis: int) -> Single:
    """Sums of two neighbors along an axis; a last odd one stays alone."""
    whole = np.moveaxis(values, axis, 0)
    result = whole[::2].copy()
    result[: len(whole) // 2] += whole[1::2]
    return np.moveaxis(result, 0, axis)


def _squares(values: Single) -> Single:
    return _paired(_paired(values, 0), 1)


def _iterated(held: FloatArray, known: BoolArray, tolerance: float) -> FloatArray:
    levels = [_finest(known)]
    while levels[-1].total.size > _SMALLEST and min(levels[-1].total.shape) > 2:
        levels.append(levels[-1].coarser())
    free = ~known
    x = np.where(known, 0.0, _pushed(held, known))
    right = _pull(held, known)
    residual = right - levels[0].apply(x)
    start = float(np.sqrt(np.vdot(residual, residual)))
    if start == 0.0:
        return np.where(known, held, x)
    z = _cycle(levels, residual.astype(np.float32), 0).astype(np.float64)
    direction, before = z, float(np.vdot(residual, z))
    for _ in range(_MOST_STEPS):
        moved = levels[0].apply(direction)
        length = before / float(np.vdot(direction, moved))
        x += length * direction
        residual -= length * moved
        if float(np.sqrt(np.vdot(residual, residual))) <= tolerance * start:
            break
        z = _cycle(levels, residual.astype(np.float32), 0).astype(np.float64)
        after = float(np.vdot(residual, z))
        direction = z + (after / before) * direction
        before = after
    return np.where(free, x, held)


def _pull(held: FloatArray, known: BoolArray) -> FloatArray:
    """What the known neighbors of the unknown cells add up to."""
    result = np.zeros_like(held)
    for one, other in _sides():
        result[one] += held[other]
    result[known] = 0.0
    return result


def _pushed(held: FloatArray, known: BoolArray) -> FloatArray:
    """A first guess: unknown cells take the mean of the smallest square that knows any."""
    if known.all():
        return held
    weight = _squares(known.astype(np.float32))
    mean = _squares(np.where(known, held, 0.0).astype(np.float32)) / np.maximum(weight, 1.0)
    above = _pushed(mean.astype(np.float64), weight > 0.0)
    return np.where(known, held, _spread(above, known.shape))


def _spread(values: Any, shape: tuple[int, ...]) -> Any:
    return np.repeat(np.repeat(values, 2, axis=0), 2, axis=1)[: shape[0], : shape[1]]


def _cycle(levels: list[_Level], right: Single, at: int) -> Single:
    """One V-cycle from zero: symmetric, as conjugate gradients need it."""
    level = levels[at]
    sweeps = _SWEEPS if at < len(levels) - 1 else 20
    x = _DAMPED * level.inverse * right
    for _ in range(sweeps - 1):
        x += _DAMPED * level.inverse * (right - level.apply(x))
    if at == len(levels) - 1:
        return np.asarray(x, dtype=np.float32)
    left = _squares(right - level.apply(x))
    x += np.float32(_OVER) * _spread(_cycle(levels, left, at + 1), x.shape)
    x *= level.total > 0.0
    for _ in range(sweeps):
        x += _DAMPED * level.inverse * (right - level.apply(x))
    return np.asarray(x, dtype=np.float32)
