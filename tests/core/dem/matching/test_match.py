# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole matches of pairs with planted disparities.

The bounds of bias and noise are those that Pandora 1.9 reaches on a real texture with the same
noise (5 x 5 census, V-fit: NMAD 0.214 px by steps of one pixel, 0.117 by half pixels).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from planted_pairs import Planted, boxes, nmad, noisy, pair, sine, texture, uneven_contrast

from calval_toolbox.core.dem.matching.intensity import NO_FIT, IntensityFit
from calval_toolbox.core.dem.matching.match import (
    MatchSettings,
    margin_px,
    match_pair,
    memory_bytes,
)
from calval_toolbox.core.dem.matching.values import Status
from calval_toolbox.core.dependencies import available
from calval_toolbox.core.errors import InputError

needs_opencv = pytest.mark.skipif(not available("cv2"), reason="OpenCV is not installed")
MATCHERS = ["census_sgm", "census_sgm_half_pixel", pytest.param("opencv_sgbm", marks=needs_opencv)]


def errors(planted: Planted, settings: MatchSettings, low: int = -6, high: int = 14) -> Any:
    """Errors of the pixels that are seen twice, without the edges of the images."""
    found = match_pair(planted.left, planted.right, low, high, settings).disparity
    wrong = np.where(planted.hidden, np.nan, found - planted.disparity)
    return wrong[10:-10, 20:-20]


@pytest.mark.parametrize(
    ("matcher", "fit", "bias", "noise"),
    [
        ("census_sgm", NO_FIT, 0.13, 0.22),
        ("census_sgm_half_pixel", NO_FIT, 0.08, 0.12),
        ("census_sgm", None, 0.05, 0.11),
        ("census_sgm_half_pixel", None, 0.04, 0.08),
    ],
)
@pytest.mark.parametrize("window", [5, 7])
def test_shifts_by_parts_of_a_pixel(
    matcher: str, fit: IntensityFit | None, window: int, bias: float, noise: float
) -> None:
    settings = MatchSettings(matcher, window, fit=fit)
    every = []
    for tenth in range(0, 10, 3):
        planted = pair(np.full((150, 260), tenth / 10), seed=10 * tenth)
        wrong = errors(planted, settings, -4, 5)
        assert np.isfinite(wrong).mean() > 0.99
        assert abs(np.nanmedian(wrong)) < bias
        every.append(wrong)
    assert nmad(np.stack(every)) < noise


def test_half_pixels_lower_the_noise_and_the_parabola_pulls_harder() -> None:
    planted = [pair(np.full((150, 260), shift), 5) for shift in (0.2, 0.3, 0.7)]
    plain, half, parabola = (
        max(abs(np.nanmedian(errors(one, settings, -4, 5))) for one in planted)
        for settings in (
            MatchSettings(fit=NO_FIT),
            MatchSettings("census_sgm_half_pixel", fit=NO_FIT),
            MatchSettings(refinement="parabola", fit=NO_FIT),
        )
    )
    assert half < 0.6 * plain
    assert parabola > 1.3 * plain


@pytest.mark.parametrize("matcher", MATCHERS)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_sign_of_the_disparity(matcher: str, sign: int) -> None:
    right = texture(60, 120, 3).astype(np.float32)
    left = np.roll(right, sign * 5, axis=1)  # left (r, c) is right (r, c - 5)
    found = match_pair(left, right, -9, 9, MatchSettings(matcher)).disparity
    np.testing.assert_allclose(found[10:-10, 20:-20], sign * 5, atol=0.25)


def test_right_images_of_another_width() -> None:
    planted = pair(sine(80, 200), 4)
    whole = match_pair(planted.left, planted.right, -6, 6)
    part = match_pair(planted.left[:, :120], planted.right, -6, 6)
    np.testing.assert_array_equal(part.disparity[:, :40], whole.disparity[:, :40])


@pytest.mark.parametrize("matcher", MATCHERS)
def test_smooth_relief(matcher: str) -> None:
    wrong = errors(pair(sine(200, 300), 5), MatchSettings(matcher))
    assert np.isfinite(wrong).mean() > 0.99
    assert nmad(wrong) < 0.22
    assert (abs(wrong[np.isfinite(wrong)]) > 1).mean() < 0.001


