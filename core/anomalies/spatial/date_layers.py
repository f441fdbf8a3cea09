# SPDX-License-Identifier: GPL-3.0-or-later
"""A raster with a layer per date, written strip by strip and read back at the end."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np

from ...io.atomic import not_written
from ...io.raster_writer import RasterWriter
from ...io.rasters import Rasters
from ...io.stacks import ImageStack
from ...types import AnyArray

Target = tuple[Path | str, str]


class DateLayers:
    """A raster with a layer per date, read back at the end."""

    def __init__(
        self, target: Target, stack: ImageStack, count: int, names: tuple[str, ...], dtype: str,
        nodata: float,
    ) -> None:  # fmt: skip
        self._path, self._shown = target
        self._width = stack.grid.width
        self._sums: dict[tuple[int, int, int], int] = {}
        self._writer = RasterWriter(
            self._path, stack.grid, count, dtype, nodata, names, self._shown,
            ("INTERLEAVE=BAND",),
        )  # fmt: skip

    def write(self, layer: int, values: AnyArray, row: int) -> None:
        """Write whole rows."""
        self._writer.write(layer, values, 0, row)
        self._sums[layer, row, len(values)] = zlib.crc32(np.ascontiguousarray(values).tobytes())

    def drop(self) -> None:
        """Give up."""
        self._writer.close(completely=False)

    def finish(self) -> None:
        """Flush, and compare what is on the disk; raises ``OutputError``."""
        self._writer.close(completely=True)
        with Rasters() as rasters:
            for (layer, row, rows), known in self._sums.items():
                read = rasters.read(str(self._path), layer, 0, row, self._width, rows)
                if zlib.crc32(read.tobytes()) != known:
                    raise not_written(self._shown)
