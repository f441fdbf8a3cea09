# SPDX-License-Identifier: GPL-3.0-or-later
"""What each law does to levels and contrasts of a whole image, and how well it explains them.

Each law is a Gaussian model: an amplitude along its shape, noise, and errors of the shape that grow
with the amplitude. How steeply aerosol and thin cloud fall with wavelength, and how much aerosol
absorbs, are errors of known direction; a remainder has none.
"""

from __future__ import annotations

import numpy as np

from ...types import AnyArray, FloatArray
from ..labels import BASELINE_OFFSET
from ..templates import TYPES, laws

KINDS = ("aot_under", "aot_over", "gain", "offset", "thin_cloud", "cloud")
# Standard deviations of the exponent of wavelength and of the inverse critical reflectance.
STEEPER, ABSORBING = 0.4, 0.7
# type -> relative error of its shape; and which of the two errors above it has
ERRORS = {
    "cloud": (0.1, (False, False)), "thin_cloud": (0.08, (True, False)),
    "aot_under": (0.08, (True, True)), "aot_over": (0.08, (True, True)),
    "gain": (0.02, (False, False)), "offset": (0.02, (False, False)),
}  # fmt: skip
_PLACE = [list(TYPES).index(name) for name in KINDS]
_STEP = 1e-3  # of reflectance, for the slopes of the laws
_ROUNDS = 3


def shapes(rho: FloatArray, nm: FloatArray, textured: AnyArray, **changed: float) -> FloatArray:
    """What the laws of ``KINDS`` do, per unit of amplitude, to levels and contrasts (n, kinds, m)
    of ground of reflectance ``rho`` (n, k): its value and its slope over reflectance. ``textured``:
    the bands that have a contrast; ``changed``: as ``templates.laws``.
    """
    level = laws(rho, nm, **changed)[:, _PLACE]
    slope = laws(rho + _STEP, nm, **changed) - laws(rho - _STEP, nm, **changed)
    both = np.concatenate((level, slope[:, _PLACE][..., textured] / (2.0 * _STEP)), axis=-1)
    # Bands of unknown wavelength tell no type.
    known = np.concatenate((np.isfinite(nm), np.isfinite(nm[textured])))
    return np.where(known, np.nan_to_num(both), 0.0)


def shape_errors(rho: FloatArray, nm: FloatArray, textured: AnyArray) -> FloatArray:
    """Errors of known direction (n, kinds, 2, m) of ``shapes``, one standard deviation each."""
    sizes = {"steeper": STEEPER, "absorbing": ABSORBING}
    sides = [
        0.5 * (shapes(rho, nm, textured, **{name: size})
               - shapes(rho, nm, textured, **{name: -size}))
        for name, size in sizes.items()
    ]  # fmt: skip
    has = np.array([ERRORS[name][1] for name in KINDS], dtype=np.float64)
    return np.asarray(np.stack(sides, axis=2) * has[..., None])


def fit(
    residual: FloatArray, law: FloatArray, errors: FloatArray, name: str
) -> tuple[float, float]:
    """Log-likelihood and amplitude of a law: ``residual``, ``law`` (m,) and ``errors`` (2, m) in
    units of independent noise.

    The amplitude is found under the errors that it brings; the last term of the likelihood is the
    price of an amplitude that is free within the size of the residual.
    """
    sign, size = TYPES[name][0], len(residual)
    power, energy = float(law @ law), float(residual @ residual)
    if power <= 1e-9:
        return -np.inf, float("nan")
    amplitude = float(residual @ law) / power
    own = errors.T @ errors + ERRORS[name][0] ** 2 * power / size * np.eye(size)
    for _ in range(_ROUNDS):
        solved = np.linalg.solve(np.eye(size) + amplitude**2 * own, law)
        amplitude = float(residual @ solved) / float(law @ solved)
    if sign * amplitude < 0.0:
        return -np.inf, amplitude
    matrix = np.eye(size) + amplitude**2 * own
    likelihood = _gaussian(residual - amplitude * law, matrix) - 0.5 * float(np.log1p(energy))
    if name == "offset":
        for value in (BASELINE_OFFSET, -BASELINE_OFFSET):
            # Exactly this offset is a known mistake: no amplitude has to be guessed.
            exact = residual - value * law
            likelihood = max(likelihood, -0.5 * float(exact @ exact))
    return likelihood, amplitude


def _gaussian(left: FloatArray, matrix: FloatArray) -> float:
    return -0.5 * float(left @ np.linalg.solve(matrix, left) + np.linalg.slogdet(matrix)[1])
