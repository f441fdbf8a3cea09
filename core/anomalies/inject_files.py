# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of injections carried out on images in files: changed dated GeoTIFFs, and the truth.

One date after the other, block by block; every pixel gets the same value whatever the blocks are.
The files are a stack again: their metadata hold the time (``ACQUISITIONDATETIME``), what the
product says of itself (``stack_metadata``) and the central wavelengths, their bands the names, and
where the images have masks the last band, ``mask``, is 0 where a pixel is clear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, OutputError
from ..execution.stacks import block_of
from ..execution.tiling import Tile, tiles
from ..io.cache import gdal_cache
from ..io.dated_rasters import SUFFIXES
from ..io.raster_writer import RasterWriter
from ..io.rasters import Rasters
from ..io.stack_metadata import band_items, product_items
from ..io.stacks import ImageStack, stack_of
from ..progress import Part, Progress, Silent, each
from ..series.extract_files import Source, find_source
from ..series.wavelengths import wavelength_in
from ..table import Table, from_rows
from ..types import BoolArray, FloatArray
from .inject_fields import Place, check_place
from .inject_stack import Effect, Geometry, change, margin, order, planted
from .injections import KINDS, Injection, check_plan

MASK_BAND = "mask"
NODATA = -9999.0
BLOCK_MB, BYTES_PER_VALUE, TIFF_TILE = 256.0, 100.0, 256
CACHE_MB = 256
# Types whose formulas ask for the wavelengths: all that follow radiative transfer or spectra.
PHYSICAL = tuple(name for name, kind in KINDS.items() if kind.stage < KINDS["gain"].stage)
TRUTH_FIELDS = {
    "time": "time", "file": "text", "product": "text", "type": "text", "amplitude": "float",
    "unit": "text", "extent_share": "float", "since": "time", "bands": "text", "note": "text",
}  # fmt: skip


@dataclass(frozen=True)
class InjectedFiles:
    """``files`` in order of time; ``truth`` (``TRUTH_FIELDS``): one row per injection and date,
    with the share (0 to 1) of the image with data that it changed; ``notes``: sentences.
    """

    files: tuple[Path, ...]
    truth: Table
    notes: tuple[str, ...]


def inject_files(
    source: Source,
    plan: Sequence[Injection],
    folder: Path,
    stage: Callable[[Path], Path],
    bands: Sequence[str] = (),
    policy: str = "clouds",
    progress: Progress | None = None,
    block_px: int = 0,
) -> InjectedFiles:
    """Write every image of ``source`` into ``folder``, changed by ``plan`` where that says so.

    ``stage`` gives the temporary name of a file (``atomic.Staging``): what is staged is put in
    place together, or not at all. ``bands``: () for all that every date has. ``policy``: which
    pixels the band ``mask`` leaves out; a wrong date brings its own mask along. Dates of the plan
    count the images in order of time, from 0. Pixels without data stay so. ``block_px``: side of
    the blocks that are in memory at once, 0 for what suits the number of bands; no value depends
    on it.

    Raises ``InputError`` where the plan does not fit the images, where physical types are asked for
    and a wavelength is unknown, and where two images have one time; ``OutputError`` where
    ``folder`` holds other rasters; and what ``find_source`` and ``stack_of`` raise.
    """
    progress = progress or Silent()
    products, unreadable = find_source(source, Part(progress, 0.0, 0.1))
    stack = stack_of(products, bands, policy, Part(progress, 0.1, 0.15))
    check_plan(plan, len(stack), stack.bands)
    wavelengths = np.array([wavelength_in(stack.products, name) for name in stack.bands])
    _check_wavelengths(plan, stack, wavelengths)
    whole = (stack.grid.height, stack.grid.width)
    for one in plan:
        check_place(one, whole)
    files = _files(stack, folder)
    _check_folder(folder, files, stack)
    changes = _Changes(stack, wavelengths, plan, block_px or block_side(len(stack.bands)))
    rows: list[dict[str, Any]] = []
    total = len(stack)
    with gdal_cache(CACHE_MB):
        for date in range(total):
            ends = (0.15 + 0.85 * (date + done) / total for done in (0, 1))
            counts = _write(stage(files[date]), files[date], changes, date, Part(progress, *ends))
            rows += _truth(stack, date, files[date], counts)
    return InjectedFiles(
        files,
        from_rows(rows, TRUTH_FIELDS, "truth"),
        tuple(f"Left out: {path}: {reason}" for path, reason in unreadable),
    )


