# SPDX-License-Identifier: GPL-3.0-or-later
"""Resampling of tiles: what cubics keep, no data, windows, a rectified pair that fits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.ndimage import uniform_filter

from calval_toolbox.core.dem.epipolar import (
    Tile,
    affine_epipolar,
    apply,
    inverse,
    rectify,
    virtual_matches,
)
from calval_toolbox.core.dem.simulate import SceneSettings, simulate_scene
from calval_toolbox.core.dem.warping import source_window, warp

WAYS = pytest.mark.parametrize("compiled", [True, False], ids=["numba", "numpy"])
TURN = np.array([[0.9, 0.3, 4.2], [-0.25, 0.95, 11.7]])
SHAPE = (50, 60)


def image_of(function: Any, rows: int = 90, columns: int = 100) -> Any:
    y, x = np.mgrid[0:rows, 0:columns].astype(float)
    return function(x, y).astype(np.float32)


@WAYS
def test_parabolas_are_kept(compiled: bool) -> None:
    def surface(x: Any, y: Any) -> Any:
        return 3.0 + 0.5 * x - 0.2 * y + 0.01 * x * x - 0.02 * y * y + 0.03 * x * y

    found = warp(image_of(surface), TURN, SHAPE, compiled=compiled)
    y, x = np.mgrid[0:50, 0:60].astype(float)
    there = apply(inverse(TURN), x.ravel(), y.ravel())
    inside = (there > 1.0).all(axis=0) & (there[0] < 97.9) & (there[1] < 87.9)
    truth = np.where(inside, surface(*there), np.nan).reshape(SHAPE)
    assert 0.3 < inside.mean() < 1.0
    assert np.isfinite(found[inside.reshape(SHAPE)]).all()
    assert np.nanmax(np.abs(found - truth)) < 2e-4


def test_both_ways_agree() -> None:
    image = np.random.default_rng(1).normal(size=(90, 100)).astype(np.float32)
    image[40, 50] = np.nan
    one, other = (warp(image, TURN, SHAPE, compiled=way) for way in (True, False))
    assert (np.isnan(one) == np.isnan(other)).all()
    assert np.nanmax(np.abs(one - other)) < 1e-5


@WAYS
def test_no_data_spreads_to_what_takes_it(compiled: bool) -> None:
    image = np.ones((30, 30), dtype=np.float32)
    image[15, 15] = np.nan
    shift = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.0]])
    lost = np.isnan(warp(image, shift, (30, 30), compiled=compiled))
    lost[:2] = lost[-3:] = lost[:, :3] = lost[:, -3:] = False
    rows, columns = np.nonzero(lost)
    assert set(columns.tolist()) == {14, 15, 16, 17}
    assert set(rows.tolist()) <= {13, 14, 15, 16}


@WAYS
def test_window_gives_the_same(compiled: bool) -> None:
    image = np.random.default_rng(2).normal(size=(200, 220)).astype(np.float32)
    turn = TURN - np.array([[0.0, 0.0, 60.0], [0.0, 0.0, 50.0]])
    column, row, width, height = source_window(turn, SHAPE, image.shape)
    assert width < 150
    window = image[row : row + height, column : column + width]
    part = warp(window, turn, SHAPE, (column, row), compiled)
    whole = warp(image, turn, SHAPE, compiled=compiled)
    assert np.isfinite(whole).mean() > 0.5
    assert (np.isnan(part) == np.isnan(whole)).all()
    assert np.nanmax(np.abs(part - whole)) < 1e-5


def test_part_outside_of_the_image() -> None:
    turn = np.array([[1.0, 0.0, 900.0], [0.0, 1.0, 0.0]])
    assert min(source_window(turn, SHAPE, (90, 100))[2:]) == 0
    assert np.isnan(warp(np.zeros((0, 0), np.float32), turn, SHAPE)).all()


def test_rectified_images_fit_row_by_row() -> None:
    settings = SceneSettings("urban", size=200, pointing_px=(), samples=1, seed=3)
    scene = simulate_scene(settings)
    tile = Tile(30.0, 30.0, 140.0, 140.0)
    virtual = virtual_matches(*scene.models, tile, scene.truth.low, scene.truth.high)
    pair = rectify(affine_epipolar(virtual), virtual, tile)
    left = warp(scene.images[0], pair.first, pair.shape)
    right = warp(scene.images[1], pair.second, pair.shape)
    # At each place the best disparity explains the row; shifted by two rows it does not.
    errors = []
    for down in (0, 2):
        other = np.nan_to_num(np.roll(right, down, axis=0), nan=9999.0)
        costs = [
            uniform_filter(np.abs(left - np.roll(other, d, axis=1)), (1, 15))[10:-10, 40:-40]
            for d in range(int(pair.low), int(pair.high) + 1)
        ]
        errors.append(np.nanmedian(np.min(costs, axis=0)))
    assert errors[0] < 0.6 * errors[1]
