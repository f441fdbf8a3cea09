# SPDX-License-Identifier: GPL-3.0-or-later
"""Spikes that the mask has missed, left out before a break is looked for.

A moving sum takes a cloud in one observation for a small change in all; with 2 % of them the rate
of false alarms doubles. The seasonal model is fitted to the history with Tukey's bisquare
(Beaton & Tukey 1974, 10.1080/00401706.1974.10489171; scale by the median absolute residual), as
Tmask does for clouds (Zhu & Woodcock 2014, 10.1016/j.rse.2014.06.012).
"""

from __future__ import annotations

import numpy as np

from ...jit import runs_compiled
from ...types import AnyArray, BoolArray, FloatArray
from ..fit_parts import NORMAL, TUNING
from .normal_equations import solve
from .screening_kernel import ROUNDS, RUN, screen_pixels


def screen(
    values: FloatArray,
    design: FloatArray,
    split: int,
    sigmas: float = 3.5,
    floor: float = 0.0,
    compiled: bool | None = None,
) -> AnyArray:
    """Make spikes in ``values`` (pixels, n) NaN, in place, and return their count (pixels,).

    The history is what is before index ``split`` of the dates, ``design`` (n, p) the model. In the
    history every residual beyond ``sigmas`` times the robust scale (at least ``floor``) is left
    out; after it only those that are not 3 or more of one sign in a row, because a break is. At
    the very end of the series a beginning break is left out with them until it is 3 observations
    old. Pixels with not more than p + 1 observations in the history stay as they are.
    ``compiled``: see ``jit.runs_compiled``.
    """
    dropped = np.zeros(len(values), np.int64)
    if runs_compiled(compiled):
        screen_pixels(values, design, split, sigmas, floor, dropped)
        return dropped
    finite = np.isfinite(values)
    chosen = np.flatnonzero(finite[:, :split].sum(axis=1) > design.shape[1] + 1)
    if len(chosen):
        errors, scale = _robust_residuals(values[chosen], design, split, floor)
        spikes = _spikes(errors, (sigmas * scale)[:, None], split)
        values[chosen] = np.where(spikes, np.nan, values[chosen])
        dropped[chosen] = spikes.sum(axis=1)
    return dropped


def _robust_residuals(
    values: FloatArray, design: FloatArray, split: int, floor: float
) -> tuple[FloatArray, FloatArray]:
    """Residuals (m, n), NaN where there is no value, and the scale (m,); infinite where no fit."""
    size = design.shape[1]
    past, columns = values[:, :split], design[:split]
    squares = (columns[:, :, None] * columns[:, None, :]).reshape(split, -1)
    known = np.isfinite(past)
    filled = np.where(known, past, 0.0)
    count = known.sum(axis=1)
    smallest = np.maximum(1e-9 * np.abs(filled).max(axis=1), max(floor, 1e-300))
    spread = np.sqrt(count / (count - size)) / NORMAL
    weights, good = known.astype(float), np.ones(len(values), bool)
    model, scale = np.zeros((len(values), size)), smallest
    for _ in range(ROUNDS):
        matrix = (weights @ squares).reshape(-1, size, size)
        solved, model = solve(matrix, (weights * filled) @ columns)
        good &= solved
        model[~good] = 0.0
        errors = np.where(known, past - model @ columns.T, np.nan)
        scale = np.maximum(np.nanmedian(np.abs(errors), axis=1) * spread, smallest)
        ratio = (errors / (TUNING * scale)[:, None]) ** 2
        weights = np.where(ratio < 1.0, (1.0 - ratio) ** 2, 0.0)
    scale = np.where(good, scale, np.inf)
    return values - model @ design.T, scale


def _spikes(errors: FloatArray, limit: FloatArray, split: int) -> BoolArray:
    """Which residuals (m, n) are spikes: runs are counted over what is there, gaps aside."""
    order = np.argsort(~np.isfinite(errors), axis=1, kind="stable")
    compact = np.take_along_axis(errors, order, axis=1)
    with np.errstate(invalid="ignore"):
        sign = np.where(np.abs(compact) > limit, np.sign(compact), 0.0)
    # Of their own kind: the history does not make up runs.
    sign[(order < split) & (sign != 0.0)] *= np.inf
    lengths = np.zeros(sign.shape)
    for step in (1, -1):  # how far a run goes on to either side
        run = np.zeros(len(sign))
        columns = range(sign.shape[1]) if step == 1 else range(sign.shape[1] - 1, -1, -1)
        last = np.zeros(len(sign))
        for column in columns:
            same = (sign[:, column] == last) & (last != 0.0)
            run = np.where(same, run + 1.0, 0.0)
            lengths[:, column] += run
            last = sign[:, column]
    spike = (sign != 0.0) & (np.isinf(sign) | (lengths + 1.0 < RUN)) & np.isfinite(compact)
    result = np.zeros(sign.shape, bool)
    np.put_along_axis(result, order, spike, axis=1)
    return result
