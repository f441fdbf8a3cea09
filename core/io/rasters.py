# SPDX-License-Identifier: GPL-3.0-or-later
"""Small windows out of large rasters, in digital numbers or physical units.

Whole tiles are never read for a window. A ``Rasters`` object keeps files open, so that several
bands, windows and sites of one product open each file once; it belongs to one thread.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from osgeo import gdal

from ..errors import ProductError
from ..types import AnyArray, BandSource, BoolArray, FloatArray
from .grids import Geotransform, Grid, frame_around, grid_of, same_crs
from .raster_values import scaled
from .siblings import beside

SHAPES = ("square", "circle")


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels around a place, clipped to the raster.

    ``values`` (rows, columns) are DN as stored. ``row_distance_m`` (rows,), ``column_distance_m``
    (columns,): distance of the pixel centers from the place along each axis. ``expected``: how
    many pixels the window would have if the raster had no edge.
    """

    uri: str
    grid: Grid
    column_off: int
    row_off: int
    values: AnyArray
    row_distance_m: FloatArray
    column_distance_m: FloatArray
    half_width_m: float
    expected: int
    circular: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.values.shape[0]), int(self.values.shape[1])

    @property
    def pixel_width(self) -> float:
        """Size of a pixel from west to east, in CRS units (positive)."""
        return self.grid.pixel_width

    @property
    def pixel_height(self) -> float:
        """Size of a pixel from north to south, in CRS units (positive)."""
        return self.grid.pixel_height

    @property
    def geotransform(self) -> Geotransform:
        """Geotransform of the window itself."""
        left, width, _, top, _, height = self.grid.geotransform
        return (
            left + self.column_off * width,
            width,
            0.0,
            top + self.row_off * height,
            0.0,
            height,
        )

    @property
    def inside(self) -> BoolArray:
        """The pixels (rows, columns) of the window: all of a square, those within a circle."""
        return self.within(self.half_width_m)

    def within(self, half_width_m: float) -> BoolArray:
        """The pixels (rows, columns) of a nested, smaller window of the same shape."""
        if self.circular:
            return np.hypot.outer(self.row_distance_m, self.column_distance_m) <= half_width_m
        near = (self.row_distance_m <= half_width_m, self.column_distance_m <= half_width_m)
        return np.logical_and.outer(*near)

    def centers(self) -> tuple[FloatArray, FloatArray]:
        """Coordinates of the pixel centers: x of the columns, y of the rows."""
        left, width, _, top, _, height = self.geotransform
        rows, columns = self.shape
        return left + (np.arange(columns) + 0.5) * width, top + (np.arange(rows) + 0.5) * height


def block_of(grid: Grid, column: int, row: int, columns: int, rows: int) -> Window:
    """A rectangle of pixels of ``grid`` as a window without values: a place to read others at."""
    return Window(
        uri="",
        grid=grid,
        column_off=column,
        row_off=row,
        values=np.broadcast_to(np.uint8(0), (rows, columns)),
        row_distance_m=np.zeros(rows),
        column_distance_m=np.zeros(columns),
        half_width_m=0.0,
        expected=rows * columns,
    )


