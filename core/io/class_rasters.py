# SPDX-License-Identifier: GPL-3.0-or-later
"""The classes of a classified raster, kept with it: colors, category names, attribute table.

The color table lies in the GeoTIFF itself; names and attribute table lie in ``NAME.tif.aux.xml``
beside it, as GDAL and QGIS keep them.
"""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal

from ..classification.classes import Classes, LandClass
from ..errors import InputError, OutputError
from ..report.palette import class_colors
from .atomic import not_written
from .rasters import open_raster, quiet, short

SIDE_FILE = ".aux.xml"  # comes after the whole name of the raster
_LARGEST_NAMED = 4095  # GDAL's list of names has a place for each code from 0
_ROLES = (
    ("code", gdal.GFT_Integer, gdal.GFU_MinMax), ("label", gdal.GFT_String, gdal.GFU_Name),
    ("red", gdal.GFT_Integer, gdal.GFU_Red), ("green", gdal.GFT_Integer, gdal.GFU_Green),
    ("blue", gdal.GFT_Integer, gdal.GFU_Blue),
)  # fmt: skip


def class_type(classes: Classes) -> str:
    """The type of rasters that hold the codes of ``classes``: uint8, or uint16 where a code is
    larger than 254.
    """
    return "uint8" if not len(classes) or int(classes.codes[-1]) <= 254 else "uint16"


def with_colors(classes: Classes) -> Classes:
    """``classes`` that all have a color: those without one get colors that none has."""
    used = {one.color.upper() for one in classes.items if one.color}
    free = (color for color in class_colors(2 * len(classes)) if color.upper() not in used)
    return Classes(
        tuple(
            LandClass(one.code, one.label, (one.color or next(free)).lower())
            for one in classes.items
        )
    )


def write_classes(path: Path | str, classes: Classes, shown: str = "") -> Path:
    """Add colors, names and attribute table of ``classes`` to the finished raster ``path``.

    Returns the side file that GDAL writes beside it (``PATH.aux.xml``): it belongs to the raster
    and moves with it. ``shown``: how messages call the raster. Raises ``OutputError`` where it
    cannot be written, also where a color is none.
    """
    path, name = Path(path), shown or Path(path).name
    side = path.with_name(path.name + SIDE_FILE)
    colored = with_colors(classes)
    gdal.ErrorReset()
    with quiet():
        try:
            dataset = gdal.OpenEx(str(path), gdal.OF_RASTER | gdal.OF_UPDATE)
            if dataset is None:
                raise not_written(name)
            band = dataset.GetRasterBand(1)
            band.SetColorTable(_color_table(colored))
            if len(colored) and int(colored.codes[-1]) <= _LARGEST_NAMED:
                labels = {one.code: one.label for one in colored.items}
                last = int(colored.codes[-1])
                band.SetCategoryNames([labels.get(code, "") for code in range(last + 1)])
            band.SetDefaultRAT(_attribute_table(colored))
            dataset.FlushCache()
            band = dataset = None
        except RuntimeError as error:
            raise not_written(name) from error
    # A full disk raises nothing where the side file is written: look whether it is all there.
    if gdal.GetLastErrorType() >= gdal.CE_Failure or _kept(path) != list(colored.items):
        raise not_written(name)
    return side


def read_classes(path: Path | str) -> Classes:
    """The classes of the classified raster ``path``: of its attribute table, else of its category
    names, with its colors.

    Raises ``ProductError`` where it cannot be opened, ``InputError`` where it has neither.
    """
    found = _kept(path)
    if not found:
        raise InputError(
            f"{short(str(path))} does not say which classes its codes are: it has no attribute "
            "table and no category names. Was the file NAME.tif.aux.xml beside it lost?"
        )
    return Classes(tuple(sorted(found, key=lambda one: one.code)))


def _kept(path: Path | str) -> list[LandClass]:
    dataset = open_raster(str(path))  # held: its bands do not live without it
    band = dataset.GetRasterBand(1)
    return _from_table(band.GetDefaultRAT()) or _from_names(band)


def _color_table(classes: Classes) -> gdal.ColorTable:
    table = gdal.ColorTable()
    table.SetColorEntry(0, (0, 0, 0, 0))
    for one in classes.items:
        table.SetColorEntry(one.code, (*_parts(one.color), 255))
    return table


def _attribute_table(classes: Classes) -> gdal.RasterAttributeTable:
    table = gdal.RasterAttributeTable()
    for name, kind, usage in _ROLES:
        table.CreateColumn(name, kind, usage)
    table.SetRowCount(len(classes))
    for row, one in enumerate(classes.items):
        table.SetValueAsInt(row, 0, one.code)
        table.SetValueAsString(row, 1, one.label)
        for column, part in enumerate(_parts(one.color), start=2):
            table.SetValueAsInt(row, column, part)
    return table


def _from_table(table: gdal.RasterAttributeTable | None) -> list[LandClass]:
    if table is None:
        return []
    code, label = (_column(table, gdal.GFU_MinMax, gdal.GFU_Min), _column(table, gdal.GFU_Name))
    if code < 0 or label < 0:
        return []
    shades = [_column(table, usage) for usage in (gdal.GFU_Red, gdal.GFU_Green, gdal.GFU_Blue)]
    found = []
    for row in range(table.GetRowCount()):
        parts = [table.GetValueAsInt(row, one) for one in shades if one >= 0]
        color = _text(parts) if len(parts) == len(shades) else ""
        number, text = table.GetValueAsInt(row, code), table.GetValueAsString(row, label)
        if number > 0 and text:
            found.append(LandClass(number, text, color))
    return found


def _column(table: gdal.RasterAttributeTable, *usages: int) -> int:
    return next((at for at in map(table.GetColOfUsage, usages) if at >= 0), -1)


def _from_names(band: gdal.Band) -> list[LandClass]:
    colors = band.GetColorTable()
    return [
        LandClass(code, label, "" if colors is None else _text(colors.GetColorEntry(code)[:3]))
        for code, label in enumerate(band.GetCategoryNames() or ())
        if code > 0 and label
    ]


def _parts(color: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of ``#rrggbb``."""
    try:
        red, green, blue = bytes.fromhex(color.removeprefix("#"))
    except ValueError as error:
        raise OutputError(f"'{color}' is no color: write it as #rrggbb.") from error
    return red, green, blue


def _text(parts: list[int] | tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)
