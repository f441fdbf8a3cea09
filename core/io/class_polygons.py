# SPDX-License-Identifier: GPL-3.0-or-later
"""The areas of a map of classes as polygons that share their borders."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians

import numpy as np
from osgeo import gdal, ogr, osr

from ..classification.classes import Classes
from ..classification.maps.arcs import Arcs, Piece, nodes_of
from ..errors import InputError
from ..progress import Part, Progress, Silent, check
from ..table import Table
from ..types import AnyArray, FloatArray
from .class_maps import read_codes
from .geometries import wgs84
from .grids import METERS_PER_DEGREE, Grid
from .rasters import Rasters, quiet, short

_M2_PER_HA = 1e4
_ROUNDS = 30


@dataclass(frozen=True)
class _Area:
    code: int
    rings: tuple[tuple[Piece, ...], ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(piece for ring in self.rings for piece in ring)


def check_georeferenced(path: str) -> None:
    """Raise ``InputError`` for a map without coordinate system or place: it has no polygons and
    nothing can be laid over it.
    """
    with Rasters() as rasters:
        dataset = rasters.dataset(path)
        known = dataset.GetSpatialRef() is not None
        known = known and dataset.GetGeoTransform(can_return_null=True) is not None
    if not known:
        raise InputError(
            f"{short(path)} has no georeferencing: polygons and zones need it. Give the map its "
            "coordinate system and place (gdal_edit.py -a_srs EPSG:32631 -a_ullr left top right "
            "bottom), or leave OUTPUT_VECTOR and OUTPUT_STATISTICS out."
        )


def class_polygons(
    path: str, classes: Classes, tolerance: float, turns: int, progress: Progress | None = None
) -> Table:
    """The areas (4-connected) of the map ``path``: a polygon each with its class and hectares.

    Borders are simplified by ``tolerance`` pixels and their corners cut ``turns`` times; neighbors
    keep the same border, and where a polygon would cross itself its borders stay as they are. The
    whole map is held in memory. Raises ``InputError`` for a map without a CRS.
    """
    progress = progress or Silent()
    with Rasters() as rasters:
        grid = rasters.grid(path)
        dataset = rasters.dataset(path)
        codes = read_codes(path, rasters, 0, 0, grid.width, grid.height)
        arcs = Arcs(nodes_of(codes), tolerance, turns)
        del codes
        areas = _traced(dataset, grid, arcs, Part(progress, 0.0, 0.5))
    shapes = _shapes(areas, arcs, grid, Part(progress, 0.5, 0.9))
    hectares = np.array([_hectares(shape, grid) for shape in shapes])
    turn = osr.CoordinateTransformation(grid.reference(), wgs84())
    geometry = np.empty(len(shapes), dtype=object)
    for at, shape in enumerate(shapes):
        shape.Transform(turn)
        geometry[at] = bytes(shape.ExportToWkb(ogr.wkbNDR))
    labels = dict(zip(classes.codes.tolist(), classes.labels, strict=True))
    columns = {
        "class": np.array([labels.get(area.code, str(area.code)) for area in areas], dtype=object),
        "code": np.array([area.code for area in areas], dtype=np.int64),
        "area_ha": hectares,
    }
    return Table(columns, "areas of classes", geometry, "Polygon")


def _traced(dataset: gdal.Dataset, grid: Grid, arcs: Arcs, progress: Progress) -> list[_Area]:
    band = dataset.GetRasterBand(1)
    source = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = source.CreateLayer("areas", None, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("code", ogr.OFTInteger))
    with quiet():
        code = gdal.Polygonize(band, band.GetMaskBand(), layer, 0, [])
    if code != gdal.CE_None:
        raise InputError("The map cannot be brought into polygons: memory may be too small.")
    found, count = [], max(layer.GetFeatureCount(), 1)
    for number, feature in enumerate(layer):
        if number % 500 == 0:
            check(progress)
            progress.report(number / count)
        if feature.GetField(0) == 0:
            continue
        shape = feature.GetGeometryRef()
        rings = [_corners(shape.GetGeometryRef(n), grid) for n in range(shape.GetGeometryCount())]
        found.append(_Area(feature.GetField(0), tuple(arcs.cut(ring) for ring in rings)))
    return found


def _corners(ring: ogr.Geometry, grid: Grid) -> AnyArray:
    """The corners (n, 2) of a ring as whole columns and rows."""
    left, width, _, top, _, height = grid.geotransform
    places = np.array(ring.GetPoints())[:, :2]
    return np.asarray(np.rint((places - (left, top)) / (width, height)), dtype=np.int64)


def _shapes(areas: list[_Area], arcs: Arcs, grid: Grid, progress: Progress) -> list[ogr.Geometry]:
    """Valid polygons of all areas: borders of those that are not are left as they are, until all
    are valid.
    """
    shapes = [_polygon(area, arcs, grid) for area in areas]
    todo = list(range(len(areas)))
    for turn in range(_ROUNDS):
        check(progress)
        progress.report(turn / _ROUNDS)
        with quiet():
            bad = [at for at in todo if not shapes[at].IsValid()]
        changed = set().union(*(arcs.leave(areas[at].pieces) for at in bad)) if bad else set()
        if not changed:
            break
        todo = [
            at for at, area in enumerate(areas)
            if any(piece.key in changed for piece in area.pieces)
        ]  # fmt: skip
        for at in todo:
            shapes[at] = _polygon(areas[at], arcs, grid)
    return shapes


def _polygon(area: _Area, arcs: Arcs, grid: Grid) -> ogr.Geometry:
    left, width, _, top, _, height = grid.geotransform
    shape = ogr.Geometry(ogr.wkbPolygon)
    for pieces in area.rings:
        places: FloatArray = arcs.ring(pieces) * (width, height) + (left, top)
        ring = ogr.Geometry(ogr.wkbLinearRing)
        for x, y in places.tolist():
            ring.AddPoint_2D(x, y)
        shape.AddGeometry(ring)
    return shape


def _hectares(shape: ogr.Geometry, grid: Grid) -> float:
    """The area in hectares; of degrees at the latitude of the middle (sphere)."""
    reference = grid.reference()
    if reference.IsGeographic():
        _, _, south, north = shape.GetEnvelope()
        scale = METERS_PER_DEGREE**2 * cos(radians((south + north) / 2.0))
    else:
        scale = float(reference.GetLinearUnits()) ** 2
    return float(shape.GetArea()) * scale / _M2_PER_HA
