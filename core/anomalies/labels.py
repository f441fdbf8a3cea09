# SPDX-License-Identifier: GPL-3.0-or-later
"""Which type of anomaly a residual spectrum is, how large, and how sure.

Each type is a Gaussian model of the whitened residual: an amplitude along its template, noise, and
an error of the template that grows with the amplitude. ``unknown`` is a residual in any direction.
All models carry the same prior; the confidence is the posterior share of the chosen one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, FloatArray
from .templates import TYPES, templates
from .whitening import factors, whiten

WRONG_DATE, UNKNOWN, NONE = "wrong_date", "unknown", "none"
ALL_TYPES = (*TYPES, WRONG_DATE, UNKNOWN)
UNITS = {**{name: unit for name, (_, _, unit) in TYPES.items()}, WRONG_DATE: "days"}
BASELINE_OFFSET = 0.1  # reflectance: Sentinel-2 since processing baseline 04.00
SHIFT_DAYS = np.concatenate((np.arange(-180, -14, 10), np.arange(20, 181, 10))).astype(np.float64)
_SHIFT_ERROR = 0.05


@dataclass(frozen=True)
class Labels:
    """Per residual (m,): ``type`` (text), ``amplitude`` (in ``UNITS`` of the type; the largest
    residual for ``unknown``), ``confidence`` and the posterior ``shares`` (m, types) in the order
    of ``ALL_TYPES``.
    """

    type: AnyArray
    amplitude: FloatArray
    confidence: FloatArray
    shares: FloatArray


def label(
    residual: FloatArray,
    expected: FloatArray,
    noise: FloatArray,
    correlation: FloatArray,
    wavelengths_nm: FloatArray,
    shifted: FloatArray | None = None,
) -> Labels:
    """Name the type of ``residual`` (m, k) (reflectance, missing bands NaN).

    ``expected`` (m, k) is the model there, ``noise`` (m, k) the standard deviation of the residual
    (with its leverage), ``correlation`` (m, k, k) that of the bands; ``shifted`` (m, shifts, k) the
    model at ``SHIFT_DAYS`` from the date, None where the date is not to be doubted.
    """
    known, values = log_likelihoods(residual, expected, noise, correlation, wavelengths_nm, shifted)
    shares = _shares(known)
    best = shares.argmax(axis=1)
    row = np.arange(len(best))
    return Labels(
        np.array(ALL_TYPES, dtype=object)[best], values[row, best], shares[row, best], shares
    )


def log_likelihoods(
    residual: FloatArray,
    expected: FloatArray,
    noise: FloatArray,
    correlation: FloatArray,
    wavelengths_nm: FloatArray,
    shifted: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray]:
    """How likely each of ``ALL_TYPES`` makes a residual, and the amplitude that fits it best, both
    (m, types); the arguments are those of ``label``. Logarithms, against noise alone with its
    -0.5 |r|^2 of the whitened residual r.
    """
    there = np.isfinite(residual) & np.isfinite(noise)
    factor = factors(correlation, there)
    scale = np.where(there, noise, 1.0)
    r = whiten(factor, np.where(there, residual / scale, 0.0)[:, None])[:, 0]
    shapes = np.where(there[:, None], templates(expected, wavelengths_nm) / scale[:, None], 0.0)
    t = whiten(factor, shapes)
    bands = there.sum(axis=1)
    energy = (r * r).sum(axis=1)
    known, amplitude = _match(r, t, energy, bands)
    days, moved = np.full(len(r), np.nan), np.full(len(r), -np.inf)
    if shifted is not None:
        seen: FloatArray = np.where(there, residual + expected, 0.0)
        left = np.where(there[:, None], seen[:, None] - np.nan_to_num(shifted), 0.0)
        days, moved = _best_shift(whiten(factor, left / scale[:, None]), energy, bands)
    spread = energy / np.maximum(1, bands)
    unknown = -0.5 * (energy / (1.0 + spread) + bands * np.log1p(spread))
    values = np.column_stack((amplitude, days, _largest(residual)))
    return np.column_stack((known, moved, unknown)), values


def _match(
    r: FloatArray, t: FloatArray, energy: FloatArray, bands: AnyArray
) -> tuple[FloatArray, FloatArray]:
    """Log-likelihood (m, types) and amplitude (m, types) along each template."""
    power = np.einsum("mtk,mtk->mt", t, t)
    along = np.einsum("mtk,mk->mt", t, r)
    amplitude = along / np.maximum(power, 1e-12)
    explained = along * amplitude
    signs = np.array([sign for sign, _, _ in TYPES.values()])
    errors = np.array([error for _, error, _ in TYPES.values()])
    others = np.maximum(1, bands - 1)[:, None]
    likelihood = _likelihood(energy[:, None] - explained, explained, errors, others, energy)
    wrong = (signs * amplitude < 0.0) | (power <= 1e-9) | ((signs == 0) & (amplitude == 0.0))
    likelihood[wrong] = -np.inf
    place = list(TYPES).index("offset")
    for value in (BASELINE_OFFSET, -BASELINE_OFFSET):
        # Exactly this offset is a known mistake: no amplitude has to be guessed.
        exact = ((r - value * t[:, place]) ** 2).sum(axis=1)
        likelihood[:, place] = np.maximum(likelihood[:, place], -0.5 * exact)
    percent = np.array([100.0 if unit == "percent" else 1.0 for _, _, unit in TYPES.values()])
    return likelihood, amplitude * percent


def _likelihood(
    misfit: FloatArray,
    explained: FloatArray,
    errors: FloatArray | float,
    others: AnyArray,
    energy: FloatArray,
) -> FloatArray:
    """Of a template with a relative error, which spreads over the ``others`` dimensions; the last
    term is the price of an amplitude that is free within the size of the residual.
    """
    extra = np.square(errors) * np.maximum(explained, 0.0) / others
    price = np.log1p(energy)[:, None]
    return np.asarray(-0.5 * (misfit / (1.0 + extra) + others * np.log1p(extra) + price))


def _best_shift(
    left: FloatArray, energy: FloatArray, bands: AnyArray
) -> tuple[FloatArray, FloatArray]:
    """Days (m,) at which the season fits best, and the log-likelihood that the date is wrong."""
    misfit = (left * left).sum(axis=2)
    best = misfit.argmin(axis=1)
    least = misfit[np.arange(len(best)), best]
    others = np.maximum(1, bands - 1)[:, None]
    gain = np.maximum(energy - least, 0.0)
    found = _likelihood(least[:, None], gain[:, None], _SHIFT_ERROR, others, energy)[:, 0]
    # Some ten days can be told from each other: one of them has been picked.
    return SHIFT_DAYS[best], np.where(least < energy, found - np.log(10.0), -np.inf)


def _shares(likelihood: FloatArray) -> FloatArray:
    weights = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _largest(residual: FloatArray) -> FloatArray:
    """The residual (m,) of the band where it is largest, with its sign."""
    place = np.where(np.isfinite(residual), np.abs(residual), -1.0).argmax(axis=1)
    return np.asarray(residual[np.arange(len(residual)), place])
