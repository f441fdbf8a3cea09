# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of the sensor, of the ground and between sensors are told from each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from calval_toolbox.core.anomalies.common_steps import common_steps
from calval_toolbox.core.anomalies.conjunction import combined_p, rejected
from calval_toolbox.core.anomalies.detect import Detection, DetectionSettings, detect
from calval_toolbox.core.anomalies.places import find_places
from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.anomalies.simulate_sets import (
    SensorEvent,
    SetSettings,
    add_event,
    simulate_set,
)
from calval_toolbox.core.anomalies.step_dates import SENSOR, StepSite, date_step
from calval_toolbox.core.anomalies.step_model import StepModel
from calval_toolbox.core.anomalies.steps import Level, sensor_levels
from calval_toolbox.core.errors import Canceled, InputError
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.types import TimeSeries

SERIES = [simulate_series(site, 30 + i)[0] for i, site in enumerate(SITES.values())][:3]
ROBUST = DetectionSettings(methods=("robust",))
WHEN = np.datetime64("2021-03-01", "ms")


def changed(factor: float = 0.0, offset: float = 0.0, sites: tuple[str, ...] = ()):
    late = {s.site: (s.times >= WHEN)[:, None] * (not sites or s.site in sites) for s in SERIES}
    return [
        replace(s, values=s.values * (1.0 + factor * late[s.site]) + offset * late[s.site])
        for s in SERIES
    ]


def steps(series, **options):
    settings = DetectionSettings(methods=("robust",))
    return common_steps(series, [detect(s, settings) for s in series], **options)


def step_at(series: TimeSeries, detection: Detection, time: np.datetime64) -> Level | None:
    return StepModel(series, detection).levels(np.array([time]))[0]


def test_clean_series_have_no_steps() -> None:
    assert steps(SERIES) == []


def test_the_offset_of_the_baseline_is_one_step_of_the_sensor() -> None:
    found = steps(changed(offset=0.1))
    assert [step.origin for step in found] == ["sensor"]
    assert abs(found[0].time - WHEN) <= np.timedelta64(10, "D")
    assert len(found[0].sites) == 3
    for level in found[0].levels.values():
        assert level.kind == "offset"
        assert level.amplitude == pytest.approx(0.1, abs=0.01)


def test_a_gain_of_all_sites_is_the_sensor() -> None:
    found = steps(changed(factor=0.08))
    assert found[0].origin == "sensor"
    assert found[0].levels["Morocco"].kind == "gain"
    assert found[0].levels["Morocco"].amplitude == pytest.approx(0.08, abs=0.02)


def test_a_change_of_one_site_is_its_ground() -> None:
    found = steps(changed(offset=0.06, sites=("Toulouse",)))
    assert [step.origin for step in found] == ["ground"]
    assert found[0].sites == ("Toulouse",)
    assert abs(found[0].time - WHEN) <= np.timedelta64(10, "D")


def test_grounds_that_change_some_months_apart_are_no_sensor() -> None:
    first = np.datetime64("2020-06-01")
    odd = [
        replace(one, values=one.values + 0.05 * (one.times >= day)[:, None])
        for one, day in zip(
            simulate_set(SetSettings(own=False, contamination=0.0), 60)[1:3],
            (first, first + 60),
            strict=True,
        )
    ]
    found = [detect(one, ROBUST) for one in odd]
    pairs = [StepSite(one, its) for one, its in zip(odd, found, strict=True)]
    between = np.datetime64("2020-06-30T00:00", "ms")
    for one, day in zip(pairs, (first, first + 60), strict=True):
        level = one.model(()).levels(np.array([day]))[0]
        assert level.p_value < 1e-6, "each has changed"
    places = find_places(odd, found)
    assert date_step(pairs, places, between, SENSOR, (), 0.01, 30) is None


def test_a_step_needs_dates_on_either_side() -> None:
    series = SERIES[0]
    detection = detect(series)
    assert step_at(series, detection, series.times[2]) is None
    assert step_at(series, detection, series.times[150]).p_value > 1e-4


def test_p_values_of_steps_are_uniform_on_clean_series() -> None:
    p = []
    for seed in range(60):
        series, _ = simulate_series(SITES["Beijing"], 100 + seed)
        detection = detect(series, DetectionSettings(methods=("robust",)))
        p.append(step_at(series, detection, WHEN).p_value)
    assert stats.kstest(p, "uniform").pvalue > 0.01


def p_at_a_fixed_date(phi: float, runs: int, missing: tuple[float, float] = (0.0, 0.0)):
    """p-values without any step; ``missing``: share of blue's values before and after the date."""
    p = []
    for seed in range(runs):
        site = replace(SITES["Beijing"], phi=phi)
        series, _ = simulate_series(site, 400 + seed, gaps=0.0 if any(missing) else 0.3)
        late = series.times >= WHEN
        gone = np.random.default_rng(seed).random(len(late)) < np.where(late, *missing[::-1])
        series.values[gone, 0] = np.nan
        p.append(step_at(series, detect(series, ROBUST), WHEN).p_value)
    return np.array(p)


@pytest.mark.parametrize("phi", [0.6, 0.9])
def test_noise_that_persists_makes_no_steps(phi: float) -> None:
    p = p_at_a_fixed_date(phi, 60)
    assert (p < 0.05).sum() <= 8  # 3 are expected; 9 or more have a chance of 0.3 %
    assert (p < 0.01).sum() <= 3
    assert (p < 0.5).sum() >= 12  # nor is it mute


@pytest.mark.parametrize("missing", [(0.7, 0.7), (0.85, 0.0)])
def test_a_band_with_gaps_of_its_own_makes_no_steps(missing: tuple[float, float]) -> None:
    p = p_at_a_fixed_date(0.0, 60, missing)
    assert (p < 0.05).sum() <= 8
    assert (p < 0.01).sum() <= 3
    assert (p < 0.5).sum() >= 12


