# SPDX-License-Identifier: GPL-3.0-or-later
"""From folders of products and a table of sites to the satellite table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..at_sites import check_rows, missed_sites, readable_products
from ..io.products import ReaderOptions
from ..io.products.left_out import left_out_notes, left_out_table, product_notes
from ..io.products.masks import unmasked_note
from ..progress import Part, Progress, Silent
from ..sites import Site, sites_from_table
from ..table import Table
from ..types import Product
from .extraction import Extraction, ExtractionSettings, extract, table_of
from .status import NO_AOT, TIME_UNKNOWN, remarks


@dataclass(frozen=True)
class ExtractionReport:
    """``table``: the satellite table; ``unreadable``: what was left out (path, reason);
    ``notes``: sentences worth reading. ``product_count``: readable products.
    """

    table: Table
    unreadable: Table
    product_count: int
    notes: tuple[str, ...] = ()


def extract_files(
    paths: Sequence[str],
    sites: Table,
    site_field: str,
    settings: ExtractionSettings,
    n2a_aot_scale: float = 0.001,
    progress: Progress | None = None,
) -> ExtractionReport:
    """Find the products in ``paths`` (products, folders, archives) and extract AOT at ``sites``.

    Raises ``ProductError`` where there is no readable product at all, or none of those that cover
    a site can be read; ``InsufficientDataError`` where none covers a site. Good products count even
    if others cannot be read.
    """
    progress = progress or Silent()
    places, notes = sites_from_table(sites, site_field)
    options = ReaderOptions(n2a_aot_scale=n2a_aot_scale)
    products, unreadable = readable_products(paths, options, Part(progress, 0.0, 0.3))
    found = extract(products, places, settings, Part(progress, 0.3, 1.0))
    check_rows("AOT", found.rows, products, places, found.failed)
    left_out = [*unreadable, *found.failed]
    return ExtractionReport(
        table=table_of(found),
        unreadable=left_out_table(left_out),
        product_count=len(products) - len(found.failed),
        notes=(*notes, *_remarks(products, places, found, settings), *left_out_notes(left_out)),
    )


def _remarks(
    products: Sequence[Product],
    sites: Sequence[Site],
    found: Extraction,
    settings: ExtractionSettings,
) -> Iterable[str]:
    blind = unmasked_note(products, settings.mask_policy)
    if blind:
        yield blind
    without = {row["product"] for row in found.rows if NO_AOT in remarks(row["status"])}
    if without:
        yield f"{len(without)} product(s) without AOT: their rows say so and have no value."
    timeless = {row["product"] for row in found.rows if TIME_UNKNOWN in remarks(row["status"])}
    if timeless:
        yield (
            f"{len(timeless)} product(s) whose time of day is unknown: their rows say so, and the "
            "comparison cannot use them."
        )
    yield from missed_sites(sites, {row["site"] for row in found.rows})
    yield from product_notes(products)
