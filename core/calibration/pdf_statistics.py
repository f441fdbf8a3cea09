# SPDX-License-Identifier: GPL-3.0-or-later
"""Four ways to say where a distribution lies, with errors by bootstrap of whole blocks.

Reflectances of deep convective clouds are skewed, and which statistic is the steadiest depends on
the band: the mode in the visible, the mean beyond 1 um (Doelling et al. 2013, IEEE TGRS 51(3),
doi:10.1109/TGRS.2012.2225066), the median, or the inflection, where the density falls the fastest
beyond its mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..bootstrap import block_weights
from ..types import AnyArray, FloatArray

_BINS = 1024
_MARGIN = 4.0  # bandwidths beyond the outermost values


class Statistic(StrEnum):
    """Where a distribution lies."""

    MODE = "mode"
    MEDIAN = "median"
    MEAN = "mean"
    INFLECTION = "inflection"


@dataclass(frozen=True)
class Density:
    """Kernel densities on one grid: ``values`` (replicates, points), not normalized."""

    grid: FloatArray
    values: FloatArray
    counts: FloatArray  # (replicates, points): weights by grid point, before smoothing

    def statistic(self, which: Statistic) -> FloatArray:
        """A statistic of each replicate (replicates,)."""
        if which is Statistic.MEAN:
            return np.asarray(self.counts @ self.grid / self.counts.sum(axis=1))
        if which is Statistic.MEDIAN:
            return self._median()
        if which is Statistic.MODE:
            return _peak(self.grid, self.values)
        fall = -np.gradient(self.values, self.grid, axis=1)
        # Beyond the mode only.
        before = np.arange(len(self.grid)) < self.values.argmax(axis=1)[:, None]
        return _peak(self.grid, np.where(before, -np.inf, fall))

    def _median(self) -> FloatArray:
        cumulative = np.cumsum(self.counts, axis=1)
        half = cumulative[:, -1:] / 2.0
        place = (cumulative < half).sum(axis=1)
        rows = np.arange(len(place))
        below = np.where(place > 0, cumulative[rows, np.maximum(place - 1, 0)], 0.0)
        inside = np.maximum(cumulative[rows, place] - below, 1e-12)
        step = self.grid[1] - self.grid[0]
        return np.asarray(self.grid[place] + step * ((half[:, 0] - below) / inside - 0.5))


def bandwidth(values: FloatArray) -> float:
    """Silverman's rule of thumb with the robust of the two scales (1986, eq. 3.31)."""
    quarter, three = np.percentile(values, [25.0, 75.0])
    scales = [scale for scale in (values.std(), (three - quarter) / 1.349) if scale > 0.0]
    scale = min(scales) if scales else max(abs(float(values.mean())), 1.0) * 1e-6
    return float(0.9 * scale * len(values) ** -0.2)


def density(
    values: FloatArray, weights: FloatArray | None = None, width: float | None = None
) -> Density:
    """The density of ``values`` (n,) under ``weights`` (replicates, n); None: once, all alike.

    Values are spread linearly over two grid points, and the grid is smoothed with a Gaussian of
    ``width`` (None: their ``bandwidth``, as if all weighed the same). Needs one value or more.
    """
    width = bandwidth(values) if width is None else width
    low, high = values.min() - _MARGIN * width, values.max() + _MARGIN * width
    grid = np.linspace(low, high, _BINS)
    step = grid[1] - grid[0]
    place = (values - low) / step
    left = np.minimum(place.astype(np.int64), _BINS - 2)
    share = place - left
    weights = np.ones((1, len(values))) if weights is None else weights
    counts = np.zeros((len(weights), _BINS))
    for row, weight in enumerate(weights):
        counts[row] = np.bincount(left, weight * (1.0 - share), _BINS)
        counts[row] += np.bincount(left + 1, weight * share, _BINS)
    frequency = np.fft.rfftfreq(2 * _BINS, step)
    kernel = np.exp(-2.0 * (np.pi * frequency * width) ** 2)
    smooth = np.fft.irfft(np.fft.rfft(counts, 2 * _BINS, axis=1) * kernel, axis=1)[:, :_BINS]
    return Density(grid, smooth, counts)


def with_error(values: FloatArray, blocks: int) -> tuple[float, float]:
    """The value of the first replicate, which draws each value once, and the standard deviation of
    the others: its standard error. ``values``: (1 + replicates,).

    NaN below two replicates, and below two ``blocks``: of one block all draws are the same, which
    says nothing of how well the value is known.
    """
    known = blocks > 1 and len(values) > 2
    return float(values[0]), float(values[1:].std(ddof=1)) if known else float("nan")


def replicate_weights(blocks: AnyArray, replicates: int, seed: int) -> FloatArray:
    """Weights (1 + replicates, n) of values whose ``blocks`` (n,) are drawn with replacement; the
    first row draws each once.
    """
    _, owner = np.unique(blocks, return_inverse=True)
    count = int(owner.max()) + 1
    drawn = block_weights(count, replicates, np.random.default_rng(seed))
    return np.vstack([np.ones(len(owner)), drawn[:, owner]])


def _peak(grid: FloatArray, values: FloatArray) -> FloatArray:
    """Where each row is the largest, refined by a parabola through its neighbors."""
    place = np.clip(values.argmax(axis=1), 1, len(grid) - 2)
    rows = np.arange(len(values))
    left, top, right = (values[rows, place + shift] for shift in (-1, 0, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        bend = left - 2.0 * top + right
        move = np.where(bend < 0.0, 0.5 * (left - right) / bend, 0.0)
    move = np.clip(np.nan_to_num(move), -0.5, 0.5)
    return np.asarray(grid[place] + move * (grid[1] - grid[0]))
