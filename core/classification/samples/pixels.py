# SPDX-License-Identifier: GPL-3.0-or-later
"""The pixels of reference polygons that can be used, with their features; why others cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ...errors import InputError, InsufficientDataError
from ...io.polygon_pixels import (
    FoundPixels,
    PixelPlaces,
    find_pixels,
    read_pixels,
    together,
    value_at,
)
from ...io.rasters import Rasters
from ...progress import Part, Progress, Silent
from ...types import BoolArray
from ...wording import listed
from .draw import thin
from .reference import Reference
from .settings import MOST_BYTES, MOST_PIXELS, SampleSettings
from .stack import FeatureStack, same_system

OUTSIDE, NO_CENTER = "outside the rasters", "too small: holds no center of a pixel"
NO_STACK = "no feature stack of its year"
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


def of_stack_years(reference: Reference, stack: FeatureStack) -> Reference:
    """Without the polygons of years that the stack has not; raises ``InsufficientDataError`` where
    none is left.
    """
    lost = ~np.isin(reference.years, list(stack.seasons))
    if lost.all():
        known = sorted(set(reference.years.tolist()) - {""})
        raise InsufficientDataError(
            "No reference polygon is of a year of the feature stacks "
            f"({listed(list(stack.seasons), 5)}; polygons: {listed(known, 5) or 'no year'}). Give "
            "polygons of these years, or leave DATE_FIELD out: then all are used in every year."
        )
    return reference.without({int(row): NO_STACK for row in np.flatnonzero(lost)})


def find(
    stack: FeatureStack, reference: Reference, by_year: bool, settings: SampleSettings,
    rasters: Rasters, progress: Progress,
) -> FoundPixels:  # fmt: skip
    """The pixels in each polygon in each year of the stack (``by_year``: in that of the polygon
    alone), no more of one in a year than may be taken.
    """
    found: list[FoundPixels] = []
    seasons = stack.seasons.items()
    for number, (year, tiles) in enumerate(seasons):
        every = np.arange(len(reference), dtype=np.int64)
        rows = every[reference.years == year] if by_year else every
        part = Part(progress, number / len(seasons), (number + 1) / len(seasons))
        uris = [stack.uris[tile] for tile in tiles]
        one = _find_once(uris, reference.shapes[rows].tolist(), settings, rasters, part)
        found.append(one.of_all(np.array(tiles, dtype=np.int64), rows, len(reference)))
    return found[0] if len(found) == 1 else together(found)


def _find_once(
    uris: Sequence[str], shapes: Sequence[bytes], settings: SampleSettings, rasters: Rasters,
    progress: Progress,
) -> FoundPixels:  # fmt: skip
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
    clear dates, of several years one for each tile of the stack ("": all pixels of it are seen
    often enough); ``nodata``: a further code of no data.
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
        given = [one for one in self.validity if one]
        same_system(given, stack.uris[0], stack.grids[0], rasters)
        several = len(stack.seasons) > 1
        if several and len(self.validity) != len(stack.uris):
            raise InputError(
                f"Feature stacks of several years, and {len(self.validity)} rasters of clear dates "
                f"for {len(stack.uris)} of features: give one for each, in the same order."
            )
        seen = np.zeros(len(pixels), dtype=np.bool_)
        for tiles in stack.seasons.values():
            rows = np.flatnonzero(np.isin(pixels.raster, tiles))
            uris = (
                [one for one in map(self.validity.__getitem__, tiles) if one] if several else given
            )
            dates = value_at(uris, pixels.x[rows], pixels.y[rows], rasters, Silent())
            seen[rows] = (dates >= self.settings.min_dates) | (not uris)
        left_out[RARELY_SEEN] = int(np.count_nonzero(~seen))
        return pixels.select(seen)


def _check_memory(pixels: int, features: int) -> None:
    if pixels * features * 4 > MOST_BYTES:
        raise InputError(
            f"The polygons hold {pixels:,} pixels of {features} features, more than fit into "
            "memory. Limit the samples (MAX_PER_CLASS): then no polygon gives more than that."
        )


def _once(pixels: PixelPlaces, stack: FeatureStack) -> BoolArray:
    """Which pixels no tile of the year has shown before; by thousandths of a pixel."""
    if len(stack.uris) == 1:
        return np.ones(len(pixels), dtype=np.bool_)
    grid = stack.grids[0]
    season = np.unique(np.array(stack.years), return_inverse=True)[1].ravel()
    keys = np.stack([
        season[pixels.raster].astype(np.float64), pixels.polygon.astype(np.float64),
        np.rint(pixels.x / grid.pixel_width * 1e3), np.rint(pixels.y / grid.pixel_height * 1e3),
    ], axis=1)  # fmt: skip
    _, first = np.unique(keys, axis=0, return_index=True)
    new = np.zeros(len(pixels), dtype=np.bool_)
    new[first] = True
    return new
