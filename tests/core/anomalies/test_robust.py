# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust and plain fits against planted models, statistics of scipy and each other."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from calval_toolbox.core.anomalies.harmonics import design, years
from calval_toolbox.core.anomalies.robust import (
    SCALE_FLOOR,
    FitSettings,
    fit_plain,
    fit_robust,
    leverage,
)
from calval_toolbox.core.dependencies import available

TIMES = np.datetime64("2018-01-03", "ms") + np.arange(0, 1460, 8) * np.timedelta64(1, "D")
X = design(years(TIMES), 3)
PLANTED = np.array([0.2, 0.01, 0.05, -0.03, 0.02, 0.01, -0.004, 0.006])
needs_numba = pytest.mark.skipif(not available("numba"), reason="numba is not installed")


def stack(seed: int, pixels: int, spikes: float, gaps: float = 0.3, bands: int = 6):
    """Values (n, bands, pixels) around the planted model with noise of 0.01 and clouds of 0.3."""
    rng = np.random.default_rng(seed)
    values = (X @ PLANTED)[:, None, None] + rng.normal(0.0, 0.01, (len(X), bands, pixels))
    values[rng.random(values.shape) < spikes] += 0.3
    values[rng.random(values.shape) < gaps] = np.nan
    return values


@needs_numba
@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize("gaps", [0.0, 0.6])
def test_kernels_and_numpy_agree(lower: bool, gaps: float) -> None:
    values = stack(1, 40, 0.05, gaps)
    values[:, 2, 3] = np.nan
    values[8:, 1, 1] = np.nan  # eight observations, eight coefficients
    values[:, 3, 3] = 0.25
    settings = FitSettings(lower=lower)
    first = fit_robust(X, values, settings, compiled=True)
    second = fit_robust(X, values, settings, compiled=False)
    for name in ("coefficients", "scale", "count", "iterations"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), atol=1e-9, rtol=0)
    assert np.isnan(first.scale[2, 3])
    assert np.isnan(first.scale[1, 1])


def test_layouts_agree() -> None:
    values = stack(2, 3, 0.02)
    many = fit_robust(X, values)
    assert many.coefficients.shape == (8, 6, 3)
    site = fit_robust(X, values[..., 1])
    one = fit_robust(X, values[:, 4, 1])
    np.testing.assert_allclose(many.coefficients[..., 1], site.coefficients, atol=1e-14)
    np.testing.assert_allclose(site.coefficients[:, 4], one.coefficients, atol=1e-14)
    assert one.scale.shape == ()


def test_clouds_do_not_move_the_robust_fit_but_the_plain_one() -> None:
    values = stack(3, 50, 0.05)
    truth = PLANTED[:, None, None]
    robust = np.abs(fit_robust(X, values).coefficients - truth)[0].mean()
    plain = np.abs(fit_plain(X, values).coefficients - truth)[0].mean()
    assert robust < 0.002
    assert plain > 0.01


def test_it_is_the_minimum_of_the_bisquare_loss() -> None:
    values = stack(4, 1, 0.05, bands=1)[:, 0, 0]
    fit = fit_robust(X, values, FitSettings(tolerance=1e-12, iterations=500, ridge=0.0))
    seen = np.isfinite(values)

    def loss(beta):
        u = np.minimum(1.0, np.abs(values[seen] - X[seen] @ beta) / (4.685 * fit.scale))
        return np.sum(1.0 - (1.0 - u**2) ** 3)

    gradient = optimize.approx_fprime(fit.coefficients, loss, 1e-7)
    assert np.abs(gradient).max() < 0.5
    assert np.abs(optimize.approx_fprime(fit.coefficients + 0.002, loss, 1e-7)).max() > 50.0
    residual = values[seen] - X[seen] @ fit.coefficients
    assert fit.scale == pytest.approx(np.median(np.abs(residual)) / 0.6745, rel=1e-6)


def test_lower_side_survives_a_mask_that_misses_half_of_the_clouds() -> None:
    rng = np.random.default_rng(5)
    values = (X @ PLANTED)[:, None] + rng.normal(0.0, 0.01, (len(X), 40))
    cloudy = rng.random(values.shape) < 0.55
    values[cloudy] += rng.uniform(0.1, 0.6, cloudy.sum())
    expected = (X @ PLANTED)[:, None]
    lower, symmetric = (
        fit_robust(X, values, FitSettings(lower=choice)) for choice in (True, False)
    )
    assert np.median(np.abs(lower.expected(X) - expected)) < 0.01
    assert np.median(np.abs(symmetric.expected(X) - expected)) > 0.03
    assert np.median(lower.scale) < 0.02 < np.median(symmetric.scale)


def test_constant_series_has_the_floor_as_its_scale() -> None:
    fit = fit_robust(X, np.full(len(X), 0.3))
    assert fit.scale == SCALE_FLOOR
    np.testing.assert_allclose(fit.expected(X), 0.3, atol=1e-12)


def test_plain_fit_is_least_squares() -> None:
    values = stack(6, 4, 0.0)
    values[0, 0, 0] = np.inf  # counts as a gap
    fit = fit_plain(X, values)
    for band in range(2):
        seen = np.isfinite(values[:, band, 0])
        beta, squares = np.linalg.lstsq(X[seen], values[seen, band, 0], rcond=None)[:2]
        np.testing.assert_allclose(fit.coefficients[:, band, 0], beta, atol=1e-12)
        rmse = np.sqrt(squares[0] / (seen.sum() - 8))
        assert fit.scale[band, 0] == pytest.approx(rmse, rel=1e-9)
    assert np.isnan(fit_plain(X, np.full(len(X), np.nan)).scale)


def test_ridge_holds_the_harmonics_in_long_winters() -> None:
    month = TIMES.astype("datetime64[M]").astype(int) % 12
    summer = (month >= 4) & (month <= 7)
    rng = np.random.default_rng(7)
    values = np.where(summer[:, None], 0.3 + rng.normal(0.0, 0.01, (len(X), 200)), np.nan)
    wings = [
        np.abs(fit_robust(X, values, FitSettings(ridge=ridge)).expected(X)[~summer] - 0.3).max()
        for ridge in (0.0, 1e-4)
    ]
    assert wings[1] < 0.2 * wings[0]
    assert leverage(X, summer.astype(float))[~summer].max() > 0.5


def test_leverage_is_the_diagonal_of_the_hat_matrix() -> None:
    weights = (np.arange(len(X)) % 3 > 0).astype(float)
    hat = leverage(X, weights, ridge=0.0)
    used = X[weights > 0]
    np.testing.assert_allclose(hat[weights > 0], np.diag(used @ np.linalg.pinv(used)), atol=1e-10)
    assert hat[weights > 0].sum() == pytest.approx(8.0)


def test_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="rows of the design"):
        fit_plain(X, np.zeros(3))
