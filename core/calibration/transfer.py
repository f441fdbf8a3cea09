# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sensor should have measured, from what another one did: to the ground and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from ..types import AnyArray, FloatArray
from .geometry import relative_azimuth_deg
from .matching import Pairs
from .meteo import Meteo, air_of
from .sensor_models import BandModel
from .smac import Air, Angles, surface_reflectance, toa_reflectance
from .spectral import Response, Spectrum, through_points, through_spectrum
from .types import Measurements


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

    def altitude(self, rows: AnyArray) -> FloatArray:
        """The altitude of the site of each row, NaN where unknown."""
        sites = self.measurements["site"][rows]
        return np.array([self.altitudes_m.get(str(site), np.nan) for site in sites])


def ground_reflectance(
    reference: Side, through: AnyArray, pairs: Pairs, meteo: Meteo, target: Side
) -> FloatArray:
    """Surface reflectance (p, c) under the reference observation of each pair."""
    seen = reference.measurements.select(pairs.reference)
    partner = target.measurements.select(pairs.target)
    air = air_of(seen, meteo, reference.altitude(pairs.reference), partner)
    return np.stack(
        [_to_ground(seen, reference.bands[band], band, air) for band in through], axis=1
    )


def simulate(
    target: Side,
    reference: Side,
    bands: tuple[AnyArray, AnyArray],
    pairs: Pairs,
    surface: FloatArray,
    methods: Sequence[SpectralMethod],
    meteo: Meteo,
    spectra: Mapping[str, Spectrum],
) -> FloatArray:
    """The TOA reflectance that each target should have measured (m, p, b), from the ``surface``
    reflectance (p, c) in the reference bands.
    """
    mine, through = bands
    models = [reference.bands[band] for band in through]
    wavelengths = np.array([model.effective_nm for model in models])
    order = np.argsort(wavelengths)
    seen = target.measurements.select(pairs.target)
    partner = reference.measurements.select(pairs.reference)
    air = air_of(seen, meteo, target.altitude(pairs.target), partner)
    out = np.full((len(methods), len(pairs), len(mine)), np.nan)
    for column, band in enumerate(mine):
        model, angles = target.bands[band], _angles(seen, band)
        for row, method in enumerate(methods):
            ground = _ground(
                method, wavelengths[order], surface[:, order],
                [models[place] for place in order], model, spectra, seen["site"],
            )  # fmt: skip
            if model.smac is not None:
                out[row, :, column] = toa_reflectance(ground, model.smac, angles, air)
    return out


def _ground(
    method: SpectralMethod,
    wavelengths: FloatArray,
    surface: FloatArray,
    models: Sequence[BandModel],
    model: BandModel,
    spectra: Mapping[str, Spectrum],
    sites: AnyArray,
) -> FloatArray:
    """Surface reflectance of one target band (p,)."""
    response = _response(model)
    if method is not SpectralMethod.HYPERSPECTRUM:
        monotone = method is SpectralMethod.MONOTONE
        return through_points(wavelengths, surface, response, monotone)
    ground = np.full(len(surface), np.nan)
    responses = tuple(_response(one) for one in models)
    for site, spectrum in spectra.items():
        rows = sites == site
        if rows.any():
            ground[rows] = through_spectrum(
                wavelengths, surface[rows], responses, response, spectrum
            )
    return ground


def _response(model: BandModel) -> Response:
    """The response of a band; of one without, a narrow box at its wavelength."""
    if model.response is not None:
        return model.response
    at = model.wavelength_nm
    return Response(np.array([at - 0.5, at, at + 0.5]), np.array([1.0, 1.0, 1.0]), model.name)


def _to_ground(seen: Measurements, model: BandModel, band: int, air: Air) -> FloatArray:
    if model.smac is None:
        raise ValueError(f"{model.name} has no SMAC coefficients")
    return surface_reflectance(seen["mean"][:, band], model.smac, _angles(seen, band), air)


def _angles(seen: Measurements, band: int) -> Angles:
    view = seen["view_azimuth_deg"][:, band]
    turn = relative_azimuth_deg(seen["sun_azimuth_deg"], view)
    return Angles(
        seen["sun_zenith_deg"],
        seen["view_zenith_deg"][:, band],
        np.where(np.isfinite(turn), turn, 0.0),
    )
