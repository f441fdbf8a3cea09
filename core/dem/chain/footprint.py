# SPDX-License-Identifier: GPL-3.0-or-later
"""Where parts of images lie on the ground, and in the other images."""

from __future__ import annotations

from math import ceil, floor, isfinite

import numpy as np

from ...errors import InputError
from ...io.grids import Grid, grid_from_epsg, project
from ...io.stereo_images import StereoImage
from ...types import FloatArray
from ..cells import meters_per_degree
from ..rpc import RpcModel
from .request import Extent, Region

NODES = 9  # along each side of a region
LEAST_SIDE = 64  # pixels
POLAR_DEG = 84.0
_NORTHERN, _SOUTHERN = 32600, 32700  # EPSG codes of UTM zones
_UPS = {True: 5041, False: 5042}  # universal polar stereographic, by whether it is north


def lattice_of(region: Region, nodes: int = NODES) -> tuple[FloatArray, FloatArray]:
    """Columns and rows (n,) of a lattice over a region, its rim included."""
    column, row, columns, rows = region
    found = np.meshgrid(
        np.linspace(column - 0.5, column + columns - 0.5, nodes),
        np.linspace(row - 0.5, row + rows - 0.5, nodes),
    )
    return found[0].ravel(), found[1].ravel()


def seen_share(
    first: RpcModel, second: RpcModel, region: Region, height: float, size: tuple[int, int]
) -> float:
    """The share (0 to 1) of a region at one height that an image of ``size`` (rows, columns)
    sees.
    """
    places = first.locate(*lattice_of(region), height, compiled=False)
    column, row = second.project(*places, height, compiled=False)
    inside = (column >= -0.5) & (column < size[1] - 0.5) & (row >= -0.5) & (row < size[0] - 0.5)
    return float(inside.mean())


def window_in(
    first: RpcModel,
    second: RpcModel,
    region: Region,
    heights: tuple[float, float],
    size: tuple[int, int],
    margin: float,
) -> Region | None:
    """The pixels of the second image, of ``size`` (rows, columns), that may show a region between
    two heights, and a margin; None where there are none.
    """
    column, row = lattice_of(region, 3)
    places = []
    for height in heights:
        ground = first.locate(column, row, height, compiled=False)
        places.append(np.array(second.project(*ground, height, compiled=False)))
    found = np.concatenate(places, axis=1)
    found = found[:, np.isfinite(found).all(axis=0)]
    if not found.size:
        return None
    left, top = (max(floor(one - margin), 0) for one in found.min(axis=1))
    right = min(ceil(found[0].max() + margin) + 1, size[1])
    bottom = min(ceil(found[1].max() + margin) + 1, size[0])
    if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
        return None
    return left, top, right - left, bottom - top


def sight_of(model: RpcModel, region: Region, heights: tuple[float, float]) -> FloatArray:
    """How far (east, north) a line of sight goes per meter upward, in the middle of a region."""
    column, row = region[0] + 0.5 * region[2], region[1] + 0.5 * region[3]
    low, high = heights
    lon, lat = model.locate([column, column], [row, row], [low, high], compiled=False)
    east, north = meters_per_degree(lat[:1])
    away = np.array([(lon[1] - lon[0]) * east[0], (lat[1] - lat[0]) * north[0]])
    return np.asarray(away / (high - low))


def pixel_on_ground(model: RpcModel, region: Region, height: float) -> float:
    """The mean side (m) of a pixel on level ground, in the middle of a region."""
    column, row = region[0] + 0.5 * region[2], region[1] + 0.5 * region[3]
    lon, lat = model.locate(
        [column, column + 1.0, column], [row, row, row + 1.0], height, compiled=False
    )
    east, north = meters_per_degree(lat[:1])
    x, y = (lon - lon[0]) * east[0], (lat - lat[0]) * north[0]
    return float(np.sqrt(abs(x[1] * y[2] - x[2] * y[1])))


def lattice_around(model: RpcModel, region: Region, height: float, resolution: float) -> Grid:
    """A grid of one cell: the UTM zone (UPS near the poles) of the middle of a region, corners at
    multiples of ``resolution``.
    """
    column, row = region[0] + 0.5 * region[2], region[1] + 0.5 * region[3]
    lon, lat = (float(one) for one in model.locate(column, row, height, compiled=False))
    if not (isfinite(lon) and isfinite(lat)):
        raise InputError(
            "The RPC of the first image does not tell where it lies on the ground. Check the "
            "heights, and get the image again."
        )
    lon = (lon + 180.0) % 360.0 - 180.0
    if abs(lat) > POLAR_DEG:
        epsg = _UPS[lat > 0.0]
    else:
        epsg = (_NORTHERN if lat >= 0.0 else _SOUTHERN) + int((lon + 180.0) // 6.0) + 1
    plain = grid_from_epsg(epsg, (0.0, resolution, 0.0, 0.0, 0.0, -resolution), 1, 1)
    x, y = project(plain.wkt, lon, lat)
    left, top = floor(x / resolution) * resolution, ceil(y / resolution) * resolution
    return grid_from_epsg(epsg, (left, resolution, 0.0, top, 0.0, -resolution), 1, 1)


def region_of(
    image: StereoImage,
    region: Region | None,
    extent: Extent | None,
    heights: tuple[float, float],
) -> Region:
    """The pixels of the first image that are asked for: of an extent those that show it at any of
    the heights. Raises ``InputError`` where the image has none of them.
    """
    rows, columns = image.size
    if extent is not None:
        places = extent.places()
        found = np.concatenate(
            [np.array(image.model.project(*places, one)) for one in heights], axis=1
        )
        found = found[:, np.isfinite(found).all(axis=0)]
        if not found.size:
            raise _outside(image, str(extent))
        low, high = np.floor(found.min(axis=1)), np.ceil(found.max(axis=1)) + 1.0
        region = int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])
    column, row, width, height = region or (0, 0, columns, rows)
    left, top = max(column, 0), max(row, 0)
    right, bottom = min(column + width, columns), min(row + height, rows)
    if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
        part = f"The part {column},{row},{width},{height}"
        raise _outside(image, part if extent is None else str(extent))
    return left, top, right - left, bottom - top


def _outside(image: StereoImage, name: str) -> InputError:
    return InputError(
        f"{name} shares less than {LEAST_SIDE} x {LEAST_SIDE} pixels with {image.name}, which has "
        f"{image.size[1]} x {image.size[0]}. Choose a part that the first image shows."
    )
