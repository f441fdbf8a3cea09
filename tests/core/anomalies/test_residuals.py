# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantiles and autocorrelation of residuals against scipy, plain numpy, and simulated laws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from calval_toolbox.core.anomalies.residuals import autocorrelation, normal_quantiles

START = np.datetime64("2020-01-01", "ms")


def days(values: np.ndarray) -> np.ndarray:
    return START + np.rint(np.asarray(values) * 86_400_000).astype("timedelta64[ms]")


@pytest.mark.parametrize("count", [1, 2, 7, 150])
def test_quantiles_are_those_of_scipy(count: int) -> None:
    values = np.random.default_rng(count).normal(size=count)
    found = normal_quantiles(values)
    (normal, ordered), _ = stats.probplot(values) if count > 1 else (((0.0,), values), 0)
    np.testing.assert_allclose(found.normal, normal, atol=1e-12)
    np.testing.assert_array_equal(found.value, ordered)
    np.testing.assert_array_equal(values[found.order], ordered)


def test_gaps_are_left_out_and_places_are_those_of_the_input() -> None:
    values = np.array([np.nan, 2.0, -1.0, np.inf, 0.5])
    found = normal_quantiles(values)
    assert found.order.tolist() == [2, 4, 1]
    assert found.value.tolist() == [-1.0, 0.5, 2.0]
    assert len(normal_quantiles(np.full(3, np.nan)).value) == 0


def test_limits_hold_what_they_say() -> None:
    """Each order statistic of a normal sample is inside of its limits in 95 % of the cases."""
    rng, count = np.random.default_rng(3), 60
    found = normal_quantiles(rng.normal(size=count))
    samples = np.sort(rng.normal(size=(4000, count)), axis=1)
    share = ((samples >= found.low) & (samples <= found.high)).mean(axis=0)
    np.testing.assert_allclose(share, 0.95, atol=0.02)
    low, high = stats.beta(1, count).ppf([0.025, 0.975])
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(stats.norm.ppf([low, high])))


@pytest.mark.parametrize("shuffled", [False, True])
def test_even_series_has_the_usual_estimate(shuffled: bool) -> None:
    rng = np.random.default_rng(5)
    y = np.convolve(rng.normal(size=203), [1.0, 0.6, 0.3, 0.1], mode="valid")
    times = days(5.0 * np.arange(len(y)))
    order = rng.permutation(len(y)) if shuffled else np.arange(len(y))
    found = autocorrelation(times[order], y[order], most_lags=20)
    apart = y - y.mean()
    usual = [
        (apart[:-k] @ apart[k:]) / (len(y) - k) / (apart @ apart / len(y)) for k in range(1, 21)
    ]
    np.testing.assert_allclose(found.value, usual, atol=1e-12)
    np.testing.assert_allclose(found.lag_days, 5.0 * np.arange(1, 21))
    np.testing.assert_array_equal(found.pairs, len(y) - np.arange(1, 21))
    np.testing.assert_allclose(found.limit, stats.norm.ppf(0.975) / np.sqrt(found.pairs))


def test_gaps_use_the_pairs_that_there_are() -> None:
    rng = np.random.default_rng(6)
    y = np.cumsum(rng.normal(size=150)) * 0.1
    kept = np.flatnonzero(rng.random(150) > 0.4)
    values = np.full(150, np.nan)
    values[kept] = y[kept]
    found = autocorrelation(days(np.arange(150) * 8.0), values, step_days=8.0, most_lags=12)
    mean, spread = y[kept].mean(), y[kept].var()
    for lag, value, pairs in zip(found.lag_days / 8.0, found.value, found.pairs, strict=True):
        both = [(a, b) for a in kept for b in kept if b - a == round(lag)]
        products = [(y[a] - mean) * (y[b] - mean) for a, b in both]
        assert pairs == len(both)
        assert value == pytest.approx(np.mean(products) / spread)


def remembering(rng: np.random.Generator, at: np.ndarray, memory: float) -> np.ndarray:
    """A first-order process (Ornstein and Uhlenbeck) at the days ``at``."""
    y = np.empty(len(at))
    y[0] = rng.normal()
    for i in range(1, len(at)):
        keep = np.exp(-(at[i] - at[i - 1]) / memory)
        y[i] = keep * y[i - 1] + np.sqrt(1.0 - keep**2) * rng.normal()
    return y


def test_known_process_is_found_on_uneven_dates() -> None:
    """With a memory of 20 days, seen at random: exp(-lag / 20); none left when it is shuffled."""
    rng, found, inside = np.random.default_rng(7), [], []
    for _ in range(8):
        at = np.cumsum(rng.exponential(5.0, 2500))
        y = remembering(rng, at, 20.0)
        found.append(autocorrelation(days(at), y, step_days=5.0, most_lags=12))
        white = autocorrelation(days(at), rng.permutation(y), step_days=5.0)
        inside.append(np.abs(white.value) <= white.limit)
    mean = np.mean([one.value for one in found], axis=0)
    np.testing.assert_allclose(mean, np.exp(-found[0].lag_days / 20.0), atol=0.06)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.04)


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0, 2.0], [np.nan] * 4])
def test_too_little_gives_nothing(values: list[float]) -> None:
    found = autocorrelation(days(5.0 * np.arange(len(values))), np.array(values, dtype=float))
    assert len(found.lag_days) == len(found.value) == 0
