# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of observations of two sensors that saw a site under nearly the same geometry.

A stable site looks the same on another day under the same directions, so the two need not be
simultaneous (Lacherade et al. 2013, IEEE TGRS 51(3), doi:10.1109/TGRS.2012.2227061). Reciprocal
geometries, with sun and sensor exchanged, may count as equal over sand, never over snow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..types import AnyArray, FloatArray, TimeArray
from .geometry import phase_cosine, relative_azimuth_deg
from .pairs import Geometry, Limits, Metric, Pairing, Pairs

__all__ = ["Geometry", "Limits", "Metric", "Pairing", "Pairs", "geometry", "match"]

_DAY = np.timedelta64(1, "D")
_CHUNK = 2_000  # reference observations that are searched for at a time: bounds the memory
_AT_ONCE = 1_000_000  # candidates that are looked at together
_SAMPLE = 200  # reference observations that tell how many candidates there are


def geometry(
    time: TimeArray,
    sun_zenith: FloatArray,
    sun_azimuth: FloatArray,
    view_zenith: FloatArray,
    view_azimuth: FloatArray,
) -> Geometry:
    """The geometry of observations from their angles (degrees), the azimuth folded to 0 ... 180."""
    relative = relative_azimuth_deg(sun_azimuth, view_azimuth)
    # At the nadir or under an overhead sun the azimuth has no meaning and is often left empty.
    plumb = ~np.isfinite(relative) & ((view_zenith == 0.0) | (sun_zenith == 0.0))
    return Geometry(time, sun_zenith, view_zenith, np.where(plumb, 0.0, relative))


def match(target: Geometry, reference: Geometry, limits: Limits) -> Pairs:
    """The pairs within ``limits``, chosen by its ``pairing``; observations whose angles or time are
    unknown have none.
    """
    rows = _usable(target, limits), _usable(reference, limits)
    taken = [_Candidates.none()]
    for distance in _distances(target, reference, rows, limits):
        near = replace(limits, distance_deg=distance)
        found = _chosen(_within(target, reference, rows, near), limits.pairing)
        taken.append(found)
        rows = _free(rows, found, limits.pairing)
    return _described(_joined(taken), target, reference)


_Rows = tuple[AnyArray, AnyArray]  # of target and reference


def _within(target: Geometry, reference: Geometry, rows: _Rows, limits: Limits) -> _Candidates:
    """The candidates among some rows of both, searched for a portion of references at a time."""
    from scipy.spatial import cKDTree

    of_target, of_reference = rows
    mine = target.select(of_target)
    tree = cKDTree(_coordinates(mine, limits))
    found = [_Candidates.none()]
    for start in range(0, len(of_reference), _CHUNK):
        some = of_reference[start : start + _CHUNK]
        part = _search(tree, mine, reference.select(some), limits)
        found.append(part.named(of_target, some).ordered(limits.pairing))
    return _joined(found)


def _distances(
    target: Geometry, reference: Geometry, rows: _Rows, limits: Limits
) -> tuple[float, ...]:
    """Growing distances to look within, the last one that of the ``limits``.

    What is chosen goes from the closest pairs on: those within a small distance can be settled
    first, and only who is left over looks farther. Without a narrow time window there may be a
    billion pairs within the limits, of which nearly all would be thrown away.
    """
    expected = _expected(target, reference, rows, limits)
    if limits.pairing is Pairing.ALL or expected <= _AT_ONCE:
        return (limits.distance_deg,)
    # Three angles: the number of pairs goes with the third power of the distance.
    first = limits.distance_deg * (_AT_ONCE / expected) ** (1.0 / 3.0)
    steps = int(np.ceil(np.log2(limits.distance_deg / first)))
    return tuple(limits.distance_deg / 2.0**step for step in range(steps, -1, -1))


