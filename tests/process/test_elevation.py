# SPDX-License-Identifier: GPL-3.0-or-later
"""The algorithms of elevation models through the real ``qgis_process``, JSON in and out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

Run = Callable[..., subprocess.CompletedProcess[str]]
ROWS, COLUMNS = 80, 90


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A reference with a hole, and a model that lies 14 m to the west of it and 2 m too high."""
    folder = tmp_path_factory.mktemp("models")
    row, column = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float64)
    grid = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0), COLUMNS, ROWS)
    noise = np.random.default_rng(4).normal(0.0, 0.2, row.shape)
    found = {}
    for name, shift, extra in (("model", 1.4, 2.0 + noise), ("reference", 0.0, 0.0)):
        east = column + shift
        height = 40.0 * np.sin(east / 7.0) * np.cos(row / 9.0) + 0.5 * east + 300.0 + extra
        if name == "reference":
            height[30:50, 20:40] = -9999.0
        found[name] = str(folder / f"{name}.tif")
        write_raster(found[name], [height.astype(np.float32)], grid, nodata=-9999.0)
    return found


def ran(run_process: Run, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    done = run_process(["run", f"calval:{name}", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout)["results"])


def test_coregister(models: dict[str, str], run_process: Run, tmp_path: Path) -> None:
    output = str(tmp_path / "moved.tif")
    found = ran(run_process, "coregisterdem", {
        "DEM": models["model"], "REFERENCE": models["reference"], "OUTPUT": output,
    })  # fmt: skip
    assert found["DX_M"] == pytest.approx(14.0, abs=0.2)
    assert found["DZ_M"] == pytest.approx(-2.0, abs=0.1)
    assert Path(output).is_file()


def test_compare(models: dict[str, str], run_process: Run, tmp_path: Path) -> None:
    found = ran(run_process, "comparedem", {
        "DEM": models["model"], "REFERENCE": models["reference"],
        "OUTPUT": str(tmp_path / "difference.tif"), "REPORT": str(tmp_path / "report.html"),
    })  # fmt: skip
    assert found["CELL_COUNT"] == ROWS * COLUMNS - 400
    assert found["NMAD_M"] > 2.0
    assert (tmp_path / "report.html").is_file()


def test_build(models: dict[str, str], run_process: Run, tmp_path: Path) -> None:
    output = str(tmp_path / "dem.tif")
    found = ran(run_process, "buildreferencedem", {
        "DEMS": [models["reference"], models["model"]], "DEM_REFERENCES": "EGM96", "ALIGN": True,
        "OUTPUT": output, "FILL": str(tmp_path / "fill.tif"),
    })  # fmt: skip
    assert found["FILLED_COUNT"] == 400
    assert found["VOID_PERCENT_AFTER"] == 0.0
    assert list(tmp_path.glob("*.provenance.json"))


def test_failure(models: dict[str, str], run_process: Run, tmp_path: Path) -> None:
    """A vertical reference whose grid is missing: exit code 1, a sentence, and no file."""
    done = run_process(
        ["run", "calval:buildreferencedem", "-"],
        json={"inputs": {
            "DEMS": [models["reference"]], "DEM_REFERENCES": "EGM96",
            "VERTICAL_REFERENCE": "nowhere.gtx", "OUTPUT": str(tmp_path / "dem.tif"),
        }},
    )  # fmt: skip
    assert done.returncode == 1
    assert "nowhere.gtx is not there" in done.stdout + done.stderr
    assert not list(tmp_path.iterdir())
