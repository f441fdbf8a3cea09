# SPDX-License-Identifier: GPL-3.0-or-later
"""How uniform the ground is around each pixel: the spatial CV in a moving window.

It is taken of the map of levels (the mean reflectance under the same directions for all pixels), so
that neither the noise of single dates nor different dates of neighbors count as texture, as in the
search of Cosnefroy, Leroy and Briottet 1996 (doi:10.1016/0034-4257(95)00211-1).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...types import AnyArray, FloatArray

LEAST_SHARE = 0.5  # of a window's pixels that must be known
# Levels are counted in millionths: sums of whole numbers are exact, so that a pixel gets the same
# bits whatever tile it is in. Rounding adds 3e-7 of reflectance to a standard deviation.
_UNIT = 1e-6
MOST_PIXELS = 2**22  # of a window, so that sums of squares of reflectances up to 1.4 fit


def spatial_cv(
    level: npt.NDArray[np.floating[Any]], window: tuple[int, int], inside: tuple[slice, slice]
) -> FloatArray:
    """The standard deviation by the mean (percent) in a window of rows x columns (odd numbers, up
    to ``MOST_PIXELS``) around each pixel ``inside`` of ``level`` (rows, columns), in reflectance.

    ``level`` reaches half a window beyond ``inside``, or to the edge of the image, where windows
    are cut. NaN does not count; the result is NaN where the pixel itself, or more than half of its
    window, is not known. For n independent pixels its relative standard error is
    1 / sqrt(2 (n - 1)).
    """
    known = np.isfinite(level) & (np.abs(level) < 1.4)
    millionths = np.rint(np.where(known, level, 0.0).astype(np.float64) / _UNIT).astype(np.int64)
    bounds = _bounds(level.shape, window, inside)
    count, first, second = (
        _box_sums(one, bounds) for one in (known.astype(np.int64), millionths, millionths**2)
    )
    high, wide = (after - before for before, after in bounds)
    enough = known[inside] & (count >= np.maximum(2.0, LEAST_SHARE * np.outer(high, wide)))
    number = np.where(enough, count, 2).astype(np.float64)
    mean = first / number
    variance = np.maximum(second / number - mean**2, 0.0) * number / (number - 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = 100.0 * np.sqrt(variance) / np.where(mean > 0.0, mean, np.nan)
    return np.where(enough, found, np.nan)


def _bounds(
    shape: tuple[int, ...], window: tuple[int, int], inside: tuple[slice, slice]
) -> list[tuple[AnyArray, AnyArray]]:
    """Of rows and columns: where the windows around ``inside`` begin and end, within ``shape``."""
    found = []
    for length, size, one in zip(shape, window, inside, strict=True):
        middle = np.arange(length)[one]
        half = size // 2
        found.append((np.maximum(middle - half, 0), np.minimum(middle + half + 1, length)))
    return found


def _box_sums(values: AnyArray, bounds: list[tuple[AnyArray, AnyArray]]) -> AnyArray:
    """The sums of ``values`` within ``bounds``."""
    total = _cumulated(values, np.int64)
    (top, bottom), (left, right) = bounds
    below = total[bottom][:, right] - total[bottom][:, left]
    sums: AnyArray = below - (total[top][:, right] - total[top][:, left])
    return sums


def _cumulated(values: AnyArray, kind: Any) -> AnyArray:
    """The summed-area table (rows + 1, columns + 1) of whole numbers."""
    total = np.zeros((values.shape[0] + 1, values.shape[1] + 1), dtype=kind)
    np.cumsum(values, axis=0, out=total[1:, 1:])
    np.cumsum(total[1:, 1:], axis=1, out=total[1:, 1:])
    return total
