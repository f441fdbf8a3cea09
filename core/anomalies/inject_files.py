# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of injections carried out on images in files: changed dated GeoTIFFs, and the truth.

One date after the other, with all of its bands in memory. The files are a stack again: their
metadata hold the time (``ACQUISITIONDATETIME``) and the central wavelengths, their bands the names,
and where the images have masks the last band, ``mask``, is 0 where a pixel is clear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, OutputError
from ..io.dated_rasters import SUFFIXES
from ..io.raster_writer import RasterWriter
from ..io.stacks import Block, ImageStack, stack_of
from ..progress import Part, Progress, Silent, each
from ..series.extract_files import Source, find_source
from ..series.wavelengths import wavelength_in
from ..table import Table, from_rows
from ..types import BoolArray, FloatArray
from .inject_stack import Effect, Geometry, inject, order
from .injections import KINDS, Injection, check_plan

MASK_BAND = "mask"
NODATA = -9999.0
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
) -> InjectedFiles:
    """Write every image of ``source`` into ``folder``, changed by ``plan`` where that says so.

    ``stage`` gives the temporary name of a file (``atomic.Staging``): what is staged is put in
    place together, or not at all. ``bands``: () for all that every date has. ``policy``: which
    pixels the band ``mask`` leaves out; a wrong date brings its own mask along. Dates of the plan
    count the images in order of time, from 0. Pixels without data stay so.

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
    files = _files(stack, folder)
    _check_folder(folder, files, stack)
    shown = order(plan, len(stack))
    rows: list[dict[str, Any]] = []
    dates = list(range(len(stack)))
    for date in each(dates, Part(progress, 0.15, 1.0), "Injecting anomalies"):
        image, masked = _read(stack, int(shown[date]))
        known = np.isfinite(image).any(axis=0)
        geometry = _geometry(stack, date)
        changed, effects = inject(image, stack.bands, wavelengths, date, plan, geometry, len(stack))
        _write(stage(files[date]), files[date], stack, date, changed, masked, wavelengths)
        rows += _truth(stack, date, files[date], effects, known)
    return InjectedFiles(
        files,
        from_rows(rows, TRUTH_FIELDS, "truth"),
        tuple(f"Left out: {path}: {reason}" for path, reason in unreadable),
    )


def _read(stack: ImageStack, date: int) -> tuple[FloatArray, BoolArray | None]:
    """Reflectance (bands, rows, columns) of a date, and its mask where it has one."""
    one = replace(stack, products=(stack.products[date],))
    whole = Block(0, 0, stack.grid.width, stack.grid.height)
    masked = one.masked(whole)[0] if _has_masks(stack) else None
    return one.read(whole)[0].astype(np.float64), masked


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
    temporary: Path,
    final: Path,
    stack: ImageStack,
    date: int,
    image: FloatArray,
    masked: BoolArray | None,
    wavelengths: FloatArray,
) -> None:
    names = (*stack.bands, *([] if masked is None else [MASK_BAND]))
    with RasterWriter(
        temporary, stack.grid, len(names), "float32", NODATA, names, final.name
    ) as writer:
        writer.describe("ACQUISITIONDATETIME", _acquired(stack.times[date]))
        for band, (layer, nm) in enumerate(zip(image, wavelengths, strict=True), start=1):
            if np.isfinite(nm):
                writer.describe("CENTRAL_WAVELENGTH_UM", f"{nm / 1000.0:.7g}", band)
            writer.write(band, np.where(np.isfinite(layer), layer, NODATA).astype(np.float32))
        if masked is not None:
            writer.write(len(names), masked.astype(np.float32))


def _acquired(time: np.datetime64) -> str:
    return str(time.astype("datetime64[s]")).replace("T", " ")


def _truth(
    stack: ImageStack, date: int, file: Path, effects: Sequence[Effect], known: BoolArray
) -> Iterator[dict[str, Any]]:
    seconds = stack.times.astype("datetime64[s]").astype("datetime64[ms]")
    for effect in effects:
        one = effect.injection
        share = np.count_nonzero(effect.touched & known) / max(np.count_nonzero(known), 1)
        yield {
            "time": seconds[date],
            "file": file.name,
            "product": Path(stack.products[date].path).name,
            "type": one.type,
            "amplitude": effect.amplitude,
            "unit": KINDS[one.type].unit,
            "extent_share": share,
            "since": seconds[min(one.dates(len(stack)))],
            "bands": " ".join(one.bands),
            "note": one.note,
        }
