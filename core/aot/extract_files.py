# SPDX-License-Identifier: GPL-3.0-or-later
"""From folders of products and a table of sites to the satellite table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..errors import InsufficientDataError, ProductError
from ..io.products import ReaderOptions, check_found, find_products
from ..progress import Part, Progress, Silent
from ..table import Table, from_rows
from ..types import Product
from .extraction import Extraction, ExtractionSettings, extract, table_of
from .sites import Site, sites_from_table
from .status import NO_AOT, TIME_UNKNOWN, remarks

SHOWN = 10


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
    products, unreadable = find_products(paths, Part(progress, 0.0, 0.3), options)
    check_found(paths, products, unreadable)
    if not products:
        raise ProductError(_nothing_readable(unreadable))
    found = extract(products, places, settings, Part(progress, 0.3, 1.0))
    left_out = [*unreadable, *found.failed]
    if not found.rows and found.failed:
        raise ProductError(_no_rows(products, found))
    if not found.rows:
        raise InsufficientDataError(_nowhere(products, places))
    return ExtractionReport(
        table=table_of(found),
        unreadable=_left_out(left_out),
        product_count=len(products) - len(found.failed),
        notes=(*notes, *_remarks(products, places, found), *_shown(left_out)),
    )


def _left_out(unreadable: Iterable[tuple[str, str]]) -> Table:
    rows = [{"path": path, "reason": reason} for path, reason in unreadable]
    return from_rows(rows, {"path": "text", "reason": "text"}, "unreadable products")


def _remarks(
    products: Sequence[Product], sites: Sequence[Site], found: Extraction
) -> Iterable[str]:
    without = {row["product"] for row in found.rows if NO_AOT in remarks(row["status"])}
    if without:
        yield f"{len(without)} product(s) without AOT: their rows say so and have no value."
    timeless = {row["product"] for row in found.rows if TIME_UNKNOWN in remarks(row["status"])}
    if timeless:
        yield (
            f"{len(timeless)} product(s) whose time of day is unknown: their rows say so, and the "
            "comparison cannot use them."
        )
    covered = {row["site"] for row in found.rows}
    missed = [site.name for site in sites if site.name not in covered]
    if missed:
        yield f"No product covers {len(missed)} site(s): {_listed(missed)}."
    for note, count in Counter(note for product in products for note in product.notes).items():
        yield f"{note} ({count} product(s))" if count > 1 else note


def _shown(unreadable: Sequence[tuple[str, str]]) -> Iterable[str]:
    for path, reason in unreadable[:SHOWN]:
        yield f"Left out: {path}: {reason}"
    if len(unreadable) > SHOWN:
        yield f"Left out: {len(unreadable) - SHOWN} more."


def _nothing_readable(unreadable: Sequence[tuple[str, str]]) -> str:
    path, reason = unreadable[0]
    return (
        f"Nothing of what was found can be read ({len(unreadable)} in all). The first, {path}: "
        f"{reason} 'Catalog products' lists all of them with their reasons."
    )


def _no_rows(products: Sequence[Product], found: Extraction) -> str:
    path, reason = found.failed[0]
    rest = len(products) - len(found.failed)
    others = f" The other {rest} cover no site." if rest else ""
    return (
        f"No AOT was extracted: the pixels of {len(found.failed)} of {len(products)} product(s) "
        f"cannot be read. The first, {path}: {reason}{others}"
    )


def _nowhere(products: Sequence[Product], sites: Sequence[Site]) -> str:
    first, site = products[0], sites[0]
    return (
        f"None of the {len(products)} products covers any of the {len(sites)} sites. Check that "
        f"both belong together: the first product is {first.site} ({first.path}), the first site "
        f"{site.name} at {site.longitude:.3f}, {site.latitude:.3f} degrees (longitude, latitude)."
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")
