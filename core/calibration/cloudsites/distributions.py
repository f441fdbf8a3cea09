# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the reflectance of clouds lies in each band: mode, median, mean and inflection of all of
their pixels, with errors by bootstrap of overpasses.

The distributions are kept in bins (``outcome.BIN``), far finer than the bandwidth of the density,
so that the result is that of the pixels, in memory that does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...types import FloatArray
from ..pdf_statistics import Statistic, bandwidth, density, replicate_weights, with_error
from .outcome import BIN, Histogram, SceneOutcome

_MOST = 1_000_000  # values whose bandwidth is computed as they are


@dataclass(frozen=True)
class BandDistribution:
    """The reflectance of clouds in one band: ``value`` and standard ``error`` by statistic (NaN
    where there is one overpass only); ``pixels`` in ``overpasses``; ``grid`` and ``height``: the
    density, scaled to its peak.
    """

    sensor: str
    band: str
    pixels: int
    overpasses: int
    value: Mapping[Statistic, float]
    error: Mapping[Statistic, float]
    grid: FloatArray
    height: FloatArray


def distributions(
    outcomes: Sequence[SceneOutcome], replicates: int, seed: int
) -> tuple[BandDistribution, ...]:
    """The distribution of every band of every sensor whose clouds were measured."""
    found = []
    for sensor in sorted({one.sensor for one in outcomes}):
        own = [one for one in outcomes if one.sensor == sensor and one.clouds]
        for band in dict.fromkeys(
            name for one in own for bands in one.values.values() for name in bands
        ):
            holds = [one for one in own if any(len(part[0]) for part in _parts(one, band))]
            if holds:
                found.append(_distribution(sensor, band, holds, replicates, seed))
    return tuple(found)


def _distribution(
    sensor: str, band: str, outcomes: Sequence[SceneOutcome], replicates: int, seed: int
) -> BandDistribution:
    bins, counts = _together(band, outcomes)
    total = counts.sum(axis=0)
    blocks = np.array([one.overpass for one in outcomes], dtype=object).astype(str)
    weights = replicate_weights(blocks, replicates, seed)
    values = bins * BIN
    thinned = np.maximum(1, np.round(total * min(1.0, _MOST / total.sum()))).astype(np.int64)
    width = bandwidth(np.repeat(values, thinned))
    made = density(values, weights @ counts, max(width, BIN))
    value, error = {}, {}
    overpasses = len(np.unique(blocks))
    for which in Statistic:
        value[which], error[which] = with_error(made.statistic(which), overpasses)
    return BandDistribution(
        sensor, band, int(total.sum()), overpasses, value, error, made.grid,
        made.values[0] / made.values[0].max(),
    )  # fmt: skip


def _together(band: str, outcomes: Sequence[SceneOutcome]) -> tuple[FloatArray, FloatArray]:
    """The bins that any product holds (k,), and the counts of each product in them (n, k)."""
    bins = np.unique(np.concatenate([
        own for one in outcomes for own, _ in _parts(one, band)
    ]))  # fmt: skip
    counts = np.zeros((len(outcomes), len(bins)))
    for row, one in enumerate(outcomes):
        for own, many in _parts(one, band):
            counts[row, np.searchsorted(bins, own)] += many
    return bins.astype(np.float64), counts


def _parts(one: SceneOutcome, band: str) -> list[Histogram]:
    """The histograms of a band in the cells of a product."""
    return [bands[band] for bands in one.values.values() if band in bands]
