# SPDX-License-Identifier: GPL-3.0-or-later
"""What snow, fire and harvest do to surface reflectance: ground that is covered by something else.

What clouds, shadows, aerosol and calibration do is in ``physics``.
"""

from __future__ import annotations

import numpy as np

from ..types import FloatArray

_NODES_NM = (440.0, 490.0, 560.0, 665.0, 705.0, 740.0, 783.0, 842.0, 865.0, 1610.0, 2190.0)
# Typical of their kind, not measured here: snow is dark in the short-wave infrared (Warren 1982,
# 10.1029/RG020i001p00067), burnt ground is charcoal and ash.
SPECTRA: dict[str, tuple[float, ...]] = {
    "snow": (0.84, 0.83, 0.82, 0.80, 0.78, 0.76, 0.74, 0.71, 0.69, 0.11, 0.07),
    "burnt": (0.033, 0.036, 0.042, 0.050, 0.055, 0.062, 0.070, 0.082, 0.087, 0.140, 0.135),
    "stubble": (0.085, 0.105, 0.145, 0.195, 0.220, 0.235, 0.250, 0.275, 0.285, 0.360, 0.280),
}


def spectrum(kind: str, wavelengths_nm: FloatArray) -> FloatArray:
    """Reflectance of ``kind`` (a key of ``SPECTRA``) at wavelengths (k,); beyond 440 to 2190 nm the
    outermost value.
    """
    return np.asarray(np.interp(wavelengths_nm, _NODES_NM, SPECTRA[kind]), dtype=np.float64)


def covered(
    rho: FloatArray, wavelengths_nm: FloatArray, fraction: FloatArray, kind: str
) -> FloatArray:
    """Linear mixing: the share ``fraction`` (...), 0 to 1, of the ground of reflectance ``rho``
    (..., k) is covered by ``kind``.
    """
    surface = spectrum(kind, wavelengths_nm)
    return np.asarray(rho + fraction[..., np.newaxis] * (surface - rho))
