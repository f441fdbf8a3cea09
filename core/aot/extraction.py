# SPDX-License-Identifier: GPL-3.0-or-later
"""AOT around sites, out of L2A products: one row per product, site and window.

Only the pixels of the largest window are read, once; the smaller windows are cut out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..io.grids import Frame, frame_around
from ..io.products.masks import clouds_known
from ..io.products.reader import NO_TIME_OF_DAY
from ..io.raster_values import missing_values
from ..io.rasters import Rasters, Window
from ..io.tables import points
from ..names import split_list
from ..progress import Part, Progress, Silent, each
from ..sites import Site
from ..table import Table, from_rows
from ..types import BandSource, Product
from .pixels import read_pixels
from .status import CLOUDS_UNKNOWN, DEFAULT_AOT, NO_AOT, NO_PIXEL, TIME_UNKNOWN, joined
from .window import Scaling, WindowStatistics, summarize_window

# Processors that write one constant where they find no dark vegetation.
CONSTANT_READERS = ("safe", "sen2cor")

FIELDS = {
    "site": "text",
    "time": "time",
    "window_m": "float",
    "aot_mean": "float",
    "aot_median": "float",
    "aot_std": "float",
    "aot_gradient": "float",
    "valid_fraction": "float",
    "cloud_fraction": "float",
    "gapfilled_fraction": "float",
    "saturated_count": "int",
    "zero_count": "int",
    "water_vapor_mean_cm": "float",
    "sensor": "text",
    "campaign": "text",
    "product": "text",
    "pixel_elevation_m": "float",
    "datatake": "text",
    "status": "text",
    "longitude": "float",
    "latitude": "float",
}


@dataclass(frozen=True)
class ExtractionSettings:
    """``windows_m``: full widths of square windows centered on the site. ``mask_policy``: a key of
    ``masks.POLICIES``. ``elevation``: a raster of terrain heights in m, or "".
    """

    windows_m: tuple[float, ...] = (1000.0, 5000.0, 20000.0)
    mask_policy: str = "clouds"
    elevation: str = ""


@dataclass(frozen=True)
class Extraction:
    """``rows`` as dictionaries with the columns of the satellite table; ``outside`` counts the
    pairs of product and site that do not meet; ``failed``: (product, why) where reading failed.
    """

    rows: tuple[dict[str, Any], ...]
    outside: int = 0
    failed: tuple[tuple[str, str], ...] = ()


def table_of(extraction: Extraction, name: str = "satellite AOT") -> Table:
    """The satellite table of an extraction, one point per row at the site."""
    table = from_rows(extraction.rows, FIELDS, name)
    geometry = points(table["longitude"], table["latitude"])
    columns = {key: table[key] for key in FIELDS if key not in ("longitude", "latitude")}
    return Table(columns, name, geometry)


def parse_windows(text: str) -> tuple[float, ...]:
    """Window widths in meters from text such as ``"1000,5000,20000"``, ascending and distinct.

    Raises ``InputError`` for anything that is not a list of numbers between 1 m and 200 km.
    """
    try:
        widths = sorted(set(map(float, split_list(text))))
    except ValueError as error:
        raise InputError(
            f"'{text}' is not a list of window widths. Give meters separated by commas, for "
            "example 1000,5000,20000."
        ) from error
    if not widths or widths[0] < 1.0 or widths[-1] > 200_000.0 or not np.isfinite(widths).all():
        raise InputError(f"Window widths have to lie between 1 and 200000 m, not '{text}'.")
    return tuple(widths)


def extract(
    products: Sequence[Product],
    sites: Sequence[Site],
    settings: ExtractionSettings,
    progress: Progress | None = None,
) -> Extraction:
    """Extract from all ``products``; one that turns out to be unreadable is listed, not fatal.

    Progress and cancellation are told and heard at every site of every product.
    """
    progress = progress or Silent()
    rows: list[dict[str, Any]] = []
    failed: list[tuple[str, str]] = []
    outside = 0
    with Rasters() as heights:
        for index, product in enumerate(products):
            share = Part(progress, index / len(products), (index + 1) / len(products))
            try:
                part = extract_product(product, sites, settings, heights, share)
            except InputError as error:
                failed.append((product.path, str(error)))
                continue
            rows.extend(part.rows)
            outside += part.outside
    progress.report(1.0)
    return Extraction(tuple(rows), outside, tuple(failed))


def extract_product(
    product: Product,
    sites: Sequence[Site],
    settings: ExtractionSettings,
    heights: Rasters | None = None,
    progress: Progress | None = None,
) -> Extraction:
    """The rows of one product: one per site on it and window.

    A site outside the product gives no row. Raises ``ProductError`` where a raster cannot be read.
    """
    rows: list[dict[str, Any]] = []
    outside = 0
    with Rasters() as rasters:
        for site in each(sites, progress or Silent(), "Extracting AOT"):
            found = _extract_site(product, site, settings, rasters)
            outside += not found
            for width, row in found:
                height = _height(settings.elevation, site, width, heights or rasters)
                described = _describe(product, site)
                numbers = {"window_m": width, "pixel_elevation_m": height}
                rows.append({**described, **numbers, **row, "status": _status(product, row)})
    return Extraction(tuple(rows), outside)


def _extract_site(
    product: Product, site: Site, settings: ExtractionSettings, rasters: Rasters
) -> list[tuple[float, dict[str, Any]]]:
    """(window width, statistics and what is odd) of one site; empty where it lies outside."""
    widths = settings.windows_m
    if product.aot is None:
        there = _in_ring(site, product.footprint)
        return [(width, {"status": NO_AOT}) for width in widths] if there else []
    aot = product.aot
    grid = rasters.grid(aot.uri)
    if not grid.contains(site.longitude, site.latitude):
        return []
    window = rasters.window(
        aot.uri, aot.band, site.longitude, site.latitude, max(widths) / 2.0, "square"
    )
    if window is None:
        return []
    pixels = read_pixels(product, window, settings.mask_policy, rasters)
    meters = _pixel_m(window)
    found = []
    for width in widths:
        frame = frame_around(grid, site.longitude, site.latitude, width / 2.0)
        if frame is None:
            continue
        part = pixels.cut(*_within(window, frame))
        statistics = summarize_window(part, frame.expected, meters, _scaling(aot), _vapor(product))
        found.append((width, statistics))
    constant = _constant(product, found[-1][1])
    return [(width, _row(statistics, constant)) for width, statistics in found]


def _scaling(source: BandSource) -> Scaling:
    return Scaling(source.scale, source.offset, source.saturation)


def _vapor(product: Product) -> Scaling | None:
    return None if product.water_vapor is None else _scaling(product.water_vapor)


def _pixel_m(window: Window) -> float:
    """The pixel size in meters: the step of the distances from the site along the rows."""
    steps = np.abs(np.diff(window.column_distance_m))
    return float(steps.max()) if len(steps) > 1 else window.pixel_width


def _within(window: Window, frame: Frame) -> tuple[slice, slice]:
    """Rows and columns of ``window`` that a smaller frame around the same place covers."""
    row, column = frame.row_off - window.row_off, frame.column_off - window.column_off
    return (
        slice(row, row + len(frame.row_distance_m)),
        slice(column, column + len(frame.column_distance_m)),
    )


def _constant(product: Product, largest: WindowStatistics) -> bool:
    return product.reader.startswith(CONSTANT_READERS) and largest.aot_std == 0.0


def _row(statistics: WindowStatistics, constant: bool) -> dict[str, Any]:
    status = ""
    if np.isnan(statistics.aot_mean):
        status = NO_PIXEL
    elif constant:
        status = DEFAULT_AOT
    return {**vars(statistics), "status": status}


def _status(product: Product, row: dict[str, Any]) -> str:
    """The remark of a row, joined with those of the product's masks and time."""
    blind = product.aot is not None and not clouds_known(product)
    timeless = NO_TIME_OF_DAY in product.notes
    return joined(row["status"], CLOUDS_UNKNOWN if blind else "", TIME_UNKNOWN if timeless else "")


