# SPDX-License-Identifier: GPL-3.0-or-later
"""Views made to fit: planted shifts that a pair cannot tell, tracks, and pairs of one height."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem.orientation import join_tracks, orient_views
from calval_toolbox.core.dem.pair import View
from calval_toolbox.core.dem.simulate import SceneSettings, cameras
from calval_toolbox.core.dem.triangulation import triangulate
from calval_toolbox.core.errors import InputError, InsufficientDataError

PLANTED = np.array([[0.0, 0.0], [2.3, -3.1], [-4.0, 5.0]])


def planted(n: int = 1200, azimuth: float = 190.0) -> tuple[list[View], list[Any]]:
    """Views, matches of the first with each further one (a third only in one of them, a tenth
    wrong).
    """
    settings = SceneSettings(size=1000, views=3, base_to_height=0.5, azimuth_deg=azimuth)
    models = [camera.rpc(1000.0, 1500.0) for camera in cameras(settings)]
    rng = np.random.default_rng(1)
    column, row = rng.uniform(100, 900, (2, n))
    height = 1250.0 + 60.0 * np.sin(column / 90.0) + 0.1 * row
    places = np.stack([*models[0].locate(column, row, height), height])
    true = [one.shifted(*shift) for one, shift in zip(models, PLANTED, strict=True)]
    tracks = np.stack([one.project(*places) for one in true])
    tracks[1:] += rng.normal(0.0, 0.2, tracks[1:].shape)
    bad = rng.random(n) < 0.1
    tracks[2][:, bad] += rng.uniform(-30, 30, (2, int(bad.sum())))
    matches = [np.concatenate([tracks[0], tracks[k]]) for k in (1, 2)]
    matches[0], matches[1] = matches[0][:, n // 6 :], matches[1][:, rng.permutation(n)[n // 6 :]]

    def unread(column: int, row: int, columns: int, rows: int) -> Any:
        raise AssertionError("orientation takes no pixels")

    return [View((1000, 1000), one, unread) for one in models], matches


@pytest.mark.parametrize("azimuth", [190.0, 90.0], ids=["along columns", "along rows"])
def test_pairs_agree_in_height(azimuth: float) -> None:
    views, matches = planted(azimuth=azimuth)
    found = orient_views(views, matches)
    assert len(found.pairs) == 2
    assert found.before_m > 3.0
    assert found.after_m < 0.1
    assert found.adjustment is not None
    assert found.adjustment.used > 600
    assert len({one.heights for one in found.pairs}) == 1
    low, high = found.pairs[0].heights
    assert high - low < 400.0
    for pair, view in zip(found.pairs, views[1:], strict=True):
        # What the pair says of itself is what was done to its model.
        told = view.model.shifted(pair.pointing.column, pair.pointing.row)
        assert np.allclose(told.to_vector(), pair.second.model.to_vector())
        assert pair.pointing.after_px < 0.2


def test_pairs_of_the_further_views_agree_too() -> None:
    views, matches = planted()
    found = orient_views(views, matches, every=True)
    assert len(found.pairs) == 3
    heights = []
    tracks = join_tracks([one.matches for one in found.pairs[:2]])
    for (i, j), pair in zip(((0, 1), (0, 2), (1, 2)), found.pairs, strict=True):
        one = np.concatenate([tracks[i], tracks[j]])
        heights.append(triangulate(pair.first.model, pair.second.model, one).height)
    assert np.abs(np.nanmedian(heights - heights[0], axis=1)).max() < 0.1
    assert found.pairs[2].pointing.after_px < 0.25
    assert found.pairs[2].heights == found.pairs[0].heights


def test_two_views_are_a_pair() -> None:
    views, matches = planted()
    found = orient_views(views[:2], matches[:1], heights=(1000.0, 1500.0))
    assert len(found.pairs) == 1
    assert found.adjustment is None
    assert found.pairs[0].heights == (1000.0, 1500.0)


def test_tracks_are_joined_by_the_place_in_the_first_view() -> None:
    one = np.array([[1.0, 5.0, 9.0, 9.0], [2.0, 6.0, 3.0, 3.0], [11, 15, 19, 20], [12, 16, 13, 14]])
    other = np.array([[5.0001, 1.0, 9.0], [6.0, 2.0, 3.0], [25, 21, 29], [26, 22, 23]])
    tracks = join_tracks([one, other])
    # The feature at (9, 3) has two matches in one view: nobody knows which is right.
    assert tracks.shape == (3, 2, 2)
    assert tracks[:, 0].tolist() == [[1.0, 5.0], [11.0, 15.0], [21.0, 25.0]]
    assert tracks[:, 1].tolist() == [[2.0, 6.0], [12.0, 16.0], [22.0, 26.0]]


def test_what_does_not_fit() -> None:
    views, matches = planted()
    with pytest.raises(InputError, match="3 images and 1 sets of matches"):
        orient_views(views, matches[:1])
    half = matches[0][0] < 400.0
    apart = [matches[0][:, half], matches[1][:, matches[1][0] > 500.0]]
    with pytest.raises(InsufficientDataError, match="Only 0 places are seen in all 3 images"):
        orient_views(views, apart)
