# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sensor should have measured, from what another one did: to the ground and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from ..types import AnyArray, FloatArray
from .atmosphere import Air, Angles, Effects, above, below
from .geometry import relative_azimuth_deg
from .matching import Pairs
from .meteo import NO_SHIFT, Meteo, Model, Shift, air_of
from .molecular import molecular_effects
from .sensor_models import BandModel
from .smac import SmacCoefficients
from .smac import effects as smac_effects
from .spectral import Response, Spectrum, through_points, through_spectrum
from .types import Measurements

_EFFECTS: Mapping[Model, Callable[[SmacCoefficients, Angles, Air], Effects]] = {
    Model.SMAC: smac_effects, Model.MOLECULAR: molecular_effects,
}  # fmt: skip


class SpectralMethod(StrEnum):
    """How surface reflectances in the reference bands become those in the target's.

    ``SPLINE``: a cubic spline through them; ``MONOTONE``: one without extremes between the points;
    ``HYPERSPECTRUM``: a known spectrum of the site, stretched to pass through them.
    """

    SPLINE = "spline"
    MONOTONE = "monotone"
    HYPERSPECTRUM = "hyperspectrum"


@dataclass(frozen=True)
class Side:
    """One of the two sensors: its measurements, its bands, and the altitude (m) of each site."""

    measurements: Measurements
    bands: tuple[BandModel, ...]
    altitudes_m: Mapping[str, float] = field(default_factory=dict)

    @property
    def altitude(self) -> FloatArray:
        """The altitude of the site of each row, NaN where unknown."""
        sites = self.measurements["site"]
        return np.array([self.altitudes_m.get(str(site), np.nan) for site in sites])

    def angles(self, band: int) -> Angles:
        """The directions of each row in a band; at the nadir the azimuth may be unknown."""
        seen = self.measurements
        turn = relative_azimuth_deg(seen["sun_azimuth_deg"], seen["view_azimuth_deg"][:, band])
        turn = np.where(np.isfinite(turn), turn, 0.0)
        return Angles(seen["sun_zenith_deg"], seen["view_zenith_deg"][:, band], turn)

    def select(self, rows: AnyArray) -> Side:
        """The same with some of the rows."""
        return replace(self, measurements=self.measurements.select(rows))


@dataclass(frozen=True)
class Transfer:
    """The way from the reference sensor's measurements to the target's, for p pairs.

    ``mine``: the b bands (indices) of the target that are simulated; ``through``: the c reference
    bands that the spectrum passes through, by rising wavelength; ``spectra``: by site.
    """

    target: Side
    reference: Side
    mine: AnyArray
    through: AnyArray
    pairs: Pairs
    meteo: Meteo
    spectra: Mapping[str, Spectrum] = field(default_factory=dict)

    @cached_property
    def measured(self) -> FloatArray:
        """TOA reflectance of the target (p, b)."""
        values: FloatArray = self._seen.measurements["mean"][:, self.mine]
        return values

    def ground(self, shift: Shift = NO_SHIFT) -> FloatArray:
        """Surface reflectance (p, c) under the reference's observations."""
        seen, air, effects = self._through, shift.of(self._airs[1]), _EFFECTS[self.meteo.model]
        return np.stack([
            below(
                effects(_known(seen.bands[band]), seen.angles(band), air),
                seen.measurements["mean"][:, band],
            )
            for band in self.through
        ], axis=1)  # fmt: skip

    def simulated(
        self, method: SpectralMethod, ground: FloatArray, shift: Shift = NO_SHIFT
    ) -> FloatArray:
        """The TOA reflectance that the target should have measured (p, b), from ``ground``."""
        seen, air, effects = self._seen, shift.of(self._airs[0]), _EFFECTS[self.meteo.model]
        return np.stack([
            above(
                effects(_known(seen.bands[band]), seen.angles(band), air),
                self._in_band(method, ground, seen.bands[band]),
            )
            for band in self.mine
        ], axis=1)  # fmt: skip

    @cached_property
    def _seen(self) -> Side:
        return self.target.select(self.pairs.target)

    @cached_property
    def _through(self) -> Side:
        return self.reference.select(self.pairs.reference)

    @cached_property
    def _airs(self) -> tuple[Air, Air]:
        """The atmosphere of the target's and of the reference's observations."""
        one, other = self._seen, self._through
        return (
            air_of(one.measurements, self.meteo, one.altitude, other.measurements),
            air_of(other.measurements, self.meteo, other.altitude, one.measurements),
        )

    def _in_band(self, method: SpectralMethod, ground: FloatArray, model: BandModel) -> FloatArray:
        """Surface reflectance of one target band (p,)."""
        models = [self.reference.bands[band] for band in self.through]
        wavelengths = np.array([one.effective_nm for one in models])
        response = _response(model)
        if method is not SpectralMethod.HYPERSPECTRUM:
            monotone = method is SpectralMethod.MONOTONE
            return through_points(wavelengths, ground, response, monotone)
        found = np.full(len(ground), np.nan)
        responses = tuple(_response(one) for one in models)
        sites = self._seen.measurements["site"]
        for site, spectrum in self.spectra.items():
            rows = sites == site
            if rows.any():
                found[rows] = through_spectrum(
                    wavelengths, ground[rows], responses, response, spectrum
                )
        return found


def _known(model: BandModel) -> SmacCoefficients:
    if model.smac is None:
        raise ValueError(f"{model.name} has no SMAC coefficients")
    return model.smac


def _response(model: BandModel) -> Response:
    """The response of a band; of one without, a narrow box at its wavelength."""
    if model.response is not None:
        return model.response
    at = model.wavelength_nm
    return Response(np.array([at - 0.5, at, at + 0.5]), np.array([1.0, 1.0, 1.0]), model.name)
