# SPDX-License-Identifier: GPL-3.0-or-later
"""What each image as a whole says: the votes of its parts brought together, and a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...dependencies import require
from ...spread import TO_SIGMA
from ...types import FloatArray, TimeArray
from ..labels import NONE, UNKNOWN, WRONG_DATE
from ..templates import TYPES
from .codes import NAMES, SHIFT, STRIPES, UNTESTED
from .image_types import ImageVote, vote
from .radiometry import image_series
from .registration import Shift, shift_of
from .stripes import Stripes, stripes_of
from .wrong_date import OtherDate, other_date_of

LEAST_UNIFORM = 0.8  # share of cells in which what holds for the whole image has to hold
LEAST_SURE = 2.0 / 3.0  # posterior share: twice as likely as all other types together
# Misfit removed by another date, of the whole and of its pattern; times the usual misfit; share of
# the pixels that are anomalies.
LEAST_MOVED, LEAST_MISFIT, LEAST_WRONG = 0.5, 2.0, 0.05
LEAST_SHIFTED, SMALLEST_SHIFT = 0.1, 0.1  # squared residual explained; pixels
UNITS = {SHIFT: "pixels", STRIPES: "reflectance", WRONG_DATE: "days"}


@dataclass(frozen=True)
class DateVote:
    """One image. ``tested`` and ``flagged``: pixels; ``used``: share that is clear; ``types``:
    flagged pixels by the name of the type that fits their spectrum best.

    ``kind``: the type that the whole image has (``none`` where it has none), with ``amplitude`` in
    ``unit`` and ``p_value``; ``unknown`` where all of it is off, but two types are about as likely.
    The rest is what the tests found: ``image_p_value``, ``image_type`` with ``image_confidence``,
    ``second_type``, ``image_amplitude``, ``uniform`` of the radiometry; ``shift`` (with its error)
    and ``shift_usual_p_value``, the chance that an image of this series is displaced as far;
    ``stripes``, ``other_date``.
    """

    tested: int
    flagged: int
    used: float
    types: Mapping[str, int]
    kind: str
    amplitude: float
    unit: str
    p_value: float
    image_p_value: float
    image_type: str
    image_confidence: float
    second_type: str
    image_amplitude: float
    uniform: float
    shift: Shift | None
    shift_usual_p_value: float
    stripes: Stripes | None
    other_date: OtherDate | None

    @property
    def share(self) -> float:
        """The share of tested pixels that are flagged, 0 without any."""
        return self.flagged / self.tested if self.tested else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Bounds (95 %) of the amplitude, where its test gives them: of a shift; else NaN."""
        return self.shift.interval if self.shift and self.kind == SHIFT else (np.nan, np.nan)

    @property
    def dominant(self) -> str:
        """The type that most flagged pixels have by their spectrum."""
        return max(self.types, key=lambda name: self.types[name]) if self.types else NONE


def vote_dates(
    summaries: Sequence[Mapping[str, Any]],
    times: TimeArray,
    bands: Sequence[str],
    nm: FloatArray,
    threshold: float = 0.001,
    harmonics: int | None = None,
    orbits: Sequence[str] = (),
) -> list[DateVote]:
    """The votes of all n dates from the summaries of the tiles (``tiles.score_tile``). ``orbits``:
    their relative orbits, "" where unknown.
    """
    voting = [part for tile in summaries for part in tile["votes"]]
    dates = [[votes[date] for votes in voting] for date in range(len(times))]
    image = image_series(dates)
    radiometry = vote(image, times, nm, threshold, harmonics, orbits)
    shifts = [shift_of([part["shift"] for part in one]) for one in dates]
    moved = [other_date_of([part["misfits"] for part in one]) for one in dates]
    usual = np.median([one.misfit for one in moved if one] or [1.0])
    chances = _usual_chances(shifts)
    found = []
    for date, parts in enumerate(dates):
        counts = _types([tile["types"][date] for tile in summaries])
        stripes = stripes_of([
            [part["stripes"][band] for part in parts] for band in range(len(bands))
        ])  # fmt: skip
        signs = _Signs(shifts[date], chances[date], stripes, moved[date])
        found.append(_date_vote(
            date, radiometry, signs, counts, float(image.used[date]), threshold, float(usual)
        ))  # fmt: skip
    return found


