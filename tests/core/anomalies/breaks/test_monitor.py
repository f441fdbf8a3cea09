# SPDX-License-Identifier: GPL-3.0-or-later
"""BFASTMonitor on stacks: against the published formula written down slowly, planted breaks, the
rate of false alarms, real series, and bad input.
"""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.breaks.critical import mosum_critical
from calval_toolbox.core.anomalies.breaks.monitor import (
    NO_BREAK,
    TOO_FEW,
    MonitorResult,
    MonitorSettings,
    monitor,
)
from calval_toolbox.core.anomalies.breaks.processes import cusum, mosum, stable_start
from calval_toolbox.core.anomalies.breaks.stack import by_date
from calval_toolbox.core.anomalies.harmonics import design, years
from calval_toolbox.core.errors import Canceled, InputError
from calval_toolbox.core.progress import Silent

START = np.datetime64("2020-01-01")
DAYS = np.datetime64("2017-01-01") + 8 * np.arange(183)
SPLIT = int(np.searchsorted(DAYS, START))
SETTINGS = MonitorSettings(START)


def simulate(pixels: int, seed: int, clouds: float = 0.0, breaks: float = 0.0):
    """Values (183, pixels), and the index of the break of each, -1 where there is none."""
    rng = np.random.default_rng(seed)
    t = 8 * np.arange(183)[:, None] / 365.25
    values = 0.3 + 0.01 * t + 0.08 * np.cos(2 * np.pi * (t + rng.random(pixels)))
    values = values + 0.02 * np.cos(4 * np.pi * t) + rng.normal(0.0, 0.02, (183, pixels))
    at = np.where(rng.random(pixels) < breaks, rng.integers(SPLIT, 165, pixels), -1)
    values -= 0.12 * ((at >= 0) & (np.arange(183)[:, None] >= at))
    values += (rng.random((183, pixels)) < clouds) * rng.uniform(0.1, 0.4, (183, pixels))
    values[rng.random((183, pixels)) < 0.3] = np.nan
    return values, at


def direct(values: np.ndarray, season: float = 365.0) -> tuple[int, float]:
    """Verbesselt et al. 2012 of one pixel as the Python package bfast has it, in plain steps."""
    number = np.array([(day - np.datetime64("2017-01-01")).astype(int) for day in DAYS])
    angle = 2 * math.pi * number / season
    columns = [np.ones(len(DAYS)), number]
    for k in (1, 2, 3):
        columns += [np.sin(k * angle), np.cos(k * angle)]
    model = np.stack(columns, axis=1)
    known = ~np.isnan(values)
    past = known.copy()
    past[SPLIT:] = False
    count = int(past.sum())
    if count <= 5 or known.sum() - count <= 5:
        return -2, math.nan
    fit = np.linalg.lstsq(model[past], values[past], rcond=None)[0]
    residuals = (values - model @ fit)[known]
    sigma = math.sqrt(np.sum(residuals[:count] ** 2) / (count - 8))
    width = int(count * 0.25)
    found = -1
    dates = np.flatnonzero(known)
    for k in range(count, len(residuals)):
        process = residuals[k + 1 - width : k + 1].sum() / (sigma * math.sqrt(count))
        t = number[dates[k]] / number[SPLIT - 1]
        log_plus = math.log(t) if t > math.e else 1.0
        boundary = mosum_critical(0.25, 10, 0.05) * math.sqrt(2.0) * math.sqrt(log_plus)
        if found < 0 and abs(process) > boundary:
            found = dates[k] - SPLIT
    return found, float(np.median(residuals[count:]))


@pytest.mark.parametrize("compiled", [True, False])
def test_break_index_is_that_of_the_published_formula(compiled: bool) -> None:
    values, _ = simulate(900, 11, clouds=0.02, breaks=0.3)
    values[:SPLIT, 0] = np.where(np.arange(SPLIT) < 5, 0.3, np.nan)
    values[SPLIT + 5 :, 1] = np.nan
    settings = MonitorSettings(
        START, clock="days", season_days=365.0, observations_per_coefficient=0.0
    )
    found = monitor(values, DAYS, settings, compiled=compiled)
    expected = [direct(values[:, pixel]) for pixel in range(900)]
    assert found.break_index.tolist() == [index for index, _ in expected]
    np.testing.assert_allclose(found.magnitude, [size for _, size in expected], atol=1e-9)
    assert {NO_BREAK, TOO_FEW} < set(found.break_index.tolist())


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS,
        MonitorSettings(START, history="roc"),
        MonitorSettings(START, process="cusum"),
        MonitorSettings(START, screening=True),
        MonitorSettings(START, harmonics=1, trend=False, window=0.5, level=0.01),
    ],
)
def test_numpy_gives_what_the_kernel_gives(settings: MonitorSettings) -> None:
    values, _ = simulate(600, 12, clouds=0.02, breaks=0.3)
    values[:, 3] = np.nan
    values[:130, 4] = np.nan
    values[:, 5] = 0.25
    ours, plain = (monitor(values, DAYS, settings, compiled=k) for k in (True, False))
    for name in ("break_index", "history_count", "monitor_count", "screened_count"):
        assert (getattr(ours, name) == getattr(plain, name)).all(), name
    assert (np.isnat(ours.history_from) == np.isnat(plain.history_from)).all()
    # All that a constant series has is rounding over the smallest sigma there is.
    for found in (ours, plain):
        assert abs(found.process_mean[5]) < 1e-4
        found.process_mean[5] = 0.0
    # A short stable history determines the model badly, and the rounding shows.
    allowed = 1e-6 if settings.history == "roc" else 1e-9
    for name in ("magnitude", "sigma", "process_mean", "share_before"):
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), atol=allowed)


