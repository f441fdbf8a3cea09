# SPDX-License-Identifier: GPL-3.0-or-later
"""Intervals are held to what they promise: the share of simulated campaigns that they cover."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from calval_toolbox.core import bootstrap
from calval_toolbox.core.aot.expected_errors import wilson
from calval_toolbox.core.aot.intervals import interval, scale_interval, share_interval
from calval_toolbox.core.types import FloatArray

RUNS, REPLICATES, ROWS = 1000, 1000, 4
BIAS, MONTH_SD, NOISE_SD, LIMIT = 0.02, 0.05, 0.05, 0.06
SD = math.hypot(MONTH_SD, NOISE_SD)
TRUTH = {
    "bias": BIAS,
    "sd": SD,
    "rmse": math.hypot(SD, BIAS),
    "share": 0.5
    * (math.erf((LIMIT - BIAS) / SD / 2**0.5) + math.erf((LIMIT + BIAS) / SD / 2**0.5)),
}


def figures(sums: FloatArray) -> dict[str, FloatArray]:
    """Bias, sd, rmse and share within the limit from sums (r, 4) of 1, d, d^2, inside."""
    count, mean, square = sums[:, 0], sums[:, 1] / sums[:, 0], sums[:, 2] / sums[:, 0]
    spread = np.sqrt(np.maximum(square - mean**2, 0.0) * count / (count - 1))
    return {"bias": mean, "sd": spread, "rmse": np.sqrt(square), "share": sums[:, 3] / count}


@cache
def coverage(blocks: int) -> dict[str, float]:
    """How often each interval holds the truth; "plain" and "wilson": those not to be used."""
    rng = np.random.default_rng(100 + blocks)
    owner = np.repeat(np.arange(blocks), ROWS)
    hits = dict.fromkeys((*TRUTH, "plain sd", "wilson"), 0)
    for _ in range(RUNS):
        d = rng.normal(BIAS, MONTH_SD, blocks)[owner] + rng.normal(0, NOISE_SD, len(owner))
        inside = (np.abs(d) <= LIMIT).astype(float)
        columns = np.column_stack((np.ones(len(d)), d, d * d, inside))
        weights = bootstrap.block_weights(blocks, REPLICATES, rng)
        many = figures(bootstrap.replicate_sums(weights, owner, columns))
        one = {key: float(value[0]) for key, value in figures(columns.sum(axis=0)[None]).items()}
        found = {
            "bias": interval(one["bias"], many["bias"], blocks),
            "sd": scale_interval(one["sd"], many["sd"], blocks),
            "rmse": scale_interval(one["rmse"], many["rmse"], blocks),
            "share": share_interval(one["share"], many["share"], len(d), blocks),
            "wilson": wilson(int(inside.sum()), len(d)),
        }
        for key, bounds in found.items():
            hits[key] += bounds.low <= TRUTH.get(key, TRUTH["share"]) <= bounds.high
        low, high = np.percentile(many["sd"], (2.5, 97.5))
        hits["plain sd"] += low <= SD <= high
    return {key: hit / RUNS for key, hit in hits.items()}


@pytest.mark.parametrize("blocks", [6, 8, 12, 24])
def test_intervals_cover_the_truth(blocks: int) -> None:
    found = coverage(blocks)
    assert 0.90 <= found["bias"] <= 0.99
    assert (0.85 if blocks >= 8 else 0.80) <= found["sd"] <= 0.99
    assert (0.85 if blocks >= 8 else 0.80) <= found["rmse"] <= 0.99
    assert 0.90 <= found["share"] <= 0.99


def test_what_is_not_used_would_not_cover_it() -> None:
    assert coverage(6)["plain sd"] < 0.80
    assert coverage(24)["wilson"] < 0.90


def test_a_percentile_interval_is_expanded_by_student_and_blocks() -> None:
    # 9 blocks: t(0.975, 8) = 2.306, times sqrt(9 / 8) = 2.446: tails of 0.72 %
    found = interval(50.0, np.arange(10001) / 100, 9)
    assert found.low == pytest.approx(0.72, abs=0.01)
    assert found.high == pytest.approx(99.28, abs=0.01)
    many = interval(50.0, np.arange(10001) / 100, 5000)
    assert (many.low, many.high) == (pytest.approx(2.5, abs=0.02), pytest.approx(97.5, abs=0.02))


def test_a_scale_interval_is_students_on_logarithms() -> None:
    rng = np.random.default_rng(3)
    found = scale_interval(2.0, 2.0 * np.exp(rng.normal(0.0, 0.1, 200_000)), 9)
    assert math.log(found.high / 2.0) == pytest.approx(0.2446, abs=0.002)
    assert math.log(2.0 / found.low) == pytest.approx(0.2446, abs=0.002)
    # Replicates are 5 % too small, hence so is the estimate: both bounds go up as much.
    small = scale_interval(2.0, 1.9 * np.exp(rng.normal(0.0, 0.1, 200_000)), 9)
    assert small.high / found.high == pytest.approx(2.0 / 1.9, abs=0.003)
    assert small.low / found.low == pytest.approx(2.0 / 1.9, abs=0.003)


def test_replicates_of_one_block_do_not_widen_a_scale_interval() -> None:
    rng = np.random.default_rng(4)
    usual = np.exp(rng.normal(0.0, 0.1, 1000))
    odd = np.concatenate((usual[:990], np.full(5, 1e-12), np.zeros(5)))
    assert scale_interval(1.0, odd, 9).low == pytest.approx(
        scale_interval(1.0, usual, 9).low, rel=0.02
    )


def test_a_scale_interval_holds_its_value_and_needs_spread() -> None:
    far = scale_interval(1.0, np.full(50, 0.5) + np.arange(50) * 1e-6, 9)
    assert far.low == 1.0
    assert far.high > 1.9
    assert math.isnan(scale_interval(0.0, np.zeros(50), 9).low)


def test_a_share_is_worth_as_many_rows_as_its_variance_tells() -> None:
    rng = np.random.default_rng(5)
    spread = math.sqrt(0.21 / 50 * 49 / 50)  # what the shares of 50 blocks of one row each show
    found = share_interval(0.7, rng.normal(0.7, spread, 100_000), 400, 50)
    plain = wilson(35, 50)
    assert (found.low, found.high) == (
        pytest.approx(plain.low, abs=0.005),
        pytest.approx(plain.high, abs=0.005),
    )
    # Never more than there are; and all inside says little with few blocks.
    steady = share_interval(0.7, np.full(100, 0.7), 400, 50)
    assert steady.high - steady.low >= wilson(280, 400).high - wilson(280, 400).low
    certain = share_interval(1.0, np.ones(100), 400, 8)
    assert certain.high == 1.0
    assert certain.low < wilson(8, 8).low


@pytest.mark.parametrize("make", [interval, scale_interval])
def test_no_bounds_without_enough_blocks_or_replicates(make: type) -> None:
    replicates = np.arange(1.0, 1001.0)
    assert math.isfinite(make(50.0, replicates, 6).low)
    assert math.isnan(make(50.0, replicates, 5).low)
    half_gone = np.concatenate((np.full(600, np.nan), np.arange(1.0, 401.0)))
    assert math.isnan(make(50.0, half_gone, 9).low)
    assert math.isnan(make(math.nan, replicates, 9).low)


def test_no_share_without_enough_blocks() -> None:
    shares = np.linspace(0.6, 0.8, 100)
    assert math.isfinite(share_interval(0.7, shares, 40, 6).low)
    assert math.isnan(share_interval(0.7, shares, 40, 5).high)
