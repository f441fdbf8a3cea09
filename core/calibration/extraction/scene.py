# SPDX-License-Identifier: GPL-3.0-or-later
"""One product measured over all sites that it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, nan, radians
from typing import Any

import numpy as np

from ...database.sites import CalibrationSite
from ...errors import InputError
from ...io.band_views import BandView, fast_view, full_view
from ...io.cache import gdal_cache
from ...io.grids import unproject
from ...io.products.angle_grids import Angles, direction_of
from ...io.products.loading import ALTERNATIVES
from ...io.products.safe import VECTOR_CLOUDS
from ...io.products.scene_details import SceneDetails, read_details
from ...io.rasters import Rasters, short
from ...io.site_pixels import SiteCounts, count_sites
from ...io.weather import Weather, read_weather
from ...progress import Progress
from ...types import FloatArray, Product
from .clouds import CloudMask, cloud_fraction, cloud_mask
from .directions import sun_direction, view_direction
from .saturation import spoiled
from .sites import near
from .statistics import BandStatistics, statistics

CACHE_MB = 64
_WEATHER_PLACES = 100
_PLACES = 1000  # at which the geometry of Landsat is computed
Known = tuple[CalibrationSite, bytes]


@dataclass(frozen=True)
class SiteMeasurement:
    """What one product shows over one site; ``bands`` and ``views`` by the names of bands."""

    site: CalibrationSite
    bands: Mapping[str, BandStatistics]
    views: Mapping[str, Angles]
    sun: Angles
    weather: Weather
    cloud_fraction: float


@dataclass(frozen=True)
class SceneMeasurements:
    """What one product shows over all sites, how clouds were told, the metadata that are worth
    keeping, at which resolution (m) bands were read, and sentences for the log. ``more``: what else
    is to be kept of the product, as JSON can hold it.
    """

    product: Product
    sites: tuple[SiteMeasurement, ...]
    details: SceneDetails
    cloud_method: str
    resolutions_m: Mapping[str, float]
    notes: tuple[str, ...]
    more: Mapping[str, Any] = field(default_factory=dict)


def measure_scene(
    product: Product,
    sites: Sequence[CalibrationSite],
    bands: Sequence[str],
    fast: bool,
    progress: Progress,
) -> SceneMeasurements:
    """Measure ``bands`` (empty: all) of a product over ``sites``; those outside give nothing.

    Each block of each band is decoded once for all sites. Raises ``InputError`` where the product
    states no direction of the sun, ``ProductError`` where anything of it is damaged.
    """
    known = [(site, shape) for site in sites if (shape := near(site, product)) is not None]
    names = _names(product, bands)
    with Rasters() as rasters, gdal_cache(CACHE_MB):
        if not known or not names:
            return SceneMeasurements(product, (), SceneDetails(), "", {}, ())
        details = read_details(product, rasters)
        require_sun(product, details)
        views = [(fast_view if fast else full_view)(product.bands[name], rasters) for name in names]
        counted, told = _counted(details, views, known, rasters, progress)
        clouds = cloud_mask(product, details.clouds, views[0].grid, rasters)
        scene = SceneGeometry(product, details, clouds, rasters)
        made = [
            scene.site(one, views, [column[place] for column in counted])
            for place, one in enumerate(known)
        ]
    # The vector masks that readers leave alone are read here.
    notes = [*(one for one in product.notes if one != VECTOR_CLOUDS), *told, *scene.notes]
    resolutions = {view.source.name: view.grid.pixel_m() for view in views}
    return SceneMeasurements(
        product, tuple(one for one in made if one is not None), details, clouds.method,
        resolutions, tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def require_sun(product: Product, details: SceneDetails) -> None:
    """Raise ``InputError`` where a product does not say where the sun stood."""
    if details.sun is None and (product.sun_zenith_deg is None or product.sun_azimuth_deg is None):
        raise InputError(
            f"{short(product.path)} states no direction of the sun (of Sentinel-2: MTD_TL.xml is "
            "not there, or has no angles): its measurements could not be compared. Get it again."
        )


def _names(product: Product, bands: Sequence[str]) -> list[str]:
    """The bands to be read: of those asked for (empty: all) the ones that there are."""
    return [
        name for name in (bands or product.bands)
        if name in product.bands and not name.startswith(ALTERNATIVES)
    ]  # fmt: skip


def _counted(
    details: SceneDetails,
    views: Sequence[BandView],
    known: Sequence[Known],
    rasters: Rasters,
    progress: Progress,
) -> tuple[list[list[SiteCounts | None]], list[str]]:
    """The pixels of each band (outer) and site, and sentences about masks."""
    found, notes = [], []
    for view in views:
        where, note = spoiled(details, view, rasters)
        notes += [note] if note else []
        shapes = [shape for _, shape in known]
        found.append(count_sites(view, shapes, rasters, progress, where))
    return found, notes


class SceneGeometry:
    """One product while its sites are put together: its directions and weather at places."""

    def __init__(
        self, product: Product, details: SceneDetails, clouds: CloudMask, rasters: Rasters
    ) -> None:
        self._product, self._details = product, details
        self._clouds, self._rasters = clouds, rasters
        self.notes: list[str] = []

    def site(
        self, known: Known, views: Sequence[BandView], counted: Sequence[SiteCounts | None]
    ) -> SiteMeasurement | None:
        """The measurement of one site, None where the product has no data there."""
        site, shape = known
        found = [(view, one) for view, one in zip(views, counted, strict=True) if one is not None]
        if not any(len(one.x) for _, one in found):
            if found:
                self.notes.append(f"{site.name} lies where the product has no data.")
            return None
        first_view, first = next((view, one) for view, one in found if len(one.x))
        wkt = first_view.grid.wkt
        share = (first.count + first.saturated) / first.inside
        sun = self.sun(first_view, first)
        factor = self.lighting(sun)
        bands = {view.source.name: statistics(one, view, factor) for view, one in found}
        return SiteMeasurement(
            site, bands, self.views(found), sun,
            self.weather(first.x, first.y, wkt), cloud_fraction(self._clouds, shape, share),
        )  # fmt: skip

    def sun(self, view: BandView, counts: SiteCounts) -> Angles:
        """Toward the sun, as the mean over the places of ``counts``."""
        if self._details.sun is not None:
            return sun_direction(self._details.sun, counts.x, counts.y)
        if self._placed(view):
            return self._landsat(view, counts)[1]
        return _stated(self._product.sun_zenith_deg), _stated(self._product.sun_azimuth_deg)

    def _placed(self, view: BandView) -> bool:
        geometry = self._details.geometry
        return geometry is not None and view.source.name in geometry.bands

    def _landsat(self, view: BandView, counts: SiteCounts) -> tuple[Angles, Angles]:
        """Toward the satellite, and toward the sun."""
        geometry, step = self._details.geometry, max(1, len(counts.x) // _PLACES)
        if geometry is None:
            raise ValueError("no geometry of Landsat")
        satellite, sun = geometry.vectors(
            view.source.name, counts.x[::step], counts.y[::step], view.grid.wkt
        )
        return direction_of(*satellite), direction_of(*sun)

    def lighting(self, sun: Angles) -> float:
        """What reflectances are multiplied by: those of Landsat Level 1 hold for the sun in the
        center of the scene, which at its corners stands up to a degree higher or lower.
        """
        stated = self._product.sun_zenith_deg
        if self._details.geometry is None or stated is None or self._product.level[:2] != "L1":
            return 1.0
        return cos(radians(stated)) / cos(radians(sun[0]))

    def views(self, found: Sequence[tuple[BandView, SiteCounts]]) -> dict[str, Angles]:
        """Toward the satellite by band, as the mean over the places of each."""
        views: dict[str, Angles] = {}
        whole = _stated(self._product.view_zenith_deg), _stated(self._product.view_azimuth_deg)
        for view, counts in found:
            detectors = self._details.detectors.get(view.source.name)
            angles = None
            if self._placed(view) and len(counts.x):
                angles = self._landsat(view, counts)[0]
            elif detectors is not None and len(counts.x):
                angles = view_direction(detectors, counts.x, counts.y, view.grid.wkt, self._rasters)
            views[view.source.name] = whole if angles is None else angles
            if angles is None and len(counts.x):
                self._note_view(whole)
        return views

    def _note_view(self, whole: Angles) -> None:
        name = short(self._product.path)
        self.notes.append(
            f"{name} states no view angles by band: the mean ones of the product are taken."
            if np.isfinite(whole[0])
            else f"{name} states no view angles: they stay empty, and calibrations leave its "
            "measurements out."
        )

    def weather(self, x: FloatArray, y: FloatArray, wkt: str) -> Weather:
        """Ozone, water vapor and pressure at places (n,) in the CRS ``wkt``."""
        if not self._details.weather:
            return Weather(nan, nan, nan, "")
        step = max(1, len(x) // _WEATHER_PLACES)
        places = np.array(
            [unproject(wkt, *place) for place in zip(x[::step], y[::step], strict=True)]
        )
        return read_weather(self._details.weather, places[:, 0], places[:, 1], self._rasters)


def _stated(value: float | None) -> float:
    return nan if value is None else value


def as_json(scene: SceneMeasurements) -> dict[str, Any]:
    """What is worth keeping of the metadata of a product besides its own columns."""
    return {
        "solar_irradiance_w_m2_um": dict(scene.details.irradiance),
        "read_at_m": {name: round(size, 3) for name, size in scene.resolutions_m.items()},
        "notes": list(scene.notes),
        **scene.more,
    }
