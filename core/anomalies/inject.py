# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies planted in series: what is changed is known, so that detection can be measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..series.types import TimeSeries
from ..types import AnyArray, FloatArray, TimeArray
from .harmonics import YEAR_DAYS
from .physics import cloud_over, haze_over, shadow_on, wrong_aot

# Largest change over the bands, in reflectance; the physical parameter is solved for.
REFLECTANCE_KINDS = ("cloud", "thin_cloud", "aot_under", "aot_over")
# kind -> unit of its amplitude
KINDS = {
    **dict.fromkeys(REFLECTANCE_KINDS, "reflectance"),
    "shadow": "share of the direct sun",
    "gain": "share",
    "offset": "reflectance",
    "wrong_date": "days",
    "step": "reflectance",
    "drift": "share per year",
}
MARGIN = 3  # dates at either end that stay as they are
_BISECTIONS = 45
_LEAST_OFF_DAYS = 10.0
_TOLERANCE = 1e-4  # reflectance
_PHYSICS: dict[str, tuple[Callable[[FloatArray, FloatArray, FloatArray], FloatArray], float]] = {
    "cloud": (cloud_over, 60.0),
    "thin_cloud": (haze_over, 8.0),
    "aot_under": (wrong_aot, 4.0),
    "aot_over": (lambda rho, nm, value: wrong_aot(rho, nm, -value), 4.0),
}


@dataclass(frozen=True)
class Injection:
    """What was planted: ``index`` (m,) of the dates, their ``time``, the ``kind`` and ``amplitude``
    (in ``unit``), the physical ``parameter`` (m,) (optical thickness, AOT error; else the
    amplitude) and the ``change`` (m, k) of the reflectance.
    """

    kind: str
    amplitude: float
    unit: str
    index: AnyArray
    time: TimeArray
    parameter: FloatArray
    change: FloatArray


