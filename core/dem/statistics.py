# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of differences of heights, over all cells and by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..spread import median_and_nmad
from ..types import AnyArray, BoolArray, FloatArray

Values = npt.NDArray[np.floating[Any]]
PERCENTILES = (5, 25, 75, 95)


@dataclass(frozen=True)
class Statistics:
    """Of ``count`` differences in meters.

    ``std`` is that of the values themselves (division by n). ``le90`` and ``le95``: 90 and 95 % of
    the differences are not larger in size; ``le90_unbiased``: the same of what is left when the
    mean is taken off. ``percentiles``: of the signed differences; ``above``: shares (0 to 1) of
    differences larger in size than a threshold (m). ``completeness`` (0 to 1): share of the cells
    that the reference has, NaN where it is not known.
    """

    count: int
    mean: float
    median: float
    std: float
    rmse: float
    nmad: float
    le90: float
    le90_unbiased: float
    le95: float
    minimum: float
    maximum: float
    total: float
    squares: float
    percentiles: Mapping[int, float] = field(default_factory=dict)
    above: Mapping[float, float] = field(default_factory=dict)
    completeness: float = float("nan")


@dataclass(frozen=True)
class ClassStatistics:
    """Those of one class of a ``kind``: all, slope, elevation, class."""

    kind: str
    name: str
    statistics: Statistics


def statistics_of(
    values: Values, thresholds: Sequence[float] = (), expected: int | None = None
) -> Statistics:
    """Statistics of finite ``values`` (n,); NaN for all but the count where there are none.

    ``thresholds`` in meters; ``expected``: cells that the reference has there.
    """
    whole = expected if expected is not None else 0
    completeness = values.size / whole if whole else float("nan")
    if not values.size:
        nothing = float("nan")
        return Statistics(0, *(nothing,) * 10, 0.0, 0.0, completeness=completeness)
    exact = values.astype(np.float64)
    size = np.abs(exact)
    mean = float(exact.mean())
    median, nmad = median_and_nmad(exact)
    squares = float(exact @ exact)
    le90, le95 = (float(one) for one in np.quantile(size, (0.9, 0.95)))
    quantiles = np.percentile(exact, PERCENTILES)
    return Statistics(
        int(values.size), mean, median, float(exact.std()), float(np.sqrt(squares / values.size)),
        nmad, le90, float(np.quantile(np.abs(exact - mean), 0.9)), le95, float(exact.min()),
        float(exact.max()), float(exact.sum()), squares,
        {name: float(one) for name, one in zip(PERCENTILES, quantiles, strict=True)},
        {limit: float(np.mean(size > limit)) for limit in thresholds}, completeness,
    )  # fmt: skip


def by_class(
    kind: str,
    difference: Values,
    expected: BoolArray,
    codes: AnyArray,
    names: Mapping[int, str],
    thresholds: Sequence[float] = (),
) -> list[ClassStatistics]:
    """Statistics of the classes ``codes`` (rows, columns) of ``difference`` (rows, columns, NaN =
    none) that hold any cell that is ``expected``; codes without a name are left out.
    """
    found = []
    for code, name in names.items():
        inside = codes == code
        count = int(np.count_nonzero(inside & expected))
        if not count:
            continue
        values = difference[inside]
        values = values[np.isfinite(values)]
        found.append(ClassStatistics(kind, name, statistics_of(values, thresholds, count)))
    return found


def binned(
    values: FloatArray, edges: Sequence[float], unit: str
) -> tuple[npt.NDArray[np.int32], dict[int, str]]:
    """The class of each value (rows, columns) between rising ``edges``, the upper one excluded, and
    the names of the classes: -1 is the one below the first edge, the last has no upper end. -2
    where there is no value.
    """
    codes = np.full(values.shape, -2, dtype=np.int32)
    known = np.isfinite(values)
    codes[known] = np.searchsorted(np.asarray(edges), values[known], side="right") - 1
    names = {-1: f"below {edges[0]:g} {unit}"}
    names |= {
        at: f"{low:g} to {high:g} {unit}"
        for at, (low, high) in enumerate(zip(edges[:-1], edges[1:], strict=True))
    }
    names[len(edges) - 1] = f"{edges[-1]:g} {unit} and more"
    return codes, names


def keep_within(difference: Values, deviations: float) -> Values:
    """Differences without those farther from the mean than so many standard deviations (NaN)."""
    known = difference[np.isfinite(difference)].astype(np.float64)
    if not known.size or deviations <= 0.0:
        return difference
    far = np.abs(difference - known.mean()) > deviations * known.std()
    return np.where(far, np.nan, difference)