def block_side(bands: int) -> int:
    """The side of a block, in pixels: a whole number of the tiles of a GeoTIFF, as many as fit into
    ``BLOCK_MB`` with all that computing takes.
    """
    pixels = BLOCK_MB * 1e6 / (bands * BYTES_PER_VALUE)
    return max(int(np.sqrt(pixels)) // TIFF_TILE, 1) * TIFF_TILE


@dataclass(frozen=True)
class _Changes:
    """What is done to the images of a stack, and the side of the blocks (pixels)."""

    stack: ImageStack
    wavelengths: FloatArray
    plan: Sequence[Injection]
    block_px: int


@dataclass
class _Counts:
    """Pixels with data of an image, and those that each injection touched (with its amplitude)."""

    known: int = 0
    touched: dict[int, tuple[Injection, float, int]] = field(default_factory=dict)

    def add(self, effects: Sequence[Effect], tile: Tile, known: BoolArray) -> None:
        self.known += int(np.count_nonzero(known))
        for number, effect in enumerate(effects):
            here = int(np.count_nonzero(tile.crop(effect.touched) & known))
            before = self.touched.get(number, (effect.injection, effect.amplitude, 0))
            self.touched[number] = (*before[:2], before[2] + here)


def _has_masks(stack: ImageStack) -> bool:
    return any(product.masks for product in stack.products)


def _geometry(stack: ImageStack, date: int) -> Geometry:
    """How the image of a date was taken; a usual sun where the product does not say."""
    product, usual = stack.products[date], Geometry(stack.grid.pixel_m())
    zenith, azimuth = product.sun_zenith_deg, product.sun_azimuth_deg
    return replace(
        usual,
        sun_zenith_deg=usual.sun_zenith_deg if zenith is None else zenith,
        sun_azimuth_deg=usual.sun_azimuth_deg if azimuth is None else azimuth,
    )


def _check_wavelengths(
    plan: Sequence[Injection], stack: ImageStack, wavelengths: FloatArray
) -> None:
    unknown = [name for name, nm in zip(stack.bands, wavelengths, strict=True) if np.isnan(nm)]
    physical = [one.type for one in plan if one.type in PHYSICAL]
    if unknown and physical:
        raise InputError(
            f"'{physical[0]}' needs the wavelengths of all bands, and that of {unknown[0]} is not "
            "known. Name the bands by their colors (blue, green, red, nir, swir1, swir2), leave it "
            "out, or plant other types."
        )


def _files(stack: ImageStack, folder: Path) -> tuple[Path, ...]:
    times = [str(time.astype("datetime64[s]")) for time in stack.times]
    for one, other in zip(times, times[1:], strict=False):
        if one == other:
            raise InputError(
                f"Two images were taken at {one}. Give each date once, and the products of one "
                "tile only."
            )
    return tuple(folder / f"{time.translate(str.maketrans('', '', '-:'))}.tif" for time in times)


def _check_folder(folder: Path, files: Sequence[Path], stack: ImageStack) -> None:
    """Refuse a folder whose other rasters would become part of the stack, or be replaced."""
    own = {path.resolve() for path in files}
    read = {Path(band.uri).resolve() for one in stack.products for band in one.bands.values()}
    if own & read:
        raise OutputError(f"{folder} holds the images themselves. Choose another folder.")
    if not folder.is_dir():
        return
    for path in folder.rglob("*"):
        if path.suffix.lower() in SUFFIXES and path.resolve() not in own:
            raise OutputError(
                f"{folder} already holds other rasters, such as {path.name}. Choose an empty "
                "folder."
            )


def _write(
    temporary: Path, final: Path, changes: _Changes, date: int, progress: Progress
) -> _Counts:
    """Write the changed image of a date."""
    stack, shown = changes.stack, int(order(changes.plan, len(changes.stack))[date])
    grid, masks = stack.grid, _has_masks(stack)
    whole = (grid.height, grid.width)
    here = planted(changes.plan, date, len(stack), whole)
    cut = tiles(grid.width, grid.height, changes.block_px, margin(here))
    one = replace(stack, products=(stack.products[shown],))
    geometry, counts = _geometry(stack, date), _Counts()
    names = (*stack.bands, *([MASK_BAND] if masks else []))
    with (
        RasterWriter(
            temporary, grid, len(names), "float32", NODATA, names, final.name, progress=progress
        ) as writer,
        Rasters() as rasters,
    ):
        _describe(writer, changes, date)
        for tile in each(cut, progress, f"Injecting anomalies: {final.name}"):
            block, own, outer = block_of(tile.outer), tile.own, tile.outer
            image = one.read(block, rasters)[0].astype(np.float64)
            known = tile.crop(np.isfinite(image).any(axis=0))
            place = Place(outer.row, outer.column, outer.height, outer.width, whole)
            changed, effects = change(
                image, stack.bands, changes.wavelengths, here, geometry, place
            )
            counts.add(effects, tile, known)
            stored = np.where(np.isfinite(changed), changed, NODATA).astype(np.float32)
            layers = [tile.crop(layer) for layer in stored]
            if masks:
                layers.append(one.masked(block_of(own), rasters)[0].astype(np.float32))
            for band, layer in enumerate(layers, start=1):
                writer.write(band, layer, own.column, own.row)
            writer.flush()
    return counts


def _describe(writer: RasterWriter, changes: _Changes, date: int) -> None:
    """Say in the file's metadata what the image is: its own time, whatever was exchanged."""
    stack = changes.stack
    product = stack.products[date]
    writer.describe("ACQUISITIONDATETIME", _acquired(stack.times[date]))
    for key, text in product_items(product).items():
        writer.describe(key, text)
    for band, (name, nm) in enumerate(zip(stack.bands, changes.wavelengths, strict=True), start=1):
        if np.isfinite(nm):
            writer.describe("CENTRAL_WAVELENGTH_UM", f"{nm / 1000.0:.7g}", band)
        if name in product.bands:
            for key, text in band_items(product.bands[name]).items():
                writer.describe(key, text, band)


def _acquired(time: np.datetime64) -> str:
    return str(time.astype("datetime64[s]")).replace("T", " ")


def _truth(stack: ImageStack, date: int, file: Path, counts: _Counts) -> Iterator[dict[str, Any]]:
    seconds = stack.times.astype("datetime64[s]").astype("datetime64[ms]")
    for injection, amplitude, touched in counts.touched.values():
        yield {
            "time": seconds[date],
            "file": file.name,
            "product": Path(stack.products[date].path).name,
            "type": injection.type,
            "amplitude": amplitude,
            "unit": KINDS[injection.type].unit,
            "extent_share": touched / max(counts.known, 1),
            "since": seconds[min(injection.dates(len(stack)))],
            "bands": " ".join(injection.bands),
            "note": injection.note,
        }
