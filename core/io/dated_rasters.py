# SPDX-License-Identifier: GPL-3.0-or-later
"""Dated rasters of any origin as products: one per date, with bands and masks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from osgeo import gdal

from ..errors import InputError, InsufficientDataError
from ..progress import Progress, Silent, each
from ..types import BandSource, MaskSource, Product
from .dates import check_pattern, find_date, tiff_date
from .mask_codings import mask_coding
from .netcdf_dates import netcdf_date
from .raster_values import stated_source
from .rasters import open_raster, short
from .siblings import beside
from .stack_metadata import described

READER = "stack"
_STRIP = 256  # rows that are compared at once
MASK_NAME = "mask"  # what the toolbox itself calls the mask among the bands of an image
SUFFIXES = (".tif", ".tiff", ".jp2", ".vrt", ".img", ".nc", ".hdf", ".bsq", ".dat")


@dataclass(frozen=True)
class StackOptions:
    """What dated rasters do not say of themselves.

    ``date_pattern``: format of the dates in the file names, "" to find them out. ``scale``,
    ``offset``, ``nodata``: of the stored numbers, None for what the files state. ``masks``: files
    of masks with the same dates; ``mask_band``: which band of them, or of the stack itself, is the
    mask ("": their first one). ``mask_clear``: the mask's values that mean clear ("0", "4,5,6"), or
    the name of a coding (``SCL``, ``QA_PIXEL``, ``CFMASK``). ``band_dates``: the date of each band
    of each file, where the bands are dates and do not say so; () where files or bands say it.
    """

    date_pattern: str = ""
    scale: float | None = None
    offset: float | None = None
    nodata: float | None = None
    masks: tuple[str, ...] = ()
    mask_band: str = ""
    mask_clear: str = "0"
    band_dates: tuple[np.datetime64, ...] = ()


@dataclass(frozen=True)
class _Layer:
    """One band of one file, and the items of the file's metadata."""

    time: np.datetime64
    source: BandSource
    items: Mapping[str, str]


def stack_products(
    paths: Sequence[str], options: StackOptions | None = None, progress: Progress | None = None
) -> list[Product]:
    """One product per date, in order of time, of the rasters in ``paths`` (files and folders).

    A file holds one date (its bands are spectral) or several (descriptions or times of its bands
    say which). Dates come from the band's description, a netCDF time, the metadata item
    ACQUISITIONDATETIME, the file's name and, last because many programs put the time of processing
    there, TIFFTAG_DATETIME; with ``date_pattern`` from the name alone. Raises ``InputError`` naming
    the file where there is none or a netCDF time is not understood, where a date has a band twice
    with other pixels, or where masks are not as said; exact copies of a band are left out, with a
    warning to ``progress``. A band called ``mask`` is the mask where nothing else is said to be.
    """
    options = options or StackOptions()
    if options.date_pattern:
        check_pattern(options.date_pattern)
    files = raster_files(paths)
    layers = _layers(files, options, progress or Silent())
    masks = _layers(raster_files(options.masks), options, Silent()) if options.masks else []
    by_time = _by_date(layers, progress or Silent())
    items = {layer.time: layer.items for layer in reversed(layers)}  # those of the first one
    mask_band = _mask_band(by_time.values(), options)
    chosen = _mask_sources(masks, layers, "" if options.masks else mask_band, options)
    for bands in by_time.values():
        bands.pop(mask_band, None)
    return [
        described(_product(time, by_time[time], chosen), items[time]) for time in sorted(by_time)
    ]


def _by_date(
    layers: Sequence[_Layer], progress: Progress
) -> dict[np.datetime64, dict[str, BandSource]]:
    """The bands of each date by name; see ``stack_products`` for bands that are there twice."""
    found: dict[np.datetime64, dict[str, BandSource]] = {}
    copies = 0
    for layer in layers:
        own, bands = layer.source, found.setdefault(layer.time, {})
        known = bands.setdefault(own.name, own)
        if known is own:
            continue
        if not _is_copy(own, known):
            raise InputError(
                f"{short(own.uri)} and {short(known.uri)} both hold band {own.name} of "
                f"{layer.time}. Give each date once, or name the bands apart."
            )
        copies += 1
    if copies:
        what = f"{copies} bands of dates are" if copies > 1 else "1 band of a date is"
        progress.warn(f"{what} there twice with the same pixels; the copies were left out.")
    return found


def _mask_band(dates: Iterable[Mapping[str, BandSource]], options: StackOptions) -> str:
    """The band of the images that is no reflectance but their mask; "" where there is none."""
    called = MASK_NAME if any(MASK_NAME in bands for bands in dates) else ""
    return called if options.masks else options.mask_band or called


