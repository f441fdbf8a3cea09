# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiled, compressed GeoTIFF with overviews, written whole or block by block."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from osgeo import gdal

from ..errors import OutputError
from ..progress import Progress, Silent, check
from ..types import AnyArray
from .atomic import not_written
from .grids import Grid
from .rasters import quiet

GDAL_TYPES: dict[str, int] = {
    "bool": gdal.GDT_Byte,
    "uint8": gdal.GDT_Byte,
    "int16": gdal.GDT_Int16,
    "uint16": gdal.GDT_UInt16,
    "int32": gdal.GDT_Int32,
    "uint32": gdal.GDT_UInt32,
    "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64,
}
OVERVIEWS = (2, 4, 8, 16, 32, 64)
SMALLEST_OVERVIEW = 256


class RasterWriter:
    """A GeoTIFF on ``grid``, written block by block; complete when its block is left normally.

    ``path`` is the temporary name given by ``atomic.Staging``, ``shown`` the final one, by which
    messages call it; ``layout``: further creation options of GDAL's GeoTIFF driver; ``progress``:
    who may cancel while overviews are made. Raises ``OutputError`` where anything cannot be
    written, a full disk included.
    """

    def __init__(
        self,
        path: Path | str,
        grid: Grid,
        bands: int,
        dtype: str,
        nodata: float | None = None,
        names: tuple[str, ...] = (),
        shown: str = "",
        layout: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> None:
        self._path, self._shown = str(path), shown
        self._progress = progress or Silent()
        predictor = "PREDICTOR=3" if dtype.startswith("float") else "PREDICTOR=2"
        options = ["COMPRESS=DEFLATE", "TILED=YES", "BIGTIFF=IF_SAFER", predictor, *layout]
        self._dataset: Any = None
        gdal.ErrorReset()
        with quiet():
            try:
                self._dataset = gdal.GetDriverByName("GTiff").Create(
                    self._path, grid.width, grid.height, bands, GDAL_TYPES[dtype], options
                )
            except RuntimeError:
                self._dataset = None
        if self._dataset is None:
            raise self._failed()
        self._dataset.SetProjection(grid.wkt)
        self._dataset.SetGeoTransform(grid.geotransform)
        for index in range(1, bands + 1):
            band = self._dataset.GetRasterBand(index)
            if nodata is not None:
                band.SetNoDataValue(nodata)
            if index <= len(names):
                band.SetDescription(names[index - 1])

    def __enter__(self) -> RasterWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(completely=kind is None)

    def close(self, completely: bool) -> None:
        """Flush and verify everything (``completely``), or drop the file after a failure."""
        try:
            if completely:
                self._finish()
        finally:
            self._dataset = None

    def write(self, band: int, values: AnyArray, column: int = 0, row: int = 0) -> None:
        """Put ``values`` (rows, columns) at ``column``, ``row`` of ``band`` (counted from 1)."""
        code = gdal.CE_Failure
        with quiet():
            try:
                code = self._dataset.GetRasterBand(band).WriteArray(values, column, row)
            except RuntimeError:
                code = gdal.CE_Failure
        if code != gdal.CE_None:
            raise self._failed()

    def flush(self) -> None:
        """Write out what was put so far, so that it takes no memory."""
        with quiet():
            try:
                self._dataset.FlushCache()
            except RuntimeError as error:
                raise self._failed() from error

    def describe(self, key: str, text: str, band: int = 0) -> None:
        """Put an item into GDAL's metadata domain of imagery: of ``band``, or of the file (0)."""
        described = self._dataset.GetRasterBand(band) if band else self._dataset
        described.SetMetadataItem(key, text, "IMAGERY")

    def note(self, key: str, text: str) -> None:
        """Put an item into the metadata of the file."""
        self._dataset.SetMetadataItem(key, text)

    def _finish(self) -> None:
        # A full disk shows itself only here: closing a dataset raises nothing by itself.
        gdal.ErrorReset()
        with quiet():
            try:
                # Not flushed before: overviews would read back and unpack what is still in memory.
                size = max(self._dataset.RasterXSize, self._dataset.RasterYSize)
                levels = [level for level in OVERVIEWS if size / level >= SMALLEST_OVERVIEW]
                if levels:
                    self._dataset.BuildOverviews("NEAREST", levels, self._goes_on)
                self._dataset.FlushCache()
                self._dataset = None
            except RuntimeError as error:
                check(self._progress)
                raise self._failed() from error
            check(self._progress)
            if gdal.GetLastErrorType() >= gdal.CE_Failure:
                raise self._failed()

    def _goes_on(self, *_: object) -> int:
        """GDAL's question whether to go on."""
        return int(not self._progress.canceled())

    def _failed(self) -> OutputError:
        return not_written(self._shown or Path(self._path).name)


def write_raster(
    path: Path | str,
    bands: list[AnyArray],
    grid: Grid,
    nodata: float | None = None,
    names: tuple[str, ...] = (),
    about: Sequence[tuple[str, str]] = (),
) -> None:
    """Write ``bands`` (each rows, columns, of one type) as one GeoTIFF, with items of metadata
    ``about`` it; see ``RasterWriter``.
    """
    with RasterWriter(path, grid, len(bands), bands[0].dtype.name, nodata, names) as writer:
        for item in about:
            writer.describe(*item)
        for index, values in enumerate(bands, start=1):
            writer.write(index, values)
