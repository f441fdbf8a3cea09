# SPDX-License-Identifier: GPL-3.0-or-later
"""``regularizetimeseries`` through the provider and the real ``qgis_process``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal, osr
from qgis.core import QgsProcessingException, QgsProcessingFeedback

from calval_toolbox.core.io.tables import read_table

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """Three images rising by 100 (0.01) a day; 0 is no data, in one corner always."""
    folder = tmp_path / "stack"
    folder.mkdir()
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    for day in (1, 11, 21):
        values = np.full((8, 8), 1000 + 100 * day, dtype=np.int16)
        values[0, 0] = 0
        if day == 11:
            values[:, 4:] = 0
        made = gdal.GetDriverByName("GTiff").Create(
            str(folder / f"NDVI_202007{day:02d}.tif"), 8, 8, 1, gdal.GDT_Int16
        )
        made.SetProjection(reference.ExportToWkt())
        made.SetGeoTransform((368000.0, 10.0, 0.0, 4826000.0, 0.0, -10.0))
        made.GetRasterBand(1).WriteArray(values)
    return folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "series.csv"
    rows = [f"A,2020-07-{day:02d},B4,{0.1 + 0.01 * day:.2f},0" for day in (1, 11, 21)]
    path.write_text("\n".join(["site,when,band,red,cloudy", *rows, "A,2020-07-16,B4,0.9,1"]) + "\n")
    return path


def test_images_in_the_real_qgis_process(
    run_process: Callable[..., Any], stack: Path, tmp_path: Path
) -> None:
    output, quality = tmp_path / "out.tif", tmp_path / "days.tif"
    inputs = {
        "STACK": [str(stack)], "SCALE": 0.0001, "NODATA": 0, "STEP_DAYS": 5,
        "OUTPUT": str(output), "QUALITY": str(quality), "OUTPUT_TABLE": str(tmp_path / "t.csv"),
    }  # fmt: skip
    done = run_process(["run", "calval:regularizetimeseries", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert (results["DATE_COUNT"], results["INPUT_COUNT"]) == (5, 3)
    assert results["NEVER_CLEAR_PERCENT"] == pytest.approx(100 / 64)
    made = gdal.Open(str(output))
    assert made.GetRasterBand(2).GetDescription() == "2020-07-06"
    values = made.ReadAsArray()
    for date, day in enumerate((1, 6, 11, 16, 21)):
        assert values[date].ravel()[1:] == pytest.approx(0.1 + 0.01 * day, abs=1e-6)
    assert (values[:, 0, 0] == -9999).all()
    days = gdal.Open(str(quality)).ReadAsArray()
    assert days[:, 5, 1].tolist() == [0, 5, 0, 5, 0]
    assert days[:, 5, 6].tolist() == [0, 5, 10, 5, 0]
    assert output.with_suffix(".qml").is_file()
    assert read_table(tmp_path / "t.csv")["value"] == pytest.approx([0.11, 0.16, 0.21, 0.26, 0.31])


def test_foreign_table(run_algorithm: Run, table: Path, tmp_path: Path) -> None:
    output = tmp_path / "regular.gpkg"
    results = run_algorithm(
        "regularizetimeseries",
        {
            "TABLE": str(table), "TIME_FIELD": "when", "VALUE_FIELD": "red", "MASK_FIELD": "cloudy",
            "STEP_DAYS": 5, "OUTPUT_TABLE": str(output),
        },
    )  # fmt: skip
    assert results["FILLED_PERCENT"] == 100.0
    made = read_table(output)
    assert made["value"] == pytest.approx([0.11, 0.16, 0.21, 0.26, 0.31])
    assert made["days_to_clear"] == pytest.approx([0, 5, 0, 5, 0])
    assert list(made["time"])[1] == "2020-07-06T00:00:00Z"


def test_filled_percent_is_the_share_of_output_values_that_exist(
    run_algorithm: Run, table: Path, tmp_path: Path
) -> None:
    """Nine dates from June 21 to July 31, of which two are beyond the hold at the ends."""
    results = run_algorithm(
        "regularizetimeseries",
        {
            "TABLE": str(table), "TIME_FIELD": "when", "VALUE_FIELD": "red", "MASK_FIELD": "cloudy",
            "STEP_DAYS": 5, "START": "2020-06-21", "END": "2020-07-31", "MAX_GAP_DAYS": 5,
            "OUTPUT_TABLE": str(tmp_path / "regular.gpkg"),
        },
    )  # fmt: skip
    assert results["DATE_COUNT"] == 9
    assert results["FILLED_PERCENT"] == pytest.approx(100.0 * 7 / 9)


def test_rows_left_out_are_told(run_algorithm: Run, table: Path, tmp_path: Path) -> None:
    class Told(QgsProcessingFeedback):
        def pushWarning(self, warning: str) -> None:
            heard.append(warning)

    heard: list[str] = []
    table.write_text(table.read_text() + "A,,B4,0.5,0\n,2020-07-21,B4,0.5,0\n")
    given = {
        "TABLE": str(table), "TIME_FIELD": "when", "VALUE_FIELD": "red", "MASK_FIELD": "cloudy",
        "OUTPUT_TABLE": str(tmp_path / "r.gpkg"),
    }  # fmt: skip
    run_algorithm("regularizetimeseries", given, feedback=Told())
    told = " ".join(heard)
    assert "1 of the 6 rows of series.csv have no time in 'when' and are left out" in told
    assert "1 of the 6 rows of series.csv have no site in 'site' and are left out" in told


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"STACK": []}, "either products or a stack"),
        ({"OUTPUT": None}, "Say where the regular images go"),
        ({"START": "2021-01-01"}, "lies before the start"),
        ({"METHOD": "savitzky_golay", "WINDOW_STEPS": 8}, "has to be odd"),
        ({"BANDS": "red"}, "No date has a band red. There are: NDVI"),
        ({"MASK_BAND": "SCL"}, "no mask 'SCL'"),
        ({"TABLE": "table"}, "only one of them"),
    ],
)
def test_wrong_parameters_are_one_sentence(
    change: dict[str, Any], sentence: str, run_algorithm: Run, stack: Path, table: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    folder = tmp_path / "out"
    given = {"STACK": [str(stack)], "OUTPUT": str(folder / "out.tif")} | change
    if "TABLE" in given:
        given["TABLE"] = str(table)
    given = {key: value for key, value in given.items() if value is not None}
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("regularizetimeseries", given)
    assert not folder.exists() or not list(folder.iterdir())


def test_scaled_integers_of_a_table_are_noticed(
    run_algorithm: Run, table: Path, tmp_path: Path
) -> None:
    table.write_text(table.read_text().replace("0.1", "1").replace(",0.", ",1"))
    with pytest.raises(QgsProcessingException, match="look like scaled integers.*VALUE_SCALE"):
        run_algorithm(
            "regularizetimeseries",
            {
                "TABLE": str(table), "TIME_FIELD": "when", "VALUE_FIELD": "red",
                "MASK_FIELD": "cloudy", "OUTPUT_TABLE": str(tmp_path / "r.gpkg"),
            },
        )  # fmt: skip
