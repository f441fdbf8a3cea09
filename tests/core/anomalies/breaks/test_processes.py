# SPDX-License-Identifier: GPL-3.0-or-later
"""Fluctuation processes against reference numbers made with R's strucchange and bfast."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.breaks.processes import (
    cusum,
    mosum,
    recursive_cusum,
    recursive_residuals,
    stable_start,
    stable_start_of,
)
from calval_toolbox.core.errors import InsufficientDataError

HISTORY_DATES = 100  # of the reference: monitoring begins with the 101st date


@pytest.fixture(scope="module")
def reference(shared_data: Path) -> dict[str, np.ndarray]:
    folder = shared_data / "anomalies"
    names = {"X": "nrt_X", "y": "nrt_y"} | {
        name: f"nrt_{name}_result" for name in ("mosum", "cusum", "efp", "roc_history")
    }
    return {key: np.loadtxt(folder / f"{name}.csv", delimiter=",") for key, name in names.items()}


def series(reference: dict[str, np.ndarray], pixel: int) -> tuple[np.ndarray, np.ndarray, int]:
    known = np.isfinite(reference["y"][:, pixel])
    history = int(known[:HISTORY_DATES].sum())
    return reference["X"][known], reference["y"][known, pixel], history


@pytest.mark.parametrize("name", ["mosum", "cusum"])
@pytest.mark.parametrize("pixel", range(5))
def test_monitoring_is_that_of_strucchange(
    reference: dict[str, np.ndarray], name: str, pixel: int
) -> None:
    design, values, history = series(reference, pixel)
    found = {"mosum": mosum, "cusum": cusum}[name](design, values, history)
    process, boundary, count, sigma = reference[name][:, pixel]
    assert found.process[-1] == pytest.approx(process, rel=1e-10)
    # The reference searched its critical values to about eight digits.
    assert found.boundary[-1] == pytest.approx(boundary, rel=1e-7)
    assert found.history == count
    assert found.sigma == pytest.approx(sigma, rel=1e-10)


def test_recursive_cusum_is_that_of_strucchange(reference: dict[str, np.ndarray]) -> None:
    design, values, _ = series(reference, 0)
    # The reference gave R a second constant, so that its process begins one observation later.
    residuals = recursive_residuals(design[::-1], values[::-1])[1:]
    np.testing.assert_allclose(recursive_cusum(residuals), reference["efp"], atol=1e-12)


@pytest.mark.parametrize("pixel", range(5))
def test_stable_history_is_that_of_bfast(reference: dict[str, np.ndarray], pixel: int) -> None:
    design, values, _ = series(reference, pixel)
    residuals = recursive_residuals(design[::-1], values[::-1])[1:]
    # R counts from 1.
    assert stable_start_of(residuals, len(values)) == reference["roc_history"][pixel] - 1


def test_recursive_residuals_are_prediction_errors() -> None:
    rng = np.random.default_rng(2)
    design = np.stack([np.ones(30), np.arange(30) - 3.0, rng.normal(size=30)], axis=1)
    design[design == 0.0] = 0.0  # a zero that later rows fill
    values = rng.normal(size=30)
    expected = []
    for row in range(3, 30):
        past = design[:row]
        fit = np.linalg.lstsq(past, values[:row], rcond=None)[0]
        leverage = design[row] @ np.linalg.inv(past.T @ past) @ design[row]
        expected.append((values[row] - design[row] @ fit) / np.sqrt(1.0 + leverage))
    np.testing.assert_allclose(recursive_residuals(design, values), expected, atol=1e-10)


def test_planted_step_shortens_the_history() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(0.0, 0.02, 120) + np.where(np.arange(120) < 50, 0.3, 0.0)
    begin = stable_start(np.ones((120, 1)), values)
    assert 40 <= begin <= 50
    assert stable_start(np.ones((70, 1)), values[50:]) == 0


@pytest.mark.parametrize("name", ["mosum", "cusum"])
def test_monitoring_is_the_formula_of_its_papers(name: str) -> None:
    """Written out, without any other program: sums of the residuals over sigma sqrt(h)."""
    rng = np.random.default_rng(5)
    t = np.arange(70) / 20.0
    design = np.stack([np.ones(70), np.cos(2 * np.pi * t), np.sin(2 * np.pi * t)], axis=1)
    values, history = rng.normal(0.3, 0.02, 70), 40
    fit = np.linalg.lstsq(design[:history], values[:history], rcond=None)[0]
    errors = values - design @ fit
    sigma = np.sqrt((errors[:history] ** 2).sum() / (history - 3))
    width = 10  # a quarter of the history
    expected = [
        errors[(k + 1 - width if name == "mosum" else history) : k + 1].sum()
        for k in range(history, 70)
    ] / (sigma * np.sqrt(history))
    found = {"mosum": mosum, "cusum": cusum}[name](design, values, history)
    assert found.sigma == pytest.approx(sigma, rel=1e-12)
    np.testing.assert_allclose(found.process, expected, atol=1e-10)


def test_crossing_is_the_first() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(0.0, 1.0, 150)
    assert mosum(np.ones((150, 1)), values, 100).crossing == -1
    values[110:] += 5.0
    crossing = mosum(np.ones((150, 1)), values, 100).crossing
    assert 10 <= crossing <= 16


def test_history_no_longer_than_the_model_is_a_sentence() -> None:
    with pytest.raises(InsufficientDataError, match="needs more than 2 observations"):
        mosum(np.ones((10, 2)), np.ones(10), 2)
