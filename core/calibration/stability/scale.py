# SPDX-License-Identifier: GPL-3.0-or-later
"""How large windows and sites are on a grid, given or chosen for it."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import InputError
from ...io.grids import Grid, pixel_sides_m
from .settings import StabilitySettings
from .windows import MOST_PIXELS

USUAL_SIZE_M = 20_000.0  # smallest site for sensors of medium resolution (Bacour et al. 2019)
_SHARE_OF_IMAGE = 0.2
_LEAST_PIXELS = 3
_WINDOWS_PER_SITE = 4.0


@dataclass(frozen=True)
class Scale:
    """Sides in meters; ``window`` (odd numbers) and ``box`` as rows and columns of pixels."""

    pixel_m: tuple[float, float]
    window_m: float
    size_m: float
    window: tuple[int, int]
    box: tuple[int, int]


def scale_of(grid: Grid, settings: StabilitySettings) -> Scale:
    """The sizes of ``settings`` on ``grid``, or where they are 0 what suits the images: sites of 20
    km, or of a fifth of the shorter side of the image where that is less; windows of a quarter of a
    site; at least 3 pixels both.

    Raises ``InputError`` for sites smaller than a pixel, windows smaller than two, and for either
    larger than the image.
    """
    east, north = pixel_sides_m(grid)
    pixel = max(east, north)
    size = settings.size_m or max(
        _LEAST_PIXELS * pixel,
        min(USUAL_SIZE_M, _SHARE_OF_IMAGE * min(grid.width * east, grid.height * north)),
    )
    window = settings.window_m or max(_LEAST_PIXELS * pixel, size / _WINDOWS_PER_SITE)
    if size < pixel:
        raise InputError(
            f"The smallest site (SIZE_M) is {size:g} m, less than a pixel of the images "
            f"({pixel:.4g} m). Give at least that."
        )
    if window < 2.0 * min(east, north):
        raise InputError(
            f"The moving window (WINDOW_M) is {window:g} m, and pixels are {pixel:.4g} m: it would "
            f"hold one pixel only. Give at least {_LEAST_PIXELS * pixel:.4g} m."
        )
    across, down = _odd(window / east), _odd(window / north)
    box = max(round(size / north), 1), max(round(size / east), 1)
    _fits("moving window (WINDOW_M)", window, (down, across), grid, pixel)
    _fits("smallest site (SIZE_M)", size, box, grid, pixel)
    if down * across > MOST_PIXELS:
        raise InputError(
            f"The moving window (WINDOW_M) of {window:g} m holds {down} x {across} pixels; at most "
            f"{MOST_PIXELS} can be counted. Give a smaller one, or coarser images."
        )
    return Scale((east, north), window, size, (down, across), box)


def _odd(pixels: float) -> int:
    """The odd number of pixels nearest to a length, of two the larger one; at least 3."""
    return 2 * max(int((pixels + 1e-9) // 2.0), 1) + 1


def _fits(what: str, meters: float, size: tuple[int, int], grid: Grid, pixel: float) -> None:
    if size[0] > grid.height or size[1] > grid.width:
        raise InputError(
            f"The {what} of {meters:g} m is larger than the images ({grid.width} x {grid.height} "
            f"pixels of {pixel:.4g} m). Give a smaller one."
        )
