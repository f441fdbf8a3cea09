# SPDX-License-Identifier: GPL-3.0-or-later
"""A molecular atmosphere for low sun over high, clean sites: air molecules and absorbing gases.

SMAC is fitted up to zenith angles of about 65 degrees, and its polynomials run away beyond. Over
the Antarctic plateau there is hardly any aerosol, and what is left can be written down: the
reflectance of molecules with all orders of scattering by the expansion of Vermote and Tanre 1992
(JQSRT 47(4), 305-314, doi:10.1016/0022-4073(92)90149-X), the transmission and spherical albedo that
belong to it, and gases along curved paths. The optical thickness of the molecules and the
absorption by gases are those of the band's SMAC coefficients.
"""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, FloatArray
from .atmosphere import SEA_LEVEL_HPA, Air, Angles, Effects
from .smac import SmacCoefficients, gas_transmission

_EARTH_KM, _OZONE_KM = 6371.0, 22.0
_DEPOLARIZED = 0.958725775  # share of the anisotropic part for a depolarization factor of 0.0279
# Expansion of the higher orders of scattering, by the logarithm of the optical thickness.
_ZERO = np.array([
    [0.33243832, 0.16285370, -0.30924818, -0.10324388, 0.11493334],
    [-6.777104e-02, 1.577425e-03, -1.240906e-02, 3.241678e-02, -3.503695e-02],
])  # fmt: skip
_ONE, _TWO = (0.19666292, -5.439061e-02), (0.14545937, -2.910845e-02)


def molecular_effects(band: SmacCoefficients, angles: Angles, air: Air) -> Effects:
    """Gas transmission, scattering transmission (both ways), path reflectance and spherical albedo;
    aerosol is not looked at. Zenith angles up to about 85 degrees.
    """
    sun = np.cos(np.radians(angles.sun_zenith))
    view = np.cos(np.radians(angles.view_zenith))
    depth = band.rayleigh_depth[0] * np.asarray(air.pressure_hpa) / SEA_LEVEL_HPA
    ozone = _shell_mass(angles.sun_zenith) + _shell_mass(angles.view_zenith)
    mixed = _air_mass(angles.sun_zenith) + _air_mass(angles.view_zenith)
    return Effects(
        gas_transmission(band, ozone, mixed, air),
        transmission(depth, sun) * transmission(depth, view),
        path_reflectance(depth, sun, view, angles.relative_azimuth),
        spherical_albedo(depth),
    )


def path_reflectance(
    depth: AnyArray | float, sun: AnyArray, view: AnyArray, relative_azimuth: AnyArray | float
) -> FloatArray:
    """Reflectance of molecules of an optical thickness (> 0) over a black ground; cosines of the
    zenith angles, relative azimuth in degrees (0: the sensor on the side of the sun).
    """
    depth, logarithm = np.asarray(depth, dtype=np.float64), np.log(depth)
    turn = np.radians(180.0 - np.asarray(relative_azimuth))
    s2, v2 = sun**2, view**2
    phases = (
        1.0 + (3.0 * s2 - 1.0) * (3.0 * v2 - 1.0) * _DEPOLARIZED / 8.0,
        -0.75 * _DEPOLARIZED * sun * view * np.sqrt((1.0 - s2) * (1.0 - v2)),
        0.1875 * _DEPOLARIZED * (1.0 - s2) * (1.0 - v2),
    )
    powers = np.stack(np.broadcast_arrays(
        np.ones_like(sun * view), sun + view, sun * view, s2 + v2, s2 * v2
    ))  # fmt: skip
    zero = np.tensordot(_ZERO, powers, axes=1)
    orders = (
        zero[0] + logarithm * zero[1], _ONE[0] + _ONE[1] * logarithm, _TWO[0] + _TWO[1] * logarithm
    )  # fmt: skip
    single = (1.0 - np.exp(-depth * (1.0 / sun + 1.0 / view))) / (4.0 * (sun + view))
    higher = (1.0 - np.exp(-depth / sun)) * (1.0 - np.exp(-depth / view))
    parts = [phase * (single + higher * order)
             for phase, order in zip(phases, orders, strict=True)]  # fmt: skip
    reflected: FloatArray = (
        parts[0] + 2.0 * np.cos(turn) * parts[1] + 2.0 * np.cos(2.0 * turn) * parts[2]
    )
    return reflected


def transmission(depth: AnyArray | float, cosine: AnyArray) -> FloatArray:
    """Scattering transmission of molecules, direct and diffuse, along one way."""
    two_thirds = 2.0 / 3.0
    direct = (two_thirds - cosine) * np.exp(-np.asarray(depth) / cosine)
    whole: FloatArray = (two_thirds + cosine + direct) / (4.0 / 3.0 + np.asarray(depth))
    return whole


def spherical_albedo(depth: AnyArray | float) -> FloatArray:
    """Share of light from below that molecules send back."""
    from scipy.special import expn

    depth = np.asarray(depth, dtype=np.float64)
    third = expn(3, depth)
    albedo: FloatArray = (3.0 * depth - third * (4.0 + 2.0 * depth) + 2.0 * np.exp(-depth)) / (
        4.0 + 3.0 * depth
    )
    return albedo


def _shell_mass(zenith_deg: AnyArray | float) -> FloatArray:
    """Air mass of the ozone layer, a thin shell at 22 km (Komhyr et al. 1989)."""
    ratio = _EARTH_KM / (_EARTH_KM + _OZONE_KM)
    sine = ratio * np.sin(np.radians(zenith_deg))
    mass: FloatArray = 1.0 / np.sqrt(1.0 - sine**2)
    return mass


def _air_mass(zenith_deg: AnyArray | float) -> FloatArray:
    """Air mass of well mixed gases (Kasten and Young 1989, doi:10.1364/AO.28.004735)."""
    zenith = np.asarray(zenith_deg, dtype=np.float64)
    cosine = np.cos(np.radians(zenith))
    mass: FloatArray = 1.0 / (cosine + 0.50572 * (96.07995 - zenith) ** -1.6364)
    return mass
