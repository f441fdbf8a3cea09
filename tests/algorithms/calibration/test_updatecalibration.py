# SPDX-License-Identifier: GPL-3.0-or-later
"""New parameters and the half-yearly report as users make them, on the real series."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.parameters import load_parameters
from calval_toolbox.core.database.runs import list_runs
from calval_toolbox.core.io.tables import read_table

Run = Callable[..., dict[str, Any]]
FILES = ("Libya4_MERIS_3rd_Reprocessing", "Libya4_AATSR_2nd_Reprocessing")
BANDS = {"555", "660", "865"}


@pytest.fixture(scope="module")
def calibrated(
    calval_provider: Any, tmp_path_factory: pytest.TempPathFactory, shared_data: Path
) -> Path:
    """A database with the real series, and a calibration of AATSR."""
    from qgis import processing

    folder = tmp_path_factory.mktemp("calibrated")
    path = folder / "c.gpkg"
    series = shared_data / "calibration" / "dimitri_timeseries"
    files = [str(series / f"{name}.csv.gz") for name in FILES]
    processing.run("calval:importmeasurements", {"INPUT": files, "DATABASE": str(path)})
    processing.run("calval:calibratedesert", {
        "DATABASE": str(path), "TARGET_SENSOR": "AATSR", "REFERENCE_SENSOR": "MERIS",
        "REFERENCE_VERSION": "3rd_Reprocessing", "BANDS": "555, 660, 865", "DRAWS": 40,
        "ATMOSPHERE": str(shared_data / "calibration"), "OUTPUT": str(folder / "out.gpkg"),
    })  # fmt: skip
    return path


@pytest.fixture
def database(calibrated: Path, tmp_path: Path) -> str:
    return str(shutil.copy(calibrated, tmp_path / "own.gpkg"))


def test_parameters_of_a_real_sensor(run_algorithm: Run, database: str, tmp_path: Path) -> None:
    inputs = {
        "DATABASE": database, "SENSOR": "AATSR", "VERSION": "2012-01",
        "OUTPUT": str(tmp_path / "parameters.csv"), "CHECK": str(tmp_path / "check.csv"),
        "REPORT": str(tmp_path / "report.html"),
    }  # fmt: skip
    found = run_algorithm("updatecalibration", inputs)
    assert found["RUN_ID"] == 2
    assert found["WRITTEN_COUNT"] == 0
    with open_database(database) as db:
        assert not len(load_parameters(db, "AATSR"))
        assert not list_runs(db, "updatecalibration")
    bands = json.loads(found["PARAMETERS"])
    assert set(bands) == BANDS
    for rows in bands.values():
        assert all(1.01 < one["value"] < 1.04 for one in rows)
        assert rows[-1]["valid_to"] == ""
    check = read_table(inputs["CHECK"])
    # The other dates say the same: AATSR measures more by 2 to 3 %, and not after the correction.
    assert (check.floats("bias_before_percent") > 1.5).all()
    assert (abs(check.floats("bias_after_percent")) < 0.4).all()
    page = Path(inputs["REPORT"]).read_text(encoding="utf-8")
    assert "corrected reflectance = measured / A_k" in page
    written = run_algorithm("updatecalibration", {**inputs, "WRITE": True})
    assert written["WRITTEN_COUNT"] == written["PARAMETER_COUNT"] == found["PARAMETER_COUNT"]
    again = run_algorithm("updatecalibration", {**inputs, "WRITE": True})
    assert again["WRITTEN_COUNT"] == 0
    with pytest.raises(QgsProcessingException, match="give the new values a new version"):
        run_algorithm("updatecalibration", {**inputs, "WRITE": True, "HOLDOUT": 0.5})
    with open_database(database) as db:
        kept = load_parameters(db, "AATSR", "2012-01")
        assert len(kept) == written["PARAMETER_COUNT"]
        assert set(kept["name"]) == {"gain"}


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"RUN": 99}, "no run 99"),
        ({"RUN": 1}, r"Run 1 of .* \(importmeasurements\) holds no coefficients"),
        ({"SENSOR": "VIIRS"}, "no calibration of VIIRS"),
        ({"METHOD": "calibrateantarctic"}, "no run with coefficients calibrateantarctic"),
        ({"BANDS": "555, B04"}, "no coefficients of AATSR in the band B04"),
        ({"VALID_FROM": "1.1.2010"}, "VALID_FROM"),
        ({"WRITE": True, "VERSION": ""}, "give their version"),
        ({"DATABASE": "nowhere.gpkg"}, "does not exist"),
        ({"HOLDOUT_MONTHS": 600}, "too few coefficients for a new version"),
    ],
)
def test_what_cannot_be_updated(
    run_algorithm: Run, database: str, tmp_path: Path, change: dict[str, Any], match: str
) -> None:
    output = tmp_path / "out.csv"
    inputs = {"DATABASE": database, "OUTPUT": str(output), **change}
    with pytest.raises(QgsProcessingException, match=match):
        run_algorithm("updatecalibration", inputs)
    assert not output.exists()


def test_report_of_a_half_year(run_algorithm: Run, database: str, tmp_path: Path) -> None:
    report, table = tmp_path / "report.html", tmp_path / "table.csv"
    inputs = {"DATABASE": database, "REPORT": str(report)}
    found = run_algorithm(
        "calibrationreport", {**inputs, "PERIOD": "2009-H1", "OUTPUT": str(table)}
    )
    rows = read_table(str(table))
    assert set(rows.texts("band")) == BANDS
    assert found["COEFFICIENT_COUNT"] == rows.floats("pairs").sum() > 20
    assert found["RUN_COUNT"] == 1
    page = report.read_text(encoding="utf-8")
    for text in ("AATSR against MERIS over deserts", "2009-H1", "period before", "Libya4"):
        assert text in page
    with open_database(database) as db:
        kept = list_runs(db, "calibrationreport")
    assert [one.id for one in kept] == [found["REPORT_ID"]]
    assert kept[0].parameters["PERIOD"] == "2009-H1"
    assert kept[0].parameters["RUNS"] == [2]
    # By its number alone, into another file, after the database has changed.
    other = tmp_path / "again.html"
    again = run_algorithm(
        "calibrationreport",
        {"DATABASE": database, "AGAIN": found["REPORT_ID"], "REPORT": str(other)},
    )
    assert again["REPORT_ID"] == found["REPORT_ID"]
    pages = [re.sub(r'<p class="created">.*?</p>', "", text)
             for text in (page, other.read_text(encoding="utf-8"))]  # fmt: skip
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"PERIOD": "2009-H3"}, "is no period"),
        ({"PERIOD": "2029-H1"}, "no coefficient in 2029-H1"),
        ({"PERIOD": "2009", "FIRST_DAY": "2009-01-01"}, "either PERIOD"),
        ({"FIRST_DAY": "2009-01-01"}, "both FIRST_DAY and LAST_DAY"),
        ({"SENSORS": "VIIRS"}, "no calibration of VIIRS"),
        ({"SITES": "Libya5"}, "no site Libya5"),
        ({"RUNS": "two"}, "other things than numbers"),
        ({"RUNS": "1"}, "no calibration run 1"),
        ({"AGAIN": 2}, "no report 2"),
    ],
)
def test_what_cannot_be_reported(
    run_algorithm: Run, database: str, tmp_path: Path, change: dict[str, Any], match: str
) -> None:
    report = tmp_path / "report.html"
    with pytest.raises(QgsProcessingException, match=match):
        run_algorithm("calibrationreport", {"DATABASE": database, "REPORT": str(report), **change})
    assert not report.exists()
    with open_database(database) as db:
        assert not list_runs(db, "calibrationreport")
