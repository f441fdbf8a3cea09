# SPDX-License-Identifier: GPL-3.0-or-later
"""The one break that is told of each pixel: when, how large, how sure; or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ...types import AnyArray, BoolArray, TimeArray
from .critical import LEVELS
from .early import early_breaks
from .joint import BreakResult, detect_breaks
from .monitor import TOO_FEW, MonitorResult, MonitorSettings, monitor
from .plan import BFASTMONITOR, BreakPlan

Float32 = npt.NDArray[np.float32]

# Codes of the status: tested without a break, a break, a change that has begun and is not yet
# confirmed, too few observations to tell, no observation at all.
STABLE, BREAK, BEGUN, TOO_FEW_SEEN, NOTHING_SEEN = 0, 1, 2, 3, 255
STATUS = {
    STABLE: "stable",
    BREAK: "break",
    BEGUN: "begun",
    TOO_FEW_SEEN: "too_few",
    NOTHING_SEEN: "no_value",
}
NO_DATE = -9999  # days since 1970-01-01
_PIXELS = 4096  # the joint test holds some 1.5 KB per band for each pixel


@dataclass(frozen=True)
class BreakMaps:
    """Of p pixels: ``day`` (p,) of the break, days since 1970-01-01 (int32, ``NO_DATE`` for none);
    ``magnitude`` (m, p) in the unit of the values, one line of the value monitored or one per band,
    NaN where untested; ``probability`` (p,) 0 to 1, NaN without a break; ``status`` (p,) code of
    ``STATUS`` (uint8); ``count`` (p,) of observations used, ``history_count`` (p,) of them before
    the start (with the joint test all); ``early`` (p,) whether the break is rather one of the
    history (``early.early_breaks``; with the joint test none).

    The probability of the joint test is the share of its consecutive observations that changed; of
    monitoring it is 1 minus the smallest level of the table of critical values (0.05 to 0.001) at
    which the break is still found.
    """

    day: npt.NDArray[np.int32]
    magnitude: Float32
    probability: Float32
    status: npt.NDArray[np.uint8]
    count: AnyArray
    history_count: AnyArray
    early: BoolArray


def find_breaks(
    values: npt.NDArray[np.floating[Any]], times: TimeArray, plan: BreakPlan
) -> BreakMaps:
    """Test ``values`` (n, b, p) at ``times`` (n,), NaN where there is no observation.

    Monitoring takes one band (b = 1). Raises ``InputError`` where the plan does not fit.
    """
    seen = np.isfinite(values).any(axis=(0, 1))
    if plan.method == BFASTMONITOR:
        found = _monitored(values[:, 0], times, plan)
    else:
        parts = [
            _jointly(values[:, :, begin : begin + _PIXELS], times, plan)
            for begin in range(0, max(values.shape[2], 1), _PIXELS)
        ]
        found = BreakMaps(
            np.concatenate([one.day for one in parts]),
            np.concatenate([one.magnitude for one in parts], axis=1),
            np.concatenate([one.probability for one in parts]),
            np.concatenate([one.status for one in parts]),
            np.concatenate([one.count for one in parts]),
            np.concatenate([one.history_count for one in parts]),
            np.concatenate([one.early for one in parts]),
        )
    found.status[~seen] = NOTHING_SEEN
    return found


def _monitored(values: AnyArray, times: TimeArray, plan: BreakPlan) -> BreakMaps:
    settings = plan.monitor
    if settings is None:
        raise InputError("Monitoring needs its START: the first date that may hold a break.")
    result = monitor(values, times, settings)
    broken = result.break_index >= 0
    status = np.where(broken, BREAK, STABLE)
    status[result.break_index == TOO_FEW] = TOO_FEW_SEEN
    return BreakMaps(
        _days(result.break_time),
        result.magnitude[None].astype(np.float32),
        _probability(values, times, settings, result),
        status.astype(np.uint8),
        result.history_count + result.monitor_count,
        result.history_count,
        early_breaks(result),
    )


def _probability(
    values: AnyArray, times: TimeArray, settings: MonitorSettings, result: MonitorResult
) -> Float32:
    """1 minus the smallest level at which each break (p,) is found: tested at stricter and stricter
    ones, as long as there is a break.
    """
    probability = np.full(len(result.break_index), np.nan, dtype=np.float32)
    left = np.flatnonzero(result.break_index >= 0)
    probability[left] = 1.0 - settings.level
    for level in (one for one in LEVELS if one < settings.level):
        if not len(left):
            break
        stricter = monitor(values[:, left], times, replace(settings, level=level))
        left = left[stricter.break_index >= 0]
        probability[left] = 1.0 - level
    return probability


def _jointly(values: AnyArray, times: TimeArray, plan: BreakPlan) -> BreakMaps:
    result = detect_breaks(values, times, plan.waves, plan.joint)
    place = _first_break(result, plan.start)
    pixel = np.arange(len(place))
    at = np.maximum(place, 0)
    probability = np.where(place >= 0, result.probability[pixel, at], np.nan)
    magnitude = np.where(place[:, None] >= 0, result.magnitude[pixel, at], np.nan)
    confirmed = probability >= 1.0
    status = np.select(
        [result.segment_count == 0, confirmed, place >= 0], [TOO_FEW_SEEN, BREAK, BEGUN], STABLE
    )
    day = np.where(place >= 0, result.break_time[pixel, at], np.datetime64("NaT", "D"))
    return BreakMaps(
        _days(day), magnitude.T.astype(np.float32), probability.astype(np.float32),
        status.astype(np.uint8), result.observation_count, result.observation_count,
        np.zeros(len(place), np.bool_),
    )  # fmt: skip


def _first_break(result: BreakResult, start: np.datetime64 | None) -> AnyArray:
    """The segment (p,) whose end is the first break that counts; without one, the first change that
    has begun; -1 without any.
    """
    dated = ~np.isnat(result.break_time)
    if start is not None:
        dated &= result.break_time >= start.astype("datetime64[D]")
    confirmed = dated & (result.probability >= 1.0)
    begun = dated & (result.probability > 0.0)
    found = np.where(begun.any(axis=1), begun.argmax(axis=1), -1)
    return np.where(confirmed.any(axis=1), confirmed.argmax(axis=1), found)


def _days(times: TimeArray) -> npt.NDArray[np.int32]:
    whole = times.astype("datetime64[D]").astype(np.int64)
    return np.where(np.isnat(times), NO_DATE, whole).astype(np.int32)
