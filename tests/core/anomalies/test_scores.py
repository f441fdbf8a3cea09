# SPDX-License-Identifier: GPL-3.0-or-later
"""The joint score: nominal false alarms, exact laws where they are known, both ways alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from calval_toolbox.core.anomalies.harmonics import design, harmonics_for, years
from calval_toolbox.core.anomalies.robust import FitSettings
from calval_toolbox.core.anomalies.scores import (
    consistency,
    critical_distances,
    fewest_clear,
    p_values,
    prior_correlation,
    score,
)
from calval_toolbox.core.dependencies import available

WAVELENGTHS = np.array([490.0, 560.0, 665.0, 865.0, 1610.0, 2200.0])
PRIOR = prior_correlation(WAVELENGTHS)
NOISE = np.array([0.006, 0.007, 0.008, 0.01, 0.012, 0.015])


def simulate(seed: int, dates: int, pixels: int, gaps: float, correlation: float):
    rng = np.random.default_rng(seed)
    times = np.datetime64("2018-01-03", "ms") + 5 * np.arange(dates) * np.timedelta64(1, "D")
    matrix = np.full((6, 6), correlation) + (1.0 - correlation) * np.eye(6)
    noise = np.linalg.cholesky(matrix) @ rng.normal(size=(dates, 6, pixels))
    t = years(times)
    season = 0.2 + 0.05 * np.cos(2 * np.pi * t)
    values = season[:, None, None] + NOISE[:, None] * noise
    return (
        design(t, harmonics_for(int(dates * (1 - gaps)))),
        values,
        rng.random((dates, pixels)) >= gaps,
    )


@pytest.mark.parametrize("correlation", [0.0, 0.6])
@pytest.mark.parametrize("gaps", [0.0, 0.3, 0.6])
def test_false_alarm_rate_is_nominal(gaps: float, correlation: float) -> None:
    x, values, clear = simulate(11, 292, 400, gaps, correlation)
    p = score(x, values, clear, PRIOR).p_value
    for level in (0.05, 0.01, 0.001):
        count = clear.sum()
        alarms = (p[clear] < level).sum()
        # Twice the sampling error, and a tenth for the approximations.
        margin = 0.1 * level * count + 2.0 * np.sqrt(level * count)
        assert abs(alarms - level * count) < margin
    if gaps:
        masked = ~clear & (score(x, values, clear, PRIOR).leverage <= 0.5)
        alarms = (p[masked] < 0.01).sum()
        expected = 0.01 * masked.sum()
        assert abs(alarms - expected) < 0.15 * expected + 2.0 * np.sqrt(expected)


@pytest.mark.parametrize("dates", [24, 30, 40])
def test_short_series_never_exceed_it_by_much(dates: int) -> None:
    x, values, clear = simulate(12, dates, 4000, 0.0, 0.3)
    p = score(x, values, clear, PRIOR).p_value
    assert (p[clear] < 0.01).mean() < 0.012
    assert (p[clear] < 0.001).mean() < 0.0015


@pytest.mark.parametrize("bands", [1, 3, 6])
def test_the_lower_scale_holds_its_level_from_the_dates_it_asks_for(bands: int) -> None:
    settings = FitSettings(lower=True)
    dates = fewest_clear(bands, lower=True)
    x, values, clear = simulate(18, dates, 1200, 0.0, 0.5)
    values, prior = values[:, :bands], PRIOR[:bands, :bands]
    p = score(x, values, clear, prior, settings).p_value
    assert (p[clear] < 0.001).mean() < 0.0015
    assert (p[clear] < 0.01).mean() < 0.017
    # With half of them it does not, which is why it asks for them.
    x, values, clear = simulate(19, dates // 2, 1200, 0.0, 0.5)
    p = score(x, values[:, :bands], clear, prior, settings).p_value
    assert (p[clear] < 0.001).mean() > 0.002


@pytest.mark.skipif(not available("numba"), reason="numba is not installed")
@pytest.mark.parametrize("lower", [False, True])
def test_kernels_and_numpy_agree(lower: bool) -> None:
    x, values, clear = simulate(13, 183, 60, 0.3, 0.5)
    rng = np.random.default_rng(14)
    values[rng.random(values.shape) < 0.05] = np.nan  # single bands missing
    values[rng.random(values.shape) < 0.01] += 0.2
    values[:, 2, 5], values[:, :, 7], values[:, 1, 9] = np.nan, 0.3, 0.25
    clear[:, 11] = False
    settings = FitSettings(lower=lower)
    first = score(x, values, clear, PRIOR, settings, compiled=True)
    second = score(x, values, clear, PRIOR, settings, compiled=False)
    for name in vars(first):
        a, b = np.asarray(getattr(first, name), float), np.asarray(getattr(second, name), float)
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9, err_msg=name)
    assert np.isnan(first.p_value[:, 11]).all()


def test_one_observation_in_the_fit_and_left_out_have_the_same_p() -> None:
    """The law for dates in the fit and the law for deleted ones are two faces of one test."""
    rng = np.random.default_rng(15)
    dates, bands = 60, 3
    x = design(years(np.datetime64("2020-01-01", "ms") + 6 * np.arange(dates)
                     * np.timedelta64(1, "D")), 1)  # fmt: skip
    y = rng.normal(0.0, 0.05, (dates, bands))
    y[10] += 0.15

    def distance(rows):
        beta = np.linalg.lstsq(x[rows], y[rows], rcond=None)[0]
        left = y - x @ beta
        nu = rows.sum() - 4
        scatter = left[rows].T @ left[rows] / nu
        hat = x[10] @ np.linalg.inv(x[rows].T @ x[rows]) @ x[10]
        variance = 1.0 - hat if rows[10] else 1.0 + hat
        return left[10] @ np.linalg.inv(scatter) @ left[10] / variance, nu

    rows = np.ones(dates, bool)
    inside, nu_in = distance(rows)
    rows[10] = False
    outside, nu_out = distance(rows)
    p = p_values(
        np.array([inside, outside]), np.array([True, False]), np.array([3.0, 3.0]),
        np.array([nu_in, nu_out], float),
    )  # fmt: skip
    assert p[0] == pytest.approx(p[1], rel=1e-9)
    assert p[0] < 0.05


def test_critical_distances_invert_the_p_values() -> None:
    table = critical_distances(6, 100, 0.01)
    for row, kept in ((0, True), (1, False)):
        p = p_values(
            table[row, 4, [20, 90]], np.full(2, kept), np.full(2, 4.0), np.array([20.0, 90.0])
        )
        np.testing.assert_allclose(p, 0.01, rtol=1e-9)
    assert np.isinf(table[0, 6, 6])
    limit = stats.chi2.ppf(0.99, 6)
    assert critical_distances(6, 100_000, 0.01)[1, 6, -1] == pytest.approx(limit, rel=1e-3)


def test_consistency_undoes_the_cut() -> None:
    z = np.random.default_rng(16).normal(size=(400_000, 2))
    inside = z[(z**2).sum(axis=1) < stats.chi2.ppf(0.9, 2)]
    assert consistency(2, 0.1) * inside.var() == pytest.approx(1.0, rel=0.01)


def test_prior_is_a_correlation() -> None:
    assert np.linalg.eigvalsh(PRIOR)[0] > 0.05
    unknown = prior_correlation(np.array([np.nan, 560.0, 665.0]))
    assert unknown[0, 1] == 0.5
    assert unknown[1, 2] == PRIOR[1, 2]


def test_whitening_sees_what_single_bands_do_not() -> None:
    """A change against the common noise is far off jointly while every band is within 3 sigma."""
    x, values, clear = simulate(17, 292, 50, 0.0, 0.9)
    values[100] += (0.9 * NOISE * np.array([1, -1, 1, -1, 1, -1]))[:, None]
    result = score(x, values, clear, PRIOR)
    assert (result.p_value[100] < 0.001).mean() > 0.9
    assert (np.abs(result.z[100]).max(axis=0) > 3.5).mean() < 0.2
