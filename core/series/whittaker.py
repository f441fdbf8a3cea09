# SPDX-License-Identifier: GPL-3.0-or-later
"""The Whittaker smoother of many time series at once, on a grid of days.

Minimizes sum of w (y - z)^2 + lambda * sum of (second differences of z)^2, where w is 1 on days
with a clear observation (y is the mean of those of that day) and 0 elsewhere (Eilers 2003,
10.1021/ac034173t). The matrix is pentadiagonal and is factored once per pixel for all bands
(L D L').
"""

from __future__ import annotations

import numpy as np

from ..jit import Kernel, runs_compiled
from ..types import AnyArray, BoolArray, FloatArray
from .gap_filling import STRIP, Float32

FEWEST = 2  # clear days: with one, the line through it is not determined


def fill_whittaker(
    values: Float32,
    clear: BoolArray,
    days: FloatArray,
    out_days: FloatArray,
    max_gap: float,
    smoothing: float,
    compiled: bool | None = None,
) -> Float32:
    """``values`` (n, k, p) at ``days`` (n,) smoothed and interpolated to ``out_days`` (m,).

    ``clear`` (n, p): what is used; days of observations are taken as whole days, those of one day
    averaged. ``smoothing``: lambda for days, more than 0. Beyond the first and the last clear date
    the smooth value of that date where it is at most ``max_gap`` days away, else NaN. NaN for
    pixels with less than ``FEWEST`` clear days. Returns (m, k, p), float32.
    """
    out = np.full((len(out_days), *values.shape[1:]), np.nan, dtype=np.float32)
    if not len(days) or not len(out_days):
        return out
    base = np.floor(min(days[0], out_days[0]))
    nodes = np.floor(days - base).astype(np.int64)
    wanted = np.floor(out_days - base).astype(np.int64)
    length = int(max(nodes[-1], wanted[-1])) + 1
    penalty = _penalty(length, smoothing)
    for start in range(0, values.shape[2], STRIP):
        strip = slice(start, start + STRIP)
        part = _smooth(values[:, :, strip], clear[:, strip], nodes, penalty, compiled)
        out[:, :, strip] = _picked(part, clear[:, strip], nodes, wanted, max_gap)
    return out


def _penalty(length: int, smoothing: float) -> FloatArray:
    """The three diagonals (3, length) of lambda D'D, D the second differences."""
    band = np.zeros((3, length))
    inner = max(length - 2, 0)
    for offset, coefficient in enumerate((1.0, -2.0, 1.0)):
        band[0, offset : offset + inner] += coefficient**2
    for offset in (0, 1):
        band[1, offset : offset + inner] += -2.0
    band[2, :inner] = 1.0
    return band * smoothing


def _smooth(
    values: Float32, clear: BoolArray, nodes: AnyArray, penalty: FloatArray, compiled: bool | None
) -> FloatArray:
    """The smooth series (days, k, p) of one strip of pixels."""
    length, bands, pixels = penalty.shape[1], values.shape[1], values.shape[2]
    weight = np.zeros((length, pixels))
    series = np.zeros((length, bands, pixels))
    for date, node in enumerate(nodes):
        weight[node] += clear[date]
        series[node] += np.where(clear[date], values[date], 0.0)
    # A day with several observations weighs as much as one with one: their mean.
    series /= np.maximum(weight, 1.0)[:, None, :]
    np.minimum(weight, 1.0, out=weight)
    solve = _solve if runs_compiled(compiled) else _solve.python
    # Pixels that cannot be determined get weights that make them so, and no result later.
    sparse = np.count_nonzero(weight, axis=0) < FEWEST
    weight[0, sparse] += 1.0
    weight[-1, sparse] += 1.0
    solve(weight, penalty, series)
    return series


@Kernel
def _solve(weight: AnyArray, penalty: AnyArray, series: AnyArray) -> None:
    """Solve in place by L D L'; ``series`` (days, k, p) holds the weighted sums at first."""
    length, bands, pixels = series.shape
    diagonal = np.empty((length, pixels))
    first = np.zeros((length, pixels))
    second = np.zeros((length, pixels))
    for i in range(length):
        pivot = weight[i] + penalty[0, i]
        lower = np.full(pixels, penalty[1, i])
        if i > 0:
            pivot = pivot - diagonal[i - 1] * first[i - 1] ** 2
            lower = lower - diagonal[i - 1] * first[i - 1] * second[i - 1]
        if i > 1:
            pivot = pivot - diagonal[i - 2] * second[i - 2] ** 2
        diagonal[i] = pivot
        first[i] = lower / pivot
        second[i] = penalty[2, i] / pivot
    for band in range(bands):
        for i in range(1, length):
            series[i, band] -= first[i - 1] * series[i - 1, band]
            if i > 1:
                series[i, band] -= second[i - 2] * series[i - 2, band]
        for i in range(length - 1, -1, -1):
            series[i, band] /= diagonal[i]
            if i + 1 < length:
                series[i, band] -= first[i] * series[i + 1, band]
            if i + 2 < length:
                series[i, band] -= second[i] * series[i + 2, band]


def _picked(
    series: FloatArray, clear: BoolArray, nodes: AnyArray, wanted: AnyArray, max_gap: float
) -> FloatArray:
    """The wanted days (m, k, p), held at the ends."""
    at = np.where(clear, nodes[:, None], -1)
    last = at.max(axis=0)
    first = np.where(clear, nodes[:, None], series.shape[0]).min(axis=0)
    held = np.clip(wanted[:, None], first, last)
    good = (last > first) & (np.abs(held - wanted[:, None]) <= max_gap)
    bands, pixels = np.arange(series.shape[1]), np.arange(series.shape[2])
    picked = series[held[:, None, :], bands[None, :, None], pixels[None, None, :]]
    return np.where(good[:, None, :], picked, np.nan)
