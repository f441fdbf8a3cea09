# SPDX-License-Identifier: GPL-3.0-or-later
"""Three images to one layer: pointing errors of 5 pixels, epipolar lines along the columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.ndimage import binary_closing, binary_erosion

from calval_toolbox.core.dem.epipolar import Tile
from calval_toolbox.core.dem.features import match_features
from calval_toolbox.core.dem.fusion import fuse
from calval_toolbox.core.dem.orientation import Orientation, fusion_weights, orient_views
from calval_toolbox.core.dem.pair import Pair, match_tile, view_of
from calval_toolbox.core.dem.placing import cells_of
from calval_toolbox.core.dem.rasterize import Cells, rasterize
from calval_toolbox.core.dem.simulate import SceneSettings, StereoScene, simulate_scene

pytest.importorskip("cv2", reason="OpenCV is not installed")
SIZE, EDGE = 256, 50
POINTING = ((3.0, -4.0), (-4.0, 3.0))  # 5 pixels each
Made = tuple[StereoScene, Orientation, list[Cells]]


def inside(size: int, edge: int) -> Tile:
    return Tile(edge, edge, size - 2 * edge, size - 2 * edge)


def cells(scene: StereoScene, pair: Pair, tile: Tile) -> Cells:
    found = match_tile(pair, tile)
    places = cells_of(scene.truth.grid, found.lon, found.lat)
    return rasterize(*places, found.height, found.confidence, scene.truth.height.shape)


@pytest.fixture(scope="module")
def made() -> Made:
    """The sensors stand in a line from west to east, along the rows of the images."""
    settings = SceneSettings(
        "rough", size=SIZE, views=3, base_to_height=0.4, azimuth_deg=90.0, relief_m=30.0,
        pointing_px=POINTING, samples=1,
    )  # fmt: skip
    scene = simulate_scene(settings)
    images = [np.where(one > 0, one, np.nan).astype(np.float32) for one in scene.images]
    views = [view_of(*one) for one in zip(images, scene.models, strict=True)]
    matches = [match_features(images[0], one) for one in images[1:]]
    found = orient_views(views, matches, every=True)
    tiles = [inside(SIZE, EDGE)] * 2 + [inside(SIZE, EDGE // 4)]
    layers = [cells(scene, *one) for one in zip(found.pairs, tiles, strict=True)]
    return scene, found, layers


def errors(scene: StereoScene, layer: Cells, where: Any) -> Any:
    """Height errors (m) of cells without their median and without what a shift over the ground
    makes (pointing errors along the lines do), NaN elsewhere.
    """
    truth = scene.truth.height.astype(float)
    off = np.where(where, layer.height - truth, np.nan)
    off -= np.nanmedian(off)
    keep = where & (np.abs(off) < 1.0)
    slopes = np.stack([*np.gradient(truth), np.ones(truth.shape)], axis=-1)
    found = np.linalg.lstsq(slopes[keep], off[keep], rcond=None)[0]
    return off - slopes @ found


def nmad(values: Any) -> float:
    return float(1.4826 * np.nanmedian(np.abs(values)))


def test_epipolar_lines_go_along_the_rows_of_the_sensors(made: Made) -> None:
    _, found, _ = made
    for pair in found.pairs[:2]:
        assert abs(pair.pointing.normal[1]) > 0.95 or abs(pair.pointing.normal[0]) > 0.95


def test_pairs_that_were_meters_apart_agree(made: Made) -> None:
    scene, found, layers = made
    assert found.before_m > 5.0
    assert found.after_m < 0.1
    level = [float(np.nanmedian(one.height - scene.truth.height)) for one in layers]
    assert np.ptp(level) < 0.15


def test_the_fused_layer_is_better_than_the_best_pair(made: Made) -> None:
    scene, found, layers = made
    weights = fusion_weights(found.pairs)
    assert weights[1] == pytest.approx(4.0 * weights[0], rel=0.05)
    fused = fuse(layers, weights)
    where = np.all([np.isfinite(one.height) for one in layers], axis=0)
    assert where.sum() > 15000
    alone = [nmad(errors(scene, one, where)) for one in layers]
    together = errors(scene, fused, where)
    assert nmad(together) < min(alone)
    assert nmad(together) < 0.15
    assert np.nanmean(np.abs(together) > 1.0) < 0.005
    # Complete where any of them is.
    footprint = binary_erosion(binary_closing(layers[0].count > 0, iterations=4), iterations=4)
    assert (fused.count[footprint] > 0).mean() > 0.995


def test_one_wrong_pair_does_not_spoil_the_fused_layer(made: Made) -> None:
    """A pair of little weight whose heights are 9 m off in a part of the scene."""
    scene, found, layers = made
    wrong = layers[2].height.copy()
    rows, columns = wrong.shape
    part = (slice(rows // 3, rows // 2), slice(columns // 3, columns // 2))
    wrong[part] += 9.0
    bad = Cells(wrong, layers[2].std, layers[2].count, layers[2].confidence)
    where = np.zeros(wrong.shape, dtype=bool)
    where[part] = True
    where &= np.all([np.isfinite(one.height) for one in layers], axis=0)
    fused = fuse([*layers[:2], bad], fusion_weights(found.pairs))
    assert np.nanmean(np.abs(errors(scene, fused, where)) > 1.0) < 0.005
