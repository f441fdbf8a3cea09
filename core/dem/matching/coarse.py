# SPDX-License-Identifier: GPL-3.0-or-later
"""The disparity range of a tile, from a match at a quarter of the resolution.

A range from sparse matches misses what they miss, such as a whole hill; the dense match of the
reduced pair sees it, for a sixteenth of the pixels and a quarter of the candidates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...errors import InsufficientDataError
from ...types import FloatArray
from .intensity import NO_FIT
from .match import MatchSettings, match_pair
from .values import Candidates, Float32, Status

FACTOR = 4
# A level counts with this many pixels within one level of it, of the reduced image: what is
# smaller is no building that the full resolution could not find on its own with the buffer.
FEWEST_PX = 12
# Pixels of full resolution beyond what was found: more than ASP's hierarchical matching has (2 to
# 4), because roofs smaller than some reduced pixels are lost in noise; and a share of the range,
# for heights that the reduction has flattened.
BUFFER_PX, BUFFER_SHARE = 6, 0.1
EDGE_SHARE = 0.05
# On random textures with a noise as strong as they are, 95 % of the right matches of a reduced pair
# are surer than 0.21 to 0.25, and four fifths of the matches of two unrelated images are less sure.
SURE = 0.25
FEWEST_SHARE = 0.1
# No relief shifts one half of an image by more than this share of its width.
WIDEST_SHARE = 0.5


@dataclass(frozen=True)
class CoarseRange:
    """Disparities ``low`` to ``high`` (pixels of full resolution, buffer included); the share of
    pixels of the reduced image that were matched surely; and whether so many had their best
    candidate at the end of the range searched that it may have been too narrow (``at_edge``).
    """

    low: int
    high: int
    sure_share: float
    at_edge: bool


def reduced(image: Float32, factor: int = FACTOR) -> Float32:
    """Means of ``factor`` x ``factor`` pixels, NaN where fewer than half of them are finite.

    What is left over at the right and the bottom is dropped.
    """
    rows, columns = (size // factor for size in image.shape)
    cells = image[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor)
    finite = np.isfinite(cells)
    count = finite.sum(axis=(1, 3))
    total = np.where(finite, cells, 0).sum(axis=(1, 3), dtype=np.float64)
    enough = 2 * count >= factor * factor
    return np.where(enough, total / np.maximum(count, 1), np.nan).astype(np.float32)


def coarse_range(
    left: Float32, right: Float32, low: int, high: int, settings: MatchSettings | None = None
) -> CoarseRange | None:
    """The range of disparities of ``left`` in ``right`` within the wide range ``low`` to ``high``.

    The arrays and the sign are those of ``match_pair``. None where too little matches to tell: no
    texture, clouds, no data. Raises ``InsufficientDataError`` where what matches is spread over
    more than half of the width, which no relief does.
    """
    wide = Candidates(int(np.floor(low / FACTOR)) - 1, int(np.ceil(high / FACTOR)) + 1)
    small, other = reduced(left), reduced(right)
    if min(*small.shape, *other.shape) < 2 * (settings or MatchSettings()).window:
        return None
    plain = replace(
        settings or MatchSettings(), matcher="census_sgm", window=5, penalties=None, fit=NO_FIT,
        speckle_px=FEWEST_PX,
    )  # fmt: skip
    found = match_pair(small, other, wide.low, wide.high, plain)
    tried = int((found.status != Status.NO_DATA).sum())
    edge = int((found.status == Status.RANGE_EDGE).sum())
    sure = found.disparity[np.isfinite(found.disparity) & (found.confidence >= SURE)]
    levels = supported(sure)
    if levels is None or sure.size < FEWEST_SHARE * (tried - edge):
        return None
    lowest, highest = (FACTOR * level for level in levels)
    _refuse_absurd(lowest, highest, left.shape[1])
    buffer = max(BUFFER_PX, BUFFER_SHARE * (highest - lowest))
    return CoarseRange(
        max(low, int(np.floor(lowest - buffer))),
        min(high, int(np.ceil(highest + buffer))),
        sure.size / tried,
        edge > EDGE_SHARE * tried,
    )


def supported(disparities: Float32 | FloatArray) -> tuple[float, float] | None:
    """The lowest and highest disparity that has ``FEWEST_PX`` others within one pixel, or None."""
    ordered = np.sort(disparities).astype(np.float64)
    first = np.searchsorted(ordered, ordered - 1.0, "left")
    last = np.searchsorted(ordered, ordered + 1.0, "right")
    good = ordered[last - first > FEWEST_PX]
    return (float(good[0]), float(good[-1])) if good.size else None


def _refuse_absurd(lowest: float, highest: float, columns: int) -> None:
    if highest - lowest > WIDEST_SHARE * columns:
        raise InsufficientDataError(
            f"The disparities of a tile of {columns} columns seem to go from {lowest:.0f} to "
            f"{highest:.0f} px, which no relief does: the images are not of one place, not "
            "rectified, or repeat themselves. Give a height range or an a-priori DEM."
        )
