# SPDX-License-Identifier: GPL-3.0-or-later
"""The line that "Copy as command" gives, and verdicts of an expert that are kept."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.io.tables import read_table


def words(line: str) -> dict[str, str]:
    assert shlex.split(line)[:3] == ["qgis_process", "run", "calval:detectanomalies"]
    return dict(word[2:].split("=", 1) for word in shlex.split(line)[3:])


def test_command_reproduces_what_is_shown(
    series_panel: Any, run_algorithm: Callable[..., dict[str, Any]]
) -> None:
    panel = series_panel
    slider = panel.controls.threshold
    slider.slider.setValue(slider._steps.index(0.01))
    panel.controls.harmonics.slider.setValue(3)
    panel.flush()
    found = words(panel.command())
    assert (found["HARMONICS"], found["THRESHOLD"]) == ("2", "0.01")
    results = run_algorithm("detectanomalies", found)
    sites = list(panel.model.entries)
    shown = sum(int(panel.model.detection(site).flagged.sum()) for site in sites)
    assert results["ANOMALY_COUNT"] == shown > 0
    assert Path(found["OUTPUT"]).is_file()


def test_series_in_memory_have_no_command(series_panel: Any, make_series_panel: Any) -> None:
    panel, told = make_series_panel(), []
    panel.told.connect(told.append)
    panel.show_series(series_panel.model.series())
    assert panel.command() == ""
    panel.copy_command()
    assert "no file" in told[-1]


@pytest.mark.parametrize("kind", ["plain", "detected"])
def test_verdict_is_kept_in_the_table_and_comes_back(
    make_series_panel: Any, request: pytest.FixtureRequest, kind: str
) -> None:
    path = request.getfixturevalue(kind)
    before = read_table(path)
    panel = make_series_panel()
    panel.open(str(path))
    panel.flush()
    panel.step(1)
    panel.chosen.confirm.click()
    first = panel.model.chosen
    panel.step(1)
    panel.judge("gain")
    second = panel.model.chosen
    site, row = second
    table = read_table(path)
    time = panel.model.series(site).times[row]
    own = (table["site"] == site) & (table.times("time") == time)
    assert set(table["verdict"][own]) == {"gain"}
    assert int((table["verdict"] != "").sum()) == 2 * len(panel.model.series().bands)
    for key in before.columns:
        if key != "verdict":
            np.testing.assert_array_equal(table[key], before[key])
    again = make_series_panel()
    again.open(str(path))
    assert str(again.model.entries[first[0]].verdict[first[1]]) == "confirmed"
    index = [(one.site, one.row) for one in again.events.rows.events].index(second)
    assert again.events.rows._text(again.events.rows.events[index], "verdict") == "rather: Gain"


def test_verdict_on_a_read_only_table_is_refused(
    series_panel: Any, detected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    told: list[str] = []
    series_panel.told.connect(told.append)
    series_panel.step(1)
    # Whoever may write anything runs the tests in some places: the system's answer is replaced.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    series_panel.judge("confirmed")
    assert "may only be read" in told[-1]
    site, row = series_panel.model.chosen
    assert series_panel.model.entries[site].verdict[row] == ""
