# SPDX-License-Identifier: GPL-3.0-or-later
"""Directional models: known values, reciprocity, and planted weights found again."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.calibration.brdf import Model, fit, kernels, rpv
from calval_toolbox.core.errors import InsufficientDataError

RNG = np.random.default_rng(12)
SUN, VIEW, TURN = (RNG.uniform(0.0, top, 400) for top in (70.0, 60.0, 180.0))


@pytest.mark.parametrize("model", Model)
def test_kernels_vanish_overhead_and_are_reciprocal(model: Model) -> None:
    assert kernels(model, np.array([0.0]), np.array([0.0]), np.array([0.0])) == pytest.approx(
        np.array([[1.0, 0.0, 0.0]]), abs=1e-12
    )
    there, back = kernels(model, SUN, VIEW, TURN), kernels(model, VIEW, SUN, TURN)
    assert np.allclose(there, back, atol=1e-12)
    for other in (360.0 - TURN, -TURN, 360.0 + TURN):
        assert np.allclose(there, kernels(model, SUN, VIEW, other), atol=1e-12)


def test_ross_li_values() -> None:
    """By hand: sun at 45 degrees, view at the nadir: phase angle 45 degrees, D = 1."""
    found = kernels(Model.ROSS_LI, np.array([45.0]), np.array([0.0]), np.array([0.0]))[0]
    half = np.sqrt(0.5)
    ross = (np.pi / 4.0 * half + half) / (half + 1.0) - np.pi / 4.0
    secants = 1.0 / half + 1.0
    t = np.arccos(2.0 / secants)
    li = (t - np.sin(t) * np.cos(t)) * secants / np.pi - secants + 0.5 * (1.0 + half) / half
    assert found[1:] == pytest.approx([ross, li], abs=1e-12)


def test_roujean_values() -> None:
    """By hand, for the same directions."""
    found = kernels(Model.ROUJEAN, np.array([45.0]), np.array([0.0]), np.array([77.0]))[0]
    half = np.sqrt(0.5)
    second = -(1.0 + 0.0 + 1.0) / np.pi
    third = 4.0 / (3.0 * np.pi * (half + 1.0)) * (np.pi / 4.0 * half + half) - 1.0 / 3.0
    assert found[1:] == pytest.approx([second, third], abs=1e-12)


@pytest.mark.parametrize("model", Model)
def test_planted_weights_are_found(model: Model) -> None:
    weights = np.array([0.35, 0.06, 0.12])
    exact = kernels(model, SUN, VIEW, TURN) @ weights
    noisy = exact * (1.0 + RNG.normal(0.0, 0.01, len(exact)))
    noisy[::50] = np.nan
    found = fit(model, SUN, VIEW, TURN, noisy)
    assert found.weights == pytest.approx(weights, abs=0.004)
    assert found.relative_residual == pytest.approx(0.01, rel=0.15)
    assert found.count == 392
    assert np.allclose(found.reflectance(SUN, VIEW, TURN), exact, atol=0.001)


def test_one_direction_is_not_enough() -> None:
    with pytest.raises(InsufficientDataError, match="there are 8"):
        fit(Model.ROUJEAN, np.full(8, 30.0), np.full(8, 5.0), np.full(8, 90.0), np.full(8, 0.3))


def test_rpv_is_flat_for_neutral_parameters_and_has_a_hot_spot() -> None:
    flat = rpv(SUN, VIEW, TURN, 0.2, 1.0, 0.0, 1.0)
    assert np.allclose(flat, 0.2)
    spot = rpv(40.0, np.array([10.0, 40.0, 60.0]), 0.0, 0.2, 1.0, 0.0, 0.5)
    assert spot.argmax() == 1
    assert spot[1] == pytest.approx(0.2 * 1.5)
    # By hand: k = 0.7, asymmetry -0.1, overhead sun and view.
    lobe = (1.0 - 0.01) / (1.0 - 0.2 + 0.01) ** 1.5
    assert float(rpv(0.0, 0.0, 0.0, 0.3, 0.7, -0.1, 1.0)) == pytest.approx(
        0.3 * 2.0 ** (-0.3) * lobe
    )
