# SPDX-License-Identifier: GPL-3.0-or-later
"""What clouds, shadows, aerosol errors and events on the ground do to surface reflectance.

Pure elementwise formulas: ``reflectance`` and ``wavelengths_nm`` broadcast against each other, so
that a table (n, k) takes wavelengths (k,) and an image (k, rows, columns) takes (k, 1, 1). Values
are reflectance (1 = all); NaN stays NaN. Spectra are typical of their kind, not measured here.
"""

from __future__ import annotations

import numpy as np

from ..types import FloatArray

_ANCHORS_NM = (440.0, 490.0, 560.0, 665.0, 705.0, 740.0, 783.0, 842.0, 865.0, 1610.0, 2190.0)
# Clouds are white up to the near infrared and darker where ice and water absorb; snow is dark there
# (Warren 1982, 10.1029/RG020i001p00067); burnt ground is charcoal and ash.
SPECTRA: dict[str, tuple[float, ...]] = {
    "cloud": (0.67, 0.66, 0.65, 0.65, 0.65, 0.65, 0.66, 0.66, 0.66, 0.51, 0.45),
    "snow": (0.84, 0.83, 0.82, 0.80, 0.78, 0.76, 0.74, 0.71, 0.69, 0.11, 0.07),
    "burnt": (0.033, 0.036, 0.042, 0.050, 0.055, 0.062, 0.070, 0.082, 0.087, 0.140, 0.135),
    "stubble": (0.085, 0.105, 0.145, 0.195, 0.220, 0.235, 0.250, 0.275, 0.285, 0.360, 0.280),
}
THIN_CLOUD_SHAPE = (1.08, 1.0, 0.85, 0.75, 0.70, 0.66, 0.61, 0.55, 0.54, 0.30, 0.20)
# The sky lights a shadow in the blue more than in the infrared.
SHADOW_SHAPE = (0.52, 0.60, 0.75, 0.85, 0.89, 0.93, 0.97, 1.0, 1.0, 1.0, 1.0)

AEROSOL_EXPONENT = 1.3
PATH_REFLECTANCE_PER_AOT = 0.07
# Above the critical reflectance more aerosol makes a scene darker, not brighter.
CRITICAL_REFLECTANCE = 0.25


def spectrum(kind: str, wavelengths_nm: FloatArray) -> FloatArray:
    """Reflectance of ``kind`` (a key of ``SPECTRA``), of the shape of ``wavelengths_nm``; beyond
    440 to 2190 nm the outermost value.
    """
    return _between(SPECTRA[kind], wavelengths_nm)


def covered(
    reflectance: FloatArray, wavelengths_nm: FloatArray, fraction: FloatArray | float, kind: str
) -> FloatArray:
    """Linear mixing: ``fraction`` (0 to 1, broadcast) of every pixel is covered by ``kind``."""
    surface = spectrum(kind, wavelengths_nm)
    return np.asarray(reflectance + fraction * (surface - reflectance), dtype=np.float64)


def veiled(
    reflectance: FloatArray, wavelengths_nm: FloatArray, amount: FloatArray | float
) -> FloatArray:
    """A thin cloud or haze: ``amount`` (reflectance, 0 to about 0.3) is what a black target gains
    at 490 nm.

    The gain falls with wavelength and fades as the target becomes as bright as a cloud itself.
    """
    shape = _between(THIN_CLOUD_SHAPE, wavelengths_nm)
    fading = 1.0 - reflectance / spectrum("cloud", wavelengths_nm)
    return np.asarray(reflectance + amount * shape * fading, dtype=np.float64)


def shaded(
    reflectance: FloatArray, wavelengths_nm: FloatArray, depth: FloatArray | float
) -> FloatArray:
    """A cloud shadow: a share ``depth`` (0 to 1) of the reflectance is lost in the near infrared
    and beyond, less in the visible, where the sky lights the ground.
    """
    lost = depth * _between(SHADOW_SHAPE, wavelengths_nm)
    return np.asarray(reflectance * (1.0 - lost), dtype=np.float64)


def with_aot_error(
    reflectance: FloatArray, wavelengths_nm: FloatArray, error: FloatArray | float
) -> FloatArray:
    """Surface reflectance as a correction gives it that leaves ``error`` of the AOT at 550 nm in
    the image: positive where AOT was underestimated (``aot_under``), negative where overestimated.

    To first order d rho = error * (lambda / 550 nm)^-1.3 * p * (1 - rho / rho_c): path reflectance
    ``p`` per AOT lost against transmission, which wins above the critical reflectance ``rho_c``
    (Fraser & Kaufman 1985, 10.1109/TGRS.1985.289380; 0.2 to 0.4 for absorbing to weakly absorbing
    aerosol). Bright targets so react opposite to dark ones. Valid to an error of about 0.6.
    """
    extinction = error * (wavelengths_nm / 550.0) ** -AEROSOL_EXPONENT
    path = PATH_REFLECTANCE_PER_AOT * (1.0 - reflectance / CRITICAL_REFLECTANCE)
    return np.asarray(reflectance + extinction * path, dtype=np.float64)


def _between(values: tuple[float, ...], wavelengths_nm: FloatArray) -> FloatArray:
    return np.asarray(np.interp(wavelengths_nm, _ANCHORS_NM, values), dtype=np.float64)
