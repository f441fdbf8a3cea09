# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated desert with planted sites: what is stable and what is not is known.

All numbers are simulated. Reflectance of band b, pixel and date: level (1 + kernels) (1 + drift)
(1 + scatter), with Ross-Li kernels about their mean over the dates, so that the level is the one
under mean directions; the scatter is normal, partly common to all bands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...io.grids import Grid, grid_from_epsg
from ...io.raster_writer import RasterWriter
from ...io.stack_metadata import product_items
from ...io.tables import write_table
from ...simulation.fields import smooth_noise
from ...table import Table
from ...types import BoolArray, FloatArray, Product, TimeArray
from ..brdf import Model, kernels
from ..geometry import relative_azimuth_deg
from .design import years_of

Box = tuple[int, int, int, int]
ANGLES = ("sza", "saa", "vza", "vaa")


@dataclass(frozen=True)
class Ground:
    """A kind of ground: ``temporal`` and ``spatial`` CV (shares), ``drift`` per year (share of the
    level), ``clear``: share of the dates that are clear.
    """

    temporal: float = 0.012
    spatial: float = 0.01
    drift: float = 0.0
    clear: float = 0.7


# What surrounds the planted places: neither uniform nor stable.
AROUND = Ground(0.06, 0.08)
STABLE = Ground()
PLANTED: Mapping[str, tuple[Box, Ground]] = {
    # first row, first column, rows, columns
    "stable_west": ((8, 8, 34, 34), STABLE),
    "stable_east": ((60, 58, 28, 30), STABLE),
    "drifting": ((8, 58, 34, 34), Ground(drift=0.03)),
    "textured": ((54, 8, 36, 20), Ground(spatial=0.08)),
    "cloudy": ((52, 32, 36, 20), Ground(clear=0.2)),
}
GOOD = ("stable_west", "stable_east")


@dataclass(frozen=True)
class Plan:
    """``shared``: part of the variance of the scatter that all bands have in common; ``kernels``:
    weights of the two Ross-Li kernels as shares of the level; ``missed``: share of the clear
    observations that are clouds which the mask misses; ``weather``: scatter (share) from date to
    date that all pixels and bands have in common, on top of their own.
    """

    shape: tuple[int, int] = (96, 98)
    pixel_m: float = 500.0
    dates: int = 60
    step_days: float = 18.0
    bands: Mapping[str, float] = field(default_factory=lambda: {"red": 0.42, "nir": 0.52})
    planted: Mapping[str, tuple[Box, Ground]] = field(default_factory=lambda: dict(PLANTED))
    around: Ground = AROUND
    shared: float = 0.5
    kernels: tuple[float, float] = (0.25, 0.08)
    missed: float = 0.01
    weather: float = 0.0


@dataclass(frozen=True)
class Scene:
    """``values`` (n, b, rows, columns), float32; ``clear`` (n, rows, columns): what the mask says;
    ``angles`` (n, 4) in degrees in the order of ``ANGLES``; ``ground``: the truth by its field
    (rows, columns); ``level`` (b, rows, columns).
    """

    plan: Plan
    grid: Grid
    times: TimeArray
    values: npt.NDArray[np.float32]
    clear: BoolArray
    angles: FloatArray
    ground: Mapping[str, FloatArray]
    level: FloatArray

    @property
    def directions(self) -> FloatArray:
        """Sun zenith, view zenith and relative azimuth (n, 3) in degrees."""
        azimuth = relative_azimuth_deg(self.angles[:, 1], self.angles[:, 3])
        return np.stack([self.angles[:, 0], self.angles[:, 2], azimuth], axis=1)

    def planted(self, *names: str) -> BoolArray:
        """The pixels (rows, columns) of planted places."""
        inside = np.zeros(self.plan.shape, dtype=np.bool_)
        for name in names:
            (row, column, rows, columns), _ = self.plan.planted[name]
            inside[row : row + rows, column : column + columns] = True
        return inside


