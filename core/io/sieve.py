# SPDX-License-Identifier: GPL-3.0-or-later
"""Small areas of a map of classes given to their largest neighbors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import gdal

from ..errors import InputError
from ..progress import Progress, Silent, check
from ..types import AnyArray
from .class_maps import map_grid, read_codes, strips
from .raster_writer import RasterWriter
from .rasters import Rasters, quiet

_MOST_ROUNDS = 200
CONNECTEDNESS = (4, 8)


def sieve(
    source: str,
    target: Path | str,
    least: int,
    connectedness: int,
    folder: Path | str,
    shown: str = "",
    progress: Progress | None = None,
) -> int:
    """Write ``source`` to ``target`` with areas of fewer than ``least`` pixels given to the largest
    area beside them; pixels without a class stay so, and take nothing.

    GDAL's sieve is repeated until nothing changes, since a small area whose largest neighbor is
    small too stays at first. ``folder``: for two intermediate rasters. Returns the pixels changed.
    Raises ``InputError`` where it fails.
    """
    progress = progress or Silent()
    with Rasters() as rasters:
        grid = map_grid(source, rasters)
        band = rasters.dataset(source).GetRasterBand(1)
        kind = "uint8" if band.DataType == gdal.GDT_Byte else "uint16"
        current, other = (_copy(Path(folder) / f"sieve{n}.tif", band) for n in (0, 1))
        for row, rows in strips(grid):
            values = read_codes(source, rasters, 0, row, grid.width, rows)
            current.WriteArray(values.astype(kind), 0, row)
        for turn in range(_MOST_ROUNDS):
            check(progress)
            progress.report(turn / _MOST_ROUNDS)
            _sieved(current, other, least, connectedness)
            changed = sum(
                int(np.count_nonzero(_part(current, row, rows) != _part(other, row, rows)))
                for row, rows in strips(grid)
            )
            current, other = other, current
            if not changed:
                break
        total = 0
        with RasterWriter(target, grid, 1, kind, 0, ("class",), shown) as writer:
            for row, rows in strips(grid):
                values = _part(current, row, rows)
                writer.write(1, values, 0, row)
                before = read_codes(source, rasters, 0, row, grid.width, rows)
                total += int(np.count_nonzero(before != values))
    return total


def _copy(path: Path, band: gdal.Band) -> gdal.Band:
    kind = gdal.GDT_Byte if band.DataType == gdal.GDT_Byte else gdal.GDT_UInt16
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), band.XSize, band.YSize, 1, kind, ["COMPRESS=LZW", "BIGTIFF=IF_SAFER"]
    )
    made = dataset.GetRasterBand(1)
    made.owner = dataset  # a band does not live without its dataset
    made.SetNoDataValue(0)
    return made


def _sieved(source: gdal.Band, target: gdal.Band, least: int, connectedness: int) -> None:
    with quiet():
        try:
            # No class is 0 and no data: its mask keeps it apart.
            code = gdal.SieveFilter(source, source.GetMaskBand(), target, least, connectedness)
        except RuntimeError:
            code = gdal.CE_Failure
    if code != gdal.CE_None:
        raise InputError("The map cannot be sieved. Is the disk full? Choose another output.")


def _part(band: gdal.Band, row: int, rows: int) -> AnyArray:
    return np.asarray(band.ReadAsArray(0, row, band.XSize, rows))
