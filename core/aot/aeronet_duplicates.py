# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several photometer rows of one site count, where files overlap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..io.aeronet import Rejection, Station
from ..types import AnyArray, BoolArray, TimeArray

_LEVELS = ("", "1.0", "1.5", "2.0")
_POINTS = len(_LEVELS)  # all points are worth more than a daily average of any level


def preferred_rows(
    site: AnyArray,
    time: TimeArray,
    station: AnyArray,
    stations: Sequence[Station],
    source: AnyArray,
    sources: Sequence[str],
) -> tuple[AnyArray, list[Rejection]]:
    """The rows that count, sorted by site and time, and the others as rejections (one per file and
    reason).

    ``site`` (n,) code per row, ``time`` (n,), ``station`` and ``source`` (n,) indices into
    ``stations`` and ``sources``. Of one site and day only the best level counts (2.0 before 1.5
    before 1.0, all points before daily averages): what level 2.0 left out was found to be bad. Of
    rows with the same site and time the first one counts, direct sun before SDA.
    """
    worth = np.array([_worth(item) for item in stations])[station]
    derived = np.array([item.product == "SDA" for item in stations])[station]
    order = np.lexsort((derived, -worth, time, site))
    site, time, worth, source = site[order], time[order], worth[order], source[order]
    beaten = worth < _best_of_day(site, time, worth)
    again = np.zeros(len(order), dtype=np.bool_)
    again[1:] = (site[1:] == site[:-1]) & (time[1:] == time[:-1])
    again &= ~beaten
    average = np.array([item.daily for item in stations])[station[order]]
    rejections = [
        *_counted(
            beaten & ~average, source, sources, "a better level of this site and day is there"
        ),
        *_counted(beaten & average, source, sources, "all points of this site and day are there"),
        *_counted(again, source, sources, "another row has the same site and time"),
    ]
    return order[~beaten & ~again], rejections


def _worth(station: Station) -> int:
    level = _LEVELS.index(station.level) if station.level in _LEVELS else 0
    return level + (0 if station.daily else _POINTS)


def _best_of_day(site: AnyArray, time: TimeArray, worth: AnyArray) -> AnyArray:
    """The highest worth of the site and day of each row (n,); rows are sorted by site and time."""
    day = time.astype("datetime64[D]")
    new = np.ones(len(day), dtype=np.bool_)
    new[1:] = (site[1:] != site[:-1]) | (day[1:] != day[:-1])
    best: AnyArray = np.maximum.reduceat(worth, np.flatnonzero(new))[np.cumsum(new) - 1]
    return best


def _counted(
    rows: BoolArray, source: AnyArray, sources: Sequence[str], reason: str
) -> list[Rejection]:
    counts = np.bincount(source[rows], minlength=len(sources))
    return [Rejection(sources[i], None, reason, int(counts[i])) for i in np.flatnonzero(counts)]
