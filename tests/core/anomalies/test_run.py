# SPDX-License-Identifier: GPL-3.0-or-later
"""The detection of a whole table: counts, chance, shared dates, rates and noise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from calval_toolbox.core.anomalies.inject_table import InjectionPlan, inject_table
from calval_toolbox.core.anomalies.run import AnomalyRun, SiteTests, find_anomalies
from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.anomalies.step_tables import table_of_steps
from calval_toolbox.core.anomalies.summaries import band_noise, rates, type_counts
from calval_toolbox.core.errors import Canceled, InputError
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.table import table_from_series

NAMES = ("Morocco", "Toulouse", "Australia")
SERIES = [simulate_series(SITES[name], 60 + i)[0] for i, name in enumerate(NAMES)]
NO_STEPS = SiteTests(steps=False)
OF_TWO = SiteTests(steps=False, level=0.05)  # two places alone do not reach 0.01


@pytest.fixture(scope="module")
def quiet() -> AnomalyRun:
    return find_anomalies(table_from_series(SERIES), tests=NO_STEPS)


@pytest.fixture(scope="module")
def planted() -> tuple[AnomalyRun, dict[tuple[str, str], str]]:
    kinds = {"cloud": 0.15, "shadow": 0.45, "gain": -0.3}
    table, truth = inject_table(table_from_series(SERIES), plan=InjectionPlan(kinds, count=4))
    known = {
        (site, str(time)): kind
        for site, time, kind in zip(truth["site"], truth["time"], truth["type"], strict=True)
    }
    return find_anomalies(table, tests=NO_STEPS), known


def test_counts_and_chance(quiet: AnomalyRun) -> None:
    assert quiet.observations == sum(len(one) for one in SERIES)
    assert quiet.tested == sum(int(one.clear.sum()) for one in SERIES)
    assert quiet.false_alarm_expected == pytest.approx(0.001 * quiet.tested)
    assert quiet.anomalies <= 4
    wanted = stats.poisson.sf(quiet.anomalies - 1, quiet.false_alarm_expected)
    assert quiet.chance == pytest.approx(float(wanted))
    assert quiet.dates == ()
    assert quiet.steps == ()


def test_planted_anomalies_are_found_and_named(
    planted: tuple[AnomalyRun, dict[tuple[str, str], str]],
) -> None:
    run, known = planted
    found = {
        (series.site, str(series.times[date])): str(detection.type[date])
        for series, detection in zip(run.series, run.detections, strict=True)
        for date in np.flatnonzero(detection.flagged)
    }
    assert len(known) == 36
    hit = [key for key in known if key in found]
    assert len(hit) >= 0.85 * len(known)
    assert np.mean([found[key] == known[key] for key in hit]) >= 0.75
    assert run.chance < 1e-9


def test_rates_count_every_flag_once(
    planted: tuple[AnomalyRun, dict[tuple[str, str], str]],
) -> None:
    run, _ = planted
    groups = rates(run)
    for grouping in ("site", "month", "sensor", "orbit"):
        these = [one for one in groups if one.grouping == grouping]
        assert sum(one.flagged for one in these) == run.anomalies
        assert sum(one.tested for one in these) == run.tested
        assert all(one.low <= one.share <= one.high for one in these)
    assert {one.group for one in groups if one.grouping == "sensor"} == {"S2A", "S2B"}
    assert sum(type_counts(run.detections).values()) == run.anomalies


def test_noise_of_bands_is_the_simulated_one(quiet: AnomalyRun) -> None:
    """The season is in the differences of neighbors a little, hence the wider bound above."""
    for series, found in zip(quiet.series, quiet.detections, strict=True):
        wanted = SITES[series.site].noise
        for one, truth in zip(band_noise(series, found), wanted, strict=True):
            assert one.noise == pytest.approx(truth, rel=0.15)
            assert 0.75 * truth < one.short_term < 1.45 * truth
            assert one.budget == pytest.approx(0.005 + 0.05 * one.reflectance)


def test_a_date_that_sites_share_is_marked() -> None:
    days = set.intersection(*({str(t) for t in one.times[one.clear]} for one in SERIES))
    when = np.datetime64(sorted(days)[40])
    both = [
        replace(one, values=one.values + 0.12 * (one.times == when)[:, None])
        if one.site != "Australia" else one
        for one in SERIES
    ]  # fmt: skip
    run = find_anomalies(table_from_series(both), tests=OF_TWO)
    assert [str(one.time)[:10] for one in run.dates] == [str(when)[:10]]
    assert set(run.dates[0].sites) == {"Morocco", "Toulouse"}
    for series, marks in zip(run.series, run.common, strict=True):
        marked = series.times[marks == "sensor"]
        assert list(marked) == ([] if series.site == "Australia" else [when])
    table = table_of_steps(run)
    rows = table["event"] == "date"
    assert sorted(table["site"][rows]) == ["Morocco", "Toulouse"]
    assert (table["event"] == "sensor_level").sum() == 3


def test_a_good_date_beside_a_shared_one_is_not_marked() -> None:
    days = set.intersection(*({str(t) for t in one.times[one.clear]} for one in SERIES))
    when = np.datetime64(sorted(days)[40])
    late = np.timedelta64(1, "D")
    both = []
    for one in SERIES[:2]:
        date = int(np.flatnonzero(one.times == when)[0])
        order = np.sort(np.r_[np.arange(len(one)), date])
        twice = one.select(order)
        times, values = twice.times.copy(), np.array(twice.values)
        values[date] += 0.12
        times[date + 1] += late
        both.append(replace(twice, times=times, values=values))
    run = find_anomalies(table_from_series(both), tests=OF_TWO)
    assert len(run.dates) == 1
    for series, marks in zip(run.series, run.common, strict=True):
        assert list(series.times[marks == "sensor"]) == [when]


@pytest.mark.parametrize(
    ("values", "message"),
    [({"level": 0.0}, "LEVEL"), ({"window_days": -1.0}, "WINDOW_DAYS"), ({"step_days": 0}, "STEP")],
)
def test_bad_tests(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        SiteTests(**values)


def test_cancel_is_heard() -> None:
    class Stop(Silent):
        def canceled(self) -> bool:
            return True

    with pytest.raises(Canceled):
        find_anomalies(table_from_series(SERIES), progress=Stop())


def test_a_sensor_that_differs_is_counted(quiet: AnomalyRun) -> None:
    """8 % more by one platform, at every site: found in each; of equal sensors none."""
    assert len(quiet.sensors) == 3
    assert quiet.sensor_differences == ()
    assert not table_of_steps(quiet)["concerned"].any()
    more = [
        replace(one, values=one.values * np.where(one.sensor == "S2B", 1.08, 1.0)[:, None])
        for one in SERIES
    ]
    run = find_anomalies(table_from_series(more), tests=NO_STEPS)
    assert [one.site for one in run.sensor_differences] == [one.site for one in run.series]
    assert table_of_steps(run)["concerned"].all()
    strict = replace(run, tests=replace(NO_STEPS, level=1e-300))
    assert strict.sensor_differences == ()


def test_a_table_without_a_testable_date_is_refused() -> None:
    """And one testable site is enough: the others are kept without tests, the same as before."""
    whole = SERIES[0]
    brief = [replace(one.select(np.flatnonzero(one.clear)[:count]), site=name)
             for one, count, name in zip(SERIES, (17, 9, 1), "abc", strict=True)]  # fmt: skip
    with pytest.raises(InputError, match=r"any of the 3 sites: fewer than 18 clear.* 17 clear"):
        find_anomalies(table_from_series(brief), tests=NO_STEPS)
    run = find_anomalies(table_from_series([whole, *brief]), tests=NO_STEPS)
    assert [bool(one.tested.any()) for one in run.detections] == [True, False, False, False]
    alone = find_anomalies(table_from_series([whole]), tests=NO_STEPS)
    assert np.array_equal(run.detections[0].p_value, alone.detections[0].p_value, equal_nan=True)
    assert [one.site for one in run.detections] == [whole.site, "a", "b", "c"]
