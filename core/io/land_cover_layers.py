# SPDX-License-Identifier: GPL-3.0-or-later
"""Rasters of land cover by what they are, and what they say of one pixel."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from osgeo import gdal

from ..classification.classes import NO_CLASS
from ..classification.views.signatures import dated_bands
from ..errors import CalValError
from ..types import FloatArray, TimeArray
from .class_maps import classes_in, read_codes
from .class_rasters import read_classes
from .rasters import Rasters
from .stacks import NEVER

STACK, DAYS, CLASSES, CONFIDENCE = "stack", "days", "classes", "confidence"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class PixelSeries:
    """A pixel at ``longitude``, ``latitude`` (degrees): ``values`` (dates,) of a band at ``days``,
    NaN where it has none; ``gap`` (dates,): days to the nearest clear date, NaN where they are not
    known and -1 where there is none. ``label`` and ``color`` of its class, "" without one;
    ``confidence`` in percent, NaN where it is not known.
    """

    longitude: float
    latitude: float
    days: TimeArray
    values: FloatArray
    gap: FloatArray
    label: str
    color: str
    confidence: float

    @property
    def filled(self) -> FloatArray:
        """Whether a value (dates,) comes from other dates: 1 or 0, NaN where it is not known."""
        return np.where(np.isfinite(self.gap), (self.gap != 0).astype(float), np.nan)


@dataclass(frozen=True)
class PixelFiles:
    """The rasters that are asked for a pixel, "" for none. Of several ``stacks`` and ``days`` (the
    tiles of an area) the first that covers the pixel is.
    """

    stacks: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    classes: str = ""
    confidence: str = ""


def kind_of(path: str) -> str:
    """What a raster is: ``stack`` of features with dates, ``days`` to the nearest clear date,
    ``classes``, ``confidence`` of classes; "" for others and for what cannot be opened.
    """
    try:
        with Rasters() as rasters:
            names = rasters.layer_names(path)
            band = rasters.dataset(path).GetRasterBand(1)
            real = band.DataType in (gdal.GDT_Float32, gdal.GDT_Float64)
            if names[0].casefold().startswith(CONFIDENCE):
                return CONFIDENCE
            if not real and all(_DAY.fullmatch(name) for name in names):
                return DAYS
        if max(map(len, dated_bands(names).values()), default=0) > 1:
            return STACK
        if len(names) == 1 and not real and names[0] != "state" and len(read_classes(path)):
            return CLASSES
    except (CalValError, IndexError):
        return ""
    return ""


def stack_bands(path: str) -> dict[str, int]:
    """The bands and indices of a stack, each with its number of dates; raises ``ProductError``."""
    with Rasters() as rasters:
        found = dated_bands(rasters.layer_names(path))
    return {name: len(dated) for name, dated in found.items()}


def read_pixel(
    files: PixelFiles, name: str, longitude: float, latitude: float
) -> PixelSeries | None:
    """The series of the band or index ``name`` at a place (degrees, WGS 84), with its class; None
    where no raster has a pixel there. Raises ``ProductError`` where one cannot be read.
    """
    with Rasters() as rasters:
        place = longitude, latitude
        stack, gaps = (_covering(rasters, one, *place) for one in (files.stacks, files.days))
        if not stack and not _covering(rasters, (files.classes, files.confidence), *place):
            return None
        days, values = _series(rasters, stack, name, *place)
        gap = _gaps(rasters, gaps, days, *place)
        label, color = _class(rasters, files.classes, *place)
        share = _value(rasters, files.confidence, 1, *place)
    return PixelSeries(longitude, latitude, days, values, gap, label, color, share)


def _series(
    rasters: Rasters, path: str, name: str, longitude: float, latitude: float
) -> tuple[TimeArray, FloatArray]:
    names = rasters.layer_names(path) if path else []
    dated = dated_bands(names).get(name, ())
    days = np.array([day for day, _ in dated], dtype="datetime64[D]")
    bands = [names.index(layer) + 1 for _, layer in dated]
    values = [_value(rasters, path, band, longitude, latitude) for band in bands]
    return days, np.array(values, dtype=np.float64)


def _gaps(
    rasters: Rasters, path: str, days: TimeArray, longitude: float, latitude: float
) -> FloatArray:
    names = rasters.layer_names(path) if path else []
    bands = {name: place for place, name in enumerate(names, start=1)}
    found = [
        _value(rasters, path, bands[str(day)], longitude, latitude)
        if str(day) in bands else float("nan")
        for day in days
    ]  # fmt: skip
    return np.array(found, dtype=np.float64)


def _class(rasters: Rasters, path: str, longitude: float, latitude: float) -> tuple[str, str]:
    at = _pixel(rasters, path, longitude, latitude) if path else None
    if at is None:
        return "", ""
    code = int(read_codes(path, rasters, *at, 1, 1)[0, 0])
    if code == NO_CLASS:
        return "", ""
    found = {one.code: one for one in classes_in(path, np.array([code])).items}
    return (found[code].label, found[code].color) if code in found else ("", "")


def _value(rasters: Rasters, path: str, band: int, longitude: float, latitude: float) -> float:
    """The value of a pixel, NaN where the raster has none; days of -1 stay, as they say "never"."""
    at = _pixel(rasters, path, longitude, latitude) if path else None
    if at is None:
        return float("nan")
    value = float(rasters.read(path, band, *at, 1, 1)[0, 0])
    nodata = rasters.dataset(path).GetRasterBand(band).GetNoDataValue()
    return float("nan") if value == nodata and value != NEVER else value


def _covering(rasters: Rasters, paths: tuple[str, ...], longitude: float, latitude: float) -> str:
    """The first raster that has a pixel at a place, "" for none."""
    covering = (one for one in paths if one and _pixel(rasters, one, longitude, latitude))
    return next(covering, "")


def _pixel(
    rasters: Rasters, path: str, longitude: float, latitude: float
) -> tuple[int, int] | None:
    grid = rasters.grid(path)
    if not grid.contains(longitude, latitude):
        return None
    column, row = grid.position(longitude, latitude)
    return int(column), int(row)
