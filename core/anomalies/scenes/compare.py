# SPDX-License-Identifier: GPL-3.0-or-later
"""What was planted in the example beside what a detection found there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...table import Table, from_rows

LEAST_SHARE = 0.5
PLANTED_FIELDS = {
    "place": "text", "since": "time", "type": "text", "amplitude": "float", "dates": "int",
    "concerned": "int", "found": "int", "named": "int", "names": "text",
}  # fmt: skip
_SPOIL = ("cloud", "shadow")
Key = tuple[str, str]  # site and product


@dataclass(frozen=True)
class Comparison:
    """``planted``: one row (``PLANTED_FIELDS``) per planted anomaly. ``concerned``: observations
    (site and date) that were tested and that it covers; ``found``: how many of them were flagged;
    ``named``: how many got its type; ``names``: which types they got. ``missed_clouds``: flagged
    observations that show only clouds and shadows that the masks miss. ``false_alarms``: flagged
    ones with nothing wrong, of ``clean`` tested ones.
    """

    planted: Table
    missed_clouds: int
    false_alarms: int
    clean: int


def compare(
    truth: Table, site_truth: Table, observations: Table, least_share: float = LEAST_SHARE
) -> Comparison:
    """Compare ``observations``, a long table of detections at polygons, with the truth of the
    example (``TRUTH_FIELDS``, ``SITE_FIELDS``).

    A polygon is concerned where at least ``least_share`` (0 to 1) of it is touched. Steps are left
    out: they are no matter of single dates.
    """
    tested, named = _results(observations)
    wrong = _wrong(site_truth)
    since = {
        (product, kind): time
        for product, kind, time in zip(
            truth.texts("product"), truth.texts("type"), truth["since"], strict=True
        )
    }
    groups: dict[tuple[str, str, Any], list[tuple[Key, float]]] = {}
    for key, entries in wrong.items():
        for entry in entries:
            if entry["planted"] and entry["share"] >= least_share and key in tested:
                group = (entry["place"], entry["type"], since[key[1], entry["type"]])
                groups.setdefault(group, []).append((key, entry["amplitude"]))
    rows = [_row(group, members, named) for group, members in groups.items()]
    rows.sort(key=lambda row: (row["place"], row["since"]))
    clean = [key for key in tested if key not in wrong]
    clouded = [key for key, entries in wrong.items() if not any(e["planted"] for e in entries)]
    return Comparison(
        from_rows(rows, PLANTED_FIELDS, "planted"),
        sum(key in named for key in clouded),
        sum(key in named for key in clean),
        len(clean),
    )


def _results(observations: Table) -> tuple[set[Key], dict[Key, str]]:
    """Which observations were tested, and the types of those that were flagged."""
    keys = list(zip(observations.texts("site"), observations.texts("product"), strict=True))
    status, flagged = observations.texts("status"), observations.floats("flagged")
    types = observations.texts("type")
    tested = {key for key, one in zip(keys, status, strict=True) if one == "tested"}
    named = {key: kind for key, kind, yes in zip(keys, types, flagged, strict=True) if yes == 1}
    return tested, named


def _wrong(site_truth: Table) -> dict[Key, list[dict[str, Any]]]:
    """What is wrong with each observation, but for steps and for ground taken for cloud, which
    leaves the values as they are.
    """
    columns = {
        "place": site_truth.texts("place"), "type": site_truth.texts("type"),
        "share": site_truth.floats("share"), "amplitude": site_truth.floats("amplitude"),
        "planted": site_truth.floats("planted") == 1,
    }  # fmt: skip
    found: dict[Key, list[dict[str, Any]]] = {}
    keys = zip(site_truth.texts("site"), site_truth.texts("product"), strict=True)
    for row, key in enumerate(keys):
        entry = {name: values[row] for name, values in columns.items()}
        if entry["planted"] and entry["type"] != "step" or entry["type"] in _SPOIL:
            found.setdefault(key, []).append(entry)
    return found


def _row(
    group: tuple[str, str, Any], members: Iterable[tuple[Key, float]], named: dict[Key, str]
) -> dict[str, Any]:
    place, kind, since = group
    listed = list(members)
    names = Counter(named[key] for key, _ in listed if key in named)
    return {
        "place": place,
        "since": since,
        "type": kind,
        "amplitude": max((amplitude for _, amplitude in listed), key=abs),
        "dates": len({product for (_, product), _ in listed}),
        "concerned": len(listed),
        "found": names.total(),
        "named": names[kind],
        "names": ", ".join(f"{name} {count}" for name, count in names.most_common()),
    }
