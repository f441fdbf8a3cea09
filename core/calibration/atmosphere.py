# SPDX-License-Identifier: GPL-3.0-or-later
"""The atmosphere over a site, and a band's reflectance above and below it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..types import AnyArray, FloatArray

SEA_LEVEL_HPA = 1013.25


class Air(NamedTuple):
    """The atmosphere: numbers or arrays of one shape.

    ``aot``: aerosol optical thickness at 550 nm; ``ozone_du``: Dobson units; ``water_g_cm2``:
    column of water vapor (g/cm2); ``pressure_hpa``: at the surface.
    """

    aot: FloatArray | float
    ozone_du: FloatArray | float
    water_g_cm2: FloatArray | float
    pressure_hpa: FloatArray | float


class Angles(NamedTuple):
    """Directions in degrees: zenith angles, and azimuths in one and the same sense."""

    sun_zenith: FloatArray | float
    view_zenith: FloatArray | float
    relative_azimuth: FloatArray | float


class Effects(NamedTuple):
    """What the atmosphere does to a band: gas transmission (both ways), scattering transmission
    (both ways), intrinsic reflectance (without gas), and spherical albedo.
    """

    gas: FloatArray
    transmission: FloatArray
    path: FloatArray
    albedo: FloatArray


def above(effects: Effects, surface: AnyArray | float) -> FloatArray:
    """Reflectance at the top of the atmosphere of a ``surface`` reflectance."""
    gas, transmission, path, albedo = effects
    ground = np.asarray(surface, dtype=np.float64)
    toa: FloatArray = gas * (path + transmission * ground / (1.0 - albedo * ground))
    return toa


def below(effects: Effects, toa: AnyArray | float) -> FloatArray:
    """Surface reflectance below a ``toa`` reflectance; the inverse of ``above``."""
    gas, transmission, path, albedo = effects
    rest = np.asarray(toa, dtype=np.float64) - gas * path
    surface: FloatArray = rest / (gas * transmission + albedo * rest)
    return surface


def pressure_at(altitude_m: FloatArray | float) -> FloatArray:
    """Pressure (hPa) of the standard atmosphere at an altitude (m): what SMAC assumes where
    nothing is measured.
    """
    height = np.asarray(altitude_m, dtype=np.float64)
    pressure: FloatArray = SEA_LEVEL_HPA * (1.0 - 0.0065 * height / 288.15) ** 5.31
    return pressure
