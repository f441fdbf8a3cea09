# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibration over deserts as users run it: real series in a database, coefficients out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.measurements import load_by_id
from calval_toolbox.core.database.runs import list_runs, load_run
from calval_toolbox.core.io.tables import read_table

Run = Callable[..., dict[str, Any]]
FILES = ("Libya4_MERIS_2nd_Reprocessing", "Libya4_MERIS_3rd_Reprocessing",
         "Libya4_AATSR_2nd_Reprocessing")  # fmt: skip
PUBLISHED = {"555": 1.0308, "660": 1.0242, "865": 1.0264}


def filled(run: Run, database: str, shared: Path) -> dict[str, Any]:
    """A database with the real series, and the inputs of a calibration of AATSR."""
    folder = shared / "calibration" / "dimitri_timeseries"
    files = [str(folder / f"{name}.csv.gz") for name in FILES]
    run("importmeasurements", {"INPUT": files, "DATABASE": database})
    return {
        "DATABASE": database, "TARGET_SENSOR": "AATSR", "REFERENCE_SENSOR": "MERIS",
        "REFERENCE_VERSION": "3rd_Reprocessing", "SITES": "Libya4", "BANDS": "555, 660, 865",
        "ATMOSPHERE": str(shared / "calibration"), "DRAWS": 40,
    }  # fmt: skip


def test_coefficients_of_a_real_sensor(
    run_algorithm: Run, database_name: str, tmp_path: Path, shared_data: Path
) -> None:
    inputs = filled(run_algorithm, database_name, shared_data)
    outputs = {name: str(tmp_path / f"{name.lower()}.gpkg") for name in ("OUTPUT", "SUMMARY")}
    report = tmp_path / "report.html"
    found = run_algorithm("calibratedesert", {**inputs, **outputs, "REPORT": str(report)})
    bands = json.loads(found["COEFFICIENTS"])
    assert {band: one["a_k"] for band, one in bands.items()} == pytest.approx(PUBLISHED, rel=0.003)
    assert all(0.9 < one["uncertainty_percent"] < 1.3 for one in bands.values())
    table, summary = read_table(outputs["OUTPUT"]), read_table(outputs["SUMMARY"])
    assert len(table) == 3 * found["PAIR_COUNT"]
    kept = (table["band"] == "660") & (table["status"] == "accepted")
    assert table["a_k"][kept].mean() == pytest.approx(bands["660"]["a_k"])
    assert set(summary["band"]) == set(PUBLISHED)
    assert "AATSR against MERIS over Libya4" in report.read_text(encoding="utf-8")
    traced(database_name, found["RUN_ID"], bands)


def traced(database: str, number: int, bands: dict[str, Any]) -> None:
    """From a coefficient in the database back to the two observations that made it."""
    with open_database(database) as db:
        kept = load_run(db, number)
        assert (kept.sensor, kept.reference, kept.method) == ("AATSR", "MERIS", "calibratedesert")
        assert kept.parameters["REFERENCE_VERSION"] == "3rd_Reprocessing"
        rows = np.flatnonzero(
            (kept.results["band"] == "865") & (kept.results["flag"] == "accepted")
        )
        assert kept.results["a_k"][rows].mean() == pytest.approx(bands["865"]["a_k"])
        one = rows[7]
        target = load_by_id(db, "AATSR", kept.results["target_id"][[one]])
        reference = load_by_id(db, "MERIS", kept.results["reference_id"][[one]])
        measured = target["mean"][0, target.sensor.band_names.index("865")]
        assert measured / kept.results["simulated"][one] == pytest.approx(kept.results["a_k"][one])
        pair = kept.results["pair"][one]
        days = (target.time - reference.time)[0] / np.timedelta64(1, "D")
        assert kept.pairs["time_difference_days"][pair] == pytest.approx(days)
        assert reference["version"][0] == "3rd_Reprocessing"
        assert len(kept.contributions) == 33


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"TARGET_SENSOR": "VIIRS"}, "no sensor 'VIIRS'"),
        ({"SITES": "Libya5"}, "no site Libya5"),
        ({"REFERENCE_VERSION": "9th"}, "no version 9th of MERIS for this choice"),
        ({"BANDS": "555, B04"}, "AATSR has no band B04. Its bands are: 555"),
        ({"ATMOSPHERE": "nowhere"}, "nowhere is no folder"),
        ({"ATMOSPHERE": ""}, "No band of AATSR that is asked for"),
        ({"FIRST_DAY": "31.1.2005"}, "FIRST_DAY"),
        ({"FIRST_DAY": "2031-01-01"}, "no measurements of AATSR for Libya4, 2031-01-01"),
        ({"MAX_DISTANCE_DEG": 0.01, "TIME_WINDOW_DAYS": 0.01}, "no partner within the limits"),
    ],
)
def test_what_cannot_be_calibrated(
    run_algorithm: Run, tmp_path: Path, shared_data: Path, change: dict[str, Any], match: str
) -> None:
    inputs = filled(run_algorithm, str(tmp_path / "c.gpkg"), shared_data)
    output = tmp_path / "out.gpkg"
    with pytest.raises(QgsProcessingException, match=match):
        run_algorithm("calibratedesert", {**inputs, **change, "OUTPUT": str(output)})
    assert not output.exists()
    with open_database(str(tmp_path / "c.gpkg")) as db:
        assert not list_runs(db, "calibratedesert")


