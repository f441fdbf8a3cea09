# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison counts what a small truth and a small detection say by hand."""

from __future__ import annotations

import numpy as np

from calval_toolbox.core.anomalies.scenes import compare
from calval_toolbox.core.anomalies.scenes.truth import SITE_FIELDS, TRUTH_FIELDS
from calval_toolbox.core.table import Table, from_rows

DAY = [np.datetime64(f"2020-01-{day:02d}", "ms") for day in range(1, 9)]


def _truth(*rows: tuple[int, str, int]) -> Table:
    """Rows of (date, type, first date)."""
    made = [
        {"place": "X", "time": DAY[day], "product": f"P{day}", "type": kind, "since": DAY[first]}
        for day, kind, first in rows
    ]
    return from_rows(made, TRUTH_FIELDS, "truth")


def _at_sites(*rows: tuple[str, int, str, float, int]) -> Table:
    """Rows of (site, date, type, share, planted)."""
    made = [
        {"site": site, "place": "X", "time": DAY[day], "product": f"P{day}", "type": kind,
         "amplitude": 0.9 - 0.1 * day, "share": share, "planted": planted}
        for site, day, kind, share, planted in rows
    ]  # fmt: skip
    return from_rows(made, SITE_FIELDS, "sites")


def _found(flags: dict[tuple[str, int], str], masked: tuple[tuple[str, int], ...] = ()) -> Table:
    rows = [
        {"site": site, "product": f"P{day}", "band": band,
         "status": "masked" if (site, day) in masked else "tested",
         "flagged": int((site, day) in flags), "type": flags.get((site, day), "none")}
        for site in "AB" for day in range(8) for band in ("B2", "B4")
    ]  # fmt: skip
    kinds = {"site": "text", "product": "text", "band": "text", "status": "text",
             "flagged": "int", "type": "text"}  # fmt: skip
    return from_rows(rows, kinds, "found")


def test_counts_are_those_of_the_case() -> None:
    truth = _truth((1, "fire", 1), (2, "fire", 1), (4, "gain", 4), (6, "step", 6))
    at_sites = _at_sites(
        ("A", 1, "fire", 1.0, 1), ("A", 2, "fire", 0.9, 1), ("B", 1, "fire", 0.2, 1),
        ("A", 4, "gain", 1.0, 1), ("B", 4, "gain", 1.0, 1),
        ("A", 5, "cloud", 0.3, 0), ("B", 5, "over_masked", 0.3, 0), ("A", 6, "step", 1.0, 1),
    )  # fmt: skip
    flags = {
        ("A", 1): "shadow", ("B", 1): "shadow", ("A", 4): "gain", ("A", 5): "cloud",
        ("B", 5): "offset", ("A", 6): "unknown",
    }  # fmt: skip
    made = compare(truth, at_sites, _found(flags, masked=(("B", 4),)))
    assert made.planted["type"].tolist() == ["fire", "gain"]
    assert made.planted["dates"].tolist() == [2, 1]
    assert made.planted["amplitude"].tolist() == [0.8, 0.5]
    assert made.planted["concerned"].tolist() == [2, 1]  # B is masked, or hardly touched
    assert made.planted["found"].tolist() == [1, 1]
    assert made.planted["named"].tolist() == [0, 1]
    assert made.planted["names"].tolist() == ["shadow 1", "gain 1"]
    assert made.missed_clouds == 1
    assert made.false_alarms == 2  # B on day 5, and A on day 6: a step is no single date
    # 16 observations, 1 masked, and 5 with something wrong: A on 1, 2, 4, 5, and B on 1
    assert made.clean == 10
