# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated Sentinel-2A and 2B over a desert: what is planted is found, within what is claimed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import site_series as series

from calval_toolbox.core.calibration.budget_types import Contributor, Sizes
from calval_toolbox.core.calibration.cross_run import CrossRun, cross_calibrate
from calval_toolbox.core.calibration.cross_summaries import Period
from calval_toolbox.core.calibration.cross_tables import (
    coefficients,
    contributions_table,
    results_table,
    summary_table,
)
from calval_toolbox.core.calibration.desert import Settings
from calval_toolbox.core.calibration.doubts import run_doubts
from calval_toolbox.core.calibration.matching import Limits
from calval_toolbox.core.calibration.meteo import Fill, Meteo
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.simulate import Plan, simulate_desert
from calval_toolbox.core.calibration.transfer import Side
from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.report.calibration import cross_calibration_report
from calval_toolbox.core.report.document import ReportContext
from calval_toolbox.core.report.uncertainty import budget_of, uncertainty_report
from calval_toolbox.core.report.uncertainty import headline as uncertainty_headline

NAMES = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12")
WAVELENGTHS = (443.0, 490.0, 560.0, 665.0, 705.0, 740.0, 783.0, 842.0, 865.0, 1610.0, 2190.0)
BANDS = tuple(Band(name, at) for name, at in zip(NAMES, WAVELENGTHS, strict=True))
GAINS = {"B02": 1.01, "B04": 0.985, "B8A": 1.02}
SIZES = Sizes(0.0, 0.03, 0.0, 0.15, 0.0, 0.0, 0.0, 0.0)


def run(seed: int, sizes: Sizes | None = None, days: int = 730, **plan: Any) -> CrossRun:
    tables = SensorTables()
    a, b = (Sensor(name, BANDS) for name in ("S2A/MSI", "S2B/MSI"))
    first = Plan(days=days, revisit_days=10.0)
    second = Plan(days=days, revisit_days=10.0, offset_days=2.0, **plan)
    reference = simulate_desert(a, tables.bands(a), first, seed=2 * seed)
    target = simulate_desert(b, tables.bands(b), second, seed=2 * seed + 1)
    return cross_calibrate(
        Side(target, tables.bands(b)), Side(reference, tables.bands(a)),
        Settings(Limits(days=3.0)), Period.HALF_YEAR, sizes, 60, seed,
    )  # fmt: skip


@pytest.fixture(scope="module")
def found() -> CrossRun:
    return run(1, SIZES, 1460, gains=GAINS)


def test_planted_gains_are_found(found: CrossRun) -> None:
    for one in found.whole():
        planted = GAINS.get(one.band, 1.0)
        assert one.summary.mean == pytest.approx(planted, abs=0.005), one.band
        assert abs(one.summary.mean - planted) < 3.5 * one.summary.sem
        assert one.summary.count >= 40
    assert "B10" not in {one.band for one in found.whole()}


def test_the_claimed_error_holds_what_was_planted() -> None:
    """Standard errors by the scatter of the pairs, over many seeds: about 95 of 100 intervals."""
    held = []
    for seed in range(10, 40):
        for one in run(seed, gains=GAINS).whole():
            away = one.summary.mean - GAINS.get(one.band, 1.0)
            held.append(abs(away) <= 2.04 * one.summary.sem)
    assert 0.90 <= np.mean(held) <= 0.99


def test_a_planted_drift_is_found() -> None:
    found = run(3, days=6 * 365, drifts={"B04": 0.005})
    one = next(one for one in found.whole() if one.band == "B04").summary
    assert one.slope_pct_per_year == pytest.approx(0.5, abs=0.1)
    assert abs(one.slope_pct_per_year - 0.5) < 3.0 * one.slope_se


def test_clouds_are_left_out(found: CrossRun) -> None:
    unused = found.result.unused_target
    assert 5 <= np.sum(unused == "not homogeneous") <= 30


