# SPDX-License-Identifier: GPL-3.0-or-later
"""What the surface around a disparity says: planted noise, slopes, relief, steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from planted_pairs import nmad
from scipy.ndimage import uniform_filter

from calval_toolbox.core.dem.matching.intensity import FITS
from calval_toolbox.core.dem.matching.surface import (
    REACH_PX,
    expected_error,
    mean_around,
    settled,
    shares,
    surroundings,
)

FIT = FITS["census_sgm_half_pixel"]
STD = 0.05
SHAPE = (150, 180)
INNER = np.s_[12:-12, 12:-12]


def noise(seed: int = 3, shape: tuple[int, int] = SHAPE) -> Any:
    """As windows leave it: alike in neighbors, of the deviation ``STD`` (pixels)."""
    plain = np.random.default_rng(seed).normal(size=shape)
    windows = uniform_filter(uniform_filter(plain, 2 * FIT.half + 1), 2 * FIT.smooth + 1)
    return (STD * windows / windows.std()).astype(np.float32)


def settle(disparity: Any, compiled: bool | None = False) -> tuple[Any, Any]:
    deviation = np.full(disparity.shape, STD, np.float32)
    around = surroundings(disparity, compiled)
    moved = settled(disparity, around, deviation, FIT)
    return moved, expected_error(around, deviation)


@pytest.mark.parametrize(("half", "smooth"), [(2, 1), (3, 1), (3, 2)])
def test_shares_are_those_of_planted_noise(half: int, smooth: int) -> None:
    plain = np.random.default_rng(1).normal(size=(500, 500))
    wrong = uniform_filter(uniform_filter(plain, 2 * half + 1), 2 * smooth + 1)
    apart = wrong - uniform_filter(wrong, 2 * REACH_PX + 1)
    shared, left = shares(half, smooth, REACH_PX)
    assert shared == pytest.approx((apart * wrong).mean() / wrong.var(), rel=0.03)
    assert left == pytest.approx((apart**2).mean() / wrong.var(), rel=0.03)


def test_noise_on_a_slope_is_taken_away() -> None:
    slope = (0.3 * np.mgrid[: SHAPE[0], : SHAPE[1]].sum(axis=0)).astype(np.float32)
    flat, error = settle(slope)
    np.testing.assert_allclose(flat[INNER], slope[INNER], atol=1e-3)
    np.testing.assert_allclose(error[INNER], STD, rtol=0.01)
    found, _ = settle(slope + noise())
    assert nmad((found - slope)[INNER]) < 0.88 * nmad(noise()[INNER])


def test_relief_and_steps_are_kept() -> None:
    row, column = np.mgrid[: SHAPE[0], : SHAPE[1]]
    ridges = 0.4 * np.abs((column % 16) - 8.0)  # a crest every 16 pixels
    relief = (ridges + np.where(row < 70, 0.0, 4.0)).astype(np.float32)
    found, error = settle(relief)
    assert np.abs(found - relief)[INNER].max() < 0.02
    crest = (column % 16 == 8)[INNER]
    assert np.median(error[INNER][crest]) > 2.0 * STD


def test_the_expected_error_orders_errors() -> None:
    wrong = noise()
    _, error = settle(wrong)
    ordered = np.abs(wrong[INNER]).ravel()[np.argsort(error[INNER].ravel(), kind="stable")]
    half = ordered.size // 2
    assert np.median(ordered[:half]) < 0.75 * np.median(ordered[half:])


def test_what_is_missing_stays_so_and_parts_have_the_bits_of_the_whole() -> None:
    values = noise()
    values[40:50, 60:90] = np.nan
    whole = mean_around(values)
    np.testing.assert_array_equal(np.isnan(whole), np.isnan(values))
    part = mean_around(values[20:100, 30:140])
    edge = np.s_[REACH_PX:-REACH_PX, REACH_PX:-REACH_PX]
    np.testing.assert_array_equal(part[edge], whole[20:100, 30:140][edge])
    for one, other in zip(settle(values, False), settle(values, None), strict=True):
        np.testing.assert_array_equal(one, other)
