# SPDX-License-Identifier: GPL-3.0-or-later
"""What a made-up product shows, and the small tools that all writers of made-up products share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

from ...errors import OutputError
from ...types import AnyArray, BoolArray, Flag, FloatArray

GDAL_TYPES = {
    "uint8": gdal.GDT_Byte,
    "uint16": gdal.GDT_UInt16,
    "int16": gdal.GDT_Int16,
    "float32": gdal.GDT_Float32,
}
_TILE = 256


@dataclass(frozen=True)
class Scene:
    """One acquisition to be written in any product format; all arrays (rows, columns), north up.

    ``aot`` (550 nm, NaN = no retrieval) and ``water_vapor`` (cm); ``reflectance`` maps band names
    to surface (or, for L1C, top-of-atmosphere) reflectance, NaN = no data; ``flags`` is what the
    masks will say, in the vocabulary of ``Flag`` (``NODATA`` marks what lies outside the image).
    ``left``, ``top`` are the outer edges of the first pixel in the units of ``epsg``, ``pixel_m``
    the pixel size of the finest grid (formats with a second, coarser grid get every other pixel).
    ``site`` is the tile or the site as the format writes it (``T31TCJ``, ``JTanzanieD0000B0000``).
    """

    site: str
    time: np.datetime64
    epsg: int
    left: float
    top: float
    pixel_m: float
    aot: FloatArray
    water_vapor: FloatArray | None = None
    reflectance: Mapping[str, FloatArray] = field(default_factory=dict)
    flags: Mapping[Flag, BoolArray] = field(default_factory=dict)
    sun_zenith_deg: float = 40.0
    sun_azimuth_deg: float = 150.0
    view_zenith_deg: float = 5.0
    view_azimuth_deg: float = 100.0
    cloud_percent: float | None = None
    orbit: int = 51

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the finest grid."""
        return int(self.aot.shape[0]), int(self.aot.shape[1])

    def flag(self, flag: Flag) -> BoolArray:
        """Where ``flag`` is set; nowhere if the scene does not mention it."""
        return self.flags.get(flag, np.zeros(self.shape, dtype=np.bool_))

    def bits(self, layout: Mapping[int, tuple[Flag, ...]]) -> AnyArray:
        """A byte mask: bit ``index`` (from 0) is set where any of its flags is."""
        mask = np.zeros(self.shape, dtype=np.uint8)
        for index, flags in layout.items():
            for flag in flags:
                mask[self.flag(flag)] |= 1 << index
        return mask

    def clouds(self) -> float:
        """The cloud share in percent: as given, or as the cloud flags say."""
        if self.cloud_percent is not None:
            return self.cloud_percent
        return float(np.mean(self.flag(Flag.CLOUD) | self.flag(Flag.CLOUD_OR_SHADOW))) * 100.0

    def corners(self) -> dict[str, tuple[float, float, float, float]]:
        """Outer corners (and the center) as (longitude, latitude, x, y)."""
        rows, columns = self.shape
        right, bottom = self.left + columns * self.pixel_m, self.top - rows * self.pixel_m
        middle = ((self.left + right) / 2, (self.top + bottom) / 2)
        points = {
            "upperLeft": (self.left, self.top),
            "upperRight": (right, self.top),
            "lowerRight": (right, bottom),
            "lowerLeft": (self.left, bottom),
            "center": middle,
        }
        return {name: (*_lonlat(self.epsg, *point), *point) for name, point in points.items()}


def encode(
    values: FloatArray, factor: float, dtype: str, nodata: float, offset: float = 0.0
) -> AnyArray:
    """``round(values * factor + offset)`` clipped to ``dtype``; NaN becomes ``nodata``."""
    bounds = np.iinfo(dtype)
    scaled = np.clip(np.rint(np.nan_to_num(values) * factor + offset), bounds.min, bounds.max)
    return np.where(np.isnan(values), nodata, scaled).astype(dtype)


def write_tif(
    path: Path, bands: list[AnyArray], scene: Scene, step: int = 1, driver: str = "GTiff"
) -> None:
    """Write ``bands`` on the scene's grid, every ``step``-th pixel; raises ``OutputError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = [np.ascontiguousarray(band[::step, ::step]) for band in bands]
    rows, columns = data[0].shape
    memory = gdal.GetDriverByName("MEM").Create(
        "", columns, rows, len(data), GDAL_TYPES[data[0].dtype.name]
    )
    memory.SetProjection(_wkt(scene.epsg))
    size = scene.pixel_m * step
    memory.SetGeoTransform((scene.left, size, 0.0, scene.top, 0.0, -size))
    for index, band in enumerate(data, start=1):
        memory.GetRasterBand(index).WriteArray(band)
    options = {
        "GTiff": ["COMPRESS=DEFLATE"],
        "JP2OpenJPEG": ["QUALITY=100", "REVERSIBLE=YES", "YCBCR420=NO"],
    }[driver]
    if driver == "GTiff" and max(rows, columns) > _TILE:  # a smaller image would fill up a tile
        options += ["TILED=YES", f"BLOCKXSIZE={_TILE}", f"BLOCKYSIZE={_TILE}"]
    copy = gdal.GetDriverByName(driver).CreateCopy(str(path), memory, options=options)
    if copy is None:
        raise OutputError(f"{path} could not be written. Check free space and rights.")
    copy.FlushCache()
    del copy


@cache
def _wkt(epsg: int) -> str:
    """Asked once: a product has dozens of files."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    return str(reference.ExportToWkt())


def element(tag: str, content: object = "", /, **attributes: object) -> str:
    """One XML element; text content is escaped, a list is taken as ready children."""
    described = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    inner = "".join(content) if isinstance(content, list) else escape(str(content), quote=False)
    return f"<{tag}{described}>{inner}</{tag}>\n"


def write_xml(path: Path, root: str) -> None:
    """Write an XML document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('<?xml version="1.0" encoding="UTF-8"?>\n' + root, encoding="utf-8")


def iso(time: np.datetime64) -> str:
    """``time`` as ISO 8601 text with milliseconds."""
    return str(np.datetime_as_string(time.astype("datetime64[ms]")))


def stamp(time: np.datetime64, style: str) -> str:
    """``time`` in the style of file names, e.g. ``%Y%m%d``."""
    return str(time.astype("datetime64[s]").item().strftime(style))


def _lonlat(epsg: int, x: float, y: float) -> tuple[float, float]:
    source, target = osr.SpatialReference(), osr.SpatialReference()
    source.ImportFromEPSG(epsg)
    target.ImportFromEPSG(4326)
    for reference in (source, target):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    longitude, latitude, _ = osr.CoordinateTransformation(source, target).TransformPoint(x, y)
    return float(longitude), float(latitude)
