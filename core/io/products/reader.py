# SPDX-License-Identifier: GPL-3.0-or-later
"""What every product reader offers, and what all of them need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ...errors import ProductError
from ...times import parse_times
from ...types import BandSource, Product
from ..grids import grid_of
from ..rasters import open_raster, short
from .files import ProductFiles

Ring = tuple[tuple[float, float], ...]
# The note of a product whose time is only known to the day; no match-up can be made with it.
NO_TIME_OF_DAY = "Time of day unknown: only the day is stated, so 00:00 UTC is given."

# How the note begins that names files which the metadata list and the product lacks.
ABSENT = "Listed by the metadata but not there:"
ABSENT_SHOWN = 6


@dataclass(frozen=True)
class ReaderOptions:
    """What a format leaves open: ``n2a_aot_scale`` is the factor for the AOT of N2A products,
    whose metadata do not state it.
    """

    n2a_aot_scale: float = 0.001


class Reader(Protocol):
    """One product format.

    ``anchor`` matches the name of the file by which a folder is recognized as a possible product;
    ``folder`` the name of a product's folder, for products that lack that file.
    """

    name: str
    anchor: re.Pattern[str]
    folder: re.Pattern[str]

    def can_read(self, files: ProductFiles) -> bool:
        """Whether the product (whose ``anchor`` was found) is of this format."""

    def read(self, files: ProductFiles, options: ReaderOptions) -> Product:
        """The product; raises ``ProductError`` with a sentence where that is impossible."""


def utc(text: str, where: str, notes: list[str]) -> np.datetime64:
    """A time of metadata (ISO 8601, blanks or a ``UTC=`` before it allowed) as UTC.

    A day without a time of day is taken at 00:00, and ``NO_TIME_OF_DAY`` added to ``notes``.
    Raises ``ProductError`` where it is no time.
    """
    cleaned = re.sub(r"^UTC=", "", text.strip()).replace(" ", "T").removesuffix("Z")
    match = re.match(r"(\d{4}-\d{2}-\d{2})(?:(T\d{2}:\d{2})(:\d{2})?(\.\d+)?)?", cleaned)
    if match is None:
        raise ProductError(f"{where} gives '{text}' as its time. Get the product again.")
    fraction = (match[4] or ".0")[:4].ljust(4, "0")
    value = f"{match[1]}{match[2] or 'T00:00'}{match[3] or ':00'}{fraction}"
    try:
        moment: np.datetime64 = parse_times(np.array([value], dtype="datetime64[ms]"))[0]
    except ValueError as error:
        raise ProductError(f"{where} gives '{text}' as its time. Get the product again.") from error
    if match[2] is None:
        notes.append(NO_TIME_OF_DAY)
    return moment


def note_absent(notes: list[str], listed: Iterable[str]) -> None:
    """Add to ``notes`` which of the files that the metadata list are not there, where any are."""
    names = sorted({name.strip().replace("\\", "/").rsplit("/", 1)[-1] for name in listed})
    if names:
        rest = f" and {len(names) - ABSENT_SHOWN} more" if len(names) > ABSENT_SHOWN else ""
        notes.append(f"{ABSENT} {', '.join(names[:ABSENT_SHOWN])}{rest}.")


def ring_from(corners: list[tuple[float, float]]) -> Ring:
    """A closed ring of (longitude, latitude)."""
    if len(corners) < 3:
        return ()
    return tuple(corners if corners[0] == corners[-1] else [*corners, corners[0]])


def raster_ring(uri: str) -> Ring:
    """The footprint of a raster in longitude and latitude."""
    return grid_of(open_raster(uri), short(uri)).ring()


def raster_resolution(uri: str) -> float:
    """The pixel size of a raster in units of its CRS."""
    return grid_of(open_raster(uri), short(uri)).pixel_width


def any_uri(bands: dict[str, BandSource], *others: BandSource | None) -> str:
    """The URI of any raster of a product, "" where it has none."""
    sources = [*bands.values(), *(source for source in others if source is not None)]
    return sources[0].uri if sources else ""


def require_rasters(
    files: ProductFiles, bands: dict[str, BandSource], *others: BandSource | None
) -> str:
    """As ``any_uri``; raises ``ProductError`` where no raster of the product is there."""
    uri = any_uri(bands, *others)
    if not uri:
        raise ProductError(
            f"{short(files.path)}: none of the rasters that its metadata list is there. The "
            "product is not complete; get it again."
        )
    return uri