class Rasters:
    """Open files, the most recently used ``limit`` of them; closed when the block is left."""

    def __init__(self, limit: int = 64) -> None:
        self._limit = limit
        self._open: OrderedDict[str, gdal.Dataset] = OrderedDict()
        self._grids: dict[str, Grid] = {}

    def __enter__(self) -> Rasters:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        self._open.clear()
        self._grids.clear()

    def dataset(self, uri: str) -> gdal.Dataset:
        """The opened file ``uri``; raises ``ProductError`` where it cannot be opened."""
        if uri not in self._open:
            self._open[uri] = open_raster(uri, beside(uri))
            if len(self._open) > self._limit:
                self._open.popitem(last=False)
        self._open.move_to_end(uri)
        return self._open[uri]

    def grid(self, uri: str) -> Grid:
        """The grid of ``uri``; raises ``ProductError`` where it has none."""
        if uri not in self._grids:
            self._grids[uri] = grid_of(self.dataset(uri), short(uri))
        return self._grids[uri]

    def grid_like(self, uri: str, known: Grid) -> Grid:
        """As ``grid``, for files of one product: where size and geotransform are those of ``known``
        the coordinate system is too, and is not asked for, which takes most of the time.
        """
        if uri not in self._grids:
            dataset = self.dataset(uri)
            size = (dataset.RasterXSize, dataset.RasterYSize)
            same = size == (known.width, known.height)
            if same and tuple(dataset.GetGeoTransform()) == known.geotransform:
                self._grids[uri] = known
        return self.grid(uri)

    def layer_names(self, uri: str) -> list[str]:
        """What the file says of its bands (descriptions), "" where it says nothing."""
        dataset = self.dataset(uri)
        bands = map(dataset.GetRasterBand, range(1, dataset.RasterCount + 1))
        return [str(band.GetDescription() or "").strip() for band in bands]

    def read(self, uri: str, band: int, column: int, row: int, columns: int, rows: int) -> AnyArray:
        """DN of a rectangle (rows, columns) of one band; raises ``ProductError`` on failure."""
        return self.thinned(uri, band, (column, row, columns, rows), (columns, rows))

    def thinned(
        self, uri: str, band: int, place: tuple[int, int, int, int], size: tuple[int, int]
    ) -> AnyArray:
        """DN of a rectangle of one band, ``place`` (column, row, columns, rows), of which ``size``
        (columns, rows) pixels are read, evenly spread; raises ``ProductError`` on failure.
        """
        dataset = self.dataset(uri)
        if not 1 <= band <= dataset.RasterCount:
            raise ProductError(
                f"{short(uri)} has {dataset.RasterCount} band(s), but band {band} is asked for: "
                "the file does not fit the metadata. Get the product again."
            )
        values, said = None, ""
        with quiet():
            try:
                values = dataset.GetRasterBand(band).ReadAsArray(*place, *size)
                said = gdal.GetLastErrorMsg()
            except RuntimeError as error:
                said = str(error)
        if values is None:
            raise ProductError(
                f"{short(uri)} cannot be read{_block(band, said)}: it is damaged or not complete. "
                "Get it again."
            )
        return np.asarray(values)

    def window(
        self,
        uri: str,
        band: int,
        longitude: float,
        latitude: float,
        half_width_m: float,
        shape: str = "square",
    ) -> Window | None:
        """The pixels whose center lies within ``half_width_m`` of a place (degrees, WGS 84).

        None where the raster has no such pixel. ``shape``: ``square`` or ``circle``. Raises
        ``ProductError`` where the file cannot be read.
        """
        if shape not in SHAPES:
            raise ValueError(f"the shape of a window is one of {SHAPES}, not {shape}")
        grid, circular = self.grid(uri), shape == "circle"
        frame = frame_around(grid, longitude, latitude, half_width_m, circular)
        if frame is None:
            return None
        columns, rows = len(frame.column_distance_m), len(frame.row_distance_m)
        return Window(
            uri=uri,
            grid=grid,
            column_off=frame.column_off,
            row_off=frame.row_off,
            values=self.read(uri, band, frame.column_off, frame.row_off, columns, rows),
            row_distance_m=frame.row_distance_m,
            column_distance_m=frame.column_distance_m,
            half_width_m=half_width_m,
            expected=frame.expected,
            circular=circular,
        )

    def source(self, source: BandSource, window: Window) -> FloatArray:
        """Physical values (float32, NaN = no data) of a band on the pixels of ``window``.

        A band on another grid of the same CRS is sampled at the window's pixel centers.
        """
        nodata = float("nan") if source.nodata is None else source.nodata
        return scaled(self.resampled(source.uri, source.band, window, nodata), source)

    def resampled(self, uri: str, band: int, window: Window, outside: float = 0) -> AnyArray:
        """DN of ``uri`` at the pixel centers of ``window`` (nearest), ``outside`` beyond its edge.

        Raises ``ProductError`` where the two rasters have different CRS.
        """
        grid = self.grid(uri)
        if grid == window.grid:
            rows, columns = window.shape
            return self.read(uri, band, window.column_off, window.row_off, columns, rows)
        if not same_crs(grid.wkt, window.grid.wkt):
            raise ProductError(
                f"{short(uri)} and {short(window.uri)} lie in different coordinate systems "
                "although they belong together. Get the product again."
            )
        x, y = window.centers()
        left, width, _, top, _, height = grid.geotransform
        at_columns = np.floor((x - left) / width).astype(np.int64)
        at_rows = np.floor((y - top) / height).astype(np.int64)
        return self._pick(uri, band, at_rows, at_columns, outside)

    def _pick(
        self, uri: str, band: int, rows: AnyArray, columns: AnyArray, outside: float
    ) -> AnyArray:
        """DN at the crossings of ``rows`` and ``columns``, read as one block."""
        grid = self.grid(uri)
        hit_rows = (rows >= 0) & (rows < grid.height)
        hit_columns = (columns >= 0) & (columns < grid.width)
        if not hit_rows.any() or not hit_columns.any():
            return np.full((len(rows), len(columns)), outside)
        top, bottom = int(rows[hit_rows].min()), int(rows[hit_rows].max())
        left, right = int(columns[hit_columns].min()), int(columns[hit_columns].max())
        block = self.read(uri, band, left, top, right - left + 1, bottom - top + 1)
        index = np.ix_(np.clip(rows, top, bottom) - top, np.clip(columns, left, right) - left)
        if hit_rows.all() and hit_columns.all():
            return np.asarray(block[index])
        return np.where(np.logical_and.outer(hit_rows, hit_columns), block[index], outside)