def test_tables_and_numbers_agree(found: CrossRun) -> None:
    results, summary = results_table(found, {"Libya4": (23.39, 28.55)}), summary_table(found)
    assert len(results) == len(found.result.pairs) * len(found.result.bands)
    kept = (results["status"] == "accepted") & (results["band"] == "B04")
    row = np.flatnonzero((summary["band"] == "B04") & (summary["period"] == ""))
    assert len(row) == 1
    assert summary["a_k"][row[0]] == pytest.approx(results["a_k"][kept].mean())
    assert summary["pairs"][row[0]] == kept.sum()
    assert np.allclose(results["a_k"] * results["simulated"], results["measured"])
    assert ((results["reason"] == "") == (results["status"] == "accepted")).all()
    assert all(shape is not None for shape in results.geometry)
    of_json = coefficients(found)["B04"]
    assert of_json["a_k"] == pytest.approx(summary["a_k"][row[0]])
    assert of_json["uncertainty_percent"] == pytest.approx(summary["uncertainty_percent"][row[0]])
    spans = set(summary["period"]) - {""}
    assert spans == {f"{year}-H{half}" for year in range(2020, 2024) for half in (1, 2)}
    assert len(contributions_table(found)) == len(found.result.bands) * len(found.budget.analytic)
    assert set(found.budget.analytic) == {
        *list(Contributor)[: list(Contributor).index(Contributor.SCATTER) + 1]
    } - {Contributor.BRDF}


def test_a_saturated_band_is_in_no_headline() -> None:
    """B12 made the least certain band, then half of its measurements saturated."""
    found = run(4, SIZES)
    budget = budget_of(found)
    budget.combined_monte_carlo[budget.bands.index("B12")] = 0.5
    assert "B12" in uncertainty_headline(found, budget)[0].verdict
    measurements = found.result.way.target.measurements
    measurements["saturated_fraction"][::2, NAMES.index("B12")] = 1.0
    assert list(run_doubts(found)) == ["B12"]
    line = uncertainty_headline(found, budget)[0]
    assert "B12" not in line.verdict
    assert "1 band is in doubt and left out" in line.verdict
    page = uncertainty_report(found, ReportContext("Uncertainty"))
    assert "1 band is in doubt and left out" in page


def test_an_assumed_size_that_the_scatter_refutes_is_told() -> None:
    """AOT that differs by 1 between dates would move single coefficients by more than they move."""
    fitting = run(4, SIZES)
    assert not [note for note in fitting.notes if "is assumed to differ" in note]
    (note,) = (one for one in run(4, replace(SIZES, aot_difference=1.0)).notes if "assumed" in one)
    band, alone, scatter, largest = re.search(
        r"coefficients of band (B\w+) by ([\d.]+) %, but they scatter by ([\d.]+) % .* "
        r"At most ([\d.]+)",
        note,
    ).groups()  # fmt: skip
    assert float(largest) == pytest.approx(float(scatter) / float(alone), rel=0.1)
    found = {one.band: one.summary for one in fitting.whole()}[band]
    assert float(scatter) == pytest.approx(100.0 * found.robust_sd / found.median, abs=0.06)


def test_the_report_says_what_was_found(found: CrossRun) -> None:
    page = cross_calibration_report(found, ReportContext("Calibrate over deserts"))
    plain = re.sub(r"<[^>]*>", "", page)
    assert "S2B/MSI against S2A/MSI over Libya4, 2020-" in plain
    assert "B8A (865 nm)" in page
    assert "scatter of the pairs" in page
    assert "2021-H2" in page
    assert page.count("data:image/") >= 3
    assert "nan" not in page.lower().replace("nanometer", "")


def test_ozone_that_one_sensor_states_is_told_with_what_it_changes(shared_data: Path) -> None:
    """MODIS states none: 300 DU there and 286 DU of MERIS shift its coefficients by 0.3 %."""
    modis = series.side(shared_data, "Libya4", "MODISA", "Collection_5")
    meris = series.side(shared_data, "Libya4", *series.MERIS)
    settings = Settings(bands=("466", "554", "646", "857"))
    found = cross_calibrate(modis, meris, settings)
    told = [note for note in found.notes if "ozone" in note]
    assert len(told) == 1
    assert "MODISA states no ozone, 300 DU is taken; MERIS states 28" in told[0]
    assert re.search(r"would change by up to -0\.3\d % \(554\)", told[0])
    assert "Use METEO_FILL=partner" in told[0]
    wave = re.search(r"lose a season of (\d\.\d\d) % .* \(554\)", told[0])
    assert wave is not None
    # That is what is seen in the coefficients themselves: half-years are less apart with both.
    assert 0.2 < float(wave[1]) < 2.0
    both = replace(settings, meteo=Meteo(fill=Fill.PARTNER))
    assert not [note for note in cross_calibrate(modis, meris, both).notes if "ozone" in note]
    # Ozone that both have cancels nearly; what is assumed for one does not.
    ozone = [
        cross_calibrate(modis, meris, one, sizes=Sizes(), draws=4).budget
        for one in (settings, both)
    ]
    one_sided, shared = (made.analytic[Contributor.OZONE_COMMON] for made in ozone if made)
    green = found.result.bands.index("554")
    assert one_sided[green] > 0.3
    assert shared[green] < 0.1
