# SPDX-License-Identifier: GPL-3.0-or-later
"""Heights, masks and classes brought onto another grid."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import gdal, ogr, osr

from ..errors import InputError, ProductError
from ..types import AnyArray, BoolArray
from .dem_files import Dem, HeightArray, Place, dem_grid
from .grids import Grid, pixel_sides_m, same_crs
from .rasters import Rasters, quiet, short

IN_LAYER = "|layername="
# GDAL widens kernels by the ratio of the sizes of two windows: parts of a grid would not fit.
_SAME_KERNEL = ["XSCALE=1", "YSCALE=1"]
_MARGIN = 4  # cells that cubic convolution sees beyond a grid, and some


def flat_wkt(grid: Grid) -> str:
    """The CRS of a grid without its vertical part, so that warping changes no height."""
    reference = grid.reference()
    reference.DemoteTo2D()
    if reference.IsCompound():
        reference.StripVertical()
    return str(reference.ExportToWkt())


def warped(dem: Dem, grid: Grid, how: str = "cubic") -> HeightArray:
    """The heights of ``dem`` on the cells of ``grid``, NaN where there is none.

    ``how``: GDAL's name of the resampling (``cubic``, ``bilinear``, ``average``); missing cells
    take no part in it. Horizontal coordinates are transformed, heights are not. Raises
    ``ProductError`` where the coordinate systems cannot be joined.
    """
    if dem.grid == grid:
        return dem.height
    source = _memory(dem.height, dem.grid)
    target = _memory(np.full((grid.height, grid.width), np.nan, dtype=np.float32), grid)
    _warp(source, target, how, dem.name)
    return np.asarray(target.ReadAsArray(), dtype=np.float32)


def read_masks(paths: Sequence[str], grid: Grid) -> BoolArray | None:
    """The cells (rows, columns) of ``grid`` that any of the masks covers, even in part; None
    without masks.

    A path names polygons, lines or points of a vector file (``path|layername=name``: one layer of
    it, else all), or a raster, of which all values but 0 and no data count. Raises ``ProductError``
    where one is neither, or cannot be brought onto the grid.
    """
    found: BoolArray | None = None
    for one in paths:
        path, _, layer = one.partition(IN_LAYER)
        codes = _vector_codes(path, grid, layer, "", touched=True)
        if codes is None:
            codes = _raster_codes(path, grid, "max", mask=True)
        found = codes > 0 if found is None else found | (codes > 0)
    return found


def read_classes(
    source: str, grid: Grid, field: str = ""
) -> tuple[npt.NDArray[np.int32], dict[int, str]]:
    """The class of each cell (rows, columns), -1 for none, and the names of the classes.

    ``source``: a raster of whole numbers, or polygons (``path|layername=name``) whose column
    ``field`` names the class (without a field all polygons are one class). Raises ``ProductError``
    where it cannot be used.
    """
    path, _, layer = source.partition(IN_LAYER)
    with quiet():
        vector = _opened(path, gdal.OF_VECTOR)
    if vector is None:
        codes = _raster_codes(path, grid, "nearest", missing=-1)
        return codes, {int(code): f"{int(code)}" for code in np.unique(codes[codes >= 0])}
    names = _names(vector, layer, field, path)
    found = np.full((grid.height, grid.width), -1, dtype=np.int32)
    for code, name in enumerate(names):
        quoted = str(name).replace("'", "''")
        where = f"\"{field}\" = '{quoted}'" if field else ""
        part = _vector_codes(path, grid, layer, where, touched=False)
        if part is not None:
            found[part > 0] = code
    return found, {code: str(name) for code, name in enumerate(names)}


def _memory(values: AnyArray, grid: Grid, kind: int = gdal.GDT_Float32) -> Any:
    dataset = gdal.GetDriverByName("MEM").Create("", grid.width, grid.height, 1, kind)
    dataset.SetProjection(flat_wkt(grid))
    dataset.SetGeoTransform(grid.geotransform)
    if kind == gdal.GDT_Float32:
        dataset.GetRasterBand(1).SetNoDataValue(float("nan"))
    dataset.GetRasterBand(1).WriteArray(values)
    return dataset


def _warp(source: Any, target: Any, how: str, name: str) -> None:
    done = 0
    with quiet():
        try:
            # A transformation that is exact to a hundredth of a cell, not to GDAL's eighth.
            done = gdal.Warp(
                target, source, resampleAlg=how, errorThreshold=0.01, warpOptions=_SAME_KERNEL
            )
        except RuntimeError:
            done = 0
    if not done:
        raise ProductError(
            f"{name} cannot be brought onto the other grid: their coordinate systems cannot be "
            "joined there. Warp it yourself, or take other files."
        )


def _opened(path: str, kind: int) -> Any:
    try:
        return gdal.OpenEx(path, kind)
    except RuntimeError:
        return None


def _names(vector: Any, layer: str, field: str, path: str) -> list[Any]:
    source = vector.GetLayerByName(layer) if layer else vector.GetLayer(0)
    if source is None:
        raise InputError(f"{short(path)} has no layer {layer}.")
    if not field:
        return ["inside"]
    if source.GetLayerDefn().GetFieldIndex(field) < 0:
        known = [source.GetLayerDefn().GetFieldDefn(at).GetName()
                 for at in range(source.GetLayerDefn().GetFieldCount())]  # fmt: skip
        columns = f"it has {', '.join(known)}" if known else "its table has none at all"
        raise InputError(f"{short(path)} has no column {field}; {columns}.")
    return sorted({str(feature[field]) for feature in source if feature[field] is not None})


def _vector_codes(
    path: str, grid: Grid, layer: str, where: str, touched: bool
) -> npt.NDArray[np.int32] | None:
    """1 where features of a vector file lie, None where it is none."""
    with quiet():
        vector = _opened(path, gdal.OF_VECTOR)
    if vector is None:
        return None
    names = [layer] if layer else [vector.GetLayer(at).GetName()
                                   for at in range(vector.GetLayerCount())]  # fmt: skip
    target = _memory(
        np.zeros((grid.height, grid.width), dtype=np.uint8), grid, gdal.GDT_Byte
    )  # fmt: skip
    for name in names:
        source = vector.GetLayerByName(name)
        if source is None:
            raise InputError(f"{short(path)} has no layer {name}.")
        if source.GetGeomType() == ogr.wkbNone:
            continue
        source.SetAttributeFilter(where or None)
        if source.GetSpatialRef() is None:
            raise ProductError(f"{short(path)} says no coordinate system. Assign it one.")
        _burn(target, source, touched, short(path))
    return np.asarray(target.ReadAsArray(), dtype=np.int32)


def _burn(target: Any, source: Any, touched: bool, name: str) -> None:
    """Burn 1; GDAL brings features from their own coordinate system into that of the target."""
    options = ["ALL_TOUCHED=TRUE"] if touched else []
    code = gdal.CE_Failure
    with quiet():
        try:
            code = gdal.RasterizeLayer(target, [1], source, burn_values=[1], options=options)
        except RuntimeError:
            code = gdal.CE_Failure
    if code != gdal.CE_None:
        raise ProductError(f"{name} cannot be brought onto the grid of the elevation model.")


def _raster_codes(
    path: str, grid: Grid, how: str, missing: int = 0, mask: bool = False
) -> npt.NDArray[np.int32]:
    """Whole numbers of a raster on ``grid``; of a ``mask`` 1 for all values but 0, shares below 1
    and negative codes too.
    """
    with Rasters() as rasters:
        own = dem_grid(path, rasters)
        dataset = rasters.dataset(path)
        values = np.asarray(rasters.read(path, 1, 0, 0, own.width, own.height), dtype=np.float64)
        nodata = dataset.GetRasterBand(1).GetNoDataValue()
        if own.geotransform[3] != dataset.GetGeoTransform()[3]:
            values = values[::-1]
    values[~np.isfinite(values)] = missing
    if nodata is not None:
        values[values == nodata] = missing
    if mask:
        values = (values != 0.0).astype(np.float64)
    if own != grid or not same_crs(own.wkt, grid.wkt):
        source = _memory(values, own, gdal.GDT_Int32)
        source.GetRasterBand(1).SetNoDataValue(float(missing))
        target = _memory(
            np.full((grid.height, grid.width), missing, dtype=np.int32), grid, gdal.GDT_Int32
        )
        target.GetRasterBand(1).SetNoDataValue(float(missing))
        _warp(source, target, {"max": "max", "nearest": "near"}[how], short(path))
        values = target.ReadAsArray()
    return np.asarray(values, dtype=np.int32)


def transformed_bounds(grid: Grid, wkt: str) -> tuple[float, float, float, float]:
    """The bounds (left, bottom, right, top) of ``grid`` in another CRS; raises ``ProductError``
    where it has none there.
    """
    if same_crs(grid.wkt, wkt):
        return grid.bounds()
    target = osr.SpatialReference()
    target.ImportFromWkt(wkt)
    target.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    left, bottom, right, top = grid.bounds()
    with quiet():
        try:
            moved = osr.CoordinateTransformation(grid.reference(), target).TransformBounds(
                left, bottom, right, top, 21
            )
        except RuntimeError:
            moved = (float("inf"),) * 4
    if not np.isfinite(moved).all():
        raise ProductError("The extent of one model does not exist in the CRS of the other.")
    return tuple(moved)


def place_under(own: Grid, grid: Grid, margin: int = _MARGIN) -> Place | None:
    """The cells (column, row, columns, rows) of ``own`` that resampling to ``grid`` needs: those
    under it and ``margin`` (of the larger cells) around; None where there are none.
    """
    left, bottom, right, top = bounds_beside(grid, own)
    west, width, _, north, _, height = own.geotransform
    around = ceil(margin * max(1.0, pixel_sides_m(grid)[0] / pixel_sides_m(own)[0]))
    first = max(floor((left - west) / width) - around, 0)
    last = min(ceil((right - west) / width) + around, own.width)
    upper = max(floor((top - north) / height) - around, 0)
    lower = min(ceil((bottom - north) / height) + around, own.height)
    if first >= last or upper >= lower:
        return None
    return first, upper, last - first, lower - upper


def bounds_beside(grid: Grid, own: Grid) -> tuple[float, float, float, float]:
    """The bounds of ``grid`` in the CRS of ``own``. Longitudes are turned by whole circles to where
    ``own`` counts them; where a grid over the antimeridian lies at both ends of ``own``, they reach
    over all of it.
    """
    left, bottom, right, top = transformed_bounds(grid, flat_wkt(own))
    if not own.reference().IsGeographic():
        return left, bottom, right, top
    if right < left:  # GDAL's way to say that the antimeridian lies between
        right += 360.0
    west, _, east, _ = own.bounds()
    turned = [
        (left + turn, right + turn)
        for turn in (-360.0, 0.0, 360.0)
        if left + turn < east and right + turn > west
    ]
    if not turned:
        return left, bottom, right, top
    return min(one[0] for one in turned), bottom, max(one[1] for one in turned), top
