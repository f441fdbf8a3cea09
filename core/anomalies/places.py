# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sites lie in one place, and how many independent votes they are worth.

Parcels of one image share its weather, its aerosol and the errors of its correction: two of them
that are off on one date prove nothing about the sensor. Sites that were seen in the same product,
or that are nearer than a given distance, make one place, which has one vote: its smallest p-value,
corrected for the effective number of its sites (Galwey 2009, 10.1002/gepi.20408), from 1, where all
say the same, to their number, where each speaks for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..dependencies import require
from ..series.types import TimeSeries
from ..types import FloatArray
from .detect import Detection

NEAR_KM = 100.0  # about the side of a tile of Sentinel-2
_EARTH_KM = 6371.0
_FEWEST_DATES = 12  # that two sites need in common to tell how alike they are


@dataclass(frozen=True)
class Place:
    """One place: the indices of its ``sites``, and how many independent ones they are worth."""

    sites: tuple[int, ...]
    effective: float


def find_places(
    series: Sequence[TimeSeries], detections: Sequence[Detection], near_km: float = NEAR_KM
) -> list[Place]:
    """The places of all sites, in the order of their first site.

    Neighbors of neighbors belong to the same place. Sites without coordinates are told apart by
    their products only; ``near_km`` 0 goes by products alone.
    """
    owner = np.arange(len(series))
    first: dict[tuple[str, str], int] = {}
    for site, one in enumerate(series):
        alike = {first.setdefault(product, site) for product in _single_products(one)}
        alike |= set(np.flatnonzero(_distances_km(one, series[:site]) < near_km).tolist())
        for other in alike:
            owner[owner == owner[site]] = owner[other]
    groups = {tuple(np.flatnonzero(owner == name).tolist()) for name in owner}
    return [
        Place(sites, _effective([detections[site] for site in sites])) for sites in sorted(groups)
    ]


def votes(p_values: FloatArray, places: Sequence[Place]) -> FloatArray:
    """p-values (places, c) of the places, from those of the sites (sites, c); NaN where none of its
    sites was tested.
    """
    table = np.full((len(places), p_values.shape[1]), np.nan)
    for row, place in enumerate(places):
        own = p_values[list(place.sites)]
        tested = np.isfinite(own)
        count = tested.sum(axis=0)
        least = np.where(tested, own, np.inf).min(axis=0, initial=np.inf)
        # Where some were not tested, the others are worth their share.
        worth = np.maximum(1.0, place.effective * count / len(place.sites))
        seen = count > 0
        safe = np.minimum(least[seen], 1.0 - 1e-16)
        table[row, seen] = -np.expm1(worth[seen] * np.log1p(-safe))
    return table


def _single_products(series: TimeSeries) -> set[tuple[str, str]]:
    """Products with their day, of those that are of one day: a word that all dates have (the name
    of a collection) tells nothing.
    """
    days = series.times.astype("datetime64[D]").astype(str)
    seen: dict[str, set[str]] = {}
    for name, day in zip(series.product.astype(str), days, strict=True):
        seen.setdefault(name, set()).add(str(day))
    return {(name, min(own)) for name, own in seen.items() if name and len(own) == 1}


def _distances_km(one: TimeSeries, others: Sequence[TimeSeries]) -> FloatArray:
    """Along the great circle (m,); NaN where a place is unknown."""
    east, north = np.deg2rad([one.longitude, one.latitude])
    there = np.deg2rad([[other.longitude, other.latitude] for other in others]).reshape(-1, 2)
    half = np.sin((there[:, 1] - north) / 2.0) ** 2
    half += np.cos(north) * np.cos(there[:, 1]) * np.sin((there[:, 0] - east) / 2.0) ** 2
    return np.asarray(2.0 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, half))))


def _effective(detections: Sequence[Detection]) -> float:
    """(sum of the roots)^2 / sum of the eigenvalues of the correlation of the normal deviates that
    belong to the p-values of common dates (UTC days); sites with few such dates are taken as
    independent.
    """
    if len(detections) == 1:
        return 1.0
    found = [_deviates(one) for one in detections]
    days = {day: place for place, day in enumerate(sorted(set().union(*found)))}
    table = np.full((len(found), len(days)), np.nan)
    for row, own in enumerate(found):
        table[row, [days[day] for day in own]] = list(own.values())
    values = np.maximum(np.linalg.eigvalsh(_correlation(table)), 0.0)
    return float(np.sqrt(values).sum() ** 2 / values.sum())


def _correlation(table: FloatArray) -> FloatArray:
    """Correlation (sites, sites) of the rows of ``table`` (sites, days) on the days that two of
    them have; 0 where these are few.
    """
    known = np.isfinite(table)
    z, both = np.where(known, table, 0.0), known.astype(np.float64)
    count = both @ both.T
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = z @ both.T / count  # of the row, on the days that the column has too
        mixed = z @ z.T / count - mean * mean.T
        power = (z * z) @ both.T / count - mean**2
        found = mixed / np.sqrt(power * power.T)
    matrix = np.where((count >= _FEWEST_DATES) & np.isfinite(found), found, 0.0)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def _deviates(detection: Detection) -> dict[str, float]:
    """Normal deviates of the tested dates, by day; of two on a day the larger one."""
    special = require("scipy.special")
    rows = detection.tested & np.isfinite(detection.p_value)
    values = -special.ndtri(np.clip(detection.p_value[rows], 1e-6, 1.0 - 1e-6))
    days = detection.times[rows].astype("datetime64[D]").astype(str)
    found: dict[str, float] = {}
    for day, value in zip(days, values, strict=True):
        found[str(day)] = max(float(value), found.get(str(day), -np.inf))
    return found
