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
from .chance_meetings import Families, PlaceDates, chance_of_meeting, chance_of_these
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
    independent sites meet as strongly on any date.
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
    days = np.unique(np.concatenate([one.days[one.content >= 0] for one in dates]))
    if not len(days):
        return []
    families = Families(causes.families)
    tables = [_at(one, days, window_days) for one in dates]
    found, cause = families.strongest(tables)
    p_values = chance_of_meeting(dates, days, found, families, window_days, level)
    best = p_values.argmin(axis=1)
    row = np.arange(len(days))
    p_values, found, cause = p_values[row, best], found[row, best], cause[row, best]
    shares = np.stack([table[row, cause] for table in tables])
    p_values = np.minimum(1.0, p_values + chance_of_these(shares, dates))
    return [
        _date(series, own, causes, int(cause[i]), days[i], window_days, float(p_values[i]))
        for i in _peaks(days, found, np.flatnonzero(p_values <= level), window_days)
    ]


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


def _at(place: PlaceDates, days: TimeArray, window_days: float) -> FloatArray:
    near = place.nearest(days, window_days)
    rows = np.where(near >= 0, place.content[near], -1) if len(place.days) else near
    table = np.zeros((len(days), place.table.shape[1]))
    table[rows >= 0] = place.table[rows[rows >= 0]]
    return table


def _peaks(days: TimeArray, found: FloatArray, chosen: AnyArray, window_days: float) -> list[int]:
    """The strongest of each run of chosen days that are within the window of each other."""
    peaks: list[int] = []
    for i in chosen:
        near = peaks and (days[i] - days[peaks[-1]]) / np.timedelta64(1, "D") <= window_days
        if near and found[i] > found[peaks[-1]]:
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
