# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated air obeys the physics that the rest of the chain relies on."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.simulation.aerosol import (
    EXACT_UM,
    AerosolClimate,
    observe,
    simulate_aerosol,
)

CLIMATE = AerosolClimate(0.2, 0.5, 0.3, 7.0, 1.4)


def _times(days: int, minutes: int = 30) -> np.ndarray:
    start = np.datetime64("2019-01-01", "ms")
    return start + np.arange(days * 24 * 60 // minutes) * np.timedelta64(minutes, "m")


def test_same_seed_same_air() -> None:
    one, two, other = (
        simulate_aerosol(CLIMATE, _times(5), np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(one.aot_550, two.aot_550)
    assert not np.array_equal(one.aot_550, other.aot_550)


def test_aot_is_log_normal_around_its_season() -> None:
    series = simulate_aerosol(CLIMATE, _times(1461, 120), np.random.default_rng(4))
    log = np.log(series.aot_550)
    assert np.median(series.aot_550) == pytest.approx(0.2, rel=0.15)
    month = series.time.astype("datetime64[M]").astype(int) % 12
    assert log[month == 6].mean() - log[month == 0].mean() == pytest.approx(0.6, abs=0.2)
    assert log[month == 6].std() == pytest.approx(0.5, abs=0.12)


def test_air_remembers_the_last_hour_but_not_the_last_month() -> None:
    series = simulate_aerosol(
        AerosolClimate(0.2, 0.5, 0.0, 7.0, 1.4), _times(1000, 60), np.random.default_rng(6)
    )
    log = np.log(series.aot_550)
    assert np.corrcoef(log[1:], log[:-1])[0, 1] > 0.85
    assert abs(np.corrcoef(log[720:], log[:-720])[0, 1]) < 0.15


def test_spectrum_is_a_parabola_in_logarithms() -> None:
    series = simulate_aerosol(CLIMATE, _times(3), np.random.default_rng(9))
    aod = series.at(np.array(EXACT_UM))
    chosen = [EXACT_UM.index(value) for value in (0.4409, 0.5004, 0.6749, 0.8701)]
    log = np.log(np.array(EXACT_UM)[chosen] / 0.55)
    fitted = np.polynomial.polynomial.polyfit(log, np.log(aod[:, chosen]).T, 2)
    assert np.exp(fitted[0]) == pytest.approx(series.aot_550, abs=1e-12)
    assert -fitted[1] == pytest.approx(series.angstrom, abs=1e-10)


def test_photometer_noise_is_as_large_as_asked() -> None:
    series = simulate_aerosol(CLIMATE, _times(60), np.random.default_rng(2))
    error = observe(series, 0.01, np.random.default_rng(3)) - series.at(np.array(EXACT_UM))
    assert error.std() == pytest.approx(0.01, rel=0.05)
