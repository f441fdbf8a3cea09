# SPDX-License-Identifier: GPL-3.0-or-later
"""The signal at the top of the atmosphere integrated over a band, instead of the surface.

SMAC treats a band as if it were one wavelength: it gets the band mean of the surface reflectance.
Over a wide band the surface and the atmosphere change together (sand brightens toward the red where
the air clears), and the mean of their product is not the product of their means. Here the product
is formed wavelength by wavelength and averaged then.

SMAC has coefficients per band only. What scatters (molecules, aerosol) is continuous in wavelength:
a polynomial of its logarithm in that of the wavelength, through the bands of both sensors, says how
path reflectance, scattering transmission and spherical albedo change across the band. Their level
is that of the band's own coefficients: the mean over the band is kept, only the change within it is
added, so that nothing changes over a ground of one color. Absorption by gases has lines that bands
do not show: its transmission stays that of the band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..types import FloatArray
from .atmosphere import Effects, above
from .spectral import Response

_LEAST = 1e-7
_CENTER_NM = 600.0  # keeps the logarithms small
# Distinct wavelengths (nm apart) that a polynomial of each degree needs.
_DISTINCT_NM, _NEEDED = 10.0, ((3, 6), (2, 4), (1, 2))


@dataclass(frozen=True)
class Scattering:
    """How scattering changes with the wavelength for n observations: coefficients (n, d), by rising
    power, of the logarithms of path reflectance, optical thickness of both ways, and albedo.
    """

    path: FloatArray
    thickness: FloatArray
    albedo: FloatArray

    def across(self, band: Effects, wavelength_nm: FloatArray, weights: FloatArray) -> Effects:
        """Effects (n, m) at wavelengths (m,) within a band whose own ones (n,) are ``band``, of
        which they keep the mean by ``weights`` (m,); the gas (n, 1) is the same for all.
        """
        gas, transmission, path, albedo = (np.asarray(one)[..., None] for one in band)
        thickness = -np.log(np.clip(transmission, _LEAST, 1.0))
        fine = np.exp(-thickness * _shape(self.thickness, wavelength_nm, weights))
        whole = (fine @ weights)[..., None]
        return Effects(
            gas, fine * transmission / whole, path * _shape(self.path, wavelength_nm, weights),
            albedo * _shape(self.albedo, wavelength_nm, weights),
        )  # fmt: skip


def scattering(wavelength_nm: Sequence[float], effects: Sequence[Effects]) -> Scattering:
    """The change with the wavelength that the effects (n,) of some bands say.

    A cubic of the logarithms for six or more wavelengths that are 10 nm apart, a parabola for four,
    a straight line (a power law) for two; none for one.
    """
    at = np.asarray(wavelength_nm, dtype=np.float64)
    x = np.log(at / _CENTER_NM)
    distinct = 1 + int((np.diff(np.sort(at)) >= _DISTINCT_NM).sum())
    degree = next((degree for degree, needed in _NEEDED if distinct >= needed), 0)
    solve = np.linalg.pinv(np.vander(x, degree + 1, increasing=True)).T  # (bands, d)

    def fitted(values: Sequence[FloatArray]) -> FloatArray:
        stacked = np.stack(np.broadcast_arrays(*values), axis=-1)
        return np.asarray(np.log(np.maximum(stacked, _LEAST)) @ solve)

    with np.errstate(divide="ignore", invalid="ignore"):
        return Scattering(
            fitted([one.path for one in effects]),
            fitted([-np.log(np.clip(one.transmission, _LEAST, 1.0)) for one in effects]),
            fitted([one.albedo for one in effects]),
        )


def integration_factor(
    surface: FloatArray, band: Effects, change: Scattering, response: Response
) -> FloatArray:
    """The TOA reflectance integrated over a band by that of its mean surface (n,): 1 where surface
    or scattering do not change across it.

    ``surface`` (n, m): at the ``response.nodes()``; ``band``: its effects (n,).
    """
    wavelength, weights = response.nodes()
    fine = change.across(band, wavelength, weights)
    integrated = above(fine, surface) @ weights
    factor: FloatArray = integrated / above(band, surface @ weights)
    return factor


def _shape(coefficients: FloatArray, wavelength_nm: FloatArray, weights: FloatArray) -> FloatArray:
    """The change (n, m) across wavelengths, of mean 1."""
    x = np.log(wavelength_nm / _CENTER_NM)
    powers = np.vander(x, coefficients.shape[-1], increasing=True).T
    shape = np.exp(coefficients @ powers)
    return np.asarray(shape / (shape @ weights)[..., None])