def _describe(product: Product, site: Site) -> dict[str, Any]:
    name = product.path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return {
        "site": site.name,
        "time": product.time,
        "sensor": product.sensor,
        "campaign": product.campaign,
        "product": name,
        "datatake": product.datatake,
        "longitude": site.longitude,
        "latitude": site.latitude,
    }


def _height(uri: str, site: Site, width: float, rasters: Rasters) -> float:
    """Mean terrain height (m) of the window; NaN without a raster or where it has no value."""
    if not uri:
        return float("nan")
    window = rasters.window(uri, 1, site.longitude, site.latitude, width / 2.0)
    if window is None:
        return float("nan")
    nodata = rasters.dataset(uri).GetRasterBand(1).GetNoDataValue()
    source = BandSource("elevation", uri, nodata=nodata)
    values = window.values[~missing_values(window.values, source)]
    return float(values.mean(dtype=np.float64)) if values.size else float("nan")


def _in_ring(site: Site, ring: Sequence[tuple[float, float]]) -> bool:
    """Whether a site lies within a closed ring of (longitude, latitude); ray casting."""
    inside = False
    for (x0, y0), (x1, y1) in zip(ring[:-1], ring[1:], strict=True):
        if (y0 > site.latitude) != (y1 > site.latitude):
            crossing = x0 + (site.latitude - y0) / (y1 - y0) * (x1 - x0)
            inside ^= site.longitude < crossing
    return inside
