# SPDX-License-Identifier: GPL-3.0-or-later
"""The reflectance of the ground between the bands of a sensor: a curve for each observation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..types import AnyArray, FloatArray
from .sensor_models import BandModel
from .spectral import (
    Response,
    Spectrum,
    curve_through_points,
    curve_through_spectrum,
    through_points,
    through_spectrum,
)


class Surface(Protocol):
    """Curves of n observations."""

    def mean(self, response: Response) -> FloatArray:
        """Band means (n,), NaN where nothing is known."""
        ...

    def at(self, wavelength_nm: FloatArray) -> FloatArray:
        """Reflectances (n, m) at wavelengths (nm)."""
        ...


@dataclass(frozen=True)
class PointSurface:
    """Splines through reflectances (n, c) at wavelengths (c,)."""

    wavelength_nm: FloatArray
    reflectance: FloatArray
    monotone: bool = False

    def mean(self, response: Response) -> FloatArray:
        """Band means (n,); see ``through_points``."""
        return through_points(self.wavelength_nm, self.reflectance, response, self.monotone)

    def at(self, wavelength_nm: FloatArray) -> FloatArray:
        """The curves (n, m)."""
        return curve_through_points(
            self.wavelength_nm, self.reflectance, wavelength_nm, self.monotone
        )


@dataclass(frozen=True)
class SpectrumSurface:
    """Spectra by site, stretched to pass through reflectances (n, c) in bands of ``responses``; NaN
    for ``sites`` (n,) without one.
    """

    wavelength_nm: FloatArray
    reflectance: FloatArray
    responses: tuple[Response, ...]
    sites: AnyArray
    spectra: Mapping[str, Spectrum]
    smooth: bool = False

    def mean(self, response: Response) -> FloatArray:
        """Band means (n,); see ``through_spectrum``."""
        return self._each(
            lambda ground, spectrum: through_spectrum(
                self.wavelength_nm, ground, self.responses, response, spectrum, self.smooth
            ),
            (),
        )

    def at(self, wavelength_nm: FloatArray) -> FloatArray:
        """The curves (n, m)."""
        return self._each(
            lambda ground, spectrum: curve_through_spectrum(
                self.wavelength_nm, ground, self.responses, wavelength_nm, spectrum, self.smooth
            ),
            wavelength_nm.shape,
        )

    def _each(
        self, made: Callable[[FloatArray, Spectrum], FloatArray], shape: tuple[int, ...]
    ) -> FloatArray:
        found = np.full((len(self.reflectance), *shape), np.nan)
        for site, spectrum in self.spectra.items():
            rows = self.sites == site
            if rows.any():
                found[rows] = made(self.reflectance[rows], spectrum)
        return found


def response_of(model: BandModel) -> Response:
    """The response of a band; of one without, a narrow box at its wavelength."""
    if model.response is not None:
        return model.response
    at = model.wavelength_nm
    return Response(np.array([at - 0.5, at, at + 0.5]), np.array([1.0, 1.0, 1.0]), model.name)
