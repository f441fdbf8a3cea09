# SPDX-License-Identifier: GPL-3.0-or-later
"""BFASTMonitor: is there a break after a given date, and how large?

A seasonal model is fitted to a stable history; after its end the moving sum (or the cumulative sum)
of the residuals is watched until it crosses a boundary that a stable series crosses with a known
probability (Verbesselt, Zeileis & Herold 2012, 10.1016/j.rse.2012.02.022).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ...jit import runs_compiled
from ...progress import Progress, Silent, each
from ...types import AnyArray, FloatArray, TimeArray
from ..harmonics import MAX_HARMONICS, YEAR_DAYS, design, years
from .critical import cusum_critical, mosum_critical, recursive_cusum_critical
from .screening import screen
from .stack import by_date

NO_BREAK, TOO_FEW = -1, -2
_SILENT = Silent()
_BLOCK = 4096  # pixels: small enough for the cache and for a quick answer to a cancel


@dataclass(frozen=True)
class MonitorSettings:
    """How to monitor.

    ``start`` is the first date that may hold a break; what is before it is history, from
    ``history_start`` on where that is given. ``window`` is the bandwidth of the moving sum as a
    fraction of the history (0.25, 0.5, 1), ``level`` the probability of a false alarm (0.001 to
    0.05), ``period`` the longest monitoring in units of the history (2, 4, 6, 8, 10). The model has
    ``harmonics`` (0 to 3) of a season of ``season_days`` and a ``trend``. ``history`` is ``all`` of
    it, or the part that the reverse-ordered CUSUM finds stable (``roc``). ``process`` is ``mosum``
    or ``cusum``. The boundary rises with the number of ``observations`` since the start as in
    strucchange, or with the ``days`` since the year's first of January as in the Python package
    bfast; for monitoring that ends before 1.7 times the history both are the same.

    ``screening`` leaves out single spikes (clouds that the mask has missed) before the test:
    residuals of a robust fit beyond ``screening_sigmas`` that are not followed or preceded by
    others of their kind. A history with fewer ``observations_per_coefficient`` of the model is not
    tested; 0 follows BFAST, which tests whatever can be fitted. The ``level`` is that of the
    theory, for long histories and models without trend. At 0.05, of white noise, without a trend,
    with 3 harmonics and as many observations monitored as in the history, simulations gave 0.50
    with 10 of them, 0.03 with 22 and 0.02 with 96. A ``trend`` that is extrapolated costs more:
    0.29 with any history if as many observations are monitored, 0.10 with half and 0.05 with a
    third as many. Do without it where the monitoring is long. ``noise_floor`` is the smallest
    standard deviation believed, in the unit of the values.
    """

    start: np.datetime64
    history_start: np.datetime64 | None = None
    window: float = 0.25
    level: float = 0.05
    period: int = 10
    harmonics: int = 3
    trend: bool = True
    season_days: float = YEAR_DAYS
    history: Literal["all", "roc"] = "all"
    process: Literal["mosum", "cusum"] = "mosum"
    clock: Literal["observations", "days"] = "observations"
    screening: bool = False
    screening_sigmas: float = 3.5
    noise_floor: float = 0.0
    observations_per_coefficient: float = 3.0

    def __post_init__(self) -> None:
        for name, known in (
            ("history", ("all", "roc")),
            ("process", ("mosum", "cusum")),
            ("clock", ("observations", "days")),
        ):
            if getattr(self, name) not in known:
                raise InputError(f"{name} is '{getattr(self, name)}': choose {' or '.join(known)}.")
        if self.harmonics not in range(MAX_HARMONICS + 1):
            raise InputError(f"harmonics is {self.harmonics}: choose 0 to {MAX_HARMONICS}.")
        if not (self.season_days > 0.0 and self.screening_sigmas > 0.0):
            raise InputError("season_days and screening_sigmas must be positive.")
        if not (self.noise_floor >= 0.0 and self.observations_per_coefficient >= 0.0):
            raise InputError("noise_floor and observations_per_coefficient must not be negative.")


@dataclass(frozen=True)
class MonitorResult:
    """What was found in each of p pixels.

    ``break_index`` (p,) counts the dates of ``times`` (m,), the days from the start on, from 0;
    -1 (``NO_BREAK``) where there is no break, -2 (``TOO_FEW``) where there are too few observations
    to tell: not more than 5 on either side of the start, as in BFAST, or in the history fewer than
    the settings ask for, or not more than the model has coefficients (less than two each where
    ``roc`` has shortened it).
    ``magnitude`` (p,) is the median of the residuals after the start and ``sigma`` (p,) the
    standard deviation of those of the history, both in the unit of the values and NaN where
    untested; ``process_mean`` (p,) is the mean of the process, and ``share_before`` (p,) the share
    of its sum at the break that the history explains, NaN without a break: of a moving sum what is
    of dates before the start, of a cumulative one what the mean residual of the last quarter of
    the history would add up to, in as many dates at the most.
    ``history_count`` and ``monitor_count`` (p,) are the observations used; ``history_from`` (p,) is
    the day of the first of the history, NaT where untested. ``screened_count`` (p,) were left out.
    """

    times: TimeArray
    break_index: AnyArray
    magnitude: FloatArray
    sigma: FloatArray
    process_mean: FloatArray
    share_before: FloatArray
    history_count: AnyArray
    monitor_count: AnyArray
    history_from: TimeArray
    screened_count: AnyArray

    @property
    def break_time(self) -> TimeArray:
        """The days (p,) of the breaks, NaT where there is none."""
        found = self.times[np.maximum(self.break_index, 0)]
        return np.where(self.break_index >= 0, found, np.datetime64("NaT", "D"))


def monitor(
    values: npt.NDArray[np.floating[Any]],
    times: TimeArray,
    settings: MonitorSettings,
    progress: Progress = _SILENT,
    compiled: bool | None = None,
) -> MonitorResult:
    """Monitor a stack ``values`` (n, p) at ``times`` (n,), NaN where there is no observation.

    Dates may come in any order; observations of one day are averaged. One pixel is n x 1.
    ``compiled``: see ``jit.runs_compiled``; numpy computes the same. Raises ``InputError`` where
    the settings have no critical value, or where no date is before or from the start on.
    """
    ordered, days, _ = by_date(values, times)
    ordered, days = _since(ordered, days, settings.history_start)
    split = int(np.searchsorted(days, np.datetime64(settings.start, "D")))
    _require_both_sides(split, len(days), settings.start)
    seasons = years(days) * (YEAR_DAYS / settings.season_days)
    columns = design(seasons, settings.harmonics, settings.trend)
    pixels = ordered.shape[1]
    breaks, numbers = np.empty((pixels, 4), np.int64), np.empty((pixels, 4))
    screened = np.zeros(pixels, np.int64)
    arguments = (columns, split, _clock(days, split, settings.clock), *_constants(settings))
    run = _kernel(compiled)
    for begin in each(list(range(0, pixels, _BLOCK)), progress, "monitoring"):
        part = slice(begin, begin + _BLOCK)
        block = np.ascontiguousarray(ordered[:, part].T, np.float64)
        if settings.screening:
            limit, floor = settings.screening_sigmas, settings.noise_floor
            screened[part] = screen(block, columns, split, limit, floor, compiled)
        run(block, *arguments, breaks[part], numbers[part])
    short = breaks[:, 1] < settings.observations_per_coefficient * columns.shape[1]
    breaks[short, 0], breaks[short, 3], numbers[short] = TOO_FEW, -1, np.nan
    begun = np.where(breaks[:, 3] >= 0, days[breaks[:, 3]], np.datetime64("NaT", "D"))
    return MonitorResult(
        days[split:], breaks[:, 0], numbers[:, 0], numbers[:, 1], numbers[:, 2], numbers[:, 3],
        breaks[:, 1], breaks[:, 2], begun, screened,
    )  # fmt: skip


def check_settings(settings: MonitorSettings, times: TimeArray) -> None:
    """Raise ``InputError`` where ``settings`` have no critical value, or no date of ``times`` (n,)
    is before or from the start on: what ``monitor`` would raise, before anything is read.
    """
    _constants(settings)
    days = np.unique(times.astype("datetime64[D]"))
    if settings.history_start is not None:
        days = days[days >= settings.history_start]
    split = int(np.searchsorted(days, np.datetime64(settings.start, "D")))
    _require_both_sides(split, len(days), settings.start)


def _since(
    values: npt.NDArray[np.floating[Any]], days: TimeArray, begin: np.datetime64 | None
) -> tuple[npt.NDArray[np.floating[Any]], TimeArray]:
    first = 0 if begin is None else int(np.searchsorted(days, np.datetime64(begin, "D")))
    return values[first:], days[first:]


def _require_both_sides(split: int, count: int, start: np.datetime64) -> None:
    if split == 0:
        raise InputError(
            f"No observation is before the start of monitoring, {start}: begin later, so that "
            "there is a history to learn from."
        )
    if split == count:
        raise InputError(
            f"No observation is at or after the start of monitoring, {start}: begin earlier."
        )


def _clock(days: TimeArray, split: int, clock: str) -> FloatArray:
    """The times (m,) in units of the history; 0 where the observations are counted instead."""
    if clock == "observations":
        return np.zeros(len(days) - split)
    since = (days - days[0].astype("datetime64[Y]")) / np.timedelta64(1, "D")
    ratio: FloatArray = since[split:] / max(since[split - 1], 1.0)
    return ratio


def _constants(settings: MonitorSettings) -> tuple[float, float, bool, float, float]:
    cusum = settings.process == "cusum"
    critical = (
        cusum_critical(settings.level)
        if cusum
        else mosum_critical(settings.window, settings.period, settings.level)
    )
    roc = recursive_cusum_critical(settings.level) if settings.history == "roc" else 0.0
    return critical, settings.window, cusum, roc, settings.noise_floor


def _kernel(compiled: bool | None) -> Any:
    """The kernel for this machine, imported now because that takes its time."""
    if runs_compiled(compiled):
        from .monitor_kernel import monitor_pixels

        return monitor_pixels
    from .monitor_numpy import monitor_pixels as numpy_pixels

    return numpy_pixels
