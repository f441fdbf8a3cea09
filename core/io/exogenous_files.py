# SPDX-License-Identifier: GPL-3.0-or-later
"""Rasters without a date that become features: elevation, slope, soil, climate, older maps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal

from ..errors import InputError
from ..types import BandSource
from .dated_rasters import raster_files
from .dem_warp import place_under
from .grids import Grid, grid_of
from .on_grid import HOW
from .raster_values import stated_source
from .rasters import open_raster, short
from .siblings import beside

AUTO = "auto"
CHOICES = (AUTO, *HOW)


@dataclass(frozen=True)
class Exogenous:
    """A band that is a feature ``name``, resampled as ``how`` of ``on_grid.HOW`` says;
    ``finer``: how many of its pixels lie under one of the target, along a side (1 or more).
    """

    name: str
    source: BandSource
    how: str
    finer: float = 1.0


def exogenous_layers(paths: Sequence[str], how: str, grid: Grid) -> tuple[Exogenous, ...]:
    """All bands of the rasters in ``paths`` (files and folders).

    A band is named by its description, else by its file, with its number where there are several.
    ``how``: ``nearest``, ``bilinear``, or ``auto``: nearest for codes (8 bit, a color table or
    names of categories), bilinear for everything else. Raises ``InputError`` naming a file that
    does not lie on ``grid``, and where two bands have one name.
    """
    found: dict[str, Exogenous] = {}
    for path in raster_files(paths):
        dataset = open_raster(path, beside(path))
        own = grid_of(dataset, short(path))
        if place_under(own, grid) is None:
            raise InputError(
                f"{short(path)} does not lie on the area of the images. Check its place and "
                "coordinate system, or leave it out."
            )
        for number in range(1, dataset.RasterCount + 1):
            band = dataset.GetRasterBand(number)
            name = _name(band, path, number, dataset.RasterCount)
            if name in found:
                raise InputError(
                    f"{short(path)} and {short(found[name].source.uri)} both have a band {name}. "
                    "Rename one: features are told apart by their names."
                )
            chosen = (HOW[0] if _is_coded(band) else HOW[1]) if how == AUTO else how
            source = stated_source(band, name, path)
            found[name] = Exogenous(name, source, chosen, _finer(own, grid))
    return tuple(found.values())


def _name(band: gdal.Band, path: str, number: int, count: int) -> str:
    stem, said = Path(path).stem, band.GetDescription().strip()
    if said and not re.fullmatch(r"band[ _]?\d+", said, re.IGNORECASE):
        return str(said)
    return stem if count == 1 else f"{stem}_{number}"


def _is_coded(band: gdal.Band) -> bool:
    return bool(band.DataType == gdal.GDT_Byte or band.GetColorTable() or band.GetCategoryNames())


def _finer(own: Grid, grid: Grid) -> float:
    return max(1.0, grid.pixel_m() / max(own.pixel_m(), 1e-9))