def simulate_scene(plan: Plan | None = None, seed: int = 1) -> Scene:
    """The scene of ``plan``, the same for the same ``seed``."""
    plan, rng = plan or Plan(), np.random.default_rng(seed)
    times = np.datetime64("2018-01-04T10:30:00", "ms") + (
        plan.step_days * 86_400_000.0 * np.arange(plan.dates)
    ).astype("timedelta64[ms]")
    angles = _angles(times, rng)
    ground = _ground(plan)
    level = _levels(plan, ground, rng)
    shapes = kernels(Model.ROSS_LI, angles[:, 0], angles[:, 2],
                     relative_azimuth_deg(angles[:, 1], angles[:, 3]))[:, 1:]  # fmt: skip
    directions = (shapes - shapes.mean(axis=0)) @ np.array(plan.kernels)
    drift = years_of(times)[:, None, None] * ground["drift"]
    size = (plan.dates, *plan.shape)
    common = rng.standard_normal(size) * np.sqrt(plan.shared)
    clear = rng.random(size) < ground["clear"]
    missed = clear & (rng.random(size) < plan.missed)
    weather = plan.weather * np.random.default_rng(seed + 1).standard_normal(plan.dates)
    drift = drift + weather[:, None, None]
    values = np.empty((plan.dates, len(plan.bands), *plan.shape), dtype=np.float32)
    for band in range(len(plan.bands)):
        own = rng.standard_normal(size) * np.sqrt(1.0 - plan.shared)
        scatter = ground["temporal"] * (common + own)
        one = level[band] * (1.0 + directions[:, None, None]) * (1.0 + drift) * (1.0 + scatter)
        values[:, band] = np.where(missed | ~clear, one + 0.25, one)
    grid = grid_from_epsg(
        32634, (400_000.0, plan.pixel_m, 0.0, 3_180_000.0, 0.0, -plan.pixel_m),
        plan.shape[1], plan.shape[0],
    )  # fmt: skip
    return Scene(plan, grid, times, values, clear, angles, ground, level)


def write_scene(folder: Path, scene: Scene, angles: str = "table") -> Path:
    """Write a stack of one file per date (bands and a band ``mask``, 0 clear and 1 cloud) into
    ``folder``/images; returns that folder.

    ``angles``: ``table`` writes them to ``folder``/angles.csv, ``files`` into the metadata of the
    images, ``none`` nowhere.
    """
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    names = (*scene.plan.bands, "mask")
    for at, time in enumerate(scene.times):
        path = images / f"scene_{str(time.astype('datetime64[D]')).replace('-', '')}.tif"
        with RasterWriter(path, scene.grid, len(names), "float32", None, names) as writer:
            for band, values in enumerate(scene.values[at], start=1):
                writer.write(band, values)
            writer.write(len(names), (~scene.clear[at]).astype(np.float32))
            if angles == "files":
                sza, saa, vza, vaa = (float(one) for one in scene.angles[at])
                product = Product(
                    "", "", "", "", "", "", time, sun_zenith_deg=sza, sun_azimuth_deg=saa,
                    view_zenith_deg=vza, view_azimuth_deg=vaa,
                )  # fmt: skip
                for key, text in product_items(product).items():
                    writer.describe(key, text)
    if angles == "table":
        columns = {"date": scene.times, **dict(zip(ANGLES, scene.angles.T, strict=True))}
        write_table(Table(columns), folder / "angles.csv")
    return images


def _angles(times: TimeArray, rng: np.random.Generator) -> FloatArray:
    """The morning sun at 28 degrees north, and a wide swath that sees the scene from both sides."""
    season = np.cos(2.0 * np.pi * (years_of(times) - years_of(times)[0] + 0.03))
    count = len(times)
    sza, saa = 38.0 + 18.0 * season, 135.0 + 18.0 * season
    vza = rng.uniform(0.0, 45.0, count)
    vaa = np.where(rng.random(count) < 0.5, 100.0, 280.0) + rng.normal(0.0, 4.0, count)
    return np.stack([sza, saa, vza, vaa], axis=1)


def _ground(plan: Plan) -> dict[str, FloatArray]:
    found = {
        name: np.full(plan.shape, getattr(plan.around, name))
        for name in ("temporal", "spatial", "drift", "clear")
    }
    for (row, column, rows, columns), ground in plan.planted.values():
        for name, values in found.items():
            values[row : row + rows, column : column + columns] = getattr(ground, name)
    return found


def _levels(plan: Plan, ground: Mapping[str, FloatArray], rng: np.random.Generator) -> FloatArray:
    """Levels (b, rows, columns): the ground around is darker and rolls; texture is white."""
    inside = np.zeros(plan.shape, dtype=np.bool_)
    for (row, column, rows, columns), _ in plan.planted.values():
        inside[row : row + rows, column : column + columns] = True
    rolling = np.where(inside, 0.0, -0.2 + 0.05 * smooth_noise(plan.shape, 12.0, rng))
    texture = ground["spatial"] * rng.standard_normal(plan.shape)
    return np.stack([value * (1.0 + rolling) * (1.0 + texture) for value in plan.bands.values()])