def test_half_pixels_lower_the_noise_on_relief() -> None:
    planted = pair(sine(250, 300), 5)
    plain, half = (nmad(errors(planted, MatchSettings(matcher))) for matcher in MATCHERS[:2])
    assert half < 0.85 * plain


def test_steps_and_what_is_hidden_behind_them() -> None:
    planted = pair(boxes(300, 300), 5)
    found = match_pair(planted.left, planted.right, -6, 14)
    inner = (slice(10, -10), slice(20, -20))
    status, hidden = found.status[inner], planted.hidden[inner]
    assert 0.005 < hidden.mean() < 0.05
    # Next to the edge of a box the window sees the box: there a pixel or two are taken for it.
    assert (status[hidden] == Status.OCCLUDED).mean() > 0.6
    assert (status[hidden] == Status.MATCHED).mean() < 0.3
    assert (status[hidden] == Status.MISMATCHED).mean() < 0.1
    assert (status[~hidden] == Status.MATCHED).mean() > 0.99
    wrong = errors(planted, MatchSettings())
    assert (abs(wrong[np.isfinite(wrong)]) > 1).mean() < 0.005


def test_moving_things_are_mismatches_rather_than_occlusions() -> None:
    planted = pair(np.zeros((150, 250)), 8)
    left = planted.left.copy()
    left[50:90, 100:140] = noisy(texture(40, 40, 99), 98)  # right has something else there
    found = match_pair(left, planted.right, -10, 10)
    status = found.status[55:85, 105:135]
    bad = np.isin(status, (Status.OCCLUDED, Status.MISMATCHED, Status.SPECKLE))
    assert bad.mean() > 0.45
    assert (status == Status.MISMATCHED).sum() > 0


@pytest.mark.parametrize("matcher", MATCHERS)
def test_nan_on_either_side_gives_no_data_and_no_wrong_neighbors(matcher: str) -> None:
    planted = pair(sine(120, 250), 6)
    left, right = planted.left.copy(), planted.right.copy()
    left[:30, :] = np.nan
    left[60:70, 100:130] = np.nan
    right[:, 200:] = np.nan
    found = match_pair(left, right, -6, 6, MatchSettings(matcher))
    assert np.isnan(found.disparity[:30]).all()
    assert np.isnan(found.disparity[60:70, 100:130]).all()
    assert np.isnan(found.disparity[:, 208:]).all()
    assert (found.status[:27] == Status.NO_DATA).all()
    wrong = (found.disparity - planted.disparity)[36:, 20:190]
    assert np.isfinite(wrong).mean() > 0.9
    assert np.nanmax(abs(wrong)) < 1.5
    np.testing.assert_array_equal(np.isfinite(found.disparity), found.status == Status.MATCHED)


def test_no_texture_is_no_data_or_not_sure() -> None:
    flat = np.full((80, 100), 4095, np.float32)
    found = match_pair(flat, flat, -5, 5)
    assert (found.status == Status.NO_DATA).all()
    assert np.isnan(found.matched_share)
    planted = pair(np.zeros((100, 200)), 7)
    left, right = planted.left.copy(), planted.right.copy()
    left[:, 100:], right[:, 100:] = (noisy(np.zeros((100, 100)), seed) for seed in (1, 2))
    found = match_pair(left, right, -10, 10)
    sure, unsure = found.confidence[10:-10, 20:85], found.confidence[10:-10, 115:-20]
    assert np.isnan(found.disparity[10:-10, 115:-20]).mean() > 0.6
    assert np.nanmedian(unsure) < 0.5 * np.nanmedian(sure)
    assert (unsure > np.nanpercentile(sure, 5)).mean() < 0.05


@pytest.mark.parametrize("matcher", MATCHERS[:2])
@pytest.mark.parametrize("relief", [sine, boxes])
def test_confidence_orders_the_errors(matcher: str, relief: Any) -> None:
    planted = uneven_contrast(pair(relief(250, 300), 5, noise=0.0))
    found = match_pair(planted.left, planted.right, -6, 14, MatchSettings(matcher))
    wrong = abs(found.disparity - planted.disparity)[10:-10, 20:-20]
    sure, known = found.confidence[10:-10, 20:-20], np.isfinite(wrong)
    ordered = wrong[known][np.argsort(-sure[known], kind="stable")]
    half = ordered.size // 2
    assert np.median(ordered[:half]) < 0.5 * np.median(ordered[half:])


