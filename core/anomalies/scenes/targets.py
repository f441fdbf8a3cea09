# SPDX-License-Identifier: GPL-3.0-or-later
"""Places to extract series at: points and small squares inside parcels, and the whole images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...io.grids import Grid, grid_from_epsg
from ...io.tables import points, polygon
from ...simulation.places import corner
from ...table import Table, from_rows
from ...types import BoolArray
from ..inject_stack import weights
from .images import PIXEL_M
from .plan import SitePlan

WIDEST = 5  # half of the largest square, in pixels
COVERED: dict[str, tuple[str, ...]] = {
    "Toulouse": ("wheat", "wheat", "maize", "sunflower", "meadow", "copse", "tiled roofs", "pond"),
    "Beijing": ("concrete", "courtyard", "park", "blue roof", "pond"),
    "Ouarzazate": ("dunes", "stony plain", "rock"),
    "Birdsville": ("grassland", "red dunes", "clay pan", "creek"),
}
# What changes least over the year, and is bright: there a change of the processor shows first.
STEADY = {
    "Toulouse": "tiled roofs", "Beijing": "concrete", "Ouarzazate": "dunes",
    "Birdsville": "clay pan",
}  # fmt: skip
FIELDS = {"site": "text", "place": "text", "cover": "text", "column": "int", "row": "int"}


@dataclass(frozen=True)
class Target:
    """A place in a series of images: the pixel of its point, and its square (rows, columns)."""

    name: str
    place: str
    cover: str
    row: int
    column: int
    square: tuple[slice, slice]


def targets(plan: SitePlan) -> tuple[Target, ...]:
    """The places of one site: the parcels of its covers, the burnt ground, the whole image."""
    name, ground = plan.settings.name, plan.landscape
    found: list[Target] = []
    for cover in dict.fromkeys(COVERED[name]):
        wanted = COVERED[name].count(cover)
        for number, parcel in enumerate(_largest(plan, cover)[:wanted], start=1):
            label = f"{name} {cover}" + (f" {number}" if wanted > 1 else "")
            found.append(_target(label, name, cover, ground.parcels == parcel))
    for injection in plan.injections:
        if injection.type == "fire":
            burnt = weights(injection, ground.parcels.shape) > 0.0
            found.append(_target(f"{name} burnt", name, "burnt", burnt))
    size = ground.parcels.shape[0]
    whole = (slice(2, size - 2), slice(2, size - 2))
    middle = size // 2
    return (*found, Target(f"{name} image", name, "all", middle, middle, whole))


def grid(plan: SitePlan) -> Grid:
    """The 10 m grid of the images of a site."""
    size = plan.landscape.parcels.shape[0]
    left, top = corner(plan.place, size * PIXEL_M)
    transform = (left, PIXEL_M, 0.0, top, 0.0, -PIXEL_M)
    return grid_from_epsg(plan.place.epsg, transform, size, size)


def layers(plans: tuple[SitePlan, ...]) -> tuple[Table, Table, Table]:
    """Places as tables: points (without the whole images), polygons (all), and the polygons of the
    steadiest ground, one for each site.
    """
    everything = [(target, grid(plan)) for plan in plans for target in targets(plan)]
    spots = [(target, on) for target, on in everything if target.cover != "all"]
    steady = [(target, on) for target, on in everything if STEADY[target.place] == target.cover]
    places = [_center(target, on) for target, on in spots]
    return (
        _table([target for target, _ in spots], "sites", "Point", places),
        _polygons(everything, "polygons"),
        _polygons(steady, "steady"),
    )


def _polygons(listed: list[tuple[Target, Grid]], name: str) -> Table:
    outlines = [_outline(target, on) for target, on in listed]
    return _table([target for target, _ in listed], name, "Polygon", outlines)


def _largest(plan: SitePlan, cover: str) -> list[int]:
    """The parcels of a cover, largest first."""
    ground = plan.landscape
    sizes = np.bincount(ground.parcels.ravel(), minlength=len(ground.covers))
    own = [i for i, name in enumerate(ground.covers) if name == cover and sizes[i]]
    return sorted(own, key=lambda i: -int(sizes[i]))


def _target(name: str, place: str, cover: str, inside: BoolArray) -> Target:
    """The point deepest inside, and a square of whole 20 m pixels around it."""
    from scipy import ndimage

    depth = ndimage.distance_transform_cdt(np.pad(inside, 1), "chessboard")[1:-1, 1:-1]
    row, column = (int(i) for i in np.unravel_index(depth.argmax(), depth.shape))
    reach = min(max(int(depth[row, column]) - 1, 1), WIDEST)
    square = tuple(
        slice(2 * ((middle - reach + 1) // 2), 2 * max((middle + reach + 1) // 2, middle // 2 + 1))
        for middle in (row, column)
    )
    return Target(name, place, cover, row, column, (square[0], square[1]))


def _center(target: Target, on: Grid) -> bytes:
    corners = _corners(on, (target.row, target.row + 1), (target.column, target.column + 1))
    longitude, latitude = np.mean(corners[:4], axis=0)
    made: bytes = points(np.array([longitude]), np.array([latitude]))[0]
    return made


def _outline(target: Target, on: Grid) -> bytes:
    rows, columns = target.square
    return polygon(_corners(on, (rows.start, rows.stop), (columns.start, columns.stop)))


def _corners(
    on: Grid, rows: tuple[int, int], columns: tuple[int, int]
) -> tuple[tuple[float, float], ...]:
    """The ring of a part of the grid, in degrees."""
    left, wide, _, top, _, high = on.geotransform
    transform = (left + columns[0] * wide, wide, 0.0, top + rows[0] * high, 0.0, high)
    return Grid(on.wkt, transform, columns[1] - columns[0], rows[1] - rows[0]).ring()


def _rows(listed: list[Target]) -> Iterator[dict[str, object]]:
    for one in listed:
        yield {
            "site": one.name,
            "place": one.place,
            "cover": one.cover,
            "column": one.column,
            "row": one.row,
        }


def _table(listed: list[Target], name: str, kind: str, shapes: list[bytes]) -> Table:
    table = from_rows(_rows(listed), FIELDS, name)
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return Table(table.columns, name, geometry, kind)
