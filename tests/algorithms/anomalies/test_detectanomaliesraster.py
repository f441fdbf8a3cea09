# SPDX-License-Identifier: GPL-3.0-or-later
"""``detectanomaliesraster`` through the real ``qgis_process``."""

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

DAYS = np.datetime64("2018-01-03") + 20 * np.arange(50)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bands; a bright patch on 2019-01-18."""
    folder, rng = tmp_path_factory.mktemp("stack"), np.random.default_rng(4)
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), 80, 60)
    for day in DAYS:
        image = np.array([0.1, 0.3])[:, None, None] + rng.normal(0.0, 0.008, (2, 60, 80))
        if day == DAYS[19]:
            image[:, 20:40, 30:60] += 0.3
        write_raster(folder / f"i_{str(day).replace('-', '')}.tif",
                     [band.astype(np.float32) for band in image], grid,
                     names=("blue", "nir"))  # fmt: skip
    return folder


def test_rasters_and_table(run_process: Callable[..., Any], stack: Path, tmp_path: Path) -> None:
    outputs = {key: str(tmp_path / f"{key.lower()}.tif") for key in ("OUTPUT", "SCORE", "COUNTS")}
    table, report = tmp_path / "dates.gpkg", tmp_path / "report.html"
    inputs = {"STACK": [str(stack)], "TILE_SIZE": 64, "DATE_TABLE": str(table),
              "REPORT": str(report), **outputs}  # fmt: skip
    done = run_process(["run", "calval:detectanomaliesraster", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert (results["DATE_COUNT"], results["LAYER_COUNT"], results["IMAGE_COUNT"]) == (50, 1, 0)
    types = gdal.Open(outputs["OUTPUT"])
    assert types.GetRasterBand(1).GetDescription().startswith(str(DAYS[19]))
    patch = np.zeros((60, 80), bool)
    patch[20:40, 30:60] = True
    found = types.ReadAsArray()[patch]
    # Two bands tell a cloud from the rest less well than six.
    assert ((found > 0) & (found < 255)).all()
    assert (found == 1).mean() > 0.85
    assert gdal.Open(outputs["SCORE"]).ReadAsArray()[patch].min() >= 3.0
    counts = gdal.Open(outputs["COUNTS"]).ReadAsArray()
    assert counts[0][patch].min() >= 1
    assert (counts[1] == 50).all()
    assert counts[0].sum() == results["ANOMALY_COUNT"]
    dates = read_table(table)
    assert dates["flagged_share"][19] == pytest.approx(600 / 4800, abs=0.01)
    assert list(dates["layer"]) == [0] * 19 + [1] + [0] * 30
    assert not list(tmp_path.glob("*.tiles"))
    page = report.read_text("utf-8")
    for text in ("Images off as a whole", f"{DAYS[19]}", "IMAGE_THRESHOLD", "Limits of the method"):
        assert text in page
    assert page.count("<img ") == 2  # timeline and quick looks


def test_the_raster_of_types_may_be_left_out(
    run_algorithm: Callable[..., Any], stack: Path, tmp_path: Path
) -> None:
    table, report = tmp_path / "dates.csv", tmp_path / "report.html"
    given = {"STACK": [str(stack)], "DATE_TABLE": str(table), "REPORT": str(report)}
    results = run_algorithm("detectanomaliesraster", given)
    assert len(read_table(table)["time"]) == 50
    assert report.exists()
    assert not list(tmp_path.glob("*.tif"))
    assert not list(tmp_path.glob("*.tiles"))
    expected = results["FALSE_ALARM_EXPECTED"]
    assert expected == pytest.approx(results["TESTED_COUNT"] * 0.001, abs=0.5)
    assert expected == round(expected)  # some 240: chance leaves no decimals


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"STACK": []}, "either products or a stack"),
        ({"OUTPUT": None}, "Say where at least one result goes: OUTPUT, SCORE"),
        ({"DATES": "2018-01-04"}, "There is no image of 2018-01-04"),
        ({"BANDS": "red"}, "No date has a band red"),
        ({"EXECUTOR": "turbo"}, "'turbo' is unknown"),
    ],
)
def test_wrong_parameters_are_one_sentence(
    change: dict[str, Any], sentence: str, run_algorithm: Callable[..., Any], stack: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    given = {"STACK": [str(stack)], "OUTPUT": str(tmp_path / "out" / "o.tif")} | change
    given = {key: value for key, value in given.items() if value is not None}
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("detectanomaliesraster", given)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
