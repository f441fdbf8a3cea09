# SPDX-License-Identifier: GPL-3.0-or-later
"""How one pixel of a stereo pair is matched: its costs by disparity and height, what won, and why
it was kept or not. The same functions as those of the chain, on a small window.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..types import AnyArray, FloatArray
from .epipolar import Tile, apply, inverse
from .matching.match import MatchSettings, census_costs, check, decided, finished, summed
from .matching.subpixel import refined
from .matching.values import NO_COST, NO_SUM, Candidates, Status, Sums
from .matching.winners import winners
from .pair import Pair, Parts, rectified_parts
from .triangulation import Ground, triangulate

WINDOW_PX = 48  # of the tile around the pixel; it is matched with the chain's margin
CHIP_ROWS, CHIP_COLUMNS = 12, 24  # on each side of the pixel
PATHS = 8  # that are summed
APART_PX = 2.0  # a rival is farther than this from the winner
CLOSE = 0.15  # of what the best is below the median: a rival that close is told
PLAIN = 0.25  # of the usual texture around


class Reason(StrEnum):
    """Why a pixel was matched or not: ``Status``, with no data told apart."""

    MATCHED = "matched"
    NO_FIRST = "no_first"  # no data in the first image
    NO_SECOND = "no_second"  # the second image has nothing at any height
    FLAT = "flat"  # one gray value in all of the window
    RANGE_EDGE = "range_edge"
    OCCLUDED = "occluded"
    MISMATCHED = "mismatched"
    SPECKLE = "speckle"


class Hint(StrEnum):
    """What makes a match hard here."""

    RIVAL = "rival"  # another disparity is nearly as good
    LOW_TEXTURE = "low_texture"
    NO_COARSE = "no_coarse"  # the coarse match, which gives the range, found nothing


@dataclass(frozen=True)
class Winner:
    """The best candidate, whether it was kept or not.

    ``index`` among the candidates; ``disparity`` (pixels, with its fraction; where it was kept,
    after the filters and the fit of intensities) and the place it gives: ``lon``, ``lat``
    (degrees), ``height`` (m above the ellipsoid); ``back_px``: how far the best candidate of the
    pixel that it meets in the second image is from it.
    """

    index: int
    disparity: float
    lon: float
    lat: float
    height: float
    back_px: float


@dataclass(frozen=True)
class MatchPreview:
    """How the pixel (``column``, ``row``) of the first image is matched.

    ``disparity`` (n,; pixels) and ``height`` (n,; m) of the candidates; ``costs`` (n,), the share
    of the bits of the census that differ, and ``sums`` (n,), the same after the aggregation, with
    its penalties (NaN: no candidate); ``winner`` None where there is none. ``rival``: index of the
    next best candidate that is no neighbor, -1 for none. ``texture``: standard deviation of the
    window (gray values), and what is usual around (median).

    ``left``: chip (2 x 12 + 1 rows, 2 x 24 + 1 columns) of the first image around the pixel;
    ``right``: of the second image along the epipolar line, a column for each of
    ``right_disparity`` (pixels, falling).
    """

    column: float
    row: float
    disparity: FloatArray
    height: FloatArray
    costs: FloatArray
    sums: FloatArray
    status: Status
    reason: Reason
    hints: tuple[Hint, ...]
    confidence: float
    winner: Winner | None
    rival: int
    texture: tuple[float, float]
    left: AnyArray
    right: AnyArray
    right_disparity: FloatArray


def preview(
    pair: Pair,
    column: float,
    row: float,
    settings: MatchSettings | None = None,
    whole_range: bool = False,
) -> MatchPreview:
    """How the pixel (``column``, ``row``) of the first view of ``pair`` is matched.

    The disparities are those that the chain searches around it (a coarse match finds them), or
    those of all heights of the pair: with ``whole_range``, and where the coarse match finds
    nothing. OpenCV's matcher shows no costs: the census is shown for it. Raises ``InputError``
    where the pixel is not on the first view.
    """
    settings = settings or MatchSettings()
    if settings.matcher == "opencv_sgbm":
        settings = replace(settings, matcher="census_sgm")
    rows, columns = pair.first.size
    if not (0.0 <= column <= columns - 1.0 and 0.0 <= row <= rows - 1.0):
        raise InputError(
            f"Column {column:.0f}, row {row:.0f} is not on the first image ({columns} x {rows} "
            "pixels)."
        )
    half = WINDOW_PX // 2
    tile = Tile(round(column) - half, round(row) - half, WINDOW_PX + 1, WINDOW_PX + 1)
    hints: tuple[Hint, ...] = ()
    try:
        parts = rectified_parts(pair, tile, settings, whole_range)
    except InsufficientDataError:
        parts, hints = rectified_parts(pair, tile, settings, True), (Hint.NO_COARSE,)
    return _look(pair, parts, (column, row), settings, hints)


def _look(
    pair: Pair,
    parts: Parts,
    pixel: tuple[float, float],
    settings: MatchSettings,
    hints: tuple[Hint, ...],
) -> MatchPreview:
    low, high = parts.low - parts.high, 0
    check(parts.left, parts.right, low, high, settings)
    candidates = Candidates(low, high, settings.steps)
    costs, bits = census_costs(parts.left, parts.right, candidates, settings)
    sums = summed(costs, bits, settings)
    decision = decided(sums, candidates, bits, parts.right.shape[1], settings)
    found = finished(parts.left, parts.right, decision, settings)
    at = apply(parts.left_way, np.array([pixel[0]]), np.array([pixel[1]]))[:, 0]
    c, r = (int(round(one)) for one in at)
    disparity = _disparities(candidates) + parts.high
    ground = _ground(pair, parts, c, r, disparity)
    status = Status(int(found.status[r, c]))
    kept = float(found.disparity[r, c])
    winner = _winner(pair, parts, sums, candidates, settings, (r, c), kept)
    line = np.where(sums[r, :, c] == NO_SUM, np.nan, sums[r, :, c].astype(np.float64))
    rival = _rival(line, disparity, winner)
    texture = _texture(parts.left, r, c, settings.window)
    if _is_close(line, winner, rival):
        hints += (Hint.RIVAL,)
    if texture[0] < PLAIN * texture[1]:
        hints += (Hint.LOW_TEXTURE,)
    left, right, right_disparity = _chips(parts, r, c)
    return MatchPreview(
        *pixel, disparity, ground.height,
        np.where(costs[r, :, c] == NO_COST, np.nan, costs[r, :, c] / bits),
        line / (PATHS * bits), status, _reason(status, parts, line, r, c, settings), hints,
        float(found.confidence[r, c]), winner, rival, texture, left, right, right_disparity,
    )  # fmt: skip


def _disparities(candidates: Candidates) -> FloatArray:
    return candidates.first + np.arange(candidates.count) / candidates.steps


def _ground(pair: Pair, parts: Parts, c: int, r: int, disparity: FloatArray) -> Ground:
    """Places of the rectified pixel at disparities (n,)."""
    column, row = np.full(len(disparity), float(c)), np.full(len(disparity), float(r))
    matches = np.concatenate(
        [apply(inverse(parts.left_way), column, row),
         apply(inverse(parts.right_way), column - disparity, row)]
    )  # fmt: skip
    return triangulate(pair.first.model, pair.second.model, matches, pair.heights)


def _winner(
    pair: Pair,
    parts: Parts,
    sums: Sums,
    candidates: Candidates,
    settings: MatchSettings,
    at: tuple[int, int],
    kept: float,
) -> Winner | None:
    """The best candidate of the pixel ``at`` (row, column), with the disparity that was ``kept`` of
    it; where none was (NaN) with its own.
    """
    r, c = at
    line = sums[r : r + 1]
    index, _ = winners(
        line, candidates, parts.right.shape[1], settings.left_right_px, settings.compiled
    )
    best = int(index[0, c])
    if best < 0:
        return None
    own = float(refined(line, index, candidates, settings.refinement)[0, c])
    disparity = (kept if np.isfinite(kept) else own) + parts.high
    place = _ground(pair, parts, c, r, np.array([disparity]))
    back = _seen_from_the_right(line[0], candidates, best, c)
    return Winner(
        best, disparity, float(place.lon[0]), float(place.lat[0]), float(place.height[0]),
        abs(back - best) / candidates.steps,
    )  # fmt: skip


def _seen_from_the_right(line: AnyArray, candidates: Candidates, best: int, column: int) -> int:
    """The best candidate of the right pixel that the candidate ``best`` of a left one meets;
    ``line``: sums (candidates, columns) of the row.
    """
    phase, shift = candidates.place(best)
    found, least = best, NO_SUM
    for index in range(candidates.count):
        other, way = candidates.place(index)
        left = column - shift + way
        if other == phase and 0 <= left < line.shape[1] and line[index, left] < least:
            found, least = index, int(line[index, left])
    return found


def _rival(line: FloatArray, disparity: FloatArray, winner: Winner | None) -> int:
    """The best local minimum that is no neighbor of the winner, -1 for none."""
    if winner is None or len(line) < 3:
        return -1
    with np.errstate(invalid="ignore"):
        lower = (line[1:-1] <= line[:-2]) & (line[1:-1] <= line[2:])
    places = np.flatnonzero(lower) + 1
    places = places[np.abs(disparity[places] - disparity[winner.index]) > APART_PX]
    return int(places[np.argmin(line[places])]) if len(places) else -1


def _is_close(line: FloatArray, winner: Winner | None, rival: int) -> bool:
    if winner is None or rival < 0:
        return False
    best = float(line[winner.index])
    return bool(line[rival] - best <= CLOSE * (float(np.nanmedian(line)) - best))


def _texture(image: AnyArray, r: int, c: int, window: int) -> tuple[float, float]:
    """Standard deviation in the window of the pixel, and the median of those around."""
    half = window // 2
    views = np.lib.stride_tricks.sliding_window_view(image, (window, window))[::half, ::half]
    around = views.reshape(*views.shape[:2], -1).std(axis=-1)
    around = around[np.isfinite(around)]
    own = image[max(r - half, 0) : r + half + 1, max(c - half, 0) : c + half + 1]
    usual = float(np.median(around)) if around.size else float("nan")
    return float(own.std()) if own.size else float("nan"), usual


def _reason(
    status: Status, parts: Parts, line: FloatArray, r: int, c: int, settings: MatchSettings
) -> Reason:
    if status != Status.NO_DATA:
        return Reason(status.name.lower())
    half = settings.window // 2
    own = parts.left[max(r - half, 0) : r + half + 1, max(c - half, 0) : c + half + 1]
    if not np.isfinite(own).all():
        return Reason.NO_FIRST
    if np.ptp(own) == 0.0:
        return Reason.FLAT
    return Reason.NO_SECOND


def _chips(parts: Parts, r: int, c: int) -> tuple[AnyArray, AnyArray, FloatArray]:
    """Both images around the pixel (rows, columns), and the disparities of the right columns."""
    rows, columns = range(r - CHIP_ROWS, r + CHIP_ROWS + 1), CHIP_COLUMNS
    left = _cut(parts.left, rows, range(c - columns, c + columns + 1))
    # Column x of the right part is met at the disparity c - x + high.
    right_columns = range(c - columns, c + parts.high - parts.low + columns + 1)
    disparity = np.array([c - x + parts.high for x in right_columns], dtype=np.float64)
    return left, _cut(parts.right, rows, right_columns), disparity


def _cut(image: AnyArray, rows: range, columns: range) -> AnyArray:
    """A part of an image, NaN beyond it."""
    result = np.full((len(rows), len(columns)), np.nan, dtype=np.float32)
    top, left = max(rows.start, 0), max(columns.start, 0)
    bottom, right = min(rows.stop, image.shape[0]), min(columns.stop, image.shape[1])
    if bottom > top and right > left:
        result[
            top - rows.start : bottom - rows.start, left - columns.start : right - columns.start
        ] = image[top:bottom, left:right]
    return result
