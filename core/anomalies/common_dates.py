# SPDX-License-Identifier: GPL-3.0-or-later
"""Single dates that several sites share: the sensor or the processor, not ground or weather.

A date is shared where one cause (``common_causes``) explains two places or more better than causes
of their own, and does so more strongly than dates of independent places that meet by chance
(``chance_meetings``): the p-value is corrected for all dates and causes, so that the chance of any
false date is held, not their share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..series.types import TimeSeries
from ..types import AnyArray, FloatArray, TimeArray
from .chance_meetings import Families, PlaceDates, least_p_value, least_p_value_of_two, meetings
from .common_causes import Causes, causes_of, evidence
from .detect import Detection
from .places import NEAR_KM, Place, find_places

LEVEL = 0.01
DATE_WINDOW_DAYS = 2.0
# Of a place, for the cause that fits best: dates with less (a ratio of 7) are of no account.
LEAST_EVIDENCE = 2.0


@dataclass(frozen=True)
class CommonDate:
    """A single date on which one cause moved the ``sites`` of two places or more: its ``kind``
    (``gain``, ``offset``, ``aot``), the ``band`` ("" for all), and the ``amplitude`` (share of a
    gain, else reflectance; aerosol: of black ground at 490 nm). ``p_value``: the chance that
    independent sites have anything as unlikely on any date.
    """

    time: np.datetime64
    sites: tuple[str, ...]
    p_value: float
    kind: str
    band: str
    amplitude: float


def common_dates(
    series: Sequence[TimeSeries],
    detections: Sequence[Detection],
    level: float = LEVEL,
    window_days: float = DATE_WINDOW_DAYS,
    near_km: float = NEAR_KM,
) -> list[CommonDate]:
    """Dates (UTC days) that places share, in order of time.

    One ``Detection`` per series. ``level`` (0 to 1): chance of one false date or more where there
    is none. Dates of two places count as one within ``window_days``. Sites of one product, or
    nearer than ``near_km``, are one place, worth their effective number.
    """
    places = find_places(series, detections, near_km)
    if len(places) < 2 or not any(len(one) for one in series):
        return []
    causes = causes_of(tuple(dict.fromkeys(band for one in series for band in one.bands)))
    own = [evidence(one, found, causes) for one, found in zip(series, detections, strict=True)]
    dates = [_place_dates(series, own, place) for place in places]
    found = meetings(dates, Families(causes.families), window_days, level)
    # Of families that are equally unlikely, the one with most evidence.
    best = np.lexsort((-found.found, found.p_values), axis=1)[:, :1]
    p_values, strength, cause = (
        np.take_along_axis(one, best, axis=1)[:, 0]
        for one in (found.p_values, found.found, found.cause)
    )
    held = sum(np.isin(found.days, one.days[one.content >= 0]).astype(int) for one in dates)
    rank = list(zip(strength.tolist(), np.asarray(held).tolist(), strict=True))
    return [
        _date(series, own, causes, int(cause[i]), found.days[i], window_days, float(p_values[i]))
        for i in _peaks(found.days, rank, np.flatnonzero(p_values <= level), window_days)
    ]


def level_notes(
    series: Sequence[TimeSeries],
    detections: Sequence[Detection],
    level: float = LEVEL,
    near_km: float = NEAR_KM,
) -> list[str]:
    """Sentences that say where no shared date can be expected to have a p-value up to ``level``,
    however strong it is.
    """
    places = find_places(series, detections, near_km)
    tested = [
        np.unique(
            np.concatenate([_days(series[site])[detections[site].tested] for site in place.sites])
        )
        for place in places
    ]
    tested = [days for days in tested if len(days)]
    if len(tested) < 2:
        return []
    least = least_p_value(len(causes_of(series[0].bands).families))
    if level < least:
        return [
            f"The level of shared events is {level:g}, but p-values of shared dates, which come "
            f"from shuffles, are not sure to get below {least:.2g}: dates that sites share may be "
            "missed. Give a larger level."
        ]
    of_two = least_p_value_of_two(tested)
    if len(tested) == 2 and level < of_two:
        return [
            f"Two places alone share one date with a p-value of about {of_two:.2g} at the least, "
            f"because they have few dates in a season: at the level of {level:g} hardly any shared "
            "date can be seen. Give a larger level, or sites of a third place."
        ]
    return []


def _place_dates(
    series: Sequence[TimeSeries], own: Sequence[FloatArray], place: Place
) -> PlaceDates:
    """The days of a place with the sum of the evidence of its sites, each worth its share; only of
    days on which any cause has some.
    """
    worth = place.effective / len(place.sites)
    tested = {site: np.isfinite(own[site]).any(axis=1) for site in place.sites}
    days = np.unique(np.concatenate([_days(series[s])[tested[s]] for s in place.sites]))
    table = np.zeros((len(days), own[place.sites[0]].shape[1]))
    for site in place.sites:
        rows = np.flatnonzero(tested[site])
        np.add.at(table, np.searchsorted(days, _days(series[site])[rows]), worth * own[site][rows])
    some = (table > LEAST_EVIDENCE).any(axis=1)
    content = np.where(some, np.cumsum(some) - 1, -1)
    return PlaceDates(days, content, table[some].astype(np.float32))


def _days(series: TimeSeries) -> TimeArray:
    return series.times.astype("datetime64[D]")


def _peaks(
    days: TimeArray, rank: list[tuple[float, int]], chosen: AnyArray, window_days: float
) -> list[int]:
    """The strongest of each run of chosen days that are within the window of each other, by their
    ``rank``: evidence, and of equal ones the number of places that are off on the very day.
    """
    peaks: list[int] = []
    for i in chosen:
        near = peaks and (days[i] - days[peaks[-1]]) / np.timedelta64(1, "D") <= window_days
        if near and rank[i] > rank[peaks[-1]]:
            peaks[-1] = int(i)
        elif not near:
            peaks.append(int(i))
    return peaks


def _date(
    series: Sequence[TimeSeries],
    own: Sequence[FloatArray],
    causes: Causes,
    cause: int,
    day: np.datetime64,
    window_days: float,
    p_value: float,
) -> CommonDate:
    near = [np.abs((_days(one) - day) / np.timedelta64(1, "D")) <= window_days for one in series]
    best = [
        np.where(np.isfinite(found[rows]), found[rows], 0.0).max(axis=0, initial=0.0)
        for found, rows in zip(own, near, strict=True)
    ]
    # The same cause, with the amplitude that all sites together make the most likely.
    same = (causes.kind == causes.kind[cause]) & (causes.band == causes.band[cause])
    cause = int(np.where(same, np.sum(best, axis=0), -1.0).argmax())
    sites = [one.site for one, found in zip(series, best, strict=True) if found[cause] > 0.0]
    return CommonDate(
        day, tuple(sites), p_value,
        str(causes.kind[cause]), str(causes.band[cause]), float(causes.amplitude[cause]),
    )  # fmt: skip
