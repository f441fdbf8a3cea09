# SPDX-License-Identifier: GPL-3.0-or-later
"""The pixels of reference polygons that can be used, with their features; why others cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ...errors import InputError, InsufficientDataError
from ...io.polygon_pixels import FoundPixels, PixelPlaces, find_pixels, read_pixels, value_at
from ...io.rasters import Rasters
from ...progress import Progress, Silent
from ...types import BoolArray
from .draw import thin
from .reference import Reference
from .settings import MOST_BYTES, MOST_PIXELS, SampleSettings
from .stack import FeatureStack, same_system

OUTSIDE, NO_CENTER = "outside the rasters", "too small: holds no center of a pixel"
ALL_SHARED, NO_SAMPLE = "all pixels shared with other polygons", "no pixel that can be used"
SHARED, NO_DATA = "in several polygons", "no data in a feature"
REPEATED, RARELY_SEEN, THINNED = "in several tiles", "seen on too few dates", "beyond the limit"


def usable_pixels(
    reference: Reference, found: FoundPixels, rows: int
) -> tuple[Reference, PixelPlaces, dict[str, int]]:
    """The polygons with pixels, their pixels in the order of the polygons, pixels left out."""
    counts = np.bincount(found.pixels.polygon, minlength=len(reference))
    reasons: dict[int, str] = {}
    for row in np.flatnonzero(counts == 0):
        small = ALL_SHARED if found.shared[row] else NO_CENTER
        reasons[int(row)] = small if found.touched[row] else OUTSIDE
    if len(reasons) == len(reference):
        why = sorted(set(reasons.values()))
        raise InsufficientDataError(
            f"None of the {rows} reference polygons has a pixel in the feature stack "
            f"({', '.join(why)}): see that they show the same place, and that the coordinate "
            "system of both is right."
        )
    # The pixels of several polygons are counted once for each of them.
    left_out = {SHARED: int(found.shared.sum()), THINNED: found.thinned}
    kept = np.cumsum(counts > 0) - 1
    pixels = replace(found.pixels, polygon=kept[found.pixels.polygon])
    order = np.lexsort((pixels.raster, pixels.x, -pixels.y, pixels.polygon))
    return reference.without(reasons), pixels.select(order), left_out


def with_pixels(reference: Reference, pixels: PixelPlaces) -> tuple[Reference, PixelPlaces]:
    """Without the polygons that lost all their pixels."""
    counts = np.bincount(pixels.polygon, minlength=len(reference))
    reasons = {int(row): NO_SAMPLE for row in np.flatnonzero(counts == 0)}
    kept = np.cumsum(counts > 0) - 1
    return reference.without(reasons), replace(pixels, polygon=kept[pixels.polygon])


def find(
    uris: Sequence[str], shapes: Sequence[bytes], settings: SampleSettings, rasters: Rasters,
    progress: Progress,
) -> FoundPixels:  # fmt: skip
    """The pixels in each of ``shapes``, no more of one than may be taken."""
    keys = np.array([crc32(shape) for shape in shapes], dtype=np.int64)

    def limited(pixels: PixelPlaces) -> PixelPlaces:
        kept = thin(pixels, keys, settings.most, settings.seed)
        if len(kept) > MOST_PIXELS:
            raise InputError(
                f"The polygons hold more than {MOST_PIXELS:,} pixels: limit those of each polygon "
                "(MAX_PER_CLASS), or give fewer polygons."
            )
        return kept

    return find_pixels(uris, shapes, rasters, progress, limited)


@dataclass(frozen=True)
class Reading:
    """How features are read: ``settings`` limit the pixels; ``validity``: rasters of the number of
    clear dates; ``nodata``: a further code of no data.
    """

    settings: SampleSettings
    validity: tuple[str, ...] = ()
    nodata: float | None = None

    def features(
        self, stack: FeatureStack, pixels: PixelPlaces, left_out: dict[str, int],
        rasters: Rasters, progress: Progress,
    ) -> tuple[PixelPlaces, npt.NDArray[np.float32]]:  # fmt: skip
        """The ``pixels`` with data in all features of ``stack``, and these (pixels, features).

        ``left_out`` gets the other pixels by reason.
        """
        pixels = self._seen(stack, pixels, left_out, rasters)
        _check_memory(len(pixels), len(stack.features))
        values = read_pixels(stack.uris, stack.bands, pixels, self.nodata, rasters, progress)
        whole = np.isfinite(values).all(axis=1)
        left_out[NO_DATA] = int(np.count_nonzero(~whole))
        if not whole.all():  # most often all are kept, and need not be copied
            pixels, values = pixels.select(whole), values[whole]
        once = _once(pixels, stack)
        left_out[REPEATED] = int(np.count_nonzero(~once))
        if not once.all():
            pixels, values = pixels.select(once), values[once]
        return pixels, values

    def _seen(
        self, stack: FeatureStack, pixels: PixelPlaces, left_out: dict[str, int], rasters: Rasters
    ) -> PixelPlaces:
        """Those seen often enough."""
        if not self.validity:
            return pixels
        same_system(self.validity, stack.uris[0], stack.grids[0], rasters)
        dates = value_at(self.validity, pixels.x, pixels.y, rasters, Silent())
        seen = dates >= self.settings.min_validity
        left_out[RARELY_SEEN] = int(np.count_nonzero(~seen))
        return pixels.select(seen)


def _check_memory(pixels: int, features: int) -> None:
    if pixels * features * 4 > MOST_BYTES:
        raise InputError(
            f"The polygons hold {pixels:,} pixels of {features} features, more than fit into "
            "memory. Limit the samples (MAX_PER_CLASS): then no polygon gives more than that."
        )


def _once(pixels: PixelPlaces, stack: FeatureStack) -> BoolArray:
    """Which pixels no tile has shown before; by thousandths of a pixel."""
    if len(stack.uris) == 1:
        return np.ones(len(pixels), dtype=np.bool_)
    grid = stack.grids[0]
    keys = np.stack([
        pixels.polygon.astype(np.float64), np.rint(pixels.x / grid.pixel_width * 1e3),
        np.rint(pixels.y / grid.pixel_height * 1e3),
    ], axis=1)  # fmt: skip
    _, first = np.unique(keys, axis=0, return_index=True)
    new = np.zeros(len(pixels), dtype=np.bool_)
    new[first] = True
    return new
