# SPDX-License-Identifier: GPL-3.0-or-later
"""What clouds, shadows, wrong aerosol and wrong calibration do to surface reflectance.

Simple radiative transfer, in closed form: scattering layers by the two-stream approximation
(Coakley & Chylek 1975, 10.1175/1520-0469(1975)032<0409:TTSAIR>2.0.CO;2), the coupling of atmosphere
and ground as in 5S (Tanre et al. 1990, 10.1080/01431169008955048). The detector knows nothing of
it: its templates (``templates``) are first-order shapes.

All functions take reflectance (..., k), ``wavelengths_nm`` (k,) and a parameter (...), and return
reflectance (..., k).
"""

from __future__ import annotations

import numpy as np

from ..types import FloatArray

_SUN, _VIEW = 0.8, 0.98  # cosines of the zenith angles
_BACKGROUND_AOT = 0.1  # at 550 nm
_ANGSTROM = 1.3
_ALBEDO, _PHASE, _BACK = 0.92, 0.40, 0.12  # aerosol: single scattering, phase function, back share
_RAYLEIGH = 0.00864  # optical thickness at 1 um
_CLOUD_NM = np.array([400.0, 900.0, 1240.0, 1610.0, 2200.0])
_CLOUD_ALBEDO = np.array([1.0, 1.0, 0.95, 0.82, 0.70])  # water droplets absorb beyond 1.2 um


def _layer(rho: FloatArray, reflected: FloatArray, transmitted: FloatArray) -> FloatArray:
    """A layer over ground: reflected + T^2 rho / (1 - R rho)."""
    return np.asarray(reflected + transmitted**2 * rho / (1.0 - reflected * rho))


def cloud_over(rho: FloatArray, wavelengths_nm: FloatArray, thickness: FloatArray) -> FloatArray:
    """A water cloud of optical ``thickness`` >= 0 (droplets with asymmetry 0.85)."""
    scattered = 0.15 * thickness[..., None]
    share: FloatArray = scattered / (2.0 * _SUN + scattered)
    reflected: FloatArray = share * np.interp(wavelengths_nm, _CLOUD_NM, _CLOUD_ALBEDO)
    return _layer(rho, reflected, 1.0 - share)


def haze_over(rho: FloatArray, wavelengths_nm: FloatArray, thickness: FloatArray) -> FloatArray:
    """Thin cloud or haze of optical ``thickness`` >= 0 at 550 nm, small particles (wavelength to
    the power -1, asymmetry 0.7).
    """
    scattered = 0.3 * thickness[..., None] * (wavelengths_nm / 550.0) ** -1.0
    share = scattered / (2.0 * _SUN + scattered)
    return _layer(rho, share, 1.0 - share)


def shadow_on(rho: FloatArray, wavelengths_nm: FloatArray, opacity: FloatArray) -> FloatArray:
    """A cloud takes the share ``opacity`` (0 to 1) of the direct sun; sky light stays, blue most,
    with the half again that neighboring clouds scatter.
    """
    micron = wavelengths_nm / 1000.0
    optical = _RAYLEIGH * micron**-4.0 + 0.15 * (micron / 0.55) ** -_ANGSTROM
    direct = np.exp(-1.5 * optical / _SUN)
    return np.asarray(rho * (1.0 - opacity[..., None] * direct))


def _atmosphere(
    wavelengths_nm: FloatArray, aot: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Path reflectance, two-way transmission and spherical albedo of the aerosol (..., k)."""
    tau = aot[..., None] * (wavelengths_nm / 550.0) ** -_ANGSTROM
    path = _ALBEDO * _PHASE * tau / (4.0 * _SUN * _VIEW)
    loss = 1.0 - _ALBEDO * (1.0 - _BACK)
    transmission = np.exp(-loss * tau * (1.0 / _SUN + 1.0 / _VIEW))
    spherical = 1.0 - np.exp(-2.0 * _ALBEDO * _BACK * tau)
    return path, transmission, spherical


def wrong_aot(rho: FloatArray, wavelengths_nm: FloatArray, error: FloatArray) -> FloatArray:
    """The ground seen through an aerosol and corrected with a wrong one: true minus assumed AOT at
    550 nm is ``error``; positive: under-corrected.
    """
    true = _atmosphere(wavelengths_nm, _BACKGROUND_AOT + np.maximum(error, 0.0))
    assumed = _atmosphere(wavelengths_nm, _BACKGROUND_AOT + np.maximum(-error, 0.0))
    top = true[0] + true[1] * rho / (1.0 - true[2] * rho)
    without = top - assumed[0]
    return np.asarray(without / (assumed[1] + assumed[2] * without))