@dataclass(frozen=True)
class _Signs:
    """What the tests of one image other than its radiometry found; see ``DateVote``."""

    shift: Shift | None
    usual_chance: float
    stripes: Stripes | None
    other_date: OtherDate | None


def _date_vote(
    date: int,
    radiometry: ImageVote,
    signs: _Signs,
    counts: Counter[str],
    used: float,
    threshold: float,
    usual: float,
) -> DateVote:
    """The vote of one date. ``counts``: tested pixels by type; ``threshold``: p-value of a shift;
    ``usual``: misfit of dates.
    """
    flagged = counts.total() - counts[NONE]
    moved = signs.other_date if flagged > LEAST_WRONG * counts.total() else None
    kind, amplitude, p_value = _verdict(
        date, radiometry, signs.shift, threshold, signs.stripes, moved, usual
    )
    return DateVote(
        counts.total(), flagged, used,
        {name: n for name, n in counts.items() if name != NONE and n},
        kind, amplitude, _unit(kind), p_value,
        float(radiometry.p_value[date]), str(radiometry.type[date]),
        float(radiometry.confidence[date]), str(radiometry.second[date]),
        float(radiometry.amplitude[date]), float(radiometry.uniform[date]),
        signs.shift, signs.usual_chance, signs.stripes, signs.other_date,
    )  # fmt: skip


def _verdict(
    date: int,
    radiometry: ImageVote,
    shift: Shift | None,
    threshold: float,
    stripes: Stripes | None,
    moved: OtherDate | None,
    usual: float,
) -> tuple[str, float, float]:
    """Type, amplitude and p-value of what the whole image has."""
    chance = float(radiometry.p_value[date])
    if (
        moved and min(moved.explained, moved.pattern) >= LEAST_MOVED
        and moved.misfit >= LEAST_MISFIT * usual
    ):  # fmt: skip
        return WRONG_DATE, moved.days, float("nan")  # its test has no law
    if (
        shift and shift.explained >= LEAST_SHIFTED and shift.pixels >= SMALLEST_SHIFT
        and shift.p_value < threshold and shift.confirmed
    ):  # fmt: skip
        return SHIFT, shift.pixels, shift.p_value
    kind = str(radiometry.type[date])
    if kind in TYPES and radiometry.uniform[date] >= LEAST_UNIFORM:
        if radiometry.confidence[date] < LEAST_SURE:
            return UNKNOWN, float("nan"), chance
        return kind, float(radiometry.amplitude[date]), chance
    if kind == UNKNOWN and radiometry.uniform[date] >= LEAST_UNIFORM:
        return UNKNOWN, float("nan"), chance
    if stripes and stripes.plain:
        return STRIPES, stripes.amplitude, stripes.p_value
    return NONE, float("nan"), float("nan")


def _types(parts: Sequence[Mapping[str, int]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for part in parts:
        for code, number in part.items():
            if int(code) != UNTESTED:
                counts[NAMES[int(code)]] += number
    return counts


def _usual_chances(shifts: Sequence[Shift | None]) -> list[float]:
    """The chance (n,) that an image of this series is as far off as each, from the scatter of all:
    how unusual a shift is, not whether there is one.
    """
    seen = np.array([[one.rows, one.columns] for one in shifts if one])
    if len(seen) < 4:
        return [float("nan")] * len(shifts)
    middle = np.median(seen, axis=0)
    scale = np.maximum(TO_SIGMA * np.median(np.abs(seen - middle), axis=0), 1e-3)
    special = require("scipy.special")
    chances = []
    for one in shifts:
        if one is None:
            chances.append(float("nan"))
            continue
        squared = float((((np.array([one.rows, one.columns]) - middle) / scale) ** 2).sum())
        # Of two normal numbers whose scale is known from len(seen) others: Hotelling's law.
        nu = len(seen) - 1.0
        chances.append(float(special.fdtrc(2.0, nu - 1.0, squared * (nu - 1.0) / (2.0 * nu))))
    return chances


def _unit(kind: str) -> str:
    return TYPES[kind][2] if kind in TYPES else UNITS.get(kind, "")
