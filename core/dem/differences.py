# SPDX-License-Identifier: GPL-3.0-or-later
"""The difference of two elevation models, cell by cell, and what it says at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InsufficientDataError
from ..io.dem_pairs import DemPair
from ..progress import Progress, Silent, check
from ..types import AnyArray, BoolArray, FloatArray
from .alike import open_alike
from .cells import cell_sides
from .resample import Heights, moved
from .statistics import ClassStatistics, Statistics, binned, by_class, statistics_of
from .terrain import Gradient, slope

LEAST_CELLS = 50
SLOPES = (0.0, 5.0, 10.0, 20.0, 30.0, 45.0)  # degrees: edges of classes, the last one open
BARS = 61  # of a histogram
REACH_NMAD = 4.0  # of a histogram, on both sides of the median


@dataclass(frozen=True)
class Differences:
    """Model minus reference: ``difference`` (rows, columns; m, NaN = not compared) on the pair's
    grid, ``overall`` and by class of slope.
    """

    pair: DemPair
    difference: Heights
    overall: Statistics
    slopes: list[ClassStatistics]


def difference_of(
    model: str,
    reference: str,
    slopes: Sequence[float] = SLOPES,
    progress: Progress | None = None,
) -> Differences:
    """The difference of two files, over all and by class of the slope of the reference.

    Statistics are those of ``comparedem`` without masks. Raises ``InputError`` where they do not
    overlap, ``InsufficientDataError`` where fewer than 50 cells have both heights.
    """
    progress = progress or Silent()
    pair = open_alike(model, reference)
    check(progress)
    progress.report(0.4)
    difference, expected = subtracted(pair)
    values = enough(difference)
    overall = statistics_of(values, (), int(np.count_nonzero(expected)))
    check(progress)
    progress.report(0.7)
    return Differences(pair, difference, overall, by_slope(pair, difference, expected, slopes))


def subtracted(pair: DemPair) -> tuple[Heights, BoolArray]:
    """Model minus reference (rows, columns; NaN = not compared) on the grid of the pair, and the
    cells where the reference has a height that the model could have, too.
    """
    shape = (pair.grid.height, pair.grid.width)
    difference = moved(pair.model, pair.columns, pair.rows, shape) - pair.reference
    expected = np.isfinite(pair.reference) & _extent(pair)
    if pair.excluded is not None:
        difference[pair.excluded] = np.nan
        expected &= ~pair.excluded
    return difference, expected


def enough(difference: Heights) -> Heights:
    """The finite ones (n,); raises ``InsufficientDataError`` where they are fewer than 50."""
    values = difference[np.isfinite(difference)]
    if values.size < LEAST_CELLS:
        raise InsufficientDataError(
            f"Only {values.size} cells have heights in both models (without those excluded); "
            f"{LEAST_CELLS} are needed. Check extents, missing heights and masks, if any."
        )
    return np.asarray(values)


def by_slope(
    pair: DemPair,
    difference: Heights,
    expected: BoolArray,
    edges: Sequence[float],
    thresholds: Sequence[float] = (),
) -> list[ClassStatistics]:
    """Statistics by class of the slope of the reference; ``edges`` in degrees."""
    angle = slope(pair.reference, cell_sides(pair.grid), Gradient.HORN)
    codes, names = binned(angle, edges, "degrees")
    return by_class("slope", difference, expected, codes, names, thresholds)


def histogram(
    values: Heights, overall: Statistics, bars: int = BARS
) -> tuple[FloatArray, AnyArray, int]:
    """Edges (bars + 1,; m), counts (bars,), and how many of the finite ``values`` lie beyond.

    The bars reach to four times the NMAD on both sides of the median, but not beyond the values.
    """
    known = values[np.isfinite(values)]
    reach = REACH_NMAD * overall.nmad or 1.0
    low = max(overall.median - reach, overall.minimum)
    high = min(overall.median + reach, overall.maximum)
    if not low < high:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(known, bins=bars, range=(low, high))
    return edges, counts, int(known.size - counts.sum())


def thinned(values: Heights, most: int) -> tuple[Heights, int]:
    """Means of the finite ones of squares of k x k cells, so that neither side has more than
    ``most`` of them (NaN where there is none), and k. What is left over at the end is kept.
    """
    step = max(1, -(-max(values.shape) // most))
    if step == 1:
        return values, 1
    rows, columns = (-(-size // step) for size in values.shape)
    whole = np.full((rows * step, columns * step), np.nan, dtype=np.float32)
    whole[: values.shape[0], : values.shape[1]] = values
    cells = whole.reshape(rows, step, columns, step)
    known = np.isfinite(cells)
    count = known.sum(axis=(1, 3))
    total = np.where(known, cells, 0.0).sum(axis=(1, 3), dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32), step


def _extent(pair: DemPair) -> BoolArray:
    """The cells of the reference whose centers lie on the model."""
    row, column = np.arange(pair.grid.height) - pair.rows, np.arange(pair.grid.width) - pair.columns
    rows, columns = pair.model.shape
    inside_rows = (row >= -0.5) & (row <= rows - 0.5)
    inside_columns = (column >= -0.5) & (column <= columns - 0.5)
    return np.asarray(inside_rows[:, None] & inside_columns[None, :])
