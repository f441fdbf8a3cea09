# SPDX-License-Identifier: GPL-3.0-or-later
"""From products or dated rasters and a layer of sites to the long table of time series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..at_sites import check_rows, missed_sites, readable_products
from ..errors import InputError, InsufficientDataError
from ..io.dated_rasters import StackOptions, stack_products
from ..io.products import ReaderOptions
from ..io.products.catalog import READABLE
from ..io.products.left_out import left_out_notes, left_out_table, product_notes
from ..io.products.masks import unmasked_note
from ..io.sources import split_source
from ..io.tables import read_table
from ..progress import Part, Progress, Silent
from ..sites import Site, sites_from_table
from ..table import Table
from ..types import Product
from ..wording import listed
from .extraction import SeriesRows, SeriesSettings, extract_series, ordered, series_table
from .reflectance import check_levels
from .types import CLEAR, UNMASKED

CATALOGS = (".gpkg", ".geojson", ".csv")


@dataclass(frozen=True)
class SeriesReport:
    """``table``: the long table; ``unreadable``: what was left out (path, reason); ``notes``:
    sentences worth reading. ``product_count``: products or dates that were read. Of the
    observations ``masked_count`` are masked, and ``unmasked_count`` have no mask that tells clouds.
    """

    table: Table
    unreadable: Table
    product_count: int
    masked_count: int
    notes: tuple[str, ...] = ()
    unmasked_count: int = 0


@dataclass(frozen=True)
class Source:
    """What to read: ``products`` (products, archives, folders of them, catalogs made of them), or
    ``stack`` (dated rasters and folders of them, with ``options``); one of the two is empty.
    """

    products: tuple[str, ...] = ()
    stack: tuple[str, ...] = ()
    options: StackOptions = StackOptions()


def find_source(
    source: Source, progress: Progress | None = None
) -> tuple[list[Product], list[tuple[str, str]]]:
    """The products or dates of ``source`` in order of time, and (path, reason) of what is not
    readable.

    Raises ``InputError`` where not exactly one of both kinds is given, ``ProductError`` where
    nothing at all can be read.
    """
    if bool(source.products) == bool(source.stack):
        raise InputError(
            "Give either products or a stack of dated rasters"
            + (", not both." if source.products else ".")
        )
    if source.stack:
        return stack_products(source.stack, source.options, progress), []
    return readable_products(catalog_paths(source.products), ReaderOptions(), progress)


def catalog_paths(paths: Sequence[str]) -> list[str]:
    """``paths`` with each catalog (a table with a column ``path``) replaced by its products.

    Products that the catalog calls unreadable are left out. Raises ``TableError`` where a table is
    no catalog, ``InsufficientDataError`` where it lists no readable product.
    """
    found: list[str] = []
    for path in paths:
        file, layer = split_source(path)
        if not file.lower().endswith(CATALOGS) or not Path(file).is_file():
            found.append(path)
            continue
        table = read_table(file, layer)
        kept = table.texts("path")[table.texts("status", READABLE) == READABLE].tolist()
        if not kept:
            raise InsufficientDataError(
                f"{table.name} lists no readable product. Give a catalog made by 'Catalog "
                "products', or the products themselves."
            )
        found += kept
    return list(dict.fromkeys(found))


def extract_series_files(
    source: Source,
    sites: Table,
    site_field: str,
    settings: SeriesSettings,
    progress: Progress | None = None,
) -> SeriesReport:
    """Find the products or rasters of ``source`` and extract time series at ``sites``.

    Raises ``ProductError`` where nothing can be read, ``InsufficientDataError`` where nothing
    covers a site, ``InputError`` naming the dates of a stack whose values are on another scale.
    Good products count even if others cannot be read.
    """
    progress = progress or Silent()
    places, notes = sites_from_table(sites, site_field, polygons=True)
    products, unreadable = find_source(source, Part(progress, 0.0, 0.3))
    found = extract_series(products, places, settings, Part(progress, 0.3, 1.0))
    if not found.rows:
        _require_reflectance(products)
    condition = " with the bands asked for" if settings.bands else ""
    check_rows("time series", found.rows, products, places, found.failed, condition)
    if source.stack:
        _check_scales(found)
    left_out = [*unreadable, *found.failed]
    rows = list(ordered(found.rows))
    states = {(r["site"], r["time"], r["product"]): r["mask_state"] for r in rows}
    unmasked = sum(state == UNMASKED for state in states.values())
    return SeriesReport(
        table=series_table(rows),
        unreadable=left_out_table(left_out),
        product_count=len(products) - len(found.failed),
        masked_count=sum(state not in (CLEAR, UNMASKED) for state in states.values()),
        unmasked_count=unmasked,
        notes=(
            *notes,
            *_unmasked(unmasked, len(states), products, settings),
            *_remarks(products, places, found),
            *(_gaps(products, found, settings) if source.stack else ()),
            *left_out_notes(left_out),
        ),
    )


def _check_scales(found: SeriesRows) -> None:
    """Raise ``InputError`` where the dates of a stack have different scales, or none fits."""
    levels: dict[np.datetime64, float] = {}
    for row in found.rows:
        if np.isfinite(row["value"]) and row["mask_state"] in (CLEAR, UNMASKED):
            levels[row["time"]] = max(levels.get(row["time"], 0.0), abs(row["value"]))
    times = np.array(list(levels), dtype="datetime64[ms]")
    check_levels(np.array(list(levels.values())), times, "The stack")


def _gaps(
    products: Sequence[Product], found: SeriesRows, settings: SeriesSettings
) -> Iterable[str]:
    """Sentences about the images of a stack that gave no row, or none of a band."""
    seen = {row["time"] for row in found.rows}
    failed = {path for path, _ in found.failed}
    beside = [one for one in products if one.time not in seen and one.path not in failed]
    if beside:
        yield (
            f"{len(beside)} of the {len(products)} images gave no row because no site lies on them "
            f"(or they lack the bands asked for): {_named(beside)}. Check their place and "
            "coordinate system."
        )
    names = settings.bands or tuple(dict.fromkeys(name for one in products for name in one.bands))
    for name in names:
        without = [one for one in products if name not in one.bands]
        if without:
            yield (
                f"Band {name} is missing in {len(without)} of the {len(products)} images, which "
                f"have no row of it: {_named(without)}."
            )


def _named(products: Sequence[Product]) -> str:
    return listed([f"{Path(one.path).name} ({str(one.time)[:10]})" for one in products], 5)


def _unmasked(
    count: int, observations: int, products: Sequence[Product], settings: SeriesSettings
) -> Iterable[str]:
    if count:
        yield (
            f"{count} of {observations} observations have no cloud mask: their mask_state is "
            f"'{UNMASKED}', and detections use them as if they were clear. "
            + unmasked_note(products, settings.mask_policy)
        )


def _remarks(
    products: Sequence[Product], sites: Sequence[Site], found: SeriesRows
) -> Iterable[str]:
    yield from found.notes
    yield from missed_sites(sites, {row["site"] for row in found.rows})
    if all(row["value"] != row["value"] for row in found.rows):
        yield "No observation has a value: all pixels of the sites are without data."
    yield from product_notes(products)


def _require_reflectance(products: Sequence[Product]) -> None:
    if any(product.bands for product in products):
        return
    first = products[0]
    others = [one.name for one in (first.aot, first.water_vapor) if one is not None]
    raise InsufficientDataError(
        f"None of the {len(products)} products has a reflectance band: the first, {first.path}, "
        f"holds {' and '.join(others) or 'no raster'} only. Time series are made of reflectances; "
        "'Extract AOT at sites' reads AOT and water vapor."
    )
