# SPDX-License-Identifier: GPL-3.0-or-later
"""Stereo sites with exact truth, and how far an elevation model of one lies from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import binary_dilation

from calval_toolbox.core.dem.epipolar import Tile
from calval_toolbox.core.dem.placing import exact_places
from calval_toolbox.core.dem.rasterize import Cells
from calval_toolbox.core.dem.rpc import RpcModel
from calval_toolbox.core.dem.scene_ground import bilinear
from calval_toolbox.core.dem.simulate import SceneSettings, simulate_scene, write_scene
from calval_toolbox.core.io.grids import Grid
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.io.rpc_files import read_rpc

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "dem" / "sim"
SHARED_TILE = Tile(150.0, 150.0, 700.0, 700.0)
LOWEST_M = -1000.0  # what is below is no data
CACHE = ROOT / "build" / "stereo_sites"
ZONE_CELLS = 3  # the rim of buildings, where heights jump
SIZE, EDGE, EDGE_WIDE, WIDE = 448, 60, 90, 0.5
RATIOS = (0.15, 0.35, 0.7)
TERRAINS = ("rough", "urban", "smooth")
SHIFT_ROUNDS = 8


@dataclass(frozen=True)
class Site:
    """``images`` (rows, columns; float32, NaN no data) with the ``models`` delivered; the exact
    ``truth`` (rows, columns; m) on ``grid``, its ``buildings``, and the ``inside`` cells that the
    pixels of ``tile`` (of the first image) show when the ground does not hide them.
    """

    name: str
    images: tuple[Any, ...]
    models: tuple[RpcModel, ...]
    tile: Tile
    truth: Any
    grid: Grid
    buildings: Any
    inside: Any


@dataclass(frozen=True)
class Score:
    """Of the cells ``inside``, after removing a planimetric shift (m) and the median (m)."""

    nmad: float
    le90: float
    above_1m: float
    complete: float
    roofs_within_1m: float
    zone_within_1m: float
    best_half: float
    worst_half: float
    shift: tuple[float, float, float]

    def row(self) -> str:
        """A line of a table."""
        east, north, up = self.shift
        return (
            f"NMAD {self.nmad:.3f} m  LE90 {self.le90:.3f}  > 1 m {self.above_1m:5.2f} %  "
            f"complete {self.complete:6.2f} %  within 1 m: roofs {self.roofs_within_1m:5.1f} %, "
            f"with their rim {self.zone_within_1m:5.1f} %  "
            f"median error of the surest half / others {self.best_half / self.worst_half:.2f}  "
            f"(shift {east:+.2f} {north:+.2f} {up:+.2f})"
        )


def sites(shared: bool = True) -> list[Site]:
    """All of them; the shared one only where it is there."""
    made = [read(SHARED, "shared", SHARED_TILE)] if shared and SHARED.exists() else []
    for terrain in TERRAINS:
        for ratio in RATIOS:
            made.append(simulated(SceneSettings(terrain, size=SIZE, base_to_height=ratio)))
    return made


def simulated(settings: SceneSettings, name: str | None = None) -> Site:
    """A site of our own simulator, rendered once and kept in build/."""
    plain = "_".join(str(one) for one in vars(settings).values())
    folder = CACHE / "".join(c if c.isalnum() or c in ".-" else "_" for c in plain)
    if not (folder / "truth.tif").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_scene(simulate_scene(settings), folder)
    edge = EDGE if settings.base_to_height < WIDE else EDGE_WIDE
    tile = Tile(edge, edge, settings.size - 2 * edge, settings.size - 2 * edge)
    return read(folder, name or f"{settings.terrain} {settings.base_to_height:g}", tile)


def read(folder: Path, name: str, tile: Tile) -> Site:
    """A site from its files: ``img_01.tif`` ..., ``truth.tif``, ``buildings.tif``."""
    paths = [str(one) for one in sorted(folder.glob("img_??.tif"))]
    with Rasters() as rasters:
        images = tuple(_known(rasters.dataset(one)) for one in paths)
        grid = rasters.grid(str(folder / "truth.tif"))
        truth, buildings = (
            rasters.dataset(str(folder / f"{one}.tif")).ReadAsArray()
            for one in ("truth", "buildings")
        )
    truth = np.where(truth > LOWEST_M, truth, np.nan).astype(np.float64)
    models = tuple(read_rpc(one).model for one in paths)
    inside = _inside(models[0], grid, truth, tile)
    return Site(name, images, models, tile, truth, grid, buildings > 0, inside)


def _known(dataset: Any) -> Any:
    """The pixels (float32), NaN where they are no data."""
    pixels = dataset.ReadAsArray().astype(np.float32)
    nodata = dataset.GetRasterBand(1).GetNoDataValue()
    return pixels if nodata is None else np.where(pixels == nodata, np.float32(np.nan), pixels)


def score(site: Site, cells: Cells) -> Score:
    """How far ``cells`` (on the grid of the site) lie from the truth."""
    known = site.inside & np.isfinite(cells.height)
    off, east, north = leveled(cells.height.astype(np.float64), site, known)
    up = float(np.nanmedian(off[known]))
    error = np.abs(off - up)
    here = error[known & np.isfinite(error)]
    roofs = site.buildings & known & np.isfinite(error)
    zone = binary_dilation(site.buildings, iterations=ZONE_CELLS) & known & np.isfinite(error)
    sure = cells.confidence[known & np.isfinite(error)]
    order = np.argsort(-sure, kind="stable")
    half = len(order) // 2
    return Score(
        nmad=1.4826 * float(np.median(here)),
        le90=float(np.quantile(here, 0.9)),
        above_1m=100.0 * float(np.mean(here > 1.0)),
        complete=100.0 * float(known.sum() / site.inside.sum()),
        roofs_within_1m=100.0 * float(np.mean(error[roofs] <= 1.0)) if roofs.any() else np.nan,
        zone_within_1m=100.0 * float(np.mean(error[zone] <= 1.0)) if zone.any() else np.nan,
        best_half=float(np.median(here[order[:half]])),
        worst_half=float(np.median(here[order[half:]])),
        shift=(east, north, up),
    )


def leveled(height: Any, site: Site, known: Any) -> tuple[Any, float, float]:
    """Height less the truth (rows, columns) where it fits best: the truth is looked up between its
    cells, so that no height is smoothed; and the shift east and north (m).
    """
    rows, columns = np.nonzero(known)
    size = site.grid.pixel_width
    down, right = np.gradient(site.truth)
    at = np.zeros(2)
    for _ in range(SHIFT_ROUNDS):
        x, y = columns + at[0], rows + at[1]
        off = height[known] - bilinear(site.truth, x, y)
        slopes = np.stack([bilinear(right, x, y), bilinear(down, x, y), np.ones(len(x))])
        rest = np.abs(off - np.nanmedian(off))
        keep = np.isfinite(off) & (rest < 3.0 * 1.4826 * np.nanmedian(rest))
        keep &= np.isfinite(slopes).all(axis=0) & (np.abs(slopes[:2]).max(axis=0) < size)
        found = np.linalg.lstsq(slopes[:, keep].T, off[keep], rcond=None)[0]
        at += np.clip(found[:2], -2.0, 2.0)
    result = np.full(height.shape, np.nan)
    result[known] = height[known] - bilinear(site.truth, columns + at[0], rows + at[1])
    return result, float(-at[0] * size), float(at[1] * size)


def _inside(model: RpcModel, grid: Grid, truth: Any, tile: Tile) -> Any:
    """The cells whose places project into the tile."""
    nodes = [np.linspace(0.0, size - 1.0, 9) for size in (grid.width, grid.height)]
    x, y = (one.ravel() for one in np.meshgrid(*nodes))
    lon, lat = exact_places(grid, x, y)
    terms = _terms(x / grid.width, y / grid.height)
    rows, columns = np.mgrid[0 : grid.height, 0 : grid.width]
    here = _terms(columns.ravel() / grid.width, rows.ravel() / grid.height)
    places = [here @ np.linalg.lstsq(terms, one, rcond=None)[0] for one in (lon, lat)]
    column, row = model.project(*places, np.nan_to_num(truth.ravel()))
    known = np.isfinite(truth.ravel())
    known &= (column >= tile.column) & (column <= tile.column + tile.width - 1.0)
    known &= (row >= tile.row) & (row <= tile.row + tile.height - 1.0)
    return known.reshape(truth.shape)


def _terms(u: Any, v: Any) -> Any:
    return np.stack([u**i * v**j for i in range(4) for j in range(4 - i)], axis=1)
