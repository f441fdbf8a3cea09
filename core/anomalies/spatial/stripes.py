# SPDX-License-Identifier: GPL-3.0-or-later
"""Are there stripes in an image: one frequency, in one direction, that stands out of its spectrum?

Stripes of detectors are lines along the orbit that repeat across it. The two-dimensional power
spectrum of the residual holds the mean over lines of every direction at once: a sharp peak, against
the power that the other dates have at the same frequency (ordinates are about exponential:
Bloomfield 2000, Fourier Analysis of Time Series, section 5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt

from ...spread import TO_SIGMA
from ...types import AnyArray, BoolArray, FloatArray

LONGEST_PX = 16.0  # of the period; longer waves are ground and clouds
MOST_CHANCE, LEAST_CONTRAST, LEAST_TILES = 1e-6, 0.3, 0.5
LARGEST = 256  # pixels on a side that are looked at in a tile
_RING = 5  # cells of the spectrum around a peak
_UP_DOWN = np.array([[-1.0], [0.0], [1.0]])
_LEAST_USED, _FEWEST_DATES = 0.5, 12
_CUT = 3.0  # scaled deviations beyond which residuals are of clouds and the like
_NEAR = 1.5  # cells of the spectrum in which peaks of tiles are the same
_FEWEST_SIDE = 24
_ROUNDING = 1e-6  # reflectance; values of single precision are rounded by less


@dataclass(frozen=True)
class Stripes:
    """``band``: index of the band; ``period_px`` across the stripes, ``direction_deg`` along them
    (clockwise from north, 0 to 180); ``amplitude`` (reflectance) of the wave; ``p_value`` that
    noise has such a peak in any band; ``tiles`` share that has it. ``contrast``: the amplitude in
    units of the scatter of the residual.
    """

    band: int
    period_px: float
    direction_deg: float
    amplitude: float
    p_value: float
    tiles: float
    contrast: float

    @property
    def plain(self) -> bool:
        """Whether it is beyond chance, no faint texture (fields and thin clouds have weak peaks),
        and no local one: stripes of detectors run through the whole image.
        """
        beyond = self.p_value < MOST_CHANCE and self.contrast >= LEAST_CONTRAST
        return beyond and self.tiles >= LEAST_TILES and self.period_px <= LONGEST_PX


def stripe_peaks(residual: FloatArray, used: BoolArray) -> list[dict[str, Any] | None]:
    """The highest peak of one band on each date of a tile.

    ``residual`` (n, rows, columns), where ``used`` (n, rows, columns). None where a date has too
    few pixels, or too few dates can be compared. What the ground leaves in all residuals (fields
    along the grid, coarse pixels that are repeated) is in the median spectrum of the dates, and so
    is no peak.
    """
    found: list[dict[str, Any] | None] = [None] * len(residual)
    uneven = np.array([_uneven(*one) for one in zip(residual, used, strict=True)])
    good = np.flatnonzero((used.mean(axis=(1, 2)) >= _LEAST_USED) & uneven)
    if min(used.shape[1:]) < _FEWEST_SIDE or len(good) < _FEWEST_DATES:
        return found
    window = np.outer(np.hanning(used.shape[1]), np.hanning(used.shape[2]))
    spectra = [_spectrum(residual[date], used[date], window) for date in good]
    power = np.stack([one[0] for one in spectra])
    v = np.fft.fftfreq(used.shape[1], 1.0)[:, None]
    u = np.fft.rfftfreq(used.shape[2], 1.0)[None, :]
    # Of a real image one half of the plane mirrors the other.
    wanted = (np.hypot(u, v) >= 1.0 / LONGEST_PX) & ~((u == 0.0) & (v < 0.0))
    level = np.median(power[:, wanted], axis=1)
    shape = np.median(power / level[:, None, None], axis=0)
    shape = np.maximum(shape, 1e-3 * float(np.median(shape[wanted])))
    for place, date in enumerate(good):
        # The median of an exponential law is log 2 of its mean.
        ratio = np.where(wanted, power[place] / (shape * level[place] / np.log(2.0)), 0.0)
        ratio /= max(float(np.median(ratio[wanted])) / np.log(2.0), 1e-300)
        row, column = map(int, np.unravel_index(int(ratio.argmax()), ratio.shape))
        row, column = _summit(power[place], row, column)
        # A wave between two frequencies shows at both.
        near = np.ix_((row + np.arange(-1, 2)) % len(ratio), _inside(column, ratio.shape[1]))
        share = power[place][near].astype(np.float64)
        energy = float(((window * used[date]) ** 2).sum()) * used[date].size
        found[date] = {
            "v": float(v[row, 0] + (share * _UP_DOWN).sum() / share.sum() * v[1, 0]),
            "u": float((share * u[0, near[1]]).sum() / share.sum()),
            "ratio": min(float(ratio[row, column]), _sharpness(power[place], row, column)),
            "amplitude": 2.0 * float(np.sqrt(share.sum() / max(energy, 1e-300))),
            "cells": int(wanted.sum()), "step": 1.0 / min(used.shape[1:]),
            "scale": spectra[place][1],
        }  # fmt: skip
    return found


def _uneven(band: FloatArray, used: BoolArray) -> bool:
    """Whether the residuals differ by more than rounding at half of the pixels or more."""
    if not used.any():
        return False
    low, high = np.quantile(band[used], (0.25, 0.75))
    return bool(high - low > _ROUNDING)


def _summit(power: AnyArray, row: int, column: int) -> tuple[int, int]:
    """The highest power among a frequency and its neighbors."""
    rows, columns = (row + np.arange(-1, 2)) % len(power), _inside(column, power.shape[1])
    at = np.unravel_index(int(power[np.ix_(rows, columns)].argmax()), (3, len(columns)))
    return int(rows[at[0]]), int(columns[at[1]])


def _sharpness(power: AnyArray, row: int, column: int) -> float:
    """How far a peak is above its surroundings on the same date, in the unit of ``ratio``; 0 where
    a neighbor is higher: clouds make hills, not peaks.
    """
    rows = (row + np.arange(-_RING, _RING + 1)) % len(power)
    columns = np.arange(max(0, column - _RING), min(power.shape[1], column + _RING + 1))
    far = np.maximum(
        np.abs(np.arange(-_RING, _RING + 1))[:, None], np.abs(columns - column)[None]
    )  # fmt: skip
    place = power[np.ix_(rows, columns)]
    if power[row, column] < place[far <= 1].max():
        return 0.0
    around = place[far > 2]
    return float(power[row, column] * np.log(2.0) / max(float(np.median(around)), 1e-300))


def _inside(column: int, columns: int) -> AnyArray:
    """A column and its neighbors, as far as there are any."""
    return np.arange(max(0, column - 1), min(columns, column + 2))


def middle_of(side: int) -> slice:
    """The rows or columns of a tile that are looked at: ``LARGEST`` in its middle."""
    begin = max(0, (side - LARGEST) // 2)
    return slice(begin, begin + min(side, LARGEST))


def stripes_of(bands: Sequence[Sequence[Mapping[str, Any] | None]]) -> Stripes | None:
    """The peak that most tiles share, in the band where it is least by chance.

    ``bands``: for each band the peaks of all tiles on one date. None without any.
    """
    found = [
        _common(band, [one for one in peaks if one])
        for band, peaks in enumerate(bands)
        if any(peaks)
    ]
    if not found:
        return None
    best = min(found, key=lambda one: one.p_value)
    return replace(best, p_value=min(1.0, best.p_value * len(found)))


def _spectrum(
    band: FloatArray, used: BoolArray, window: FloatArray
) -> tuple[npt.NDArray[np.float32], float]:
    """The power (rows, columns / 2 + 1) of a residual, 0 where it is far from the others, and the
    scaled median absolute deviation.
    """
    seen = band[used]
    middle = float(np.median(seen))
    scale = max(TO_SIGMA * float(np.median(np.abs(seen - middle))), 1e-9)
    flat = np.where(used & (np.abs(band - middle) <= _CUT * scale), band - middle, 0.0)
    power = np.abs(np.fft.rfft2(flat * window)) ** 2
    return power.astype(np.float32), scale


def _common(band: int, peaks: Sequence[Mapping[str, Any]]) -> Stripes:
    """The frequency whose peaks add up most over the tiles."""
    places = np.array([[one["v"], one["u"]] for one in peaks])
    ratios = np.array([one["ratio"] for one in peaks])
    step = max(one["step"] for one in peaks)
    near = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) <= _NEAR * step
    at = int((near @ ratios).argmax())
    same = near[at]
    v, u = np.average(places[same], axis=0, weights=ratios[same] + 1e-12)
    amplitude = float(np.mean([one["amplitude"] for one in compress(peaks, same)]))
    scale = float(np.mean([one["scale"] for one in compress(peaks, same)]))
    cells = max(one["cells"] for one in peaks)
    return Stripes(
        band, float(1.0 / np.hypot(u, v)), _direction(v, u), amplitude,
        _chance(float(ratios[same].sum()), int(same.sum()), len(peaks), cells),
        float(same.mean()), amplitude / max(scale, 1e-12),
    )  # fmt: skip


def _direction(v: float, u: float) -> float:
    """Along the stripes, degrees clockwise from north, for waves (v south, u east) across them."""
    return float(np.degrees(np.arctan2(v, u)) % 180.0)


def _chance(total: float, count: int, tiles: int, cells: int) -> float:
    """The chance that noise has peaks adding up to ``total`` in ``count`` of ``tiles`` at any of
    ``cells`` frequencies: exponential ordinates, whose sums are of a gamma law (bound by the number
    of ways to choose).
    """
    terms = np.arange(count)
    logs = terms * np.log(max(total, 1e-300)) - np.concatenate(
        ([0.0], np.cumsum(np.log(np.maximum(terms[1:], 1))))
    )
    tail = -total + float(np.logaddexp.reduce(logs))
    ways = np.log(cells) + count * np.log(max(tiles, 1))
    return float(np.exp(min(tail + ways, 0.0)))