@pytest.mark.parametrize("process", ["mosum", "cusum"])
def test_stack_and_single_series_agree(process: str) -> None:
    values, _ = simulate(40, 13, breaks=0.5)
    settings = MonitorSettings(
        START, process=process, history="roc", observations_per_coefficient=0.0
    )
    found = monitor(values, DAYS, settings)
    columns = design(years(DAYS), 3)
    for pixel in range(40):
        known = np.flatnonzero(np.isfinite(values[:, pixel]))
        history = int((known < SPLIT).sum())
        begin = stable_start(columns[known[:history]], values[known[:history], pixel])
        rows = known[begin:]
        one = {"mosum": mosum, "cusum": cusum}[process](
            columns[rows], values[rows, pixel], history - begin
        )
        assert found.history_count[pixel] == history - begin
        if found.break_index[pixel] == TOO_FEW:
            assert history - begin < 16
            continue
        expected = rows[history - begin + one.crossing] - SPLIT if one.crossing >= 0 else NO_BREAK
        assert found.break_index[pixel] == expected
        assert found.sigma[pixel] == pytest.approx(one.sigma, rel=1e-6)
        assert found.history_from[pixel] == DAYS[rows[0]]


def false_alarms(found: MonitorResult) -> float:
    return float(np.mean(found.break_index >= 0))


def test_false_alarms_are_nominal_without_clouds() -> None:
    values, _ = simulate(20_000, 21)
    for screening in (False, True):
        rate = false_alarms(monitor(values, DAYS, MonitorSettings(START, screening=screening)))
        assert 0.04 < rate <= 0.06


def test_screening_keeps_false_alarms_near_nominal_under_clouds() -> None:
    plain, rates = [], []
    for seed in range(22, 28):  # one of them alone has a standard error of 0.0017
        values, _ = simulate(20_000, seed, clouds=0.02)
        plain.append(false_alarms(monitor(values, DAYS, SETTINGS)))
        screened = monitor(values, DAYS, MonitorSettings(START, screening=True))
        rates.append(false_alarms(screened))
    assert np.mean(plain) > 0.08
    assert np.mean(rates) <= 1.2 * 0.05
    # 2 % of 128 observations are clouds.
    assert screened.screened_count.mean() == pytest.approx(0.02 * 0.7 * 183, rel=0.1)


