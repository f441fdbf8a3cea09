# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks of dated rasters on one grid, read block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError, InsufficientDataError, ProductError
from ..progress import Progress, Silent, each
from ..types import BandSource, BoolArray, Flag, Product, TimeArray
from .dated_rasters import READER
from .grids import Grid, same_crs
from .products.masks import excluded, policy_flags, read_flags
from .rasters import Rasters, Window, block_of, short

NEVER = -1  # days to the nearest clear date of pixels that never are
OPEN_FILES = 64
EDGE = 1e-6  # share of a pixel by which the corners of equal grids may differ


class Block(NamedTuple):
    """A rectangle of pixels: offsets and sizes in pixels."""

    column: int
    row: int
    columns: int
    rows: int


@dataclass(frozen=True)
class ImageStack:
    """Dated images of the same ``bands`` on one ``grid``, in order of time; made by ``stack_of``.

    Only places of files are held, so that a stack can be pickled and used by any thread: every call
    opens the files it needs, at most ``OPEN_FILES`` at once, and closes them. Give ``rasters`` (of
    the same thread) to keep them open over several calls.
    """

    grid: Grid
    products: tuple[Product, ...]
    bands: tuple[str, ...]
    policy: str = "none"

    def __len__(self) -> int:
        return len(self.products)

    @property
    def times(self) -> TimeArray:
        """Times (dates,) in UTC, ``datetime64[ms]``, never decreasing."""
        return np.array([one.time for one in self.products], dtype="datetime64[ms]")

    def read(self, block: Block, rasters: Rasters | None = None) -> npt.NDArray[np.float32]:
        """Physical values (dates, bands, rows, columns), float32, NaN where a file has no data or
        a date lacks a band. Masks are not applied. Raises ``ProductError`` naming the file.
        """
        window = self._window(block)
        shape = (len(self), len(self.bands), block.rows, block.columns)
        values = np.full(shape, np.nan, dtype=np.float32)
        with Rasters(OPEN_FILES) as own:
            for date, product in enumerate(self.products):
                for band, name in enumerate(self.bands):
                    if name in product.bands:
                        source, files = product.bands[name], rasters or own
                        # All grids were compared when the stack was made: this spares asking each
                        # file for its coordinate system again.
                        files.grid_like(source.uri, self.grid)
                        values[date, band] = files.source(source, window)
        return values

    def masked(self, block: Block, rasters: Rasters | None = None) -> BoolArray:
        """Which pixels (dates, rows, columns) the policy leaves out."""
        window, wanted = self._window(block), policy_flags(self.policy)
        result = np.zeros((len(self), block.rows, block.columns), dtype=np.bool_)
        with Rasters(OPEN_FILES) as own:
            for date, product in enumerate(self.products):
                if product.masks and wanted:
                    flags = read_flags(product, window, rasters or own, wanted)
                    result[date] = excluded(flags, wanted, window.shape)
        return result

    def flags(self, date: int, block: Block) -> dict[Flag, BoolArray]:
        """Where each flag is set (rows, columns) on one date, as ``masks.read_flags``."""
        return read_flags(self.products[date], self._window(block))

    def bytes_per_pixel(self) -> int:
        """Memory of what ``read`` and ``masked`` return, per pixel of a block."""
        return len(self) * (4 * len(self.bands) + 1)

    def _window(self, block: Block) -> Window:
        return block_of(self.grid, *block)


def stack_of(
    products: Sequence[Product],
    bands: Sequence[str] = (),
    policy: str = "none",
    progress: Progress | None = None,
) -> ImageStack:
    """The stack of ``bands`` (empty: all that every product has) of ``products``.

    The grid is the finest of the chosen bands. Bands of satellite products may lie on a coarser
    grid of the same coordinate system and are then repeated; everything else has to fit: raises
    ``ProductError`` naming the file whose grid differs or is rotated. Raises ``InputError`` for
    bands that no product has, ``InsufficientDataError`` without any product or common band.
    """
    policy_flags(policy)
    if not products:
        raise InsufficientDataError("There is no image to make a stack of. Give at least one date.")
    ordered = tuple(sorted(products, key=lambda one: (one.time, one.path)))
    names = _chosen(ordered, bands)
    grids: dict[str, tuple[Grid, BandSource]] = {}
    with Rasters(OPEN_FILES) as rasters:
        for product in each(ordered, progress or Silent(), "Checking grids"):
            own = {name: product.bands[name] for name in names if name in product.bands}
            found = product_grids(list(own.values()), rasters)
            for (name, source), grid in zip(own.items(), found, strict=True):
                _check_same(grid, source, *grids.setdefault(name, (grid, source)))
    finest, origin = min(grids.values(), key=lambda pair: pair[0].pixel_width)
    for grid, source in grids.values():
        if ordered[0].reader == READER:
            _check_same(grid, source, finest, origin)
        elif not same_crs(grid.wkt, finest.wkt):
            raise _other_grid(source, origin, "lies in another coordinate system")
    return ImageStack(finest, ordered, names, policy)


def product_grids(sources: Sequence[BandSource], rasters: Rasters) -> list[Grid]:
    """The grid of each band of one product or date; raises ``ProductError`` naming a file that
    cannot be opened. Of files that agree in size and corners the first one alone is asked for its
    coordinate system, which takes ten times as long as all the rest.
    """
    grids: list[Grid] = []
    for source in sources:
        uri = source.uri
        grids.append(rasters.grid_like(uri, grids[-1]) if grids else rasters.grid(uri))
    return grids


def _chosen(products: Sequence[Product], bands: Sequence[str]) -> tuple[str, ...]:
    known = list(dict.fromkeys(name for one in products for name in one.bands))
    unknown = [name for name in bands if name not in known]
    if unknown:
        raise InputError(
            f"No date has a band {', '.join(unknown)}. There are: {', '.join(known) or '(none)'}."
        )
    common = [name for name in known if all(name in one.bands for one in products)]
    names = tuple(dict.fromkeys(bands)) or tuple(common)
    if not names:
        raise InsufficientDataError(
            f"No band is there on all {len(products)} dates. Name the bands that you want; there "
            f"are: {', '.join(known) or '(none)'}."
        )
    return names


def same_pixels(grid: Grid, other: Grid) -> bool:
    """Whether two grids are one, but for rounding of their corners."""
    return grid == other or not _difference(grid, other)


def _check_same(grid: Grid, source: BandSource, other: Grid, origin: BandSource) -> None:
    how = "" if grid == other else _difference(grid, other)
    if how:
        raise _other_grid(source, origin, how)


def _difference(grid: Grid, other: Grid) -> str:
    """What makes two grids different, "" where nothing does."""
    if not same_crs(grid.wkt, other.wkt):
        return "lies in another coordinate system"
    if (grid.width, grid.height) != (other.width, other.height):
        return "has another size"
    tolerance = EDGE * max(other.pixel_width, other.pixel_height)
    corners = zip(grid.bounds(), other.bounds(), strict=True)
    if any(abs(one - two) > tolerance * max(grid.width, 1) for one, two in corners):
        return "has its corners elsewhere"
    return ""


def _other_grid(source: BandSource, origin: BandSource, how: str) -> ProductError:
    return ProductError(
        f"{short(source.uri)} {how} than {short(origin.uri)}: a stack needs all images on one "
        "grid. Warp it to that grid, or leave it out."
    )
