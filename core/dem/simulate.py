# SPDX-License-Identifier: GPL-3.0-or-later
"""Stereo scenes with exact truth: images of a known surface through known models.

Two or three views are rendered by marching rays through RPC models into a surface, so that what
hides what is exact. Noise and a pointing error are planted. The delivered models lack that error,
as those of real images do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..io.atomic import Staging
from ..io.geoid_grids import VERTICAL_ITEM
from ..io.grids import Grid, grid_from_epsg, project
from ..io.raster_writer import write_raster
from ..io.rpc_images import write_rpc_image
from ..io.vertical_crs import ELLIPSOID
from ..progress import Progress, Silent, check
from ..types import AnyArray, BoolArray, FloatArray
from .cameras import Pushbroom
from .render import CHUNK, Sight, Surface, hits, sight, visible
from .rpc import RpcModel
from .scene_ground import Ground, make_ground

MEAN_DN, LARGEST_DN = 400.0, 4095
NODATA = 0
TALLEST_M = 30.0  # of buildings, and of what sticks out of the relief
MARGIN_M = 10.0  # of the truth around what the images show
NORTHERN, SOUTHERN = 32600, 32700  # EPSG codes of UTM zones


@dataclass(frozen=True)
class SceneSettings:
    """What to simulate.

    ``terrain``: ``rough``, ``urban`` or ``smooth`` (of low texture). ``size`` of the images and of
    their pixels ``gsd_m``. ``base_to_height``: of the first and the last view, whose sensors stand
    in a line of ``azimuth_deg`` (clockwise from north); a third view stands between them.
    ``aside``: tangent of the common view angle across that line. ``relief_m``: from lowest to
    highest ground around ``height`` (m above the ellipsoid). ``snr``: of the mean signal.
    ``pointing_px``: by how much (column, row) the true models of the further views differ from the
    delivered ones; further views repeat the last. ``samples``: rays per pixel along each axis.
    """

    terrain: str = "rough"
    size: int = 512
    gsd_m: float = 0.5
    base_to_height: float = 0.25
    azimuth_deg: float = 190.0
    aside: float = 0.1
    views: int = 2
    lon: float = 55.65
    lat: float = -21.23
    height: float = 1200.0
    relief_m: float = 60.0
    snr: float = 120.0
    pointing_px: tuple[tuple[float, float], ...] = ((2.3, -3.1),)
    samples: int = 2
    seed: int = 0


@dataclass(frozen=True)
class StereoScene:
    """``images`` (rows, columns; uint16, 0 is no data), the ``models`` delivered with them and the
    ``true_models`` they were rendered through; ``truth`` with its ``buildings`` and, per view, the
    cells ``seen`` (rows, columns).
    """

    images: tuple[AnyArray, ...]
    models: tuple[RpcModel, ...]
    true_models: tuple[RpcModel, ...]
    truth: Surface
    buildings: BoolArray
    seen: tuple[BoolArray, ...]

    @property
    def hidden(self) -> BoolArray:
        """The cells (rows, columns) that fewer than two views see."""
        return np.asarray(np.sum(self.seen, axis=0) < 2)


def simulate_scene(
    settings: SceneSettings, progress: Progress | None = None, compiled: bool | None = None
) -> StereoScene:
    """The scene that ``settings`` describe, the same for the same seed.

    Raises ``InputError`` where the settings make no sense.
    """
    _check(settings)
    progress = progress or Silent()
    rng = np.random.default_rng(settings.seed)
    reach = settings.relief_m + TALLEST_M
    low, high = settings.height - reach, settings.height + reach
    models = tuple(camera.rpc(low, high) for camera in cameras(settings))
    grid = _grid(settings, models, (low, high))
    ground = make_ground(settings.terrain, grid, settings.height, settings.relief_m, rng)
    surface = Surface(ground.height, grid)
    true_models = tuple(
        model.shifted(*_pointing(settings, index)) for index, model in enumerate(models)
    )
    images, seen = [], []
    for index, model in enumerate(true_models):
        view = sight(model, surface, (settings.size, settings.size))
        images.append(render(view, ground, settings, rng, progress, compiled))
        seen.append(visible(view, compiled))
        progress.report((index + 1) / len(true_models), f"View {index + 1} rendered")
    return StereoScene(tuple(images), models, true_models, surface, ground.buildings, tuple(seen))


def cameras(settings: SceneSettings) -> list[Pushbroom]:
    """One camera per view, all looking at the center of the scene."""
    turn = np.radians(settings.azimuth_deg)
    along = np.array([np.sin(turn), np.cos(turn)])
    aside = settings.aside * np.array([-along[1], along[0]])
    stands = np.linspace(0.5, -0.5, settings.views) * settings.base_to_height
    make = partial(
        Pushbroom, settings.lon, settings.lat, settings.height, gsd_m=settings.gsd_m,
        columns=settings.size, rows=settings.size,
    )  # fmt: skip
    places = [along * stand + aside for stand in stands]
    return [make((float(one[0]), float(one[1]))) for one in places]


def render(
    view: Sight,
    ground: Ground,
    settings: SceneSettings,
    rng: np.random.Generator,
    progress: Progress,
    compiled: bool | None = None,
) -> AnyArray:
    """The image (rows, columns; uint16) of a view, with noise."""
    rows, columns = view.shape
    image = np.zeros(view.shape, dtype=np.uint16)
    step = max(1, CHUNK // columns)
    for first in range(0, rows, step):
        check(progress)
        last = min(first + step, rows)
        signal = MEAN_DN * _radiance(view, ground, first, last, settings.samples, compiled)
        signal += rng.normal(0.0, MEAN_DN / settings.snr, signal.shape)
        known = np.isfinite(signal)
        values = np.clip(np.rint(np.where(known, signal, 1.0)), 1, LARGEST_DN)
        image[first:last] = np.where(known, values, NODATA).astype(np.uint16)
    return image


def write_scene(scene: StereoScene, folder: Path | str) -> dict[str, Path]:
    """Write ``img_01.tif`` ... with their models, ``truth.tif``, ``buildings.tif`` and
    ``hidden.tif`` into ``folder``: their paths by their names without ending.

    Raises ``OutputError`` where they cannot be written completely; then none is there.
    """
    folder, paths = Path(folder), {}
    with Staging() as staging:
        for number, (image, model) in enumerate(zip(scene.images, scene.models, strict=True), 1):
            path = folder / f"img_{number:02d}.tif"
            write_rpc_image(staging.stage(path), image, model, NODATA, path.name)
            paths[path.stem] = path
        for name, values in (
            ("truth", scene.truth.height),
            ("buildings", scene.buildings.astype(np.uint8)),
            ("hidden", scene.hidden.astype(np.uint8)),
        ):
            path = folder / f"{name}.tif"
            about = [(VERTICAL_ITEM, ELLIPSOID)] if name == "truth" else []
            write_raster(staging.stage(path), [values], scene.truth.grid, about=about)
            paths[name] = path
    return paths


def _radiance(
    view: Sight, ground: Ground, first: int, last: int, samples: int, compiled: bool | None
) -> FloatArray:
    """Mean radiance (rows, columns) of the pixels of some rows; NaN where a ray meets nothing."""
    row, column = (
        one.ravel().astype(np.float64) for one in np.mgrid[first:last, 0 : view.shape[1]]
    )
    total = np.zeros(len(row))
    offsets = (np.arange(samples) + 0.5) / samples - 0.5
    for down in offsets:
        for right in offsets:
            x, y, _ = hits(view, column + right, row + down, compiled)
            total += ground.brightness(x, y)
    return np.asarray(total.reshape(last - first, -1) / samples**2)


def _grid(
    settings: SceneSettings, models: tuple[RpcModel, ...], heights: tuple[float, float]
) -> Grid:
    """A UTM grid of cells as large as pixels that holds the footprints of all views."""
    zone = int((settings.lon + 180.0) // 6.0) + 1
    epsg = (NORTHERN if settings.lat >= 0.0 else SOUTHERN) + zone
    cell, edge = settings.gsd_m, settings.size - 0.5
    plain = grid_from_epsg(epsg, (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1, 1)
    places = []
    for model in models:
        for height in heights:
            corners = model.locate([-0.5, edge, edge, -0.5], [-0.5, -0.5, edge, edge], height)
            places += [project(plain.wkt, *one) for one in zip(*corners, strict=True)]
    low, high = np.min(places, axis=0) - MARGIN_M, np.max(places, axis=0) + MARGIN_M
    left, top = np.floor(low[0] / cell) * cell, np.ceil(high[1] / cell) * cell
    columns, rows = (int(one) for one in np.ceil(np.array([high[0] - left, top - low[1]]) / cell))
    transform = (float(left), cell, 0.0, float(top), 0.0, -cell)
    return grid_from_epsg(epsg, transform, columns, rows)


def _pointing(settings: SceneSettings, index: int) -> tuple[float, float]:
    if index == 0 or not settings.pointing_px:
        return 0.0, 0.0
    return settings.pointing_px[min(index, len(settings.pointing_px)) - 1]


def _check(settings: SceneSettings) -> None:
    if settings.size < 32 or settings.gsd_m <= 0.0 or settings.snr <= 0.0 or settings.samples < 1:
        raise InputError(
            "A simulated scene needs images of at least 32 pixels, a positive pixel size, a "
            "positive signal-to-noise ratio, and at least one ray per pixel."
        )
    if settings.views not in (2, 3) or abs(settings.base_to_height) < 0.01:
        raise InputError("A simulated scene has two or three views and a B/H of at least 0.01.")
