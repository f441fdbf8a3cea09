# SPDX-License-Identifier: GPL-3.0-or-later
"""The series of single pixels of a stack, asked for one after the other: blocks that were read are
kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from ..errors import InputError, ProductError
from ..io.dated_rasters import StackOptions
from ..io.grids import unproject
from ..io.products.loading import ALTERNATIVES
from ..io.products.masks import policy_flags, read_flags, unmasked_note
from ..io.rasters import Rasters, block_of
from ..io.stacks import OPEN_FILES, Block, ImageStack, stack_of
from ..progress import Part, Progress, Silent, check
from ..sensor_names import sensor_of
from ..types import Flag
from .extract_files import Source, find_source
from .extraction import DETAILED
from .scales import LARGEST
from .types import CLEAR, UNMASKED, TimeSeries
from .wavelengths import wavelength_in

EDGES = (64, 32, 16)  # pixels: one block serves the mouse for a while
BLOCK_BYTES, MOST_BYTES = 16 * 2**20, 128 * 2**20
WORKERS = 4  # most of the time goes into unpacking, which GDAL does beside Python
WORDS = (CLEAR, UNMASKED, *(str(flag) for flag in Flag))


@dataclass(frozen=True)
class _Read:
    """Values (dates, bands, rows, columns) and places in ``WORDS`` (dates, rows, columns)."""

    values: npt.NDArray[np.float32]
    states: npt.NDArray[np.uint8]

    @property
    def size(self) -> int:
        return int(self.values.nbytes + self.states.nbytes)


class PixelReader:
    """Series of the pixels of ``stack``. Blocks of ``edge`` pixels (0: as large as is quick) that
    were read are kept, ``most_bytes`` of them at most; any thread may ask.
    """

    def __init__(self, stack: ImageStack, edge: int = 0, most_bytes: int = MOST_BYTES) -> None:
        self.stack = stack
        self._edge, self._most = edge or _edge(stack), most_bytes
        self._kept: OrderedDict[tuple[int, int], _Read] = OrderedDict()
        self._lock = threading.Lock()
        self._wavelengths = np.array([wavelength_in(stack.products, one) for one in stack.bands])

    def pixel(self, longitude: float, latitude: float) -> tuple[int, int] | None:
        """Column and row of the pixel at a place (degrees), None where it is off the stack."""
        column, row = self.stack.grid.position(longitude, latitude)
        if not (0 <= column < self.stack.grid.width and 0 <= row < self.stack.grid.height):
            return None
        return int(column), int(row)

    def corners(self, column: int, row: int) -> list[tuple[float, float]]:
        """The four corners of a pixel as (longitude, latitude), degrees."""
        left, width, _, top, _, height = self.stack.grid.geotransform
        edges = ((0, 0), (1, 0), (1, 1), (0, 1))
        return [
            unproject(self.stack.grid.wkt, left + (column + x) * width, top + (row + y) * height)
            for x, y in edges
        ]

    def series(
        self, column: int, row: int, name: str, progress: Progress | None = None
    ) -> TimeSeries:
        """The series of a pixel under a ``name``, as the extraction of a point gives it.

        Answers a cancellation between two dates. Raises ``ProductError`` where a file cannot be
        read, ``InputError`` where the values are no reflectance.
        """
        progress = progress or Silent()
        read = self._block(column // self._edge, row // self._edge, progress)
        x, y = column % self._edge, row % self._edge
        values = read.values[:, :, y, x].astype(np.float64)
        self._check(values)
        corners = np.array(self.corners(column, row))
        states = np.array(WORDS, dtype=object)[read.states[:, y, x]]
        order = np.argsort(np.nan_to_num(self._wavelengths, nan=np.inf), kind="stable")
        products = self.stack.products
        return TimeSeries(
            site=name,
            times=self.stack.times,
            bands=tuple(self.stack.bands[place] for place in order),
            wavelengths_nm=self._wavelengths[order],
            values=values[:, order],
            mask_state=states,
            sensor=_texts([sensor_of(one) for one in products]),
            orbit=_texts([one.orbit for one in products]),
            product=_texts([PurePath(one.path).name for one in products]),
            longitude=float(corners[:, 0].mean()),
            latitude=float(corners[:, 1].mean()),
        )

    def _check(self, values: npt.NDArray[np.float64]) -> None:
        finite = np.abs(values[np.isfinite(values)])
        if finite.size and float(np.median(finite)) > LARGEST:
            raise InputError(
                f"The values of the images (median {np.median(finite):.4g}) are no reflectance "
                "(0 to 1). Give their scale, 0.0001 for integers of 10 000."
            )

    def _block(self, x: int, y: int, progress: Progress) -> _Read:
        with self._lock:
            kept = self._kept.get((x, y))
            if kept is not None:
                self._kept.move_to_end((x, y))
                return kept
        grid, edge = self.stack.grid, self._edge
        columns, rows = min(edge, grid.width - x * edge), min(edge, grid.height - y * edge)
        read = self._read(Block(x * edge, y * edge, columns, rows), progress)
        with self._lock:
            self._kept[x, y] = read
            while sum(one.size for one in self._kept.values()) > self._most and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return read

    def _read(self, block: Block, progress: Progress) -> _Read:
        stack = self.stack
        shape = (len(stack), len(stack.bands), block.rows, block.columns)
        values = np.empty(shape, dtype=np.float32)
        states = np.empty((len(stack), block.rows, block.columns), dtype=np.uint8)

        def part(first: int) -> None:
            with Rasters(OPEN_FILES // WORKERS) as rasters:
                for date in range(first, len(stack), WORKERS):
                    check(progress)
                    one = replace(stack, products=(stack.products[date],))
                    _know_grids(one, rasters)
                    values[date] = one.read(block, rasters)[0]
                    states[date] = _states(one, block, values[date], rasters)

        with ThreadPoolExecutor(WORKERS) as pool:
            for task in [pool.submit(part, first) for first in range(WORKERS)]:
                task.result()
        return _Read(values, states)


def open_pixels(
    source: Source, policy: str = "clouds", progress: Progress | None = None
) -> PixelReader:
    """The pixels of products or dated rasters, with what ``policy`` masks.

    Raises ``InputError`` where nothing can be read, or where the images do not lie on one grid.
    """
    progress = progress or Silent()
    products, _ = find_source(source, Part(progress, 0.0, 0.5))
    names = [
        name for name in products[0].bands
        if not name.startswith(ALTERNATIVES) and all(name in one.bands for one in products)
    ]  # fmt: skip
    return PixelReader(stack_of(products, names, policy, Part(progress, 0.5, 1.0)))


def folder_pixels(
    folder: str, options: StackOptions | None = None, progress: Progress | None = None
) -> PixelReader:
    """As ``open_pixels``, of the products in a folder, or else of its dated rasters."""
    progress = progress or Silent()
    try:
        return open_pixels(Source(products=(folder,)), progress=progress)
    except ProductError:
        source = Source(stack=(folder,), options=options or StackOptions())
        return open_pixels(source, progress=progress)


def _edge(stack: ImageStack) -> int:
    """The largest edge whose blocks are not larger than ``BLOCK_BYTES``."""
    fitting = (one for one in EDGES if one**2 * stack.bytes_per_pixel() <= BLOCK_BYTES)
    return next(fitting, EDGES[-1])


def _know_grids(stack: ImageStack, rasters: Rasters) -> None:
    """The grids were compared when the stack was made: asking for them again takes long."""
    for product in stack.products:
        for name in stack.bands:
            if name in product.bands:
                rasters.grid_like(product.bands[name].uri, stack.grid)


def _states(
    stack: ImageStack,
    block: Block,
    values: npt.NDArray[np.float32],
    rasters: Rasters,
) -> npt.NDArray[np.uint8]:
    """Why each pixel (rows, columns) of a stack of one date is masked, as places in ``WORDS``."""
    (product,) = stack.products
    wanted = policy_flags(stack.policy)
    window = block_of(stack.grid, *block)
    flags = read_flags(product, window, rasters, wanted | {Flag.NODATA})
    clear = UNMASKED if unmasked_note([product], stack.policy) else CLEAR
    states = np.full(window.shape, WORDS.index(clear), dtype=np.uint8)
    detailed = np.zeros(window.shape, dtype=np.bool_)
    for flag in DETAILED:
        detailed |= flags.get(flag, detailed)
    # Backwards, so that of several flags the first one stays, as in the extraction.
    for flag in reversed(list(Flag)):
        if flag in flags and flag in wanted:
            where = flags[flag] & ~detailed if flag is Flag.CLOUD_OR_SHADOW else flags[flag]
            states[where] = WORDS.index(str(flag))
    nothing = ~np.isfinite(values).any(axis=0) | flags.get(Flag.NODATA, np.False_)
    states[nothing] = WORDS.index(str(Flag.NODATA))
    return states


def _texts(words: list[str]) -> npt.NDArray[np.object_]:
    return np.array(words, dtype=object)
