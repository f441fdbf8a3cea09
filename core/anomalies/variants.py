# SPDX-License-Identifier: GPL-3.0-or-later
"""The detector, and the same detector with one ingredient switched off, so that each can be seen at
work.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..dependencies import require
from ..types import BoolArray, FloatArray
from .detect import LOWER, DetectionSettings
from .law_chance import chance, follows_laws
from .robust import RIDGE, FitSettings, fit_plain
from .robust_numpy import normal_matrices, square_products
from .scores import Scores, p_values, prior_correlation, score
from .small_samples import calibrated


@dataclass(frozen=True)
class Variant:
    """A detector: its ``settings``, and which ingredients it has.

    ``robust``: the robust fit; else least squares through all clear dates. ``joint``: all bands
    together; else the band that is farthest off, with its p-value corrected for the number of bands
    (Sidak). ``whitened``: the correlation of the bands' noise is allowed for; else they are taken
    as independent. ``laws``: what follows the law of a known anomaly needs less; else, and where
    one of the last two is missing, all deviations count alike.
    """

    settings: DetectionSettings = field(default_factory=DetectionSettings)
    robust: bool = True
    joint: bool = True
    whitened: bool = True
    laws: bool = True

    @property
    def fit(self) -> tuple[bool, bool]:
        """What variants of equal scores have in common: robust or not, scale from below or not."""
        return self.robust, self.settings.scale == LOWER


DEFAULT = "default"
# Each differs from the first by one ingredient.
INGREDIENTS: dict[str, Variant] = {
    DEFAULT: Variant(),
    "least_squares": Variant(robust=False),
    "any_band": Variant(joint=False),
    "not_whitened": Variant(whitened=False),
    "no_laws": Variant(laws=False),
    "lower_scale": Variant(DetectionSettings(scale=LOWER)),
}


def variant_scores(
    x: FloatArray, values: FloatArray, clear: BoolArray, nm: FloatArray, variant: Variant
) -> Scores:
    """Scores of many pixels: design ``x`` (n, p), ``values`` (n, k, pixels) without gaps,
    ``clear`` (n, pixels), wavelengths ``nm`` (k,).
    """
    if variant.robust:
        fit = FitSettings(lower=variant.settings.scale == LOWER)
        return score(x, values, clear, prior_correlation(nm), fit)
    return _least_squares(x, values, clear)


def variant_p(scores: Scores, clear: BoolArray, nm: FloatArray, variant: Variant) -> FloatArray:
    """Chance (n, pixels) of each date by the rules of the variant; ``clear`` (n, pixels), ``nm``
    (k,) as above. Only that of the detector, with or without the laws, is made right for few dates.
    """
    if not variant.joint:
        every = np.ones_like(scores.z)
        kept = np.broadcast_to(scores.kept[:, None], scores.z.shape)
        freedom = scores.freedom[:, None] * every
        p = p_values(scores.z**2, kept, every, freedom)
        least = np.nanmin(np.where(np.isfinite(p), p, np.inf), axis=1)
        least = np.where(np.isfinite(least), least, np.nan)
        return np.asarray(-np.expm1(scores.bands * np.log1p(-np.minimum(least, 1.0 - 1e-16))))
    if not variant.whitened:
        special = require("scipy.special")
        found = np.isfinite(scores.distance) & (scores.bands > 0)
        power = np.nansum(scores.z**2, axis=1)
        p = special.chdtrc(np.where(found, scores.bands, 1.0), power)
        return np.asarray(np.where(found, p, np.nan))
    if variant.robust:
        lower, level = variant.settings.scale == LOWER, variant.settings.threshold
        laws = variant.laws and follows_laws(scores, nm)
        scores = calibrated(scores, clear, prior_correlation(nm), level, laws, lower)
    return chance(scores, nm) if variant.laws else scores.p_value


def _least_squares(x: FloatArray, values: FloatArray, clear: BoolArray) -> Scores:
    """Plain least squares and the plain covariance of its residuals, over all clear dates."""
    masked = np.where(clear[:, None], values, np.nan)
    fit = fit_plain(x, masked, RIDGE)
    expected = fit.expected(x)
    residual = values - expected
    hat = _leverages(x, clear)
    spread = np.where(clear, 1.0 - np.minimum(hat, 1.0 - 1e-9), 1.0 + hat)
    z = residual / (fit.scale * np.sqrt(spread)[:, None])
    inside = np.where(clear[:, None], residual / fit.scale, 0.0).transpose(2, 0, 1)
    product = inside.transpose(0, 2, 1) @ inside
    power = np.sqrt(np.einsum("pkk->pk", product))
    correlation = product / (power[:, :, None] * power[:, None, :])
    seen = z.transpose(2, 1, 0)
    distance = np.einsum("pkn,pkn->np", seen, np.linalg.solve(correlation, seen))
    freedom = np.broadcast_to(clear.sum(axis=0) - x.shape[1], clear.shape).astype(np.float64)
    bands = np.full(clear.shape, float(values.shape[1]))
    return Scores(
        expected, residual, z, distance, freedom, bands, hat, clear, fit.scale,
        correlation.transpose(1, 2, 0), fit.coefficients,
    )  # fmt: skip


def _leverages(x: FloatArray, clear: BoolArray) -> FloatArray:
    """Leverage (n, pixels) of each date in the fit of the clear ones."""
    products = square_products(x)
    matrices = normal_matrices(products, clear.T.astype(np.float64), RIDGE)
    inverse = np.linalg.inv(matrices).reshape(clear.shape[1], -1)
    return np.asarray(products @ inverse.T)
