# SPDX-License-Identifier: GPL-3.0-or-later
"""Waves in differences of heights that run along rows or columns: jitter, stripes, seams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import FloatArray
from .resample import Heights

SIGNIFICANT = 0.01
_LEAST_LINES = 32
_LEAST_SHARE = 0.1  # of the cells of a line, for its median to count
_NEIGHBORS = 16  # frequencies to each side that make the background
_KNOWN_BY = 3.0  # powers; so few because a line is fitted: 1 % of simulated noise then exceeds 1 %
_BOUND = 2.0  # of a logarithm of a power above the others


@dataclass(frozen=True)
class Wave:
    """The strongest wave of one direction: ``direction`` is "rows" (the difference changes from row
    to row) or "columns"; ``period`` in cells and ``period_m``, ``amplitude`` (m), and the
    probability that noise alone has a line so high above its surroundings anywhere in the spectrum.
    """

    direction: str
    period: float
    period_m: float
    amplitude: float
    probability: float
    profile: FloatArray
    periods: FloatArray
    amplitudes: FloatArray

    @property
    def significant(self) -> bool:
        """Whether noise alone would hardly make it."""
        return self.probability < SIGNIFICANT


def find_waves(difference: Heights, sides_m: tuple[float, float]) -> list[Wave]:
    """The strongest wave from row to row and from column to column in ``difference`` (rows,
    columns, NaN = none); directions of fewer than 32 lines are left out.
    """
    found = []
    for direction, values, side in (
        ("rows", difference, sides_m[1]),
        ("columns", difference.T, sides_m[0]),
    ):
        profile = _medians(values)
        if np.count_nonzero(np.isfinite(profile)) >= _LEAST_LINES:
            found.append(_strongest(direction, profile, side))
    return found


def _medians(values: Heights) -> FloatArray:
    """The median of each line (n,), NaN for lines of few cells."""
    known = np.isfinite(values)
    enough = known.sum(axis=1) >= max(1.0, _LEAST_SHARE * values.shape[1])
    found = np.full(len(values), np.nan)
    for line in np.nonzero(enough)[0]:
        found[line] = np.median(values[line][known[line]])
    return found


def _strongest(direction: str, profile: FloatArray, side: float) -> Wave:
    """The line of the spectrum that stands highest above its neighbors.

    Powers of noise are exponential around a background that changes smoothly with frequency. By a
    background that is the mean of n powers itself, a power exceeds x backgrounds with the
    probability p = (1 + x/n)^-n, the highest of m of them with 1 - (1 - p)^m.
    """
    level = _level(profile)
    window = np.hanning(len(level) + 2)[1:-1]
    spectrum = np.fft.rfft(level * window)[2:]
    power = np.abs(spectrum) ** 2
    frequency = np.arange(2, len(power) + 2) / len(level)
    background = np.array([_around(power, at) for at in range(len(power))])
    ratio = power / np.maximum(background, 1e-30)
    at = int(np.argmax(ratio))
    amplitudes = 2.0 * np.abs(spectrum) / window.sum()
    single = (1.0 + float(ratio[at]) / _KNOWN_BY) ** -_KNOWN_BY
    chance = -np.expm1(len(power) * np.log1p(-min(single, 1.0 - 1e-12)))
    if power.max(initial=0.0) <= 1e-24:
        chance = 1.0
    period = float(1.0 / frequency[at])
    return Wave(
        direction, period, period * side, float(amplitudes[at]), float(np.clip(chance, 0.0, 1.0)),
        profile, side / frequency, amplitudes,
    )  # fmt: skip


def _level(profile: FloatArray) -> FloatArray:
    """The profile without gaps, mean and slope."""
    place = np.arange(len(profile), dtype=np.float64)
    known = np.isfinite(profile)
    whole = np.interp(place, place[known], profile[known])
    return np.asarray(whole - np.polyval(np.polyfit(place, whole, 1), place))


def _around(power: FloatArray, at: int) -> float:
    """The mean power of noise at a frequency: a line through the logarithms of its neighbors, whose
    mean is 0.577 below that of the mean power; a line of the spectrum among them is bounded.
    """
    places = np.arange(max(at - _NEIGHBORS, 0), min(at + _NEIGHBORS + 1, len(power)))
    places = places[np.abs(places - at) > 1]
    if len(places) < 4:
        return float(power[at])
    logs = np.log(np.maximum(power[places], 1e-30))
    away = places - at
    for _ in range(3):
        line = np.polyval(np.polyfit(away, logs, 1), away)
        logs = np.minimum(logs, line + _BOUND)
    return float(np.exp(np.polyfit(away, logs, 1)[1] + np.euler_gamma))
