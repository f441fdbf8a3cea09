# SPDX-License-Identifier: GPL-3.0-or-later
"""What every extraction at sites has in common: the products it reads, and what it says of products
and sites that give nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from .errors import InsufficientDataError, ProductError
from .io.products import ReaderOptions, check_found, find_products
from .io.products.left_out import listed, nothing_readable
from .progress import Progress
from .sites import Site
from .types import Product

Failed = Sequence[tuple[str, str]]


def readable_products(
    paths: Sequence[str], options: ReaderOptions, progress: Progress | None = None
) -> tuple[list[Product], list[tuple[str, str]]]:
    """The products at and below ``paths``, and (path, reason) of what cannot be read.

    Raises ``ProductError`` where nothing is found, or nothing of it can be read.
    """
    products, unreadable = find_products(paths, progress, options)
    check_found(paths, products, unreadable)
    if not products:
        raise ProductError(nothing_readable(unreadable))
    return products, unreadable


def check_rows(
    what: str,
    rows: Sequence[object],
    products: Sequence[Product],
    sites: Sequence[Site],
    failed: Failed,
    condition: str = "",
) -> None:
    """Raise where an extraction of ``what`` gave no ``rows``: ``ProductError`` where ``failed``
    (path, reason) of ``products`` have pixels that cannot be read, ``InsufficientDataError`` where
    none covers one of ``sites``. ``condition``: what else a product has to have, to end "covers any
    of the sites".
    """
    if rows:
        return
    if not failed:
        raise InsufficientDataError(_nowhere(products, sites, condition))
    path, reason = failed[0]
    rest = len(products) - len(failed)
    others = f" The other {rest} cover no site." if rest else ""
    raise ProductError(
        f"No {what} was extracted: the pixels of {len(failed)} of {len(products)} product(s) "
        f"cannot be read. The first, {path}: {reason}{others}"
    )


def _nowhere(products: Sequence[Product], sites: Sequence[Site], condition: str) -> str:
    first, site = products[0], sites[0]
    name = f"{first.site} ({first.path})" if first.site else first.path
    return (
        f"None of the {len(products)} products covers any of the {len(sites)} sites{condition}. "
        f"Check that both belong together: the first product is {name}, the first site "
        f"{site.name} at {site.longitude:.3f}, {site.latitude:.3f} degrees (longitude, latitude)."
    )


def missed_sites(sites: Iterable[Site], covered: Collection[str]) -> Iterable[str]:
    """A sentence about the sites whose names are not among the ``covered`` ones, if there are."""
    missed = [site.name for site in sites if site.name not in covered]
    if missed:
        yield f"No product covers {len(missed)} site(s): {listed(missed)}."
