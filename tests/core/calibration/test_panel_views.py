# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel shows of studies, clouds and trends: the same numbers as the methods made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.calibration.budget_view import budget_from_tables, is_budget
from calval_toolbox.core.calibration.cloud_pdf import cloud_ratios
from calval_toolbox.core.calibration.clouds import CloudSettings, calibrate_clouds
from calval_toolbox.core.calibration.impact_curves import impact_curves, is_impact
from calval_toolbox.core.calibration.pdf_statistics import Statistic
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.simulate import simulate_clouds
from calval_toolbox.core.calibration.transfer import Side
from calval_toolbox.core.calibration.trend_curve import trend_at, trend_curve
from calval_toolbox.core.calibration.trend_models import Kind
from calval_toolbox.core.calibration.trends import fit_trends
from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.errors import InsufficientDataError, TableError
from calval_toolbox.core.table import Table, from_rows

BASE = {"B1": 1.02, "B2": 0.99}


def impact_rows() -> list[dict[str, Any]]:
    """Two tests with three thresholds each, in no order; none is left at the strictest one."""
    rows = []
    for test in ("spread", "outlier"):
        for threshold in (0.02, 0.005, 0.01):
            for band, base in BASE.items():
                pairs = int(round(threshold * 4000)) if threshold > 0.005 else 0
                change = 0.5 - 10.0 * threshold if pairs else None
                rows.append({
                    "test": test, "threshold": threshold, "band": band, "pairs": pairs,
                    "a_k": base * (1.0 + change / 100.0) if change is not None else None,
                    "change_percent": change, "standard_error_percent": 0.1 if pairs else None,
                    "pair_sd_percent": 0.8 if pairs else None, "target_passed": 7,
                })  # fmt: skip
    return rows


KINDS = {
    "test": "text", "threshold": "float", "band": "text", "pairs": "int", "a_k": "float",
    "change_percent": "float", "standard_error_percent": "float", "pair_sd_percent": "float",
    "target_passed": "int",
}  # fmt: skip


def test_curves_ascend_and_know_the_screening_as_set() -> None:
    table = from_rows(impact_rows(), KINDS, "impact")
    assert is_impact(table)
    found = impact_curves(table)
    assert found.tests == ("spread", "outlier")
    assert found.bands == ("B1", "B2")
    for curve in found.of("outlier"):
        np.testing.assert_allclose(curve.threshold, [0.005, 0.01, 0.02])
        assert curve.pairs.tolist() == [0, 40, 80]
        assert np.isnan(curve.a_k[0])
        assert curve.as_set == pytest.approx(BASE[curve.band])
        assert np.isnan(curve.reference_passed).all()  # the table does not say it


def test_other_tables_are_no_impact() -> None:
    with pytest.raises(TableError, match="no column 'test'"):
        impact_curves(Table({"a_k": np.ones(2)}, "other"))
    empty = Table({key: np.array([]) for key in KINDS}, "empty")
    with pytest.raises(TableError, match="no rows"):
        impact_curves(empty)


def test_budget_tells_the_whole_from_its_parts() -> None:
    rows = [
        {"band": band, "contributor": name, "kind": kind, "analytic_percent": value - 0.01,
         "monte_carlo_percent": value}
        for band in BASE for name, kind, value in (
            ("aot", "systematic", 0.3), ("scatter", "random", 0.4), ("combined", "", 0.5))
    ]  # fmt: skip
    kinds = {"band": "text", "contributor": "text", "kind": "text", "analytic_percent": "float",
             "monte_carlo_percent": "float"}  # fmt: skip
    pairs = [{"band": a, "other": b, "correlation": 1.0 if a == b else 0.7}
             for a in BASE for b in BASE]  # fmt: skip
    table = from_rows(rows, kinds, "budget")
    correlation = from_rows(pairs, {"band": "text", "other": "text", "correlation": "float"}, "c")
    assert is_budget(table)
    found = budget_from_tables(table, correlation)
    assert set(found.table.texts("contributor")) == {"aot", "scatter"}
    assert found.combined == {"B1": 0.5, "B2": 0.5}
    assert found.values()["combined", "B2"] == 0.5
    assert found.values("analytic_percent")["scatter", "B1"] == pytest.approx(0.39)
    assert found.correlation_range(("B1", "B2")) == (0.7, 0.7)
    assert budget_from_tables(table).correlation_range(("B1", "B2")) is None


@pytest.fixture(scope="module")
def clouds() -> Any:
    sensor = Sensor("S2A/MSI", tuple(Band(*one) for one in (("B02", 490.0), ("B04", 665.0))))
    bands = SensorTables().bands(sensor)
    side = Side(simulate_clouds(sensor, bands, 300, {"B02": 1.02}, seed=4), bands, {})
    return side, calibrate_clouds(side, CloudSettings("B04", replicates=60, seed=3))


def test_cloud_statistics_are_those_of_the_calibration(clouds: Any) -> None:
    side, run = clouds
    column, used = run.column("B02"), run.used
    made = cloud_ratios(
        run.measured[used, column], run.simulated[used, column], side.measurements.time[used],
        replicates=60, seed=3,
    )  # fmt: skip
    (band,) = run.bands
    for which in Statistic:
        assert made.a_k[which] == pytest.approx(band.a_k[which], rel=1e-12)
        assert made.error[which] == pytest.approx(band.error[which], rel=1e-12)
    assert made.measured.counts.sum() == made.measured.count == len(used)
    width = made.measured.edges[1] - made.measured.edges[0]
    step = made.measured.grid[1] - made.measured.grid[0]
    assert made.measured.height.sum() * step / width == pytest.approx(len(used))
    quick = cloud_ratios(run.measured[used, column], run.simulated[used, column],
                         side.measurements.time[used], replicates=0)  # fmt: skip
    assert dict(quick.a_k) == pytest.approx(dict(made.a_k), rel=1e-12)
    assert np.isnan(list(quick.error.values())).all()


def test_few_clouds_are_refused(clouds: Any) -> None:
    side, _ = clouds
    values = np.full(29, 0.9)
    with pytest.raises(InsufficientDataError, match="29 clouds"):
        cloud_ratios(values, values, side.measurements.time[:29])


def test_curve_has_no_bridge_over_a_step() -> None:
    rng = np.random.default_rng(2)
    time = np.datetime64("2020-01-01", "ms") + np.arange(80) * np.timedelta64(7 * 86_400_000, "ms")
    values = 1.0 + 0.03 * (np.arange(80) >= 50) + 0.003 * rng.standard_normal(80)
    trend = fit_trends(time, values, (Kind.STEPS, Kind.CONSTANT)).best
    (change,) = trend.changes
    assert time[49] < change.time <= time[50]
    curve = trend_curve(trend)
    place = int(np.flatnonzero(curve.time == change.time)[0])
    assert curve.time[place] - curve.time[place - 1] == np.timedelta64(1, "ms")
    assert curve.mean[place] - curve.mean[place - 1] == pytest.approx(change.step)
    at = trend_at(trend, time)
    np.testing.assert_allclose(at.mean, trend.at(time)[0])
    outside = (values < at.new_low) | (values > at.new_high)
    assert outside.mean() < 0.15
    assert (at.new_low < at.low).all()
