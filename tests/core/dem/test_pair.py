# SPDX-License-Identifier: GPL-3.0-or-later
"""From two simulated images to points: features, pointing, heights against the exact truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.ndimage import binary_closing, binary_erosion, map_coordinates

from calval_toolbox.core.dem.epipolar import Tile
from calval_toolbox.core.dem.features import gray, match_features
from calval_toolbox.core.dem.pair import Pair, match_tile, orient, view_of
from calval_toolbox.core.dem.placing import cells_of
from calval_toolbox.core.dem.rasterize import rasterize
from calval_toolbox.core.dem.simulate import SceneSettings, StereoScene, simulate_scene
from calval_toolbox.core.errors import InsufficientDataError

pytest.importorskip("cv2", reason="OpenCV is not installed")
TILE = Tile(60.0, 60.0, 260.0, 260.0)


@pytest.fixture(scope="module")
def scene() -> StereoScene:
    return simulate_scene(SceneSettings(terrain="urban", size=384, pointing_px=((1.7, -2.2),)))


def images(scene: StereoScene) -> list[Any]:
    return [np.where(one > 0, one, np.nan).astype(np.float32) for one in scene.images]


@pytest.fixture(scope="module")
def pair(scene: StereoScene) -> Pair:
    views = [view_of(*one) for one in zip(images(scene), scene.models, strict=True)]
    return orient(views[0], views[1], match_features(*images(scene)))


def test_features_are_the_same_each_time_and_mostly_right(scene: StereoScene, pair: Pair) -> None:
    one, other = (match_features(*images(scene)) for _ in range(2))
    assert np.array_equal(one, other)
    assert one.shape[1] > 100
    assert pair.pointing.used > 0.8 * one.shape[1]


def test_a_bright_corner_does_not_take_the_contrast(scene: StereoScene) -> None:
    bright = images(scene)[0].copy()
    bright[:60, :60] = 30000.0
    inner = gray(bright)[100:, 100:]
    assert inner.std() > 0.8 * gray(images(scene)[0])[100:, 100:].std()
    assert match_features(bright, images(scene)[1]).shape[1] > 100


def test_planted_pointing_is_found_across_the_lines(scene: StereoScene, pair: Pair) -> None:
    planted = -np.array([1.7, -2.2]) @ np.array(pair.pointing.normal)
    assert abs(abs(pair.pointing.across) - abs(planted)) < 0.05


def test_points_lie_on_the_truth(scene: StereoScene, pair: Pair) -> None:
    """Heights against the exact surface, but for what the pointing error along the lines makes."""
    found = match_tile(pair, TILE)
    assert found.matched_share > 0.96
    assert len(found.height) > 0.9 * TILE.width * TILE.height
    assert np.isfinite(found.height).mean() > 0.999
    off = found.height - truth_at(scene, found.lon, found.lat)
    known = np.isfinite(off)
    off, sure = off[known], found.confidence[known]
    error = np.abs(off - np.median(off))
    assert 1.4826 * np.median(error) < 0.35
    assert np.mean(error > 2.0) < 0.06
    best = sure > np.median(sure)
    assert np.mean(error[best] > 1.0) < np.mean(error[~best] > 1.0)
    assert np.median(np.abs(found.across)) < 0.5


def test_tiles_share_no_pixel_and_agree(scene: StereoScene, pair: Pair) -> None:
    """Both halves of a tile, rectified each by itself, lie on one surface."""
    whole, *parts = (
        match_tile(pair, Tile(column, 100.0, width, 120.0))
        for column, width in ((60.0, 260.0), (60.0, 130.0), (190.0, 130.0))
    )
    assert sum(len(one.height) for one in parts) == pytest.approx(len(whole.height), rel=0.01)
    bias = [
        float(np.nanmedian(one.height - truth_at(scene, one.lon, one.lat)))
        for one in (whole, *parts)
    ]
    assert np.ptp(bias) < 0.1


def test_cells_hold_the_truth_beside_walls_too(scene: StereoScene, pair: Pair) -> None:
    found = match_tile(pair, TILE)
    truth = scene.truth.height
    places = cells_of(scene.truth.grid, found.lon, found.lat)
    cells = rasterize(*places, found.height, found.confidence, truth.shape)
    # Where the tile is: cells whose neighbors all have points.
    inside = binary_erosion(binary_closing(cells.count > 0, iterations=4), iterations=4)
    assert (cells.count[inside] > 0).mean() > 0.97
    off = np.where(inside, cells.height - truth, np.nan)
    error = np.abs(off - np.nanmedian(off))
    assert 1.4826 * np.nanmedian(error) < 0.3
    assert np.nanmean(error > 1.0) < 0.05
    roofs = scene.buildings & np.isfinite(error)
    assert roofs.sum() > 3000
    assert (error[roofs] < 1.0).mean() > 0.8


def test_a_tile_without_texture_or_data_says_so(scene: StereoScene, pair: Pair) -> None:
    flat = view_of(np.full(pair.first.size, 300.0, dtype=np.float32), pair.first.model)
    with pytest.raises(InsufficientDataError, match="Nothing in the tile matches"):
        match_tile(replace_first(pair, flat), TILE)
    empty = view_of(np.full(pair.first.size, np.nan, dtype=np.float32), pair.first.model)
    with pytest.raises(InsufficientDataError, match="no data in one of the two"):
        match_tile(replace_first(pair, empty), TILE)


def replace_first(pair: Pair, view: Any) -> Pair:
    return Pair(view, pair.second, pair.pointing, pair.matches, pair.heights)


def truth_at(scene: StereoScene, lon: Any, lat: Any) -> Any:
    """The exact height at places, between the cells."""
    column, row = cells_of(scene.truth.grid, lon, lat)
    return map_coordinates(scene.truth.height.astype(float), [row, column], order=1, cval=np.nan)
