# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks of rasters on a regular grid of dates: tile by tile, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InsufficientDataError
from ..execution.results import RasterOutput, write_rasters
from ..execution.runner import TileRun, run_tiles
from ..execution.settings import ExecutionSettings
from ..execution.stacks import block_of, stack_tiles
from ..execution.tiling import Tile, TileOutput
from ..io.plain_stacks import stack_from_plain, stack_inputs, stack_to_plain
from ..io.products.loading import NODATA
from ..io.stacks import NEVER, Block, ImageStack
from ..progress import Part, Progress, Silent
from ..types import BoolArray, FloatArray, TimeArray
from .reflectance import NOTHING_CLEAR
from .regularize import GapFilling, check_settings, days_from, regularize

Float32 = npt.NDArray[np.float32]
_LONGEST = 32_767
COPIES = 3.0  # how often the input is held while a tile is worked on
OUT_COPIES = 4.0  # and the output, its packing into a file included
LAYOUT = ("INTERLEAVE=BAND",)


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
    infinite: int = field(default=0)

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

    @classmethod
    def summed(cls, parts: Sequence[Mapping[str, Any]], dates: int, bands: int) -> Totals:
        """The sum of totals that went through ``asdict`` and JSON."""
        total = cls.empty(dates, bands)
        for part in parts:
            for name in ("count", "total", "squares", "days", "days_count"):
                getattr(total, name)[:] += np.array(part[name])
            total.pixels += part["pixels"]
            total.never += part["never"]
            total.infinite += part["infinite"]
        return total


def regularize_block(
    stack: ImageStack,
    block: Block,
    times: TimeArray,
    settings: GapFilling,
    totals: Totals | None = None,
) -> tuple[Float32, Float32]:
    """The filled values (dates, bands, rows, columns) of one block at ``times``, and the days to
    the nearest clear date (dates, rows, columns); see ``regularize``. Reads what it needs itself;
    ``totals`` counts the infinite values, which are gaps.
    """
    rows, columns, bands = block.rows, block.columns, len(stack.bands)
    values, clear, infinite = read_clear(stack, block)
    if totals is not None:
        totals.infinite += infinite
    days, out_days = days_from(stack.times, times[0]), days_from(times, times[0])
    filled, quality = regularize(values, clear, days, out_days, settings)
    return (
        filled.reshape(len(times), bands, rows, columns),
        quality.reshape(len(times), rows, columns),
    )


def read_clear(stack: ImageStack, block: Block) -> tuple[Float32, BoolArray, int]:
    """The values (dates, bands, pixels) of a block, NaN where there is none, where it is not masked
    (dates, pixels), and how many values were infinite, which are gaps.
    """
    pixels = block.rows * block.columns
    values = stack.read(block).reshape(len(stack), len(stack.bands), pixels)
    infinite = np.isinf(values)
    values[infinite] = np.nan
    clear = ~stack.masked(block).reshape(len(stack), pixels)
    return values, clear, int(np.count_nonzero(infinite))


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
    folder: Path | str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
) -> tuple[Totals, TileRun]:
    """Write ``stack`` on the regular ``times`` (m,): a float32 GeoTIFF with the layers of
    ``layer_names`` (no data -9999), and the days to the nearest clear date as int16, a layer per
    date (-1 where a pixel is never clear). ``folder``: of the tiles, which stay until the run that
    is returned too is discarded.

    Raises ``InsufficientDataError`` where no pixel is ever clear, ``InputError`` where
    the memory cap is not enough or the settings cannot be used, ``OutputError`` where a raster
    cannot be written, and what ``run_tiles`` raises, as where a file cannot be read.
    """
    progress, execution = progress or Silent(), execution or ExecutionSettings()
    check_settings(settings, len(times))
    bands, dates = len(stack.bands), len(times)
    cut, tile_mb = stack_tiles(stack, execution, bytes_per_pixel(stack, dates))
    parameters = {
        "stack": stack_to_plain(stack),
        "times": times.astype("datetime64[ms]").astype(str).tolist(),
        "settings": asdict(settings),
    }
    run = run_tiles(
        regular_tile, cut, folder, parameters, execution, Part(progress, 0.0, 0.8),
        inputs=stack_inputs(stack), tile_mb=tile_mb,
    )  # fmt: skip
    totals = Totals.summed(run.summaries, dates, bands)
    if totals.never == totals.pixels:
        run.discard()
        raise InsufficientDataError(NOTHING_CLEAR)
    names = layer_names(stack, times)
    outputs = [
        RasterOutput("bands", targets.bands, NODATA, names, targets.bands_name, LAYOUT),
        RasterOutput(
            "days", targets.quality, NEVER, tuple(times.astype("datetime64[D]").astype(str)),
            targets.quality_name, LAYOUT,
        ),
    ]  # fmt: skip
    wanted = outputs if targets.quality else outputs[:1]
    write_rasters(run, wanted, stack.grid, Part(progress, 0.8, 1.0))
    return totals, run


def regular_tile(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """One tile: its layers (bands x dates), its days to the nearest clear date, its sums."""
    stack = stack_from_plain(parameters["stack"])
    times = np.array(parameters["times"], dtype="datetime64[ms]")
    settings = GapFilling(**parameters["settings"])
    totals = Totals.empty(len(times), len(stack.bands))
    filled, quality = regularize_block(stack, block_of(tile.own), times, settings, totals)
    totals.add(filled, quality)
    filled[np.isnan(filled)] = NODATA
    layers = filled.transpose(1, 0, 2, 3).reshape(-1, *filled.shape[2:])
    return TileOutput({"bands": layers, "days": whole_days(quality)}, asdict(totals))


def whole_days(quality: Float32) -> npt.NDArray[np.int16]:
    """Days to the nearest clear date as rasters hold them: whole ones, ``NEVER`` where they are
    infinite.
    """
    days = np.where(np.isfinite(quality), np.minimum(np.rint(quality), _LONGEST), NEVER)
    return days.astype(np.int16)


def bytes_per_pixel(stack: ImageStack, dates: int) -> float:
    """The memory that a tile needs for each of its pixels at its peak, in bytes."""
    return COPIES * stack.bytes_per_pixel() + OUT_COPIES * dates * (4 * len(stack.bands) + 4)
