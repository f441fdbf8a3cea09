# SPDX-License-Identifier: GPL-3.0-or-later
"""First-order spectral shapes of anomalies: what each does to the bands, per unit of amplitude.

Clouds, thin clouds and shadows are tables over wavelength. A layer that reflects the share a of
what it takes from the beam adds a (1 + rho^2) - 2 rho over the ground rho (single scattering, both
ways): less over bright ground, nothing or less where it absorbs. Aerosol is a path term minus a
transmission term, both falling as wavelength^-1.3: it brightens what is darker than the critical
reflectance and darkens what is brighter (Fraser & Kaufman 1985, 10.1109/TGRS.1985.289380).
"""

from __future__ import annotations

import numpy as np

from ..types import FloatArray

NODES_NM = np.array([490.0, 560.0, 665.0, 865.0, 1610.0, 2200.0])
CLOUD = np.array([1.0, 1.0, 1.0, 1.0, 0.8, 0.7])
THIN_CLOUD = np.array([1.0, 0.85, 0.75, 0.55, 0.3, 0.2])
SHADOW = np.array([0.6, 0.75, 0.85, 1.0, 1.0, 1.0])
AEROSOL_EXPONENT, CRITICAL_REFLECTANCE = -1.3, 0.35

# type -> (sign of its amplitude, 0 for both; relative error of its shape; unit of the amplitude)
TYPES: dict[str, tuple[int, float, str]] = {
    "cloud": (1, 0.15, "reflectance"),
    "thin_cloud": (1, 0.15, "reflectance"),
    "shadow": (-1, 0.12, "percent"),
    "aot_under": (1, 0.15, "reflectance"),
    "aot_over": (-1, 0.15, "reflectance"),
    "gain": (0, 0.02, "percent"),
    "offset": (0, 0.02, "reflectance"),
}


def interpolate(shape: FloatArray, wavelengths_nm: FloatArray) -> FloatArray:
    """A table over ``NODES_NM`` at other wavelengths (k,), linear in the logarithm, constant beyond
    its ends.
    """
    return np.asarray(np.interp(np.log(wavelengths_nm), np.log(NODES_NM), shape))


def laws(
    rho: FloatArray, wavelengths_nm: FloatArray, steeper: float = 0.0, absorbing: float = 0.0
) -> FloatArray:
    """Change of reflectance (..., types, k) over ground of reflectance ``rho`` (..., k), in the
    order of ``TYPES``, per unit of amplitude: for ``shadow`` and ``gain`` the relative change, for
    the others the change over black ground at 490 nm.

    ``steeper`` is added to the exponent with which aerosol and thin cloud fall with wavelength,
    ``absorbing`` to the inverse of the critical reflectance of the aerosol.
    """
    cloud = interpolate(CLOUD, wavelengths_nm)
    tilt = (wavelengths_nm / NODES_NM[0]) ** steeper
    haze = interpolate(THIN_CLOUD, wavelengths_nm) * tilt
    slope = (wavelengths_nm / NODES_NM[0]) ** AEROSOL_EXPONENT * tilt
    aerosol = slope * (1.0 - rho * (1.0 / CRITICAL_REFLECTANCE + absorbing))
    shapes = {
        "cloud": cloud * (1.0 + rho**2) - 2.0 * rho,
        "thin_cloud": haze * (1.0 - rho) ** 2,
        "shadow": interpolate(SHADOW, wavelengths_nm) * rho,
        "aot_under": aerosol,
        "aot_over": aerosol,
        "gain": rho,
        "offset": np.ones(rho.shape),
    }
    return np.stack([shapes[name] for name in TYPES], axis=-2)


def templates(expected: FloatArray, wavelengths_nm: FloatArray) -> FloatArray:
    """Change of reflectance (m, types, k) per unit of amplitude, for expected spectra (m, k) and
    wavelengths (k,) in nm, in the order of ``TYPES``.

    For types in reflectance the largest value over the bands is 1 (of its magnitude), so that the
    amplitude is the largest change; for ``shadow`` and ``gain`` the amplitude is the relative
    change. NaN in ``expected`` and unknown wavelengths give 0: such bands tell no type.
    """
    rho = np.clip(np.nan_to_num(expected), 0.0, 1.0)
    stack = laws(rho, wavelengths_nm)
    for place, (_, _, unit) in enumerate(TYPES.values()):
        if unit == "reflectance":
            stack[:, place] = _largest_one(stack[:, place])
    known = np.isfinite(expected) & np.isfinite(wavelengths_nm)
    return np.where(known[:, None], np.nan_to_num(stack), 0.0)


def _largest_one(shape: FloatArray) -> FloatArray:
    largest = np.nanmax(np.abs(shape), axis=-1, keepdims=True, initial=1e-9)
    return np.asarray(shape / largest)
