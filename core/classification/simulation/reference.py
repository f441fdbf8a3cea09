# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a simulated landscape: reference polygons, a probability sample, zones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...io.geometries import points, polygon
from ...io.grids import Grid, unproject
from ...io.outlines import outline_of
from ...table import Table, from_rows
from ...types import AnyArray, BoolArray
from .ground import BORDER, CLASSES, ZONES, Ground

SHARE = 0.45  # of the parcels that were visited
LEAST = 3  # parcels of a class in each zone that are visited, where it has as many
SMALLEST = 12  # pixels of a polygon
WRONG = 3  # polygons with the class of another one
LONELY = "vineyard"  # the class of a single polygon, where traps are planted
FIELDS = {"id": "int", "class": "text", "zone": "text", "planted": "text"}


def reference_polygons(
    ground: Ground, grid: Grid, rng: np.random.Generator, traps: bool = False
) -> Table:
    """Polygons inside some of the parcels, a pixel away from their borders: columns of ``FIELDS``.

    A few have a wrong class (``planted``: "wrong class"). ``traps``: also a class with a single
    polygon, and a polygon beside the images.
    """
    rows, shapes = [], []
    for number, inside in _visited(ground, rng):
        corner = [slice(int(one.min()), int(one.max()) + 1) for one in np.nonzero(inside)]
        place = (corner[0], corner[1])
        rows.append({"class": ground.labels[number], "zone": _zone_name(ground, inside)})
        shapes.append(outline_of(inside[place], place, grid).shape)
    _plant_errors(rows, rng)
    if traps:
        rows[-1] |= {"class": LONELY, "planted": "single polygon"}
        rows.append({"class": "wheat", "zone": ZONES[0], "planted": "outside"})
        shapes.append(_beside(grid))
    numbered = [{"id": place + 1, **row} for place, row in enumerate(rows)]
    return _with(from_rows(numbered, FIELDS, "reference"), shapes)


def validation_points(ground: Ground, grid: Grid, count: int, rng: np.random.Generator) -> Table:
    """A simple random sample of ``count`` pixels with their true class: points with the columns
    ``id``, ``class``, ``zone``.
    """
    chosen = np.sort(rng.choice(ground.objects.size, count, replace=False))
    rows, columns = np.unravel_index(chosen, ground.objects.shape)
    names = dict(zip(CLASSES.codes.tolist(), CLASSES.labels, strict=True))
    codes = ground.codes()
    left, width, _, top, _, height = grid.geotransform
    lonlat = np.array(
        [
            unproject(grid.wkt, left + width * (column + 0.5), top + height * (row + 0.5))
            for row, column in zip(rows, columns, strict=True)
        ]
    )
    listed = [
        {
            "id": place + 1,
            "class": names[int(codes[row, column])],
            "zone": ZONES[int(ground.zone[row, column])],
        }
        for place, (row, column) in enumerate(zip(rows, columns, strict=True))
    ]
    fields = {key: kind for key, kind in FIELDS.items() if key != "planted"}
    table = from_rows(listed, fields, "validation")
    return Table(table.columns, table.name, points(lonlat[:, 0], lonlat[:, 1]))


def zone_polygons(grid: Grid) -> Table:
    """The two zones as polygons with their name in the column ``zone``."""
    left, bottom, right, top = grid.bounds()
    north, south = (left + share * (right - left) for share in BORDER)
    rings = (
        ((left, top), (north, top), (south, bottom), (left, bottom), (left, top)),
        ((north, top), (right, top), (right, bottom), (south, bottom), (north, top)),
    )
    shapes = [polygon([unproject(grid.wkt, *corner) for corner in ring]) for ring in rings]
    table = from_rows([{"zone": name} for name in ZONES], {"zone": "text"}, "zones")
    return _with(table, shapes)


def _visited(ground: Ground, rng: np.random.Generator) -> Iterator[tuple[int, BoolArray]]:
    """The number of each parcel that is visited, and its inner pixels (rows, columns)."""
    inner = {}
    for number in range(len(ground.labels)):
        inside = _largest_inside(ground.objects == number)
        if np.count_nonzero(inside) >= SMALLEST:
            inner[number] = inside
    groups: dict[tuple[str, str], list[int]] = {}
    for number, inside in inner.items():
        groups.setdefault((ground.labels[number], _zone_name(ground, inside)), []).append(number)
    chosen: list[int] = []
    for _, members in sorted(groups.items()):
        wanted = min(len(members), max(LEAST, round(SHARE * len(members))))
        chosen += rng.choice(members, wanted, replace=False).tolist()
    for number in sorted(chosen):
        yield number, inner[number]


def _largest_inside(parcel: BoolArray) -> BoolArray:
    """The largest part of a parcel without the pixels at its border."""
    from scipy import ndimage

    core = ndimage.binary_erosion(parcel, np.ones((3, 3)))
    parts, count = ndimage.label(core)
    if count < 2:
        return np.asarray(core)
    return np.asarray(parts == 1 + np.bincount(parts[core])[1:].argmax())


def _zone_name(ground: Ground, inside: BoolArray) -> str:
    return ZONES[int(round(float(ground.zone[inside].mean())))]


def _plant_errors(rows: list[dict[str, Any]], rng: np.random.Generator) -> None:
    """Give a few crops the class of another crop, as declarations of farmers have it."""
    crops = [row for row in rows if row["class"] in ("wheat", "maize", "sunflower")]
    for place in rng.choice(len(crops), WRONG, replace=False):
        row = crops[int(place)]
        others = [name for name in ("wheat", "maize", "sunflower") if name != row["class"]]
        row |= {"class": others[int(rng.integers(2))], "planted": "wrong class"}


def _beside(grid: Grid) -> bytes:
    """A square to the east of the images."""
    _, bottom, right, top = grid.bounds()
    x, y, side = right + 500.0, (bottom + top) / 2.0, 60.0
    ring = ((x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y))
    return polygon([unproject(grid.wkt, *corner) for corner in ring])


def _with(table: Table, shapes: list[bytes]) -> Table:
    geometry: AnyArray = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return Table(table.columns, table.name, geometry, "Polygon")
