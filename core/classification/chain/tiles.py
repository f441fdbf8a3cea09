# SPDX-License-Identifier: GPL-3.0-or-later
"""The tiles of a chain: which products are whose, and the dates that their features share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError
from ...io.dated_rasters import StackOptions, raster_files, stack_products
from ...io.dates import listed_dates
from ...io.products.discovery import find_products
from ...io.radar_files import radar_stacks
from ...io.rasters import Rasters
from ...progress import Progress, Silent, each
from ...types import Product, TimeArray
from .configuration import Configuration
from .keys import PRIMITIVES

ONLY = "tile"  # the name of a tile that has none
_UNFIT = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class ChainTile:
    """A tile by its ``name``: paths of its ``products``, or of the dated rasters of its ``stack``,
    and of its ``radar`` images; the ``times`` of the former, all ``files`` that are read of both,
    and how many ``pixels`` it has; ``radar_times``: of its radar images, by direction of the orbit.
    """

    name: str
    products: tuple[str, ...]
    radar: tuple[str, ...]
    times: TimeArray
    files: tuple[str, ...]
    pixels: int = 0
    radar_times: tuple[TimeArray, ...] = ()
    stack: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The name as that of a folder."""
        return _UNFIT.sub("_", self.name)


def find_tiles(
    configuration: Configuration, progress: Progress | None = None
) -> tuple[tuple[ChainTile, ...], tuple[str, ...]]:
    """The tiles in order of their names, and notes on what cannot be read.

    Products that are not given by tile are told apart by the tile that they state; radar images by
    the name of the tile in their path. Raises ``InputError`` where there is nothing, or two tiles
    would share a folder.
    """
    found: dict[str, list[Product]] = {}
    notes: list[str] = []
    listed = list(configuration.products.items())
    for name, paths in each(listed, progress or Silent(), "Looking for products"):
        products, unreadable = find_products(list(paths))
        notes += [f"Left out: {path}: {reason}" for path, reason in unreadable]
        for product in products:
            found.setdefault(name or product.site or ONLY, []).append(product)
    steps = configuration.steps[PRIMITIVES]
    for name, paths in configuration.stack.items():
        found[name or ONLY] = stack_products(paths, stack_options(steps), progress)
    if configuration.products and not found:
        raise InputError(f"products: nothing that can be read is there. {' '.join(notes[:3])}")
    names = sorted(found or {name or ONLY for name in configuration.radar})
    tiles = tuple(_tile(name, found.get(name, []), configuration, names) for name in names)
    folders = [one.folder.casefold() for one in tiles]
    for one in tiles:
        if folders.count(one.folder.casefold()) > 1:
            raise InputError(f"The tile '{one.name}' would share a folder with another: rename it.")
    return tiles, tuple(notes)


def common_span(tiles: Sequence[ChainTile], hold_days: float = 0.0) -> tuple[str, str]:
    """First and last day (ISO) of the features of all tiles: from the latest first image to the
    earliest last one, so that each tile has images on both sides; ``hold_days`` wider for radar
    images, which are held that long.

    Raises ``InputError`` where nothing is left.
    """
    hold = np.timedelta64(int(hold_days), "D")
    none = np.timedelta64(0, "D")
    spans = [(one.times, none) for one in tiles if len(one.times)]
    wide = hold if spans else none
    spans += [(times, wide) for one in tiles for times in one.radar_times if len(times)]
    if not spans:
        return "", ""
    first = max(times.min() - more for times, more in spans)
    last = min(times.max() + more for times, more in spans)
    if first >= last:
        raise InputError(
            "The images have no common season: those of one tile or sensor end before those of "
            "another begin. Give START and END of computeprimitives, or run them apart."
        )
    return str(first.astype("datetime64[D]")), str(last.astype("datetime64[D]"))


def _tile(
    name: str, products: Sequence[Product], told: Configuration, names: Sequence[str]
) -> ChainTile:
    stack = told.stack.get(name) or (told.stack.get("", ()) if told.stack else ())
    paths = () if stack else tuple(dict.fromkeys(one.path for one in products))
    images = _radar_of(name, told.radar, names)
    times = np.array(sorted(one.time for one in products), dtype="datetime64[ms]")
    files = tuple(file for path in paths for file in _files_of(path))
    files += tuple(raster_files(list(stack))) if stack else ()
    sources = [one.uri for product in products[:1] for one in product.bands.values()]
    pixels = _pixels(sources or list(images[:1]))
    seen = _radar_times(images, str(told.steps[PRIMITIVES]["RADAR_UNIT"]))
    return ChainTile(name, paths, images, times, (*files, *images), pixels, seen, tuple(stack))


def stack_options(values: Mapping[str, Any]) -> StackOptions:
    """What dated rasters do not say of themselves."""
    return StackOptions(
        date_pattern=values["DATE_PATTERN"].strip(), scale=values["SCALE"],
        offset=values["OFFSET"], nodata=values["NODATA"], mask_band=values["MASK_BAND"].strip(),
        mask_clear=values["MASK_CLEAR"], band_dates=listed_dates(values.get("BAND_DATES", "")),
    )  # fmt: skip


def _radar_times(images: Sequence[str], unit: str) -> tuple[TimeArray, ...]:
    """Times of radar images by direction of the orbit; () without any."""
    if not images:
        return ()
    stacks, _ = radar_stacks(images, unit)
    return tuple(one.times for one in stacks.values())


def _pixels(sources: Sequence[str]) -> int:
    """Pixels of the finest of some rasters; 0 where none can be read, which others tell."""
    with Rasters() as rasters, suppress(InputError):
        grids = [rasters.grid(one) for one in sources]
        return max((grid.width * grid.height for grid in grids), default=0)
    return 0


def _radar_of(
    name: str, radar: Mapping[str, Sequence[str]], names: Sequence[str]
) -> tuple[str, ...]:
    """The radar images of a tile: those given for it; else those that name it; all of them where
    none names any tile.
    """
    given = radar.get(name) or radar.get("", ())
    if not given:
        return ()
    files = raster_files(list(given))
    if name in radar:
        return tuple(files)
    words = {tile: tile.removeprefix("T").upper() for tile in names}
    if not any(word in file.upper() for file in files for word in words.values()):
        return tuple(files)
    return tuple(file for file in files if words[name] in file.upper())


def _files_of(path: str) -> list[str]:
    place = Path(path)
    if place.is_dir():
        return sorted(str(one) for one in place.rglob("*") if one.is_file())
    return [path]
