# SPDX-License-Identifier: GPL-3.0-or-later
"""The tiles of a chain: which products are whose, and the dates that their features share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...errors import InputError
from ...io.dated_rasters import raster_files
from ...io.products.discovery import find_products
from ...progress import Progress, Silent, each
from ...types import Product, TimeArray
from .configuration import Configuration

ONLY = "tile"  # the name of a tile that has none
_UNFIT = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class ChainTile:
    """A tile by its ``name``: paths of its ``products`` and of its ``radar`` images, the ``times``
    of the products, and all ``files`` that are read of both.
    """

    name: str
    products: tuple[str, ...]
    radar: tuple[str, ...]
    times: TimeArray
    files: tuple[str, ...]

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
    if configuration.products and not found:
        raise InputError(f"products: nothing that can be read is there. {' '.join(notes[:3])}")
    names = sorted(found or {name or ONLY for name in configuration.radar})
    tiles = tuple(_tile(name, found.get(name, []), configuration.radar, names) for name in names)
    folders = [one.folder.casefold() for one in tiles]
    for one in tiles:
        if folders.count(one.folder.casefold()) > 1:
            raise InputError(f"The tile '{one.name}' would share a folder with another: rename it.")
    return tiles, tuple(notes)


def common_span(tiles: Sequence[ChainTile]) -> tuple[str, str]:
    """First and last day (ISO) of the features of all tiles: from the latest first image to the
    earliest last one, so that each tile has images on both sides; "" of radar alone.
    """
    known = [one.times for one in tiles if len(one.times)]
    if not known:
        return "", ""
    first, last = max(one.min() for one in known), min(one.max() for one in known)
    if first >= last:
        raise InputError(
            "The tiles have no common season: the images of one end before those of another begin. "
            "Give START and END of computeprimitives, or run the tiles apart."
        )
    return tuple(str(one.astype("datetime64[D]")) for one in (first, last))  # type: ignore[return-value]


def _tile(
    name: str, products: Sequence[Product], radar: Mapping[str, Sequence[str]], names: Sequence[str]
) -> ChainTile:
    paths = tuple(dict.fromkeys(one.path for one in products))
    images = _radar_of(name, radar, names)
    times = np.array(sorted(one.time for one in products), dtype="datetime64[ms]")
    files = tuple(file for path in paths for file in _files_of(path))
    return ChainTile(name, paths, images, times, (*files, *images))


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
