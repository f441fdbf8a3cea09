# SPDX-License-Identifier: GPL-3.0-or-later
"""Tile files put together to one raster, tile by tile, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..progress import Progress, Silent, each
from ..types import AnyArray
from .atomic import not_written
from .grids import Grid
from .raster_writer import RasterWriter
from .rasters import Rasters
from .tile_files import read_arrays


@dataclass(frozen=True)
class Piece:
    """A tile file, and the column and row of the raster where it begins."""

    path: Path
    column: int
    row: int


def merge_tiles(
    name: str,
    pieces: Sequence[Piece],
    path: Path | str,
    grid: Grid,
    nodata: float | None = None,
    band_names: tuple[str, ...] = (),
    shown: str = "",
    progress: Progress | None = None,
    layout: tuple[str, ...] = (),
    notes: tuple[tuple[str, str], ...] = (),
) -> None:
    """Write the array ``name`` of all ``pieces`` as one compressed, tiled GeoTIFF on ``grid``.

    ``path``: the temporary name of ``atomic.Staging``; ``shown``: the final one, for messages;
    ``layout``: further creation options; ``notes``: items of the file's metadata. One tile is in
    memory at a time, and at the end all pixels are compared with the tiles. Raises ``InputError``
    where a tile is damaged or does not fit, ``OutputError`` where the raster is not complete.
    """
    shown, progress = shown or Path(path).name, progress or Silent()
    first = _array(name, pieces[0])
    with RasterWriter(
        path, grid, len(first), first.dtype.name, nodata, band_names, shown, layout
    ) as writer:
        for key, text in notes:
            writer.note(key, text)
        for piece, values in _all(name, pieces, first, progress, f"Writing {shown}"):
            for band, plane in enumerate(values, start=1):
                writer.write(band, plane, piece.column, piece.row)
    with Rasters() as rasters:
        for piece, values in _all(name, pieces, first, progress, f"Verifying {shown}"):
            rows, columns = values.shape[1:]
            for band, plane in enumerate(values, start=1):
                read = rasters.read(str(path), band, piece.column, piece.row, columns, rows)
                if read.tobytes() != plane.tobytes():
                    raise not_written(shown)


def _all(
    name: str, pieces: Sequence[Piece], first: AnyArray, progress: Progress, text: str
) -> Iterable[tuple[Piece, AnyArray]]:
    for piece in each(pieces, progress, text):
        values = _array(name, piece)
        if values.dtype != first.dtype or len(values) != len(first):
            raise InputError(
                f"The tile {piece.path} has {len(values)} band(s) of {values.dtype} of {name}, the "
                f"first one {len(first)} of {first.dtype}. Remove the tiles and run again."
            )
        yield piece, values


def _array(name: str, piece: Piece) -> AnyArray:
    """The bands (bands, rows, columns) of a tile, as they are stored in a raster."""
    values = read_arrays(piece.path, [name])[name]
    return values.astype(np.uint8) if values.dtype == np.bool_ else values
