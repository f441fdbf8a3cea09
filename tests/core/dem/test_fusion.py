# SPDX-License-Identifier: GPL-3.0-or-later
"""Several pairs' cells made one: planted heights, one wrong pair, walls, holes, honest spread."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem.fusion import fuse
from calval_toolbox.core.dem.rasterize import Cells
from calval_toolbox.core.errors import InputError


def layer(height: Any, std: Any = 0.0, count: Any = 1, confidence: Any = 0.5) -> Cells:
    """A layer of cells; there is nothing where the height is NaN."""
    height = np.atleast_2d(np.asarray(height, dtype=np.float32))
    known = np.isfinite(height)
    wide = (np.broadcast_to(np.float32(one), height.shape) for one in (std, confidence))
    spread, sure = (np.where(known, one, np.nan).astype(np.float32) for one in wide)
    return Cells(height, spread, np.where(known, count, 0).astype(np.uint16), sure)


def test_heights_that_agree_are_averaged_with_their_weights() -> None:
    found = fuse([layer(10.0, confidence=0.2), layer(10.4, confidence=0.6)])
    assert found.height[0, 0] == pytest.approx((0.2 * 10.0 + 0.6 * 10.4) / 0.8, abs=1e-5)
    found = fuse([layer(10.0), layer(10.4)], weights=[3.0, 1.0])
    assert found.height[0, 0] == pytest.approx(10.1, abs=1e-5)


def test_one_wrong_pair_of_three_moves_nothing() -> None:
    rng = np.random.default_rng(1)
    truth = rng.uniform(0.0, 50.0, (40, 50))
    noise = rng.normal(0.0, 0.1, (3, 40, 50))
    layers = truth + noise
    layers[0, 10:30, 10:30] += rng.uniform(3.0, 40.0, (20, 20)) * rng.choice([-1, 1], (20, 20))
    found = fuse(
        [layer(one, confidence=sure) for one, sure in zip(layers, (0.9, 0.5, 0.5), strict=True)]
    )
    error = found.height - truth
    assert np.abs(error).max() < 0.5
    assert error[10:30, 10:30].std() == pytest.approx(0.1 / np.sqrt(2.0), rel=0.15)
    assert error[:, 35:].std() < 0.07


def test_two_that_disagree_are_not_blended_the_heavier_one_is_kept() -> None:
    one, other = layer(10.0, 0.3, 5, 0.4), layer(18.0, 0.2, 7, 0.8)
    for order in ([one, other], [other, one]):
        found = fuse(order)
        assert found.height[0, 0] == 18.0
        assert found.std[0, 0] == np.float32(0.2)
        assert found.count[0, 0] == 7
        assert found.confidence[0, 0] == pytest.approx(0.4)
    assert fuse([one, other], weights=[3.0, 1.0]).height[0, 0] == 10.0
    assert fuse([layer(5.0), layer(9.0)]).height[0, 0] == 5.0  # equally heavy: the first


def test_steps_of_height_stay_sharp() -> None:
    """A wall that the pairs see half a cell apart is a roof or ground everywhere."""
    wall = np.where(np.arange(40) < 20, 0.0, 12.0)
    found = fuse([layer(wall), layer(np.roll(wall, 1)), layer(wall)])
    assert set(np.unique(found.height[0, 1:])) == {0.0, 12.0}
    assert (found.height[0, 1:] == wall[1:]).all()


def test_spread_is_that_of_all_points() -> None:
    """Against the standard deviation of the points themselves, pooled."""
    rng = np.random.default_rng(2)
    points = [
        rng.normal(20.0 + off, width, 4000) for off, width in ((0.0, 0.2), (0.4, 0.3), (0.1, 0.1))
    ]
    found = fuse([layer(one.mean(), one.std(), 4000) for one in points])
    assert found.std[0, 0] == pytest.approx(np.concatenate(points).std(), rel=1e-5)
    assert found.count[0, 0] == 12000


def test_holes_are_filled_and_less_sure() -> None:
    nan = np.nan
    found = fuse(
        [layer([1.0, nan, nan, 4.0]), layer([1.0, 2.0, nan, nan]), layer([1.0, nan, nan, 4.2])]
    )
    assert np.allclose(found.height[0, [0, 1, 3]], [1.0, 2.0, 4.1])
    assert np.isnan(found.height[0, 2])
    assert np.isnan(found.std[0, 2])
    assert np.isnan(found.confidence[0, 2])
    assert found.count.tolist() == [[3, 1, 0, 2]]
    assert np.allclose(found.confidence[0, [0, 1, 3]], [0.5, 0.5 / 3.0, 1.0 / 3.0])


def test_the_order_of_layers_does_not_matter_and_one_is_itself() -> None:
    rng = np.random.default_rng(3)
    layers = [
        layer(rng.uniform(0.0, 4.0, (30, 30)), 0.1, 2, rng.uniform(0.1, 1.0, (30, 30)))
        for _ in range(4)
    ]
    one, other = fuse(layers), fuse(layers[::-1])
    assert np.allclose(one.height, other.height)
    assert (one.count == other.count).all()
    assert fuse(layers[:1]) is layers[0]


def test_counts_do_not_run_over() -> None:
    assert fuse([layer(1.0, count=60000), layer(1.0, count=60000)]).count[0, 0] == 65535


def test_layers_that_cannot_be_fused() -> None:
    with pytest.raises(InputError, match="no elevation layers"):
        fuse([])
    with pytest.raises(InputError, match="different shapes"):
        fuse([layer(1.0), layer([1.0, 2.0])])
    with pytest.raises(InputError, match="2 elevation layers take as many weights"):
        fuse([layer(1.0), layer(1.0)], weights=[1.0])
    with pytest.raises(InputError, match="weights above 0"):
        fuse([layer(1.0), layer(1.0)], weights=[1.0, 0.0])
    with pytest.raises(InputError, match="within more than 0 m"):
        fuse([layer(1.0), layer(1.0)], step_m=0.0)