@pytest.mark.parametrize("matcher", MATCHERS[:2])
def test_tiles_with_their_margin_are_bit_equal_to_the_whole(matcher: str) -> None:
    settings = MatchSettings(matcher)
    rows, columns, low, high, tile = 300, 500, -6, 14, 110
    planted = pair(boxes(rows, columns) + sine(rows, columns), 5)
    whole = match_pair(planted.left, planted.right, low, high, settings)
    margin = margin_px(settings)
    for row in range(0, rows, tile):
        for column in range(0, columns, tile):
            top, left = max(0, row - margin), max(0, column - margin - high)
            part = np.s_[top : row + tile + margin, left : column + tile + margin - low]
            found = match_pair(planted.left[part], planted.right[part], low, high, settings)
            inner = np.s_[row - top : row - top + tile, column - left : column - left + tile]
            outer = np.s_[row : row + tile, column : column + tile]
            for name in ("disparity", "confidence", "status"):
                np.testing.assert_array_equal(
                    getattr(found, name)[inner], getattr(whole, name)[outer], name
                )


@pytest.mark.parametrize("matcher", MATCHERS)
def test_any_number_of_threads_gives_the_same_bits(matcher: str) -> None:
    pairs = [pair(boxes(120, 220), seed) for seed in range(4)]

    def match(planted: Planted) -> Any:
        return match_pair(planted.left, planted.right, -6, 14, MatchSettings(matcher))

    alone = [match(planted) for planted in pairs]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(match, pairs))
    for one, two in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.disparity, two.disparity)
        np.testing.assert_array_equal(one.confidence, two.confidence)
        np.testing.assert_array_equal(one.status, two.status)


@pytest.mark.skipif(not available("numba"), reason="numba is not installed")
@pytest.mark.parametrize("matcher", MATCHERS[:2])
def test_without_numba_the_same_bits(matcher: str) -> None:
    planted = pair(boxes(120, 220), 5)
    planted.left[30:35, 40:60] = np.nan
    fast, slow = (
        match_pair(planted.left, planted.right, -6, 14, MatchSettings(matcher, compiled=way))
        for way in (True, False)
    )
    np.testing.assert_array_equal(fast.disparity, slow.disparity)
    np.testing.assert_array_equal(fast.confidence, slow.confidence)
    np.testing.assert_array_equal(fast.status, slow.status)


def test_a_range_that_is_too_narrow_shows() -> None:
    planted = pair(np.full((100, 200), 6.0), 5)
    found = match_pair(planted.left, planted.right, -4, 3)
    inner = found.status[10:-10, 20:-20]
    assert (inner == Status.RANGE_EDGE).mean() > 0.3
    wide = match_pair(planted.left, planted.right, -4, 9)
    assert (wide.status[10:-10, 20:-20] == Status.RANGE_EDGE).mean() < 0.01
    assert np.nanmedian(found.confidence) < 0.6 * np.nanmedian(wide.confidence)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-209, 100_000, "takes .* MB"),
        (5, 5, "too narrow"),
        (9, -9, "too narrow"),
        (2.5, 9, "whole pixels"),
        (float("nan"), 9, "whole pixels"),
        (400, 500, "outside the images"),
        (-500, -400, "outside the images"),
    ],
)
def test_absurd_ranges_are_refused(low: Any, high: Any, said: str) -> None:
    image = texture(60, 100, 1).astype(np.float32)
    with pytest.raises(InputError, match=said):
        match_pair(image, image, low, high)


def test_unknown_settings_and_unlike_shapes_are_refused() -> None:
    image = texture(60, 100, 1).astype(np.float32)
    with pytest.raises(InputError, match="as many rows"):
        match_pair(image, image[:50], -5, 5)
    unknown: list[dict[str, Any]] = [
        {"matcher": "mgm"},
        {"window": 9},
        {"refinement": "sinc"},
    ]
    for wrong in unknown:
        with pytest.raises(InputError, match="There are"):
            MatchSettings(**wrong)


def test_margin_and_memory_are_stated() -> None:
    assert margin_px(MatchSettings()) == 3 + 40 + 1 + 24 + (2 + 2 + 1)
    assert margin_px(MatchSettings(window=5, median=False, speckle_px=0, fit=NO_FIT)) == 2 + 40
    tile = 512 + 2 * margin_px(MatchSettings())
    assert memory_bytes(tile, tile, -30, 30, MatchSettings()) < 300e6
