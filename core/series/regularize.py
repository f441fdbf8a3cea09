# SPDX-License-Identifier: GPL-3.0-or-later
"""Gap-filled time series on a regular grid of dates, and how far the nearest clear date is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..dependencies import require
from ..errors import InputError
from ..types import BoolArray, FloatArray, TimeArray
from .gap_filling import days_to_clear, fill_linear
from .whittaker import fill_whittaker

Float32 = npt.NDArray[np.float32]
METHODS = ("linear", "whittaker", "savitzky_golay")
MOST_DATES = 10_000
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class GapFilling:
    """How gaps are filled.

    ``method``: one of ``METHODS``. ``max_gap_days``: how many whole days the first and the last
    clear value are held beyond their own; gaps between clear dates are always filled.
    ``smoothing``: lambda of the Whittaker smoother, for days. ``window``, ``order``: of
    Savitzky-Golay, in steps of the regular grid (odd) and degree of its polynomials.
    """

    method: str = "linear"
    max_gap_days: float = 30.0
    smoothing: float = 1000.0
    window: int = 7
    order: int = 2


def regular_times(start: np.datetime64, end: np.datetime64, step_days: int) -> TimeArray:
    """Midnights (UTC) every ``step_days`` (1 or more) from the day of ``start`` to that of ``end``.

    Raises ``InputError`` where ``end`` lies before ``start`` or there would be too many.
    """
    first, last = start.astype("datetime64[D]"), end.astype("datetime64[D]")
    if last < first:
        raise InputError(f"The end ({last}) lies before the start ({first}). Exchange them.")
    count = int((last - first) / DAY) // step_days + 1
    if count > MOST_DATES:
        raise InputError(
            f"{count} dates from {first} to {last} are more than {MOST_DATES}. Give a larger step."
        )
    times: TimeArray = (first + np.arange(count) * step_days * DAY).astype("datetime64[ms]")
    return times


def days_from(times: TimeArray, origin: np.datetime64) -> FloatArray:
    """Days (n,) from ``origin``, with their fractions."""
    days: FloatArray = (times - origin) / DAY
    return days


def check_settings(settings: GapFilling, dates: int) -> None:
    """Raise ``InputError`` where ``settings`` cannot be used for ``dates`` regular dates."""
    if settings.method not in METHODS:
        raise InputError(
            f"There is no method '{settings.method}'. Choose one of: {', '.join(METHODS)}."
        )
    if settings.max_gap_days < 0 or settings.smoothing <= 0:
        raise InputError("The longest gap has to be 0 or more, and the smoothing more than 0.")
    if settings.method != "savitzky_golay":
        return
    if settings.window % 2 == 0 or settings.window <= settings.order:
        raise InputError(
            f"The Savitzky-Golay window ({settings.window}) has to be odd and larger than the "
            f"order of the polynomials ({settings.order})."
        )
    if dates < settings.window:
        raise InputError(
            f"The Savitzky-Golay window ({settings.window} steps) is longer than the series "
            f"({dates} dates). Give a shorter window or a smaller step."
        )


def regularize(
    values: Float32,
    clear: BoolArray,
    days: FloatArray,
    out_days: FloatArray,
    settings: GapFilling,
    compiled: bool | None = None,
) -> tuple[Float32, Float32]:
    """Fill ``values`` (n, k, p), NaN where there is none, at ``days`` (n,), never decreasing.

    ``clear`` (n, p) says what is not masked; ``out_days`` (m,) increase. Returns the filled values
    (m, k, p), NaN beyond the ends (see ``GapFilling``) and where a pixel is never clear, and the
    days to the nearest clear date (m, p), of the band where it is farthest; infinite where a band
    is never clear. Whittaker falls back to the one clear value where there is only one.
    """
    check_settings(settings, len(out_days))
    usable = clear[:, None, :] & np.isfinite(values)
    if usable.shape[1] and (usable == usable[:, :1]).all():
        groups = [slice(0, values.shape[1])]
    else:
        groups = [slice(band, band + 1) for band in range(values.shape[1])]
    filled = np.empty((len(out_days), *values.shape[1:]), dtype=np.float32)
    quality = np.zeros((len(out_days), values.shape[2]), dtype=np.float32)
    for bands in groups:
        own = np.ascontiguousarray(usable[:, bands.start])
        filled[:, bands] = _fill(values[:, bands], own, days, out_days, settings, compiled)
        np.maximum(quality, days_to_clear(own, days, out_days), out=quality)
    return filled, quality


def _fill(
    values: Float32,
    clear: BoolArray,
    days: FloatArray,
    out_days: FloatArray,
    settings: GapFilling,
    compiled: bool | None,
) -> Float32:
    gap = settings.max_gap_days
    linear = fill_linear(values, clear, days, out_days, gap, compiled)
    if settings.method == "whittaker":
        smooth = fill_whittaker(values, clear, days, out_days, gap, settings.smoothing, compiled)
        return np.where(np.isnan(smooth), linear, smooth)
    if settings.method == "savitzky_golay":
        held = fill_linear(values, clear, days, out_days, np.inf, compiled)
        return np.where(np.isnan(linear), np.nan, _savitzky_golay(held, settings))
    return linear


def _savitzky_golay(values: Float32, settings: GapFilling) -> Float32:
    """Savitzky & Golay 1964 (10.1021/ac60214a047) along the dates, by scipy."""
    signal = require("scipy.signal")
    smooth: Float32 = signal.savgol_filter(
        values, settings.window, settings.order, axis=0, mode="interp"
    )
    return smooth
