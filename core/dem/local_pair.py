# SPDX-License-Identifier: GPL-3.0-or-later
"""A stereo pair around one point: pointed by the matches of a part of the images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..progress import Progress, Silent, check
from .features import match_features
from .pair import Pair, View, orient
from .triangulation import height_range

SIZE_PX = 1024  # of the part of the first image
LARGEST_PX = 4096  # of the part of the second
AROUND_PX = 100  # a point nearer to the rim of the part asks for another one
_SLACK_PX = 64  # of the pointing of the models

Window = tuple[int, int, int, int]  # column, row, columns, rows


@dataclass(frozen=True)
class LocalPair:
    """A ``pair`` that was pointed by the matches of the ``window`` of the first image."""

    pair: Pair
    window: Window

    def holds(self, column: float, row: float) -> bool:
        """Whether a pixel lies well inside of the window (at a rim of the image, too)."""
        rows, columns = self.pair.first.size
        first, upper, width, height = self.window
        return _inside(column, first, width, columns) and _inside(row, upper, height, rows)


def local_pair(
    first: View, second: View, column: float, row: float, progress: Progress | None = None
) -> LocalPair:
    """The pair around the pixel (``column``, ``row``) of the first view.

    The second view is searched where the heights of the models may put it. Raises ``InputError``
    where the pixel is not on the first view or both look from the same direction,
    ``InsufficientDataError`` where too little matches, ``MissingPackageError`` without OpenCV.
    """
    progress = progress or Silent()
    rows, columns = first.size
    if not (0.0 <= column <= columns - 1.0 and 0.0 <= row <= rows - 1.0):
        raise InputError(
            f"Column {column:.0f}, row {row:.0f} is not on the first image ({columns} x {rows} "
            "pixels)."
        )
    window = _around(column, row, columns, rows)
    other = _other_window(first, second, window)
    if other[2] < 1 or other[3] < 1:
        raise InsufficientDataError("The second image does not show this place.")
    one = first.read(*window)
    two = second.read(*other)
    check(progress)
    progress.report(0.1)
    matches = match_features(one, two)
    check(progress)
    progress.report(0.8)
    shift = np.array([window[0], window[1], other[0], other[1]], dtype=np.float64)
    return LocalPair(orient(first, second, matches + shift[:, None]), window)


def _around(column: float, row: float, columns: int, rows: int) -> Window:
    width, height = min(SIZE_PX, columns), min(SIZE_PX, rows)
    left = int(np.clip(round(column) - width // 2, 0, columns - width))
    upper = int(np.clip(round(row) - height // 2, 0, rows - height))
    return left, upper, width, height


def _other_window(first: View, second: View, window: Window) -> Window:
    """Where the second view shows the window of the first, between the heights of both models."""
    left, upper, width, height = window
    x = np.array([left, left + width, left, left + width] * 2, dtype=np.float64)
    y = np.array([upper, upper, upper + height, upper + height] * 2, dtype=np.float64)
    heights = np.repeat(height_range(first.model, second.model), 4)
    lon, lat = first.model.locate(x, y, heights, compiled=False)
    column, row = second.model.project(lon, lat, heights, compiled=False)
    if not (np.isfinite(column).all() and np.isfinite(row).all()):
        return 0, 0, 0, 0
    rows, columns = second.size
    start, width = _span(column, columns)
    top, height = _span(row, rows)
    return start, top, width, height


def _span(values: np.ndarray[tuple[int], np.dtype[np.float64]], size: int) -> tuple[int, int]:
    """First and number of the pixels along an axis that ``values`` reach over, with slack."""
    low, high = float(values.min()) - _SLACK_PX, float(values.max()) + _SLACK_PX
    if high - low > LARGEST_PX:
        middle = 0.5 * (low + high)
        low, high = middle - LARGEST_PX / 2, middle + LARGEST_PX / 2
    first, last = max(0, int(np.floor(low))), min(size, int(np.ceil(high)) + 1)
    return first, max(0, last - first)


def _inside(value: float, first: int, width: int, size: int) -> bool:
    low = first if first == 0 else first + AROUND_PX
    high = first + width if first + width == size else first + width - AROUND_PX
    return low <= value < high
