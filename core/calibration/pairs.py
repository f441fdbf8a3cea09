# SPDX-License-Identifier: GPL-3.0-or-later
"""What pairs of observations are: their geometries, the limits, and how the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np

from ..errors import InputError
from ..types import AnyArray, FloatArray, TimeArray


class Metric(StrEnum):
    """How far two geometries are apart (degrees).

    ``AMC``: sqrt(dSZA2 + dVZA2 + dRAA2/4), the angular matching criterion of Bouvet (2006).
    ``DIRECTIONS``: the angle between the two directions toward the sun plus that between the two
    toward the sensor, which does not overrate the azimuth near the nadir.
    """

    AMC = "amc"
    DIRECTIONS = "directions"


class Pairing(StrEnum):
    """Which of the pairs within the limits are used.

    ``ONE_TO_ONE``: the closest pair first, then the closest of the observations left; pairs share
    no observation. ``BEST_PER_REFERENCE`` and ``BEST_PER_TARGET``: the closest partner of each, who
    may serve several times. ``ALL``: every pair.
    """

    ONE_TO_ONE = "one_to_one"
    BEST_PER_REFERENCE = "best_per_reference"
    BEST_PER_TARGET = "best_per_target"
    ALL = "all"


@dataclass(frozen=True)
class Limits:
    """What a pair may differ in: ``distance_deg`` by ``metric``, the sun zenith by ``sun_deg``;
    ``days`` (None: any); at most ``max_zenith_deg`` of sun and view in either observation.
    """

    distance_deg: float = 10.0
    days: float | None = 3.0
    metric: Metric = Metric.AMC
    reciprocity: bool = True
    max_zenith_deg: float = 90.0
    pairing: Pairing = Pairing.ONE_TO_ONE
    sun_deg: float = 90.0

    def __post_init__(self) -> None:
        if not 0.0 < self.distance_deg < 90.0:
            raise InputError(
                f"The largest difference of the geometry ({self.distance_deg:g} degrees) must lie "
                "between 0 and 90."
            )
        if self.days is not None and not self.days > 0.0:
            raise InputError(f"The time window ({self.days:g} days) must be longer than 0.")


@dataclass(frozen=True)
class Geometry:
    """When and under which angles (degrees) n observations were made: arrays (n,)."""

    time: TimeArray
    sun_zenith: FloatArray
    view_zenith: FloatArray
    relative_azimuth: FloatArray

    def __len__(self) -> int:
        return len(self.time)

    @property
    def swapped(self) -> Geometry:
        """The reciprocal geometry: sun and sensor exchanged."""
        return Geometry(self.time, self.view_zenith, self.sun_zenith, self.relative_azimuth)

    def select(self, rows: AnyArray) -> Geometry:
        """Some of the observations."""
        return Geometry(
            self.time[rows], self.sun_zenith[rows], self.view_zenith[rows],
            self.relative_azimuth[rows],
        )  # fmt: skip


@dataclass(frozen=True)
class Pairs:
    """p pairs, ordered by the time of the target: row numbers, and how the two differ.

    ``d_sun_zenith``, ``d_view_zenith``, ``d_relative_azimuth``: target less reference (of a
    ``reciprocal`` pair: less the exchanged reference), degrees; ``distance`` by the metric;
    ``days``: target less reference.
    """

    target: AnyArray
    reference: AnyArray
    d_sun_zenith: FloatArray
    d_view_zenith: FloatArray
    d_relative_azimuth: FloatArray
    distance: FloatArray
    reciprocal: AnyArray
    days: FloatArray

    def __len__(self) -> int:
        return len(self.target)

    def named(self, targets: AnyArray, references: AnyArray) -> Pairs:
        """The same pairs with other row numbers: those of the tables that the rows are from."""
        return replace(self, target=targets[self.target], reference=references[self.reference])

    @classmethod
    def joined(cls, parts: Sequence[Pairs]) -> Pairs:
        """Pairs one after the other; none of none."""
        empty = np.empty(0, dtype=np.int64)
        types = (int, int, float, float, float, float, bool, float)
        if not parts:
            return cls(*(empty.astype(kind) for kind in types))
        names = [one.name for one in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
