# SPDX-License-Identifier: GPL-3.0-or-later
"""The rasters that come out of a complete tiled run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..io.grids import Grid
from ..io.mosaic import Piece, merge_tiles
from ..progress import Part, Progress, Silent
from .runner import TileRun


@dataclass(frozen=True)
class RasterOutput:
    """A raster to be written: the array ``name`` of the tiles to ``path``.

    ``path`` is the temporary name given by ``atomic.Staging``, ``shown`` the final one, by which
    messages call it. ``layout``: further creation options of GDAL's GeoTIFF driver; ``notes``:
    items of the file's metadata.
    """

    name: str
    path: Path | str
    nodata: float | None = None
    band_names: tuple[str, ...] = ()
    shown: str = ""
    layout: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def write_rasters(
    run: TileRun, outputs: Sequence[RasterOutput], grid: Grid, progress: Progress | None = None
) -> None:
    """Write ``outputs`` out of the tiles of ``run``, which lie on ``grid``.

    Each is a compressed, tiled GeoTIFF with overviews; one tile is in memory at a time, and all
    pixels are read back. The tiles stay until ``run.discard()``. Raises ``InputError`` where a tile
    has been damaged since, ``OutputError`` where a raster cannot be written completely.
    """
    progress = progress or Silent()
    pieces = [Piece(run.store.path(tile), tile.own.column, tile.own.row) for tile in run.tiles]
    for index, output in enumerate(outputs):
        merge_tiles(
            output.name, pieces, output.path, grid, output.nodata, output.band_names,
            output.shown, Part(progress, index / len(outputs), (index + 1) / len(outputs)),
            output.layout, output.notes,
        )  # fmt: skip
