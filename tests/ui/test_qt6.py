# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel under PyQt6, in a program of its own with a stand-in for ``qgis.PyQt``."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from qgis.PyQt.QtGui import QImage

from calval_toolbox.core.anomalies.demo import demo_sites, write_demo_series
from calval_toolbox.core.anomalies.detect import DetectionSettings, detect
from calval_toolbox.core.calibration.coefficients import coefficients_from_table
from calval_toolbox.core.calibration.selection import Choice, band_figures, choose
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import read_table

NEEDS_QT6 = pytest.mark.skipif(
    importlib.util.find_spec("PyQt6") is None, reason="PyQt6 is not installed"
)


def run(program: str, repo_root: Path, table: Path, picture: Path) -> dict[str, Any]:
    """What a program of this folder reports of a panel with ``table``; its picture is painted."""
    done = subprocess.run(
        [
            sys.executable, str(Path(__file__).with_name(program)),
            str(repo_root / "build" / "plugins"), str(table), str(picture),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["qt"] == "PyQt6"
    assert report["modules"] == []
    image = QImage(str(picture))
    assert image.width() >= 1000
    colors = {
        image.pixel(x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)
    }
    assert len(colors) > 40
    return report


@NEEDS_QT6
def test_panel_runs_under_qt6(repo_root: Path, case: Path, tmp_path: Path, made: Any) -> None:
    report = run("qt6_standin.py", repo_root, case, tmp_path / "qt6.png")
    assert report["before"] == 180
    kept = made.matchups()
    assert report["after"] == int((kept.extra["gapfilled_fraction"] <= 0.3).sum())
    assert report["shown"] == str(report["after"])
    assert report["site"] == "Beijing"
    assert "--MAX_GAPFILLED=0.3" in report["command"]


@NEEDS_QT6
def test_panel_of_time_series_runs_under_qt6(repo_root: Path, tmp_path: Path) -> None:
    table = tmp_path / "series.gpkg"
    write_demo_series(table)
    report = run("qt6_series.py", repo_root, table, tmp_path / "qt6.png")
    first = min((one.series for one in demo_sites()), key=lambda one: one.site)
    counts = [
        int(detect(first, DetectionSettings(threshold=p)).flagged.sum()) for p in (0.001, 0.05)
    ]
    assert [report["before"], report["after"]] == [str(one) for one in counts]
    assert report["verdict"] == "confirmed"
    assert report["masked"] == 0


@NEEDS_QT6
def test_panel_of_calibrations_runs_under_qt6(
    repo_root: Path, calibrated_once: Path, tmp_path: Path
) -> None:
    table = Path(shutil.copy(calibrated_once / "coefficients.gpkg", tmp_path / "own.gpkg"))
    rows = coefficients_from_table(read_table(table))
    report = run("qt6_calibration.py", repo_root, table, tmp_path / "qt6.png")
    for key, choice in (("before", Choice()), ("after", Choice(distance_deg=5.0))):
        figures = band_figures(rows, choose(rows, choice), rows.bands)
        assert report[key] == [one.summary.count for one in figures]
    assert report["reason"] == "by hand: haze (was accepted)"
    assert coefficients_from_table(read_table(table))["reason"][3] == report["reason"]


@NEEDS_QT6
def test_panel_of_elevation_models_runs_under_qt6(repo_root: Path, tmp_path: Path) -> None:
    grid = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), 80, 60)
    rows, columns = np.indices((60, 80)).astype(np.float32)
    for name, offset in (("first", 0.0), ("second", 2.5)):
        write_raster(tmp_path / f"{name}.tif", [300.0 + offset + columns + 0.1 * rows], grid)
    report = run("qt6_elevation.py", repo_root, tmp_path, tmp_path / "qt6.png")
    assert report["off"] == pytest.approx(2.5, abs=1e-3)
    assert report["median"] == pytest.approx(2.5, abs=1e-3)
    assert "first.tif" in report["readout"]


@NEEDS_QT6
def test_panel_of_land_cover_runs_under_qt6(
    repo_root: Path, land: ModuleType, tmp_path: Path
) -> None:
    land.write_case(tmp_path)
    report = run("qt6_land_cover.py", repo_root, tmp_path, tmp_path / "qt6.png")
    assert report["label"] in ("forest", "maize")
    assert report["spatial"] == 0.85
    assert report["agreement"] == pytest.approx(1.0 - 100.0 / 2399.0)
    assert "map forest: 6 samples" in report["readout"]
