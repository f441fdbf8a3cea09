# SPDX-License-Identifier: GPL-3.0-or-later
"""Generalized least squares in time: against dense matrices, and what the residuals tell."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies import persistence
from calval_toolbox.core.anomalies.correlation_in_time import Correlation
from calval_toolbox.core.anomalies.persistence import PersistentModel, usable_bands
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
    model = Whitened(X[:, :-1], y, DAYS)
    found = model.fits(X[:, -1:], (share, length))
    normal = X.T @ inverse @ X + 1e-4 * 120 * np.diag([0.0, 1.0, 1.0])
    np.testing.assert_allclose(
        found.coefficients[0], np.linalg.solve(normal, X.T @ inverse @ y), atol=1e-8
    )
    left = y - X @ found.coefficients[0]
    np.testing.assert_allclose(model.left(X[:, -1:], found)[0], left, atol=1e-8)
    np.testing.assert_allclose(
        found.scatter[0], left.T @ inverse @ left / 117, rtol=1e-6, atol=1e-8
    )
    weights = model.weights(X[:, -1:], (share, length), found)[0]
    np.testing.assert_allclose(weights @ y, found.change[0], atol=1e-8)
    assert found.spread[0] == pytest.approx(weights @ matrix @ weights, rel=1e-6)


def test_the_covariance_is_what_repetition_shows() -> None:
    """Two correlated bands with different dates, white noise: against 4000 draws."""
    there = RNG.random((120, 2)) < (0.9, 0.4)
    factor = 0.01 * np.linalg.cholesky(np.array([[1.0, 0.8], [0.8, 1.0]]))
    changes, stated = [], []
    for number in range(4000):
        noise = np.where(there, RNG.normal(size=(120, 2)) @ factor.T, np.nan)
        if number < 20:
            model = PersistentModel(X[:, :-1], noise, DAYS, np.array([[1.0, 0.8], [0.8, 1.0]]))
            fits = model.fits(X[:, -1:])
            stated.append(np.einsum("g,gab->ab", fits.weight[0], fits.covariance[0]))
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
        noise = [persistent(RNG.normal(0.0, 0.01, (200, 3)), phi) for _ in range(12)]
        models = [PersistentModel(x[:, :-1], one, days, np.eye(3)) for one in noise]
        fits = [model.fits(x[:, -1:]) for model in models]
        variances = [one.weight[0] @ one.covariance[0, :, 0, 0] for one in fits]
        return float(np.mean(np.sqrt(variances)))

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


def test_changes_looked_at_together_are_those_of_each_by_itself() -> None:
    values = 0.2 + persistent(RNG.normal(0.0, 0.01, (120, 3)), 0.5) + 0.03 * (DAYS > 500.0)[:, None]
    columns = (DAYS[:, None] > np.array([300.0, 500.0])).astype(float)
    values[RNG.random(120) < 0.3, 1] = np.nan
    model = PersistentModel(X[:, :-1], values, DAYS, PRIOR)
    both = model.fits(columns)
    assert both.p_value[1] < 1e-6
    assert both.evidence[1] > both.evidence[0] + 10.0
    for at in range(2):
        alone = PersistentModel(X[:, :-1], values, DAYS, PRIOR).fits(columns[:, [at]])
        # Together, correlations are looked at that are likely for the other one alone.
        assert np.log(alone.p_value[0]) == pytest.approx(np.log(both.p_value[at]), abs=1.0)
        np.testing.assert_allclose(
            alone.weight[0] @ alone.change[0], both.weight[at] @ both.change[at], rtol=1e-3
        )


def test_bands_of_other_dates_are_fitted_as_those_of_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bands of the same dates, taken as if they were of different ones."""
    values = 0.2 + persistent(RNG.normal(0.0, 0.01, (120, 3)), 0.5) + 0.02 * (DAYS > 500.0)[:, None]
    columns = (DAYS[:, None] > np.array([300.0, 500.0])).astype(float)
    quick = PersistentModel(X[:, :-1], values, DAYS, PRIOR).fits(columns)
    every = np.ones(120, bool)
    monkeypatch.setattr(
        persistence, "_alike", lambda _: [(every, np.array([0, 2])), (every, np.array([1]))]
    )
    slow = PersistentModel(X[:, :-1], values, DAYS, PRIOR).fits(columns)
    np.testing.assert_allclose(quick.change, slow.change, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        quick.covariance.diagonal(axis1=2, axis2=3), slow.covariance.diagonal(axis1=2, axis2=3),
        rtol=1e-8,
    )  # fmt: skip
    # The scatter of bands of different dates is over these dates, not over the freedom.
    np.testing.assert_allclose(quick.covariance, slow.covariance, rtol=0.1, atol=6e-6)
