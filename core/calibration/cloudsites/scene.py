# SPDX-License-Identifier: GPL-3.0-or-later
"""One product searched for deep convective clouds, and what it measures over them, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...errors import ProductError
from ...io.aggregates import Aggregates, aggregate, aggregate_grid
from ...io.band_views import BandView, full_view
from ...io.cache import gdal_cache
from ...io.grids import unproject
from ...io.products.loading import ALTERNATIVES
from ...io.products.safe import VECTOR_CLOUDS
from ...io.products.scene_details import SceneDetails, read_details
from ...io.rasters import Rasters, short
from ...io.site_pixels import SiteCounts
from ...progress import Progress
from ...types import AnyArray, BoolArray, FloatArray, Product
from ..extraction.clouds import CloudMask
from ..extraction.saturation import spoiled
from ..extraction.scene import (
    CACHE_MB,
    SceneGeometry,
    SceneMeasurements,
    SiteMeasurement,
    require_sun,
)
from ..extraction.statistics import BandStatistics
from .cells import Cell, cell_site, cells_of
from .limits import CloudLimits, SceneLimits, deciding
from .outcome import KEY, SceneOutcome, Stage, histogram, to_json
from .roles import roles_of
from .screening import look
from .selection import COMPLETE, Selection, grown, select, spread

METHOD = "deep convective clouds by reflectance, without a thermal band"


@dataclass(frozen=True)
class Searched:
    """What came of a product; ``scene``: what is to be kept of it, None where no band was read;
    ``notes``: sentences for the log.
    """

    outcome: SceneOutcome
    scene: SceneMeasurements | None = None
    notes: tuple[str, ...] = ()


def search(
    product: Product,
    outcome: SceneOutcome,
    limits: tuple[SceneLimits, CloudLimits],
    progress: Progress,
) -> Searched:
    """Look at the preview of a product that its metadata let pass (``outcome``), and where that may
    show clouds find and measure them.

    Raises ``ProductError`` where it is damaged or lacks a band that the search needs.
    """
    scenes, clouds = limits
    with Rasters() as rasters, gdal_cache(CACHE_MB):
        seen = look(product, scenes, clouds, rasters)
        notes = (seen.note,) if seen.note else ()
        if seen.share < scenes.preview_share:
            reason = f"{100.0 * seen.share:.2f} % of the {seen.kind}"
            stopped = replace(
                outcome, stage=Stage.PREVIEW, reason=reason, bands_read=seen.bands,
                bands=len(product.bands),
            )  # fmt: skip
            return Searched(stopped, None, notes)
        found = _Scene(product, limits, rasters, progress).measure(outcome)
        return replace(found, notes=(*notes, *found.notes))


@dataclass(frozen=True)
class _Places:
    """Centers of the squares in the CRS of the product, the cells that any lies in, and the number
    of the cell of each; arrays (rows, columns).
    """

    x: FloatArray
    y: FloatArray
    cells: tuple[Cell, ...]
    number: AnyArray

    def count(self, where: BoolArray) -> AnyArray:
        """How many squares each cell has where something is (cells,)."""
        return np.bincount(self.number[where], minlength=len(self.cells))


class _Scene:
    """One product whose bands are read."""

    def __init__(
        self, product: Product, limits: tuple[SceneLimits, CloudLimits], rasters: Rasters,
        progress: Progress,
    ) -> None:  # fmt: skip
        self._product, (self._scenes, self._limits) = product, limits
        self._rasters, self._progress = rasters, progress
        self._roles = roles_of(product)
        names = [one for one in product.bands if not one.startswith(ALTERNATIVES)]
        self._names = names
        sources = [product.bands[name] for name in names]
        coarsest = max(sources, key=lambda one: full_view(one, rasters).grid.pixel_width)
        self._grid = aggregate_grid(coarsest, self._limits.aggregate_m, rasters)
        self._read: dict[str, Aggregates] = {}
        self._details = read_details(product, rasters)
        self._mask_notes: list[str] = []

    def measure(self, outcome: SceneOutcome) -> Searched:
        """Select, then measure what was selected."""
        if min(self._grid.width, self._grid.height) < 3:
            raise ProductError(
                f"{short(self._product.path)} is smaller than 3 x 3 pixels of "
                f"{self._limits.aggregate_m:g} m (AGGREGATE_M): make these smaller."
            )
        details = self._details
        require_sun(self._product, details)
        shape = (self._grid.height, self._grid.width)
        found = select(self._aggregates, shape, self._limits)
        place = self._places()
        if found.clouds.any():
            for name in self._names:
                self._band(name, grown(found.clouds))
        found = self._complete(found)
        geometry = SceneGeometry(self._product, details, CloudMask(METHOD), self._rasters)
        made, lit = self._sites(geometry, place, found)
        outcome = self._outcome(outcome, found, place, lit)
        scene = self._measurements(geometry, details, made, outcome)
        return Searched(outcome, scene)

    def _complete(self, found: Selection) -> Selection:
        """Only squares that are whole in all bands: bands are compared over the same ones."""
        clouds = found.clouds.copy()
        if clouds.any():
            for name in self._names:
                clouds &= np.isfinite(self._usable(name))
        lost = int((found.clouds & ~clouds).sum())
        left = {**found.left, COMPLETE: int(clouds.sum())}
        return replace(found, clouds=clouds, left=left, spoiled=found.spoiled + lost)

    def _places(self) -> _Places:
        """Where the squares of the scene lie."""
        left, width, _, top, _, height = self._grid.geotransform
        across, down = np.meshgrid(
            left + (np.arange(self._grid.width) + 0.5) * width,
            top + (np.arange(self._grid.height) + 0.5) * height,
        )
        pairs = zip(across.ravel().tolist(), down.ravel().tolist(), strict=True)
        degrees = np.array([unproject(self._grid.wkt, *one) for one in pairs])
        cells = cells_of(degrees[:, 0], degrees[:, 1], self._limits.cell_deg)
        found, number = np.unique(cells, axis=0, return_inverse=True)
        listed = tuple((int(column), int(row)) for column, row in found)
        return _Places(across, down, listed, number.reshape(across.shape))

    def _aggregates(self, role: str, needed: BoolArray) -> Aggregates:
        return self._band(self._roles[role], needed)

    def _band(self, name: str, needed: BoolArray) -> Aggregates:
        """The means of a band where they are needed; a band is read once."""
        known = self._read.get(name)
        if known is None:
            where, note = spoiled(self._details, self._view(name), self._rasters)
            self._mask_notes += [note] if note else []
            known = aggregate(
                self._product.bands[name], self._grid, needed, self._rasters, self._progress, where
            )
            self._read[name] = known
        return known

    def _outcome(
        self, outcome: SceneOutcome, found: Selection, place: _Places, lit: FloatArray
    ) -> SceneOutcome:
        seen, clouds = place.count(found.seen), place.count(found.clouds)
        counts = {
            cell: (int(seen[number]), int(clouds[number]))
            for number, cell in enumerate(place.cells) if seen[number]
        }  # fmt: skip
        values = {
            place.cells[number]: {
                name: histogram((self._usable(name) * lit)[found.clouds & (place.number == number)])
                for name in self._names
            }
            for number in np.flatnonzero(clouds)
        }
        return replace(
            outcome, stage=Stage.BANDS, reason="", left=found.left, spoiled=found.spoiled,
            moved=found.moved, counts=counts, bands_read=len(self._read), bands=len(self._names),
            values=values,
        )  # fmt: skip

    def _usable(self, name: str) -> FloatArray:
        """Means of squares without a pixel that lacks data or is saturated, NaN elsewhere."""
        one = self._read[name]
        return np.where(one.whole & (one.saturated == 0), one.mean, np.nan)

    def _sites(
        self, geometry: SceneGeometry, place: _Places, found: Selection
    ) -> tuple[list[SiteMeasurement], FloatArray]:
        """The measurements, and what reflectances were multiplied by (rows, columns)."""
        lit = np.ones(place.number.shape)
        seen, clouds = place.count(found.seen), place.count(found.clouds)
        made = []
        for number in np.flatnonzero(clouds):
            chosen = found.clouds & (place.number == number)
            counts = _at(place.x[chosen], place.y[chosen])
            sun = geometry.sun(self._view(self._names[0]), counts)
            lit[chosen] = geometry.lighting(sun)
            views = geometry.views([(self._view(name), counts) for name in self._names])
            made.append(SiteMeasurement(
                cell_site(place.cells[number], self._limits.cell_deg),
                {name: self._statistics(name, chosen, lit) for name in self._names}, views, sun,
                geometry.weather(counts.x, counts.y, self._grid.wkt),
                float(clouds[number] / seen[number]),
            ))  # fmt: skip
        return made, lit

    def _view(self, name: str) -> BandView:
        return full_view(self._product.bands[name], self._rasters)

    def _measurements(
        self, geometry: SceneGeometry, details: SceneDetails, made: Sequence[SiteMeasurement],
        outcome: SceneOutcome,
    ) -> SceneMeasurements:  # fmt: skip
        notes = [one for one in self._product.notes if one != VECTOR_CLOUDS]
        notes += geometry.notes + self._mask_notes
        sizes = {name: self._view(name).grid.pixel_m() for name in self._read}
        kept = {KEY: {"limits": deciding(self._scenes, self._limits), **to_json(outcome)}}
        return SceneMeasurements(
            self._product, tuple(made), details, METHOD, sizes, tuple(dict.fromkeys(notes)), kept
        )

    def _statistics(self, name: str, chosen: BoolArray, lit: FloatArray) -> BandStatistics:
        """Of the means of one band over the clouds of a cell. The spread is that within 3 x 3 of
        them (root mean square): how even clouds are, not how they differ from each other.
        """
        usable, pixels = self._usable(name), self._read[name].pixels
        values = (usable * lit)[chosen]
        uneven = (spread(usable) * lit)[chosen]
        uneven = uneven[np.isfinite(uneven)]
        return BandStatistics(
            float(values.mean()), float(np.median(values)),
            float(np.sqrt(np.mean(uneven**2))) if len(uneven) else float("nan"),
            len(values) * pixels, 0.0, 1.0,
        )  # fmt: skip


def _at(x: FloatArray, y: FloatArray) -> SiteCounts:
    """Places alone, as the geometry of scenes wants them."""
    nothing: AnyArray = np.array([], dtype=np.int64)
    return SiteCounts(nothing, nothing, 0, len(x), len(x), x, y)
