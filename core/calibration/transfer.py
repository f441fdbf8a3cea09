# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sensor should have measured, from what another one did: to the ground and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from ..types import AnyArray, FloatArray
from .atmosphere import Air, Angles, Effects, above, below
from .directional import Correction, Directions, Seen, directions
from .geometry import relative_azimuth_deg
from .matching import Pairs
from .meteo import NO_SHIFT, Meteo, Model, Shift, air_of
from .molecular import molecular_effects
from .sensor_models import BandModel
from .smac import SmacCoefficients
from .smac import effects as smac_effects
from .spectral import Spectrum
from .surfaces import PointSurface, SpectrumSurface, Surface, response_of
from .toa_integration import Scattering, integration_factor, scattering
from .types import Measurements

_EFFECTS: Mapping[Model, Callable[[SmacCoefficients, Angles, Air], Effects]] = {
    Model.SMAC: smac_effects, Model.MOLECULAR: molecular_effects,
}  # fmt: skip


class SpectralMethod(StrEnum):
    """How surface reflectances in the reference bands become those in the target's.

    ``SPLINE``: a cubic spline through them; ``MONOTONE``: one without extremes between the points;
    ``HYPERSPECTRUM``: a known spectrum of the site, stretched to pass through them. These average
    the surface over the band; ``TOA_INTEGRATION`` (of the spline) and ``TOA_HYPERSPECTRUM`` average
    the simulated signal at the top of the atmosphere (``toa_integration``).
    """

    SPLINE = "spline"
    MONOTONE = "monotone"
    HYPERSPECTRUM = "hyperspectrum"
    TOA_INTEGRATION = "toa_integration"
    TOA_HYPERSPECTRUM = "toa_hyperspectrum"

    @property
    def takes_spectrum(self) -> bool:
        """Whether it needs a spectrum of the site."""
        return self in (SpectralMethod.HYPERSPECTRUM, SpectralMethod.TOA_HYPERSPECTRUM)

    @property
    def integrates_toa(self) -> bool:
        """Whether it averages at the top of the atmosphere."""
        return self in (SpectralMethod.TOA_INTEGRATION, SpectralMethod.TOA_HYPERSPECTRUM)


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
    bands that the spectrum passes through, by rising wavelength; ``spectra``: by site; ``brdf``:
    what corrects the difference of directions, None for nothing.
    """

    target: Side
    reference: Side
    mine: AnyArray
    through: AnyArray
    pairs: Pairs
    meteo: Meteo
    spectra: Mapping[str, Spectrum] = field(default_factory=dict)
    brdf: Directions | None = None

    @cached_property
    def measured(self) -> FloatArray:
        """TOA reflectance of the target (p, b)."""
        values: FloatArray = self._seen.measurements["mean"][:, self.mine]
        return values

    def ground(self, shift: Shift = NO_SHIFT) -> FloatArray:
        """Surface reflectance (p, c) under the reference's observations, with ``brdf`` under the
        directions of the target's.
        """
        found = self._below(self._through, shift.of(self._airs[1]))
        return found if self.brdf is None else np.asarray(found * self.brdf.factor)

    def corrected(self, correction: Correction, rows: AnyArray) -> Transfer:
        """The same with a correction of directions, fitted to ``rows`` of the reference."""
        sites = self._seen.measurements["site"].astype(str)
        of_rows = self.reference.measurements["site"][rows].astype(str)
        seen: dict[str, Sequence[Seen]] = {}
        for site in np.unique(sites):
            part = self.reference.select(rows[of_rows == site])
            air = air_of(part.measurements, self.meteo, part.altitude)
            ground = self._below(part, air)
            seen[str(site)] = [
                Seen(part.angles(band), ground[:, column])
                for column, band in enumerate(self.through)
            ]
        pairs = self._seen.angles(int(self.mine[0])), self._through.angles(int(self.through[0]))
        return replace(self, brdf=directions(correction, sites, pairs, seen))

    def _below(self, seen: Side, air: Air) -> FloatArray:
        """Surface reflectance (n, c) of observations of the reference."""
        effects = _EFFECTS[self.meteo.model]
        return np.stack([
            below(
                effects(_known(seen.bands[band]), seen.angles(band), air),
                seen.measurements["mean"][:, band],
            )
            for band in self.through
        ], axis=1)  # fmt: skip

    def simulated(
        self,
        method: SpectralMethod,
        ground: FloatArray,
        shift: Shift = NO_SHIFT,
        otherwise: bool = False,
    ) -> FloatArray:
        """The TOA reflectance that the target should have measured (p, b), from ``ground``.

        ``otherwise``: what lies between the reference bands is interpolated in the other way (a
        monotone for a plain cubic and back; the stretch of a spectrum by a monotone cubic).
        """
        seen, air, effects = self._seen, shift.of(self._airs[0]), _EFFECTS[self.meteo.model]
        surface = self._surface(method, ground, otherwise)
        change = self._scattering(air) if method.integrates_toa else None
        columns = []
        for band in self.mine:
            model = seen.bands[band]
            own = effects(_known(model), seen.angles(band), air)
            toa = above(own, surface.mean(response_of(model)))
            if change is not None:
                response = response_of(model)
                fine = surface.at(response.nodes()[0])
                toa = toa * integration_factor(fine, own, change, response)
            columns.append(toa)
        return np.stack(columns, axis=1)

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

    def _scattering(self, air: Air) -> Scattering:
        """How scattering changes with the wavelength over the target's observations."""
        effects, angles = _EFFECTS[self.meteo.model], self._seen.angles(int(self.mine[0]))
        models = [one for side in (self.reference, self.target) for one in side.bands if one.window]
        return scattering(
            [one.effective_nm for one in models],
            [effects(_known(one), angles, air) for one in models],
        )

    def _surface(self, method: SpectralMethod, ground: FloatArray, otherwise: bool) -> Surface:
        """The curve of the surface reflectance of each pair."""
        models = [self.reference.bands[band] for band in self.through]
        wavelengths = np.array([one.effective_nm for one in models])
        if not method.takes_spectrum:
            monotone = (method is SpectralMethod.MONOTONE) != otherwise
            return PointSurface(wavelengths, ground, monotone)
        responses = tuple(response_of(one) for one in models)
        sites = self._seen.measurements["site"].astype(str)
        spectra = {site: self.spectra[site] for site in np.unique(sites) if site in self.spectra}
        return SpectrumSurface(wavelengths, ground, responses, sites, spectra, otherwise)


def _known(model: BandModel) -> SmacCoefficients:
    if model.smac is None:
        raise ValueError(f"{model.name} has no SMAC coefficients")
    return model.smac
