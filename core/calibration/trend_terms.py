# SPDX-License-Identifier: GPL-3.0-or-later
"""What a series of coefficients holds besides its trend: levels of sites, and a season.

Sites have levels of their own (aerosol, spectrum, directions that are not known better), and are
not seen equally often at all times: taken together without these levels, a change of their shares
looks like a drift. What repeats each year and is not sampled evenly looks like one too. Both are
columns beside those of the trend and fitted together with it, so that its errors hold that they are
not known: sites that do not overlap in time leave a large error, not a false trend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..times import YEAR_DAYS
from ..types import AnyArray, BoolArray, FloatArray, TimeArray

LEAST_YEARS = 2.0
# Of the year without a coefficient: above that a wave would be invented there.
MOST_GAP_YEARS = 0.25
_DAY = np.timedelta64(1, "D")
_ORIGIN = np.datetime64("2000-01-01", "ms")
SEASON = ("season, cosine", "season, sine")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """Columns (n, e) with their ``names`` (e,); ``notes``: sentences about what is left out."""

    names: tuple[str, ...]
    columns: FloatArray
    notes: tuple[str, ...] = ()

    def select(self, rows: AnyArray) -> Terms:
        """The same for some of the rows."""
        return Terms(self.names, self.columns[rows], self.notes)


def no_terms(count: int) -> Terms:
    """Nothing beside the trend, for ``count`` values."""
    return Terms((), np.empty((count, 0)))


def terms(
    time: TimeArray,
    site: AnyArray,
    offsets: bool,
    season: bool,
    fitted: BoolArray | None = None,
) -> Terms:
    """The columns for coefficients at UTC ``time`` (n,) over a ``site`` (n,).

    ``offsets``: the level of each site but the first by itself; the columns have the mean 0, so
    that the level of the trend is that of all coefficients together. ``season``: a wave of one
    year, from ``LEAST_YEARS`` years on and where no part of the year longer than ``MOST_GAP_YEARS``
    is without a coefficient; the level is that of the mean over the year. ``fitted``
    (n,): the rows that a fit will see (None: all); sites, means and years are theirs alone, since a
    site that has no row there would be a column that cannot be told from the level.
    """
    inside = np.ones(len(time), dtype=np.bool_) if fitted is None else fitted
    site = site.astype(str)
    names: list[str] = []
    columns: list[FloatArray] = []
    notes: list[str] = []
    sites = np.unique(site[inside]) if offsets else np.empty(0)
    for name in sites[1:]:
        there = (site == name).astype(np.float64)
        names.append(str(name))
        columns.append(there - there[inside].mean())
    if season:
        days = np.asarray((time - _ORIGIN) / _DAY, dtype=np.float64)
        if without := _no_season(days[inside]):
            notes.append(without)
        else:
            names += SEASON
            columns += [*wave(time).T]
    if not columns:
        return Terms((), np.empty((len(time), 0)), tuple(notes))
    return Terms(tuple(names), np.stack(columns, axis=1), tuple(notes))


def wave(time: TimeArray) -> FloatArray:
    """A wave of one year at UTC ``time`` (n,): its cosine and sine (n, 2)."""
    turn = 2.0 * np.pi * np.asarray((time - _ORIGIN) / _DAY, dtype=np.float64) / YEAR_DAYS
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


def _no_season(days: FloatArray) -> str:
    """Why no wave of one year can be fitted to coefficients at ``days`` (n,) after the origin; ""
    where one can.

    Its level is the mean over the whole year: where a part of the year is without coefficients, the
    wave is extrapolated there, and the level with it, by far more than its error says.
    """
    if np.ptp(days) < LEAST_YEARS * YEAR_DAYS:
        return (
            f"A season needs {LEAST_YEARS:g} years of coefficients to be told from a trend; it "
            "is left out."
        )
    phases = np.unique(np.mod(days / YEAR_DAYS, 1.0))
    gaps = np.diff(np.r_[phases, phases[0] + 1.0])
    widest = int(np.argmax(gaps))
    if gaps[widest] <= MOST_GAP_YEARS:
        return ""
    first, last = (
        _day_of_year(phase) for phase in (phases[widest], phases[(widest + 1) % len(phases)])
    )
    return (
        f"A season is left out: no coefficient of any year lies between {first} and {last}, and "
        "the wave would be extrapolated over that part of the year, and the level with it."
    )


def _day_of_year(phase: float) -> str:
    """A part of the year, from 0 to 1, as the day and month of a year of 365.25 days."""
    day = _ORIGIN.astype("datetime64[D]") + int(phase * YEAR_DAYS)
    return f"{int(str(day)[8:])} {_MONTHS[int(str(day)[5:7]) - 1]}"
