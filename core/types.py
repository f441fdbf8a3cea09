# SPDX-License-Identifier: GPL-3.0-or-later
"""Value types shared by all domains: immutable, free of files' content and of QGIS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
TimeArray = npt.NDArray[np.datetime64]
AnyArray = npt.NDArray[Any]


class Flag(StrEnum):
    """What a mask can say of a pixel, in one vocabulary for all product formats."""

    NODATA = "nodata"
    SATURATED = "saturated"
    CLOUD = "cloud"
    THIN_CLOUD = "thin_cloud"
    CIRRUS = "cirrus"
    CLOUD_SHADOW = "cloud_shadow"
    CLOUD_OR_SHADOW = "cloud_or_shadow"
    SNOW = "snow"
    WATER = "water"
    TERRAIN = "terrain"  # topographic shadow or hidden surface: some writers swap the two
    LOW_SUN = "low_sun"
    TANGENT_SUN = "tangent_sun"
    AOT_INTERPOLATED = "aot_interpolated"
    WATER_VAPOR_INTERPOLATED = "water_vapor_interpolated"
    DARK = "dark"
    VEGETATION = "vegetation"
    BARE = "bare"
    UNCLASSIFIED = "unclassified"
    AEROSOL_CLIMATOLOGY = "aerosol_climatology"
    AEROSOL_LOW = "aerosol_low"
    AEROSOL_MEDIUM = "aerosol_medium"
    AEROSOL_HIGH = "aerosol_high"
    AEROSOL_VALID = "aerosol_valid"
    MASKED = "masked"  # left out by a mask that does not say why


@dataclass(frozen=True)
class BandSource:
    """Where the values of one band are, and how to turn them into physical units.

    ``value = DN * scale + offset`` in ``unit``; ``nodata`` and ``saturation`` are DN values; all of
    them come from the product's own metadata. ``uri`` is anything GDAL opens (``/vsizip/`` paths
    included), ``band`` counts from 1.
    """

    name: str
    uri: str
    band: int = 1
    scale: float = 1.0
    offset: float = 0.0
    nodata: float | None = None
    saturation: float | None = None
    wavelength_nm: float | None = None
    resolution_m: float | None = None
    unit: str = "1"


@dataclass(frozen=True)
class MaskSource:
    """Where a mask is, and what its bits or classes mean.

    ``kind`` is ``"bits"`` (``meaning`` maps a bit index, counted from 0, to a flag), ``"classes"``
    (``meaning`` maps a pixel value to a flag) or ``"others"`` (every value but those in ``meaning``
    carries their flag: the mask only says what is clear). Several bits or classes may carry the
    same flag: they are joined by OR.
    """

    name: str
    uri: str
    meaning: Mapping[int, Flag]
    kind: str = "bits"
    band: int = 1
    resolution_m: float | None = None


@dataclass(frozen=True)
class Product:
    """One acquisition of one tile or site, as its own metadata describe it.

    ``time`` is UTC (``datetime64[ms]``); angles are degrees; ``footprint`` is a closed ring of
    (longitude, latitude) corners in degrees (WGS 84); ``datatake`` groups the tiles of one
    overpass; ``orbit`` is the relative orbit (Landsat: the WRS path), "" where the metadata do not
    state it; ``notes`` are sentences about what the reader found odd. ``aot`` and ``water_vapor``
    (cm) are None where the product has none.
    """

    path: str
    reader: str
    sensor: str
    platform: str
    level: str
    site: str
    time: np.datetime64
    baseline: str = ""
    campaign: str = ""
    datatake: str = ""
    orbit: str = ""
    bands: Mapping[str, BandSource] = field(default_factory=dict)
    masks: Mapping[str, MaskSource] = field(default_factory=dict)
    aot: BandSource | None = None
    water_vapor: BandSource | None = None
    sun_zenith_deg: float | None = None
    sun_azimuth_deg: float | None = None
    view_zenith_deg: float | None = None
    view_azimuth_deg: float | None = None
    cloud_percent: float | None = None
    footprint: tuple[tuple[float, float], ...] = ()
    notes: tuple[str, ...] = ()
