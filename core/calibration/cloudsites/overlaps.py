# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds in the overlap of products of one overpass: counted and used once.

Neighboring tiles of Sentinel-2 share a strip of 10 km, those of two UTM zones more, and a product
may be there in two processings. The rule, cell by cell: of the products of one overpass of one
sensor that show a cell, that one counts which has the most squares with data there (of equal ones
the last by name, which is the newer processing). What the others show of this cell is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...types import BoolArray
from ..types import Measurements
from .cells import Cell
from .outcome import SceneOutcome

MARK = "dcc"  # in the version of what was measured over clouds
OVERPASS_S = 60.0  # tiles of one overpass that touch are seen within less
_SECOND = np.timedelta64(1, "s")


def once(outcomes: Sequence[SceneOutcome]) -> tuple[tuple[SceneOutcome, ...], int]:
    """The outcomes without what is counted in another one, and how many clouds that is less."""
    kept: dict[tuple[str, str, Cell], tuple[int, str]] = {}
    for one in outcomes:
        for cell, (seen, _) in one.counts.items():
            key = (one.sensor, one.overpass, cell)
            kept[key] = max(kept.get(key, (-1, "")), (seen, one.product))
    found = tuple(_only(one, [
        cell for cell in one.counts if kept[one.sensor, one.overpass, cell][1] == one.product
    ]) for one in outcomes)  # fmt: skip
    lost = sum(one.clouds for one in outcomes) - sum(one.clouds for one in found)
    return found, lost


def _only(one: SceneOutcome, cells: Sequence[Cell]) -> SceneOutcome:
    if len(cells) == len(one.counts):
        return one
    return replace(
        one, counts={cell: one.counts[cell] for cell in cells},
        values={cell: one.values[cell] for cell in cells if cell in one.values},
    )  # fmt: skip


def seen_twice(seen: Measurements) -> BoolArray:
    """Which rows (n,) of measurements over clouds are left out by the rule of ``once``: those of
    the search (``MARK``) over the same cell, less than ``OVERPASS_S`` after another one.
    """
    version, product = seen["version"].astype(str), seen["product"].astype(str)
    ours = np.char.endswith(version, MARK)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = np.nan_to_num(np.nanmax(np.nan_to_num(seen["count"]), axis=1)
                                / seen["cloud_fraction"])  # fmt: skip
    twice = np.zeros(len(seen), dtype=np.bool_)
    sites = seen["site"].astype(str)
    for site in np.unique(sites[ours]):
        rows = np.flatnonzero(ours & (sites == site))
        rows = rows[np.argsort(seen.time[rows], kind="stable")]
        gaps = np.diff(seen.time[rows]) / _SECOND >= OVERPASS_S
        for group in np.split(rows, np.flatnonzero(gaps) + 1):
            best = max(group, key=lambda row: (round(squares[row]), product[row], version[row]))
            twice[group[group != best]] = True
    return twice
