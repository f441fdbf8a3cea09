# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud tests on planted clouds: which of them sees an even cloud, and which does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import site_series as series

from calval_toolbox.core.calibration.cloud_impact import (
    CloudTest,
    Impact,
    Point,
    cloud_impact,
    impact_table,
)
from calval_toolbox.core.calibration.desert import Settings
from calval_toolbox.core.calibration.matching import Limits
from calval_toolbox.core.calibration.meteo import Fill, Meteo, Model
from calval_toolbox.core.calibration.screening import Screening
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.simulate import Plan, simulate_desert
from calval_toolbox.core.calibration.summary import summarize
from calval_toolbox.core.calibration.transfer import Side
from calval_toolbox.core.calibration.types import Band, Sensor, concatenate
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.report.cloud_impact import NAMES, cloud_impact_report, half_width
from calval_toolbox.core.report.document import ReportContext

BANDS = tuple(Band(name, at) for name, at in (
    ("B02", 490.0), ("B03", 560.0), ("B04", 665.0), ("B07", 783.0), ("B8A", 865.0),
))  # fmt: skip


@pytest.fixture(scope="module")
def hazy() -> Impact:
    """A quarter of the target's dates lies under an even thin cloud."""
    sides = []
    for seed, share in ((1, 0.25), (2, 0.0)):
        sensor, tables = Sensor(f"S2{'BA'[seed - 1]}/MSI", BANDS), SensorTables()
        models = tables.bands(sensor)
        plan = Plan(days=1460, revisit_days=5.0, offset_days=2.0 * seed, cloudy=0.1, hazy=share)
        sides.append(Side(simulate_desert(sensor, models, plan, seed=seed), models))
    swept = {
        CloudTest.SPREAD: (0.025, 0.06, 0.3), CloudTest.RESIDUAL: (0.05, 0.5),
        CloudTest.COLOR: (0.05, 1.0), CloudTest.OUTLIER: (2.0, 50.0),
    }  # fmt: skip
    return cloud_impact(*sides, Settings(clip_sigmas=50.0), swept)


def point(impact: Impact, test: CloudTest, threshold: float) -> Point:
    return next(p for p in impact.points if p.test is test and p.threshold == threshold)


def test_an_even_cloud_passes_the_spread_and_fails_in_time_and_color(hazy: Impact) -> None:
    biased = hazy.summary("B02")
    assert biased.mean > 1.02
    strict = point(hazy, CloudTest.SPREAD, 0.025).summaries["B02"]
    assert strict.mean == pytest.approx(biased.mean, abs=0.005)
    for test in (CloudTest.RESIDUAL, CloudTest.COLOR):
        cleaned = point(hazy, test, 0.05).summaries["B02"]
        assert cleaned.mean == pytest.approx(1.0, abs=0.006), test
        assert cleaned.sd < 0.35 * biased.sd
        assert cleaned.count > 0.4 * biased.count


def test_broken_clouds_fail_the_spread(hazy: Impact) -> None:
    loose, strict = (point(hazy, CloudTest.SPREAD, value) for value in (0.3, 0.06))
    assert loose.target_passed > 1.05 * strict.target_passed
    assert loose.summaries["B04"].sd > 1.2 * strict.summaries["B04"].sd


def test_thresholds_that_let_all_pass_change_nothing(hazy: Impact) -> None:
    base = hazy.summary("B04")
    for test, value in (
        (CloudTest.RESIDUAL, 0.5),
        (CloudTest.COLOR, 1.0),
        (CloudTest.OUTLIER, 50.0),
    ):
        assert point(hazy, test, value).summaries["B04"] == base


def test_table_and_report(hazy: Impact) -> None:
    table = impact_table(hazy)
    assert len(table) == 9 * len(hazy.base.bands)
    row = np.flatnonzero((table["test"] == "residual") & (table["threshold"] == 0.05))[0]
    assert table["change_percent"][row] == pytest.approx(
        100.0 * (table["a_k"][row] / hazy.summary(table["band"][row]).mean - 1.0)
    )
    page = cloud_impact_report(hazy, "S2B/MSI", "S2A/MSI", ReportContext("Clouds"))
    assert page.count("data:image/") == 4
    assert "nan" not in page.lower()


