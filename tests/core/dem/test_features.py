# SPDX-License-Identifier: GPL-3.0-or-later
"""Sparse matches: places to parts of a pixel at either resolution, weak contrast, no data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

from calval_toolbox.core.dem.features import ENOUGH, _features, halved, match_features

pytest.importorskip("cv2", reason="OpenCV is not installed")


def texture(size: int, contrast: float = 30.0, seed: int = 1) -> Any:
    values = gaussian_filter(np.random.default_rng(seed).normal(size=(size, size)), 2.0)
    return (400.0 + contrast * values / values.std()).astype(np.float32)


@pytest.mark.parametrize(("size", "half"), [(900, True), (300, False)], ids=["half", "full"])
def test_places_are_found_to_parts_of_a_pixel(size: int, half: bool) -> None:
    first = texture(size)
    second = shift(first, (2.3, -3.6), order=3, mode="wrap")
    assert (len(_features(halved(first), 3000)[1]) >= ENOUGH) == half
    found = match_features(first, second)
    moved = found[2:] - found[:2]
    assert found.shape[1] > 300
    assert np.abs(np.median(moved, axis=1) - [-3.6, 2.3]).max() < 0.01
    assert np.median(np.abs(moved - [[-3.6], [2.3]])) < 0.1


def test_features_of_one_image_are_the_same_in_all_its_pairs() -> None:
    """Whatever the other image is like: so that matches can be joined to tracks."""
    first = texture(900)
    places = {tuple(place) for place in (2.0 * _features(halved(first), 3000)[0] + 0.5).T}
    blurred = gaussian_filter(np.roll(first, 40, 0), 3.0)
    for second in (np.roll(first, 7, 1), blurred):
        found = match_features(first, second)
        assert found.shape[1] > 50
        assert {tuple(place) for place in found[:2].T} <= places


def test_bare_ground_has_features_too() -> None:
    """A contrast of 1 % of the signal, beside something bright that takes the range of 8 bits."""
    first = texture(300, contrast=4.0)
    first[:60, :300] += 200.0 * (np.arange(300) % 2)
    found = match_features(first, np.roll(first, 5, 1))
    ground = found[1] > 80
    assert ground.sum() > 100
    assert np.median(found[2, ground] - found[0, ground]) == pytest.approx(5.0, abs=0.05)


def test_nothing_is_found_in_no_data() -> None:
    first = texture(300)
    first[:, 150:] = np.nan
    found = match_features(first, texture(300))
    assert found[0].max() < 145
    assert match_features(np.full((300, 300), np.nan), texture(300)).shape == (4, 0)
