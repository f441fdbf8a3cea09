# SPDX-License-Identifier: GPL-3.0-or-later
"""The distribution of one band over clouds, with its four statistics and their bootstrap errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..errors import InsufficientDataError
from ..types import AnyArray, FloatArray, TimeArray
from .pdf_statistics import Statistic, density, replicate_weights, with_error
from .selection import histogram

LEAST = 30
REPLICATES = 500


@dataclass(frozen=True)
class CloudPdf:
    """The distribution of values (n,): histogram (``edges`` (k + 1,), ``counts`` (k,)), and
    density on a ``grid`` (m,), as counts per bar of the histogram (``height`` (m,)).

    ``value``: where it lies, by statistic; ``error``: the standard errors, NaN without replicates
    or where all clouds are of one month.
    """

    count: int
    edges: FloatArray
    counts: AnyArray
    grid: FloatArray
    height: FloatArray
    value: Mapping[Statistic, float]
    error: Mapping[Statistic, float]


@dataclass(frozen=True)
class CloudRatios:
    """A_k = statistic of the measured by that of the simulated distribution, and its error."""

    measured: CloudPdf
    simulated: CloudPdf
    a_k: Mapping[Statistic, float]
    error: Mapping[Statistic, float]


def months_of(time: TimeArray) -> AnyArray:
    """The blocks of the bootstrap (n,): the months."""
    return np.asarray(time.astype("datetime64[M]"))


def cloud_ratios(
    measured: FloatArray,
    simulated: FloatArray,
    time: TimeArray,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> CloudRatios:
    """The distributions of measured and simulated reflectances (n,) of clouds at ``time`` (n,).

    Months are drawn with replacement, the same for both; clouds of one month have no errors.
    ``replicates`` 0: no errors either, which is quick enough for a moving slider. Raises
    ``InsufficientDataError`` below 30 clouds with values.
    """
    known = np.isfinite(measured) & np.isfinite(simulated) & ~np.isnat(time)
    measured, simulated, time = measured[known], simulated[known], time[known]
    if len(measured) < LEAST:
        raise InsufficientDataError(
            f"{len(measured)} clouds are selected, {LEAST} are needed for a distribution."
        )
    months = months_of(time)
    weights, blocks = replicate_weights(months, replicates, seed), len(np.unique(months))
    ours, theirs = (density(values, weights) for values in (measured, simulated))
    parts: list[tuple[dict[Statistic, float], dict[Statistic, float]]] = [({}, {}) for _ in "123"]
    for which in Statistic:
        mine, other = ours.statistic(which), theirs.statistic(which)
        for (value, error), found in zip(parts, (mine, other, mine / other), strict=True):
            value[which], error[which] = with_error(found, blocks)
    made = [
        _pdf(values, found.grid, found.values[0], *part)
        for values, found, part in zip(
            (measured, simulated), (ours, theirs), parts[:2], strict=True
        )
    ]
    return CloudRatios(made[0], made[1], *parts[2])


def _pdf(
    values: FloatArray, grid: FloatArray, shape: FloatArray, value: Mapping[Statistic, float],
    error: Mapping[Statistic, float],
) -> CloudPdf:  # fmt: skip
    edges, counts = histogram(values)
    step, width = grid[1] - grid[0], edges[1] - edges[0]
    height = shape / (shape.sum() * step) * len(values) * width
    return CloudPdf(len(values), edges, counts, grid, height, value, error)
