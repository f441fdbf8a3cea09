# SPDX-License-Identifier: GPL-3.0-or-later
"""Rasters of features: one layer per feature, named by its description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from osgeo import gdal

from ..errors import InputError, ProductError
from .grids import Grid
from .rasters import Rasters, quiet, short
from .stacks import Block


@dataclass(frozen=True)
class FeatureRaster:
    """``names`` of the layers of the file ``uri`` as its descriptions say; how their numbers become
    values: ``number * scale + offset``; the number that means no data (NaN: none).
    """

    uri: str
    grid: Grid
    names: tuple[str, ...]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    nodata: tuple[float, ...]

    def read(self, places: Sequence[int], block: Block) -> npt.NDArray[np.float32]:
        """Values (features, rows, columns) of the layers at ``places`` (from 0); NaN where there
        are no data. Raises ``ProductError`` where the file cannot be read.
        """
        values = None
        with quiet(), Rasters() as rasters:
            try:
                values = rasters.dataset(self.uri).ReadAsArray(
                    *block, buf_type=gdal.GDT_Float32, band_list=[place + 1 for place in places]
                )
            except RuntimeError:
                values = None
        if values is None:
            raise ProductError(
                f"{short(self.uri)} cannot be read: it is damaged or not complete. Get it again."
            )
        planes: npt.NDArray[np.float32] = values.reshape(-1, block.rows, block.columns)
        for plane, place in zip(planes, places, strict=True):
            missing = plane == np.float32(self.nodata[place])
            if (self.scales[place], self.offsets[place]) != (1.0, 0.0):
                plane *= np.float32(self.scales[place])
                plane += np.float32(self.offsets[place])
            plane[missing] = np.nan
        return planes


def open_features(uri: str) -> FeatureRaster:
    """The raster ``uri``, of which nothing is read yet; raises ``ProductError`` where it cannot be
    opened, ``InputError`` where its layers have no descriptions.
    """
    with Rasters() as rasters:
        dataset, grid = rasters.dataset(uri), rasters.grid(uri)
        bands = [dataset.GetRasterBand(one + 1) for one in range(dataset.RasterCount)]
        names = tuple(rasters.layer_names(uri))
        if not any(names):
            raise InputError(
                f"The {len(names)} bands of {short(uri)} have no descriptions, and features are "
                "matched by name: make the stack by 'Compute primitives' "
                "(calval:computeprimitives), or name the bands (gdal_edit.py, or Layer properties)."
            )
        scales = tuple(_number(band.GetScale(), 1.0) for band in bands)
        offsets = tuple(_number(band.GetOffset(), 0.0) for band in bands)
        nodata = tuple(_number(band.GetNoDataValue(), float("nan")) for band in bands)
    return FeatureRaster(uri, grid, names, scales, offsets, nodata)


def _number(value: float | None, default: float) -> float:
    return default if value is None else float(value)
