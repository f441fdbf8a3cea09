# SPDX-License-Identifier: GPL-3.0-or-later
"""``detectbreaks`` through the provider and the real ``qgis_process``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProcessingException

from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import read_table

Run = Callable[..., dict[str, Any]]
DAYS = np.datetime64("2017-01-03") + 16 * np.arange(80)
BREAK = np.datetime64("2019-06-01")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Red and near infrared in 1e-4; the right half loses half of its near infrared for good."""
    folder, rng = tmp_path_factory.mktemp("stack"), np.random.default_rng(4)
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), 100, 70)
    for day in DAYS:
        level = np.full((70, 100), 3500.0)
        level[:, 50:] -= 1800.0 * (day >= BREAK)
        bands = [600.0 + rng.normal(0.0, 40.0, (70, 100)), level + rng.normal(0.0, 60.0, (70, 100))]
        images = [np.rint(one).astype(np.int16) for one in bands]
        write_raster(folder / f"i_{str(day).replace('-', '')}.tif", images, grid,
                     names=("red", "nir"))  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, rng = tmp_path_factory.mktemp("table") / "series.csv", np.random.default_rng(4)
    rows = ["place,when,ndvi,cloudy"]
    for name, step in (("meadow", 0.0), ("forest", -0.3)):
        for day in DAYS:
            value = 0.7 + step * (day >= BREAK) + rng.normal(0.0, 0.02)
            rows.append(f"{name},{day},{value:.4f},0")
    path.write_text("\n".join(rows) + "\n")
    return path