@pytest.mark.parametrize("compiled", [True, False])
def test_short_histories_are_not_tested_unless_asked_for(compiled: bool) -> None:
    rng = np.random.default_rng(29)
    for history, tested in ((20, False), (24, True)):
        days = np.datetime64("2016-01-01") + (1461 // history) * np.arange(2 * history)
        values = rng.normal(0.3, 0.02, (2 * history, 3000))
        # 7 coefficients: 21 observations.
        settings = MonitorSettings(days[history], trend=False)
        found = monitor(values, days, settings, compiled=compiled)
        assert ((found.break_index != TOO_FEW) == tested).all()
        assert (np.isfinite(found.sigma) == tested).all()
        assert (np.isnat(found.history_from) != tested).all()
        if tested:
            assert false_alarms(found) <= 0.05
    few = np.datetime64("2016-01-01") + 146 * np.arange(20)
    follow = MonitorSettings(few[10], trend=False, observations_per_coefficient=0.0)
    values = rng.normal(0.3, 0.02, (20, 3000))
    # BFAST's own rule tests 10 observations with 7 coefficients, and half of them are alarms.
    assert false_alarms(monitor(values, few, follow, compiled=compiled)) > 0.3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"process": "CUSUM"}, "process is 'CUSUM'"),
        ({"history": "ROC"}, "history is 'ROC'"),
        ({"clock": "foo"}, "clock is 'foo'"),
        ({"harmonics": 9}, "harmonics is 9"),
        ({"season_days": 0.0}, "season_days"),
        ({"noise_floor": -1.0}, "noise_floor"),
    ],
)
def test_settings_that_cannot_be_are_sentences(options: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        MonitorSettings(START, **options)


def test_planted_steps_are_found_soon_after_they_begin() -> None:
    values, at = simulate(4000, 23, clouds=0.02, breaks=1.0)
    found = monitor(values, DAYS, MonitorSettings(START, screening=True))
    delay = SPLIT + found.break_index - at
    good = (found.break_index >= 0) & (delay >= 0)
    assert good.mean() > 0.97
    assert np.median(delay[good]) <= 5
    early = good & (at < 150)  # where most of the monitoring is after the step
    assert np.median(found.magnitude[early]) == pytest.approx(-0.12, abs=0.01)


def test_order_of_dates_does_not_matter() -> None:
    values, _ = simulate(50, 31, breaks=0.5)
    shuffle = np.random.default_rng(1).permutation(183)
    one, other = monitor(values, DAYS, SETTINGS), monitor(values[shuffle], DAYS[shuffle], SETTINGS)
    assert (one.break_time == other.break_time)[one.break_index >= 0].all()
    np.testing.assert_array_equal(one.break_index, other.break_index)
    np.testing.assert_array_equal(one.magnitude, other.magnitude)


def test_observations_of_one_day_are_averaged() -> None:
    values, _ = simulate(50, 32, breaks=0.5)
    twice = np.concatenate([values - 0.01, values + 0.01])
    found = monitor(twice, np.tile(DAYS, 2), SETTINGS)
    one = monitor(values, DAYS, SETTINGS)
    np.testing.assert_array_equal(found.break_index, one.break_index)
    assert (found.history_count == one.history_count).all()


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("screening", [True, False])
def test_codes_of_poor_pixels(compiled: bool, screening: bool) -> None:
    values = np.full((183, 5), np.nan)
    values[:, 1] = 0.25  # constant
    values[:, 2] = np.where(np.arange(183) < SPLIT + 10, 0.25, 0.35)  # constant, then a step
    values[:SPLIT, 3] = 0.3  # nothing to monitor
    values[:6, 4], values[SPLIT:, 4] = 0.3, 0.3  # fewer than the model has coefficients
    settings = MonitorSettings(START, screening=screening, noise_floor=0.002)
    found = monitor(values, DAYS, settings, compiled=compiled)
    # A step of 50 sigmas crosses a boundary of 22 at its first observation.
    assert found.break_index.tolist() == [TOO_FEW, NO_BREAK, 10, TOO_FEW, TOO_FEW]
    assert np.isnan(found.magnitude[[0, 3, 4]]).all()
    assert np.isnat(found.break_time[[0, 1, 3, 4]]).all()
    assert found.break_time[2] == DAYS[SPLIT + 10]


def test_infinite_values_are_no_observations() -> None:
    values, _ = simulate(5, 33)
    infinite = np.where(np.isnan(values), np.inf, values)
    one, other = monitor(values, DAYS, SETTINGS), monitor(infinite, DAYS, SETTINGS)
    np.testing.assert_array_equal(one.magnitude, other.magnitude)


@pytest.mark.parametrize(
    ("days", "start", "words"),
    [
        (DAYS, "2030-01-01", "at or after the start"),
        (DAYS, "2010-01-01", "before the start"),
        (DAYS[:-1], "2020-01-01", "182 dates for 183"),
        (np.where(np.arange(183) == 4, np.datetime64("NaT"), DAYS), "2020-01-01", "Date 5 of 183"),
    ],
)
def test_dates_that_cannot_be_are_sentences(days: np.ndarray, start: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        monitor(np.ones((183, 2)), days, MonitorSettings(np.datetime64(start)))


def test_cancel_is_answered() -> None:
    class Stop(Silent):
        def canceled(self) -> bool:
            return True

    with pytest.raises(Canceled):
        monitor(simulate(10, 1)[0], DAYS, SETTINGS, Stop())


def test_harvest_of_the_plantation_is_found(shared_data: Path) -> None:
    # A MODIS series of R's bfast: 199 values, 23 a year from 2000-02-18, a pine plantation that is
    # harvested in 2004.
    raw = gzip.decompress((shared_data / "anomalies" / "bfast_harvest.rda").read_bytes())
    begin = raw.index(b"harvest") + len("harvest") + 8
    values = np.frombuffer(raw, ">f8", 199, begin).astype(float)
    assert values[0] == 0.9
    days = np.datetime64("2000-02-18") + np.round(np.arange(199) * 365.25 / 23).astype(int)
    settings = MonitorSettings(np.datetime64("2004-01-01"), harmonics=2, trend=False)
    found = monitor(values[:, None], days, settings)
    assert np.datetime64("2004-06-01") < found.break_time[0] < np.datetime64("2005-01-01")
    assert found.magnitude[0] < -0.05


def test_dates_and_layers_are_counted_in_words() -> None:
    with pytest.raises(InputError, match=r"^1 date for 2 layers of values: give one date each"):
        by_date(np.zeros((2, 3)), np.array(["2020-01-01"], "datetime64[D]"))
