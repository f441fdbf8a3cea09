# SPDX-License-Identifier: GPL-3.0-or-later
"""Images with RPC as the stereo chain reads them: by windows, with NaN for no data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..dem.local_pair import LocalPair
from ..dem.pair import View
from ..dem.triangulation import height_range
from ..errors import CalValError, InputError
from ..types import AnyArray
from .dem_files import dem_grid
from .dem_profile import heights_at
from .rasters import Rasters
from .rpc_files import read_rpc

_MOST_BANDS = 8  # of an elevation model with what goes with its heights


@dataclass(frozen=True)
class _Reader:
    """Reads windows of the first band of ``path``; a file is open only while it is read, so that
    any thread may ask.
    """

    path: str

    def __call__(self, column: int, row: int, columns: int, rows: int) -> AnyArray:
        with Rasters() as rasters:
            band = rasters.dataset(self.path).GetRasterBand(1)
            stored = rasters.read(self.path, 1, column, row, columns, rows)
            nodata = band.GetNoDataValue()
        values = stored.astype(np.float32)
        # Images of satellites have zeros around them, whether the file says so or not.
        if nodata is None and stored.dtype.kind == "u":
            nodata = 0.0
        if nodata is not None:
            values[stored == nodata] = np.nan
        return values


def file_view(path: str) -> View:
    """The view of an image file with RPC.

    Raises ``InputError`` where it has none, ``ProductError`` where it cannot be read.
    """
    model = read_rpc(path).model
    with Rasters() as rasters:
        dataset = rasters.dataset(path)
        size = (int(dataset.RasterYSize), int(dataset.RasterXSize))
    return View(size, model, _Reader(path))


def pixel_at(
    pair: tuple[str, str],
    models: Sequence[str],
    longitude: float,
    latitude: float,
    local: LocalPair | None = None,
) -> tuple[float, float]:
    """Column and row of the first image of ``pair`` (paths) that show a place (degrees).

    At the height that the first of the elevation ``models`` with one has there, else in the middle
    of the heights of ``local`` or of both images: then a place off that height by h is found
    beside itself by h times the tangent of the view angle. Raises ``InputError`` where the image
    does not show it.
    """
    first = file_view(pair[0])
    height = next(
        (one for path in models for one in heights_at(path, [longitude], [latitude])
         if np.isfinite(one)), None,
    )  # fmt: skip
    if height is None:
        span = local.pair.heights if local is not None else height_range(
            first.model, read_rpc(pair[1]).model
        )  # fmt: skip
        height = 0.5 * (span[0] + span[1])
    column, row = (float(one) for one in first.model.project(longitude, latitude, height))
    rows, columns = first.size
    if not (0.0 <= column <= columns - 1.0 and 0.0 <= row <= rows - 1.0):
        raise InputError("The first image does not show this place.")
    return column, row


def kind_of(path: str) -> str:
    """What a raster may be taken for: ``image`` (with RPC), ``dem`` (on the ground, of few bands,
    with numbers of more than 8 bits), or "" (neither, or not to be read).
    """
    try:
        with Rasters() as rasters:
            dataset = rasters.dataset(path)
            if not dataset.GetProjection():
                read_rpc(path)
                return "image"
            dem_grid(path, rasters)
            kind = rasters.read(path, 1, 0, 0, 1, 1).dtype
            many = dataset.RasterCount > _MOST_BANDS
    except CalValError:
        return ""
    return "dem" if kind.itemsize > 1 and kind.kind in "iuf" and not many else ""
