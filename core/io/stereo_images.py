# SPDX-License-Identifier: GPL-3.0-or-later
"""Images for stereo: windows as numbers with NaN for no data, and the model of each.

What a file says of its missing pixels is not always true: a code that its type cannot hold, or
black borders that nothing declares. Both are seen, and told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from osgeo import gdal

from ..dem.rpc import RpcModel
from ..errors import InputError
from ..types import AnyArray
from .rasters import Rasters, short
from .rpc_files import read_rpc

LOOK = 512  # pixels per side of a look at the whole image
_BORDER_SHARE = 0.01  # of the look: fewer black pixels at the border are shadows
_SMALLEST = 64


@dataclass(frozen=True)
class StereoImage:
    """A raster whose first band is matched: ``size`` (rows, columns), its ``model``, the codes
    ``missing`` of no data, ``kind`` of its numbers, where the RPC is from (``convention``), and
    ``notes`` on what is odd.
    """

    path: str
    size: tuple[int, int]
    model: RpcModel
    missing: tuple[float, ...]
    kind: str
    convention: str
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name as its user knows it."""
        return short(self.path)


def open_image(path: str) -> StereoImage:
    """Look at an image; raises ``InputError`` where it has no RPC, cannot be read, or shows
    nothing.
    """
    with Rasters() as rasters:
        dataset = rasters.dataset(path)
        rows, columns = dataset.RasterYSize, dataset.RasterXSize
        if min(rows, columns) < _SMALLEST:
            raise InputError(
                f"{short(path)} has {columns} x {rows} pixels, too few to be matched: "
                f"{_SMALLEST} x {_SMALLEST} are needed."
            )
        source = read_rpc(path)
        kind = gdal.GetDataTypeName(dataset.GetRasterBand(1).DataType)
        if kind.startswith("C"):
            raise InputError(f"{short(path)} holds complex numbers, not brightness.")
        notes = []
        if dataset.RasterCount > 1:
            notes.append(f"{short(path)} has {dataset.RasterCount} bands; the first is matched.")
        size = min(LOOK, columns), min(LOOK, rows)
        look = rasters.thinned(path, 1, (0, 0, columns, rows), size)
        missing, told = _missing(dataset, look, short(path))
        known = known_pixels(look, missing)
        if not known.any():
            raise InputError(f"{short(path)} holds no data at all. Choose another image.")
        if look[known].min() == look[known].max():
            raise InputError(
                f"All pixels of {short(path)} have the value {look[known][0]:g}: nothing in it can "
                "be matched. Choose another image."
            )
    return StereoImage(
        path, (rows, columns), source.model, missing, kind, source.convention.name,
        (*notes, *told),
    )  # fmt: skip


def reader(
    image: StereoImage, rasters: Rasters | None = None
) -> Callable[[int, int, int, int], AnyArray]:
    """A function of (column, row, columns, rows) that gives pixels (rows, columns) as float32, NaN
    for no data; raises ``ProductError`` naming file and block where they cannot be read.

    Without ``rasters`` the file is open only while it is read, so that any thread may ask.
    """

    def read(column: int, row: int, columns: int, rows: int) -> AnyArray:
        place = (column, row, columns, rows)
        if rasters is not None:
            return _clean(rasters.read(image.path, 1, *place), image.missing)
        with Rasters() as opened:
            return _clean(opened.read(image.path, 1, *place), image.missing)

    return read


def read_reduced(
    image: StereoImage, rasters: Rasters, place: tuple[int, int, int, int], factor: int
) -> AnyArray:
    """Means of ``factor`` x ``factor`` pixels of ``place`` (column, row, columns, rows, multiples
    of ``factor``), read in strips; NaN where half of them or more are no data.
    """
    column, row, columns, rows = place
    height = max(1, LOOK // factor) * factor
    parts = []
    read = reader(image, rasters)
    for first in range(0, rows, height):
        strip = read(column, row + first, columns, min(height, rows - first))
        cells = strip.reshape(strip.shape[0] // factor, factor, columns // factor, factor)
        known = np.isfinite(cells)
        count = known.sum(axis=(1, 3))
        total = np.where(known, cells, 0.0).sum(axis=(1, 3), dtype=np.float64)
        enough = 2 * count > factor * factor
        parts.append(np.where(enough, total / np.maximum(count, 1), np.nan).astype(np.float32))
    return np.concatenate(parts)


def known_pixels(values: AnyArray, missing: tuple[float, ...]) -> AnyArray:
    """Where there are data."""
    known = np.isfinite(values) if values.dtype.kind == "f" else np.ones(values.shape, np.bool_)
    for code in missing:
        known &= values != values.dtype.type(code)
    return known


def _clean(values: AnyArray, missing: tuple[float, ...]) -> AnyArray:
    return np.where(known_pixels(values, missing), values, np.nan).astype(np.float32)


def _missing(
    dataset: gdal.Dataset, look: AnyArray, name: str
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """The codes of no data, and what is odd about them."""
    codes, notes = [], []
    declared = dataset.GetRasterBand(1).GetNoDataValue()
    if declared is not None and np.isfinite(declared):
        if _holds(look.dtype, declared):
            codes.append(float(declared))
        else:
            notes.append(
                f"{name} declares {declared:g} as no data, which {look.dtype} cannot hold: the tag "
                "is wrong and was not used."
            )
    if 0.0 not in codes and _black_border(look):
        codes.append(0.0)
        notes.append(f"{name} has borders of value 0 that it does not declare: taken as no data.")
    return tuple(codes), tuple(notes)


def _holds(dtype: np.dtype[Any], value: float) -> bool:
    if dtype.kind == "f":
        return True
    limits = np.iinfo(dtype)
    return limits.min <= value <= limits.max and value == int(value)


def _black_border(look: AnyArray) -> bool:
    """Whether zeros fill a visible part of the rim; a dark scene has single ones anywhere."""
    black = look == 0
    rim = np.concatenate([black[0], black[-1], black[:, 0], black[:, -1]])
    return bool(rim.mean() > 0.05 and black.mean() > _BORDER_SHARE)
