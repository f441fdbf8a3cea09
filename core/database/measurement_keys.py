# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether measurements under the same key are the same, and how messages call a measurement."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from ..calibration.types import BAND_NUMBERS, ROW_NUMBERS, ROW_TEXTS, Measurements
from ..errors import InputError
from ..times import iso_texts
from ..types import AnyArray, BoolArray

Existing = dict[tuple[Any, ...], int]


def row_name(measurements: Measurements, row: int) -> str:
    """A measurement as messages call it."""
    words = (
        measurements.sensor.name, measurements["version"][row], "at",
        measurements["site"][row] or "no site", iso_texts(measurements.time[row : row + 1])[0],
        measurements["product"][row],
    )  # fmt: skip
    return "The measurement " + " ".join(str(word) for word in words if word)


def first_rows(keys: Sequence[Hashable]) -> AnyArray:
    """For each key the first row that has it (n,)."""
    first: dict[Hashable, int] = {}
    return np.array([first.setdefault(key, row) for row, key in enumerate(keys)], dtype=np.int64)


def check_same(
    measurements: Measurements, others: AnyArray, stored: Measurements, where: str
) -> None:
    """Raise ``InputError`` for the first row whose values are not those of row ``others`` (n,) of
    ``stored``; rows below 0 are not compared. ``where`` says where the other values are.
    """
    rows = np.flatnonzero((others >= 0) & ((stored is not measurements) | _moved(others)))
    theirs = others[rows]
    for name in (*ROW_NUMBERS, *ROW_TEXTS):
        mine, kept = measurements[name][rows], stored[name][theirs]
        _complain(measurements, rows, _differs(mine, kept), (mine, kept), (name, where))
    places = {band: place for place, band in enumerate(stored.sensor.band_names)}
    own = [places[name] for name in measurements.sensor.band_names]
    foreign = [place for name, place in places.items()
               if name not in measurements.sensor.band_names]  # fmt: skip
    for name in BAND_NUMBERS:
        mine, kept = measurements[name][rows], stored[name][theirs]
        extra = ~np.isnan(kept[:, foreign])
        for band, place in enumerate(own):
            both = (mine[:, band], kept[:, place])
            what = f"{name} of band {measurements.sensor.band_names[band]}"
            _complain(measurements, rows, _differs(*both), both, (what, where))
        for number, place in enumerate(foreign):
            what = f"{name} of band {stored.sensor.band_names[place]}"
            none = np.full(len(rows), np.nan)
            both = (none, kept[:, place])
            _complain(measurements, rows, extra[:, number], both, (what, where))


def _moved(others: AnyArray) -> BoolArray:
    moved: BoolArray = others != np.arange(len(others))
    return moved


def _differs(mine: AnyArray, kept: AnyArray) -> BoolArray:
    different: BoolArray = np.asarray(mine != kept, dtype=np.bool_)
    if mine.dtype.kind == "f":
        different &= ~(np.isnan(mine) & np.isnan(kept))
    return different


def _complain(
    measurements: Measurements,
    rows: AnyArray,
    different: BoolArray,
    values: tuple[AnyArray, AnyArray],
    words: tuple[str, str],
) -> None:
    for place in np.flatnonzero(different):
        mine, kept = (_shown(column[place]) for column in values)
        raise InputError(
            f"{row_name(measurements, int(rows[place]))} is {words[1]}: {words[0]} is {kept} "
            f"there and {mine} here. Nothing was written: give it another version (VERSION) or "
            "product, or leave it out."
        )


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'"
    return "unknown" if np.isnan(value) else repr(float(value))
