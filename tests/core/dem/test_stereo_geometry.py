# SPDX-License-Identifier: GPL-3.0-or-later
"""Epipolar geometry, triangulation and pointing with planted places, errors and wrong matches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dem_samples import REUNION_1, REUNION_2, model

from calval_toolbox.core.dem.epipolar import (
    Tile,
    affine_epipolar,
    apply,
    rectify,
    virtual_matches,
)
from calval_toolbox.core.dem.pointing import FEWEST, measure_pointing, mode
from calval_toolbox.core.dem.rpc import RpcModel
from calval_toolbox.core.dem.simulate import SceneSettings, cameras
from calval_toolbox.core.dem.triangulation import _start, triangulate
from calval_toolbox.core.errors import InputError, InsufficientDataError

FIRST, SECOND = model(REUNION_1), model(REUNION_2)
TILE = Tile(100.0, 200.0, 500.0, 400.0)
HEIGHTS = (2000.0, 2500.0)
WAYS = pytest.mark.parametrize("compiled", [True, False], ids=["numba", "numpy"])


def turned(one: RpcModel) -> RpcModel:
    """The model of the image turned by a quarter: the new column is 1023 minus the row."""
    v = one.to_vector()
    numbers = [v[1], 1023.0 - v[0], *v[2:5], v[6], -v[5], *v[7:10]]
    return RpcModel.from_vector([*numbers, *v[50:], *v[10:50]])


PAIRS = {
    "as taken": (FIRST, SECOND),
    "swapped": (SECOND, FIRST),
    "turned by a quarter": (turned(FIRST), turned(SECOND)),
    "second one turned": (FIRST, turned(SECOND)),
    "second one at half size": (FIRST, SECOND.rescaled(0.5)),
}
EACH = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())


def planted(pair: tuple[RpcModel, RpcModel], n: int = 3000, seed: int = 1) -> tuple[Any, Any]:
    """Matches (4, n) and their places (3, n) on a rolling surface in the tile."""
    rng = np.random.default_rng(seed)
    column = rng.uniform(TILE.column, TILE.column + TILE.width, n)
    row = rng.uniform(TILE.row, TILE.row + TILE.height, n)
    height = 2250.0 + 100.0 * np.sin(column / 60.0) + 0.2 * row + rng.uniform(-20, 20, n)
    lon, lat = pair[0].locate(column, row, height)
    x, y = pair[1].project(lon, lat, height)
    return np.stack([column, row, x, y]), np.stack([lon, lat, height])


@EACH
@WAYS
def test_places_come_back(pair: Any, compiled: bool) -> None:
    matches, places = planted(pair)
    for heights in (HEIGHTS, None):
        found = triangulate(*pair, matches, heights, compiled)
        assert np.abs(found.height - places[2]).max() < 1e-6
        assert np.abs(found.lon - places[0]).max() < 1e-11
        assert np.abs(found.lat - places[1]).max() < 1e-11
        assert np.abs(found.across).max() < 1e-6


def test_both_ways_agree() -> None:
    matches, _ = planted((FIRST, SECOND))
    matches += np.random.default_rng(4).normal(0.0, 2.0, matches.shape)
    one, other = (triangulate(FIRST, SECOND, matches, HEIGHTS, way) for way in (True, False))
    assert np.abs(one.height - other.height).max() < 1e-6
    assert np.abs(one.across - other.across).max() < 1e-8


@WAYS
def test_place_lies_on_the_first_line_of_sight(compiled: bool) -> None:
    matches, _ = planted((FIRST, SECOND))
    matches[2:] += np.random.default_rng(2).normal(0.0, 3.0, (2, matches.shape[1]))
    found = triangulate(FIRST, SECOND, matches, HEIGHTS, compiled)
    back = FIRST.project(found.lon, found.lat, found.height)
    assert np.abs(back - matches[:2]).max() < 1e-7
    # What is left in the second image is the distance across, and nothing along.
    rest = matches[2:] - SECOND.project(found.lon, found.lat, found.height)
    assert np.allclose(np.hypot(*rest), np.abs(found.across), atol=1e-5)
    assert np.abs(found.across).max() > 3.0


@WAYS
def test_gaps_stay_gaps(compiled: bool) -> None:
    matches, places = planted((FIRST, SECOND), 700)
    matches[2, 5] = np.nan
    found = triangulate(FIRST, SECOND, matches, HEIGHTS, compiled)
    assert np.isnan(found.height[5])
    assert np.isnan(found.across[5])
    assert np.abs(np.delete(found.height - places[2], 5)).max() < 1e-6
    none = triangulate(FIRST, SECOND, np.full((4, 3), np.nan), HEIGHTS, compiled)
    assert np.isnan(none.height).all()


@EACH
@WAYS
def test_large_pointing_error(pair: Any, compiled: bool) -> None:
    matches, places = planted(pair)
    off = pair[1].shifted(40.0, -60.0)
    found = triangulate(pair[0], off, matches, HEIGHTS, compiled)
    assert np.isfinite(found.height).all()
    back = pair[0].project(found.lon, found.lat, found.height)
    assert np.abs(back - matches[:2]).max() < 1e-7


def test_guess_does_not_blow_up_what_is_across() -> None:
    # Nothing bends the lines of sight of simple cameras: nothing at all lies across.
    pair = [camera.rpc(*HEIGHTS) for camera in cameras(SceneSettings(size=800, height=2250.0))]
    virtual = virtual_matches(*pair, TILE, *HEIGHTS)
    start = _start(*pair, virtual.pixels, HEIGHTS)
    off = virtual.pixels + np.array([0.0, 0.0, *affine_epipolar(virtual).second])[:, None]
    for pixels, most in ((virtual.pixels, 1.0), (off, 5.0)):
        guess = start[:, :1] + start[:, 1:] @ pixels
        assert np.abs(guess - virtual.ground)[2].max() < most


def test_same_image_twice_is_refused() -> None:
    matches, _ = planted((FIRST, FIRST), 50)
    with pytest.raises(InputError, match="same direction"):
        triangulate(FIRST, FIRST, matches, HEIGHTS)
    with pytest.raises(InputError, match="same direction"):
        affine_epipolar(virtual_matches(FIRST, FIRST, TILE, *HEIGHTS))
    with pytest.raises(InputError, match="same direction"):
        measure_pointing(FIRST, FIRST, matches, HEIGHTS)


def test_heights_upside_down() -> None:
    with pytest.raises(InputError, match="not below"):
        virtual_matches(FIRST, SECOND, TILE, 10.0, 10.0)


@EACH
def test_matches_lie_on_epipolar_lines(pair: Any) -> None:
    epipolar = affine_epipolar(virtual_matches(*pair, TILE, *HEIGHTS))
    matches, _ = planted(pair)
    assert epipolar.residual_px < 0.02
    assert np.abs(epipolar.distance(matches)).max() < 0.05
    # The distance counts pixels of the second image along its normal.
    matches[2] += 3.0 * epipolar.second[0]
    matches[3] += 3.0 * epipolar.second[1]
    assert np.abs(epipolar.distance(matches) - 3.0).max() < 0.05


@EACH
def test_rectified_pair(pair: Any) -> None:
    virtual = virtual_matches(*pair, TILE, *HEIGHTS)
    matches, places = planted(pair)
    pairing = rectify(affine_epipolar(virtual), virtual, TILE, matches[:, ::20])
    left, right = apply(pairing.first, *matches[:2]), apply(pairing.second, *matches[2:])
    assert np.abs(left[1] - right[1]).max() < 0.05
    rows, columns = pairing.shape
    assert left.min() > -1.0
    assert left[0].max() < columns
    assert left[1].max() < rows
    corners = apply(pairing.first, *TILE.corners())
    assert corners.min() >= 0.0
    assert (corners.max(axis=1) <= [columns - 1, rows - 1]).all()
    # Higher ground has larger disparity, here at the same place of the first image.
    lon, lat = pair[0].locate(300.0, 400.0, np.array([2100.0, 2300.0]))
    there = apply(pairing.second, *pair[1].project(lon, lat, np.array([2100.0, 2300.0])))
    assert there[0, 0] > there[0, 1]
    disparity = left[0] - right[0]
    assert pairing.low < disparity.min()
    assert disparity.max() < pairing.high
    assert np.allclose(pairing.matches(*left, disparity)[:2], matches[:2], atol=1e-9)
    assert np.abs(pairing.matches(*left, disparity)[2:] - matches[2:]).max() < 0.2
    # Both transforms have the same scale, and mirror nothing.
    areas = [np.linalg.det(one[:, :2]) for one in (pairing.first, pairing.second)]
    assert min(areas) > 0.0
    scale = np.hypot(*pairing.first[:, 0]) * np.hypot(*pairing.first[:, 1])
    assert abs(areas[0] / scale - 1.0) < 1e-9


def test_shear_takes_the_slope_out() -> None:
    virtual = virtual_matches(FIRST, SECOND, TILE, *HEIGHTS)
    rng = np.random.default_rng(3)
    column, row = rng.uniform(100, 600, 500), rng.uniform(200, 600, 500)
    height = 2100.0 + 0.3 * (column - 100) + 0.2 * (row - 200)
    matches = np.stack([column, row, *SECOND.project(*FIRST.locate(column, row, height), height)])
    wrong = matches.copy()
    wrong[2:, ::5] += rng.uniform(-80, 80, (2, 100))
    spans = []
    for given in (None, matches, wrong):
        pairing = rectify(affine_epipolar(virtual), virtual, TILE, given)
        gaps = apply(pairing.first, *matches[:2])[0] - apply(pairing.second, *matches[2:])[0]
        spans.append(np.ptp(gaps))
    assert spans[0] > 20.0
    assert spans[1] < 1.0
    assert spans[2] < 2.0


def wronged(matches: Any, share: float, seed: int) -> Any:
    """Matches with noise of 0.3 px, a ``share`` of them anywhere within 60 px."""
    rng = np.random.default_rng(seed)
    result = matches + rng.normal(0.0, 0.3, matches.shape)
    bad = rng.random(matches.shape[1]) < share
    result[2:, bad] += rng.uniform(-60, 60, (2, int(bad.sum())))
    return result


@EACH
@pytest.mark.parametrize("planted_px", [(2.3, -3.1), (0.0, 0.0), (-6.0, 5.0)])
def test_planted_pointing_error(pair: Any, planted_px: tuple[float, float]) -> None:
    matches, _ = planted(pair, 1500)
    matches = wronged(matches, 0.3, 7)
    off = pair[1].shifted(*planted_px)
    found = measure_pointing(pair[0], off, matches, HEIGHTS)
    epipolar = affine_epipolar(virtual_matches(*pair, TILE, *HEIGHTS))
    normal = np.array(epipolar.second)
    # Only the part across can be found: what stays must lie along the epipolar lines.
    rest = np.array(planted_px) + [found.column, found.row]
    assert abs(rest @ normal) < 0.05
    assert abs(np.dot([found.column, found.row], [-normal[1], normal[0]])) < 0.01
    assert 0.1 < found.scatter_px < 0.8
    assert found.used > 900
    assert found.after_px <= found.before_px + 0.02
    assert found.before_px > 0.9 * abs(found.across)
    after = triangulate(pair[0], found.corrected(off), matches[:, found.agrees], HEIGHTS)
    assert abs(np.median(after.across)) < 1e-3


def test_mode_is_not_pulled() -> None:
    rng = np.random.default_rng(5)
    values = np.concatenate([rng.normal(3.0, 0.3, 300), rng.uniform(-50, 0, 400)])
    assert abs(mode(values) - 3.0) < 0.1
    assert abs(np.median(values) - 3.0) > 3.0


def test_few_matches_are_refused() -> None:
    matches, _ = planted((FIRST, SECOND), FEWEST - 1)
    with pytest.raises(InsufficientDataError, match=f"Of {FEWEST - 1} matches.*at least {FEWEST}"):
        measure_pointing(FIRST, SECOND, matches, HEIGHTS)


def test_wrong_matches_alone_are_refused() -> None:
    for seed in range(5):
        matches = wronged(planted((FIRST, SECOND), 600)[0], 1.0, seed)
        with pytest.raises(InsufficientDataError, match="Of 600 matches"):
            measure_pointing(FIRST, SECOND, matches, HEIGHTS)


def test_most_matches_wrong_on_one_side() -> None:
    rng = np.random.default_rng(11)
    epipolar = affine_epipolar(virtual_matches(FIRST, SECOND, TILE, *HEIGHTS))
    matches, _ = planted((FIRST, SECOND), 1000)
    matches += rng.normal(0.0, 0.2, matches.shape)
    far = rng.uniform(5.0, 60.0, 600)
    matches[2:, :600] += far * np.array(epipolar.second)[:, None]
    found = measure_pointing(FIRST, SECOND, matches, HEIGHTS)
    assert abs(found.across) < 0.05
    assert 350 < found.used < 430
