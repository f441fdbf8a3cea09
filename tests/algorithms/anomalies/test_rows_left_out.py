# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a table without a time or a site: every algorithm that reads one speaks of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from listening import Feedback

from calval_toolbox.core.io.tables import read_table

Run = Callable[..., dict[str, Any]]
DATES = 80
COLUMNS = {"SITE_FIELD": "place", "TIME_FIELD": "when"}
CASES = {
    "detectanomalies": ("INPUT", ("OUTPUT", "ANOMALIES"), {"SEEK_STEPS": False}, "left out"),
    "injectanomalies": (
        "INPUT", ("OUTPUT", "TRUTH"), {"TYPES": ["offset"], "COUNT": 2}, "left as they are",
    ),
    "detectbreaks": (
        "TABLE", ("OUTPUT_TABLE",), {"START": "2019-01-01", "INDEX": "B8"}, "left out",
    ),
}  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """One good site, then a row without a time and a row of blanks for a site."""
    rng = np.random.default_rng(3)
    days = np.datetime64("2017-01-03") + 16 * np.arange(DATES)
    rows = [f"meadow,{day},B8,842,{0.3 + rng.normal(0.0, 0.02):.4f}" for day in days]
    path = tmp_path / "series.csv"
    rows += ["meadow,,B8,842,0.5", "  ,2019-05-05,B8,842,0.5"]
    path.write_text("\n".join(["place,when,band,wavelength_nm,value", *rows]))
    return path


@pytest.mark.parametrize("algorithm", list(CASES))
def test_rows_without_time_or_site_are_told(
    run_algorithm: Run, table: Path, tmp_path: Path, algorithm: str
) -> None:
    key, outputs, settings, fate = CASES[algorithm]
    listener = Feedback()
    paths = {name: str(tmp_path / f"{name.lower()}.csv") for name in outputs}
    given = {key: str(table), **COLUMNS, **settings, **paths}
    run_algorithm(algorithm, given, feedback=listener)
    for column, what, row in (("when", "time", DATES + 1), ("place", "site", DATES + 2)):
        sentence = (
            f"1 of the {DATES + 2} rows of series.csv have no {what} in '{column}' and are {fate}, "
            f"the first is row {row}."
        )
        assert listener.lines.count(sentence) == 1, listener.lines
    if fate == "left as they are":
        assert list(read_table(paths["OUTPUT"])["value"][DATES:]) == [0.5, 0.5]