def _block(band: int, said: str) -> str:
    """Where GDAL failed to read, out of what it said."""
    found = re.search(r"X offset (\d+), Y offset (\d+)", said)
    if not found:
        return ""
    return f" in band {band}, block {found[1]} from the left, {found[2]} from the top (from 0)"


def read_window(
    uri: str,
    band: int,
    lon: float,
    lat: float,
    half_width_m: float,
    shape: str = "square",
    rasters: Rasters | None = None,
) -> Window | None:
    """As ``Rasters.window``, opening the file for this call only unless ``rasters`` is given."""
    with Rasters() as own:
        return (rasters or own).window(uri, band, lon, lat, half_width_m, shape)


def open_raster(uri: str, siblings: list[str] | None = None) -> gdal.Dataset:
    """Open a raster for reading; raises ``ProductError`` naming the file where that fails.

    ``siblings``: names of the files beside it that belong to it, None to let GDAL look.
    """
    more = {} if siblings is None else {"sibling_files": siblings}
    dataset = None
    with quiet():
        try:
            dataset = gdal.OpenEx(uri, gdal.OF_RASTER, **more)
        except RuntimeError:
            dataset = None
    if dataset is None:
        raise ProductError(
            f"{short(uri)} cannot be opened as a raster: it is missing, damaged or not complete. "
            "Get it again."
        )
    return dataset


@contextmanager
def quiet() -> Iterator[None]:
    """Keep GDAL from writing to the console; what went wrong is told by our own exceptions."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()


def one_gdal_thread() -> None:
    """Keep GDAL to one thread in this thread of ours, which works beside others."""
    gdal.SetThreadLocalConfigOption("GDAL_NUM_THREADS", "1")


@contextmanager
def alone() -> Iterator[None]:
    """Keep GDAL to one thread for the block: small images take longer to share out than to read."""
    before = gdal.GetThreadLocalConfigOption("GDAL_NUM_THREADS")
    gdal.SetThreadLocalConfigOption("GDAL_NUM_THREADS", "1")
    try:
        yield
    finally:
        gdal.SetThreadLocalConfigOption("GDAL_NUM_THREADS", before)


def short(uri: str) -> str:
    """A file's name as a user knows it: the last two parts of its path, without GDAL's prefix."""
    parts = [part for part in uri.replace("\\", "/").split("/") if part]
    return "/".join(parts[-2:])
