# SPDX-License-Identifier: GPL-3.0-or-later
"""Names as numbers: sites, quality levels and seasons, encoded fast for long tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, TimeArray

SEASONS = ("DJF", "MAM", "JJA", "SON")


@dataclass(frozen=True)
class Factor:
    """A text column (n,) as codes (n,) into its distinct ``labels``."""

    codes: AnyArray
    labels: tuple[str, ...]

    @classmethod
    def of(cls, values: AnyArray, normalize: Callable[[str], str] = str) -> Factor:
        """Encode ``values`` after ``normalize``; labels in order of first appearance.

        Tables come in long runs of the same name: only the first row of each run is looked at in
        Python.
        """
        values = np.asarray(values, dtype=object)
        if len(values) == 0:
            return cls(np.zeros(0, np.int64), ())
        heads = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
        seen: dict[str, int] = {}
        spelled: dict[object, int] = {}
        codes = np.empty(len(heads), np.int64)
        for place, value in enumerate(values[heads]):
            if value not in spelled:
                text = normalize("" if value is None else str(value))
                spelled[value] = seen.setdefault(text, len(seen))
            codes[place] = spelled[value]
        return cls(np.repeat(codes, np.diff(np.append(heads, len(values)))), tuple(seen))

    def translate(self, other: Factor) -> AnyArray:
        """Codes (n,) of ``other``'s rows in this factor's labels; -1 where the label is unknown
        here.
        """
        place = {label: index for index, label in enumerate(self.labels)}
        table = np.array([place.get(label, -1) for label in other.labels], dtype=np.int64)
        return table[other.codes] if len(table) else np.zeros(0, np.int64)


def fold_site(name: str) -> str:
    """A site name for comparison: lower case, without blanks, hyphens and underscores."""
    return name.strip().casefold().replace("-", "").replace("_", "").replace(" ", "")


def level_name(text: str) -> str:
    """``2.0`` or ``1.5`` from the spellings found in tables (2, "2.0", "level 2.0", "lev15"); ""
    when unknown.
    """
    digits = text.strip().lower().removeprefix("level").removeprefix("lev").strip()
    digits = {"20": "2.0", "15": "1.5", "10": "1.0"}.get(digits, digits)
    try:
        return f"{float(digits):.1f}"
    except ValueError:
        return text.strip()


def level_rank(level: str, allowed: str) -> tuple[bool, float]:
    """Sort key: allowed levels first, then the higher level first."""
    try:
        height = float(level)
    except ValueError:
        height = 0.0
    return (not level_allowed(level, allowed), -height)


def level_allowed(level: str, allowed: str) -> bool:
    """Whether the setting ``any``, ``1.5`` or ``2.0`` accepts a level."""
    return allowed == "any" or level == allowed


def season(times: TimeArray) -> AnyArray:
    """Meteorological season by calendar month (n,): DJF, MAM, JJA, SON on both hemispheres; "" for
    NaT.
    """
    months = times.astype("datetime64[M]").astype(np.int64) % 12
    names = np.array(SEASONS, dtype=object)[((months + 1) % 12) // 3]
    names[np.isnat(times)] = ""
    return np.asarray(names, dtype=object)