def _is_copy(one: BandSource, other: BandSource) -> bool:
    """Whether two bands of one name and date hold the same pixels at the same place."""
    if str((one.scale, one.offset, one.nodata)) != str((other.scale, other.offset, other.nodata)):
        return False
    datasets = [open_raster(source.uri, beside(source.uri)) for source in (one, other)]
    bands = [own.GetRasterBand(s.band) for own, s in zip(datasets, (one, other), strict=True)]
    places = [
        (own.GetProjection(), own.GetGeoTransform(), own.RasterXSize, own.RasterYSize)
        for own in datasets
    ]
    if places[0] != places[1]:
        return False
    width, height = places[0][2:]
    # GDAL's checksum rounds to integers first: it cannot tell one reflectance from another.
    for row in range(0, height, _STRIP):
        part = [own.ReadAsArray(0, row, width, min(_STRIP, height - row)) for own in bands]
        fractions = part[0].dtype.kind == "f"
        if not np.array_equal(part[0], part[1], equal_nan=fractions):
            return False
    return True


def raster_files(paths: Sequence[str]) -> list[str]:
    """The raster files in ``paths``, of folders all in them by their suffix, sorted by path.

    Raises ``InputError`` where a path does not exist, ``InsufficientDataError`` without any file.
    """
    found: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            inside = (p for p in Path(path).rglob("*") if p.suffix.lower() in SUFFIXES)
            found += sorted(str(p) for p in inside if p.is_file() and not p.name.startswith("."))
        elif os.path.exists(path) or path.startswith("/vsi"):
            found.append(path)
        else:
            raise InputError(f"{path} does not exist. Check the path.")
    if not found:
        where = ", ".join(paths) or "the stack"
        raise InsufficientDataError(
            f"No raster was found in {where}. Give files, or folders that hold "
            f"{', '.join(SUFFIXES)}."
        )
    return list(dict.fromkeys(found))


def _layers(files: Sequence[str], options: StackOptions, progress: Progress) -> list[_Layer]:
    layers: list[_Layer] = []
    rests: list[str] = []
    for path in each(files, progress, "Reading dates"):
        for dataset, uri, variable in _members(path):
            found, rest = _file_layers(dataset, uri, path, variable, options)
            layers += found
            rests += [rest] * len(found)
    return _named(layers, rests)


def _members(path: str) -> Iterator[tuple[gdal.Dataset, str, str]]:
    """(dataset, uri, variable) of a file: its subdatasets where it holds only those."""
    dataset = open_raster(path, beside(path))
    inner = dataset.GetSubDatasets() if dataset.RasterCount == 0 else []
    if not inner:
        yield dataset, path, ""
    for uri, _ in inner:
        yield open_raster(uri, beside(uri)), uri, uri.rsplit(":", 1)[-1].strip('"')


def _file_layers(
    dataset: gdal.Dataset, uri: str, path: str, variable: str, options: StackOptions
) -> tuple[list[_Layer], str]:
    """The bands of one file, "" as the name of those that have none; and what its name says."""
    if options.band_dates:
        return _listed_layers(dataset, uri, path, options), Path(path).stem
    metadata = dataset.GetMetadata()
    stem = Path(path).stem
    in_name = find_date(stem, options.date_pattern)
    items = dataset.GetMetadata("IMAGERY") or {}
    stated = items.get("ACQUISITIONDATETIME") or metadata.get("ACQUISITIONDATETIME")
    tag = metadata.get("TIFFTAG_DATETIME", "")
    whole = in_name[0] if options.date_pattern and in_name else _file_date(stated, in_name, tag)
    # Asking each band takes time: a TIFF has the times of a netCDF only with its attributes.
    timed = dataset.GetDriver().ShortName != "GTiff" or any("#" in key for key in metadata)
    layers: list[_Layer] = []
    for index in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(index)
        text = band.GetDescription()
        own = None if options.date_pattern else find_date(text)
        time = own[0] if own else None
        if time is None and timed and not options.date_pattern:
            time = netcdf_date(metadata, band.GetMetadata(), short(path))
        name = variable or (_clean(own[1]) if own else text.strip())
        time = whole if time is None else time
        if time is None:
            raise _undated(path, options)
        layers.append(_Layer(time, _source(band, uri, name, options), items))
    rest = _clean(in_name[1]) if in_name else stem
    several = len({layer.time for layer in layers}) > 1
    if not several and not variable:
        layers = _numbered(layers)
    return layers, rest


