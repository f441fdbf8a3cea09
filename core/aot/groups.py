# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups that statistics of match-ups are made of: sites, seasons, sensors, bins of AOT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray
from .filters import headline_rows
from .keys import SEASONS
from .types import MatchUps

AOT_EDGES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0)
WATER_VAPOR_EDGES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
EDGES = {"aot": AOT_EDGES, "water_vapor": WATER_VAPOR_EDGES}


def groups_of(matchups: MatchUps) -> Iterator[tuple[str, str, BoolArray]]:
    """Grouping, name and accepted rows (n,) of each group; "overall" first, empty ones left out."""
    used = headline_rows(matchups) & matchups.accepted
    yield "overall", "overall", used
    for grouping, labels in _labels(matchups).items():
        names = sorted(
            set(labels[used].tolist()), key=_season_order if grouping == "season" else str
        )
        for name in names:
            if name:
                yield grouping, name, used & np.asarray(labels == name)
    for name, rows in bins_of(matchups, used, None):
        yield "aot_bin", name, rows
    sizes = _sizes(matchups)
    for size in np.unique(sizes[matchups.accepted & np.isfinite(sizes)]):
        yield "window", f"{size:g} m", matchups.accepted & np.asarray(sizes == size)


def _labels(matchups: MatchUps) -> dict[str, AnyArray]:
    empty = np.full(len(matchups), "", dtype=object)
    return {
        "site": matchups.site,
        "season": matchups.extra.get("season", empty),
        "stability": np.where(matchups.stable, "stable", "unstable").astype(object),
        "sensor": matchups.extra.get("sensor", empty),
    }


def _season_order(name: str) -> int:
    return SEASONS.index(name) if name in SEASONS else len(SEASONS)


def _sizes(matchups: MatchUps) -> FloatArray:
    sizes = matchups.extra.get("window_m")
    return np.full(len(matchups), np.nan) if sizes is None else np.asarray(sizes, dtype=np.float64)


def bins_of(
    matchups: MatchUps, used: BoolArray, edges: Sequence[float] | None
) -> Iterator[tuple[str, BoolArray]]:
    """Name and rows (n,) of each bin of the reference that has any of the rows ``used``; see
    ``statistics.accuracy_bins``.
    """
    bounds = list(EDGES[matchups.settings.quantity] if edges is None else edges)
    index = np.digitize(matchups.reference, bounds[1:])
    for place in range(len(bounds)):
        rows = used & np.asarray(index == place)
        last = place == len(bounds) - 1
        if rows.any():
            yield f">= {bounds[-1]:g}" if last else f"{bounds[place]:g}-{bounds[place + 1]:g}", rows
