# SPDX-License-Identifier: GPL-3.0-or-later
"""Reflectance of sites out of products and dated rasters: one row per product, site and band.

Masked observations are kept: their value comes from all pixels with data, and ``mask_state`` says
why they are not clear. Only the pixels of the sites are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..io.grids import Grid
from ..io.products.loading import ALTERNATIVES
from ..io.products.masks import excluded, policy_flags, read_flags, unmasked_note
from ..io.rasters import Rasters
from ..io.shapes import Footprint, footprint
from ..io.stacks import product_grids
from ..io.tables import points
from ..progress import Progress, Silent, each
from ..sensor_names import sensor_of
from ..sites import Site
from ..table import Table, from_rows
from ..types import BandSource, BoolArray, Flag, FloatArray, Product
from .types import CLEAR, UNMASKED
from .wavelengths import wavelength_of

OUTSIDE = "outside"
STATISTICS = ("mean", "median")
FIELDS = {
    "site": "text",
    "time": "time",
    "band": "text",
    "wavelength_nm": "float",
    "value": "float",
    "std": "float",
    "valid_fraction": "float",
    "mask_state": "text",
    "sensor": "text",
    "orbit": "text",
    "product": "text",
}
DETAILED = (Flag.CLOUD, Flag.THIN_CLOUD, Flag.CIRRUS, Flag.CLOUD_SHADOW)


@dataclass(frozen=True)
class SeriesSettings:
    """``bands``: names, empty for all reflectances. ``statistic``: ``mean`` or ``median`` of the
    pixels of a site. ``mask_policy``: a key of ``masks.POLICIES``. ``window_m``: full width (m) of
    the square around a point; 0 is the pixel that holds it. ``clear_fraction`` (0 to 1): share of a
    site's pixels that have to be clear for the observation to be.
    """

    bands: tuple[str, ...] = ()
    statistic: str = "mean"
    mask_policy: str = "clouds"
    window_m: float = 0.0
    clear_fraction: float = 0.5


@dataclass(frozen=True)
class SeriesRows:
    """``rows`` with the columns ``FIELDS`` (and longitude, latitude), in the order of products,
    sites and bands; ``failed``: (product, why); ``notes``: sentences about sites.
    """

    rows: tuple[dict[str, Any], ...]
    failed: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def series_table(rows: Sequence[Mapping[str, Any]], name: str = "time series") -> Table:
    """The long table of extracted rows, one point per row at the site."""
    made = from_rows(rows, {**FIELDS, "longitude": "float", "latitude": "float"}, name)
    geometry = points(made["longitude"], made["latitude"])
    return Table({key: made[key] for key in FIELDS}, name, geometry)


def extract_series(
    products: Sequence[Product],
    sites: Sequence[Site],
    settings: SeriesSettings,
    progress: Progress | None = None,
    workers: int = 4,
) -> SeriesRows:
    """Extract from all ``products``, several of them at a time, in a fixed order of rows.

    A product whose pixels cannot be read is listed, not fatal. Raises ``InputError`` for bands that
    no product has, a policy or a statistic that does not exist.
    """
    policy_flags(settings.mask_policy)
    _check(products, settings)
    rows: list[dict[str, Any]] = []
    failed: list[tuple[str, str]] = []
    notes: dict[str, None] = {}
    with ThreadPoolExecutor(max_workers=workers) as pool:
        tasks = [pool.submit(extract_product, one, sites, settings) for one in products]
        try:
            pairs = list(zip(products, tasks, strict=True))
            for product, task in each(pairs, progress or Silent(), "Extracting time series"):
                _collect(product, task, rows, failed, notes)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return SeriesRows(tuple(rows), tuple(failed), tuple(notes))


def _collect(
    product: Product,
    task: Future[SeriesRows],
    rows: list[dict[str, Any]],
    failed: list[tuple[str, str]],
    notes: dict[str, None],
) -> None:
    try:
        found = task.result()
    except InputError as error:
        failed.append((product.path, str(error)))
        return
    rows.extend(found.rows)
    notes.update(dict.fromkeys(found.notes))


def _check(products: Sequence[Product], settings: SeriesSettings) -> None:
    if settings.statistic not in STATISTICS:
        raise InputError(
            f"There is no statistic '{settings.statistic}'. Choose one of: {', '.join(STATISTICS)}."
        )
    known = dict.fromkeys(name for one in products for name in one.bands)
    unknown = [name for name in settings.bands if name not in known]
    if unknown and products:
        raise InputError(
            f"No product has a band {', '.join(unknown)}. There are: "
            f"{', '.join(known) or '(none)'}."
        )


def extract_product(
    product: Product, sites: Sequence[Site], settings: SeriesSettings
) -> SeriesRows:
    """The rows of one product: one per site on it and band that it has.

    Raises ``ProductError`` where a raster cannot be read.
    """
    names = settings.bands or tuple(n for n in product.bands if not n.startswith(ALTERNATIVES))
    sources = [product.bands[name] for name in names if name in product.bands]
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    if not sources:
        return SeriesRows(())
    with Rasters() as rasters:
        grids = product_grids(sources, rasters)
        for site in sites:
            seen = _look(product, site, sources, grids, settings, rasters)
            rows += seen.rows if seen else []
            notes += (
                [f"Site {site.name} {seen.note}: the pixel in it is used."]
                if (seen and seen.note)
                else []
            )
    return SeriesRows(tuple(rows), (), tuple(notes))


@dataclass(frozen=True)
class _Seen:
    rows: list[dict[str, Any]]
    note: str


@dataclass(frozen=True)
class _Pixels:
    """A site on one grid: its pixels, the flags on them, which the policy leaves out, and what
    an observation is called that is not masked.
    """

    footprint: Footprint
    flags: dict[Flag, BoolArray]
    left_out: BoolArray
    unmasked: str = CLEAR

    @property
    def inside(self) -> BoolArray:
        """The pixels of the site that lie inside the image."""
        there = self.footprint.inside
        return there & ~self.flags[Flag.NODATA] if Flag.NODATA in self.flags else there


def _look(
    product: Product,
    site: Site,
    sources: Sequence[BandSource],
    grids: Sequence[Grid],
    settings: SeriesSettings,
    rasters: Rasters,
) -> _Seen | None:
    """The rows of one site, None where it lies outside the product."""
    finest = min(grids, key=lambda grid: grid.pixel_width)
    pixels: dict[Grid, _Pixels] = {}
    for grid in dict.fromkeys([finest, *grids]):
        found = _pixels(product, site, grid, settings, rasters)
        if found is None:
            return None
        pixels[grid] = found
    values = [
        rasters.source(source, pixels[grid].footprint.window)
        for source, grid in zip(sources, grids, strict=True)
    ]
    pairs = zip(values, grids, strict=True)
    present = np.logical_or.reduce([np.isfinite(band) for band, grid in pairs if grid == finest])
    state = mask_state(pixels[finest], present, settings)
    rows = []
    for source, grid, band in zip(sources, grids, values, strict=True):
        numbers = _numbers(band, pixels[grid], state, settings.statistic)
        rows.append({**_describe(product, site, source), **numbers, "mask_state": state})
    return _Seen(rows, pixels[finest].footprint.note)


def _pixels(
    product: Product, site: Site, grid: Grid, settings: SeriesSettings, rasters: Rasters
) -> _Pixels | None:
    place = (site.longitude, site.latitude)
    found = footprint(grid, *place, settings.window_m, site.polygon)
    if found is None:
        return None
    wanted = policy_flags(settings.mask_policy)
    flags = read_flags(product, found.window, rasters, wanted | {Flag.NODATA})
    unmasked = UNMASKED if unmasked_note([product], settings.mask_policy) else CLEAR
    return _Pixels(found, flags, excluded(flags, wanted, found.window.shape), unmasked)


def mask_state(pixels: _Pixels, present: BoolArray, settings: SeriesSettings) -> str:
    """``clear`` (``unmasked`` where no mask tells clouds), or what most of a site's pixels are: a
    flag of the policy, ``nodata`` (no value in any band, or beyond the image's border) or
    ``outside`` (beyond the raster).
    """
    there = pixels.inside & present
    clear = int(np.count_nonzero(there & ~pixels.left_out))
    expected = max(pixels.footprint.expected, 1)
    if clear and clear / expected >= settings.clear_fraction:
        return pixels.unmasked
    site = pixels.footprint.inside
    counts = {
        str(OUTSIDE): expected - int(np.count_nonzero(site)),
        str(Flag.NODATA): int(np.count_nonzero(site & ~there)),
    }
    detailed = np.zeros(site.shape, dtype=np.bool_)
    for flag in DETAILED:
        detailed |= pixels.flags.get(flag, detailed)
    for flag in sorted(policy_flags(settings.mask_policy) - {Flag.NODATA}, key=list(Flag).index):
        where = pixels.flags.get(flag)
        if where is not None:
            # The union of clouds and shadows only counts where nothing says which of them it is.
            own = where & ~detailed if flag is Flag.CLOUD_OR_SHADOW else where
            counts[str(flag)] = int(np.count_nonzero(there & own))
    most = max(counts, key=lambda key: counts[key])
    return most if counts[most] > 0 else pixels.unmasked


def _numbers(values: FloatArray, pixels: _Pixels, state: str, statistic: str) -> dict[str, float]:
    """Value, spread and share of clear pixels of one band."""
    there = pixels.inside & np.isfinite(values)
    clear = there & ~pixels.left_out
    used = np.asarray(values[clear if state == pixels.unmasked else there], dtype=np.float64)
    level = np.median if statistic == "median" else np.mean
    return {
        "value": float(level(used)) if used.size else float("nan"),
        "std": float(used.std(ddof=1)) if used.size > 1 else float("nan"),
        "valid_fraction": int(np.count_nonzero(clear)) / max(pixels.footprint.expected, 1),
    }


def _describe(product: Product, site: Site, source: BandSource) -> dict[str, Any]:
    stated = source.wavelength_nm
    sensor = sensor_of(product)
    return {
        "site": site.name,
        "time": product.time,
        "band": source.name,
        "wavelength_nm": wavelength_of(source.name, sensor) if stated is None else stated,
        "sensor": sensor,
        "orbit": product.orbit,
        "product": product.path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1],
        "longitude": site.longitude,
        "latitude": site.latitude,
    }


def ordered(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows by site and time, products and bands in the order that they had."""
    yield from sorted(rows, key=lambda row: (row["site"], row["time"]))
