# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a stereo run: images looked at, pointed to each other, and judged before matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...errors import InputError, InsufficientDataError
from ...io.stereo_images import StereoImage, open_image
from ...progress import Progress, check
from ...types import FloatArray
from ..orientation import Orientation, fusion_weights, orient_views
from ..pair import LEAST_MARGIN_M, MARGIN_SHARE, Pair, View
from ..pointing import measure_pointing
from ..rpc import RpcModel
from ..triangulation import height_range, triangulate
from .footprint import (
    lattice_around,
    pixel_on_ground,
    region_of,
    seen_share,
    sight_of,
)
from .request import PairQuality, PlannedPair, Region, StereoPlan, StereoRequest
from .sparse import Sparse, sparse_matches
from .views_of import inside_image

LEAST_OVERLAP = 0.02
# Beyond half a pixel the spacing of points limits a surface; a quarter leaves room for other grids.
LEAST_CELL_PX, MOST_CELL_PX = 0.25, 1000.0
_ROUNDING = 1e-6
SMALL_BASE, LARGE_BASE = 0.05, 0.8  # base to height
LARGE_POINTING_PX, LARGE_SCATTER_PX = 20.0, 0.7
INSIDE_SHARE = 0.5  # of the matches within the heights given
_OUTER = 0.5
_HEIGHTS = 9
_EXTENT_NODES, _ALL_SEEN = 41, 0.99
Heights = tuple[float | None, float | None]


def plan_stereo(request: StereoRequest, progress: Progress) -> StereoPlan:
    """Look at the images and find how they stand to each other.

    Raises ``InputError`` where an image cannot be used, images do not overlap, look from the same
    direction or show no ground between the heights given, ``InsufficientDataError`` where too few
    matches agree.
    """
    images = []
    for path in request.images:
        check(progress)
        images.append(open_image(path))
    first = images[0]
    region = _first_region(request, images)
    _check_resolution(request, first, region, height_range(first.model, images[1].model))
    found = []
    for number, other in enumerate(images[1:], start=1):
        check(progress)
        progress.report(number / len(images), f"Sparse matches with {other.name}")
        _check_pair(first, other, region)
        found.append(sparse_matches(first, other, region, None))
        _check_matches(first, other, found[-1])
    views = [View(image.size, image.model, _unread) for image in images]
    oriented = orient_views(views, [one.matches for one in found])
    pairs = [
        replace(_planned(images, number, region, request.heights, pair, sparse), weight=weight)
        for number, (pair, sparse, weight) in enumerate(
            zip(oriented.pairs, found, fusion_weights(oriented.pairs), strict=True), start=1
        )
    ]
    middle = float(np.mean(pairs[0].quality.found_heights))
    resolution = request.resolution or rounded(pixel_on_ground(first.model, region, middle))
    lattice = lattice_around(first.model, region, middle, resolution)
    notes = [note for image in images for note in image.notes]
    notes += _cut_note(request, first, region) + _extent_note(request, images, pairs)
    for pair in pairs:
        notes += pair_warnings(first, images[pair.second], pair.quality)
    notes += _joint_note(oriented, len(images))
    return StereoPlan(
        request, tuple(images), region, tuple(pairs), lattice, resolution, tuple(notes)
    )  # fmt: skip


def pixels_aside(plan: StereoPlan) -> int:
    """How many pixels of the first image a cell has along its side, one at least."""
    middle = float(np.mean(plan.pairs[0].quality.found_heights))
    side = pixel_on_ground(plan.images[0].model, plan.region, middle)
    # The size of a pixel, rounded, is one pixel.
    return max(1, int(plan.resolution / rounded(side) + _ROUNDING))


def geometry(
    first: RpcModel, second: RpcModel, region: Region, heights: tuple[float, float]
) -> tuple[float, float]:
    """Base to height, and the angle between both lines of sight (degrees)."""
    sights = [sight_of(model, region, heights) for model in (first, second)]
    base = float(np.hypot(*(sights[0] - sights[1])))
    lines = [np.append(one, 1.0) / np.sqrt(1.0 + one @ one) for one in sights]
    return base, float(np.degrees(np.arccos(np.clip(lines[0] @ lines[1], -1.0, 1.0))))


