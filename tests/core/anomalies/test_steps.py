# SPDX-License-Identifier: GPL-3.0-or-later
"""One event of the ground is one step, on its date, with an honest name: planted and real."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.common_steps import common_steps
from calval_toolbox.core.anomalies.detect import DetectionSettings, detect
from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.anomalies.step_dates import CommonStep
from calval_toolbox.core.anomalies.step_kinds import kind_of
from calval_toolbox.core.anomalies.step_model import Change, StepModel
from calval_toolbox.core.series.types import TimeSeries

ROBUST = DetectionSettings(methods=("robust",))
BURNT = np.array([0.5, 0.3, 0.8, -1.5, 1.0, 2.0])  # change of the bands, of a size in their noise
DAY = np.timedelta64(1, "D")


def steps(series: TimeSeries) -> list[CommonStep]:
    return common_steps([series], [detect(series, ROBUST)])


def burnt(
    seed: int, size: float, gone: float = 0.0, days: float = 400.0, phi: float = 0.0,
    gaps: float = 0.3,
) -> tuple[TimeSeries, np.datetime64]:  # fmt: skip
    """Fields that change at some time between two dates, and of which the share ``gone`` of the
    change goes back in ``days``.
    """
    site = replace(SITES["Toulouse"], phi=phi)
    series, _ = simulate_series(site, seed, gaps=gaps, contamination=0.03)
    minutes = (series.times[-1] - series.times[0]) / np.timedelta64(1, "m")
    when = series.times[0] + np.timedelta64(
        int(minutes * np.random.default_rng(seed).uniform(0.3, 0.75)), "m"
    )
    since = (series.times - when) / DAY
    course = np.where(since >= 0.0, 1.0 - gone * -np.expm1(-np.maximum(since, 0.0) / days), 0.0)
    change = size * np.array(site.noise) * BURNT * course[:, None]
    return replace(series, values=series.values + change), when


@pytest.mark.parametrize(
    ("size", "gone", "phi", "gaps"),
    [(3.0, 0.0, 0.0, 0.3), (4.0, 0.7, 0.0, 0.6), (4.0, 0.7, 0.6, 0.3), (4.0, 0.0, 0.6, 0.6)],
)
def test_one_event_is_one_step_that_contains_it(
    size: float, gone: float, phi: float, gaps: float
) -> None:
    held = []
    for seed in range(6):
        series, when = burnt(seed, size, gone, phi=phi, gaps=gaps)
        found = steps(series)
        assert len(found) == 1, seed
        (step,) = found
        (level,) = step.levels.values()
        assert level.kind == "unknown"
        held.append(step.earliest <= when <= step.latest)
        assert step.earliest < step.time <= step.latest
        assert step.latest - step.earliest < 100 * DAY
    assert sum(held) >= 5  # of 95 % each


def test_what_settles_is_said() -> None:
    series, when = burnt(3, 6.0, gone=0.8, days=200.0)
    (step,) = steps(series)
    assert step.recovered == pytest.approx(0.8, abs=0.2)
    assert 60.0 < step.settling_days < 900.0
    (level,) = step.levels.values()
    planted = 6.0 * np.array(SITES["Toulouse"].noise) * BURNT
    assert level.change == pytest.approx(planted, rel=0.15, abs=0.02)
    for gone in (0.5, -0.6):  # back, and more on top
        (other,) = steps(burnt(3, 6.0, gone, days=200.0)[0])
        assert other.recovered == pytest.approx(gone, abs=0.12)
    (stays,) = steps(burnt(3, 6.0)[0])
    assert np.isnan(stays.recovered)
    assert np.isnan(stays.settling_days)


def test_a_weak_step_has_a_wide_interval_a_clear_one_that_of_its_neighbors() -> None:
    widths = {}
    for size in (1.5, 12.0):
        series, when = burnt(5, size)
        (step,) = steps(series)
        widths[size] = (step.latest - step.earliest) / DAY
        clear = series.times[series.clear]
        around = (clear[clear < when].max(), clear[clear >= when].min())
        assert step.earliest <= around[0]
        assert step.latest >= around[1]
    assert widths[12.0] < 30.0
    assert widths[1.5] > widths[12.0]


def test_what_is_left_out_does_not_hang_on_the_date_that_is_tried() -> None:
    """A wrong date does not explain what it would leave out."""
    series, when = burnt(2, 8.0)
    model = StepModel(series, detect(series, ROBUST))
    near = series.clear & (np.abs(series.times - when) < 100 * DAY)
    assert np.isin(series.times[near], model.times).mean() > 0.8
    after = model.times[model.times >= when][[0, 1, 4, 12, 20]]
    first, *others = (level.evidence for level in model.levels(after))
    assert first > max(others) + 5.0


def test_kinds_of_changes() -> None:
    before = np.array([0.03, 0.05, 0.06, 0.3, 0.2, 0.1])
    noise = np.diag(np.full(6, 0.002**2))
    assert kind_of(np.full(6, 0.05), noise, before) == ("offset", pytest.approx(0.05))
    assert kind_of(-0.3 * before, noise, before) == ("gain", pytest.approx(-0.3))
    assert kind_of(-1.3 * before, noise, before)[0] == "unknown", "nothing is below nothing"
    fire = np.array([0.02, 0.015, 0.025, -0.1, 0.02, 0.08])
    assert kind_of(fire, noise, before) == ("unknown", pytest.approx(-0.1))
    assert kind_of(fire, 900.0 * noise, before)[0] != "unknown", "within its errors"
    assert kind_of(fire[:1], noise[:1, :1], before[:1]) == ("offset", pytest.approx(0.02))


def test_a_planted_gain_is_called_a_gain() -> None:
    for factor in (-0.3, 0.25):
        series, _ = simulate_series(SITES["Toulouse"], 40)
        late = series.times >= np.datetime64("2021-03-01")
        (step,) = steps(replace(series, values=series.values * (1.0 + factor * late[:, None])))
        (level,) = step.levels.values()
        assert level.kind == "gain"
        assert level.amplitude == pytest.approx(factor, abs=0.04)


def test_columns_of_a_change() -> None:
    times = np.datetime64("2020-01-01") + np.array([-1, 0, 100, 4000]) * DAY
    step, settled = Change(times[1], 100.0).columns(times)
    assert step.tolist() == [0.0, 1.0, 1.0, 1.0]
    assert settled == pytest.approx([0.0, 0.0, 1.0 - np.exp(-1.0), 1.0])
    assert len(Change(times[1]).columns(times)) == 1
    wave = Change(times[1], season=True).columns(times)
    assert len(wave) == 3
    assert not wave[1][0]


@pytest.fixture(scope="module")
def fire(shared_data: Path) -> TimeSeries:
    path = shared_data / "anomalies" / "pyxccd_1_hls_sc.csv"
    if not path.is_file():
        pytest.skip(
            "the series of the fire is not beside this repository (../shared/data/anomalies)"
        )
    with open(path, encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["qa"] != "255"]
    days = np.array([int(row["dates"]) - 1 for row in rows]) * DAY
    bands = ("blue", "green", "red", "nir", "swir1", "swir2")
    empty = np.full(len(rows), "")
    state = np.where([row["qa"] in "01" for row in rows], "clear", "cloud")
    return TimeSeries(
        "Sichuan", (np.datetime64("0001-01-01") + days).astype("datetime64[ms]"), bands,
        np.array([490.0, 560.0, 660.0, 865.0, 1610.0, 2200.0]),
        np.array([[float(row[band]) for band in bands] for row in rows]) / 1e4,
        state, np.array([row["sensor"] for row in rows]), empty, empty,
    )  # fmt: skip


def test_the_fire_of_sichuan_is_one_step_on_its_day(fire: TimeSeries) -> None:
    day = np.datetime64("2024-03-23")
    large = [step for step in steps(fire) if np.abs(step.levels["Sichuan"].change).max() > 0.03]
    assert len(large) == 1
    (step,) = large
    assert step.time == day
    assert step.earliest <= day <= step.latest
    assert step.latest - step.earliest == 8 * DAY  # from the date before
    level = step.levels["Sichuan"]
    assert level.kind == "unknown"
    assert level.amplitude == pytest.approx(-0.095, abs=0.02)  # near infrared
    assert level.change[5] > 0.05


def test_the_small_step_before_the_fire_is_none_between_the_sensors(fire: TimeSeries) -> None:
    """In June 2020 short-wave infrared rises a little: Landsat 8 and Sentinel-2 each see it by
    themselves, so that it is not one taking the place of the other.
    """
    before = fire.clear & (fire.times < np.datetime64("2024-03-01"))
    days = np.array(["2020-06-01", "2018-06-01"], "datetime64[ms]")
    for sensor, size in (("8", 0.0166), ("2", 0.0082)):
        alone = fire.select(before & (fire.sensor == sensor))
        june, earlier = StepModel(alone, detect(alone, ROBUST)).levels(days)
        assert june.p_value < 0.05
        assert june.change[4] == pytest.approx(size, abs=0.002)
        assert june.change[5] > 0.003
        assert earlier.p_value > 0.5
