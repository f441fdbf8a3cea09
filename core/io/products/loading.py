# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands of a product on one grid in physical units: as a GeoTIFF block by block, or as a VRT that
points at the product's own files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

from ...errors import InputError, ProductError
from ...progress import Progress, Silent, each
from ...types import AnyArray, BandSource, BoolArray, Product
from ..atomic import write_text
from ..grids import Grid, same_crs
from ..raster_values import scaled
from ..raster_writer import RasterWriter
from ..rasters import Rasters, Window, block_of, short
from .masks import excluded, policy_flags, read_flags

NODATA = -9999.0
BLOCK = 512
VIRTUAL = ".vrt"
GEOTIFF = (".tif", ".tiff")
RESOLUTIONS = ("finest", "coarsest")
ALTERNATIVES = ("SRE_", "ENV_")


@dataclass(frozen=True)
class Selection:
    """Bands of a product and the grid on which they will be put together."""

    product: Product
    sources: tuple[BandSource, ...]
    grid: Grid
    policy: str = "none"

    @property
    def names(self) -> tuple[str, ...]:
        """The bands' names in the order of the output."""
        return tuple(source.name for source in self.sources)


@dataclass(frozen=True)
class Loaded:
    """What was written: ``valid_share`` of the pixels have all bands, ``masked_share`` were left
    out by the policy (0 to 1; NaN where a VRT was written, which reads no pixel).
    """

    selection: Selection
    valid_share: float
    masked_share: float


def select(
    product: Product,
    names: Sequence[str] = (),
    policy: str = "none",
    resolution: str = "finest",
) -> Selection:
    """Choose bands by ``names`` (``aot`` and ``water_vapor`` too; empty: all reflectances,
    or whatever there is in a product without any).

    ``resolution``: put them on the ``finest`` or the ``coarsest`` of their grids. Raises
    ``InputError`` for unknown names, ``ProductError`` where the grids do not fit together.
    """
    policy_flags(policy)
    available = {**product.bands}
    for extra in (product.aot, product.water_vapor):
        if extra is not None:
            available[extra.name] = extra
    reflectances = [name for name in product.bands if not name.startswith(ALTERNATIVES)]
    wanted = list(names) or reflectances or list(available)
    unknown = [name for name in wanted if name not in available]
    if unknown or not wanted:
        raise InputError(
            f"{short(product.path)} has no band {', '.join(unknown) or '(none at all)'}. It has: "
            f"{', '.join(available)}."
        )
    sources = tuple(available[name] for name in wanted)
    with Rasters() as rasters:
        grids = [rasters.grid(source.uri) for source in sources]
    for source, grid in zip(sources, grids, strict=True):
        if not same_crs(grid.wkt, grids[0].wkt):
            raise ProductError(f"{short(source.uri)} lies in another coordinate system.")
    pick = min if resolution == "finest" else max
    return Selection(product, sources, pick(grids, key=lambda g: g.pixel_width), policy)


def no_reflectance_note(selection: Selection, names: Sequence[str]) -> str:
    """That what was chosen for want of ``names`` is no reflectance, "" where it is."""
    if names or selection.product.bands:
        return ""
    return (
        f"The product has no reflectance; what it has is written: {', '.join(selection.names)}. "
        "Name the bands to choose among them."
    )


@dataclass(frozen=True)
class Targets:
    """Where the bands and, optionally, the mask go. ``bands_name``, ``mask_name``: what messages
    call them where ``bands`` and ``mask`` are temporary names (of ``atomic.Staging``).
    """

    bands: Path | str
    mask: Path | str | None = None
    bands_name: str = ""
    mask_name: str = ""


def check_formats(bands: str, mask: str = "") -> None:
    """Raise ``InputError`` where ``bands`` ends neither as a GeoTIFF nor as a VRT, or ``mask`` (""
    for none) not as a GeoTIFF, or is wanted beside a VRT.
    """
    suffix = Path(bands).suffix.lower()
    if suffix not in (*GEOTIFF, VIRTUAL):
        raise InputError(
            f"Bands cannot be written as '{Path(bands).name}'. Let the name end in .tif, .tiff or "
            ".vrt."
        )
    if not mask:
        return
    if Path(mask).suffix.lower() not in GEOTIFF:
        raise InputError(
            f"The mask cannot be written as '{Path(mask).name}'. Let its name end in .tif or .tiff."
        )
    if suffix == VIRTUAL:
        raise InputError("Beside a VRT no mask is written. Choose a .tif output for the bands.")


