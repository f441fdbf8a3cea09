# SPDX-License-Identifier: GPL-3.0-or-later
"""SMAC: the effect of the atmosphere on the reflectance of a band, in closed form.

Rahman, H. and Dedieu, G., 1994: SMAC: a simplified method for the atmospheric correction of
satellite measurements in the solar spectrum. Int. J. Remote Sensing 15(1), 123-143,
doi:10.1080/01431169408954055. Each band has 49 coefficients that were fitted to 6S for one aerosol
model. The molecular residual takes the optical thickness at the pressure of the site, as the
original routine does (a later transcription to Python takes that at sea level, which over a high
plateau makes 1 % at 443 nm).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from ..types import AnyArray, FloatArray
from .atmosphere import SEA_LEVEL_HPA, Air, Angles, Effects, above, below
from .geometry import scattering_cosine

DOBSON_PER_CM_ATM = 1000.0
# The fits of 6S that the coefficients come from end about here.
MAX_ZENITH_DEG = 65.0


@dataclass(frozen=True)
class SmacCoefficients:
    """The coefficients of one band, named after the lines of the 19-line files.

    Gases: exponent and power of their amount (``h2o``, ``o3``), and power of the pressure (``o2``
    ... ``co``). ``albedo``: spherical albedo; ``transmission``: of scattering; ``rayleigh_depth``:
    optical thickness of the molecules at sea level; ``aerosol_depth``: offset and slope in the
    optical thickness at 550 nm; ``aerosol``: single scattering albedo and asymmetry; ``phase``: its
    phase function as a quartic of the scattering angle in degrees; then the residuals of coupling,
    molecules and aerosol.
    """

    h2o: tuple[float, ...]
    o3: tuple[float, ...]
    o2: tuple[float, ...]
    co2: tuple[float, ...]
    ch4: tuple[float, ...]
    no2: tuple[float, ...]
    co: tuple[float, ...]
    albedo: tuple[float, ...]
    transmission: tuple[float, ...]
    rayleigh_depth: tuple[float, ...]
    aerosol_depth: tuple[float, ...]
    aerosol: tuple[float, ...]
    phase: tuple[float, ...]
    coupling_residual: tuple[float, ...]
    rayleigh_residual: tuple[float, ...]
    aerosol_residual: tuple[float, ...]


# How many numbers each field has, in the order of the files: 49 in all.
LENGTHS = dict(
    zip(
        (field.name for field in fields(SmacCoefficients)),
        (2, 2, 3, 3, 3, 3, 3, 4, 4, 2, 2, 2, 5, 4, 3, 4),
        strict=True,
    )
)
COUNT = sum(LENGTHS.values())


def coefficients(numbers: Sequence[float]) -> SmacCoefficients:
    """The coefficients from their 49 numbers in the order of the files; ``ValueError`` else."""
    if len(numbers) != COUNT:
        raise ValueError(f"SMAC has {COUNT} coefficients a band, not {len(numbers)}")
    parts, start = {}, 0
    for name, length in LENGTHS.items():
        parts[name] = tuple(numbers[start : start + length])
        start += length
    return SmacCoefficients(**parts)


def effects(band: SmacCoefficients, angles: Angles, air: Air) -> Effects:
    """The four terms of SMAC; arguments broadcast against each other. Zenith angles from 0 to below
    90 degrees (the fits hold to about ``MAX_ZENITH_DEG``).
    """
    sun = np.cos(np.radians(angles.sun_zenith))
    view = np.cos(np.radians(angles.view_zenith))
    pressure = np.asarray(air.pressure_hpa, dtype=np.float64) / SEA_LEVEL_HPA
    aot = np.asarray(air.aot, dtype=np.float64)
    mass = 1.0 / sun + 1.0 / view
    turned = scattering_cosine(angles.sun_zenith, angles.view_zenith, angles.relative_azimuth)
    a0, a1, a2, a3 = band.albedo
    albedo: FloatArray = a0 * pressure + a3 + a1 * aot + a2 * aot**2
    down, up = (_transmission(band, cosine, aot, pressure) for cosine in (sun, view))
    return Effects(
        gas_transmission(band, mass, mass, air),
        np.asarray(down * up),
        _path(band, sun, view, turned, aot, pressure),
        albedo,
    )


def toa_reflectance(
    surface: AnyArray | float, band: SmacCoefficients, angles: Angles, air: Air
) -> FloatArray:
    """Direct SMAC: reflectance at the top of the atmosphere of a ``surface`` reflectance."""
    return above(effects(band, angles, air), surface)


def surface_reflectance(
    toa: AnyArray | float, band: SmacCoefficients, angles: Angles, air: Air
) -> FloatArray:
    """Inverse SMAC: surface reflectance below a ``toa`` reflectance; the inverse of
    ``toa_reflectance`` to rounding.
    """
    return below(effects(band, angles, air), toa)


def gas_transmission(
    band: SmacCoefficients, ozone_mass: AnyArray, mass: AnyArray, air: Air
) -> FloatArray:
    """Transmission by all gases, down and up together, for the air mass of the ozone layer and that
    of the other gases (both ways added).
    """
    pressure = np.asarray(air.pressure_hpa, dtype=np.float64) / SEA_LEVEL_HPA
    ozone = np.asarray(air.ozone_du) / DOBSON_PER_CM_ATM
    exponent = band.o3[0] * (ozone * ozone_mass) ** band.o3[1]
    exponent = exponent + band.h2o[0] * (np.asarray(air.water_g_cm2) * mass) ** band.h2o[1]
    for rate, power, of_pressure in (band.o2, band.co2, band.ch4, band.no2, band.co):
        if rate != 0.0:
            exponent = exponent + rate * (pressure**of_pressure * mass) ** power
    transmission: FloatArray = np.exp(exponent)
    return transmission


def _transmission(
    band: SmacCoefficients, cosine: AnyArray, aot: AnyArray, pressure: AnyArray
) -> AnyArray:
    a0, a1, a2, a3 = band.transmission
    return a0 + a1 * aot / cosine + (a2 * pressure + a3) / (1.0 + cosine)


def _path(
    band: SmacCoefficients,
    sun: AnyArray,
    view: AnyArray,
    cosine: AnyArray,
    aot: AnyArray,
    pressure: AnyArray,
) -> AnyArray:
    """Reflectance of molecules and aerosol with the residuals of each and of their coupling."""
    depth = band.aerosol_depth[0] + band.aerosol_depth[1] * aot
    molecules = band.rayleigh_depth[0] * pressure
    # Molecules scatter by this phase function (depolarization as in 6S).
    single = molecules * (0.7190443 * (1.0 + cosine**2) + 0.0412742) / (sun * view)
    turn = (1.0 / sun + 1.0 / view) * cosine
    return (
        single / 4.0
        - _polynomial(band.rayleigh_residual, single)
        + _aerosol(band, sun, view, cosine, depth)
        - _polynomial(band.aerosol_residual, depth * turn)
        + _polynomial(band.coupling_residual, (depth + molecules) * turn)
    )


def _aerosol(
    band: SmacCoefficients, sun: AnyArray, view: AnyArray, cosine: AnyArray, depth: AnyArray
) -> AnyArray:
    """Reflectance of the aerosol alone: the two-stream solution of the paper with the phase
    function of the scattering angle in the first order.
    """
    albedo, asymmetry = band.aerosol
    phase = _polynomial(band.phase, np.degrees(np.arccos(cosine)))
    absorbed, forward = 1.0 - albedo, 3.0 * asymmetry
    loss = 3.0 - albedo * forward
    rate = np.sqrt(absorbed * loss)
    share = sun / (1.0 - (rate * sun) ** 2)
    # The direct beam.
    isotropic = -0.75 * sun * share * albedo
    directed = -0.25 * absorbed * forward * sun * share * albedo
    slope = isotropic / (3.0 * sun) + sun * directed
    # The two streams, from what comes in at the top and at the bottom.
    edge = 2.0 * rate / loss
    grow, fade = np.exp(rate * depth), np.exp(-rate * depth)
    scale = 0.25 * albedo * share / (grow * (1.0 + edge) ** 2 - fade * (1.0 - edge) ** 2)
    top = 2.0 + 3.0 * sun + absorbed * forward * sun * (1.0 + 2.0 * sun)
    bottom = 2.0 - 3.0 * sun - absorbed * forward * sun * (1.0 - 2.0 * sun)
    bottom = bottom * np.exp(-depth / sun)
    down = scale * (top * grow * (1.0 + edge) + bottom * (1.0 - edge))
    up = -scale * (top * fade * (1.0 - edge) + bottom * (1.0 + edge))
    seen = albedo * forward * view
    terms = (
        (down * (1.0 - seen * rate / loss), view / (1.0 + rate * view)),
        (up * (1.0 + seen * rate / loss), view / (1.0 - rate * view)),
        (isotropic + directed - seen * slope + albedo * phase / 4.0, sun * view / (sun + view)),
    )
    reflected = sum(factor * path * (1.0 - np.exp(-depth / path)) for factor, path in terms)
    return np.asarray(reflected / (sun * view))


def _polynomial(numbers: tuple[float, ...], x: AnyArray) -> AnyArray:
    """Rising powers of ``x``."""
    total = np.zeros_like(x)
    for number in reversed(numbers):
        total = total * x + number
    return total
