# SPDX-License-Identifier: GPL-3.0-or-later
"""How single pixels are matched: the preview says what the chain does, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from calval_toolbox.core.dem.epipolar import Tile
from calval_toolbox.core.dem.features import match_features
from calval_toolbox.core.dem.local_pair import LocalPair, local_pair
from calval_toolbox.core.dem.matching.match import MatchSettings
from calval_toolbox.core.dem.matching.values import Status
from calval_toolbox.core.dem.pair import Pair, match_tile, view_of
from calval_toolbox.core.dem.placing import cells_of
from calval_toolbox.core.dem.preview import Hint, MatchPreview, Reason, preview
from calval_toolbox.core.dem.simulate import SceneSettings, StereoScene, simulate_scene
from calval_toolbox.core.errors import InputError

pytest.importorskip("cv2", reason="OpenCV is not installed")
PIXELS = [(c, r) for r in range(80, 320, 37) for c in range(80, 320, 37)]


@pytest.fixture(scope="module")
def scene() -> StereoScene:
    return simulate_scene(SceneSettings(terrain="urban", size=384, pointing_px=((1.7, -2.2),)))


@pytest.fixture(scope="module")
def local(scene: StereoScene) -> LocalPair:
    images = [np.where(one > 0, one, np.nan).astype(np.float32) for one in scene.images]
    views = [view_of(*one) for one in zip(images, scene.models, strict=True)]
    return local_pair(views[0], views[1], 190.0, 190.0)


@pytest.fixture(scope="module")
def found(local: LocalPair) -> list[MatchPreview]:
    return [preview(local.pair, *pixel) for pixel in PIXELS]


def truth_at(scene: StereoScene, lon: Any, lat: Any) -> Any:
    column, row = cells_of(scene.truth.grid, np.asarray(lon), np.asarray(lat))
    return map_coordinates(scene.truth.height.astype(float), [row, column], order=1, cval=np.nan)


def test_heights_are_those_of_the_chain(local: LocalPair, found: list[MatchPreview]) -> None:
    """The point that the chain makes nearest to a previewed pixel has its height."""
    whole = match_tile(local.pair, Tile(60.0, 60.0, 270.0, 270.0))
    kept = [one for one in found if one.status is Status.MATCHED and one.winner is not None]
    assert len(kept) > 0.9 * len(PIXELS)
    off = []
    for one in kept:
        assert one.winner is not None
        away = np.hypot(whole.lon - one.winner.lon, whole.lat - one.winner.lat)
        off.append(float(whole.height[np.argmin(away)]) - one.winner.height)
    # Another rectification resamples anew: the same to the noise of the heights.
    assert np.mean(np.abs(off) < 0.5) > 0.9
    assert abs(np.median(off)) < 0.15


def test_heights_lie_on_the_truth(scene: StereoScene, found: list[MatchPreview]) -> None:
    winners = [one.winner for one in found if one.status is Status.MATCHED]
    off = np.array([one.height - float(truth_at(scene, [one.lon], [one.lat])[0])
                    for one in winners if one is not None])  # fmt: skip
    assert 1.4826 * np.nanmedian(np.abs(off - np.nanmedian(off))) < 0.5


def test_curves_fit_the_candidates_and_the_winner_is_their_lowest(
    found: list[MatchPreview],
) -> None:
    for one in found:
        count = len(one.disparity)
        assert one.height.shape == one.costs.shape == one.sums.shape == (count,)
        assert (np.diff(one.height) > 0).all()
        assert one.winner is not None
        assert one.winner.index == int(np.nanargmin(one.sums))
        assert abs(one.winner.disparity - one.disparity[one.winner.index]) <= 1.0
        assert np.nanmin(one.costs) >= 0.0
        assert np.nanmax(one.costs) <= 1.0


def test_chips_meet_at_the_disparity_of_the_match(found: list[MatchPreview]) -> None:
    """The right chip, cut at the winner's disparity, looks like the left one there; a few pixels
    beside it does not.
    """
    right_place, beside = [], []
    for one in found:
        if one.status is not Status.MATCHED or one.winner is None:
            continue
        middle = int(np.argmin(np.abs(one.right_disparity - one.winner.disparity)))
        left = one.left[6:19, 18:31]
        for shift, into in ((0, right_place), (5, beside)):
            other = one.right[6:19, middle + shift - 6 : middle + shift + 7]
            into.append(np.corrcoef(left.ravel(), other.ravel())[0, 1])
    assert np.median(right_place) > 0.8
    assert np.median(beside) < 0.5


def test_pixels_that_the_second_image_does_not_see_are_told(
    scene: StereoScene, local: LocalPair
) -> None:
    """Of cells hidden from the second image, most are refused, and the reason is a real one."""
    model = scene.true_models[0]
    row, column = np.nonzero(scene.seen[0] & ~scene.seen[1])
    left, width, _, top, _, height = scene.truth.grid.geotransform
    from calval_toolbox.core.io.grids import unproject

    reasons = []
    for r, c in list(zip(row, column, strict=True))[:: max(1, len(row) // 150)]:
        place = unproject(scene.truth.grid.wkt, left + (c + 0.5) * width, top + (r + 0.5) * height)
        x, y = model.project(*place, float(scene.truth.height[r, c]))
        if 80 < float(x) < 300 and 80 < float(y) < 300:
            reasons.append(preview(local.pair, float(x), float(y)).reason)
    assert len(reasons) > 5
    assert np.mean([one is not Reason.MATCHED for one in reasons]) > 0.5
    assert {Reason.OCCLUDED, Reason.MISMATCHED} & set(reasons)


def with_first(pair: Pair, change: Any) -> Pair:
    image = pair.first.read(0, 0, 384, 384).copy()
    change(image)
    return replace(pair, first=view_of(image, pair.first.model))


def test_no_data_no_texture_and_nothing_to_match(local: LocalPair) -> None:
    def gap(image: Any) -> None:
        image[195:206, 195:206] = np.nan

    def plain(image: Any) -> None:
        image[180:221, 180:221] = 300.0

    assert preview(with_first(local.pair, gap), 200, 200).reason is Reason.NO_FIRST
    flat = preview(with_first(local.pair, plain), 200, 200)
    assert flat.reason is Reason.FLAT
    assert Hint.LOW_TEXTURE in flat.hints
    rng = np.random.default_rng(1)

    def noise(image: Any) -> None:
        image[:] = rng.normal(400.0, 30.0, image.shape)

    lost = preview(with_first(local.pair, noise), 200, 200)
    assert Hint.NO_COARSE in lost.hints
    assert len(lost.disparity) > 20


def test_all_heights_hold_those_that_are_searched(local: LocalPair) -> None:
    narrow, wide = (preview(local.pair, 200, 200, whole_range=on) for on in (False, True))
    assert wide.disparity[0] <= narrow.disparity[0] < narrow.disparity[-1] <= wide.disparity[-1]
    assert wide.height[0] == pytest.approx(local.pair.heights[0], abs=15.0)
    half = preview(local.pair, 200, 200, MatchSettings("census_sgm_half_pixel"))
    assert np.diff(half.disparity) == pytest.approx(0.5)


def test_a_pixel_beside_the_image_is_refused(local: LocalPair) -> None:
    with pytest.raises(InputError, match="not on the first image"):
        preview(local.pair, 400, 10)
    with pytest.raises(InputError, match="not on the first image"):
        local_pair(local.pair.first, local.pair.second, -3, 10)


def test_a_part_of_the_images_is_pointed_as_the_whole(local: LocalPair) -> None:
    first, second = local.pair.first, local.pair.second
    whole = match_features(first.read(0, 0, 384, 384), second.read(0, 0, 384, 384))
    assert local.pair.pointing.count == pytest.approx(whole.shape[1], rel=0.1)
    assert local.holds(5.0, 5.0)
    part = replace(local, window=(0, 0, 300, 384))
    assert not part.holds(250.0, 200.0)
