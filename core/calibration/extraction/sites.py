# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sites to extract: shipped ones by name, type or set, or polygons of the user."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...database.sites import CalibrationSite, plain_name, shipped_sites
from ...errors import InputError
from ...io.shapes import part_near
from ...sites import altitudes_from_table, sites_from_table
from ...table import Table
from ...types import Product

# Beyond this size (degrees) a site is an area to search, of which only the part near a product is
# brought into the coordinates of the product.
_LARGE_DEG = 5.0
_NEAR_DEG = 1.0


def shipped_choice(words: Sequence[str]) -> tuple[CalibrationSite, ...]:
    """The shipped sites whose name, type ("desert") or set ("pics20") is among ``words``.

    Raises ``InputError`` for a word that is none of these.
    """
    sites = tuple(shipped_sites().values())
    found: dict[str, CalibrationSite] = {}
    for word in words:
        wanted = plain_name(word)
        matching = [
            one for one in sites
            if wanted in (plain_name(one.name), one.type, plain_name(one.group))
        ]  # fmt: skip
        if not matching:
            kinds = sorted({one.type for one in sites} | {one.group for one in sites})
            raise InputError(
                f"There is no shipped site, type or set '{word}'. Types and sets are: "
                f"{', '.join(kinds)}; sites are listed in resources/sites. Your own sites come "
                "from a layer of polygons (SITE_LAYER)."
            )
        found |= {one.name: one for one in matching}
    return tuple(found.values())


def layer_sites(table: Table, field: str) -> tuple[tuple[CalibrationSite, ...], tuple[str, ...]]:
    """The sites of a layer of polygons, with altitudes where it has a column ``altitude_m``,
    and notes; raises ``InputError`` for one without polygons, ``TableError`` and
    ``InsufficientDataError`` as ``sites_from_table``.
    """
    found, notes = sites_from_table(table, field, polygons=True)
    bare = [one.name for one in found if one.polygon is None]
    if bare:
        raise InputError(
            f"{table.name} has no polygon of the site {bare[0]}: sites need an outline, because "
            "their mean is taken over all pixels inside. Give polygons (for example by "
            "'Buffer' around points)."
        )
    altitudes = altitudes_from_table(table, field)
    return tuple(
        CalibrationSite(one.name, "", one.longitude, one.latitude, one.polygon,
                        altitudes.get(one.name, math.nan), table.name)
        for one in found
    ), notes  # fmt: skip


def near(site: CalibrationSite, product: Product) -> bytes | None:
    """The outline of a site (degrees), None where it does not touch the product's footprint; of an
    area to search only the part around the product.
    """
    if site.outline is None or not product.footprint:
        return site.outline
    return part_near(site.outline, product.footprint, _LARGE_DEG, _NEAR_DEG)


__all__ = ["layer_sites", "near", "shipped_choice"]
