# SPDX-License-Identifier: GPL-3.0-or-later
"""Means, errors and trends of coefficients; which observations are used; the air over a site."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.calibration import screening
from calval_toolbox.core.calibration.drift import noise_of
from calval_toolbox.core.calibration.meteo import Fill, Meteo, Shift, air_of
from calval_toolbox.core.calibration.screening import Screening, counted, reasons
from calval_toolbox.core.calibration.selection import trend_line
from calval_toolbox.core.calibration.summary import (
    clipped,
    half_years,
    months,
    summarize,
)
from calval_toolbox.core.calibration.trend_models import Kind
from calval_toolbox.core.calibration.trends import fit_trends
from calval_toolbox.core.calibration.types import Band, Measurements, Sensor

DAYS = np.datetime64("2005-01-01", "ms") + np.arange(400) * np.timedelta64(5, "D")


def test_outliers_are_found_by_repetition() -> None:
    values = np.r_[np.random.default_rng(1).normal(1.0, 0.01, 200), 1.06, 1.5, np.nan]
    keep = clipped(values)
    assert not keep[200:].any()
    assert keep[:200].sum() >= 197
    assert clipped(np.full(5, 2.0)).all()
    assert not clipped(np.array([np.nan])).any()


@pytest.mark.parametrize(
    ("memory_days", "white"), [(0.0, 1.0), (20.0, 0.4), (60.0, 0.6), (90.0, 0.4)]
)
def test_errors_hold_also_where_noise_remembers(memory_days: float, white: float) -> None:
    """Intervals of two standard errors, of mean and slope, hold the truth in 90 and more of 100
    series, also where each value has an error of its own beside what its season has in common.
    """
    rng = np.random.default_rng(2)
    days = np.sort(rng.uniform(0.0, 2600.0, 120))
    time = DAYS[0] + (days * 86_400e3).astype("timedelta64[ms]")
    covariance = white * np.eye(120)
    if memory_days:
        apart = np.abs(days[:, None] - days[None, :])
        covariance += (1.0 - white) * np.exp(-apart / memory_days)
    lower, slope, years = np.linalg.cholesky(covariance), 0.002, days / 365.25
    hits = np.zeros(2)
    for _ in range(100):
        values = 1.0 + slope * (years - years.mean()) + 0.01 * lower @ rng.standard_normal(120)
        found = summarize(time, values)
        hits[0] += abs(found.mean - 1.0) < 2.0 * found.sem
        away = found.slope_pct_per_year * found.mean / 100.0 - slope
        hits[1] += abs(away) < 0.02 * found.slope_se * found.mean
    assert (hits >= 90).all(), hits
    assert hits.sum() < 200, hits


def test_a_drift_is_no_memory() -> None:
    """The mean of a drifting series is as well known as its scatter says."""
    values = 1.0 + 0.005 * np.random.default_rng(7).standard_normal(120)
    years = (DAYS[:120] - DAYS[0]) / np.timedelta64(1, "D") / 365.25
    still, moving = summarize(DAYS[:120], values), summarize(DAYS[:120], values + 0.02 * years)
    assert moving.drifts
    assert moving.sem / moving.sd < 1.6 * still.sem / still.sd


def test_a_part_errs_as_the_whole_series_says() -> None:
    """Eight dates of one season look alike: their own scatter hides what they have in common."""
    rng = np.random.default_rng(6)
    days = np.arange(0.0, 2600.0, 20.0)
    time = DAYS[0] + (days * 86_400e3).astype("timedelta64[ms]")
    apart = np.abs(days[:, None] - days[None, :])
    lower = np.linalg.cholesky(0.5 * np.eye(len(days)) + 0.5 * np.exp(-apart / 80.0))
    hits = np.zeros(2)
    for _ in range(150):
        values = 1.0 + 0.01 * lower @ rng.standard_normal(len(days))
        part, noise = slice(40, 48), noise_of(time, values)
        for place, given in enumerate((None, noise)):
            found = summarize(time[part], values[part], noise=given, trended=False)
            hits[place] += abs(found.mean - 1.0) < 2.36 * found.sem
    assert hits[0] < 0.8 * 150
    assert 0.88 * 150 <= hits[1]


def test_a_drift_is_told_by_the_rule_of_the_trends() -> None:
    """In quiet series now and then, in plain drifts nearly always: as ``chosen`` says."""
    rng, found = np.random.default_rng(5), []
    for size in (0.0, 0.01):
        years = (DAYS[:100] - DAYS[0]) / np.timedelta64(1, "D") / 365.25
        made = []
        for _ in range(60):
            values = 1.0 + size * years + 0.005 * rng.standard_normal(100)
            summary = summarize(DAYS[:100], values)
            choice = fit_trends(DAYS[:100], values, (Kind.CONSTANT, Kind.LINEAR))
            assert summary.drifts == (choice.best.kind is Kind.LINEAR)
            made.append(summary.drifts)
        found.append(np.mean(made))
    assert found[0] <= 0.07
    assert found[1] >= 0.95


def test_a_slope_is_per_year_and_few_values_have_none() -> None:
    years = (DAYS - DAYS[0]) / np.timedelta64(1, "D") / 365.25
    found = summarize(DAYS, 2.0 + 0.01 * (years - years.mean()))
    assert found.slope_pct_per_year == pytest.approx(0.5)
    assert np.isnan(summarize(DAYS[:9], np.ones(9)).slope_pct_per_year)
    assert np.isnan(summarize(DAYS[:20], np.ones(20)).slope_pct_per_year)  # 95 days only
    assert summarize(DAYS[:0], np.empty(0)).count == 0


def test_levels_of_sites_make_no_slope() -> None:
    """One site is seen more and more often instead of the other, which is 3 % below."""
    rng = np.random.default_rng(3)
    days = np.linspace(0.0, 6.0 * 365.25, 200)
    time = np.datetime64("2015-01-01", "ms") + (days * 86_400e3).astype("timedelta64[ms]")
    sites = np.where(rng.random(200) < days / days[-1], "Libya4", "Mali1").astype(object)
    values = 1.0 + 0.03 * (sites == "Libya4") + 0.002 * days / 365.25
    values += 0.003 * rng.standard_normal(200)
    plain, found = summarize(time, values), summarize(time, values, sites)
    assert plain.slope_pct_per_year > 0.4
    scale = 0.01 * found.mean
    assert scale * found.slope_pct_per_year == pytest.approx(0.002, abs=0.0004)
    assert found.slope_se < 0.5 * plain.slope_se
    assert (found.mean, found.sem) == (plain.mean, plain.sem)
    line = trend_line(time, values, time, sites)
    assert line is not None
    assert np.diff(line[0][[0, -1]])[0] / 6.0 == pytest.approx(0.002, abs=0.0004)
    # A site with one value says nothing of the slope.
    sites[7] = "Egypt1"
    again = summarize(time, values, sites)
    assert again.slope_pct_per_year == pytest.approx(found.slope_pct_per_year, abs=0.01)


def test_the_order_of_the_rows_does_not_matter() -> None:
    values = 1.0 + 0.01 * np.sin(np.arange(400) / 7.0)
    mixed = np.random.default_rng(3).permutation(400)
    assert summarize(DAYS[mixed], values[mixed]).sem == pytest.approx(summarize(DAYS, values).sem)


def test_periods() -> None:
    times = np.array(["2004-06-30T23:59", "2004-07-01", "2005-01-01"], dtype="datetime64[ms]")
    assert half_years(times).tolist() == ["2004-H1", "2004-H2", "2005-H1"]
    assert months(times).tolist() == ["2004-06", "2004-07", "2005-01"]


def made(**columns: np.ndarray) -> Measurements:
    count = 8
    rows = {"sun_zenith_deg": np.full(count, 30.0), "sun_azimuth_deg": np.full(count, 120.0)}
    bands = {"mean": np.full((count, 2), 0.4), "std": np.full((count, 2), 0.01),
             "view_zenith_deg": np.full((count, 2), 5.0),
             "view_azimuth_deg": np.full((count, 2), 100.0)}  # fmt: skip
    time = np.full(count, np.datetime64("2010-01-01", "ms"))
    plain = Measurements(Sensor("X", (Band("1", 500.0), Band("2", 600.0))), time, rows, bands)
    return plain.with_columns(**columns)


def test_each_reason_is_told() -> None:
    mean, std = np.full((8, 2), 0.4), np.full((8, 2), 0.01)
    mean[0] = np.nan
    std[1] = 0.1
    std[2, 0] = 0.1
    zenith = np.array([30.0, 30.0, 30.0, np.nan, 80.0, 30.0, 30.0, 30.0])
    flag = np.array([""] * 5 + ["Cloudy", "", ""], dtype=object)
    cloud, valid = np.full(8, np.nan), np.full(8, np.nan)
    cloud[6], valid[7] = 0.2, 0.5
    seen = made(mean=mean, std=std, sun_zenith_deg=zenith, cloud_flag=flag, cloud_fraction=cloud,
                valid_fraction=valid)  # fmt: skip
    found = reasons(seen, np.array([0, 1]), Screening(), 0.5)
    assert found.tolist() == [
        screening.NO_VALUES, screening.INHOMOGENEOUS, "", screening.NO_ANGLES, screening.LOW,
        screening.CLOUDY, screening.CLOUDY, screening.PARTLY,
    ]  # fmt: skip
    assert reasons(seen, np.array([0, 1]), Screening(), 0.0)[2] == screening.INHOMOGENEOUS
    assert counted(found)[screening.CLOUDY] == 2
    saturated = made(saturated_fraction=np.full((8, 2), 0.1))
    assert (reasons(saturated, np.array([0]), Screening(), 0.5) == screening.SATURATED).all()


def test_air_is_measured_assumed_or_that_of_the_partner() -> None:
    one, other = (
        made(ozone_du=np.full(8, value), pressure_hpa=np.full(8, 1013.0))
        for value in (np.nan, 350.0)
    )
    height = np.full(8, 3000.0)
    plain, shared = (air_of(one, Meteo(fill=fill), height, other) for fill in Fill)
    assert (plain.ozone_du == 300.0).all()
    assert (shared.ozone_du == 350.0).all()
    assert plain.pressure_hpa == pytest.approx(np.full(8, 701.1), abs=3.0)
    stated = air_of(one, Meteo(measured_pressure=True), height, other)
    assert (stated.pressure_hpa == 1013.0).all()
    assert air_of(one, Meteo(), np.full(8, np.nan)).pressure_hpa == pytest.approx(1013.25)


def test_a_shift_never_leaves_less_than_nothing() -> None:
    air = air_of(made(), Meteo(), np.zeros(8))
    changed = Shift(aot=-0.5, ozone=0.1, water=-2.0, pressure=-0.01).of(air)
    assert (changed.aot == 0.0).all()
    assert changed.ozone_du == pytest.approx(np.full(8, 330.0))
    assert (changed.water_g_cm2 == 0.0).all()
    assert changed.pressure_hpa == pytest.approx(np.full(8, 1013.25 * 0.99))