def write(selection: Selection, targets: Targets, progress: Progress | None = None) -> Loaded:
    """Write the bands as a VRT where their suffix says so, else as a GeoTIFF; see the two below.

    Raises ``InputError`` as ``check_formats``.
    """
    check_formats(str(targets.bands), str(targets.mask or ""))
    if Path(targets.bands).suffix.lower() == VIRTUAL:
        return write_virtual(selection, targets)
    return write_bands(selection, targets, progress)


def write_bands(selection: Selection, targets: Targets, progress: Progress | None = None) -> Loaded:
    """Write the bands (float32, no data = ``NODATA``), and the mask (1 = left out by the policy).

    Finer bands are averaged over their valid pixels, coarser ones repeated. Raises ``ProductError``
    where a file of the product cannot be read, ``OutputError`` where one cannot be written.
    """
    grid, sources = selection.grid, selection.sources
    blocks = list(_blocks(grid))
    valid = masked = 0
    with (
        Rasters() as rasters,
        RasterWriter(
            targets.bands,
            grid,
            len(sources),
            "float32",
            NODATA,
            selection.names,
            targets.bands_name,
        ) as output,
        _MaskWriter(targets, grid) as mask_output,
    ):
        for window in each(blocks, progress or Silent(), "Writing bands"):
            left_out = _left_out(selection, window, rasters)
            complete = ~left_out
            for number, source in enumerate(sources, start=1):
                values = _on_grid(source, window, rasters)
                complete &= np.isfinite(values)
                values[left_out | np.isnan(values)] = NODATA
                output.write(number, values, window.column_off, window.row_off)
            mask_output.write(left_out, window)
            valid += int(complete.sum())
            masked += int(left_out.sum())
    pixels = grid.width * grid.height
    return Loaded(selection, valid / pixels, masked / pixels)


def write_virtual(selection: Selection, targets: Targets) -> Loaded:
    """Write a VRT that scales the product's own files when it is read; nothing is copied.

    Raises ``InputError`` where a mask would have to be burnt, or finer bands be averaged,
    ``OutputError`` where the file cannot be written.
    """
    if policy_flags(selection.policy):
        raise InputError(
            "A VRT holds no pixels, so no mask can be burnt into it. Choose a .tif output, or the "
            "mask policy 'none'."
        )
    bands = []
    with Rasters() as rasters:
        for number, source in enumerate(selection.sources, start=1):
            own = rasters.grid(source.uri)
            if own.pixel_width < selection.grid.pixel_width:
                raise InputError(
                    f"Band {source.name} is finer than the output, and a VRT cannot average it. "
                    "Choose a .tif output, or the finest resolution."
                )
            bands.append(_virtual_band(number, source, own, selection.grid))
    grid = selection.grid
    transform = ", ".join(repr(value) for value in grid.geotransform)
    text = (
        f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}">\n'
        f"  <SRS>{escape(grid.wkt)}</SRS>\n  <GeoTransform>{transform}</GeoTransform>\n"
        + "".join(bands)
        + "</VRTDataset>\n"
    )
    write_text(Path(targets.bands), text, targets.bands_name)
    return Loaded(selection, float("nan"), float("nan"))


class _MaskWriter:
    """The optional mask raster; does nothing where none is asked for."""

    def __init__(self, targets: Targets, grid: Grid) -> None:
        self._writer: RasterWriter | None = None
        if targets.mask:
            self._writer = RasterWriter(
                targets.mask, grid, 1, "uint8", None, ("left_out",), targets.mask_name
            )

    def __enter__(self) -> _MaskWriter:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._writer is not None:
            self._writer.close(completely=failure[0] is None)

    def write(self, left_out: BoolArray, window: Window) -> None:
        """Write one block."""
        if self._writer is not None:
            values = left_out.astype(np.uint8)
            self._writer.write(1, values, window.column_off, window.row_off)


