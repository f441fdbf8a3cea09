# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of each polygon each class of a map takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..classification.classes import Classes, label_texts
from ..errors import InputError
from ..progress import Progress, Silent, each
from ..table import Table
from ..types import AnyArray, BandSource, FloatArray
from .class_maps import map_grid, read_codes, row_areas_ha
from .raster_values import missing_values
from .rasters import Rasters, Window, short
from .shapes import Footprint, footprint, places

_Row = tuple[str, int, int, float, float, list[float]]


def zone_classes(
    path: str,
    classes: Classes,
    zones: Table,
    name_field: str = "",
    beside: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Table:
    """A row for each polygon of ``zones`` and each class in it: pixels, hectares, share of the
    pixels with a class (0 to 1), and the mean of each raster ``beside`` the map (name: path).

    Pixels belong to the polygon that holds their center. ``name_field``: the column that names the
    polygons; "": their number. Raises ``InputError`` where none lies on the map.
    """
    if zones.geometry is None:
        raise InputError(f"{zones.name} has no polygons.")
    longitude, latitude, _, polygons = places(zones.geometry)
    numbers = np.arange(1, len(zones) + 1).astype(str)
    names = label_texts(zones, name_field) if name_field else numbers
    beside = beside or {}
    rows: list[_Row] = []
    with Rasters() as rasters:
        grid = map_grid(path, rasters)
        if not grid.wkt:
            raise InputError(f"{short(path)} has no coordinate system: no polygon can be found.")
        areas = row_areas_ha(grid)
        for at in each(range(len(zones)), progress or Silent()):
            if polygons[at] is None:
                continue
            found = footprint(grid, longitude[at], latitude[at], 0.0, polygons[at])
            if found is not None:
                rows += _rows(str(names[at]), path, found, areas, tuple(beside.values()), rasters)
    if not rows:
        raise InputError(f"No polygon of {zones.name} holds a class of {short(path)}.")
    return _table(rows, classes, tuple(beside))


def _rows(
    name: str,
    path: str,
    found: Footprint,
    areas: FloatArray,
    beside: Sequence[str],
    rasters: Rasters,
) -> Iterator[_Row]:
    """The rows of one polygon: name, code, pixels, hectares, share, and the means of the rasters
    ``beside`` the map; ``areas`` (rows,): hectares of the pixels of each row of the map.
    """
    window = found.window
    place = window.column_off, window.row_off, *window.shape[::-1]
    codes = np.where(found.inside, read_codes(path, rasters, *place), 0)
    hectares = np.broadcast_to(areas[window.row_off :][: len(codes), None], codes.shape)
    whole = int(np.count_nonzero(codes))
    others = [_values(rasters, other, window) for other in beside]
    for code in np.unique(codes[codes > 0]):
        here = codes == code
        means = [_mean(values[here]) for values in others]
        count = int(np.count_nonzero(here))
        yield name, int(code), count, float(hectares[here].sum()), count / whole, means


def _table(rows: list[_Row], classes: Classes, beside: tuple[str, ...]) -> Table:
    labels = dict(zip(classes.codes.tolist(), classes.labels, strict=True))
    zone, code, count, hectares, share, means = zip(*rows, strict=True)
    columns: dict[str, AnyArray] = {
        "zone": np.array(zone, dtype=object),
        "class": np.array([labels.get(one, str(one)) for one in code], dtype=object),
        "code": np.array(code, dtype=np.int64),
        "pixels": np.array(count, dtype=np.int64),
        "area_ha": np.array(hectares),
        "share": np.array(share),
    }
    for at, name in enumerate(beside):
        columns[f"mean_{name}"] = np.array([one[at] for one in means])
    return Table(columns, "classes by zone")


def _values(rasters: Rasters, path: str, window: Window) -> FloatArray:
    """The pixels of another raster, NaN where it has no data."""
    nodata = rasters.dataset(path).GetRasterBand(1).GetNoDataValue()
    values = rasters.resampled(path, 1, window, float("nan") if nodata is None else nodata)
    source = BandSource("", path, nodata=nodata)
    return np.where(missing_values(values, source), np.nan, values.astype(np.float64))


def _mean(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
