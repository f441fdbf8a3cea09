# SPDX-License-Identifier: GPL-3.0-or-later
"""The atmosphere over a site at each observation: measured where it is known, else assumed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..types import FloatArray
from .atmosphere import SEA_LEVEL_HPA, Air, pressure_at
from .types import Measurements

_LEAST_HPA, _MOST_HPA = 450.0, 1100.0


_MOST = 0.5  # a side states a quantity where it does so for half of its rows


class Fill(StrEnum):
    """Where ozone, water vapor and aerosol come from that an observation does not state.

    ``DEFAULT``: the given constants. ``PARTNER``: the other observation of the pair where that
    states it (they are days apart), else the constants.
    """

    DEFAULT = "default"
    PARTNER = "partner"


class Model(StrEnum):
    """How light goes through the atmosphere: ``SMAC``, or ``MOLECULAR`` (no aerosol, any sun)."""

    SMAC = "smac"
    MOLECULAR = "molecular"


@dataclass(frozen=True)
class Meteo:
    """What is assumed where an observation does not say it.

    ``aot`` at 550 nm, ``ozone_du`` (Dobson units), ``water_g_cm2``. ``use_measured_*``: whether
    stated values are taken at all. Pressure: that of the standard atmosphere at the altitude of the
    site (m), or with ``measured_pressure`` the stated one, which must be that at the ground.
    """

    aot: float = 0.2
    ozone_du: float = 300.0
    water_g_cm2: float = 1.5
    fill: Fill = Fill.DEFAULT
    measured_aot: bool = True
    measured_pressure: bool = False
    model: Model = Model.SMAC


@dataclass(frozen=True)
class Shift:
    """A change of the atmosphere: numbers, or one per observation (n,). ``aot`` is added, the
    others are relative (0.1 is 10 % more).
    """

    aot: FloatArray | float = 0.0
    ozone: FloatArray | float = 0.0
    water: FloatArray | float = 0.0
    pressure: FloatArray | float = 0.0

    def of(self, air: Air) -> Air:
        """The changed atmosphere; there is never less than no aerosol."""
        return Air(
            np.maximum(np.asarray(air.aot) + self.aot, 0.0),
            np.maximum(np.asarray(air.ozone_du) * (1.0 + np.asarray(self.ozone)), 0.0),
            np.maximum(np.asarray(air.water_g_cm2) * (1.0 + np.asarray(self.water)), 0.0),
            np.asarray(air.pressure_hpa) * (1.0 + np.asarray(self.pressure)),
        )


NO_SHIFT = Shift()


def air_of(
    measurements: Measurements,
    meteo: Meteo,
    altitude_m: FloatArray,
    partner: Measurements | None = None,
) -> Air:
    """The atmosphere of each observation (n,); ``altitude_m`` (n,) of its site (NaN: sea level);
    ``partner``: the other observations of the pairs, row by row.
    """
    other = partner if meteo.fill is Fill.PARTNER else None
    aot = _value(measurements, other, "aot", meteo.aot)
    if not meteo.measured_aot:
        aot = np.full(len(measurements), meteo.aot)
    pressure = pressure_at(np.nan_to_num(altitude_m))
    if meteo.measured_pressure:
        stated = measurements["pressure_hpa"]
        pressure = np.where((stated > _LEAST_HPA) & (stated < _MOST_HPA), stated, pressure)
    return Air(
        aot,
        _value(measurements, other, "ozone_du", meteo.ozone_du),
        _value(measurements, other, "water_vapor_g_cm2", meteo.water_g_cm2),
        np.minimum(pressure, SEA_LEVEL_HPA * 1.1),
    )


@dataclass(frozen=True)
class OneSided:
    """A quantity that one sensor of the pairs states (``stated``: its mean) and the other does not,
    so that ``assumed`` is taken for that one: the target where ``of_target``. ``away``: how far
    stated values are from the assumed one, root mean square, relative.
    """

    name: str
    unit: str
    stating: str
    silent: str
    stated: float
    assumed: float
    of_target: bool
    away: float

    def words(self) -> str:
        """The facts in a sentence without its full stop."""
        stated, assumed = (
            f"{value:.3g} {self.unit}".strip() for value in (self.stated, self.assumed)
        )
        return (
            f"{self.silent} states no {self.name}, {assumed} is taken; {self.stating} states "
            f"{stated} in the mean"
        )


OZONE = "ozone"
_QUANTITIES = (
    ("ozone_du", OZONE, "DU", "ozone_du"),
    ("water_vapor_g_cm2", "water vapor", "g/cm2", "water_g_cm2"),
    ("aot", "AOT", "", "aot"),
)


def one_sided(target: Measurements, reference: Measurements, meteo: Meteo) -> tuple[OneSided, ...]:
    """What only one side of the pairs states (the rows of both are those of the pairs), where the
    other gets the default: their difference is a difference of the two atmospheres that is none.
    """
    if meteo.fill is not Fill.DEFAULT:
        return ()
    found = []
    for key, name, unit, default in _QUANTITIES:
        if key == "aot" and not meteo.measured_aot:
            continue
        shares = [_known(side, key) for side in (target, reference)]
        if max(shares) < _MOST or min(shares) >= _MOST:
            continue
        first = shares[0] > shares[1]
        stating, silent = (target, reference) if first else (reference, target)
        values = stating[key][stating[key] > 0.0]
        assumed = float(getattr(meteo, default))
        away = float(np.sqrt(np.mean((values / assumed - 1.0) ** 2))) if assumed else float("nan")
        found.append(
            OneSided(name, unit, stating.sensor.name, silent.sensor.name, float(values.mean()),
                     assumed, not first, away)
        )  # fmt: skip
    return tuple(found)


def _known(measurements: Measurements, key: str) -> float:
    """The share of rows that state a quantity."""
    return float(np.mean(measurements[key] > 0.0)) if len(measurements) else 0.0


def _value(
    measurements: Measurements, partner: Measurements | None, key: str, default: float
) -> FloatArray:
    values = np.where(measurements[key] > 0.0, measurements[key], np.nan)
    if partner is not None:
        values = np.where(
            np.isfinite(values), values, np.where(partner[key] > 0.0, partner[key], np.nan)
        )
    return np.where(np.isfinite(values), values, default)
