# SPDX-License-Identifier: GPL-3.0-or-later
"""How far each date is from the seasonal model, in all bands together.

The robust fits only choose the dates that are in order. On these the model is fitted again by least
squares and the scatter of the bands estimated, until the set no longer changes (the reweighted
estimator of Rousseeuw & Van Driessen 1999, 10.1080/00401706.1999.10485670, in the shape of a
regression). The squared distance T2 = z' C^-1 z, with z = r / (s sqrt(1 -/+ h)) and leverage h,
then has known laws, which keep the rate of false alarms at its nominal value with few observations:
nu Beta(k/2, (nu - k)/2) for dates in the fit, nu k / (nu - k + 1) F(k, nu - k + 1) for the others
(Hotelling; for reweighted estimators Cerioli 2010, 10.1198/jasa.2009.tm09147).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..dependencies import require
from ..jit import worth_compiling
from ..types import BoolArray, FloatArray
from . import joint_kernels, joint_numpy
from .fit_parts import packed_products
from .joint_parts import JointArrays, JointOptions, JointTables
from .robust import Fit, FitSettings, fit_robust

START_LEVEL, KEEP_LEVEL = 0.025, 0.01  # share of good dates left out: at first, and in the end
PRIOR_WEIGHT = 200.0  # over the number of observations: how many more the prior counts for
LEAST_KEPT, LEAST_KEPT_LOWER = 0.75, 0.25  # share of the clear dates
PRIOR_RANGE, PRIOR_PEAK = 0.8, 0.9
STEPS = 12
MAX_LEVERAGE = 0.5  # a date that makes half of its own expectation cannot be tested
FEWEST_CLEAR = 18
_FEWEST_LOWER, _FEWEST_LOWER_PER_BAND = 120, 34


@dataclass(frozen=True)
class Scores:
    """Scores of n dates in k bands of one site, or of many pixels (last axis of all arrays).

    ``expected``, ``residual`` (reflectance) and ``z`` are (n, k[, pixels]). ``distance`` T2,
    ``freedom`` (degrees of freedom of the noise), ``bands`` (number of bands scored), ``leverage``
    and ``kept`` (whether the date is in the fit) are (n[, pixels]). ``noise`` (k[, pixels]) is in
    reflectance; ``correlation`` (k, k[, pixels]); ``coefficients`` (p, k[, pixels]). NaN where
    unknown.
    """

    expected: FloatArray
    residual: FloatArray
    z: FloatArray
    distance: FloatArray
    freedom: FloatArray
    bands: FloatArray
    leverage: FloatArray
    kept: BoolArray
    noise: FloatArray
    correlation: FloatArray
    coefficients: FloatArray

    @property
    def p_value(self) -> FloatArray:
        """Chance (n[, pixels]) that a good date is as far from the model; NaN where not scored."""
        return p_values(self.distance, self.kept, self.bands, self.freedom)


def fewest_clear(bands: int, lower: bool = False) -> int:
    """Clear dates from which on the laws of the p-value hold for so many ``bands``.

    18, or with the scale from below (``lower``) 34 for each band and 120 at least. That scale knows
    half of the dates only, so that with fewer too many are taken out of the fit and flagged: of
    clean Gaussian noise in 6 bands with 3 harmonics, at a threshold of 0.001, simulations gave
    0.13 with 36 dates, 0.020 with 60, 0.0058 with 100, 0.0019 with 150, 0.0007 with 200. From the
    named number on 0.001 gives 0.0007 to 0.0013, and 0.01 up to 0.017.
    """
    return max(_FEWEST_LOWER, _FEWEST_LOWER_PER_BAND * bands) if lower else FEWEST_CLEAR


def prior_correlation(wavelengths_nm: FloatArray) -> FloatArray:
    """Correlation (k, k) of the bands' noise before any is seen: what the atmosphere and the
    ground change in one band they change in its neighbors. 0.9 exp(-|ln(l1 / l2)| / 0.8) for
    wavelengths (k,) in nm, 0.5 where one is unknown.
    """
    logs = np.log(np.asarray(wavelengths_nm, dtype=np.float64))
    with np.errstate(invalid="ignore"):
        apart = np.abs(logs[:, None] - logs[None, :])
    prior = np.where(np.isfinite(apart), PRIOR_PEAK * np.exp(-apart / PRIOR_RANGE), 0.5)
    np.fill_diagonal(prior, 1.0)
    return np.asarray(prior)


def score(
    x: FloatArray,
    values: FloatArray,
    clear: BoolArray,
    prior: FloatArray,
    settings: FitSettings | None = None,
    compiled: bool | None = None,
) -> Scores:
    """Score all dates, from a fit to the clear ones.

    ``x`` (n, p) is the design; ``values`` (n, k) or (n, k, pixels) reflectance, gaps NaN; ``clear``
    (n,) or (n, pixels); ``prior`` (k, k) the correlation of the bands' noise. ``compiled``: with
    numba (None: where it is installed and there are many pixels); both ways agree to 1e-9. A band
    with fewer than p + 1 clear observations is not scored (NaN). The laws of the p-value hold from
    the clear dates that ``fewest_clear`` names on; the symmetric ones are conservative with few (of
    white noise, fewer than the threshold's share is below it). They are those of noise that is
    independent in time: where it is autoregressive, false alarms stay nominal up to a correlation
    of 0.6 between neighbors, and are some ten times the threshold of 0.001 at 0.9.
    """
    settings = settings or FitSettings()
    single = values.ndim == 2
    stack = np.asarray(values, np.float64)[..., None] if single else np.asarray(values, np.float64)
    mask = np.broadcast_to(clear[:, None] if clear.ndim == 1 else clear, stack[:, 0].shape)
    masked = np.where(mask[:, None], stack, np.nan)
    fit = fit_robust(x, masked, settings, compiled)
    result = _joint(x, stack, mask, prior, settings, fit, compiled)
    return _single(result) if single else result


def p_values(
    distance: FloatArray, kept: BoolArray, bands: FloatArray, freedom: FloatArray
) -> FloatArray:
    """Chance of a squared distance at least as large, by the laws named above; same shape as the
    arguments. NaN where there are no bands or not more degrees of freedom than bands.
    """
    special = require("scipy.special")
    good = np.isfinite(distance) & (bands > 0) & (freedom > bands)
    result = np.full(distance.shape, np.nan)
    at = good & kept
    k, nu, t2 = bands[at], freedom[at], distance[at]
    result[at] = special.betainc(0.5 * (nu - k), 0.5 * k, np.clip(1.0 - t2 / nu, 0.0, 1.0))
    at = good & ~kept
    k, nu, t2 = bands[at], freedom[at], distance[at]
    result[at] = special.fdtrc(k, nu - k + 1.0, t2 * (nu - k + 1.0) / (nu * k))
    return result


@lru_cache(maxsize=64)
def critical_distances(bands: int, dates: int, level: float) -> FloatArray:
    """T2 (2, bands + 1, dates + 1) that a share ``level`` of good dates exceeds: for dates in the
    fit, then for others; by number of bands and degrees of freedom. Infinite where undefined.
    """
    special = require("scipy.special")
    k, nu = np.meshgrid(np.arange(1.0, bands + 1), np.arange(dates + 1.0), indexing="ij")
    good = nu > k
    safe = np.where(good, nu, k + 1.0)
    inside = safe * (1.0 - special.betaincinv(0.5 * (safe - k), 0.5 * k, level))
    outside = safe * k / (safe - k + 1.0) * special.fdtri(k, safe - k + 1.0, 1.0 - level)
    table = np.full((2, bands + 1, dates + 1), np.inf)
    table[0, 1:], table[1, 1:] = np.where(good, inside, np.inf), np.where(good, outside, np.inf)
    table.setflags(write=False)
    return table


def consistency(bands: int, level: float) -> float:
    """What the variance of dates cut at ``level`` is multiplied by (Croux & Haesbroeck 1999,
    10.1006/jmva.1999.1839).
    """
    special = require("scipy.special")
    cut = special.chdtri(bands, level)
    return float((1.0 - level) / special.chdtr(bands + 2, cut))


def joint_options(bands: int, settings: FitSettings) -> JointOptions:
    """The constants of the refits."""
    return JointOptions(
        float(settings.ridge),
        float(settings.scale_floor),
        PRIOR_WEIGHT,
        STEPS,
        settings.lower,
        consistency(bands, KEEP_LEVEL),
        LEAST_KEPT_LOWER if settings.lower else LEAST_KEPT,
    )


def joint_arrays(pixels: int, bands: int, dates: int) -> JointArrays:
    """Room for the results of the refits."""
    return JointArrays(
        np.full((pixels, bands), np.nan),
        np.full((pixels, bands, bands), np.nan),
        np.empty((pixels, bands, dates)),
        np.empty((pixels, bands, dates)),
        np.empty((pixels, 3, dates)),
        np.zeros((pixels, dates), bool),
    )


def joint_tables(prior: FloatArray, dates: int) -> JointTables:
    """The ``prior`` (k, k) and the limits for up to so many ``dates``."""
    return JointTables(
        prior,
        critical_distances(len(prior), dates, START_LEVEL),
        critical_distances(len(prior), dates, KEEP_LEVEL),
    )


def _joint(
    x: FloatArray,
    stack: FloatArray,
    mask: BoolArray,
    prior: FloatArray,
    settings: FitSettings,
    fit: Fit,
    compiled: bool | None,
) -> Scores:
    dates, bands, pixels = stack.shape
    y = np.ascontiguousarray(stack.transpose(2, 1, 0))
    y[~np.isfinite(y)] = np.nan
    clear = np.ascontiguousarray(mask.T)
    options = joint_options(bands, settings)
    beta = np.ascontiguousarray(fit.coefficients.transpose(2, 1, 0))
    scale = np.ascontiguousarray(fit.scale.T)
    out, tables = joint_arrays(pixels, bands, dates), joint_tables(prior, dates)
    if not dates:
        pass  # nothing to score
    elif worth_compiling(len(y), compiled):
        x = np.ascontiguousarray(x)
        products = packed_products(x)
        joint_kernels.joint_many(x, products, y, clear, tables, options, beta, scale, out)
    else:
        joint_numpy.joint_many(x, y, clear, tables, options, beta, scale, out)
    return _collect(x, y, beta, out)


def _collect(x: FloatArray, y: FloatArray, beta: FloatArray, out: JointArrays) -> Scores:
    expected = beta @ x.T
    summary = out.summary
    scored = np.isfinite(out.z)
    leverage = np.where(scored, out.hat, -np.inf).max(axis=1)
    leverage[~scored.any(axis=1)] = np.nan
    return Scores(
        expected.transpose(2, 1, 0),
        (y - expected).transpose(2, 1, 0),
        out.z.transpose(2, 1, 0),
        summary[:, 0].T,
        summary[:, 1].T,
        summary[:, 2].T,
        leverage.T,
        out.kept.T,
        out.noise.T,
        out.correlation.transpose(1, 2, 0),
        beta.transpose(2, 1, 0),
    )


def _single(scores: Scores) -> Scores:
    return Scores(**{name: value[..., 0] for name, value in vars(scores).items()})
