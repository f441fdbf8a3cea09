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
_DAY = np.timedelta64(1, "D")
_ORIGIN = np.datetime64("2000-01-01", "ms")
SEASON = ("season, cosine", "season, sine")


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
    year, from ``LEAST_YEARS`` years on; the level is that of the mean over the year. ``fitted``
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
        if np.ptp(days[inside]) < LEAST_YEARS * YEAR_DAYS:
            notes.append(
                f"A season needs {LEAST_YEARS:g} years of coefficients to be told from a trend; it "
                "is left out."
            )
        else:
            turn = 2.0 * np.pi * days / YEAR_DAYS
            names += SEASON
            columns += [np.cos(turn), np.sin(turn)]
    if not columns:
        return Terms((), np.empty((len(time), 0)), tuple(notes))
    return Terms(tuple(names), np.stack(columns, axis=1), tuple(notes))
