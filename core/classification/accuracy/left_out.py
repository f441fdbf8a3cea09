# SPDX-License-Identifier: GPL-3.0-or-later
"""How accuracies scatter with the polygons that samples lie in: each is left out in turn.

The delete-one jackknife: Wolter 2007, Introduction to variance estimation,
10.1007/978-0-387-35099-8, chapter 4. For ratios it is Taylor linearization over clusters (Cochran
1977, Sampling techniques, chapters 6 and 9A) whose residual of a polygon is divided by the share of
the samples that lie elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...types import AnyArray, FloatArray
from .area_accuracy import area_cells, ratio

# Names of figures. The first four have a ``Size``, and so have the samples that are wrong.
OVERALL, PRECISION, RECALL, F_SCORES = "overall", "precision", "recall", "f_scores"
CONFUSED, SHARES, BY_AREA, WRONG = "confused", "shares", "by area ", "wrong"
_CELLS = 2_000_000  # of matrices in memory at a time


@dataclass(frozen=True)
class Units:
    """What is left out at a time: polygons with their samples, or single samples. ``pairs`` (n,):
    reference * classes + map, ordered by unit; ``starts`` (units + 1,) of the units in them;
    ``times`` (units,): how many there are of each.
    """

    classes: int
    pairs: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    times: FloatArray
    single: bool

    def matrices(self) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Matrices (part, classes, classes) and ``times`` (part,) of some units at a time."""
        size = self.classes**2
        step = max(1, _CELLS // size)
        for first in range(0, len(self.times), step):
            starts = self.starts[first : first + step + 1]
            count = len(starts) - 1
            unit = np.repeat(np.arange(count), np.diff(starts))
            pairs = self.pairs[starts[0] : starts[-1]]
            cells = np.bincount(unit * size + pairs, minlength=count * size)
            shape = (count, self.classes, self.classes)
            yield cells.reshape(shape).astype(np.float64), self.times[first : first + count]


@dataclass
class Size:
    """Of a figure (or several, shape s): how many units (``count``) have samples that it is a share
    of, how many ``samples`` these are, and the sum of their ``squares`` by unit.
    """

    count: FloatArray
    samples: FloatArray
    squares: FloatArray

    @property
    def kish(self) -> FloatArray:
        """As many units of one size know as much (Kish 1965, Survey sampling); 0 without any."""
        return np.nan_to_num(ratio(self.samples**2, self.squares))

    def worth(self, effect: float) -> FloatArray:
        """How many independent samples these are worth at most, by their design ``effect``."""
        return np.maximum(self.kish, self.samples / effect)


@dataclass(frozen=True)
class LeftOut:
    """Figures of all samples (``values``), the sums of their squared changes where a unit is left
    out (``spread``), and what they rest on (``sizes``), all by their names.
    """

    values: dict[str, FloatArray]
    spread: dict[str, FloatArray]
    sizes: dict[str, Size]

    def variance(self, name: str, of: str) -> FloatArray:
        """Of a figure that rests on the units of the size ``of``; NaN without any."""
        count = self.sizes[of].count
        return self.spread[name] * ratio(count - 1.0, count)


def units_of(
    classes: int, reference: AnyArray, mapped: AnyArray, polygons: AnyArray | None
) -> Units:
    """The units of samples (n,), given by the indices of their classes and of their ``polygons``.

    Samples without polygons, or with a polygon each, are units of their own: those of a cell of the
    matrix are alike.
    """
    pairs = np.asarray(reference, np.int64) * classes + np.asarray(mapped, np.int64)
    unit = np.zeros(0, np.int64)
    if polygons is not None:
        unit = np.unique(polygons, return_inverse=True)[1].ravel()
    count = int(unit.max(initial=-1)) + 1
    if polygons is None or count == len(pairs):
        kinds, times = np.unique(pairs, return_counts=True)
        return Units(classes, kinds, np.arange(len(kinds) + 1), times.astype(np.float64), True)
    order = np.argsort(unit, kind="stable")
    starts = np.searchsorted(unit[order], np.arange(count + 1))
    return Units(classes, pairs[order], starts, np.ones(count), False)


def leave_out(units: Units, areas: FloatArray | None) -> LeftOut:
    """Leave each unit out in turn. ``areas`` (classes,): of the classes of the map, which weight
    the figures by area; None: these are not weighted, as of a simple random sample.
    """
    total = np.zeros((units.classes, units.classes))
    for cells, times in units.matrices():
        total += np.tensordot(times, cells, 1)
    whole = _figures(total[None], areas)
    spread = {name: np.zeros(one.shape[1:]) for name, one in whole.items()}
    sizes = {
        name: Size(*(np.zeros(one.shape[1:]) for _ in range(3)))
        for name, one in _samples(total[None]).items()
    }
    for cells, times in units.matrices():
        for name, one in _figures(total - cells, areas).items():
            spread[name] += np.tensordot(times, np.nan_to_num(one - whole[name]) ** 2, 1)
        for name, one in _samples(cells).items():
            size = sizes[name]
            size.count += np.tensordot(times, one > 0.0, 1)
            size.samples += np.tensordot(times, one, 1)
            size.squares += np.tensordot(times, one**2, 1)
    return LeftOut({name: one[0] for name, one in whole.items()}, spread, sizes)


def _samples(cells: FloatArray) -> dict[str, FloatArray]:
    """The samples of units (units, classes, classes) that figures are shares of."""
    rows, columns = cells.sum(axis=2), cells.sum(axis=1)
    every, wrong = rows.sum(axis=1), rows.sum(axis=1) - np.einsum("kii->k", cells)
    return {OVERALL: every, PRECISION: columns, RECALL: rows, F_SCORES: rows + columns,
            WRONG: wrong}  # fmt: skip


def _figures(cells: FloatArray, areas: FloatArray | None) -> dict[str, FloatArray]:
    """Accuracies of matrices (r, classes, classes), plain and by area."""
    rows, columns, hits = cells.sum(axis=2), cells.sum(axis=1), np.einsum("rii->ri", cells)
    mapped, area = (columns, cells) if areas is None else area_cells(cells, areas)
    right, truth, every = np.einsum("rii->ri", area), area.sum(axis=2), area.sum(axis=(1, 2))
    return {
        OVERALL: ratio(hits.sum(axis=1), rows.sum(axis=1)),
        PRECISION: ratio(hits, columns),
        RECALL: ratio(hits, rows),
        F_SCORES: ratio(2.0 * hits, rows + columns),
        CONFUSED: ratio(cells, rows[:, :, None]),
        BY_AREA + OVERALL: ratio(right.sum(axis=1), every),
        BY_AREA + RECALL: ratio(right, truth),
        BY_AREA + F_SCORES: ratio(2.0 * right, mapped + truth),
        BY_AREA + SHARES: ratio(truth, every[:, None]),
    }
