# SPDX-License-Identifier: GPL-3.0-or-later
"""The series of whole candidates: what is stable of a site once the noise of its pixels is averaged
out, as calibration uses it.

Each pixel is divided by its own mean, so that it does not matter which pixels of a site are clear;
the median over the pixels of a date does not see clouds that the mask has missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...io.rasters import Rasters
from ...io.stacks import Block, ImageStack
from ...progress import Progress, check, each
from ...types import AnyArray, FloatArray
from .candidates import Sites
from .design import Design
from .pixels import pixel_stability

MOST_SITES = 100  # the best ones
MOST_PIXELS = 4096  # of a site, evenly spread, that are looked at
LEAST_CLEAR = 0.5  # share of them that a date needs to count
_ROWS, _COLUMNS = 64, 512  # of the blocks that are read
# Level (b, rows, columns) of the pixels of a block.
Levels = Callable[[Block], AnyArray]


@dataclass(frozen=True)
class SiteStability:
    """Of s sites and b bands: ``temporal``, ``temporal_se`` (s, b) percent and ``trend``,
    ``trend_se`` (s, b) percent per year of the series of the site, NaN where it has too few
    ``dates`` (s,).
    """

    temporal: FloatArray
    temporal_se: FloatArray
    trend: FloatArray
    trend_se: FloatArray
    dates: npt.NDArray[np.int64]


def site_stability(
    sites: Sites,
    numbers: Sequence[int],
    stack: ImageStack,
    levels: Levels,
    design: Design,
    least_dates: int,
    progress: Progress,
) -> SiteStability:
    """The stability of the ``numbers`` (s,) of ``sites``, of which the first ``MOST_SITES`` are
    looked at: their images are read a second time, block by block.
    """
    size = (len(numbers), len(stack.bands))
    figures = {name: np.full(size, np.nan)
               for name in ("temporal", "temporal_se", "trend", "trend_se")}  # fmt: skip
    dates = np.zeros(len(numbers), dtype=np.int64)
    chosen = list(enumerate(numbers[:MOST_SITES]))
    for at, number in each(chosen, progress, "Series of candidates"):
        ratios = _ratios(sites, number, stack, levels, progress)
        series = _median(ratios)
        dates[at] = int(np.isfinite(series).all(axis=1).sum())
        found = pixel_stability(series[:, :, None].astype(np.float32), design, least_dates)
        for name, values in figures.items():
            values[at] = getattr(found, name)[:, 0]
    return SiteStability(dates=dates, **figures)


def _median(ratios: AnyArray) -> FloatArray:
    """The median over the pixels of (n, b, pixels); NaN where too few are clear."""
    clear = np.isfinite(ratios).all(axis=1)
    enough = clear.mean(axis=1) >= LEAST_CLEAR
    found = np.full(ratios.shape[:2], np.nan)
    for date in np.flatnonzero(enough):
        found[date] = np.median(ratios[date][:, clear[date]], axis=1)
    return found


def _ratios(
    sites: Sites, number: int, stack: ImageStack, levels: Levels, progress: Progress
) -> AnyArray:
    """Pixels of a site by their own mean (n, b, pixels), NaN where they are not clear."""
    place, inside = sites.places[number - 1], sites.inside(number)
    step = max(1, int(np.ceil(np.sqrt(inside.sum() / MOST_PIXELS))))
    chosen = np.zeros_like(inside)
    chosen[step // 2 :: step, step // 2 :: step] = inside[step // 2 :: step, step // 2 :: step]
    if not chosen.any():
        chosen = inside
    parts = []
    starts = [
        (row, column)
        for row in range(0, inside.shape[0], _ROWS)
        for column in range(0, inside.shape[1], _COLUMNS)
    ]
    with Rasters() as rasters:
        for row, column in starts:
            part = chosen[row : row + _ROWS, column : column + _COLUMNS]
            if not part.any():
                continue
            check(progress)
            block = Block(place[1].start + column, place[0].start + row, *part.shape[::-1])
            values = stack.read(block, rasters)
            hidden = stack.masked(block, rasters)
            values[np.broadcast_to(hidden[:, None], values.shape)] = np.nan
            parts.append(values[:, :, part] / levels(block)[:, part])
    return np.concatenate(parts, axis=2)
