# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pixels are deep convective clouds: rules one after the other, each told what it removes.

Bands are asked for one by one, and only where pixels are left that the rules so far may keep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...io.aggregates import Aggregates
from ...types import AnyArray, BoolArray, FloatArray
from .limits import CloudLimits

SEEN, COMPLETE = "pixels with data", "complete in all bands"
RULES: dict[str, tuple[str, ...]] = {  # with the roles whose bands it needs besides those before
    "cirrus": ("cirrus",), "bright": ("nir",), "ice": ("swir",), "white": ("red", "blue"),
    "even": (),
}  # fmt: skip
Values = dict[str, FloatArray]
ReadRole = Callable[[str, BoolArray], Aggregates]


@dataclass(frozen=True)
class Selection:
    """``clouds``, ``seen`` (rows, columns): deep convective clouds, and pixels with data in the
    first band; ``left``: how many pixels there are (``SEEN``), and how many each rule leaves;
    ``spoiled``: how many were removed because they are saturated or lack data in a band;
    ``moved``: how many clouds there would be with one rule looser, and stricter.
    """

    clouds: BoolArray
    seen: BoolArray
    left: Mapping[str, int]
    spoiled: int
    moved: Mapping[str, tuple[int, int]]


def select(read: ReadRole, shape: tuple[int, int], limits: CloudLimits) -> Selection:
    """Find the clouds in a scene of ``shape`` (rows, columns); ``read`` gives the means of the band
    of a role at least where they are needed.
    """
    values: Values = {}
    everywhere = np.ones(shape, dtype=np.bool_)
    first = read("cirrus", everywhere)
    seen = np.isfinite(first.mean) & (first.missing == 0) | (first.saturated == first.pixels)
    # What looser limits would keep is read too: it says how much hangs on each.
    possible, clouds, left, spoiled = everywhere, seen.copy(), {SEEN: int(seen.sum())}, 0
    for rule, roles in RULES.items():
        if possible.any():
            good = everywhere.copy()
            for role in roles:
                found = first if role == "cirrus" else read(role, grown(possible))
                good &= found.whole & (found.saturated == 0)
                values[role] = np.where(good, found.mean, np.nan)
            spoiled += int((clouds & ~good).sum())
            possible = possible & good & passes(rule, values, limits.moved(rule, 1.0))
            clouds = clouds & good & passes(rule, values, limits)
        else:
            clouds = np.zeros(shape, dtype=np.bool_)
        left[rule] = int(clouds.sum())
    moved = {rule: (0, 0) for rule in RULES}
    if possible.any():
        moved = {rule: (_count(values, limits, rule, 1.0), _count(values, limits, rule, -1.0))
                 for rule in RULES}  # fmt: skip
    return Selection(clouds, seen, left, spoiled, moved)


def _count(values: Values, limits: CloudLimits, rule: str, toward: float) -> int:
    """How many clouds there are with one rule moved."""
    kept = np.ones(values["cirrus"].shape, dtype=np.bool_)
    for one in RULES:
        kept &= passes(one, values, limits.moved(one, toward) if one == rule else limits)
    return int(kept.sum())


def passes(rule: str, values: Values, limits: CloudLimits) -> BoolArray:
    """Where one rule holds (rows, columns); where a value is unknown (NaN) it does not."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if rule == "cirrus":
            return np.asarray(values["cirrus"] >= limits.min_cirrus)
        if rule == "bright":
            return np.asarray(values["nir"] >= limits.min_reflectance)
        if rule == "ice":
            ratio = values["swir"] / values["nir"]
            return np.asarray((ratio >= limits.min_ice_ratio) & (ratio <= limits.max_ice_ratio))
        if rule == "white":
            return np.asarray(np.abs(values["blue"] / values["red"] - 1.0) <= limits.max_color)
        uneven = np.maximum(
            *(spread(values[role]) / mean3(values[role]) for role in ("red", "nir"))
        )
        return np.asarray(uneven <= limits.max_spread)


def mean3(values: FloatArray) -> FloatArray:
    """Means of 3 x 3 values (rows, columns); NaN at the edges and beside what is unknown."""
    out = np.full(values.shape, np.nan)
    if min(values.shape) >= 3:
        out[1:-1, 1:-1] = sum(_shifted(values)) / 9.0
    return out


def spread(values: FloatArray) -> FloatArray:
    """Standard deviations (n - 1) of 3 x 3 values (rows, columns), NaN as ``mean3``."""
    middle = mean3(values)
    out = np.full(values.shape, np.nan)
    if min(values.shape) >= 3:
        inner = middle[1:-1, 1:-1]
        out[1:-1, 1:-1] = np.sqrt(sum((one - inner) ** 2 for one in _shifted(values)) / 8.0)
    return out


def _shifted(values: AnyArray) -> list[AnyArray]:
    rows, columns = values.shape
    return [
        values[row : rows - 2 + row, column : columns - 2 + column]
        for row in range(3) for column in range(3)
    ]  # fmt: skip


def grown(where: BoolArray) -> BoolArray:
    """Where any of the 3 x 3 pixels around is set."""
    return np.asarray(np.any(_shifted(np.pad(where, 1)), axis=0))
