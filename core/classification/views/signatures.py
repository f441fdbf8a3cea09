# SPDX-License-Identifier: GPL-3.0-or-later
"""Temporal signatures: how a band or an index of a class runs through the dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...types import AnyArray, FloatArray, TimeArray
from ..feature_names import feature_of

LOW, HIGH = 10.0, 90.0  # percentiles
Dated = tuple[tuple[np.datetime64, str], ...]


@dataclass(frozen=True)
class Signatures:
    """``name`` of a band or an index at ``days`` (dates,). ``mean``, ``low`` and ``high``
    (classes, dates), in units of the samples: mean, 10th and 90th percentile of the samples of a
    class, NaN where it has none; ``counts`` (classes, dates): how many samples have a value.
    """

    name: str
    days: TimeArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    counts: npt.NDArray[np.int64]


def dated_bands(names: Iterable[str]) -> dict[str, Dated]:
    """The bands and indices that have dates among ``names`` of features, each with its days and the
    names of the features, by date.
    """
    found: dict[str, list[tuple[np.datetime64, str]]] = {}
    for name in names:
        feature = feature_of(name)
        if feature.day is not None:
            found.setdefault(feature.name, []).append((feature.day, name))
    return {name: tuple(sorted(dated)) for name, dated in found.items()}


def signatures(
    name: str, days: TimeArray, values: FloatArray, index: AnyArray, classes: int
) -> Signatures:
    """Signatures of ``classes`` out of ``values`` (n, dates; NaN: none) of samples whose class has
    the ``index`` (n,), 0 to classes - 1. Percentiles are interpolated linearly.
    """
    shape = (classes, len(days))
    mean, low, high = (np.full(shape, np.nan) for _ in range(3))
    counts = np.zeros(shape, dtype=np.int64)
    for place in range(classes):
        own = values[index == place]
        known = np.isfinite(own)
        counts[place] = known.sum(axis=0)
        there = counts[place] > 0
        if there.any():
            own = np.where(known, own, np.nan)[:, there]
            mean[place, there] = np.nanmean(own, axis=0)
            low[place, there], high[place, there] = np.nanpercentile(own, (LOW, HIGH), axis=0)
    return Signatures(name, days, mean, low, high, counts)
