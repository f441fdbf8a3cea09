# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that carry their RPC: TIFF files that GDAL and other stereo chains read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osgeo import gdal

from ..dem.rpc import RpcModel
from ..errors import OutputError
from ..types import AnyArray
from .atomic import not_written
from .raster_writer import GDAL_TYPES
from .rasters import quiet
from .rpc_layouts import to_gdal


def write_rpc_image(
    path: Path | str,
    values: AnyArray,
    model: RpcModel,
    nodata: float | None = None,
    shown: str = "",
) -> None:
    """Write ``values`` (rows, columns) of one band with ``model`` as a compressed GeoTIFF.

    ``path`` is a temporary name given by ``atomic.Staging``, ``shown`` the final one. Raises
    ``OutputError`` where it cannot be written completely.
    """
    name = shown or Path(path).name
    gdal.ErrorReset()
    with quiet():
        try:
            _write(str(path), values, model, nodata)
        except RuntimeError as error:
            raise not_written(name) from error
        if gdal.GetLastErrorType() >= gdal.CE_Failure:
            raise not_written(name)


def _write(path: str, values: AnyArray, model: RpcModel, nodata: float | None) -> None:
    rows, columns = values.shape
    kind = values.dtype.name
    predictor = "PREDICTOR=3" if kind.startswith("float") else "PREDICTOR=2"
    options = ["COMPRESS=DEFLATE", "TILED=YES", "BIGTIFF=IF_SAFER", predictor]
    dataset: Any = gdal.GetDriverByName("GTiff").Create(
        path, columns, rows, 1, GDAL_TYPES[kind], options
    )
    if dataset is None:
        raise OutputError(f"{Path(path).name} cannot be made. Choose another output.")
    dataset.SetMetadata(to_gdal(model), "RPC")
    if nodata is not None:
        dataset.GetRasterBand(1).SetNoDataValue(nodata)
    dataset.GetRasterBand(1).WriteArray(values)
    dataset.FlushCache()
