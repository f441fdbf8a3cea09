# SPDX-License-Identifier: GPL-3.0-or-later
"""Trend models find what was planted, within what they claim, under noise with a memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_trends import moment, series

from calval_toolbox.core.calibration.trend_models import ALL_KINDS, HARDLY, Kind, Trend, chosen
from calval_toolbox.core.calibration.trend_noise import fit_linear, noise_grid
from calval_toolbox.core.calibration.trends import fit_trends
from calval_toolbox.core.errors import InsufficientDataError
from calval_toolbox.core.report.trend_text import said, said_with_drift

STEPS = (Kind.CONSTANT, Kind.STEPS)


def linear(seed: int, **planted: float) -> Trend:
    return fit_trends(*series(seed, **planted), kinds=(Kind.LINEAR,)).best


def test_planted_drifts_are_recovered_with_the_claimed_errors() -> None:
    """Drift 0.5 % per year to 0.1 % per year; 95 % intervals of slope, level and prediction."""
    slopes, held, levels, new = [], [], [], []
    for seed in range(120):
        found = linear(seed, slope=0.005, count=90)
        slopes.append(found.parameters[1])
        held.append(abs(found.parameters[1] - 0.005) <= found.factor * found.errors[1])
        at = np.array([moment(1000.0)])
        truth = 1.0 + 0.005 * 1000.0 / 365.25
        mean, error = found.at(at)
        levels.append(abs(mean[0] - truth) <= found.factor * error[0])
        _, low, high = found.prediction(at)
        one = truth + 0.01 * np.random.default_rng(1000 + seed).standard_normal()
        new.append(low[0] <= one <= high[0])
    assert np.mean(slopes) == pytest.approx(0.005, abs=0.0002)
    assert np.std(slopes) < 0.001
    for share in (held, levels, new):
        assert 0.90 <= np.mean(share) <= 0.99


def test_a_drift_of_quiet_series_is_recovered_in_each() -> None:
    away = [linear(seed, slope=0.005, sd=0.003).parameters[1] - 0.005 for seed in range(40)]
    assert np.abs(away).max() <= 0.001


@pytest.mark.parametrize("memory", [0.0, 60.0])
def test_intervals_hold_for_other_memories(memory: float) -> None:
    """Ordinary least squares hold in 64 % of the series of 60 days."""
    found = [linear(seed, memory_days=memory, count=60) for seed in range(300)]
    held = [abs(one.parameters[1]) <= one.factor * one.errors[1] for one in found]
    assert 0.90 <= np.mean(held) <= 0.99


@pytest.mark.parametrize("memory", [0.0, 20.0, 45.0])
def test_stable_series_have_no_step(memory: float) -> None:
    found = [
        fit_trends(*series(seed, memory_days=memory, count=60), kinds=STEPS).best
        for seed in range(60)
    ]
    assert np.mean([not one.changes for one in found]) >= 0.95


def test_planted_steps_are_found_within_their_intervals() -> None:
    found = [
        fit_trends(*series(seed, step=(1200.0, 0.02), count=80), kinds=STEPS) for seed in range(50)
    ]
    single = [one.tried[0].changes[0] for one in found if len(one.tried[0].changes) == 1]
    assert len(single) >= 45
    # What hardly counts is not taken: a few of the small steps less, and none more.
    assert 42 <= sum(len(one.best.changes) == 1 for one in found) <= len(single)
    inside = [one.earliest <= moment(1200.0) <= one.latest for one in single]
    assert np.mean(inside) >= 0.9
    assert np.median([one.latest - one.earliest for one in single]) < np.timedelta64(330, "D")
    sizes = [abs(one.step - 0.02) <= 2.1 * one.step_se for one in single]
    assert 0.85 <= np.mean(sizes) <= 1.0


def test_the_model_that_was_planted_is_chosen() -> None:
    time, noise = series(5, sd=0.003)
    years = (time - time[0]) / np.timedelta64(1, "D") / 365.25
    planted = {
        Kind.CONSTANT: 0.0 * years, Kind.LINEAR: -0.01 * years,
        Kind.EXPONENTIAL: 0.06 * np.exp(-years / 0.8),
        Kind.STEPS: np.where(years > 2.5, 0.02, 0.0) - np.where(years > 4.0, 0.03, 0.0),
        Kind.SLOPES: np.where(years > 3.0, 0.03 + 0.02 * (years - 3.0), -0.02 * years),
    }  # fmt: skip
    for kind, shape in planted.items():
        choice = fit_trends(time, noise + shape)
        assert choice.best.kind is kind
        assert len({one.kind for one in choice.tried}) == len(choice.tried) >= 3
        assert choice.tried[0] is choice.best
        mean, error = choice.best.at(time)
        away = np.abs(mean - 1.0 - shape)
        assert np.mean(away <= 3.0 * error) > 0.9, kind
    decay = fit_trends(time, noise + planted[Kind.EXPONENTIAL]).best
    assert abs(decay.parameters[2] - 0.8) <= 3.0 * decay.errors[2]


def test_two_steps_are_both_found() -> None:
    time, noise = series(8, sd=0.004)
    days = (time - moment(0.0)) / np.timedelta64(1, "D")
    shape = np.where(days > 700.0, 0.02, 0.0) - np.where(days > 1500.0, 0.02, 0.0)
    found = fit_trends(time, noise + shape, STEPS).best.changes
    assert len(found) == 2
    for one, at, size in zip(found, (700.0, 1500.0), (0.02, -0.02), strict=True):
        assert one.earliest <= moment(at) <= one.latest
        assert one.step == pytest.approx(size, abs=0.006)


def test_order_gaps_and_weights() -> None:
    time, values = series(3, slope=0.004)
    rng = np.random.default_rng(0)
    mixed = rng.permutation(len(time))
    holes = np.concatenate([values, [np.nan]])
    later = np.concatenate([time, [moment(0.0)]])
    plain, other = (
        fit_trends(*one, kinds=(Kind.LINEAR,)).best
        for one in ((time, values), (later[[*mixed, -1]], holes[[*mixed, -1]]))
    )
    assert np.allclose(plain.parameters, other.parameters, rtol=1e-9)
    assert other.count == len(time)
    # Half of the values are ten times worse: with weights they hardly count.
    errors = np.where(np.arange(len(time)) % 2, 0.1, 0.01)
    noisy = values + np.where(np.arange(len(time)) % 2, 0.1 * rng.standard_normal(len(time)), 0.0)
    weighted, unweighted = (
        fit_trends(time, noisy, (Kind.LINEAR,), one).best for one in (errors, None)
    )
    assert weighted.errors[1] < 0.5 * unweighted.errors[1]


def test_long_series_are_fitted_alike() -> None:
    time, values = series(4, count=900, memory_days=30.0, slope=0.005)
    found = fit_trends(time, values, (Kind.LINEAR,)).best
    assert found.count == 900
    assert found.sd == pytest.approx(0.01, rel=0.15)
    assert abs(found.parameters[1] - 0.005) <= 3.0 * found.errors[1]
    short = fit_trends(time[::3], values[::3], (Kind.LINEAR,)).best
    assert found.errors[1] == pytest.approx(short.errors[1], rel=0.3)


def test_same_values_and_same_dates() -> None:
    time = moment(0.0) + np.arange(0, 1200, 30).astype("timedelta64[D]")
    for kind in ALL_KINDS:
        found = fit_trends(time, np.full(len(time), 1.02), (kind,)).best
        assert np.allclose(found.at(time)[0], 1.02)
        assert not found.changes
    twice = np.repeat(time, 2)
    values = 1.0 + 0.01 * np.random.default_rng(2).standard_normal(len(twice))
    assert np.isfinite(fit_trends(twice, values).best.at(time)[1]).all()


def test_white_noise_gives_ordinary_least_squares() -> None:
    days = np.arange(0.0, 2000.0, 40.0)
    design = np.stack([np.ones_like(days), days / 365.25], axis=1)
    values = 1.0 + 0.01 * np.random.default_rng(1).standard_normal(len(days))
    grid = noise_grid(days)
    white = replace(
        grid, **{name: getattr(grid, name)[:1] for name in ("memory_days", "white_share",
                                                            "log_prior")},
    )  # fmt: skip
    found = fit_linear(white, design, values)
    exact, rest, *_ = np.linalg.lstsq(design, values, rcond=None)
    covariance = rest[0] / (len(days) - 2) * np.linalg.inv(design.T @ design)
    assert np.allclose(found.parameters, exact, rtol=1e-10)
    assert np.allclose(found.covariance, covariance, rtol=1e-8)


def test_one_pass_is_the_inverse_of_the_covariance() -> None:
    """Of noise that remembers and white noise upon it, at uneven dates with unequal errors."""
    rng = np.random.default_rng(8)
    days = np.sort(rng.uniform(0.0, 900.0, 40))
    errors = rng.uniform(0.5, 2.0, 40)
    design = np.stack([np.ones(40), days], axis=1)
    grid = noise_grid(days, errors)
    passed = grid.whitened(design)
    assert "whiten" not in grid.__dict__
    scale = errors / np.sqrt(np.mean(errors**2))
    for number, (memory, white) in enumerate(zip(grid.memory_days, grid.white_share, strict=True)):
        apart = np.abs(days[:, None] - days[None, :])
        covariance = (1.0 - white) * np.exp(-apart / memory) if memory else np.zeros((40, 40))
        np.fill_diagonal(covariance, 1.0)
        covariance *= np.outer(scale, scale)
        assert grid.log_volume[number] == pytest.approx(np.linalg.slogdet(covariance)[1])
        exact = design.T @ np.linalg.solve(covariance, design)
        assert np.allclose(passed[number].T @ passed[number], exact, rtol=1e-9)
        assert np.allclose(grid.whiten[number] @ design, passed[number], rtol=1e-9)


def test_too_few_values() -> None:
    time, values = series(1, count=4)
    with pytest.raises(InsufficientDataError, match=r"needs 5 coefficients.*there are 4"):
        fit_trends(time, values)
    with pytest.raises(InsufficientDataError, match="several dates"):
        fit_trends(np.repeat(time[:1], 9), np.linspace(0.9, 1.1, 9))


def test_the_simplest_of_models_that_hardly_differ_is_taken() -> None:
    """Many quiet series: where another model is ahead by less than 2, the simpler one is taken."""
    preferred = 0
    for seed in range(12):
        found = fit_trends(*series(seed, count=60, slope=0.003), (Kind.LINEAR, Kind.CONSTANT))
        first = found.tried[0]
        constant = next(one for one in found.tried if one.kind is Kind.CONSTANT)
        assert (found.best is constant) == (constant.criterion - first.criterion < 2.0)
        assert found.excess(first) == 0.0
        preferred += found.preferred
    assert preferred


def test_the_rule_of_the_choice() -> None:
    """The simplest within less than 2 of the smallest criterion, at the limit itself not."""
    found = fit_trends(*series(1, count=60, slope=0.003), (Kind.LINEAR, Kind.CONSTANT))
    line, constant = (
        next(one for one in found.tried if one.kind is kind)
        for kind in (Kind.LINEAR, Kind.CONSTANT)
    )
    line = replace(line, criterion=-100.0)
    within, limit = (replace(constant, criterion=-100.0 + more) for more in (1.9, HARDLY))
    assert chosen((line, within)) is within
    assert chosen((line, limit)) is line
    assert chosen((within, line)) is within, "the order does not matter"
    worse = replace(within, criterion=-99.0 + 0.5)
    assert chosen((line, within, worse)) is worse, "of equally simple ones the better one"


def test_a_level_is_told_with_the_drift_that_it_may_hide() -> None:
    choice = fit_trends(*series(3, count=150), kinds=(Kind.CONSTANT, Kind.LINEAR))
    line = next(one for one in choice.tried if one.kind is Kind.LINEAR)
    assert choice.best.kind is Kind.CONSTANT
    assert said_with_drift(choice) == f"{said(choice.best)}; as a line {said(line)}"
    assert said(choice.best).startswith("level known to ±")
    assert said_with_drift(replace(choice, best=line)) == said(line)