def test_the_page_says_what_a_test_makes_of_the_scatter(hazy: Impact) -> None:
    """The same even clouds: strict limits of the spread leave the scatter, those of the color cut
    it; that the cut of outliers does so is no finding.
    """
    page = cloud_impact_report(hazy, "S2B/MSI", "S2A/MSI", ReportContext("Clouds"))
    parts = {test: page.split(f"<h2>{NAMES[test]}")[1].split("<h2>")[0] for test in CloudTest}
    assert "Spread: how uneven the site is in one observation." in parts[CloudTest.SPREAD]
    assert "a stricter limit does not make the coefficients agree better" in parts[CloudTest.SPREAD]
    assert "It is lower by more than chance in B" in parts[CloudTest.COLOR]
    assert "says nothing of clouds" in parts[CloudTest.OUTLIER]
    strict = point(hazy, CloudTest.COLOR, 0.05).summaries["B04"]
    told = f"{100.0 * strict.sd / strict.mean:.2f} %"
    assert "0.05 is the strictest" in parts[CloudTest.COLOR]
    assert told in parts[CloudTest.COLOR].split("(and as set)")[1].split("</p>")[0]


def test_real_snow(shared_data: Path) -> None:
    """Over Dome C outliers pass strict limits of the spread; tests in time see them."""
    sensor = ("AATSR", "2nd_Reprocessing")
    target, reference = (series.side(shared_data, "DomeC", *one) for one in (sensor, series.MERIS))
    settings = Settings(
        Limits(5.0, 3.0, reciprocity=False, sun_deg=2.0),
        Screening(max_spread=0.02, max_zenith_deg=82.0),
        Meteo(0.02, water_g_cm2=0.05, fill=Fill.PARTNER, model=Model.MOLECULAR),
        bands=("555", "660", "865"),
        clip_sigmas=50.0,
    )
    impact = cloud_impact(
        target, reference, settings, {CloudTest.SPREAD: (0.006,), CloudTest.RESIDUAL: (0.06,)}
    )
    base = impact.summary("555")
    strict, directional = (one.summaries["555"] for one in impact.points)
    assert strict.sd > 1.5 * strict.robust_sd
    assert directional.sd < 0.5 * base.sd
    assert impact.summary("865").median == pytest.approx(1.0255, rel=0.003)


def test_levels_of_sites_make_no_drift() -> None:
    """One site is seen early, the other, whose coefficients are 3 % above, more and more often."""
    sides = []
    for seed in (1, 2):
        sensor, tables = Sensor(f"S2{'BA'[seed - 1]}/MSI", BANDS), SensorTables()
        models = tables.bands(sensor)
        parts = []
        for site, gain in (("Here", 1.0), ("There", 1.03 if seed == 1 else 1.0)):
            plan = Plan(
                days=1460, revisit_days=5.0, offset_days=2.0 * seed, cloudy=0.0, aot_spread=0.0,
                water_spread=0.0, gains=dict.fromkeys(("B02", "B03", "B04", "B07", "B8A"), gain),
            )  # fmt: skip
            made = simulate_desert(sensor, models, plan, site, seed)
            share = np.linspace(0.0, 1.0, len(made))
            rng = np.random.default_rng(5)  # the same dates of both sensors
            seen = rng.random(len(made)) < (share if site == "There" else 1.0 - share)
            parts.append(made.select(seen))
        sides.append(Side(concatenate(parts), models))
    impact = cloud_impact(*sides, Settings(clip_sigmas=50.0), {CloudTest.OUTLIER: (40.0,)})
    base = impact.base
    kept = base.kept(0, base.bands.index("B04"))
    seen, rows = base.way.target.measurements, base.pairs.target[kept]
    pooled = summarize(seen.time[rows], base.a_k[0, kept, base.bands.index("B04")])
    assert pooled.slope_pct_per_year > 0.5, "what the levels make of it"
    found = impact.summary("B04")
    assert abs(found.slope_pct_per_year) < 0.05
    assert found.mean == pytest.approx(pooled.mean)
    table = impact_table(impact)
    row = np.flatnonzero(table["band"] == "B04")[0]
    assert table["slope_percent_per_year"][row] == found.slope_pct_per_year
    assert table["slope_standard_error"][row] == found.slope_se


def test_thresholds_must_be_positive(hazy: Impact) -> None:
    way = hazy.base.way
    with pytest.raises(InputError, match="above 0"):
        cloud_impact(way.target, way.reference, Settings(), {CloudTest.SPREAD: (0.0,)})


def test_the_page_says_which_thresholds_count(hazy: Impact) -> None:
    """A larger change of few pairs is in the tables: the page says why it is not in the headline.

    Of fewer than 5 pairs no band of standard errors is drawn.
    """
    base = hazy.summary("B8A")
    few = replace(base, count=4, mean=1.5 * base.mean)
    lone = replace(hazy.points[0], threshold=0.001, summaries={"B8A": few})
    page = cloud_impact_report(
        replace(hazy, points=(*hazy.points, lone)), "S2B/MSI", "S2A/MSI", ReportContext("Clouds")
    )
    assert "Thresholds count that leave half of the pairs, and 10 or more." in page
    assert f"changes by +50.00 % with 4 of {base.count} pairs left" in page
    assert np.isnan(half_width(few))
    assert half_width(replace(few, count=5)) == 2.0 * base.sem
