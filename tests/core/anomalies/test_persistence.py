# SPDX-License-Identifier: GPL-3.0-or-later
"""Generalized least squares in time: against dense matrices, and what the residuals tell."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies import persistence
from calval_toolbox.core.anomalies.persistence import (
    Correlation,
    estimate,
    fit_persistent,
    usable_bands,
)
from calval_toolbox.core.anomalies.simulate import persistent
from calval_toolbox.core.anomalies.whitened import Whitened

RNG = np.random.default_rng(50)
DAYS = np.sort(RNG.uniform(0.0, 900.0, 120))
PRIOR = 0.5 + 0.5 * np.eye(3)
X = np.column_stack((np.ones(120), DAYS / 900.0 - 0.5, DAYS > 400.0))


def dense(share: float, length: float):
    apart = np.abs(DAYS[:, None] - DAYS)
    return share * np.exp(-apart / length) + (1.0 - share) * np.eye(len(DAYS))


@pytest.mark.parametrize(("share", "length"), [(0.0, 1.0), (0.4, 30.0), (1.0, 8.0)])
def test_the_tridiagonal_way_is_the_dense_one(share: float, length: float) -> None:
    y = RNG.normal(size=(120, 3))
    matrix = dense(share, length)
    correlation = Correlation(DAYS, share, length)
    np.testing.assert_allclose(correlation.multiply(y), matrix @ y, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(correlation.solve(y), np.linalg.solve(matrix, y), atol=1e-7)
    assert correlation.log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1], abs=1e-6)
    inverse = np.linalg.inv(matrix)
    found = estimate(X, y, correlation)
    normal = X.T @ inverse @ X + 1e-4 * 120 * np.diag([0.0, 1.0, 1.0])
    np.testing.assert_allclose(
        found.coefficients, np.linalg.solve(normal, X.T @ inverse @ y), atol=1e-8
    )
    left = y - X @ found.coefficients
    np.testing.assert_allclose(found.scatter, left.T @ inverse @ left / 117, rtol=1e-6, atol=1e-8)


def test_the_covariance_is_what_repetition_shows() -> None:
    """Two correlated bands with different dates, white noise: against 4000 draws."""
    there = RNG.random((120, 2)) < (0.9, 0.4)
    factor = 0.01 * np.linalg.cholesky(np.array([[1.0, 0.8], [0.8, 1.0]]))
    changes, stated = [], []
    for number in range(4000):
        noise = np.where(there, RNG.normal(size=(120, 2)) @ factor.T, np.nan)
        if number < 20:
            fits = fit_persistent(X, noise, DAYS, 2, np.array([[1.0, 0.8], [0.8, 1.0]]))
            stated.append(np.einsum("g,gab->ab", fits.weight, fits.covariance))
        coefficients = [
            np.linalg.lstsq(X[use], band[use], rcond=None)[0][2]
            for band, use in zip(noise.T, there.T, strict=True)
        ]
        changes.append(coefficients)
    truth = np.cov(np.array(changes).T)
    found = np.mean(stated, axis=0)
    assert found[0, 1] / np.sqrt(found[0, 0] * found[1, 1]) == pytest.approx(
        np.corrcoef(np.array(changes).T)[0, 1], abs=0.08
    )
    # Some weight is on correlations that are not there, and dates are taken as cut at 1 %.
    ratio = np.sqrt(np.diag(found) / np.diag(truth))
    assert (ratio > 0.95).all()
    assert (ratio < 1.4).all()


def test_the_residuals_tell_how_long_they_persist() -> None:
    days = 5.0 * np.arange(200)
    x = np.column_stack((np.ones(200), days / 1000.0 - 0.5, days > 400.0))

    def spread(phi: float) -> float:
        """Mean standard deviation that is stated for the step, over 12 draws."""
        fits = [
            fit_persistent(x, persistent(RNG.normal(0.0, 0.01, (200, 3)), phi), days, 2, np.eye(3))
            for _ in range(12)
        ]
        return float(np.mean([np.sqrt(one.weight @ one.covariance[:, 0, 0]) for one in fits]))

    def exact(phi: float) -> float:
        """Of generalized least squares that knows the correlation."""
        matrix = phi ** np.abs(np.subtract.outer(np.arange(200.0), np.arange(200.0)))
        return float(0.01 * np.sqrt(np.linalg.inv(x.T @ np.linalg.solve(matrix, x))[2, 2]))

    assert spread(0.8) == pytest.approx(exact(0.8), rel=0.2)
    assert spread(0.0) == pytest.approx(exact(0.0), rel=0.2)
    assert exact(0.8) > 1.7 * exact(0.0)


def test_bands_with_too_few_dates_are_left_out() -> None:
    values = RNG.normal(size=(60, 4))
    after = np.arange(60) >= 30
    values[30:, 1] = np.nan
    values[:25, 2] = np.nan  # 5 before
    values[5:50, 3] = np.nan  # 15 in all, 5 before
    assert usable_bands(values, after, 9).tolist() == [True, False, False, False]
    assert not usable_bands(values[:10], after[:10], 9).any()


def test_what_is_kept_between_candidates_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One model whitened once for two candidates, against fits of each by itself, the long way."""
    noise = persistent(RNG.normal(0.0, 0.01, (120, 3)), 0.5)
    values = 0.2 + noise + 0.02 * (DAYS > 500.0)[:, None]
    kept = Whitened(X[:, :-1], values)
    for day in (300.0, 500.0):
        x = np.column_stack((X[:, :-1], DAYS > day))
        quick = fit_persistent(x, values, DAYS, 2, PRIOR, kept)
        with monkeypatch.context() as patch:
            patch.setattr(persistence, "_fit_common", each_by_itself(x, values))
            slow = fit_persistent(x, values, DAYS, 2, PRIOR)
        np.testing.assert_allclose(quick.weight, slow.weight, rtol=1e-7)
        np.testing.assert_allclose(quick.change, slow.change, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(quick.covariance, slow.covariance, rtol=1e-8)
        assert quick.p_value == pytest.approx(slow.p_value, rel=1e-7)
    assert quick.p_value < 1e-6


def each_by_itself(x: np.ndarray, values: np.ndarray):
    groups = [(np.ones(len(x), bool), np.arange(values.shape[1]))]

    def fits(_, column, days, prior, pairs):
        return [persistence._fit(x, values, groups, days, 2, prior, pair) for pair in pairs]

    return fits
