# SPDX-License-Identifier: GPL-3.0-or-later
"""The second pass: from the figures of the tiles to the raster, tile by tile.

Each tile gets the levels of its neighbors as far as the moving window reaches, so that borders of
tiles do not show.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...execution.runner import TileRun
from ...execution.tiling import Rectangle, Tile
from ...io.grids import Grid
from ...io.raster_writer import RasterWriter
from ...io.tile_files import read_arrays
from ...progress import Progress, each
from ...types import AnyArray, FloatArray
from .criteria import over_bands, score, shares_of, sure_trend
from .pixels import BY_BAND, ONCE
from .settings import StabilitySettings
from .windows import spatial_cv

NO_DATA = -9999.0
LAYOUT = ("INTERLEAVE=BAND",)
HEAD = (
    "score", "limiting_criterion", "clear_percent", "clear_dates", "temporal_cv_percent",
    "spatial_cv_percent", "spectral_cv_percent", "trend_percent_year",
)  # fmt: skip
# Field of PixelStability, or "spatial", and the name of its layers, which the band follows.
BAND_LAYERS = {
    "level": "mean", "level_se": "mean_se", "temporal": "temporal_cv_percent",
    "temporal_se": "temporal_cv_se_percent", "raw": "raw_cv_percent",
    "spatial": "spatial_cv_percent", "trend": "trend_percent_year",
    "trend_se": "trend_se_percent_year",
}  # fmt: skip
_KEPT_BYTES = 200e6  # of levels that stay in memory for the neighbors of their tiles

Float32 = npt.NDArray[np.float32]


def layer_names(bands: Sequence[str], trend: bool) -> tuple[str, ...]:
    """The descriptions of the layers of the raster, in order."""
    head = [name for name in HEAD if trend or not name.startswith("trend")]
    each_band = [name for name in BAND_LAYERS.values() if trend or not name.startswith("trend")]
    return (*head, *(f"{name} {band}" for band in bands for name in each_band))


@dataclass(frozen=True)
class LayerPlan:
    """What the second pass needs: ``window``: rows and columns of the moving window; ``step``:
    every so many pixels one goes into the small maps of the report.
    """

    grid: Grid
    bands: tuple[str, ...]
    settings: StabilitySettings
    window: tuple[int, int]
    step: int


@dataclass(frozen=True)
class Written:
    """``tested``: pixels with a score; ``small``: each layer by its name, every ``step`` pixels."""

    tested: int
    small: Mapping[str, Float32]


def write_layers(
    run: TileRun, plan: LayerPlan, path: Path | str, shown: str, progress: Progress
) -> Written:
    """Write the raster of all layers, float32 with ``NO_DATA``, out of the tiles of ``run``."""
    names = layer_names(plan.bands, plan.settings.trend)
    grid, step = plan.grid, plan.step
    thin = (len(range(step // 2, grid.height, step)), len(range(step // 2, grid.width, step)))
    small = {name: np.full(thin, np.nan, dtype=np.float32) for name in names}
    levels, tested = _Levels(run), 0
    with RasterWriter(
        path, grid, len(names), "float32", NO_DATA, names, shown, LAYOUT, progress
    ) as writer:
        for tile in each(run.tiles, progress, "Looking around each pixel"):
            layers = _tile_layers(run, tile, levels, plan)
            own = tile.own
            tested += int(np.isfinite(layers["score"]).sum())
            for number, name in enumerate(names, start=1):
                values = np.where(np.isfinite(layers[name]), layers[name], NO_DATA)
                writer.write(number, values.astype(np.float32), own.column, own.row)
                _thin_into(small[name], layers[name], own, step)
    return Written(tested, small)


def _tile_layers(
    run: TileRun, tile: Tile, levels: _Levels, plan: LayerPlan
) -> dict[str, FloatArray]:
    """All layers (rows, columns) of a tile by their names."""
    arrays = read_arrays(run.store.path(tile), [*BY_BAND, "once"])
    figures = {name: arrays[name].astype(np.float64) for name in BY_BAND}
    figures["spatial"] = _spatial(tile, levels, plan)
    once = dict(zip(ONCE, arrays["once"].astype(np.float64), strict=True))
    settings, several = plan.settings, len(plan.bands) > 1
    rule = settings.rule
    head = {
        "clear_percent": once["clear"],
        "clear_dates": once["count"],
        "temporal_cv_percent": over_bands(figures["temporal"], rule),
        "spatial_cv_percent": over_bands(figures["spatial"], rule),
        "spectral_cv_percent": once["spectral"],
    }
    drift = None
    if settings.trend:
        head["trend_percent_year"] = over_bands(np.abs(figures["trend"]), rule)
        drift = over_bands(sure_trend(figures["trend"], figures["trend_se"]), rule)
    shares = shares_of(
        head["temporal_cv_percent"], head["spatial_cv_percent"],
        once["spectral"] if several else None, drift, once["clear"], settings.limits,
    )  # fmt: skip
    head["score"], head["limiting_criterion"] = score(shares)
    head["limiting_criterion"] = np.where(
        np.isfinite(head["score"]), head["limiting_criterion"], np.nan
    )
    for field, name in BAND_LAYERS.items():
        for at, band in enumerate(plan.bands):
            head[f"{name} {band}"] = figures[field][at]
    return head


def _spatial(tile: Tile, levels: _Levels, plan: LayerPlan) -> FloatArray:
    """The spatial CV (b, rows, columns) of a tile."""
    own, grid = tile.own, plan.grid
    down, across = plan.window[0] // 2, plan.window[1] // 2
    top, left = max(own.row - down, 0), max(own.column - across, 0)
    bottom = min(own.row + own.height + down, grid.height)
    right = min(own.column + own.width + across, grid.width)
    around = levels.read(Rectangle(left, top, right - left, bottom - top), len(plan.bands))
    inside = (slice(own.row - top, own.row - top + own.height),
              slice(own.column - left, own.column - left + own.width))  # fmt: skip
    return np.stack([spatial_cv(one, plan.window, inside) for one in around])


class _Levels:
    """The levels of any rectangle of the grid, out of the tiles."""

    def __init__(self, run: TileRun) -> None:
        self._run = run
        self._kept: OrderedDict[str, Float32] = OrderedDict()

    def read(self, place: Rectangle, bands: int) -> Float32:
        """Levels (bands, rows, columns) of ``place``."""
        found = np.full((bands, place.height, place.width), np.nan, dtype=np.float32)
        for tile in self._run.tiles:
            own = tile.own
            top, left = max(place.row, own.row), max(place.column, own.column)
            bottom = min(place.row + place.height, own.row + own.height)
            right = min(place.column + place.width, own.column + own.width)
            if top < bottom and left < right:
                part = self._level(tile)[:, top - own.row : bottom - own.row,
                                         left - own.column : right - own.column]  # fmt: skip
                found[:, top - place.row : bottom - place.row,
                      left - place.column : right - place.column] = part  # fmt: skip
        return found

    def _level(self, tile: Tile) -> Float32:
        kept = self._kept.get(tile.name)
        if kept is None:
            kept = read_arrays(self._run.store.path(tile), ["level"])["level"]
            self._kept[tile.name] = kept
            while len(self._kept) > 1 and sum(one.nbytes for one in self._kept.values()) > (
                _KEPT_BYTES
            ):
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(tile.name)
        return kept


def _thin_into(small: Float32, values: AnyArray, own: Rectangle, step: int) -> None:
    """Put every ``step``-th pixel of the grid that is in a tile into its small map."""
    first = step // 2
    row, column = -(-(own.row - first) // step), -(-(own.column - first) // step)
    row, column = max(row, 0), max(column, 0)
    part = values[first + row * step - own.row :: step, first + column * step - own.column :: step]
    small[row : row + part.shape[0], column : column + part.shape[1]] = part
