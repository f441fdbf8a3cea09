# SPDX-License-Identifier: GPL-3.0-or-later
"""Weather of numerical forecasts in GRIB files, as Sentinel-2 products carry it (AUX_ECMWFT)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import ProductError
from ..types import FloatArray
from .rasters import Rasters, short

# One Dobson unit of ozone in kg/m2: 2.1415e-5 (ECMWF, parameter 206).
KG_M2_PER_DU = 2.1415e-5
_WATER, _OZONE, _PRESSURE = ("PWC", "TCWV", "PWAT"), ("TCO3", "TOZNE"), ("MSL", "PRMSL")
_SURFACE = ("SP", "PRES")


@dataclass(frozen=True)
class Weather:
    """Means over a site: ``ozone_du``, ``water_g_cm2``, ``pressure_hpa`` (NaN: not stated);
    ``level``: where the pressure holds, "mean sea level", "surface" or "".
    """

    ozone_du: float
    water_g_cm2: float
    pressure_hpa: float
    level: str


def read_weather(
    uri: str, longitude: FloatArray, latitude: FloatArray, rasters: Rasters
) -> Weather:
    """The mean over places (n,), bilinear between the nodes of the forecast.

    Raises ``ProductError`` where the file is damaged or does not cover the places.
    """
    dataset = rasters.dataset(uri)
    elements = {}
    for number in range(1, dataset.RasterCount + 1):
        metadata = dataset.GetRasterBand(number).GetMetadata()
        elements[metadata.get("GRIB_ELEMENT", "")] = (number, metadata.get("GRIB_UNIT", ""))
    size = (dataset.RasterXSize, dataset.RasterYSize)
    geotransform = dataset.GetGeoTransform()

    def value(names: tuple[str, ...], unit: str) -> float:
        found = next((elements[name] for name in names if name in elements), None)
        if found is None:
            return float("nan")
        if found[1] != f"[{unit}]":
            raise ProductError(
                f"{short(uri)} gives {names[0]} in {found[1]}, not in {unit}: its values cannot "
                "be used. Get the product again."
            )
        nodes = rasters.read(uri, found[0], 0, 0, *size)
        return float(_between(nodes, geotransform, longitude, latitude, uri).mean())

    surface = value(_SURFACE, "Pa")
    pressure = surface if np.isfinite(surface) else value(_PRESSURE, "Pa")
    level = "surface" if np.isfinite(surface) else "mean sea level"
    return Weather(
        value(_OZONE, "kg/m^2") / KG_M2_PER_DU,
        value(_WATER, "kg/m^2") / 10.0,
        pressure / 100.0,
        level if np.isfinite(pressure) else "",
    )


def _between(
    nodes: FloatArray,
    geotransform: tuple[float, ...],
    longitude: FloatArray,
    latitude: FloatArray,
    uri: str,
) -> FloatArray:
    """Bilinear values; the nodes are the centers of the pixels."""
    left, width, _, top, _, height = geotransform
    around = np.mod(longitude - left + 180.0, 360.0) - 180.0
    column, row = around / width - 0.5, (latitude - top) / height - 0.5
    rows, columns = nodes.shape
    # Half a node of grace: tiles reach a little beyond the outermost nodes.
    inside = (column > -1.0) & (column < columns) & (row > -1.0) & (row < rows)
    if not inside.all():
        raise ProductError(
            f"The weather in {short(uri)} does not cover the tile. Get the product again."
        )
    column, row = np.clip(column, 0, columns - 1), np.clip(row, 0, rows - 1)
    x, y = np.minimum(column.astype(int), columns - 2), np.minimum(row.astype(int), rows - 2)
    right, down = column - x, row - y
    upper = nodes[y, x] * (1 - right) + nodes[y, x + 1] * right
    lower = nodes[y + 1, x] * (1 - right) + nodes[y + 1, x + 1] * right
    return np.asarray(upper * (1 - down) + lower * down)
