# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts of the panel of calibrations in tables and databases; its command, and its memory."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.calibration.coefficients import coefficients_from_table
from calval_toolbox.core.calibration.judgements import why
from calval_toolbox.core.calibration.stored_runs import read_run
from calval_toolbox.core.io.tables import read_table


def kept(path: Path) -> Any:
    if path.name == "calibration.gpkg":
        return read_run(path)[0].coefficients
    return coefficients_from_table(read_table(path))


@pytest.mark.parametrize("name", ["coefficients.gpkg", "calibration.gpkg"])
def test_verdict_is_stored_and_counts_at_once(
    make_calibration_panel: Any, folder: Path, name: str
) -> None:
    panel = make_calibration_panel()
    panel.open(str(folder / name))
    panel.flush()
    judged: list[str] = []
    panel.judged.connect(judged.append)
    rows = panel.model.rows
    row = int(np.flatnonzero((rows.band == "B02") & rows.accepted)[4])
    before = int(panel.model.figures(["B02"])[0].summary.count)
    panel.choose(row)
    assert not panel.bar.reject.isEnabled()  # no reason yet
    panel.bar.reason.setText("haze")
    panel.bar.reject.click()
    panel.flush()
    assert panel.model.figures(["B02"])[0].summary.count == before - 1
    assert judged == [panel.model.inputs.source]
    found = kept(folder / name)
    assert found.status[row] == "rejected"
    assert why(found["reason"][row]) == "haze"
    assert (found.status != rows.status).sum() == 1
    assert panel.bar.reason.text() == ""
    assert "by hand: haze" in panel.bar.text.text()
    assert "by hand: haze" in panel.timeline.describe(row)
    panel.bar.back.click()
    assert panel.model.figures(["B02"])[0].summary.count == before
    assert (kept(folder / name)["reason"] == rows["reason"]).all()


def test_verdict_on_a_rectangle_is_for_the_bands_that_are_shown(
    calibration_panel: Any, folder: Path
) -> None:
    panel, rows = calibration_panel, calibration_panel.model.rows
    panel.show_bands(["B03", "B04"])
    panel.select(list(range(20)))
    shown = np.isin(rows.band[:20].astype(str), ["B03", "B04"])
    panel.bar.reason.setText("swath edge")
    panel.bar.reject.click()
    found = kept(folder / "coefficients.gpkg")
    changed = np.flatnonzero(found["reason"] != rows["reason"])
    assert changed.tolist() == np.flatnonzero(shown).tolist()


def test_outlier_is_accepted_by_hand(calibration_panel: Any, folder: Path) -> None:
    rows = calibration_panel.model.rows
    row = int(np.flatnonzero(rows["reason"] == "outlier")[0])
    calibration_panel.choose(row)
    calibration_panel.judge("accepted", "a real change")
    found = kept(folder / "coefficients.gpkg")
    assert found.status[row] == "accepted"
    assert calibration_panel.model.chosen().counted[row]
    assert found["reason"][row] == "by hand: a real change (was rejected: outlier)"


def test_read_only_table_is_said(calibration_panel: Any, folder: Path) -> None:
    from calval_toolbox.ui.anomalies.background import MEMORY

    said: list[str] = []
    calibration_panel.told.connect(said.append)
    (folder / "coefficients.gpkg").unlink()
    calibration_panel.choose(3)
    calibration_panel.judge("rejected", "haze")
    assert "not there any more" in said[0]
    assert calibration_panel.model.rows.status[3] == "accepted"
    assert MEMORY == "layer:"


def test_command_reproduces_the_run(calibration_panel: Any, folder: Path) -> None:
    from calval_toolbox.ui.calibration import commands

    panel = calibration_panel
    panel.pick_site("Libya4")
    slider = panel.controls.distance
    slider.slider.setValue(slider._steps.index(5.0))
    panel.flush()
    words = shlex.split(commands.calibration(panel.model, windows=False))
    assert words[:3] == ["qgis_process", "run", "calval:calibratedesert"]
    values = dict(word.removeprefix("--").split("=", 1) for word in words[3:])
    assert values["SITES"] == "Libya4"
    assert values["MAX_DISTANCE_DEG"] == "5"
    assert values["DRAWS"] == "100"
    assert values["KEEP_RUN"] == "false"
    assert values["OUTPUT"] == str(folder / "coefficients_panel_output.gpkg")
    assert "CLIP_SIGMAS" not in values
    panel.open(str(folder / "calibration.gpkg"))
    words = shlex.split(commands.calibration(panel.model, windows=False))
    assert f"--OUTPUT={folder / 'calibration_run1_panel_output.gpkg'}" in words


def test_state_survives_a_restart(
    calibration_panel: Any, make_calibration_panel: Any, folder: Path
) -> None:
    import json

    panel = calibration_panel
    panel.show_bands(["B04", "B02"])
    panel.show_sites(["Mauritania1"])
    for slider, place in ((panel.controls.sigmas, 2), (panel.controls.first, 7)):
        slider.slider.setValue(place)
    panel.timeline.stacked_box.setChecked(False)
    panel.flush()
    panel.body.tabs.setCurrentIndex(2)
    state = json.loads(json.dumps(panel.state()))
    other = make_calibration_panel()
    other.restore(state)
    other.flush()
    assert other.state() == state
    assert other.model.choice == panel.model.choice
    assert other.controls.sigmas.value() == 2.0
    assert other.controls.first.shown.text() == "2020-08"
    assert not other.timeline.stacked_box.isChecked()
    other.restore({**state, "bands": ["B99"], "errors": 9, "first": "never", "days": -1})
    assert other.model.bands == ["B02", "B03", "B04", "B07", "B8A"]


def test_database_comes_back_after_a_restart(make_calibration_panel: Any, folder: Path) -> None:
    panel = make_calibration_panel()
    panel.open(str(folder / "calibration.gpkg"))
    state = panel.state()
    other = make_calibration_panel()
    other.restore(state)
    assert other.model.inputs.run == 1
