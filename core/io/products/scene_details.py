# SPDX-License-Identifier: GPL-3.0-or-later
"""What calibration needs of a product besides its bands: directions by detector, weather, spectral
responses, solar irradiance. Of Sentinel-2 L1C all of it is in the product; of others less is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ...types import FloatArray, Product
from ..grids import Grid
from ..rasters import Rasters, short
from .angle_grids import DirectionGrid, sun_grid, view_grids
from .files import ProductFiles
from .landsat_geometry import LandsatGeometry, landsat_geometry
from .odl import Odl
from .registry import files_of
from .safe import granule_of, tile_of
from .vector_masks import MaskPolygon, mask_polygons
from .xmltree import Xml

Curve = tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class Detectors:
    """How one band was seen: the directions by detector, and where each detector saw: a raster of
    their numbers (``raster``: what GDAL opens, "" = none), or ``polygons``.
    """

    grids: Mapping[int, DirectionGrid]
    raster: str = ""
    polygons: tuple[MaskPolygon, ...] = ()


@dataclass(frozen=True)
class SceneDetails:
    """``detectors``, ``irradiance`` (W/m2/um), ``responses`` (wavelengths in nm, response) and
    ``saturated`` (polygons) and ``quality`` (raster masks MSK_QUALIT: what GDAL opens) by the names
    of bands; ``clouds``: polygons, None where there is no
    vector mask; ``weather``: a GRIB file, "" where there is none; ``u_earth_sun``: the correction
    for the distance of the sun; ``offsets``: what is added to DN; ``geometry``: where Landsat and
    the sun stood; ``sha256``: of the metadata.
    """

    sun: DirectionGrid | None = None
    detectors: Mapping[str, Detectors] = field(default_factory=dict)
    clouds: tuple[MaskPolygon, ...] | None = None
    saturated: Mapping[str, tuple[MaskPolygon, ...]] = field(default_factory=dict)
    quality: Mapping[str, str] = field(default_factory=dict)
    weather: str = ""
    u_earth_sun: float = float("nan")
    quantification: float = float("nan")
    offsets: Mapping[str, float] = field(default_factory=dict)
    irradiance: Mapping[str, float] = field(default_factory=dict)
    responses: Mapping[str, Curve] = field(default_factory=dict)
    geometry: LandsatGeometry | None = None
    sha256: str = ""


def read_details(product: Product, rasters: Rasters) -> SceneDetails:
    """The details of a product; raises ``ProductError`` where its metadata are damaged."""
    files = files_of(product.path)
    digest = hashlib.sha256(files.data(files.anchor)).hexdigest()
    if product.reader == "landsat":
        return _landsat(files, digest)
    if product.reader != "safe":
        return SceneDetails(sha256=digest)
    document, granule = files.xml(files.anchor), granule_of(files)
    tile = tile_of(files, granule)
    names = {node.integer("bandId"): node.attribute("physicalBand")
             for node in document.all("Spectral_Information")}  # fmt: skip
    corner = _corner(rasters.grid(next(iter(product.bands.values())).uri))
    weather = files.find(rf"{re.escape(granule)}/AUX_DATA/[^/]*AUX_ECMWFT[^/]*")
    clouds = _mask_files(files, granule, "CLOUDS").get("B00", "")
    saturated = {
        name: tuple(mask_polygons(files.xml(path)))
        for name, path in _by_band(_mask_files(files, granule, "SATURA"), names).items()
        if path.lower().endswith(".gml")
    }
    quality = {
        name: files.uri(path)
        for name, path in _by_band(_mask_files(files, granule, "QUALIT"), names).items()
        if path.lower().endswith(".jp2")
    }
    return SceneDetails(
        sun=sun_grid(tile, corner) if tile else None,
        detectors=_detectors(files, granule, tile, names, corner) if tile else {},
        clouds=tuple(mask_polygons(files.xml(clouds))) if clouds else None,
        saturated=saturated,
        quality=quality,
        weather=files.uri(weather[0]) if weather else "",
        u_earth_sun=document.number("Reflectance_Conversion/U", float("nan")),
        quantification=document.number("QUANTIFICATION_VALUE", float("nan")),
        offsets=_numbers(document, "RADIO_ADD_OFFSET", "band_id", names),
        irradiance=_numbers(document, "SOLAR_IRRADIANCE", "bandId", names),
        responses=_responses(document),
        sha256=digest,
    )


def _landsat(files: ProductFiles, digest: str) -> SceneDetails:
    """The angle coefficient file where there is one, and the distance of the sun."""
    mtl = Odl(files.text(files.anchor), short(files.uri(files.anchor)))
    distance = mtl.maybe("EARTH_SUN_DISTANCE")
    names = files.find(r"[^/]*_ANG\.txt")
    geometry = landsat_geometry(files.text(names[0]), short(files.uri(names[0]))) if names else None
    return SceneDetails(
        geometry=geometry,
        u_earth_sun=1.0 / distance**2 if distance else float("nan"),
        sha256=digest,
    )


def _corner(grid: Grid) -> tuple[float, float]:
    left, _, _, top = grid.bounds()
    return left, top


def _numbers(document: Xml, tag: str, key: str, names: Mapping[int, str]) -> dict[str, float]:
    found = {}
    for node in document.all(tag):
        name = names.get(node.integer(key))
        if name is not None:
            found[name] = node.to_number(node.own_text(), tag)
    return found


def _responses(document: Xml) -> dict[str, Curve]:
    """The response of each band, from ``Wavelength/MIN`` on in steps of ``STEP`` (nm)."""
    found = {}
    for node in document.all("Spectral_Information"):
        listed = node.text("Spectral_Response/VALUES", "").split()
        start = node.maybe("Wavelength/MIN")
        if not listed or start is None:
            continue
        values = np.array([node.to_number(text, "Spectral_Response") for text in listed])
        step = node.number("Spectral_Response/STEP", 1.0)
        found[node.attribute("physicalBand")] = (start + step * np.arange(len(values)), values)
    return found


def _mask_files(files: ProductFiles, granule: str, kind: str) -> dict[str, str]:
    """The mask files of a kind by the code of their band (B02, B8A; B00: of all)."""
    pattern = rf"{re.escape(granule)}/QI_DATA/[^/]*MSK_{kind}_[^/]*\.(?:gml|jp2)"
    found = {}
    for name in files.find(pattern):
        code = re.search(r"_(B\w{2})(?:_MSIL1C)?\.\w+$", name, re.IGNORECASE)
        if code:
            found[code[1].upper()] = name
    return found


def _by_band(by_code: Mapping[str, str], names: Mapping[int, str]) -> dict[str, str]:
    """The files by the names of the metadata (B2 for B02)."""
    codes = {f"B{name[1:]:0>2}": name for name in names.values()}
    return {codes[code]: path for code, path in by_code.items() if code in codes}


def _detectors(
    files: ProductFiles,
    granule: str,
    tile: Xml,
    names: Mapping[int, str],
    corner: tuple[float, float],
) -> dict[str, Detectors]:
    footprints = _by_band(_mask_files(files, granule, "DETFOO"), names)
    found = {}
    for number, grids in view_grids(tile, corner).items():
        name = names.get(number)
        if name is None:
            continue
        path = footprints.get(name, "")
        if path.lower().endswith(".gml"):
            found[name] = Detectors(grids, polygons=tuple(mask_polygons(files.xml(path))))
        else:
            found[name] = Detectors(grids, files.uri(path) if path else "")
    return found