def _blocks(grid: Grid) -> Iterator[Window]:
    """The grid in blocks, as windows without values."""
    for row in range(0, grid.height, BLOCK):
        for column in range(0, grid.width, BLOCK):
            rows, columns = min(BLOCK, grid.height - row), min(BLOCK, grid.width - column)
            yield block_of(grid, column, row, columns, rows)


def _left_out(selection: Selection, window: Window, rasters: Rasters) -> BoolArray:
    if not policy_flags(selection.policy):
        return np.zeros(window.shape, dtype=np.bool_)
    flags = read_flags(selection.product, window, rasters)
    return excluded(flags, selection.policy, window.shape)


def _on_grid(source: BandSource, window: Window, rasters: Rasters) -> AnyArray:
    """Physical values on the window: finer bands averaged, others taken at the pixel centers."""
    own = rasters.grid(source.uri)
    factor = _factor(own, window.grid)
    if factor < 2:
        return rasters.source(source, window)
    rows, columns = window.shape
    column, row = window.column_off * factor, window.row_off * factor
    wide, high = min(columns * factor, own.width - column), min(rows * factor, own.height - row)
    fine = np.full((rows * factor, columns * factor), np.nan, dtype=np.float32)
    if wide > 0 and high > 0:
        read = rasters.read(source.uri, source.band, column, row, wide, high)
        fine[:high, :wide] = scaled(read, source)
    return block_mean(fine, factor)


def block_mean(values: AnyArray, factor: int) -> AnyArray:
    """Mean of the finite values in blocks of ``factor`` pixels; NaN where a block has none."""
    rows, columns = values.shape[0] // factor, values.shape[1] // factor
    blocks = values.reshape(rows, factor, columns, factor)
    finite = np.isfinite(blocks)
    total = np.where(finite, blocks, 0.0).sum(axis=(1, 3))
    count = finite.sum(axis=(1, 3))
    mean = np.full(total.shape, np.nan, dtype=np.float32)
    np.divide(total, count, out=mean, where=count > 0, casting="same_kind")
    return mean


def _factor(fine: Grid, coarse: Grid) -> int:
    """How many fine pixels make a coarse one, where both grids begin at the same corner; else 1."""
    ratio = coarse.pixel_width / fine.pixel_width
    whole = round(ratio)
    tolerance = 1e-6 * coarse.pixel_width
    aligned = abs(fine.geotransform[0] - coarse.geotransform[0]) <= tolerance
    aligned &= abs(fine.geotransform[3] - coarse.geotransform[3]) <= tolerance
    return whole if aligned and abs(ratio - whole) < 1e-6 else 1


def _virtual_band(number: int, source: BandSource, own: Grid, grid: Grid) -> str:
    left, _, _, top, _, _ = own.geotransform
    column = (left - grid.geotransform[0]) / grid.geotransform[1]
    row = (top - grid.geotransform[3]) / grid.geotransform[5]
    wide = own.width * own.pixel_width / grid.pixel_width
    high = own.height * own.pixel_height / grid.pixel_height
    nodata = "" if source.nodata is None else f"      <NODATA>{source.nodata:g}</NODATA>\n"
    return (
        f'  <VRTRasterBand dataType="Float32" band="{number}">\n'
        f"    <Description>{escape(source.name)}</Description>\n"
        f"    <NoDataValue>{NODATA:g}</NoDataValue>\n    <ComplexSource>\n"
        f'      <SourceFilename relativeToVRT="0">{escape(source.uri)}</SourceFilename>\n'
        f"      <SourceBand>{source.band}</SourceBand>\n"
        f'      <SrcRect xOff="0" yOff="0" xSize="{own.width}" ySize="{own.height}"/>\n'
        f'      <DstRect xOff="{column!r}" yOff="{row!r}" xSize="{wide!r}" ySize="{high!r}"/>\n'
        f"{nodata}      <ScaleOffset>{source.offset!r}</ScaleOffset>\n"
        f"      <ScaleRatio>{source.scale!r}</ScaleRatio>\n"
        "    </ComplexSource>\n  </VRTRasterBand>\n"
    )
