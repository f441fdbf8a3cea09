# SPDX-License-Identifier: GPL-3.0-or-later
"""Covers mix linearly, and look like what they are to the usual indices."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.ground_covers import SPECTRA, covered, spectrum

WAVELENGTHS = np.array([492.4, 559.8, 664.6, 832.8, 1613.7, 2202.4])
DARK = np.full((2, 3, 6), 0.04)


@pytest.mark.parametrize("kind", list(SPECTRA))
def test_full_cover_is_the_cover_and_half_is_half(kind: str) -> None:
    surface = spectrum(kind, WAVELENGTHS)
    full, half, none = (covered(DARK, WAVELENGTHS, np.full((2, 3), f), kind) for f in (1, 0.5, 0))
    assert full[1, 2] == pytest.approx(surface)
    assert half[0, 1] == pytest.approx(0.5 * (0.04 + surface))
    assert np.array_equal(none, DARK)


def test_snow_and_burnt_ground_are_what_indices_look_for() -> None:
    snow, burnt = (spectrum(kind, WAVELENGTHS) for kind in ("snow", "burnt"))
    assert (snow[1] - snow[4]) / (snow[1] + snow[4]) > 0.4  # the snow index of all cloud masks
    assert (burnt[3] - burnt[5]) / (burnt[3] + burnt[5]) < -0.1  # the burn ratio of all fire maps