def pair_warnings(one: StereoImage, other: StereoImage, quality: PairQuality) -> list[str]:
    """What may spoil the result, for the user."""
    notes, name = [], f"{one.name} and {other.name}"
    if quality.base_to_height < SMALL_BASE:
        notes.append(
            f"{name}: base to height is {quality.base_to_height:.3f}; a match that is off by a "
            f"fifth of a pixel is off by {0.2 / quality.base_to_height:.0f} pixels in height."
        )
    if quality.base_to_height > LARGE_BASE:
        notes.append(
            f"{name}: base to height is {quality.base_to_height:.2f}; so different views match "
            "badly on steep ground and buildings."
        )
    if abs(quality.pointing.across) > LARGE_POINTING_PX:
        notes.append(
            f"{name}: the models are off by {abs(quality.pointing.across):.0f} px, far more than "
            "usual. Check that each RPC is that of its image."
        )
    if quality.pointing.scatter_px > LARGE_SCATTER_PX:
        notes.append(
            f"{name}: matches scatter by {quality.pointing.scatter_px:.2f} px around the epipolar "
            "lines; one shift does not describe the error of the models well."
        )
    return notes


def rounded(size_m: float) -> float:
    """A cell size near that of a pixel: of one digit where that is within 5 %, else of two."""
    short = float(f"{size_m:.0e}")
    return short if abs(short / size_m - 1.0) <= 0.05 else float(f"{size_m:.1e}")


def _first_region(request: StereoRequest, images: Sequence[StereoImage]) -> Region:
    first = images[0]
    heights = height_range(first.model, images[1].model)
    low, high = request.heights
    wide = heights[0] if low is None else low, heights[1] if high is None else high
    return region_of(first, request.region, request.extent, wide)


def _check_resolution(
    request: StereoRequest, first: StereoImage, region: Region, heights: tuple[float, float]
) -> None:
    """Raise ``InputError`` where cells are far from what the pixels can tell."""
    side = pixel_on_ground(first.model, region, 0.5 * (heights[0] + heights[1]))
    least, most = LEAST_CELL_PX * side, MOST_CELL_PX * side
    if request.resolution is not None and not least <= request.resolution <= most:
        raise InputError(
            f"RESOLUTION={request.resolution:g} m does not suit pixels of {side:.2g} m on the "
            f"ground ({first.name}): smaller cells than {least:.2g} m hold nothing new, larger "
            f"ones than {most:.2g} m no relief. Take one between them, or leave it out."
        )


def _check_pair(one: StereoImage, other: StereoImage, region: Region) -> None:
    """Raise ``InputError`` where two images do not overlap at any height of their models."""
    low, high = height_range(one.model, other.model)
    shares = [
        seen_share(one.model, other.model, region, float(height), other.size)
        for height in np.linspace(low, high, _HEIGHTS)
    ]
    if max(shares) <= 0.0:
        raise _apart(one, other)


def _check_matches(one: StereoImage, other: StereoImage, found: Sparse) -> None:
    try:
        measure_pointing(one.model, other.model, found.matches)
    except InputError as error:
        raise InputError(f"{one.name} and {other.name}: {error}") from error
    except InsufficientDataError as error:
        raise InsufficientDataError(
            f"{one.name} and {other.name} have {found.matches.shape[1]} sparse matches, too few of "
            "which agree: there may be clouds, water or no texture in one of them, they may show "
            "different places or seasons, or an RPC may belong to another image. Choose other "
            "images or another part of them."
        ) from error


