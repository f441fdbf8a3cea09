# SPDX-License-Identifier: GPL-3.0-or-later
"""Linear interpolation of many time series at once, and how far the nearest clear date is.

Arrays are time-major: (dates, bands, pixels) and (dates, pixels), as blocks of rasters are read.
The kernels walk through strips of pixels, so that a strip of all dates stays in the cache.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..jit import Kernel, runs_compiled
from ..types import AnyArray, BoolArray, FloatArray

Float32 = npt.NDArray[np.float32]
STRIP = 128


def fill_linear(
    values: Float32,
    clear: BoolArray,
    days: FloatArray,
    out_days: FloatArray,
    max_gap: float,
    compiled: bool | None = None,
) -> Float32:
    """``values`` (n, k, p) at ``days`` (n,) interpolated to ``out_days`` (m,): (m, k, p).

    ``clear`` (n, p): what is used; clear values are finite. Both kinds of days, with fractions and
    since a midnight, never decrease; of several observations of one moment the last clear one
    counts. Between two clear dates the line, however far they are apart; before the first and after
    the last one its value where it is at most ``max_gap`` whole days away (0: on the same day),
    else NaN; NaN where a pixel is never clear. Neighbors and weights are found once per pixel and
    shared by the bands. ``compiled``: see ``jit.runs_compiled``.
    """
    out = np.full((len(out_days), *values.shape[1:]), np.nan, dtype=np.float32)
    if not len(days) or not len(out_days):
        return out
    low = np.searchsorted(days, out_days, side="right") - 1
    run = _linear_strips if runs_compiled(compiled) else _linear_numpy
    run(values, clear, days, out_days, low, float(max_gap), out)
    return out


def days_to_clear(clear: BoolArray, days: FloatArray, out_days: FloatArray) -> Float32:
    """Days from each of ``out_days`` (m,) to the nearest clear date (m, p), infinite without any;
    ``clear`` (n, p) at ``days`` (n,), which never decrease.
    """
    result = np.full((len(out_days), clear.shape[1]), np.inf, dtype=np.float32)
    if not len(days):
        return result
    before, after = _neighbors(clear)
    low = np.searchsorted(days, out_days, side="right") - 1
    for index, day in enumerate(out_days):
        if low[index] >= 0:
            row = before[low[index]]
            result[index] = np.where(row >= 0, day - days[row], np.inf)
        if low[index] + 1 < len(days):
            row = after[low[index] + 1]
            ahead = np.where(row < len(days), days[np.minimum(row, len(days) - 1)] - day, np.inf)
            result[index] = np.minimum(result[index], ahead)
    return result


def _neighbors(clear: BoolArray) -> tuple[AnyArray, AnyArray]:
    """The last clear date not after each date (-1: none), and the first one not before (n: none);
    both (n, p).
    """
    count = len(clear)
    index = np.arange(count, dtype=np.int32)[:, None]
    before = np.maximum.accumulate(np.where(clear, index, -1), axis=0)
    after = np.minimum.accumulate(np.where(clear, index, count)[::-1], axis=0)[::-1]
    return before, after


def _linear_numpy(
    values: Float32,
    clear: BoolArray,
    days: FloatArray,
    out_days: FloatArray,
    low: AnyArray,
    max_gap: float,
    out: Float32,
) -> None:
    before, after = _neighbors(clear)
    count, pixels = clear.shape
    everywhere = np.arange(pixels)
    none = np.full(pixels, count, dtype=np.int32)
    for j, day in enumerate(out_days):
        first = before[low[j]] if low[j] >= 0 else none * 0 - 1
        second = after[low[j] + 1] if low[j] + 1 < count else none
        has_first, has_second = first >= 0, second < count
        a = np.where(has_first, first, np.where(has_second, second, 0))
        b = np.where(has_second, second, a)
        both = has_first & has_second
        span = np.where(both, days[b] - days[a], 1.0)
        weight = np.where(both, (day - days[a]) / span, 0.0)
        weight[~both & (np.abs(np.floor(day) - np.floor(days[a])) > max_gap)] = np.nan
        weight[~has_first & ~has_second] = np.nan
        share = weight.astype(np.float32)
        for band in range(values.shape[1]):
            left, right = values[a, band, everywhere], values[b, band, everywhere]
            out[j, band] = left + (right - left) * share


def _linear_strips(
    values: Float32,
    clear: BoolArray,
    days: FloatArray,
    out_days: FloatArray,
    low: AnyArray,
    max_gap: float,
    out: Float32,
) -> None:
    """As ``_linear_numpy``, by the compiled kernels."""
    shape = (len(out_days), STRIP)
    before, after = np.empty(shape, dtype=np.int32), np.empty(shape, dtype=np.int32)
    weight = np.empty(shape, dtype=np.float32)
    local = np.empty((len(days), STRIP), dtype=np.float32)
    for start in range(0, clear.shape[1], STRIP):
        strip = clear[:, start : start + STRIP]
        _before(strip, low, before)
        _after(strip, low, after)
        _weights(strip, days, out_days, max_gap, before, after, weight)
        part = slice(start, start + STRIP)
        _blend(values[:, :, part], before, after, weight, local, out[:, :, part])


@Kernel
def _before(clear: AnyArray, low: AnyArray, before: AnyArray) -> None:
    for s in range(clear.shape[1]):
        last, i = -1, 0
        for j in range(len(low)):
            while i <= low[j]:
                if clear[i, s]:
                    last = i
                i += 1
            before[j, s] = last


@Kernel
def _after(clear: AnyArray, low: AnyArray, after: AnyArray) -> None:
    count = clear.shape[0]
    for s in range(clear.shape[1]):
        following, i = count, count - 1
        for j in range(len(low) - 1, -1, -1):
            while i > low[j]:
                if clear[i, s]:
                    following = i
                i -= 1
            after[j, s] = following


@Kernel
def _weights(
    clear: AnyArray,
    days: AnyArray,
    out_days: AnyArray,
    max_gap: float,
    before: AnyArray,
    after: AnyArray,
    weight: AnyArray,
) -> None:
    """The share of the later date; neighbors that are not there are replaced by the other one."""
    count = clear.shape[0]
    for j in range(len(out_days)):
        for s in range(clear.shape[1]):
            a, b = before[j, s], after[j, s]
            if a >= 0 and b < count:
                weight[j, s] = (out_days[j] - days[a]) / (days[b] - days[a])
                continue
            one = a if a >= 0 else b % count
            before[j, s] = after[j, s] = one
            away = abs(np.floor(out_days[j]) - np.floor(days[one]))
            near = (a >= 0 or b < count) and away <= max_gap
            weight[j, s] = 0.0 if near else np.nan


@Kernel
def _blend(
    values: AnyArray,
    before: AnyArray,
    after: AnyArray,
    weight: AnyArray,
    local: AnyArray,
    out: AnyArray,
) -> None:
    count, bands, width = values.shape
    for band in range(bands):
        for i in range(count):
            for s in range(width):
                local[i, s] = values[i, band, s]
        for j in range(out.shape[0]):
            for s in range(width):
                left, right = local[before[j, s], s], local[after[j, s], s]
                out[j, band, s] = left + (right - left) * weight[j, s]
