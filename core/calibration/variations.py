# SPDX-License-Identifier: GPL-3.0-or-later
"""Coefficients of the same pairs, computed in a changed way: what a budget is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..types import FloatArray
from .desert import Calibration
from .meteo import NO_SHIFT, Meteo, OneSided, Shift, one_sided
from .sensor_models import BandModel
from .transfer import SpectralMethod, Transfer

# How much less well the center of a band is known of which only the nominal wavelength is: names
# and lists are up to 5 nm off the center of the response (555 and 560 nm of AATSR in the green),
# against 0.5 nm of a measured one.
NOMINAL_FACTOR = 10.0


@dataclass(frozen=True)
class Variation:
    """A changed way of computing the coefficients."""

    target: Shift = NO_SHIFT
    reference: Shift = NO_SHIFT
    response_nm: float = 0.0  # of bands without response ``NOMINAL_FACTOR`` times that
    gain: float = 0.0  # of the reference sensor, relative
    method: SpectralMethod | None = None
    otherwise: bool = False  # between the reference bands; see ``Transfer.simulated``
    directions: FloatArray | None = None  # another factor of ``Transfer.brdf`` (p, c)
    meteo: Meteo | None = None  # other assumptions about the atmosphere


def coefficients_with(result: Calibration, variation: Variation, method: int = 0) -> FloatArray:
    """The coefficients (p, b) of the same pairs under a ``variation``."""
    way = result.way
    if variation.response_nm:
        way = _shifted(way, variation.response_nm)
    if variation.meteo is not None:
        way = replace(way, meteo=variation.meteo)
    if variation.directions is not None and way.brdf is not None:
        way = replace(way, brdf=replace(way.brdf, factor=variation.directions))
    ground = way.ground(variation.reference)
    if variation.gain:
        # What the reference measures is multiplied; its ground is nearly proportional.
        measured = way.reference.measurements
        changed = measured.with_columns(mean=measured["mean"] * (1.0 + variation.gain))
        side = replace(way.reference, measurements=changed)
        ground = replace(way, reference=side).ground(variation.reference)
    chosen = variation.method or result.methods[method]
    simulated = way.simulated(chosen, ground, variation.target, variation.otherwise)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(way.measured / simulated)


def means(result: Calibration, values: FloatArray, method: int = 0) -> FloatArray:
    """Means (b,) of coefficients (p, b) over the pairs that the result keeps; NaN for none."""
    return np.array([
        values[kept, band].mean() if len(kept := result.kept(method, band)) else np.nan
        for band in range(len(result.bands))
    ])  # fmt: skip


def relative_change(result: Calibration, variation: Variation, method: int = 0) -> FloatArray:
    """By how many percent the mean coefficients (b,) change under a ``variation``."""
    plain = means(result, result.a_k[method], method)
    return 100.0 * (means(result, coefficients_with(result, variation, method), method) / plain - 1)


def _shifted(way: Transfer, shift_nm: float) -> Transfer:
    bands = tuple(_moved(band, shift_nm) for band in way.target.bands)
    return replace(way, target=replace(way.target, bands=bands))


def _moved(band: BandModel, shift_nm: float) -> BandModel:
    """The band with its response, or its nominal wavelength, which is less well known, moved."""
    if band.response is not None:
        return replace(band, response=band.response.shifted(shift_nm))
    return replace(band, wavelength_nm=band.wavelength_nm + NOMINAL_FACTOR * shift_nm)


def one_sided_air(result: Calibration) -> tuple[OneSided, ...]:
    """What only one sensor of the pairs states of the air, see ``meteo.one_sided``."""
    way = result.way
    return one_sided(
        way.target.measurements.select(result.pairs.target),
        way.reference.measurements.select(result.pairs.reference),
        way.meteo,
    )
