# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up products and stacks whose every pixel is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr

from calval_toolbox.core.io.grids import unproject
from calval_toolbox.core.io.products.synthetic import Scene

LEFT, TOP, PIXEL = 368000.0, 4826500.0, 10.0
SHAPE = (60, 60)


def utm() -> str:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    return reference.ExportToWkt()


def place(column: float, row: float) -> tuple[float, float]:
    """Longitude and latitude of a position in pixels."""
    return unproject(utm(), LEFT + column * PIXEL, TOP - row * PIXEL)


def ramp(base: float) -> np.ndarray:
    """A different value in every pixel: base + 0.001 column + 0.0001 row."""
    rows, columns = np.indices(SHAPE)
    return base + 0.001 * columns + 0.0001 * rows


@pytest.fixture
def land() -> SimpleNamespace:
    """Where the scenes lie, and what their pixels hold."""
    return SimpleNamespace(place=place, ramp=ramp, utm=utm(), shape=SHAPE, pixel=PIXEL)


@pytest.fixture
def scene() -> Callable[..., Scene]:
    """A scene of the day ``day`` of July 2020; fields can be changed."""

    def make(day: int, **fields: Any) -> Scene:
        made = Scene(
            site="T31TCJ",
            time=np.datetime64(f"2020-07-{day:02d}T10:50:31.024", "ms"),
            epsg=32631,
            left=LEFT,
            top=TOP,
            pixel_m=PIXEL,
            aot=np.full(SHAPE, 0.2),
            water_vapor=np.full(SHAPE, 2.0),
            reflectance={"B2": ramp(0.05), "B4": ramp(0.1), "B8": ramp(0.3), "B11": ramp(0.2)},
        )
        return replace(made, **fields)

    return make


@pytest.fixture
def write_stack() -> Callable[..., Path]:
    """Writes arrays (bands, rows, columns) as one GeoTIFF on the grid of the scenes."""

    def write(
        path: Path,
        bands: np.ndarray,
        names: tuple[str, ...] = (),
        nodata: float | None = None,
        metadata: dict[str, str] | None = None,
        geotransform: tuple[float, ...] = (LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL),
        wkt: str = "",
        scaling: tuple[float, float] | None = None,
    ) -> Path:
        kinds = {"float32": gdal.GDT_Float32, "int16": gdal.GDT_Int16, "uint8": gdal.GDT_Byte}
        path.parent.mkdir(parents=True, exist_ok=True)
        made = gdal.GetDriverByName("GTiff").Create(
            str(path), bands.shape[2], bands.shape[1], len(bands), kinds[bands.dtype.name]
        )
        made.SetProjection(wkt or utm())
        made.SetGeoTransform(geotransform)
        made.SetMetadata(metadata or {})
        for index, values in enumerate(bands, start=1):
            band = made.GetRasterBand(index)
            band.WriteArray(values)
            if names:
                band.SetDescription(names[index - 1])
            if nodata is not None:
                band.SetNoDataValue(nodata)
            if scaling:
                band.SetScale(scaling[0])
                band.SetOffset(scaling[1])
        return path

    return write
