# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitoring of many pixels at once in numpy: what runs where numba is not installed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...types import AnyArray, BoolArray, FloatArray
from .critical import log_plus
from .monitor_kernel import LAST_PART
from .normal_equations import solve

NONE, TOO_FEW = -1, -2
FEWEST = 5


def monitor_pixels(values: FloatArray, design: FloatArray, split: int, clock: FloatArray,
                   critical: float, window: float, cusum: bool, roc: float, floor: float,
                   breaks: AnyArray, numbers: FloatArray) -> None:  # fmt: skip
    """The same as the compiled kernel of this name, with the same arguments."""
    finite = np.isfinite(values)
    rows = np.argsort(~finite, axis=1, kind="stable")  # what is there first, in its order
    count, history = finite.sum(axis=1), finite[:, :split].sum(axis=1)
    breaks[:, 0], breaks[:, 3] = TOO_FEW, -1
    breaks[:, 1], breaks[:, 2] = history, count - history
    numbers[:] = np.nan
    fewest = max(FEWEST, design.shape[1])
    first = np.zeros(len(values), np.int64)
    enough = (history > fewest) & (count - history > FEWEST)
    kept = np.where(finite, values, 0.0)
    kept = np.take_along_axis(kept, rows, axis=1)
    if roc > 0.0 and enough.any():
        chosen = np.flatnonzero(enough)
        first[chosen] = _stable_from(kept[chosen], rows[chosen], history[chosen], design, roc)
        breaks[chosen, 1] = (history - first)[chosen]
        enough &= history - first >= 2 * design.shape[1]
    chosen = np.flatnonzero(enough)
    if not len(chosen):
        return
    good, errors = _residuals(
        kept[chosen], rows[chosen], first[chosen], history[chosen], count[chosen], design
    )
    chosen = chosen[good]
    breaks[chosen], numbers[chosen] = _process(
        kept[chosen], rows[chosen], first[chosen], history[chosen], count[chosen], errors[good],
        split, clock, critical, window, cusum, floor, design.shape[1],
    )  # fmt: skip


def _residuals(kept: FloatArray, rows: AnyArray, first: AnyArray, history: AnyArray,
               count: AnyArray, design: FloatArray) -> tuple[BoolArray, FloatArray]:  # fmt: skip
    """Which pixels (m,) could be fitted, and the residuals (m, n) of all, 0 outside."""
    position = np.arange(kept.shape[1])
    past = (position >= first[:, None]) & (position < history[:, None])
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    weights = np.zeros(kept.shape)  # of the history, back at the dates
    np.put_along_axis(weights, rows, past.astype(float), axis=1)
    size = design.shape[1]
    matrix = (weights @ squares).reshape(-1, size, size)
    dated = np.zeros(kept.shape)
    np.put_along_axis(dated, rows, kept * past, axis=1)
    good, fits = solve(matrix, dated @ design)
    expected = np.take_along_axis(fits @ design.T, rows, axis=1)
    inside = (position >= first[:, None]) & (position < count[:, None])
    return good, np.where(inside, kept - expected, 0.0)


def _process(kept: FloatArray, rows: AnyArray, first: AnyArray, history: AnyArray, count: AnyArray,
             errors: FloatArray, split: int, clock: FloatArray, critical: float, window: float,
             cusum: bool, floor: float, size: int) -> tuple[AnyArray, FloatArray]:  # fmt: skip
    """Break indices, counts (m, 4) and magnitudes, sigmas, means, shares (m, 4) of fitted
    pixels.
    """
    position = np.arange(errors.shape[1])
    past = history - first
    old = (position >= first[:, None]) & (position < history[:, None])
    new = (position >= history[:, None]) & (position < count[:, None])
    sigma = np.sqrt((errors**2 * old).sum(axis=1) / (past - size))
    largest = (np.abs(kept) * old).max(axis=1)
    sigma = np.maximum.reduce([sigma, np.full_like(sigma, max(floor, 1e-300)), 1e-9 * largest])
    sums = np.cumsum(np.pad(errors, ((0, 0), (1, 0))), axis=1)
    width = np.maximum((past * (LAST_PART if cusum else window)).astype(np.int64), 1)
    behind = np.where(cusum, first[:, None], position + 1 - width[:, None])
    moving = sums[:, 1:] - np.take_along_axis(sums, np.clip(behind, 0, None), axis=1)
    process = moving / (sigma * np.sqrt(past))[:, None]
    dated = clock[np.clip(rows - split, 0, None)]
    x = np.where(dated > 0.0, dated, (position + 1 - first[:, None]) / past[:, None])
    crossed = new & (np.abs(process) > _boundary(critical, x, cusum))
    at = np.where(crossed.any(axis=1), crossed.argmax(axis=1), -1)
    lines = np.arange(len(errors))
    index = np.where(at >= 0, rows[lines, at] - split, NONE)
    share = _share_before(sums, behind, moving, history, at, width, cusum)
    magnitude = np.nanmedian(np.where(new, errors, np.nan), axis=1)
    mean = (process * new).sum(axis=1) / (count - history)
    breaks: Any = np.stack([index, past, count - history, rows[lines, first]], axis=1)
    return breaks, np.stack([magnitude, sigma, mean, share], axis=1)


