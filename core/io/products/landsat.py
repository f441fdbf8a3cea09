# SPDX-License-Identifier: GPL-3.0-or-later
"""Landsat of the USGS: Collection 2 Level-2 surface reflectance, and Level-1 (Collections 1 and 2).

Source: the product's MTL file; bits of QA_PIXEL and SR_QA_AEROSOL: Landsat 8-9 Collection 2 Level 2
Science Product Guide (LSDS-1619); of BQA: Landsat Collection 1 Level 1 Product Definition
(LSDS-1656). Level 2 carries no AOT, only a class of aerosol content.
"""

from __future__ import annotations

import re
from math import radians, sin

from ...errors import ProductError
from ...types import BandSource, Flag, MaskSource, Product
from ..rasters import short
from .angles import fields
from .files import ProductFiles
from .odl import Odl
from .reader import (
    ReaderOptions,
    Ring,
    note_absent,
    raster_ring,
    require_rasters,
    ring_from,
    utc,
)

PIXEL_BITS = {
    0: Flag.NODATA,
    1: Flag.CLOUD,
    2: Flag.CIRRUS,
    3: Flag.CLOUD,
    4: Flag.CLOUD_SHADOW,
    5: Flag.SNOW,
    7: Flag.WATER,
}
# Collection 1, LSDS-1656: confidences take two bits, of which the upper one means medium or high.
ASSESSMENT_BITS = {
    0: Flag.NODATA,
    2: Flag.SATURATED,
    3: Flag.SATURATED,
    4: Flag.CLOUD,
    8: Flag.CLOUD_SHADOW,
    10: Flag.SNOW,
    12: Flag.CIRRUS,
}
AEROSOL_BITS = {
    0: Flag.NODATA,
    1: Flag.AEROSOL_VALID,
    2: Flag.WATER,
    5: Flag.AOT_INTERPOLATED,
}
AEROSOL_LEVELS = (
    Flag.AEROSOL_CLIMATOLOGY,
    Flag.AEROSOL_LOW,
    Flag.AEROSOL_MEDIUM,
    Flag.AEROSOL_HIGH,
)
# Bits 6 and 7 hold the level; written as classes of the whole byte, fill (bit 0) left out.
AEROSOL_CLASSES = {code: AEROSOL_LEVELS[code >> 6] for code in range(256) if not code & 1}
SATURATION_BITS = dict.fromkeys(range(7), Flag.SATURATED)
SENSORS = {"OLI_TIRS": "OLI", "OLI": "OLI", "ETM": "ETM+", "TM": "TM", "MSS": "MSS"}
CORNERS = ("UL", "UR", "LR", "LL")


class LandsatReader:
    """Landsat: a folder or tar with ``*_MTL.txt``."""

    name = "landsat"
    anchor = re.compile(r"L[A-Z]\d{2}_L[12].+_MTL\.txt$", re.IGNORECASE)
    folder = re.compile(r"L[A-Z]\d{2}_L[12][A-Z]{2}_\d{6}_\d{8}_\d{8}_\d{2}_(T1|T2|RT)$")

    def can_read(self, files: ProductFiles) -> bool:
        """Whether the MTL file has the groups of Landsat metadata."""
        return Odl(files.text(files.anchor), short(files.uri(files.anchor))).known

    def read(self, files: ProductFiles, options: ReaderOptions) -> Product:
        """The product: surface reflectance (Level 2), else top-of-atmosphere reflectance."""
        mtl = Odl(files.text(files.anchor), short(files.uri(files.anchor)))
        level = mtl.text("PROCESSING_LEVEL", "") or mtl.text("DATA_TYPE")
        surface = level.startswith("L2")
        notes: list[str] = []
        absent: list[str] = []
        bands = _bands(files, mtl, surface, absent)
        masks = _masks(files, mtl, absent)
        note_absent(notes, absent)
        if not masks:
            notes.append("No quality raster is there, so nothing can be masked.")
        uri = require_rasters(files, bands)
        if surface:
            notes.append(
                "Landsat Level 2 carries no AOT, only aerosol classes (low, medium, high)."
            )
        platform = mtl.text("SPACECRAFT_ID").replace("_", "")
        path_row = f"{int(mtl.number('WRS_PATH')):03d}{int(mtl.number('WRS_ROW')):03d}"
        day = mtl.text("DATE_ACQUIRED")
        return Product(
            path=files.path,
            reader=self.name,
            sensor=SENSORS.get(mtl.text("SENSOR_ID"), mtl.text("SENSOR_ID")),
            platform=platform,
            level=level,
            site=path_row,
            time=utc(f"{day}T{mtl.text('SCENE_CENTER_TIME')}", mtl.where, notes),
            baseline=mtl.text("PROCESSING_SOFTWARE_VERSION", ""),
            datatake=f"{platform}_{path_row[:3]}_{day}",
            orbit=str(int(path_row[:3])),
            bands=bands,
            masks=masks,
            cloud_percent=mtl.maybe("CLOUD_COVER"),
            footprint=_footprint(mtl, uri),
            notes=tuple(notes),
            **fields((90.0 - mtl.number("SUN_ELEVATION"), mtl.maybe("SUN_AZIMUTH")), (None, None)),
        )


