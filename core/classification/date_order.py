# SPDX-License-Identifier: GPL-3.0-or-later
"""Features of a model found in a stack of other dates: the first date is the first, and so on.

For models of another year, and of tables that number their dates (``NDVI_00``, ``NDVI_01``, ...).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..wording import plural
from .feature_names import feature_of

_NUMBERED = re.compile(r"^(?P<name>.+?)_(?P<number>\d{1,3})$")
_YEAR, _SEASON = 365.25, 45.0  # days: how far dates of another year may lie from the same day


@dataclass(frozen=True)
class Dated:
    """A feature by its text: the day (days since 1970) of a dated one, else its number."""

    text: str
    place: int
    dated: bool


def features_by_order(
    wanted: Sequence[str], present: Sequence[str], where: str, owner: str = "the model"
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The features of ``present`` that stand for those ``wanted``, in their order, and notes about
    what stands for what.

    ``where`` and ``owner``: how messages call what has the ``present`` and the ``wanted`` ones.
    Each band's dates (or numbers) are sorted, and the n-th stands for the n-th. Features without a
    date are found by their name, as are those of ``wanted`` that are all there. Raises
    ``InputError`` where a band is missing or has another number of dates, or where the dates of
    both are spaced in different ways (more than half of the model's step).
    """
    known = {str(feature_of(text)) for text in present}
    keys = list(dict.fromkeys(str(feature_of(text)) for text in wanted))
    there = series_by_band(sorted(known))
    found: dict[str, str] = {}
    pairs: list[tuple[Dated, Dated]] = []
    for name, series in series_by_band(keys).items():
        if all(one.text in known for one in series):
            found |= {one.text: one.text for one in series}
            continue
        others = [one for one in there.get(name, []) if one.dated or not series[0].dated]
        _check_count(name, series, others, (where, owner))
        _check_steps(name, series, others, (where, owner))
        found |= {one.text: other.text for one, other in zip(series, others, strict=True)}
        pairs += [(series[0], others[0]), (series[-1], others[-1])]
    named = tuple(found[str(feature_of(text))] for text in wanted)
    return named, _notes(pairs, (where, owner))


def series_by_band(names: Sequence[str]) -> dict[str, list[Dated]]:
    """The features of each band, sorted by date or number; those with neither by themselves."""
    found: dict[str, list[Dated]] = {}
    for text in names:
        feature, numbered = feature_of(text), _NUMBERED.match(text)
        if feature.day is not None:
            found.setdefault(feature.name, []).append(
                Dated(text, int(feature.day.astype(int)), True)
            )
        elif numbered:
            one = Dated(text, int(numbered["number"]), False)
            found.setdefault(numbered["name"], []).append(one)
        else:
            found.setdefault(text, []).append(Dated(text, 0, False))
    return {name: sorted(series, key=lambda one: one.place) for name, series in found.items()}


def _check_count(
    name: str, series: Sequence[Dated], others: Sequence[Dated], said: tuple[str, str]
) -> None:
    where, owner = said
    if not others:
        raise InputError(
            f"{where} lacks the feature {name}, which {owner} needs: give the band this name "
            "(band description), or leave the feature out where it is needed."
        )
    if len(others) != len(series):
        raise InputError(
            f"{where} has {plural(len(others), 'date')} of {name}, and {owner} "
            f"{len(series)}: they cannot stand for each other in order. Make the stack at as many "
            "dates (DATES of 'Compute primitives')."
        )


def _check_steps(
    name: str, series: Sequence[Dated], others: Sequence[Dated], said: tuple[str, str]
) -> None:
    """Dates of both have to be spaced alike: else other months would stand for each other."""
    where, owner = said
    if not all(one.dated for one in (*series, *others)) or len(series) < 2:
        return
    own, other = (np.array([one.place for one in some]) for some in (series, others))
    shifts = other - own
    if np.ptp(shifts) > np.diff(own).mean() / 2.0:
        raise InputError(
            f"{where} has its dates of {name} in other steps than {owner} (shifts of "
            f"{shifts.min()} to {shifts.max()} days). Make the stack at the days of the year of "
            f"{owner} (DATES of 'Compute primitives')."
        )


def _notes(pairs: Sequence[tuple[Dated, Dated]], said: tuple[str, str]) -> tuple[str, ...]:
    """What stands for what, of the first band; a warning where it is another season."""
    if not pairs:
        return ()
    (one, first), (other, last) = pairs[:2]
    there, owner = f"{said[0][0].lower()}{said[0][1:]}", said[1]
    bands = plural(len(pairs) // 2, "band")
    notes = [
        f"Dates of {bands} matched by their order, not by name: {one.text} of {owner} is "
        f"{first.text} of {there}, {other.text} is {last.text}."
    ]
    shifts = [two.place - one.place for one, two in pairs if one.dated and two.dated]
    apart = max((abs((shift + _YEAR / 2) % _YEAR - _YEAR / 2) for shift in shifts), default=0.0)
    if apart > _SEASON:
        notes.append(
            f"The dates of {there} lie {apart:.0f} days from those of {owner} in the course of "
            "the year: of another season, classes look different."
        )
    return tuple(notes)
