# SPDX-License-Identifier: GPL-3.0-or-later
"""Grids of the geoid as PROJ keeps them: files that give its height above the ellipsoid.

They are looked for where PROJ looks for its own (its search paths; a path of a file is taken as it
is). Nothing is fetched from a network, and nothing stands in for a grid that is missing: PROJ
itself would go on with an undulation of zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

from ..errors import InputError
from ..types import FloatArray
from .rasters import open_raster, quiet, short

VERTICAL_ITEM, UNKNOWN = "VERTICAL_REFERENCE", "unknown"  # in GDAL's metadata domain of imagery
HIGHEST_M = 150.0  # undulations of the Earth stay within -107 and 86 m, those of datums near them


@dataclass(frozen=True)
class GeoidGrid:
    """Undulations (rows from north to south, columns) in m, NaN where there is none, at nodes that
    begin at ``west``, ``north`` (degrees) and lie ``east_step``, ``south_step`` (positive) apart.
    """

    path: str
    values: FloatArray
    west: float
    north: float
    east_step: float
    south_step: float

    @property
    def around(self) -> bool:
        """Whether it goes around the Earth."""
        return abs(self.values.shape[1] * self.east_step - 360.0) < 0.5 * self.east_step

    def at(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Bilinear interpolation, as PROJ does it, at places (any shape, degrees); NaN beyond the
        grid and beside nodes without a value.
        """
        rows, columns = self.values.shape
        x, y = (lon - self.west) / self.east_step, (self.north - lat) / self.south_step
        x = np.mod(x, 360.0 / self.east_step)
        inside = (x <= columns - (0 if self.around else 1) + 1e-9) & (y >= -1e-9)
        inside &= y <= rows - 1 + 1e-9
        x, y = np.where(inside, x, 0.0), np.clip(np.where(inside, y, 0.0), 0.0, rows - 1)
        column = np.minimum(x.astype(np.int64), columns - (1 if self.around else 2))
        row = np.minimum(y.astype(np.int64), rows - 2)
        right = (column + 1) % columns
        u, v = x - column, y - row
        upper = self.values[row, column] * (1.0 - u) + self.values[row, right] * u
        lower = self.values[row + 1, column] * (1.0 - u) + self.values[row + 1, right] * u
        return np.where(inside, upper * (1.0 - v) + lower * v, np.nan)


def find_grid(names: Sequence[str]) -> str:
    """The first of the files that is there, or an empty text."""
    for name in names:
        given = Path(name).expanduser()
        places = [given] if given.is_absolute() else [
            *(Path(folder) / name for folder in osr.GetPROJSearchPaths()), given,
        ]  # fmt: skip
        for one in places:
            if one.is_file():
                return str(one)
    return ""


@lru_cache(maxsize=4)
def read_grid(path: str) -> GeoidGrid:
    """Read a grid (GTX, GeoTIFF and what else GDAL knows); raises ``InputError`` where it holds no
    undulations on longitudes and latitudes.
    """
    dataset = open_raster(path)
    left, width, skew, top, turn, height = dataset.GetGeoTransform()
    band = dataset.GetRasterBand(1)
    with quiet():
        try:
            values = band.ReadAsArray()
        except RuntimeError:
            values = None
    reference = dataset.GetSpatialRef()
    flat = reference is None or not reference.IsProjected()
    if values is None or skew or turn or min(values.shape) < 2 or not flat:
        raise _no_geoid(path, "it is damaged, or not on longitudes and latitudes")
    values = values.astype(np.float64)
    if band.GetNoDataValue() is not None:
        values[values == np.float64(band.GetNoDataValue())] = np.nan
    values = values * (band.GetScale() or 1.0) + (band.GetOffset() or 0.0)
    if height > 0.0:
        values, top, height = values[::-1], top + height * len(values), -height
    known = values[np.isfinite(values)]
    if not known.size or not known.any() or np.abs(known).max() > HIGHEST_M:
        raise _no_geoid(path, f"its values are none, all zero, or beyond {HIGHEST_M:g} m")
    return GeoidGrid(path, values, left + 0.5 * width, top + 0.5 * height, width, -height)


def _no_geoid(path: str, why: str) -> InputError:
    return InputError(
        f"{short(path)} is no grid of undulations: {why}. Give a vertical grid of PROJ, e.g. "
        "egm96_15.gtx."
    )


def vertical_tag(dataset: gdal.Dataset) -> str:
    """What a file says of its heights beside its CRS: the reference that was written as
    ``VERTICAL_ITEM``, ``EGM96``, ``EGM2008``, or nothing.

    DTED, and what was made of it, names the geoid (E96, E08); files of SRTM (.hgt) are above EGM96.
    """
    written = dataset.GetMetadataItem(VERTICAL_ITEM, "IMAGERY")
    written = written or dataset.GetMetadataItem(VERTICAL_ITEM) or ""
    if written and written != UNKNOWN:
        return str(written)
    tags = {"E96": "EGM96", "E08": "EGM2008"}
    tag = tags.get((dataset.GetMetadataItem("DTED_VerticalDatum") or "").strip(), "")
    if not tag and dataset.GetDriver().ShortName == "SRTMHGT":
        return "EGM96"
    return tag
