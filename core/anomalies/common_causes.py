# SPDX-License-Identifier: GPL-3.0-or-later
"""How much better one cause of all sites explains a date of a site than a cause of its own.

A fault of the sensor or of the processor is one number for all sites: a gain, an offset, a wrong
aerosol, or a gain of one band. For each such cause and amplitude the whitened residual of a date
has a likelihood; against it stands what the site may do alone: nothing, an anomaly of its own (as
rare as those of the site are), or weather, which may reach many sites on one day and so needs no
rarity. The logarithm of the ratio is the evidence of the site for the cause. Clouds that meet have
each their own thickness, so no one number fits them, and weather explains them better (likelihoods
of ``labels``, after whitening by the covariance of the residuals of the site).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..series.types import TimeSeries
from ..types import AnyArray, BoolArray, FloatArray
from .detect import Detection
from .labels import ALL_TYPES, log_likelihoods
from .templates import TYPES, laws
from .whitening import factors, whiten

GAIN, OFFSET, AEROSOL = "gain", "offset", "aot"
WEATHER = ("cloud", "thin_cloud", "shadow")
# cause -> smallest and largest amplitude that are tried: share or reflectance (aerosol: of black
# ground at 490 nm)
_RANGES = {GAIN: (0.02, 0.8), OFFSET: (0.004, 0.2), AEROSOL: (0.01, 0.3)}
_BAND_RANGE = (0.04, 0.8)
_RATIO = 1.1  # of amplitudes that follow each other
_UNEVEN = 0.05  # by how much the amplitude of one cause may differ from site to site
# How likely weather that the mask misses at one site is missed at the others on that day.
_WEATHER_MEETS = 0.2
# The share of dates of a site with anomalies of its own, before any is seen: 1 of 20.
_PRIOR_ODD, _PRIOR_DATES = 1.0, 20.0


@dataclass(frozen=True)
class Causes:
    """The causes that are tried: ``kind`` (g,), ``band`` (g,) ("" for all of them) and
    ``amplitude`` (g,), a share for gains, else reflectance.
    """

    kind: AnyArray
    band: AnyArray
    amplitude: FloatArray

    @property
    def families(self) -> AnyArray:
        """The first of each family that has a law of chance of its own: gain, offset, aerosol, and
        gains of one band.
        """
        names = np.where(self.band == "", self.kind, "band").astype(str)
        return np.flatnonzero(np.append(True, names[1:] != names[:-1]))


def causes_of(bands: tuple[str, ...]) -> Causes:
    """All causes for sites with these ``bands``."""
    ways = [(kind, "", *limits) for kind, limits in _RANGES.items()]
    ways += [(GAIN, band, *_BAND_RANGE) for band in bands] if len(bands) > 1 else []
    kinds, names, sizes = [], [], []
    for kind, band, low, high in ways:
        size = low * _RATIO ** np.arange(int(np.log(high / low) / np.log(_RATIO)) + 1)
        sizes += [*size, *-size]
        kinds += [kind] * (2 * len(size))
        names += [band] * (2 * len(size))
    return Causes(np.array(kinds, object), np.array(names, object), np.array(sizes))


def evidence(series: TimeSeries, detection: Detection, causes: Causes) -> FloatArray:
    """Evidence (n, g) of the dates of a site for each of the ``causes``: logarithm of the ratio of
    likelihoods; NaN at dates that were not tested. A gain of a band that the site lacks has none
    (-infinity).
    """
    result = np.full((len(series), len(causes.amplitude)), np.nan)
    rows = np.flatnonzero(detection.tested & np.isfinite(detection.p_value))
    if not len(rows):
        return result
    residual, expected = detection.residual[rows], detection.expected[rows]
    hat = np.where(detection.kept[rows], -detection.leverage[rows], detection.leverage[rows])
    noise = detection.noise * np.sqrt(np.maximum(1e-6, 1.0 + hat))[:, None]
    correlation = np.broadcast_to(detection.correlation, (len(rows), *detection.correlation.shape))
    there = np.isfinite(residual) & np.isfinite(noise)
    alone = _alone(detection, residual, expected, noise, correlation, series.wavelengths_nm)
    shapes, ways = _shapes(expected, series.wavelengths_nm, series.bands, there)
    factor = factors(correlation, there)
    scale = np.where(there, noise, 1.0)[:, None]
    white = whiten(factor, np.where(there[:, None], shapes, 0.0) / scale)
    seen = whiten(factor, np.where(there, residual, 0.0)[:, None] / scale)[:, 0]
    energy = (seen * seen).sum(axis=1)
    along, power = np.einsum("mwk,mk->mw", white, seen), np.einsum("mwk,mwk->mw", white, white)
    for way, (kind, band) in enumerate(ways):
        columns = np.flatnonzero((causes.kind == kind) & (causes.band == band))
        found = _likelihood(
            energy, along[:, way], power[:, way], there.sum(axis=1), causes.amplitude[columns],
            kind == GAIN,
        )  # fmt: skip
        result[np.ix_(rows, columns)] = np.where(power[:, way, None] > 0.0, found, -np.inf)
    result[rows] -= alone[:, None]
    absent = ~np.isin(causes.band, ["", *series.bands])
    result[np.ix_(rows, np.flatnonzero(absent))] = -np.inf
    return result


def _likelihood(
    energy: FloatArray,
    along: FloatArray,
    power: FloatArray,
    bands: AnyArray,
    amplitude: FloatArray,
    is_gain: bool,
) -> FloatArray:
    """Logarithm (m, g) of the likelihood of residuals of this ``energy`` (m,), given each of the
    amplitudes. A gain multiplies the noise too; amplitudes are somewhat uneven over sites.
    """
    misfit = energy[:, None] - 2.0 * along[:, None] * amplitude + power[:, None] * amplitude**2
    variance = np.maximum(1.0, 1.0 + amplitude) ** 2 if is_gain else np.ones(len(amplitude))
    count = np.maximum(1, bands)[:, None]
    variance = variance + _UNEVEN**2 * amplitude**2 * power[:, None] / count
    return np.asarray(-0.5 * (misfit / variance + count * np.log(variance)))


def _alone(
    detection: Detection,
    residual: FloatArray,
    expected: FloatArray,
    noise: FloatArray,
    correlation: FloatArray,
    nm: FloatArray,
) -> FloatArray:
    """Logarithm (m,) of the likelihood without any cause that sites share."""
    known, _ = log_likelihoods(residual, expected, noise, correlation, nm)
    quiet = _quiet(residual, noise, correlation)
    tested = detection.tested
    odd = (detection.flagged.sum() + _PRIOR_ODD) / (tested.sum() + _PRIOR_DATES)
    weather = np.isin(ALL_TYPES, WEATHER)
    parts = np.column_stack(
        (
            np.log1p(-odd) + quiet,
            np.log(odd / len(ALL_TYPES)) + known[:, ~weather],
            np.log(_WEATHER_MEETS / len(WEATHER)) + known[:, weather],
        )
    )
    return np.asarray(np.logaddexp.reduce(parts, axis=1))


def _quiet(residual: FloatArray, noise: FloatArray, correlation: FloatArray) -> FloatArray:
    there: BoolArray = np.isfinite(residual) & np.isfinite(noise)
    scaled = np.where(there, residual / np.where(there, noise, 1.0), 0.0)
    white = whiten(factors(correlation, there), scaled[:, None])[:, 0]
    return np.asarray(-0.5 * (white * white).sum(axis=1))


def _shapes(
    expected: FloatArray, nm: FloatArray, bands: tuple[str, ...], there: BoolArray
) -> tuple[FloatArray, list[tuple[str, str]]]:
    """Change of reflectance (m, ways, k) per unit of amplitude, and what each way is."""
    rho = np.nan_to_num(expected)
    known = np.isfinite(nm)
    aerosol = laws(np.clip(rho, 0.0, 1.0), np.where(known, nm, 550.0))
    aerosol = np.where(known, aerosol[:, list(TYPES).index("aot_under")], 0.0)
    single = rho[:, None] * np.eye(rho.shape[1])
    shapes = np.concatenate((np.stack((rho, np.ones_like(rho), aerosol), axis=1), single), axis=1)
    ways = [(GAIN, ""), (OFFSET, ""), (AEROSOL, ""), *((GAIN, band) for band in bands)]
    return np.where(there[:, None], shapes, 0.0), ways