def test_a_step_in_noise_that_persists_is_still_found() -> None:
    series, _ = simulate_series(replace(SITES["Beijing"], phi=0.6), 33)
    changed = replace(series, values=series.values + 0.05 * (series.times >= WHEN)[:, None])
    level = step_at(changed, detect(changed, ROBUST), WHEN)
    assert level.p_value < 1e-6
    assert level.amplitude == pytest.approx(0.05, abs=0.02)


def test_a_band_that_a_sensor_lacks_has_no_level() -> None:
    series = SERIES[0]
    values = series.values.copy()
    values[series.sensor == "S2B", 1] = np.nan
    lacking = replace(series, values=values)
    (found,) = sensor_levels(lacking, detect(lacking, ROBUST))
    assert np.isnan(found.level.change).tolist() == [False, True, False, False, False, False]
    others = [0, 2, 3, 4, 5]
    without = replace(
        series, values=series.values[:, others], wavelengths_nm=series.wavelengths_nm[others],
        bands=tuple(series.bands[i] for i in others),
    )  # fmt: skip
    (expected,) = sensor_levels(without, detect(without, ROBUST))
    assert found.level.p_value == pytest.approx(expected.level.p_value, abs=0.05)


@pytest.mark.parametrize(("offset", "days"), [(0.02, 20), (0.1, 10)])
def test_the_date_of_a_step_has_an_interval(offset: float, days: int) -> None:
    when = np.datetime64("2021-03-17", "ms")
    late = [(s.times >= when)[:, None] for s in SERIES]
    found = steps(
        [replace(s, values=s.values + offset * x) for s, x in zip(SERIES, late, strict=True)]
    )
    (step,) = [one for one in found if one.origin == "sensor"]
    first = min(s.times[s.times >= when].min() for s in SERIES)
    assert step.earliest <= first <= step.latest
    assert step.earliest <= step.time <= step.latest
    assert step.latest - step.earliest <= np.timedelta64(days, "D")


@pytest.mark.parametrize(("kind", "amplitude"), [("gain", 0.1), ("offset", 0.02)])
def test_the_interval_of_a_step_of_all_sites_is_short_and_holds_it(
    kind: str, amplitude: float
) -> None:
    """With anomalies of their own and missed clouds; of 60 sets all held, half of 5 days."""
    held, days = [], []
    for seed in range(9100, 9104):
        series, day = add_event(
            simulate_set(SetSettings(), seed), SensorEvent(kind, amplitude, lasts=True), seed
        )
        (step,) = [one for one in steps(series) if one.origin == SENSOR]
        held.append(step.earliest < day <= step.latest)
        days.append((step.latest - step.earliest) / np.timedelta64(1, "D"))
    assert all(held)
    assert np.median(days) <= 10.0
    assert max(days) <= 20.0


def test_a_site_without_dates_for_months_does_not_share_the_step_of_another() -> None:
    """The ground of Morocco changes on 2021-07-15, its last date before September; that of
    Australia in September.
    """
    found = steps(simulate_set(SetSettings(ground_days=60), 9105))
    assert [one.origin for one in found] == ["ground", "ground"]
    assert [one.sites for one in found] == [("Morocco",), ("Australia",)]
    assert found[0].time.astype("datetime64[D]") == np.datetime64("2021-07-15")


def test_seeking_steps_stops_where_asked_to() -> None:
    class Stop(Silent):
        asked = 0

        def canceled(self) -> bool:
            self.asked += 1
            return self.asked >= 8

    stop = Stop()
    with pytest.raises(Canceled):
        common_steps(SERIES[:1], [detect(SERIES[0], ROBUST)], progress=stop)
    assert stop.asked == 8


def test_sensors_of_one_series_are_compared() -> None:
    series = SERIES[0]
    biased = replace(
        series, values=series.values * (1.0 + 0.05 * (series.sensor == "S2B")[:, None])
    )
    for one, expected in ((series, False), (biased, True)):
        (found,) = sensor_levels(one, detect(one))
        assert {found.sensor, found.reference} == {"S2A", "S2B"}
        assert (found.level.p_value < 1e-6) == expected
    sign = 1.0 if found.sensor == "S2B" else -1.0
    assert found.level.kind == "gain"
    assert sign * found.level.amplitude == pytest.approx(0.05, abs=0.01)
    unnamed = replace(series, sensor=np.full(len(series), ""))
    assert sensor_levels(unnamed, detect(unnamed)) == []


def test_one_site_alone_never_makes_a_common_event() -> None:
    p = np.array([[1e-30, 1e-6], [0.4, 1e-5], [0.7, np.nan]])
    combined = combined_p(p)
    assert combined[0] > 0.3
    assert combined[1] == pytest.approx(1e-5)  # the larger of two
    assert np.isnan(combined_p(np.array([[0.01], [np.nan]]))[0])
    uniform = np.random.default_rng(31).random((4, 20_000))
    assert (combined_p(uniform) < 0.05).mean() < 0.05


def test_benjamini_hochberg() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.005, 0.9, np.nan])
    found = rejected(p, 0.06)
    assert found.tolist() == [True, True, True, True, False, False]
    # 0.01 <= 2/5 of 0.04, but 0.03 > 3/5 and 0.04 > 4/5 of it.
    assert rejected(p, 0.04).tolist() == [True, False, False, True, False, False]
    assert not rejected(np.full(3, np.nan), 0.05).any()


def test_others_detections_are_refused() -> None:
    detections = [detect(s) for s in SERIES]
    with pytest.raises(InputError, match="same order"):
        common_steps(SERIES, detections[::-1])
