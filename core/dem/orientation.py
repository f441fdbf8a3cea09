# SPDX-License-Identifier: GPL-3.0-or-later
"""Two and more views made to fit: each pointed to the first one, then all together.

A pair cannot tell an error along its epipolar lines from height, so pairs that are pointed alone
differ by meters in height. Places that three images show can tell it: matches of the first view
with each further one are joined to tracks, over which all shifts are found at once (``views``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..spread import TO_SIGMA
from ..types import FloatArray
from .epipolar import Tile, virtual_matches
from .pair import Pair, View, height_limits, orient
from .pointing import FEWEST, Pointing
from .triangulation import triangulate
from .views import Adjustment, adjust

SAME_PX = 1e-3  # features of one image are the same at the same place


@dataclass(frozen=True)
class Orientation:
    """``pairs`` of views that fit: those of the first with each further view, in their order, then
    those of the further ones where they were asked for.

    Of three and more views: the ``adjustment`` of all, and how far the heights of the pairs with
    the first view lie apart (m; the largest median difference from the first of them) before
    (``before_m``) and after it (``after_m``).
    """

    pairs: tuple[Pair, ...]
    adjustment: Adjustment | None = None
    before_m: float = 0.0
    after_m: float = 0.0


def orient_views(
    views: Sequence[View],
    matches: Sequence[FloatArray],
    heights: tuple[float, float] | None = None,
    every: bool = False,
) -> Orientation:
    """Pairs that agree in height, of ``views`` (two or more) and the sparse ``matches`` of the
    first with each further one ((4, n) each; some wrong, as of ``match_features``).

    ``heights``: the range to search (m), that of the matches and a margin where None; all pairs
    have the same. ``every``: the pairs of the further views too. Raises ``InputError`` where views
    and matches are not as many as they should, ``InsufficientDataError`` where a pair has too few
    matches or too few places are seen by all views.
    """
    if len(views) < 2 or len(matches) != len(views) - 1:
        raise InputError(
            f"{len(views)} images and {len(matches)} sets of matches do not fit: two or more "
            "images take the matches of the first with each further one."
        )
    alone = [
        orient(views[0], second, found, heights)
        for second, found in zip(views[1:], matches, strict=True)
    ]
    if len(views) == 2:
        return Orientation((alone[0],))
    tracks = join_tracks([one.matches for one in alone])
    if tracks.shape[2] < FEWEST:
        raise InsufficientDataError(
            f"Only {tracks.shape[2]} places are seen in all {len(views)} images, at least {FEWEST} "
            "are needed for one height of all pairs. Leave an image out, or choose a part that all "
            "show with more texture."
        )
    ground = triangulate(views[0].model, alone[0].second.model, _two(tracks, 0, 1))
    near = np.stack([ground.lon, ground.lat, ground.height])
    found = adjust([views[0].model, *(one.second.model for one in alone)], tracks, near)
    tracks = tracks[:, :, found.agrees]
    pairs = [_moved(one, by) for one, by in zip(alone, found.shifts[1:], strict=True)]
    limits = heights or _common(pairs)
    pairs = [replace(one, heights=limits) for one in pairs]
    apart = _apart(alone, tracks), _apart(pairs, tracks)
    if every:
        pairs += _others(pairs, tracks)
    return Orientation(tuple(pairs), found, *apart)


def fusion_weights(pairs: Sequence[Pair]) -> list[float]:
    """What the heights of each pair count when they are fused: the square of its parallax (pixels
    per meter of height), as the same noise of matching is the less height the wider the base is.
    """
    made = []
    for one in pairs:
        rows, columns = one.first.size
        tile = Tile(0.0, 0.0, float(columns), float(rows))
        found = virtual_matches(one.first.model, one.second.model, tile, *one.heights, (3, 3, 2))
        made.append(found.parallax**2)
    return made


def join_tracks(matches: Sequence[FloatArray]) -> FloatArray:
    """Tracks (views, 2, n: column, row) of the features of the first view that each of ``matches``
    ((4, n): pixels in the first and in a further view) holds, in the order of their places.

    A place that has two matches in a view is unclear and left out.
    """
    keys, firsts = [], []
    for found in matches:
        place = np.rint(found[:2] / SAME_PX).astype(np.int64)
        key, first, count = np.unique(place.T, axis=0, return_index=True, return_counts=True)
        keys.append([tuple(one) for one in key[count == 1]])
        firsts.append(dict(zip(keys[-1], first[count == 1].tolist(), strict=True)))
    common = [key for key in keys[0] if all(key in one for one in firsts[1:])]
    index = [[one[key] for key in common] for one in firsts]
    parts = [matches[0][:2, index[0]]]
    parts += [found[2:, at] for found, at in zip(matches, index, strict=True)]
    return np.stack(parts)


def _two(tracks: FloatArray, one: int, other: int) -> FloatArray:
    return np.concatenate([tracks[one], tracks[other]])


def _moved(pair: Pair, by: FloatArray) -> Pair:
    """The pair with its second view shifted further."""
    column, row = (float(one) for one in by)
    second = replace(pair.second, model=pair.second.model.shifted(column, row))
    across = triangulate(pair.first.model, second.model, pair.matches).across
    pointing = replace(
        pair.pointing, column=pair.pointing.column + column, row=pair.pointing.row + row,
        after_px=float(np.nanmedian(np.abs(across))),
    )  # fmt: skip
    return replace(pair, second=second, pointing=pointing)


def _common(pairs: Sequence[Pair]) -> tuple[float, float]:
    """The range of heights that holds those of all pairs."""
    limits = [height_limits(one.first.model, one.second.model, one.matches) for one in pairs]
    return min(low for low, _ in limits), max(high for _, high in limits)


def _apart(pairs: Sequence[Pair], tracks: FloatArray) -> float:
    """The largest median difference (m) of the heights of tracks from those of the first pair."""
    found = [
        triangulate(one.first.model, one.second.model, _two(tracks, 0, number)).height
        for number, one in enumerate(pairs, 1)
    ]
    return max(abs(float(np.nanmedian(one - found[0]))) for one in found[1:])


def _others(pairs: Sequence[Pair], tracks: FloatArray) -> list[Pair]:
    """The pairs of the further views, in their order."""
    made = []
    for i, one in enumerate(pairs):
        for j in range(i + 1, len(pairs)):
            first, second = one.second, pairs[j].second
            matches = _two(tracks, i + 1, j + 1)
            across = triangulate(first.model, second.model, matches).across
            made.append(Pair(first, second, _none_left(across), matches, one.heights))
    return made


def _none_left(across: FloatArray) -> Pointing:
    """The pointing of a pair whose both models are corrected: none, and what its matches leave."""
    middle, rest = float(np.nanmedian(across)), float(np.nanmedian(np.abs(across)))
    scatter = TO_SIGMA * float(np.nanmedian(np.abs(across - middle)))
    agrees = np.isfinite(across)
    used = int(np.count_nonzero(agrees))
    return Pointing(0.0, 0.0, middle, (0.0, 0.0), scatter, rest, rest, used, len(across), agrees)