def _bands(
    files: ProductFiles, mtl: Odl, surface: bool, absent: list[str]
) -> dict[str, BandSource]:
    """Reflective bands. Level 2 states scales of both levels under the same keys, by group."""
    if surface:
        group = "LEVEL2_SURFACE_REFLECTANCE_PARAMETERS"
    else:
        group = "LEVEL1_RADIOMETRIC_RESCALING|RADIOMETRIC_RESCALING"
    lighting = 1.0 if surface else _lighting(mtl)
    bands: dict[str, BandSource] = {}
    for key, listed in mtl.keys(r"FILE_NAME_BAND_\d+"):
        number = key.rsplit("_", 1)[-1]
        scale = mtl.maybe(f"REFLECTANCE_MULT_BAND_{number}", group)
        offset = mtl.maybe(f"REFLECTANCE_ADD_BAND_{number}", group)
        if scale is None or offset is None:
            continue
        name = files.resolve(listed)
        if name is None:
            absent.append(listed)
            continue
        limits = "LEVEL1_MIN_MAX_PIXEL_VALUE|MIN_MAX_PIXEL_VALUE" if not surface else group
        lowest = mtl.maybe(f"QUANTIZE_CAL_MIN_BAND_{number}", limits)
        bands[f"B{number}"] = BandSource(
            name=f"B{number}",
            uri=files.uri(name),
            scale=scale / lighting,
            offset=offset / lighting,
            nodata=None if lowest is None else lowest - 1.0,
            saturation=mtl.maybe(f"QUANTIZE_CAL_MAX_BAND_{number}", limits),
            resolution_m=_resolution(mtl, number),
        )
    return bands


def _lighting(mtl: Odl) -> float:
    """Sine of the sun's elevation: Level-1 scales give reflectance under a sun in the zenith."""
    elevation = mtl.number("SUN_ELEVATION")
    if elevation <= 0:
        raise ProductError(
            f"{mtl.where}: the sun is below the horizon, so there is no reflectance."
        )
    return sin(radians(elevation))


def _resolution(mtl: Odl, number: str) -> float | None:
    kind = "PANCHROMATIC" if number == "8" and "OLI" in mtl.text("SENSOR_ID") else "REFLECTIVE"
    return mtl.maybe(f"GRID_CELL_SIZE_{kind}")


def _masks(files: ProductFiles, mtl: Odl, absent: list[str]) -> dict[str, MaskSource]:
    described = (
        ("QA_PIXEL", "FILE_NAME_QUALITY_L1_PIXEL", PIXEL_BITS, "bits"),
        ("BQA", "FILE_NAME_BAND_QUALITY", ASSESSMENT_BITS, "bits"),
        ("QA_RADSAT", "FILE_NAME_QUALITY_L1_RADIOMETRIC_SATURATION", SATURATION_BITS, "bits"),
        ("SR_QA_AEROSOL", "FILE_NAME_QUALITY_L2_AEROSOL", AEROSOL_BITS, "bits"),
        ("SR_QA_AEROSOL level", "FILE_NAME_QUALITY_L2_AEROSOL", AEROSOL_CLASSES, "classes"),
    )
    masks = {}
    for label, key, meaning, kind in described:
        listed = mtl.text(key, "")
        name = files.resolve(listed) if listed else None
        if listed and name is None and listed not in absent:
            absent.append(listed)
        if name is not None:
            size = mtl.maybe("GRID_CELL_SIZE_REFLECTIVE")
            masks[label] = MaskSource(label, files.uri(name), meaning, kind, resolution_m=size)
    return masks


def _footprint(mtl: Odl, uri: str) -> Ring:
    corners = []
    for corner in CORNERS:
        longitude = mtl.maybe(f"CORNER_{corner}_LON_PRODUCT")
        latitude = mtl.maybe(f"CORNER_{corner}_LAT_PRODUCT")
        if longitude is not None and latitude is not None:
            corners.append((longitude, latitude))
    return ring_from(corners) if len(corners) == len(CORNERS) else raster_ring(uri)
