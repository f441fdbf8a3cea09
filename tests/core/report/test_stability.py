# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on stable sites: what was found, also where there is nothing, and without figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from calval_toolbox.core.calibration.stability.run import (
    StabilityReport,
    StabilityTask,
    find_stable_sites,
    open_stability_task,
)
from calval_toolbox.core.calibration.stability.settings import Limits, StabilitySettings
from calval_toolbox.core.calibration.stability.simulate import (
    STABLE,
    Plan,
    simulate_scene,
    write_scene,
)
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.report import figures
from calval_toolbox.core.report.document import ReportContext
from calval_toolbox.core.report.stability import stability_report
from calval_toolbox.core.series.extract_files import Source

Found = tuple[StabilityTask, StabilityReport]
CONTEXT = ReportContext("Find stable sites", {"SIZE_M": 5000})


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    planted = {"one": ((4, 4, 22, 22), STABLE)}
    plan = Plan((30, 30), dates=24, step_days=40.0, bands={"red": 0.4}, planted=planted)
    return write_scene(tmp_path_factory.mktemp("scene"), simulate_scene(plan), "files")


def search(images: Path, folder: Path, settings: StabilitySettings) -> Found:
    task, notes = open_stability_task(Source((), (str(images),)), (), "clouds", settings)
    path = folder / "out.tif"
    execution = ExecutionSettings("threads:1")
    return task, find_stable_sites(task, path, str(path), execution, notes=notes)


def test_one_band_and_no_trend(images: Path, tmp_path: Path) -> None:
    found = search(images, tmp_path, StabilitySettings(size_m=5000.0, trend=False, least_dates=8))
    page = stability_report(*found, CONTEXT)
    assert len(found[1].table) == 1
    for part in ("candidate_01", "km\u00b2", "Ross-Thick", "data:image/png", "red (660 nm)"):
        assert part in page
    for part in ("Spectral CV</", "% per year</", ">nan<", "not available"):
        assert part not in page


def test_nothing_found_and_no_figures(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(temporal_percent=0.2)
    settings = StabilitySettings(size_m=5000.0, least_dates=8, limits=limits)
    task, found = search(images, tmp_path, settings)
    monkeypatch.setattr(figures, "available", lambda name: name != "matplotlib")
    page = stability_report(task, replace(found, notes=("A note.",)), CONTEXT)
    for part in ("There is none.", "No place of that size", "A note.", "has no figures",
                 "temporal CV"):  # fmt: skip
        assert part in page
    assert "data:image" not in page
