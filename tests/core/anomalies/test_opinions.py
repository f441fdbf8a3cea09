# SPDX-License-Identifier: GPL-3.0-or-later
"""Second opinions: how often they are wrong on noise, and series with hardly any noise."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.opinions import HAMPEL_LEVEL, hampel, tmask

NM = np.array([490.0, 560.0, 665.0, 865.0, 1610.0, 2200.0])
DATES = 4000
T = 5.0 * np.arange(DATES) / 365.25
CLEAR = np.ones(DATES, bool)


@pytest.mark.parametrize("bands", [1, 6])
def test_hampel_is_wrong_as_often_as_it_says(bands: int) -> None:
    flagged = 0
    for seed in range(10):
        noise = np.random.default_rng(seed).normal(0.0, 1.0, (DATES, bands))  # far above the floor
        flagged += hampel(T, noise, CLEAR, NM[:bands]).sum()
    expected = 10 * DATES * HAMPEL_LEVEL
    assert abs(flagged - expected) < 4.0 * np.sqrt(expected)


def test_hampel_finds_a_cloud() -> None:
    values = np.random.default_rng(3).normal(0.2, 0.005, (DATES, 6))
    values[50::100] += 0.3
    flags = hampel(T, values, CLEAR, NM)
    assert flags[50::100].mean() > 0.95


@pytest.mark.parametrize("opinion", [hampel, tmask])
def test_hardly_any_noise_flags_nothing_but_the_jump(opinion) -> None:
    t, clear = T[:120], CLEAR[:120]
    constant = np.full((120, 6), 0.3)
    constant[60] += 0.3
    assert np.flatnonzero(opinion(t, constant, clear, NM)).tolist() == [60]
    quantized = np.round(np.random.default_rng(4).normal(0.3, 0.0004, (120, 6)), 3)
    assert not opinion(t, quantized, clear, NM).any()
