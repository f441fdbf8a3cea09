# SPDX-License-Identifier: GPL-3.0-or-later
"""Refinement by intensities: planted disparities, radiometry, walls, weak texture, honest noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from planted_pairs import NOISE_STD, Planted, boxes, nmad, pair, sine, uneven_contrast

from calval_toolbox.core.dem.matching.intensity import (
    FITS,
    NO_FIT,
    PRIOR_PX,
    IntensityFit,
    precision,
    refine,
)
from calval_toolbox.core.dem.matching.match import MatchSettings, match_pair

FIT = IntensityFit(2, 3, 1)


def rough(planted: Planted, noise: float = 0.1, seed: int = 7) -> Any:
    """The true disparities with noise and a pull to whole pixels, as matching gives them."""
    true = planted.disparity
    pulled = true - 0.1 * np.sin(2.0 * np.pi * true)
    found = pulled + np.random.default_rng(seed).normal(0.0, noise, true.shape)
    return np.where(planted.hidden, np.nan, found).astype(np.float32)


def inner(values: Any) -> Any:
    return values[10:-10, 20:-20]


@pytest.mark.parametrize("fit", [FITS["census_sgm"], FITS["census_sgm_half_pixel"], FIT])
def test_both_ways_are_equal_bit_by_bit(fit: IntensityFit) -> None:
    planted = pair(boxes(120, 150), 3)
    left, right, start = planted.left.copy(), planted.right.copy(), rough(planted)
    right[40:50, 60:70] = np.nan
    left[90:95, 20:60] = start[90:95, 20:60] = np.nan
    one, other = (refine(left, right, start, fit, way) for way in (True, False))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(np.isnan(a), np.isnan(start))


def test_noise_and_pull_are_taken_away() -> None:
    for shift in (0.25, 0.5, 0.75):
        planted = pair(np.full((150, 260), shift), 11)
        start = rough(planted)
        found, _ = refine(planted.left, planted.right, start, FIT)
        before, after = (inner(one - planted.disparity) for one in (start, found))
        assert abs(np.median(after)) < 0.03
        assert nmad(after) < 0.08
        if shift != 0.5:
            assert abs(np.median(before)) > 0.09


def test_slopes_and_curves_are_kept() -> None:
    planted = pair(sine(200, 300) + 0.4 * np.arange(300) * (np.arange(300) < 150), 5)
    found, _ = refine(planted.left, planted.right, rough(planted), FIT)
    wrong = inner(found - planted.disparity)
    assert nmad(wrong[:, :90]) < 0.11
    assert abs(np.nanmedian(wrong[:, :90])) < 0.02


def test_gain_and_offset_of_the_right_image_do_not_matter() -> None:
    planted = pair(sine(120, 200), 6)
    start = rough(planted)
    found, sure = refine(planted.left, planted.right, start, FIT)
    other, deviation = refine(planted.left, 0.6 * planted.right + np.float32(90.0), start, FIT)
    assert np.nanmax(np.abs(inner(other - found))) < 0.01
    assert np.nanmedian(np.abs(inner(deviation / sure - 1.0))) < 0.01


def test_walls_stay_where_they_are() -> None:
    planted = pair(boxes(200, 240), 5)
    start = rough(planted)
    found, _ = refine(planted.left, planted.right, start, FIT)
    wrong = np.abs(inner(found - planted.disparity))
    beside = inner(np.abs(np.gradient(planted.disparity, axis=0)) > 1.0) & np.isfinite(wrong)
    assert beside.sum() > 300
    assert np.mean(wrong[beside] > 0.5) < 0.02


def test_the_deviation_is_that_of_the_errors_and_bounded_by_the_prior() -> None:
    """In weak texture the image tells nothing, and nothing is made worse."""
    planted = uneven_contrast(pair(np.full((200, 300), 0.3), 4, noise=1.0), noise=2.0)
    start = (planted.disparity + np.random.default_rng(1).normal(0.0, 0.1, (200, 300))).astype(
        np.float32
    )
    found, deviation = refine(planted.left, planted.right, start, IntensityFit(1, 3, 0))
    wrong, told = inner(found - planted.disparity), inner(deviation)
    assert told.max() <= PRIOR_PX + 1e-6
    good, weak = told < 0.04, told > 0.09
    assert good.sum() > 3000
    assert weak.sum() > 3000
    assert 0.6 < nmad(wrong[good]) / np.median(told[good]) < 1.6
    assert nmad(wrong[weak]) < 0.1
    sure = inner(precision(deviation))
    assert np.median(sure[good]) > 2.0 * np.median(sure[weak])


def test_noise_does_not_pull_weak_texture() -> None:
    """With as much noise as texture, shifts are not drawn to where interpolation smooths it."""
    planted = pair(np.full((200, 300), 0.25), 9, noise=4.0 * NOISE_STD)
    start = planted.disparity.astype(np.float32)
    found, _ = refine(planted.left, planted.right, start, FIT)
    assert abs(np.median(inner(found - planted.disparity))) < 0.02


def test_without_rounds_nothing_changes() -> None:
    planted = pair(sine(60, 90), 2)
    start = rough(planted)
    found, deviation = refine(planted.left, planted.right, start, NO_FIT)
    np.testing.assert_array_equal(found, start)
    assert np.nanmax(deviation) == np.float32(PRIOR_PX)


def test_the_sparser_cost_volume_gains_most_from_it() -> None:
    planted = pair(sine(200, 300), 5)
    noise = []
    for fit in (NO_FIT, None):
        found = match_pair(planted.left, planted.right, -6, 14, MatchSettings(fit=fit))
        noise.append(
            nmad(inner(np.where(planted.hidden, np.nan, found.disparity - planted.disparity)))
        )
    assert noise[1] < 0.85 * noise[0]