def _listed_layers(
    dataset: gdal.Dataset, uri: str, path: str, options: StackOptions
) -> list[_Layer]:
    """The bands of a file whose dates are given; the name of the file says what they are."""
    if dataset.RasterCount != len(options.band_dates):
        raise InputError(
            f"{short(path)} has {dataset.RasterCount} bands, and {len(options.band_dates)} dates "
            "are given for them (BAND_DATES): give a date for each band, in order."
        )
    bands = [dataset.GetRasterBand(index + 1) for index in range(dataset.RasterCount)]
    sources = [_source(band, uri, "", options) for band in bands]
    items = dataset.GetMetadata("IMAGERY") or {}
    return [_Layer(*one, items) for one in zip(options.band_dates, sources, strict=True)]


def _numbered(layers: list[_Layer]) -> list[_Layer]:
    """Spectral bands of one date: those without a description are called by their number."""
    if len(layers) == 1:
        return layers
    return [
        replace(one, source=replace(one.source, name=one.source.name or f"band{one.source.band}"))
        for one in layers
    ]


def _named(layers: list[_Layer], rests: list[str]) -> list[_Layer]:
    """Name bands by the files' names: where a date has several such files, by what they differ in;
    else all are one band, called by the last word that they share.
    """
    nameless = [index for index, layer in enumerate(layers) if not layer.source.name]
    words = {index: re.split(r"[_\-. ]+", rests[index]) for index in nameless}
    common = set.intersection(*map(set, words.values())) if words else set()
    several = len({layers[index].time for index in nameless}) < len(nameless)
    named = list(layers)
    for index in nameless:
        kept = [word for word in words[index] if (word in common) is not several]
        name = "_".join(kept) if several else "".join(kept[-1:])
        source = replace(layers[index].source, name=name or "band1")
        named[index] = replace(layers[index], source=source)
    return named


def _file_date(
    stated: str | None, in_name: tuple[np.datetime64, str] | None, tag: str
) -> np.datetime64 | None:
    """The one date of a file, by how far each place can be trusted."""
    acquired = tiff_date(stated) if stated else None
    if acquired is not None:
        return acquired
    if in_name:
        return in_name[0]
    return tiff_date(tag)


def _source(band: gdal.Band, uri: str, name: str, options: StackOptions) -> BandSource:
    stated = stated_source(band, name, uri)
    return replace(
        stated,
        scale=stated.scale if options.scale is None else float(options.scale),
        offset=stated.offset if options.offset is None else float(options.offset),
        nodata=stated.nodata if options.nodata is None else options.nodata,
        wavelength_nm=_wavelength(band),
    )


def _wavelength(band: gdal.Band) -> float | None:
    """The central wavelength (nm) where the band states it, in GDAL's own item (micrometers)."""
    try:
        found = 1000.0 * float(band.GetMetadataItem("CENTRAL_WAVELENGTH_UM", "IMAGERY") or "nan")
    except ValueError:
        return None
    return found if 0.0 < found < np.inf else None


def _mask_sources(
    masks: Sequence[_Layer], layers: Sequence[_Layer], own: str, options: StackOptions
) -> dict[np.datetime64, MaskSource]:
    """The mask of each date; raises ``InputError`` where a date has none."""
    if not masks and not own:
        return {}
    wanted = own or options.mask_band or (masks[0].source.name if masks else "")
    meaning, kind = mask_coding(options.mask_clear)
    candidates = layers if own else masks
    found = {
        one.time: MaskSource(wanted, one.source.uri, meaning, kind, one.source.band)
        for one in candidates
        if one.source.name == wanted
    }
    missing = sorted({one.time for one in layers} - set(found))
    if missing:
        known = ", ".join(sorted({one.source.name for one in candidates}))
        raise InputError(
            f"{len(missing)} date(s) have no mask '{wanted}', the first is {missing[0]}. The bands "
            f"of the masks are: {known}. Give a mask for every date, with the same time."
        )
    return found


def _product(
    time: np.datetime64,
    bands: dict[str, BandSource],
    masks: dict[np.datetime64, MaskSource],
) -> Product:
    first = next(iter(bands.values()))
    # A variable of a file is written as NETCDF:"path":variable.
    path = first.uri.split('"')[1] if first.uri.count('"') == 2 else first.uri
    mask = {masks[time].name: masks[time]} if time in masks else {}
    return Product(path, READER, "", "", "", "", time, bands=bands, masks=mask)


def _undated(path: str, options: StackOptions) -> InputError:
    if options.date_pattern:
        return InputError(
            f"The name of {short(path)} holds no date as '{options.date_pattern}'. Give the "
            "pattern that all files share, or leave it empty to have dates found."
        )
    return InputError(
        f"{short(path)} has no date: neither its bands' descriptions, its metadata nor its name "
        "hold one that can be read. Rename it (name_20200715.tif), give the pattern of the dates "
        "in the names, or, where its bands are dates, the date of each (BAND_DATES)."
    )


def _clean(text: str) -> str:
    text = text.strip(" _-.:")
    return "" if text == "X" else text  # R puts an X before names that begin with a digit