def _planned(
    images: Sequence[StereoImage],
    second: int,
    region: Region,
    heights: Heights,
    pair: Pair,
    sparse: Sparse,
) -> PlannedPair:
    one, other = images[0], images[second]
    models = pair.first.model, pair.second.model
    places = np.concatenate([triangulate(*models, pair.matches).height, sparse.heights])
    places = places[np.isfinite(places)]
    low, high = (float(value) for value in np.percentile(places, [_OUTER, 100.0 - _OUTER]))
    _check_heights(places, heights, (low, high))
    margin = max(LEAST_MARGIN_M, MARGIN_SHARE * (high - low))
    search = (
        low - margin if heights[0] is None else heights[0],
        high + margin if heights[1] is None else heights[1],
    )
    if not search[0] < search[1]:
        search = min(search), max(search)
    overlap = seen_share(*models, region, 0.5 * (low + high), other.size)
    if overlap < LEAST_OVERLAP:
        raise _apart(one, other)
    base, angle = geometry(*models, region, search)
    quality = PairQuality(base, angle, overlap, pair.pointing, (low, high))
    # Rough ones tell the slope of tiles that have no others.
    matches = np.concatenate([pair.matches, sparse.rough], axis=1)
    return PlannedPair(0, second, models, matches, search, quality)


def _check_heights(places: FloatArray, heights: Heights, found: tuple[float, float]) -> None:
    low = -np.inf if heights[0] is None else heights[0]
    high = np.inf if heights[1] is None else heights[1]
    if np.mean((places >= low) & (places <= high)) < INSIDE_SHARE:
        given = " to ".join("any" if one is None else f"{one:g}" for one in heights)
        raise InputError(
            f"The ground lies between {found[0]:.0f} and {found[1]:.0f} m above the ellipsoid, as "
            f"matches of the images tell, not between the heights given ({given} m). Leave "
            "MIN_HEIGHT and MAX_HEIGHT out, or give others."
        )


def _apart(one: StereoImage, other: StereoImage) -> InputError:
    return InputError(
        f"{other.name} does not show the part of {one.name} that is asked for: the images do not "
        "overlap there. Choose another part or another image."
    )


def _joint_note(oriented: Orientation, views: int) -> list[str]:
    found = oriented.adjustment
    if found is None:
        return []
    return [
        f"The models of {views} images were adjusted together by {found.used} places that all of "
        f"them show, to {found.scatter_px:.2f} px; heights of the pairs differed by "
        f"{oriented.before_m:.2f} m before, by {oriented.after_m:.2f} m after it."
    ]


def _cut_note(request: StereoRequest, first: StereoImage, left: Region) -> list[str]:
    """That the part asked for (ROI) reaches beyond the first image, and what is left of it."""
    if request.region is None or request.region == left:
        return []
    asked, share = request.region, left[2] * left[3] / (request.region[2] * request.region[3])
    return [
        f"The part {','.join(map(str, asked))} reaches beyond {first.name} "
        f"({first.size[1]} x {first.size[0]} pixels): {','.join(map(str, left))} of it is made, "
        f"{100.0 * share:.0f} %."
    ]


def _extent_note(
    request: StereoRequest, images: Sequence[StereoImage], pairs: Sequence[PlannedPair]
) -> list[str]:
    """That the extent asked for reaches beyond what the first image and another one show."""
    if request.extent is None:
        return []
    lon, lat = request.extent.places(_EXTENT_NODES)
    seen = np.zeros(lon.shape, dtype=np.bool_)
    for pair in pairs:
        height = np.full(lon.shape, float(np.mean(pair.quality.found_heights)))
        seen |= np.logical_and(*(
            inside_image(model, (0, 0, *images[at].size[::-1]), lon, lat, height)
            for model, at in zip(pair.models, (pair.first, pair.second), strict=True)
        ))  # fmt: skip
    share = float(seen.mean())
    if share > _ALL_SEEN:
        return []
    return [
        f"{request.extent} reaches beyond what two images show: some {100.0 * share:.0f} % of it "
        "is made, the rest is left out."
    ]


def _unread(*_: int) -> FloatArray:
    raise AssertionError("a plan reads no pixels through its views")