def physical_change(
    kind: str, rho: FloatArray, wavelengths_nm: FloatArray, amplitude: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Changed reflectance (m, k) and physical parameter (m,) for spectra ``rho`` (m, k).

    ``amplitude`` (m,) is in the unit of ``KINDS``. For ``REFLECTANCE_KINDS`` the parameter is the
    one whose largest change over the bands is the amplitude, or the largest allowed (optical
    thickness 60 and 8, AOT error 4) where that is out of reach. Not for kinds that need times.
    Raises ``InputError`` for an unknown kind.
    """
    if kind in _PHYSICS:
        return _solve(*_PHYSICS[kind], rho, wavelengths_nm, np.abs(amplitude))
    if kind == "shadow":
        return shadow_on(rho, wavelengths_nm, amplitude), amplitude
    if kind == "gain":
        return rho * (1.0 + amplitude[:, None]), amplitude
    if kind == "offset":
        return rho + amplitude[:, None], amplitude
    raise InputError(f"The anomaly '{kind}' is unknown. Choose one of: {', '.join(KINDS)}.")


def inject(
    series: TimeSeries,
    kind: str,
    amplitude: float,
    count: int = 5,
    duration: int = 1,
    seed: int = 0,
) -> tuple[TimeSeries, Injection]:
    """Plant ``count`` anomalies of a ``kind`` at random clear dates, away from the ends and from
    each other; each lasts for ``duration`` clear dates.

    ``amplitude`` is in the unit of ``KINDS`` (``wrong_date``: how many days off the spectrum is).
    ``step`` and ``drift`` begin once, in the middle half of the series, and last to its end in
    time; masked dates change too. Dates need not be in order. The same ``seed`` plants the same.
    Raises ``InputError`` for an unknown kind, an amplitude that is not positive for
    ``REFLECTANCE_KINDS`` or that the kind cannot reach at one of the dates, and
    ``InsufficientDataError`` where there are too few clear dates or, for ``wrong_date``, none at
    about so many days (within a half of them, or 10).
    """
    if kind not in KINDS:
        raise InputError(f"The anomaly '{kind}' is unknown. Choose one of: {', '.join(KINDS)}.")
    if kind in REFLECTANCE_KINDS and not amplitude > 0.0:
        raise InputError(
            f"The amplitude of '{kind}' must be positive, not {amplitude:g}: it is the size of the "
            "largest change."
        )
    rng = np.random.default_rng(seed)
    if kind in ("step", "drift"):
        index, changed, parameter = _lasting(series, kind, amplitude, rng)
    else:
        index = _dates(series, count, duration, rng)
        rho = series.values[index]
        if kind == "wrong_date":
            changed, parameter = _other_date(series, index, amplitude)
        else:
            changed, parameter = physical_change(
                kind, rho, _wavelengths(series), np.full(len(index), amplitude)
            )
            _check_reached(kind, amplitude, changed - rho)
    values = np.array(series.values, dtype=np.float64)
    change = changed - values[index]
    values[index] = changed
    truth = Injection(kind, amplitude, KINDS[kind], index, series.times[index], parameter, change)
    return replace(series, values=values), truth


def _check_reached(kind: str, amplitude: float, change: FloatArray) -> None:
    """Refuse what would say more than it does."""
    if kind not in REFLECTANCE_KINDS:
        return
    reached = float(np.nanmax(np.abs(change), axis=1, initial=0.0).min())
    if reached < amplitude - _TOLERANCE:
        raise InputError(
            f"The anomaly '{kind}' cannot change the reflectance by {amplitude:g} at all of the "
            f"dates: {reached:.3f} is the most at one of them. Choose a smaller amplitude."
        )


def _wavelengths(series: TimeSeries) -> FloatArray:
    known = np.isfinite(series.wavelengths_nm)
    if not known.all():
        unknown = [name for name, one in zip(series.bands, known, strict=True) if not one]
        raise InputError(
            f"The wavelengths of {', '.join(unknown)} are unknown; physical anomalies need them. "
            "Give the table a column 'wavelength_nm' (in nm), or a column 'sensor' (such as MSI, "
            "OLI) whose bands are known by their names, or call the bands by colors (blue, red, "
            "nir)."
        )
    return series.wavelengths_nm


def _number(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _dates(series: TimeSeries, count: int, duration: int, rng: np.random.Generator) -> AnyArray:
    order = np.argsort(series.times, kind="stable")
    clear = order[series.clear[order]][MARGIN : -MARGIN or None]
    slots = len(clear) // (duration + 1)
    if slots < count or count < 1:
        raise InsufficientDataError(
            f"{_number(count, 'anomaly', 'anomalies')} of {_number(duration, 'date', 'dates')} "
            f"{'does' if count == 1 else 'do'} not fit into the "
            f"{_number(len(clear), 'clear date', 'clear dates')} of '{series.site}' away from "
            "its ends. Ask for fewer or shorter ones."
        )
    # One date at least between two anomalies: each slot holds one and its distance.
    chosen = np.sort(rng.choice(slots, count, replace=False)) * (duration + 1)
    return np.asarray(clear[(chosen[:, None] + np.arange(duration)).ravel()])


def _lasting(
    series: TimeSeries, kind: str, amplitude: float, rng: np.random.Generator
) -> tuple[AnyArray, FloatArray, FloatArray]:
    if len(series) < 4:
        raise InsufficientDataError(f"'{series.site}' has too few dates for a {kind}.")
    first = int(rng.integers(len(series) // 4, 3 * len(series) // 4))
    index = np.argsort(series.times, kind="stable")[first:]
    rho = series.values[index]
    if kind == "step":
        return index, rho + amplitude, np.full(len(index), amplitude)
    elapsed = (series.times[index] - series.times[index[0]]) / np.timedelta64(1, "D") / YEAR_DAYS
    factor = amplitude * elapsed
    return index, rho * (1.0 + factor[:, None]), factor


def _other_date(series: TimeSeries, index: AnyArray, days: float) -> tuple[FloatArray, FloatArray]:
    """The spectra of the clear dates nearest to so many days from ``index``, and the true days."""
    clear = np.flatnonzero(series.clear)
    at = (series.times - series.times.min()) / np.timedelta64(1, "D")
    found = np.empty(len(index), int)
    for row, i in enumerate(index):
        # The other way where the series ends before.
        way = 1.0 if 0.0 <= at[i] + days <= at.max() else -1.0
        others = clear[at[clear] != at[i]]
        off = np.abs(at[others] - (at[i] + way * days))
        if not off.size or off.min() > max(_LEAST_OFF_DAYS, 0.5 * abs(days)):
            raise InsufficientDataError(
                f"'{series.site}' has no other clear date about {days:g} days from "
                f"{np.datetime_as_string(series.times[i], unit='D')}. Ask for other days."
            )
        found[row] = others[off.argmin()]
    return series.values[found], at[found] - at[index]


def _solve(
    function: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
    most: float,
    rho: FloatArray,
    wavelengths_nm: FloatArray,
    amplitude: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    low, high = np.zeros(len(rho)), np.full(len(rho), most)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        change = np.abs(function(rho, wavelengths_nm, middle) - rho)
        enough = np.nanmax(change, axis=1, initial=0.0) >= amplitude
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return function(rho, wavelengths_nm, high), high