def _expected(target: Geometry, reference: Geometry, rows: _Rows, limits: Limits) -> float:
    """About how many candidates there are, from a sample of the references."""
    from scipy.spatial import cKDTree

    of_target, of_reference = rows
    if len(of_target) * len(of_reference) <= _AT_ONCE:
        return 0.0
    step = max(len(of_reference) // _SAMPLE, 1)
    some = reference.select(of_reference[::step])
    tree = cKDTree(_coordinates(target.select(of_target), limits))
    count = tree.query_ball_point(
        _coordinates(some, limits), 1.0, p=np.inf, return_length=True
    ).sum()  # fmt: skip
    return float(count) * step * (2.0 if limits.reciprocity else 1.0)


def _free(rows: _Rows, found: _Candidates, pairing: Pairing) -> _Rows:
    """The rows that may still be chosen after those of ``found``."""
    target, reference = rows
    if pairing in (Pairing.ONE_TO_ONE, Pairing.BEST_PER_TARGET):
        target = target[~np.isin(target, found.target)]
    if pairing in (Pairing.ONE_TO_ONE, Pairing.BEST_PER_REFERENCE):
        reference = reference[~np.isin(reference, found.reference)]
    return target, reference


@dataclass(frozen=True)
class _Candidates:
    """Pairs within the limits: rows of target and reference, distance, and whether exchanged."""

    target: AnyArray
    reference: AnyArray
    distance: FloatArray
    reciprocal: AnyArray

    @classmethod
    def none(cls) -> _Candidates:
        nobody = np.empty(0, dtype=np.int64)
        return cls(nobody, nobody, np.empty(0), np.empty(0, dtype=np.bool_))

    def select(self, rows: AnyArray) -> _Candidates:
        return _Candidates(
            self.target[rows], self.reference[rows], self.distance[rows], self.reciprocal[rows]
        )

    def named(self, targets: AnyArray, references: AnyArray) -> _Candidates:
        """With the row numbers of the whole tables."""
        return _Candidates(
            targets[self.target], references[self.reference], self.distance, self.reciprocal
        )

    def ordered(self, pairing: Pairing) -> _Candidates:
        """From the closest on; only those that can still be chosen."""
        nearest = self.select(np.lexsort((self.reference, self.target, self.distance)))
        if pairing is Pairing.BEST_PER_REFERENCE:
            return nearest.select(_first(nearest.reference))
        if pairing is Pairing.BEST_PER_TARGET:
            return nearest.select(_first(nearest.target))
        return nearest


def _joined(parts: list[_Candidates]) -> _Candidates:
    return _Candidates(
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.reference for part in parts]),
        np.concatenate([part.distance for part in parts]),
        np.concatenate([part.reciprocal for part in parts]),
    )


def _usable(geometry: Geometry, limits: Limits) -> AnyArray:
    angles = np.stack([geometry.sun_zenith, geometry.view_zenith])
    known = np.isfinite(angles).all(axis=0) & np.isfinite(geometry.relative_azimuth)
    known &= ~np.isnat(geometry.time)
    return np.flatnonzero(known & (np.nan_to_num(angles).max(axis=0) <= limits.max_zenith_deg))


def _coordinates(geometry: Geometry, limits: Limits) -> FloatArray:
    """Coordinates (n, d) in which the pairs within the limits are less than 1 apart on each axis
    (others may be too).
    """
    if limits.metric is Metric.AMC:
        angles = [geometry.sun_zenith, geometry.view_zenith, geometry.relative_azimuth / 2.0]
        axes = [angle / limits.distance_deg for angle in angles]
    else:
        zenith, azimuth = np.radians(geometry.view_zenith), np.radians(geometry.relative_azimuth)
        chord = 2.0 * np.sin(np.radians(limits.distance_deg) / 2.0)
        east, north = np.sin(zenith) * np.sin(azimuth), np.sin(zenith) * np.cos(azimuth)
        axes = [geometry.sun_zenith / limits.distance_deg, east / chord, north / chord]
    if limits.days is not None:
        days = (geometry.time - np.datetime64("2000-01-01")) / _DAY
        axes.append(days / limits.days)
    coordinates: FloatArray = np.stack(axes, axis=1)
    return coordinates