def test_rasters_in_the_real_qgis_process(
    run_process: Callable[..., Any], stack: Path, tmp_path: Path
) -> None:
    outputs = {key: str(tmp_path / f"{key.lower()}.tif")
               for key in ("OUTPUT", "MAGNITUDE", "PROBABILITY", "STATUS")}  # fmt: skip
    inputs = {
        "STACK": [str(stack)], "SCALE": 0.0001, "START": "2019-01-01", "TILE_SIZE": 64,
        "LEVEL": 0.01, "HARMONICS": 1, "TREND": False,
        "OUTPUT_TABLE": str(tmp_path / "days.csv"), **outputs,
    }  # fmt: skip
    done = run_process(["run", "calval:detectbreaks", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    maps = {key: gdal.Open(path).ReadAsArray() for key, path in outputs.items()}
    assert (maps["STATUS"][:, 50:] == 1).all()
    assert (maps["STATUS"][:, :50] == 1).mean() < 0.05
    assert results["BREAK_COUNT"] == (maps["STATUS"] == 1).sum()
    assert results["TESTED_COUNT"] == 7000
    assert results["DATE_COUNT"] == 80
    assert np.median(maps["OUTPUT"][:, 50:]) >= BREAK.astype(int)
    assert np.median(maps["MAGNITUDE"][:, 50:]) < -0.1
    assert maps["PROBABILITY"][:, 50:].min() > 0.98
    assert gdal.Open(outputs["OUTPUT"]).GetRasterBand(1).GetNoDataValue() == -9999
    for path in outputs.values():
        assert Path(path).with_suffix(".qml").is_file()
    assert not list(tmp_path.glob("*.tiles"))
    days = read_table(tmp_path / "days.csv")
    assert days["pixels"].sum() == results["BREAK_COUNT"]


def test_foreign_table(run_algorithm: Run, table: Path, tmp_path: Path) -> None:
    output = tmp_path / "breaks.gpkg"
    results = run_algorithm(
        "detectbreaks",
        {
            "TABLE": str(table), "SITE_FIELD": "place", "TIME_FIELD": "when", "BAND_FIELD": "",
            "VALUE_FIELD": "ndvi", "MASK_FIELD": "cloudy", "START": "2019-01-01",
            "OUTPUT_TABLE": str(output),
        },
    )  # fmt: skip
    assert (results["BREAK_COUNT"], results["TESTED_COUNT"], results["DATE_COUNT"]) == (1, 2, 160)
    made = read_table(output)
    assert list(made["site"]) == ["forest", "meadow"]
    assert list(made["status"]) == ["break", "stable"]
    found = np.datetime64(str(made["break_time"][0]).rstrip("Z"), "D")
    assert BREAK <= found <= BREAK + 120
    assert made["magnitude"][0] == pytest.approx(-0.3, abs=0.1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"STACK": []}, "either products or a stack"),
        ({"START": ""}, "bfastmonitor needs the start of monitoring"),
        (
            {"START": "", "STACK": [], "TABLE": "table"},
            "bfastmonitor needs the start of monitoring",
        ),
        ({"START": "soon"}, "START .'soon'. is no date"),
        ({"START": "2031-01-01"}, "No observation is at or after the start"),
        (
            {"START": "2017-08-01"},
            "No pixel could be tested: there are at most 14 clear dates.*needs 21",
        ),
        (
            {
                "START": "2017-08-01",
                "STACK": [],
                "TABLE": "table",
                "SITE_FIELD": "place",
                "TIME_FIELD": "when",
                "BAND_FIELD": "",
                "VALUE_FIELD": "ndvi",
                "MASK_FIELD": "cloudy",
                "OUTPUT": None,
                "OUTPUT_TABLE": "breaks.csv",
            },
            "No site could be tested: there are at most 14 clear dates.*needs 21",
        ),
        ({"OUTPUT": None}, "Say where the rasters go"),
        ({"INDEX": "nir - swir"}, "'swir' in 'nir - swir' is no band.*red, nir"),
        ({"METHOD": "joint", "BANDS": "green"}, "No date has a band green"),
        ({"METHOD": "joint", "SCALE": 1.0}, "look like scaled integers"),
        ({"TABLE": "table"}, "only one of them"),
        ({"EXECUTOR": "turbo"}, "'turbo' is unknown"),
        ({"MEMORY_CAP_MB": 1.0}, "raise the memory cap"),
        ({"DATE_PATTERN": "%d-%m-%Y"}, "holds no date as '%d-%m-%Y'"),
    ],
)
def test_wrong_parameters_are_one_sentence(
    change: dict[str, Any], sentence: str, run_algorithm: Run, stack: Path, table: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    folder = tmp_path / "out"
    given = {"STACK": [str(stack)], "SCALE": 0.0001, "START": "2019-01-01",
             "OUTPUT": str(folder / "out.tif")} | change  # fmt: skip
    if "TABLE" in given:
        given["TABLE"] = str(table)
    if "OUTPUT_TABLE" in given:
        given["OUTPUT_TABLE"] = str(folder / given["OUTPUT_TABLE"])
    given = {key: value for key, value in given.items() if value is not None}
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("detectbreaks", given)
    assert not folder.exists() or not [p for p in folder.iterdir() if p.suffix != ".tiles"]


@pytest.mark.parametrize("method", ["joint", "bfastmonitor"])
def test_masked_stacks_are_refused(
    method: str, run_algorithm: Run, stack: Path, tmp_path: Path
) -> None:
    masks, output = tmp_path / "masks", tmp_path / "out" / "status.tif"
    masks.mkdir()
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), 100, 70)
    for path in stack.glob("i_*.tif"):
        write_raster(masks / path.name.replace("i_", "m_"), [np.ones((70, 100), np.uint8)], grid)
    given = {"STACK": [str(stack)], "MASK": [str(masks)], "MASK_CLEAR": "0", "SCALE": 0.0001,
             "START": "2019-01-01", "METHOD": method, "STATUS": str(output)}  # fmt: skip
    with pytest.raises(QgsProcessingException, match="All observations of the images are masked"):
        run_algorithm("detectbreaks", given)
    assert not output.exists()
    assert not list(tmp_path.glob("**/*.tiles"))
