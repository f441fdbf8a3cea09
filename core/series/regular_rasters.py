# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks of rasters on a regular grid of dates: block by block, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..io.products.loading import NODATA
from ..io.raster_writer import RasterWriter
from ..io.stacks import Block, ImageStack
from ..progress import Progress, Silent, each
from ..types import FloatArray, TimeArray
from .regularize import GapFilling, days_from, regularize

Float32 = npt.NDArray[np.float32]
NEVER = -1
LONGEST = 32_767
TILE = 256
COPIES = 3.0  # how often the input is held while a block is worked on


@dataclass(frozen=True)
class RasterTargets:
    """Where the filled bands and the days to the nearest clear date go ("" for none), and how
    messages call the two where they are temporary names.
    """

    bands: Path | str
    quality: Path | str = ""
    bands_name: str = ""
    quality_name: str = ""


@dataclass
class Totals:
    """Sums over the area, (dates, bands) and (dates,): what the table of means is made of."""

    count: FloatArray
    total: FloatArray
    squares: FloatArray
    days: FloatArray
    days_count: FloatArray
    pixels: int = 0
    never: int = field(default=0)

    @classmethod
    def empty(cls, dates: int, bands: int) -> Totals:
        """Nothing yet."""
        both = (dates, bands)
        return cls(np.zeros(both), np.zeros(both), np.zeros(both), np.zeros(dates), np.zeros(dates))

    def add(self, filled: Float32, quality: Float32) -> None:
        """Add a block: (dates, bands, rows, columns) and (dates, rows, columns)."""
        good = np.isfinite(filled)
        values = np.where(good, filled, 0.0).astype(np.float64)
        self.count += good.sum(axis=(2, 3))
        self.total += values.sum(axis=(2, 3))
        self.squares += (values**2).sum(axis=(2, 3))
        known = np.isfinite(quality)
        self.days += np.where(known, quality, 0.0).sum(axis=(1, 2), dtype=np.float64)
        self.days_count += known.sum(axis=(1, 2))
        self.pixels += quality.shape[1] * quality.shape[2]
        self.never += int(np.count_nonzero(~known.any(axis=0)))


def regularize_block(
    stack: ImageStack, block: Block, times: TimeArray, settings: GapFilling
) -> tuple[Float32, Float32]:
    """The filled values (dates, bands, rows, columns) of one block at ``times``, and the days to
    the nearest clear date (dates, rows, columns); see ``regularize``. Reads what it needs itself.
    """
    rows, columns, bands = block.rows, block.columns, len(stack.bands)
    values = stack.read(block).reshape(len(stack), bands, rows * columns)
    clear = ~stack.masked(block).reshape(len(stack), rows * columns)
    days, out_days = days_from(stack.times, times[0]), days_from(times, times[0])
    filled, quality = regularize(values, clear, days, out_days, settings)
    return (
        filled.reshape(len(times), bands, rows, columns),
        quality.reshape(len(times), rows, columns),
    )


def layer_names(stack: ImageStack, times: TimeArray) -> tuple[str, ...]:
    """Descriptions of the layers of the output: the ISO date, after the band's name where there are
    several; all dates of a band follow each other.
    """
    days = times.astype("datetime64[D]").astype(str)
    if len(stack.bands) == 1:
        return tuple(str(day) for day in days)
    return tuple(f"{band} {day}" for band in stack.bands for day in days)


def write_regular(
    stack: ImageStack,
    times: TimeArray,
    settings: GapFilling,
    targets: RasterTargets,
    memory_mb: float = 512.0,
    progress: Progress | None = None,
) -> Totals:
    """Write ``stack`` on the regular ``times`` (m,): a float32 GeoTIFF with the layers of
    ``layer_names`` (no data -9999), and the days to the nearest clear date as int16, a layer per
    date (-1 where a pixel is never clear).

    Raises ``InsufficientDataError`` where ``memory_mb`` is not enough, ``ProductError`` where a
    file cannot be read, ``OutputError`` where one cannot be written.
    """
    bands, dates = len(stack.bands), len(times)
    per_pixel = COPIES * stack.bytes_per_pixel() + 3.0 * dates * (4 * bands + 4)
    blocks = stack.blocks(memory_mb, per_pixel / stack.bytes_per_pixel())
    size = min(TILE, 2 ** int(np.log2(max(blocks[0].columns, blocks[0].rows, 16))))
    layout = ("INTERLEAVE=BAND", f"BLOCKXSIZE={size}", f"BLOCKYSIZE={size}")
    names = layer_names(stack, times)
    totals = Totals.empty(dates, bands)
    with (
        RasterWriter(
            targets.bands, stack.grid, bands * dates, "float32", NODATA, names,
            targets.bands_name, layout,
        ) as output,
        _Quality(targets, stack, times, layout) as quality_output,
    ):  # fmt: skip
        for block in each(blocks, progress or Silent(), "Filling gaps"):
            filled, quality = regularize_block(stack, block, times, settings)
            totals.add(filled, quality)
            filled[np.isnan(filled)] = NODATA
            for band in range(bands):
                for date in range(dates):
                    layer = band * dates + date + 1
                    output.write(layer, filled[date, band], block.column, block.row)
            quality_output.write(quality, block)
    return totals


class _Quality:
    """The optional raster of days to the nearest clear date."""

    def __init__(
        self, targets: RasterTargets, stack: ImageStack, times: TimeArray, layout: tuple[str, ...]
    ) -> None:
        self._writer: RasterWriter | None = None
        if targets.quality:
            names = tuple(str(day) for day in times.astype("datetime64[D]").astype(str))
            self._writer = RasterWriter(
                targets.quality, stack.grid, len(times), "int16", NEVER, names,
                targets.quality_name, layout,
            )  # fmt: skip

    def __enter__(self) -> _Quality:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._writer is not None:
            self._writer.close(completely=failure[0] is None)

    def write(self, quality: Float32, block: Block) -> None:
        """Write one block (dates, rows, columns)."""
        if self._writer is None:
            return
        whole = np.where(np.isfinite(quality), np.minimum(np.rint(quality), LONGEST), NEVER)
        for date, values in enumerate(whole.astype(np.int16), start=1):
            self._writer.write(date, values, block.column, block.row)
