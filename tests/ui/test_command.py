# SPDX-License-Identifier: GPL-3.0-or-later
"""The line that "Copy as command" gives: its parameters exist, and it reproduces what is shown."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calval_toolbox.core.aot.types import MatchSettings
from calval_toolbox.ui.aot import parameters
from calval_toolbox.ui.command import process_line


def words(line: str) -> dict[str, str]:
    """The parameters of a command line."""
    assert shlex.split(line)[:3] == ["qgis_process", "run", "calval:compareaot"]
    return dict(word[2:].split("=", 1) for word in shlex.split(line)[3:])


def test_line_is_quoted_and_complete(panel: Any, case: Path, app: Any) -> None:
    from qgis.PyQt.QtGui import QGuiApplication

    panel.filters.gapfilled.slider.setValue(8)
    panel.filters.time_window.slider.setValue(panel.filters.time_window._steps.index(60))
    panel.flush()
    panel.filters.copy_button.click()
    line = QGuiApplication.clipboard().text()
    assert "\n" not in line
    found = words(line)
    assert found["SATELLITE"] == str(case.parent / "satellite table.gpkg")
    assert found["AERONET"] == str(case.parent / "aeronet.csv")
    assert found["TIME_WINDOW_MIN"] == "60"
    assert found["MAX_GAPFILLED"] == "0.4"
    assert Path(found["MATCHUPS"]).parent == case.parent
    assert Path(found["MATCHUPS"]) != case


def test_without_record_there_is_no_command(panel: Any, case: Path) -> None:
    case.with_name(case.name + ".provenance.json").unlink()
    told = []
    panel.told.connect(told.append)
    panel.open(str(case))
    panel.filters.copy_button.click()
    assert panel.command() == ""
    assert "no record" in told[-1]


def test_parameters_exist(calval_provider: Any) -> None:
    names = {one.name() for one in calval_provider.algorithm("compareaot").parameterDefinitions()}
    used = (
        set(parameters.LINKS) | set(parameters.OUTPUTS) | {"SATELLITE", "AERONET", "EXPECTED_ERROR"}
    )
    assert used <= names


def test_settings_come_back_from_a_record() -> None:
    recorded = {
        "TIME_WINDOW_MIN": 45,
        "ONLY_STABLE": "true",
        "MAX_CLOUD": None,
        "LEVEL": "2.0",
        "WINDOW_M": 5000,
    }
    expected = replace(
        MatchSettings(), time_window_min=45.0, only_stable=True, level="2.0", window_m=5000.0
    )
    assert parameters.settings_of(recorded) == expected


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("C:/a b/x.gpkg", '"--SATELLITE=C:/a b/x.gpkg"'),
        ("C:/ab/x.gpkg", "--SATELLITE=C:/ab/x.gpkg"),
    ],
)
def test_windows_quoting(path: str, word: str) -> None:
    line = parameters.command(
        {"SATELLITE": path, "AERONET": "a"}, MatchSettings(), "gcos", "m.gpkg", windows=True
    )
    assert f" {word} " in line


def test_command_reproduces_what_is_shown(
    panel: Any, run_algorithm: Callable[..., dict[str, Any]]
) -> None:
    panel.filters.gapfilled.slider.setValue(10)
    panel.filters.cloud.slider.setValue(9)
    panel.filters.time_window.slider.setValue(panel.filters.time_window._steps.index(45))
    panel.flush()
    results = run_algorithm("compareaot", words(panel.command()))
    shown = panel.model.figures()
    assert 0 < shown.overall.count < 180
    assert results["COUNT"] == shown.overall.count
    assert results["REJECTED_COUNT"] == shown.rejected
    assert results["BIAS"] == pytest.approx(shown.overall.accuracy.value, abs=1e-12)
    assert results["SLOPE_DEMING"] == pytest.approx(shown.overall.regressions["deming"].slope.value)


def test_windows_quotes_json() -> None:
    line = process_line("calval:x", {"A": '{"b c": 1}'}, windows=True)
    assert line == 'qgis_process run calval:x "--A={\\"b c\\": 1}"'
