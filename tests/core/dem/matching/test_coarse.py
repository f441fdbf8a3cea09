# SPDX-License-Identifier: GPL-3.0-or-later
"""The range of disparities from the reduced pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from planted_pairs import boxes, pair, texture

from calval_toolbox.core.dem.matching.coarse import coarse_range, reduced, supported
from calval_toolbox.core.errors import InsufficientDataError

SIZE = 400


def hilly() -> Any:
    """A hill of 45 px, and boxes of 9 px on top: what sparse matches miss."""
    down, along = np.mgrid[:SIZE, :SIZE]
    hill = 45 * np.exp(-((along - 200) ** 2 + (down - 200) ** 2) / 2 / 50**2)
    return hill + boxes(SIZE, SIZE, 9.0) - 12


@pytest.mark.parametrize("noise", [8.0, 40.0])
def test_the_range_holds_the_whole_relief_and_little_more(noise: float) -> None:
    planted = pair(hilly(), 5, noise)
    lowest, highest = planted.disparity.min(), planted.disparity.max()
    found = coarse_range(planted.left, planted.right, -100, 100)
    assert found is not None
    assert found.low <= lowest
    assert found.high >= highest
    assert found.high - found.low < 1.5 * (highest - lowest)
    assert found.sure_share > 0.7
    assert not found.at_edge


def test_a_search_that_is_too_narrow_shows() -> None:
    planted = pair(np.full((SIZE, SIZE), 30.0), 5)
    found = coarse_range(planted.left, planted.right, -20, 20)
    assert found is None or found.at_edge


def test_a_cloud_over_half_does_not_widen_it_to_the_whole_search() -> None:
    planted = pair(boxes(SIZE, SIZE, 9.0), 5)
    left, right = planted.left.copy(), planted.right.copy()
    left[: SIZE // 2], right[: SIZE // 2] = 4095.0, 4095.0
    found = coarse_range(left, right, -100, 100)
    assert found is not None
    assert -12 <= found.low <= 0
    assert 9 <= found.high <= 20


@pytest.mark.parametrize("roughness", [0.0, 1.2])
def test_unrelated_or_empty_images_give_none(roughness: float) -> None:
    one, two = (texture(SIZE, SIZE, seed, roughness).astype(np.float32) for seed in (1, 2))
    assert coarse_range(one, two, -100, 100) is None
    assert coarse_range(one, np.full_like(two, np.nan), -100, 100) is None
    assert coarse_range(np.zeros_like(one), np.zeros_like(two), -100, 100) is None
    assert coarse_range(one[:20, :20], two[:20, :20], -5, 5) is None


def test_a_range_that_no_relief_has_is_refused() -> None:
    right = texture(SIZE, SIZE, 1).astype(np.float32)
    left = right.copy()
    left[::2] = np.roll(right[::2], 1, axis=1)
    left[:200] = np.roll(right[:200], 150, axis=1)
    left[200:] = np.roll(right[200:], -150, axis=1)
    with pytest.raises(InsufficientDataError, match="no relief"):
        coarse_range(left, right, -200, 200)


def test_means_of_what_is_finite() -> None:
    image = np.arange(9 * 8, dtype=np.float32).reshape(9, 8)
    image[0:2, 0:4] = np.nan  # half of a cell
    image[0:3, 4:8] = np.nan  # more than half
    small = reduced(image)
    assert small.shape == (2, 2)
    assert small[0, 0] == image[2:4, 0:4].mean()
    assert np.isnan(small[0, 1])
    assert small[1, 1] == image[4:8, 4:8].mean()


def test_a_few_odd_values_do_not_count() -> None:
    values = np.concatenate([np.linspace(3, 9, 500), np.full(12, -80.0), np.full(13, 40.0)])
    assert supported(values) == (3.0, 40.0)
    assert supported(values[:3]) is None
