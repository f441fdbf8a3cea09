# SPDX-License-Identifier: GPL-3.0-or-later
"""The molecular atmosphere: light is neither lost nor made, and paths are curved."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.calibration import smac
from calval_toolbox.core.calibration.atmosphere import Air, Angles, above, below
from calval_toolbox.core.calibration.molecular import (
    molecular_effects,
    path_reflectance,
    spherical_albedo,
    transmission,
)
from calval_toolbox.core.calibration.sensor_tables import SHIPPED
from calval_toolbox.core.io.smac_tables import read_smac_numbers

NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
NODES, WEIGHTS = (NODES + 1.0) / 2.0, WEIGHTS / 2.0
B02, B04 = (
    smac.coefficients(read_smac_numbers(SHIPPED / "smac" / "Coef_S2A_CONTINENTAL.dat")[band])
    for band in (1, 3)
)


@pytest.mark.parametrize("depth", [0.02, 0.1, 0.25])
@pytest.mark.parametrize("sun", [0.2, 0.5, 0.9])
def test_light_is_conserved(depth: float, sun: float) -> None:
    """What is not reflected into any direction goes through: molecules absorb nothing."""
    turns = np.arange(0.0, 360.0, 5.0)
    over = [
        path_reflectance(depth, np.full(72, sun), np.full(72, view), turns).mean() for view in NODES
    ]
    reflected = float(np.sum(2.0 * WEIGHTS * NODES * np.array(over)))
    assert reflected == pytest.approx(1.0 - float(transmission(depth, np.array(sun))), abs=0.006)


@pytest.mark.parametrize("depth", [0.02, 0.1, 0.25, 0.5])
def test_spherical_albedo_is_the_mean_over_all_directions(depth: float) -> None:
    mean = np.sum(2.0 * WEIGHTS * NODES * (1.0 - transmission(depth, NODES)))
    assert float(spherical_albedo(depth)) == pytest.approx(mean, abs=1e-4)


def test_thin_air_scatters_once() -> None:
    """By hand: tau P / (4 mu_s mu_v) with the phase function of Rayleigh."""
    sun, view, turn, depth = np.array(0.6), np.array(0.8), 50.0, 1e-4
    cosine = -float(sun * view + np.sqrt((1 - sun**2) * (1 - view**2)) * np.cos(np.radians(turn)))
    phase = 0.7190443 * (1.0 + cosine**2) + 0.0412742
    expected = depth * phase / (4.0 * sun * view)
    assert float(path_reflectance(depth, sun, view, turn)) == pytest.approx(
        float(expected), rel=0.005
    )


def test_above_and_below_are_inverse_at_low_sun() -> None:
    angles = Angles(np.array([40.0, 70.0, 84.0]), 10.0, 60.0)
    air = Air(0.0, 280.0, 0.05, 650.0)
    effects = molecular_effects(B02, angles, air)
    toa = above(effects, 0.9)
    assert np.abs(below(effects, toa) - 0.9).max() < 1e-12
    assert ((toa > 0.6) & (toa < 1.2)).all()


def test_gases_as_smac_under_a_high_sun_and_less_of_them_under_a_low_one() -> None:
    """A curved path through the ozone layer is shorter than a straight one."""
    air = Air(0.0, 300.0, 0.05, 650.0)
    high, low = Angles(30.0, 0.0, 0.0), Angles(82.0, 0.0, 0.0)
    assert float(molecular_effects(B04, high, air).gas) == pytest.approx(
        float(smac.effects(B04, high, air).gas), abs=2e-4
    )
    curved, straight = (
        float(made(B04, low, air).gas) for made in (molecular_effects, smac.effects)
    )
    assert straight < curved < straight + 0.1
