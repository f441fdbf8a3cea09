# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sites a method may take, by the type that the database states of them.

Sand and snow have nothing in common that a mean over both would tell, and the atmosphere of one is
wrong over the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from ..errors import InputError
from ..wording import listed

_NAMED = 8  # sites that a sentence names


class SiteKind(StrEnum):
    """What a method calibrates over; ``ANY``: it does not matter."""

    ANY = "any"
    DESERT = "desert"
    SNOW = "snow"
    CLOUD = "cloud"


# The Antarctic atmosphere is too thin for anywhere else: a site has to be known as snow.
_TYPES = {
    SiteKind.DESERT: frozenset({"", "desert", "playa"}),
    SiteKind.SNOW: frozenset({"snow", "ice"}),
    SiteKind.CLOUD: frozenset({"", "cloud"}),
}


def fits(kind: SiteKind, site_type: str) -> bool:
    """Whether a site of that type ("": not known) is taken by default."""
    return kind is SiteKind.ANY or _plain(site_type) in _TYPES[kind]


def left_out(kind: SiteKind, sites: Iterable[str], types: Mapping[str, str]) -> tuple[str, ...]:
    """Those of the ``sites`` that are not taken by default, sorted; ``types``: by site."""
    return tuple(sorted({one for one in sites if not fits(kind, types.get(one, ""))}))


def left_out_note(kind: SiteKind, sites: Iterable[str], types: Mapping[str, str]) -> str:
    """A sentence about sites that were left out because nobody asked for them by name."""
    return (
        f"Left out, being no {kind.value} sites: {described(sites, types)}. To take one, name it "
        "(SITES)."
    )


def contradiction(kind: SiteKind, sites: Iterable[str], types: Mapping[str, str]) -> str:
    """A sentence about sites that were asked for by name although their type is another one, ""
    where there is none. Raises ``InputError`` for such a site where the method is for snow: its
    atmosphere and its pairs would be wrong.
    """
    wrong = [one for one in left_out(kind, sites, types) if _plain(types.get(one, ""))]
    if not wrong:
        return ""
    named = described(wrong, types)
    if kind is SiteKind.SNOW:
        raise InputError(
            f"SITES holds {named}: over such a site the thin, clean air of the Antarctic plateau "
            "is wrong. Leave it out, or calibrate over deserts; where the type is wrong, correct "
            "it in the table 'sites' of the database."
        )
    return (
        f"SITES holds {named}: the method is for {kind.value} sites, and its assumptions of air "
        "and directions may be wrong there."
    )


def mixed_note(sites: Iterable[str], types: Mapping[str, str]) -> str:
    """A sentence where the ``sites`` are of several known kinds, "" where they are not."""
    there = sorted(set(sites))
    kinds = {
        next((kind for kind in _TYPES if _plain(types[one]) in _TYPES[kind]), types[one])
        for one in there if _plain(types.get(one, ""))
    }  # fmt: skip
    if len(kinds) < 2:
        return ""
    return (
        f"Sites of different types are pooled: {described(there, types)}. Their mean is that of no "
        "site: calibrate over each type for itself."
    )


def described(sites: Iterable[str], types: Mapping[str, str]) -> str:
    """Names with types, such as "DomeC (snow), Libya4 (desert)", the first few."""
    names = sorted(set(sites))
    return listed([f"{one} ({types.get(one) or 'type unknown'})" for one in names], _NAMED)


def _plain(site_type: str) -> str:
    return site_type.strip().lower()