def test_spectral_methods_side_by_side_and_directions_corrected(
    run_algorithm: Run, tmp_path: Path, shared_data: Path
) -> None:
    folder = shared_data / "calibration" / "dimitri_timeseries"
    database = str(tmp_path / "c.gpkg")
    files = [str(folder / f"{name}.csv.gz") for name in FILES[1:]]
    run_algorithm("importmeasurements", {"INPUT": files, "DATABASE": database})
    sand = tmp_path / "sand.csv"
    rows = [f"{nm},{0.15 + 0.4 / (1.0 + np.exp(-(nm - 560.0) / 60.0))}"
            for nm in range(390, 1000)]  # fmt: skip
    sand.write_text("\n".join(["wavelength_nm,reflectance", *rows]), encoding="utf-8")
    inputs = {
        "DATABASE": database, "TARGET_SENSOR": "AATSR", "REFERENCE_SENSOR": "MERIS",
        "BANDS": "555, 660, 865", "ATMOSPHERE": str(shared_data / "calibration"), "DRAWS": 20,
        "SPECTRAL_METHOD": ["spline", "hyperspectrum", "toa_integration"], "BRDF": "roujean",
        "OUTPUT": str(tmp_path / "output.gpkg"), "SUMMARY": str(tmp_path / "summary.gpkg"),
        "REPORT": str(tmp_path / "report.html"),
    }  # fmt: skip
    with pytest.raises(QgsProcessingException, match=r"none of the sites has one.*HYPERSPECTRUM"):
        run_algorithm("calibratedesert", inputs)
    found = run_algorithm("calibratedesert", {**inputs, "HYPERSPECTRUM": str(sand)})
    summary = read_table(inputs["SUMMARY"])
    assert set(summary["method"]) == set(inputs["SPECTRAL_METHOD"])
    for band, one in json.loads(found["COEFFICIENTS"]).items():
        assert list(one["by_method"]) == inputs["SPECTRAL_METHOD"]
        assert one["by_method"]["spline"] == one["a_k"] == pytest.approx(PUBLISHED[band], rel=0.003)
        assert one["by_method"]["hyperspectrum"] == pytest.approx(one["a_k"], rel=0.02)
        rows = (summary["band"] == band) & (summary["period"] == "")
        change = dict(
            zip(summary["method"][rows], summary["difference_percent"][rows], strict=True)
        )
        assert change["spline"] == 0.0
        assert 0.0 < abs(change["toa_integration"]) < 0.1
        assert 0.0 < abs(change["hyperspectrum"]) < 2.0
    report = Path(inputs["REPORT"]).read_text(encoding="utf-8")
    assert "Spectral methods side by side" in report
    assert "directional model" in report
    with open_database(database) as db:
        assert "brdf" in set(load_run(db, found["RUN_ID"]).contributions["contributor"])
