# SPDX-License-Identifier: GPL-3.0-or-later
"""The formulas obey the signs and limits by which the kinds of anomalies are told apart."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.physics import (
    CRITICAL_REFLECTANCE,
    covered,
    shaded,
    spectrum,
    veiled,
    with_aot_error,
)

WAVELENGTHS = np.array([492.4, 559.8, 664.6, 832.8, 1613.7, 2202.4])
DARK = np.full(6, 0.04)


def test_full_cover_is_the_cover_and_half_is_half() -> None:
    cloud = spectrum("cloud", WAVELENGTHS)
    assert covered(DARK, WAVELENGTHS, 1.0, "cloud") == pytest.approx(cloud)
    assert covered(DARK, WAVELENGTHS, 0.5, "cloud") == pytest.approx(0.5 * (DARK + cloud))
    snow = spectrum("snow", WAVELENGTHS)
    assert (snow[1] - snow[4]) / (snow[1] + snow[4]) > 0.4  # the snow index of all cloud masks


def test_thin_cloud_falls_with_wavelength_and_never_passes_a_cloud() -> None:
    gained = veiled(DARK, WAVELENGTHS, 0.1) - DARK
    assert (np.diff(gained) < 0).all()
    assert gained[0] == pytest.approx(0.1 * (1 - 0.04 / 0.66), abs=0.001)
    cloud = spectrum("cloud", WAVELENGTHS)
    assert veiled(cloud, WAVELENGTHS, 0.3) == pytest.approx(cloud)


def test_shadow_is_deepest_in_the_infrared() -> None:
    left = shaded(DARK, WAVELENGTHS, 0.5) / DARK
    assert left == pytest.approx([0.7, 0.625, 0.575, 0.5, 0.5, 0.5], abs=0.005)


@pytest.mark.parametrize("error", [0.3, -0.3])
def test_aot_error_turns_its_sign_at_the_critical_reflectance(error: float) -> None:
    targets = np.array([[0.05], [CRITICAL_REFLECTANCE], [0.45]])
    change = with_aot_error(np.broadcast_to(targets, (3, 6)), WAVELENGTHS, error) - targets
    assert (np.sign(change[0]) == np.sign(error)).all()
    assert change[1] == pytest.approx(0.0, abs=1e-12)
    assert (np.sign(change[2]) == -np.sign(error)).all()
    # by hand: 0.3 * 0.07 * (1 - 0.05 / 0.25) * (832.8 / 550)^-1.3
    assert abs(change[0, 3]) == pytest.approx(0.3 * 0.07 * 0.8 * 0.58324, rel=1e-3)


def test_tables_and_images_get_the_same() -> None:
    table = np.random.default_rng(1).uniform(0.02, 0.5, (12, 6))
    image = table.T.reshape(6, 3, 4)
    for change in (with_aot_error, veiled, shaded):
        flat = change(table, WAVELENGTHS, 0.2)
        cube = change(image, WAVELENGTHS[:, None, None], 0.2)
        assert np.array_equal(flat.T.reshape(6, 3, 4), cube)
