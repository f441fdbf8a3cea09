# SPDX-License-Identifier: GPL-3.0-or-later
"""Dated Sentinel-1 rasters, such as S1Tiling makes, as stacks: one for each direction of orbit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from osgeo import gdal

from ..errors import InputError
from ..progress import Progress, Silent, each
from ..types import BandSource, Product
from .dated_rasters import raster_files
from .dates import find_date
from .dem_warp import place_under
from .grids import Grid
from .raster_values import stated_source
from .rasters import Rasters, open_raster, short
from .siblings import beside
from .stacks import ImageStack

READER = "radar"
POLARIZATIONS = ("VV", "VH", "HH", "HV")
DIRECTIONS = {
    "ASC": "ASC", "ASCENDING": "ASC", "DES": "DES", "DESC": "DES", "DESCENDING": "DES",
}  # fmt: skip
UNITS = ("linear", "db", "linear_to_db")
_NO_IMAGE = {"BORDERMASK", "MASK", "LIA", "INCIDENCE"}
_LOOK = 256  # pixels on a side that tell the unit


@dataclass(frozen=True)
class _Layer:
    time: np.datetime64
    direction: str
    source: BandSource


def radar_stacks(
    paths: Sequence[str], unit: str = "linear", grid: Grid | None = None,
    progress: Progress | None = None,
) -> tuple[dict[str, ImageStack], tuple[str, ...]]:  # fmt: skip
    """The images in ``paths`` (files and folders) by direction of orbit (``ASC``, ``DES``), each a
    stack of the polarizations ``VV``, ``VH`` (``HH``, ``HV``), and notes on what was left out.

    The stacks have ``grid`` (None: that of the first image); images may lie on others, see
    ``on_grid.read_on_grid``. Names say polarization, direction and date in parts of their own, in
    any order, as ``s1a_31TCJ_vv_DES_008_20200108t055554.tif``; polarizations may also be the
    descriptions of bands, the direction the item ORBIT_DIRECTION of the metadata. Files of border
    masks and angles of incidence are passed over. ``unit``: one of ``UNITS``; of linear images 0 is
    no data. Raises ``InputError`` naming a file that does not say what it is, or is there twice,
    and for images that are not in ``unit``.
    """
    files = [path for path in raster_files(paths) if not _NO_IMAGE & set(_words(path))]
    if not files:
        raise InputError(f"{paths[0]} holds border masks or angles only, and no radar image.")
    layers = [
        layer
        for path in each(files, progress or Silent(), "Reading radar images")
        for layer in _layers(path, unit)
    ]
    with Rasters() as rasters:
        grid = grid or rasters.grid(layers[0].source.uri)
        beside_it = {
            one.source.uri
            for one in layers
            if place_under(rasters.grid(one.source.uri), grid) is None
        }
    kept = [one for one in layers if one.source.uri not in beside_it]
    if not kept:
        raise InputError(
            "No radar image lies on the area of the other images. Check their place and coordinate "
            "system."
        )
    _check_unit(kept[0].source, unit)
    notes = []
    if beside_it:
        names = sorted(short(uri) for uri in beside_it)
        notes.append(f"Radar images beside the area were left out: {len(names)}, as {names[0]}.")
    directions = sorted({one.direction for one in kept})
    found = {name: [one for one in kept if one.direction == name] for name in directions}
    return {name: _stack(own, grid) for name, own in found.items()}, tuple(notes)


def _words(path: str) -> list[str]:
    return [word for word in re.split(r"[^A-Z0-9]+", Path(path).stem.upper()) if word]


def _layers(path: str, unit: str) -> Iterator[_Layer]:
    dataset = open_raster(path, beside(path))
    words = _words(path)
    found = find_date(Path(path).stem.upper())
    if found is None:
        raise _unclear(path, "no date, such as 20200108")
    stated = str(dataset.GetMetadataItem("ORBIT_DIRECTION") or "").upper()
    direction = next((DIRECTIONS[word] for word in (*words, stated) if word in DIRECTIONS), "")
    if not direction:
        raise _unclear(path, "neither ASC nor DES")
    named = [word for word in words if word in POLARIZATIONS]
    bands = {
        name: band
        for band in range(1, dataset.RasterCount + 1)
        for name in POLARIZATIONS
        if name in _words(dataset.GetRasterBand(band).GetDescription())
    }
    if dataset.RasterCount == 1 and len(named) == 1:
        bands = {named[0]: 1}
    if not bands:
        raise _unclear(path, "no single polarization (vv, vh), and its bands have no such names")
    for name, band in bands.items():
        yield _Layer(found[0], direction, _source(dataset, path, name, band, unit))


def _source(dataset: gdal.Dataset, path: str, name: str, band: int, unit: str) -> BandSource:
    found = stated_source(dataset.GetRasterBand(band), name, path)
    # A power of 0 is beside the image.
    return replace(found, nodata=0.0) if found.nodata is None and unit != "db" else found


def _stack(layers: Sequence[_Layer], grid: Grid) -> ImageStack:
    dates: dict[np.datetime64, dict[str, BandSource]] = {}
    for one in layers:
        bands = dates.setdefault(one.time, {})
        if one.source.name in bands:
            raise InputError(
                f"{short(one.source.uri)} and {short(bands[one.source.name].uri)} both hold "
                f"{one.source.name} of {one.time}. Give each image once (filtered or not)."
            )
        bands[one.source.name] = one.source
    names = tuple(name for name in POLARIZATIONS if any(name in one for one in dates.values()))
    products = tuple(
        Product(next(iter(bands.values())).uri, READER, "", "", "", "", time, bands=bands)
        for time, bands in sorted(dates.items())
    )
    return ImageStack(grid, products, names, "none")


def _check_unit(source: BandSource, unit: str) -> None:
    """Refuse images whose signs tell that they are in the other unit."""
    with Rasters() as rasters:
        grid = rasters.grid(source.uri)
        size = (min(_LOOK, grid.width), min(_LOOK, grid.height))
        dn = rasters.thinned(source.uri, source.band, (0, 0, grid.width, grid.height), size)
    known = dn[np.isfinite(dn) & (dn != 0.0)]
    if source.nodata is not None:
        known = known[known != source.nodata]
    if not known.size:
        return
    negative = float(np.mean(known < 0.0))
    if unit != "db" and negative > 0.1:
        raise InputError(
            f"{short(source.uri)} has negative values, as backscatter in decibels has: give "
            "RADAR_UNIT=db."
        )
    if unit == "db" and negative < 0.1 and float(np.median(known)) < 3.0:
        raise InputError(
            f"{short(source.uri)} has hardly any negative value, as linear backscatter has: give "
            "RADAR_UNIT=linear or linear_to_db."
        )


def _unclear(path: str, lacking: str) -> InputError:
    return InputError(
        f"The name of the radar image {short(path)} holds {lacking}. Names say polarization, "
        "direction of the orbit and date, as s1a_31TCJ_vv_DES_008_20200108t055554.tif."
    )
