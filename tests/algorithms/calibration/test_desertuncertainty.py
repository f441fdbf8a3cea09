# SPDX-License-Identifier: GPL-3.0-or-later
"""The budget as users get it, on real series."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from calval_toolbox.core.io.tables import read_table

Run = Callable[..., dict[str, Any]]


def test_budget_of_a_real_sensor(run_algorithm: Run, tmp_path: Path, shared_data: Path) -> None:
    folder = shared_data / "calibration"
    series = folder / "dimitri_timeseries"
    names = ("Libya4_MERIS_3rd_Reprocessing", "Libya4_AATSR_2nd_Reprocessing")
    database = str(tmp_path / "c.gpkg")
    run_algorithm(
        "importmeasurements",
        {"INPUT": [str(series / f"{name}.csv.gz") for name in names], "DATABASE": database},
    )
    outputs = {name: str(tmp_path / f"{name.lower()}.gpkg") for name in ("OUTPUT", "CORRELATION")}
    report = tmp_path / "report.html"
    found = run_algorithm(
        "desertuncertainty",
        {
            "DATABASE": database, "TARGET_SENSOR": "AATSR", "REFERENCE_SENSOR": "MERIS",
            "BANDS": "555,660,865", "ATMOSPHERE": str(folder), "REFERENCE_UNCERTAINTY": 0.0,
            "RESPONSE_UNCERTAINTY": 1.0, "DRAWS": 100, **outputs, "REPORT": str(report),
        },
    )  # fmt: skip
    table = read_table(outputs["OUTPUT"])
    of = {
        (band, name): value
        for band, name, value in zip(
            table["band"], table["contributor"], table["analytic_percent"], strict=True
        )
    }
    # Published: 1 nm of the response changes 0.54, 0.15 and 0.00 %.
    assert [of[band, "response"] for band in ("555", "660", "865")] == pytest.approx(
        [0.54, 0.15, 0.0], abs=0.03
    )
    assert of["555", "reference"] == 0.0
    combined = json.loads(found["UNCERTAINTIES"])
    rows = (table["contributor"] == "combined") & (table["band"] == "660")
    assert combined["660"] == pytest.approx(table["monte_carlo_percent"][rows][0])
    parts = [value**2 for (band, name), value in of.items() if band == "660" and name != "combined"]
    assert of["660", "combined"] == pytest.approx(np.sqrt(np.sum(parts)))
    correlation = read_table(outputs["CORRELATION"])
    assert len(correlation) == 9
    same = correlation["band"] == correlation["other"]
    assert correlation["correlation"][same] == pytest.approx([1.0] * 3)
    page = report.read_text(encoding="utf-8")
    assert "Largest contributor" in page
    assert "spectral response" in page
    assert "noise of the draws up to" in page
    assert "of which Monte Carlo noise" in page
    noise = table["monte_carlo_error_percent"]
    assert (np.isfinite(noise) == (table["contributor"] == "combined")).all()
    assert (noise[rows] < 0.1 * table["monte_carlo_percent"][rows]).all()


def test_the_budget_is_that_of_the_method_of_the_coefficients(
    run_algorithm: Run, tmp_path: Path, shared_data: Path
) -> None:
    """The first spectral method counts, as in the calibration, whose budget is the same; the other
    interpolation of one method is the other one of the two.
    """
    folder = shared_data / "calibration"
    names = ("Libya4_MERIS_3rd_Reprocessing", "Libya4_AATSR_2nd_Reprocessing")
    series = [str(folder / "dimitri_timeseries" / f"{name}.csv.gz") for name in names]
    database = str(tmp_path / "c.gpkg")
    run_algorithm("importmeasurements", {"INPUT": series, "DATABASE": database})
    given = {
        "DATABASE": database, "TARGET_SENSOR": "AATSR", "REFERENCE_SENSOR": "MERIS",
        "BANDS": "555,660,865", "ATMOSPHERE": str(folder), "DRAWS": 40, "SEED": 3,
        "FIRST_DAY": "2003-01-01", "LAST_DAY": "2005-12-31",
    }  # fmt: skip
    combined, a_k, found = {}, {}, {}
    for first, chosen in (
        ("spline", None), ("monotone", ["monotone", "spline"]), ("toa_integration", None),
    ):  # fmt: skip
        methods = {} if first == "spline" else {"SPECTRAL_METHOD": chosen or [first]}
        output = str(tmp_path / f"{first}.gpkg")
        report = tmp_path / f"{first}.html"
        budget = run_algorithm(
            "desertuncertainty", {**given, **methods, "OUTPUT": output, "REPORT": str(report)}
        )
        calibrated = run_algorithm(
            "calibratedesert",
            {**given, **methods, "OUTPUT": str(tmp_path / f"{first}_a.gpkg"), "KEEP_RUN": False},
        )
        combined[first] = json.loads(budget["UNCERTAINTIES"])
        bands = json.loads(calibrated["COEFFICIENTS"])
        assert combined[first] == pytest.approx(
            {band: one["uncertainty_percent"] for band, one in bands.items()}
        )
        a_k[first] = {band: one["a_k"] for band, one in bands.items()}
        found[first] = read_table(output)
        assert set(found[first]["method"]) == {first}
    names_of = {"spline": "cubic spline", "monotone": "monotone cubic"}
    for first, name in names_of.items():
        page = (tmp_path / f"{first}.html").read_text(encoding="utf-8")
        assert f"Spectral method: {name}." in page
        assert ("Spectral methods side by side" in page) == (first == "monotone")
    table = found["monotone"]
    row = (table["contributor"] == "interpolation") & (table["band"] == "555")
    changed = 100.0 * abs(a_k["spline"]["555"] / a_k["monotone"]["555"] - 1.0)
    assert table["analytic_percent"][row][0] == pytest.approx(changed / np.sqrt(3.0), rel=0.2)
    assert combined["toa_integration"]["555"] != combined["spline"]["555"]
