# SPDX-License-Identifier: GPL-3.0-or-later
"""What the methods of AOT validation cannot say, and where they come from."""

from __future__ import annotations

from ..aot.intervals import MIN_BLOCKS
from .aot_names import quantity_name

_REFERENCE_UNCERTAINTY = {
    "aot": "about 0.01 for field instruments",
    "water_vapor": "about 10\u00a0%",
}

CAMPAIGN_LIMITS = (
    "Weighting to the AOT distribution of both campaigns removes the effect of different AOT, not "
    "that of different aerosol types or surfaces.",
    "A campaign of a few months shows one season: nothing is said about the others.",
)
_BOOTSTRAP = "Künsch 1989, bootstrap of blocks: DOI 10.1214/aos/1176347265"
_AERONET = (
    "Giles et al. 2019, AERONET Version 3 database: DOI 10.5194/amt-12-169-2019",
    "AERONET data: acknowledge the principal investigators named in the files, as AERONET's data "
    "policy asks.",
)
VALIDATION_SOURCES = (
    "Doxani et al. 2018, accuracy, precision and uncertainty (A, P, U): DOI 10.3390/rs10020352",
    "Levy et al. 2013, expected error of AOT over land: DOI 10.5194/amt-6-2989-2013",
    "Hagolle et al. 2015, AOT from time series over land: DOI 10.3390/rs70302668",
    "Wilson 1927, interval of a share: DOI 10.1080/01621459.1927.10502953",
    "Franco et al. 2019, shares of clustered samples: DOI 10.1093/jssam/smy019",
    "Hesterberg 2015, bootstrap of few blocks: DOI 10.1080/00031305.2015.1089789",
    "Sen 1968, Theil-Sen slope: DOI 10.1080/01621459.1968.10480934",
    _BOOTSTRAP,
    *_AERONET,
)
RANKING_SOURCES = (
    "Efron and Morris 1975, shrinkage of many estimates: DOI 10.1080/01621459.1975.10479864",
    _BOOTSTRAP,
    *_AERONET,
)
CAMPAIGN_SOURCES = (
    "Brown and Forsythe 1974, test of equal spread: DOI 10.1080/01621459.1974.10482955",
    "Holm 1979, correction for many tests: Scandinavian Journal of Statistics 6, 65-70",
    _BOOTSTRAP,
    *_AERONET,
)


def validation_limits(quantity: str) -> tuple[str, ...]:
    """The limits of a comparison of ``quantity`` with AERONET."""
    name = quantity_name(quantity)
    return (
        f"Only clear skies are compared, on both sides: nothing is said about {name} near clouds.",
        "One overpass hour per sensor: errors that change over the day stay unseen.",
        "Intervals come from a bootstrap of site-months (a calendar month at one site) and hold "
        "for the sites and the period compared. They are widened where site-months are few; below "
        f"{MIN_BLOCKS} there are none. What one month has in common at all sites makes them too "
        "narrow. Wilson's intervals of shares take match-ups as independent: too narrow as well.",
        f"The reference has its own uncertainty, {_REFERENCE_UNCERTAINTY[quantity]}; it is part of "
        "every difference.",
        "AERONET sites often lie in cities or mountains: a difference also holds what the air "
        "above the site and the mean over the satellite window do not have in common.",
        "AERONET may have been used to tune the satellite processor; the comparison is then not "
        "fully independent.",
        f"A bias that changes with {name} is not described by one number: read it per bin.",
    )