def _share_before(sums: FloatArray, behind: AnyArray, moving: FloatArray, history: AnyArray,
                  at: AnyArray, width: AnyArray, cusum: bool) -> FloatArray:  # fmt: skip
    """The share (m,) of the ``moving`` (m, n) sum at the break that the history explains (see
    ``monitor_kernel.watch``); NaN without. ``sums`` (m, n + 1) of all residuals before each; the
    sum begins ``behind`` (m, n).
    """
    lines = np.arange(len(at))
    if cusum:
        last = sums[lines, history] - sums[lines, history - width]
        before = last * np.minimum(1.0, (at - history + 1.0) / width)
    else:
        before = sums[lines, history] - sums[lines, np.clip(behind[lines, at], 0, history)]
    with np.errstate(divide="ignore", invalid="ignore"):
        share: FloatArray = np.where(at >= 0, before / moving[lines, at], np.nan)
    return share


def _boundary(critical: float, x: FloatArray, cusum: bool) -> FloatArray:
    if not cusum:
        flat: FloatArray = critical * np.sqrt(2.0 * log_plus(x))
        return flat
    x = np.maximum(x, 1.0 + 1e-9)  # the history has no boundary
    result: FloatArray = np.sqrt(x * (x - 1.0) * (critical**2 + np.log(x / (x - 1.0))))
    return result


def _stable_from(kept: FloatArray, rows: AnyArray, history: AnyArray, design: FloatArray,
                 critical: float) -> AnyArray:  # fmt: skip
    """Where the stable history of each pixel begins: Givens rotations of all pixels at once."""
    size, pixels = design.shape[1], len(kept)
    matrix, right = np.zeros((pixels, size, size)), np.zeros((pixels, size))
    residuals = np.zeros((pixels, int(history.max())))
    for step in range(residuals.shape[1]):
        active = np.flatnonzero(step < history)
        position = history[active] - 1 - step
        row, value = design[rows[active, position]], kept[active, position]
        for j in range(size):
            length = np.hypot(matrix[active, j, j], row[:, j])
            safe = np.where(length > 0.0, length, 1.0)
            c = np.where(length > 0.0, matrix[active, j, j] / safe, 1.0)[:, None]
            s = row[:, j, None] / safe[:, None]
            upper = matrix[active, j]
            matrix[active, j] = c * upper + s * row
            row = c * row - s * upper
            old = right[active, j]
            right[active, j] = c[:, 0] * old + s[:, 0] * value
            value = c[:, 0] * value - s[:, 0] * old
        residuals[active, step] = value
    number = (history - size)[:, None]
    steps = np.arange(residuals.shape[1] - size)
    tail = np.where(steps < number, residuals[:, size:], 0.0)
    mean = tail.sum(axis=1, keepdims=True) / number
    spread = (np.where(steps < number, tail - mean, 0.0) ** 2).sum(axis=1, keepdims=True)
    scale = np.sqrt(spread / np.maximum(number - 1, 1) * number)
    boundary = critical * (1.0 + 2.0 * (steps + 1) / number) * scale
    crossed = (np.abs(np.cumsum(tail, axis=1)) > boundary) & (steps < number)
    found: AnyArray = np.where(crossed.any(axis=1), number[:, 0] - crossed.argmax(axis=1), 0)
    return found
