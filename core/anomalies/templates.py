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


def templates(expected: FloatArray, wavelengths_nm: FloatArray) -> FloatArray:
    """Change of reflectance (m, types, k) per unit of amplitude, for expected spectra (m, k) and
    wavelengths (k,) in nm, in the order of ``TYPES``.

    For types in reflectance the largest value over the bands is 1 (of its magnitude), so that the
    amplitude is the largest change; for ``shadow`` and ``gain`` the amplitude is the relative
    change. NaN in ``expected`` and unknown wavelengths give 0: such bands tell no type.
    """
    rho = np.clip(np.nan_to_num(expected), 0.0, 1.0)
    cloud = interpolate(CLOUD, wavelengths_nm)
    slope = (wavelengths_nm / NODES_NM[0]) ** AEROSOL_EXPONENT
    aerosol = slope * (1.0 - rho / CRITICAL_REFLECTANCE)
    shapes = {
        "cloud": _largest_one(cloud * (1.0 + rho**2) - 2.0 * rho),
        "thin_cloud": _largest_one(interpolate(THIN_CLOUD, wavelengths_nm) * (1.0 - rho) ** 2),
        "shadow": interpolate(SHADOW, wavelengths_nm) * rho,
        "aot_under": _largest_one(aerosol),
        "aot_over": _largest_one(aerosol),
        "gain": rho,
        "offset": np.ones(rho.shape),
    }
    stack = np.stack([shapes[name] for name in TYPES], axis=1)
    known = np.isfinite(expected) & np.isfinite(wavelengths_nm)
    return np.where(known[:, None], np.nan_to_num(stack), 0.0)


def _largest_one(shape: FloatArray) -> FloatArray:
    largest = np.nanmax(np.abs(shape), axis=-1, keepdims=True, initial=1e-9)
    return np.asarray(shape / largest)