def _distance(one: Geometry, other: Geometry, metric: Metric) -> FloatArray:
    """How far the geometries are apart, row by row (degrees)."""
    sun = one.sun_zenith - other.sun_zenith
    turn = one.relative_azimuth - other.relative_azimuth
    if metric is Metric.AMC:
        view = one.view_zenith - other.view_zenith
        return np.asarray(np.sqrt(sun**2 + view**2 + turn**2 / 4.0), dtype=np.float64)
    views = np.degrees(np.arccos(phase_cosine(one.view_zenith, other.view_zenith, turn)))
    return np.asarray(np.abs(sun) + views, dtype=np.float64)


def _search(tree: Any, target: Geometry, reference: Geometry, limits: Limits) -> _Candidates:
    """All pairs of some reference observations within the limits; the better of the two senses."""
    from scipy.spatial import cKDTree

    senses = [(reference, False)] + [(reference.swapped, True)] * limits.reciprocity
    found = []
    for sense, reciprocal in senses:
        # Exchanged or not, the time is the same.
        near = cKDTree(_coordinates(sense, limits)).sparse_distance_matrix(
            tree, 1.0, p=np.inf, output_type="ndarray"
        )
        i, j = near["j"], near["i"]
        apart = _distance(target.select(i), sense.select(j), limits.metric)
        close = apart < limits.distance_deg
        close &= np.abs(target.sun_zenith[i] - sense.sun_zenith[j]) <= limits.sun_deg
        found.append(
            _Candidates(i[close], j[close], apart[close], np.full(close.sum(), reciprocal))
        )
    both = _joined(found)
    if len(found) == 1:
        return both
    order = np.lexsort((both.reciprocal, both.distance, both.reference, both.target))
    both = both.select(order)
    again = (np.diff(both.target) == 0) & (np.diff(both.reference) == 0)
    return both.select(np.concatenate([[True], ~again])[: len(order)])


def _first(numbers: AnyArray) -> AnyArray:
    """Where each number stands first."""
    if not len(numbers):
        return np.empty(0, dtype=np.int64)
    place = np.full(int(numbers.max()) + 1, -1)
    place[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return np.sort(place[place >= 0])


def _chosen(candidates: _Candidates, pairing: Pairing) -> _Candidates:
    """The pairs that are used, of candidates from several searches."""
    if pairing is Pairing.ALL or not len(candidates.target):
        return candidates
    ordered = candidates.ordered(pairing)
    if pairing is not Pairing.ONE_TO_ONE:
        return ordered
    taken = []
    while len(ordered.target):
        # Those that are the closest for both sides are what taking them one by one would give.
        mutual = np.intersect1d(_first(ordered.target), _first(ordered.reference))
        taken.append(ordered.select(mutual))
        free = ~np.isin(ordered.target, taken[-1].target)
        free &= ~np.isin(ordered.reference, taken[-1].reference)
        ordered = ordered.select(free)
    return _joined(taken)


def _described(chosen: _Candidates, target: Geometry, reference: Geometry) -> Pairs:
    order = np.lexsort((reference.time[chosen.reference], target.time[chosen.target]))
    chosen = chosen.select(order)
    one, other = target.select(chosen.target), reference.select(chosen.reference)
    swap = chosen.reciprocal
    return Pairs(
        chosen.target,
        chosen.reference,
        one.sun_zenith - np.where(swap, other.view_zenith, other.sun_zenith),
        one.view_zenith - np.where(swap, other.sun_zenith, other.view_zenith),
        one.relative_azimuth - other.relative_azimuth,
        chosen.distance,
        swap,
        (one.time - other.time) / _DAY,
    )
