# SPDX-License-Identifier: GPL-3.0-or-later
"""How strong the evidence gets where dates of independent places meet by chance.

Places that have anomalies of their own meet now and then. How often, and with what evidence for one
cause, their own dates tell: the dates of each place are shuffled within seasons of the year, apart
from the other places, and the largest evidence of all dates noted, for each family of causes. What
was found is ranked among the shuffles by the family in which it is the least likely, as each of
them is, so that the p-value is corrected for all dates and causes (the least p-value of a
restricted permutation: Westfall & Young 1993, "Resampling-based multiple testing", single step;
Phipson & Smyth 2010, 10.2202/1544-6115.1585, for the count of one more). It holds whatever the
rate, the shape and the season of the anomalies of a place are.

It holds only where all meetings count that can arise: on every tested day of any place, not just on
those that have an anomaly in truth, and also of the dates that meet in truth. So two places that
share one date of n in its season meet there again in one shuffle of n: no less is their p-value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, FloatArray, TimeArray

LEAST_JOINT = 3.0  # of places together: less (a ratio of 20) is no event, however rare
SHUFFLES, MOST_SHUFFLES = 999, 9999
_SEED = 20080
_SEASONS = 4
_FEWEST_IN_SEASON = 12
_YEAR_DAYS = 365.25
_MOST_CELLS, _MOST_AT_ONCE = 20_000_000, 100  # of shuffles that are done together


@dataclass(frozen=True)
class PlaceDates:
    """A place: its tested ``days`` (n,), in order, the ``content`` (n,) of each, a row of ``table``
    (rows, causes), its evidence, or -1 where none of the causes has any.
    """

    days: TimeArray
    content: AnyArray
    table: FloatArray

    def nearest(self, days: TimeArray, window_days: float) -> AnyArray:
        """The index (c,) of the tested day that is nearest to each of ``days``; -1 where none is
        within the window.
        """
        if not len(self.days):
            return np.full(len(days), -1)
        after = np.clip(np.searchsorted(self.days, days), 0, len(self.days) - 1)
        before = np.maximum(after - 1, 0)
        gap = [np.abs(self.days[i] - days) / np.timedelta64(1, "D") for i in (before, after)]
        best = np.where(gap[0] <= gap[1], before, after)
        return np.where(np.minimum(*gap) <= window_days, best, -1)

    def at(self, days: TimeArray, window_days: float) -> FloatArray:
        """The evidence (c, causes) of the tested day that is nearest to each of ``days``; 0 where
        there is none. Of the type of ``table``: its sums have to equal those of the shuffles.
        """
        near = self.nearest(days, window_days)
        rows = np.where(near >= 0, self.content[near], -1) if len(self.days) else near
        table = np.zeros((len(days), self.table.shape[1]), self.table.dtype)
        table[rows >= 0] = self.table[rows[rows >= 0]]
        return table


@dataclass(frozen=True)
class Families:
    """Which of the causes (g,) belong together: ``first`` (families,) names the first of each, of
    causes that are in the order of their families.
    """

    first: AnyArray

    def strongest(self, tables: list[FloatArray]) -> tuple[FloatArray, AnyArray]:
        """Evidence (c, families) of places together, and which cause has it, from their own
        (c, g) each.
        """
        total = joint_evidence(tables)
        parts = np.split(np.arange(total.shape[1]), self.first[1:])
        best = np.stack([part[total[:, part].argmax(axis=1)] for part in parts], axis=1)
        return np.take_along_axis(total, best, axis=1), best


def joint_evidence(tables: list[FloatArray]) -> FloatArray:
    """Evidence (c, g) of places together, from their own (c, g) each.

    What speaks against a cause at a place counts as nothing, for its date may not be concerned; the
    place that has most is left out, so that one alone has none, whatever happened there.
    """
    total, most = np.zeros_like(tables[0]), np.zeros_like(tables[0])
    for table in tables:
        own = np.maximum(table, 0)
        total += own
        np.maximum(most, own, out=most)
    return np.asarray(total - most)


@dataclass(frozen=True)
class Meetings:
    """What places have together: the ``days`` (c,) that any of them was tested on, the evidence
    ``found`` and the ``cause`` (c, families) that has it, and its ``p_values`` (c, families).
    """

    days: TimeArray
    found: FloatArray
    cause: AnyArray
    p_values: FloatArray


def meetings(
    places: list[PlaceDates], families: Families, window_days: float, level: float
) -> Meetings:
    """The meetings of two ``places`` or more on all their days, dates within ``window_days`` as
    one. A p-value up to ``level`` (0 to 1) on any day has no more than that chance where the places
    are independent.
    """
    days = np.unique(np.concatenate([place.days for place in places]))
    found, cause = families.strongest([place.at(days, window_days) for place in places])
    p_values = _chance_of(places, days, found, families, window_days, level)
    return Meetings(days, found, cause, p_values)


def least_p_value(families: int) -> float:
    """What no p-value is sure to get below with so many families, however strong the evidence."""
    return families / (MOST_SHUFFLES + 1.0)


def least_p_value_of_two(days: Sequence[TimeArray]) -> float:
    """About what two places with these tested ``days`` cannot get below by one shared date: they
    meet on it again in one shuffle of as many as the largest season has dates.
    """
    return 1.0 / max(int(np.bincount(_seasons(own), minlength=1).max()) or 1 for own in days)


def _chance_of(
    places: list[PlaceDates],
    days: TimeArray,
    found: FloatArray,
    families: Families,
    window_days: float,
    level: float,
) -> FloatArray:
    """p-values (c, families) of the evidence ``found`` (c, families) at ``days``, against shuffled
    dates; 1 for less than ``LEAST_JOINT``, and once it is clear that none gets below the ``level``.
    Always the same for the same input.
    """
    most = found.max(axis=0, initial=0.0)
    if (most < LEAST_JOINT).all():
        return np.ones(found.shape)
    number = found.shape[1]
    count = int(np.clip(np.ceil(2.5 * number / level) - 1, SHUFFLES, MOST_SHUFFLES))
    shuffles = _Shuffles(places, families, days, window_days)
    rng = np.random.default_rng(_SEED)
    beyond = np.where(most >= LEAST_JOINT, 1, count + 1)
    # What was found is one of the draws.
    parts: list[FloatArray] = [most[None]]
    left = count
    while left:
        if (beyond > level * (count + 1)).all():
            return np.ones(found.shape)
        parts.append(shuffles.largest(min(shuffles.batch, left), rng))
        beyond += (parts[-1] >= most).sum(axis=0)
        left -= len(parts[-1])
    drawn = np.concatenate(parts)
    ordered = np.sort(drawn, axis=0)
    least = np.sort(_not_below(drawn, ordered).min(axis=1))
    p_values = np.searchsorted(least, _not_below(found, ordered), side="right") / (count + 1.0)
    return np.where(found >= LEAST_JOINT, p_values, 1.0)


def _not_below(values: FloatArray, ordered: FloatArray) -> AnyArray:
    """How many of the ``ordered`` (rows, families) are no less than the ``values`` (n, families),
    in each family.
    """
    counts = [
        len(ordered) - np.searchsorted(own, mine, side="left")
        for own, mine in zip(ordered.T, values.T, strict=True)
    ]
    return np.stack(counts, axis=1)


def _seasons(days: TimeArray) -> AnyArray:
    """The number (n,) of the season of each day, of as many seasons as have enough days."""
    year: TimeArray = days.astype("datetime64[Y]").astype(days.dtype)
    day: FloatArray = (days - year) / np.timedelta64(1, "D")
    count = int(np.clip(len(days) // _FEWEST_IN_SEASON, 1, _SEASONS))
    return np.asarray(np.minimum((day * count / _YEAR_DAYS).astype(int), count - 1))


class _Shuffles:
    """The dates of places, shuffled within seasons and apart from each other."""

    def __init__(
        self, places: list[PlaceDates], families: Families, days: TimeArray, window_days: float
    ) -> None:
        self._places, self._families = places, families
        self._near = [place.nearest(days, window_days) for place in places]
        self._season = [_seasons(place.days) for place in places]
        self._days = len(days)
        self._peaks = [np.append(place.table.max(axis=1, initial=0.0), 0.0) for place in places]
        cells = len(days) * places[0].table.shape[1] * len(places)
        self.batch = int(np.clip(_MOST_CELLS // max(1, cells), 1, _MOST_AT_ONCE))

    def largest(self, count: int, rng: np.random.Generator) -> FloatArray:
        """The largest evidence (count, families) of so many shuffles."""
        content = self._dealt(count, rng)
        meets = (content >= 0).sum(axis=0) > 1
        meets &= self._most(content) >= LEAST_JOINT
        shuffle, column = np.nonzero(meets)
        result = np.zeros((count, len(self._families.first)))
        if not len(shuffle):
            return result
        tables = []
        for place, rows in zip(self._places, content[:, shuffle, column], strict=True):
            table = np.zeros((len(rows), place.table.shape[1]), place.table.dtype)
            table[rows >= 0] = place.table[rows[rows >= 0]]
            tables.append(table)
        most = np.maximum.reduceat(joint_evidence(tables), self._families.first, axis=1)
        np.maximum.at(result, shuffle, most)
        return result

    def _most(self, content: AnyArray) -> FloatArray:
        """No cause has more joint evidence (count, c) than this."""
        total, largest = np.zeros(content.shape[1:]), np.zeros(content.shape[1:])
        for peak, rows in zip(self._peaks, content, strict=True):
            own = np.where(rows >= 0, peak[rows], 0.0)
            total += own
            np.maximum(largest, own, out=largest)
        return np.asarray(total - largest)

    def _dealt(self, count: int, rng: np.random.Generator) -> AnyArray:
        """What each place has at each day, (places, count, c): the row of its table, or -1."""
        contents = np.full((len(self._places), count, self._days), -1)
        for row, (place, near, season) in enumerate(
            zip(self._places, self._near, self._season, strict=True)
        ):
            if not len(place.days):
                continue
            # Sorted by season with random numbers: who held a rank gives, who stands there gets.
            draw = season + rng.random((count, len(season)))
            order = np.empty(draw.shape, int)
            giver = np.argsort(draw, axis=1)
            order[:, np.argsort(season, kind="stable")] = giver
            held = order[:, near]
            contents[row] = np.where(near >= 0, place.content[held], -1)
        return contents
