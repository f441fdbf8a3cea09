# SPDX-License-Identifier: GPL-3.0-or-later
"""How stable pixels are in time and in color.

Of the series of one band at the clear dates of a pixel, y(t) = level + directions(t) + trend * t +
r(t), fitted robustly:

- temporal CV: standard deviation of r by the level, in percent; without residuals beyond three
  robust standard deviations. Beside it the raw CV: the same of y about its median.
- trend in percent of the level per year, with its standard error for independent residuals.
- spectral CV: e_b(t) = r_b(t) / y_b(t) modeled is the relative residual of band b; what all bands
  share, its mean over the bands, is taken off each date. The root mean square of the rest over
  bands and dates, with the factor b / (b - 1) for that mean, is the spectral CV. It equals the
  root mean square of the CVs of all ratios of two bands, divided by sqrt(2): for bands that
  scatter independently it is their mean temporal CV, for bands that brighten together it is 0.
  A site may well change its brightness by aerosol, but not its color; the stability in each band
  and of the spectral shape is what the searches of Bacour et al. 2019 (doi:10.3390/rs11101166) and
  Tuli et al. 2019 (doi:10.3390/rs11121502) ask for; the figure is defined here.
- clear frequency: dates on which all bands are seen, by all dates, in percent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...types import FloatArray
from .design import Design
from .robust_fit import CUT_FACTOR, RobustFit, clipped_scatter, fit_robustly, median_of

# Pixels that are fitted at a time. All parts have this size (the last one is filled up), because a
# matrix product may round differently for another size: tiles of any size give the same bits.
PART = 1024
Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class PixelStability:
    """Of b bands and p pixels, NaN where a pixel has too few clear dates: ``level`` (b, p)
    reflectance under the mean directions; ``level_se``; ``temporal``, ``temporal_se``, ``raw``
    (b, p) percent; ``trend``, ``trend_se`` (b, p) percent per year, NaN without a trend;
    ``spectral`` (p,) percent, NaN of a single band; ``clear`` (p,) percent and ``count`` (p,) of
    the clear dates, never NaN.
    """

    level: Float32
    level_se: Float32
    temporal: Float32
    temporal_se: Float32
    raw: Float32
    trend: Float32
    trend_se: Float32
    spectral: Float32
    clear: Float32
    count: Float32


BY_BAND = ("level", "level_se", "temporal", "temporal_se", "raw", "trend", "trend_se")
ONCE = ("spectral", "clear", "count")


def pixel_stability(values: Float32, design: Design, least_dates: int) -> PixelStability:
    """The stability of ``values`` (n, b, p), NaN where nothing is seen.

    A date counts for a pixel where all bands are seen; pixels with fewer than ``least_dates`` such
    dates, and bands whose level is not above 0, are NaN.
    """
    dates, bands, pixels = values.shape
    found = {name: np.full((bands, pixels), np.nan, np.float32) for name in BY_BAND}
    found |= {name: np.full(pixels, np.nan, np.float32) for name in ONCE}
    part = np.full((PART, bands, dates), np.nan)
    for begin in range(0, pixels, PART):
        place = slice(begin, min(begin + PART, pixels))
        size = place.stop - begin
        part[:size] = values[:, :, place].transpose(2, 1, 0)
        part[size:] = np.nan
        for name, figure in _of_part(part, design, least_dates).items():
            found[name][..., place] = figure[..., :size]
    return PixelStability(**found)


def _of_part(part: FloatArray, design: Design, least_dates: int) -> dict[str, FloatArray]:
    clear = np.isfinite(part).all(axis=1)
    count = clear.sum(axis=1)
    enough = count >= least_dates
    bands = part.shape[1]
    figures: dict[str, list[FloatArray]] = {name: [] for name in BY_BAND}
    shapes, used = [], clear.copy()
    for band in range(bands):
        series = np.where(clear & enough[:, None], part[:, band], np.nan)
        fitted = fit_robustly(design.columns, series)
        level = np.where(fitted.coefficients[:, 0] > 0.0, fitted.coefficients[:, 0], np.nan)
        for name, figure in _of_band(series, fitted, level, design).items():
            figures[name].append(np.where(enough, figure, np.nan))
        with np.errstate(invalid="ignore", divide="ignore"):
            shapes.append(fitted.residuals / (series - fitted.residuals))
        used &= fitted.used
    found = {name: np.stack(rows) for name, rows in figures.items()}
    spectral = spectral_cv(np.stack(shapes, axis=1), used, design.columns.shape[1])
    found["spectral"] = np.where(enough, spectral, np.nan)
    found["clear"] = 100.0 * count / part.shape[2]
    found["count"] = count.astype(np.float64)
    return found


def _of_band(
    series: FloatArray, fitted: RobustFit, level: FloatArray, design: Design
) -> dict[str, FloatArray]:
    seen = np.isfinite(series)
    about = np.where(seen, series - median_of(series, seen)[:, None], 0.0)
    raw = clipped_scatter(about, seen, 1)[1]
    none = np.full(len(level), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        temporal = 100.0 * fitted.scatter / level
        figures = {
            "level": level,
            "level_se": fitted.errors(0),
            "temporal": temporal,
            "temporal_se": temporal / np.sqrt(2.0 * fitted.freedom),
            "raw": 100.0 * raw / level,
            "trend": none,
            "trend_se": none,
        }
        if design.trend:
            last = design.columns.shape[1] - 1
            figures["trend"] = 100.0 * fitted.coefficients[:, last] / level
            figures["trend_se"] = 100.0 * fitted.errors(last) / level
    return figures


def spectral_cv(shapes: FloatArray, used: FloatArray, terms: int) -> FloatArray:
    """The spectral CV (p,) in percent of relative residuals ``shapes`` (p, b, n) on ``used`` (p, n)
    dates, from a model of ``terms``; NaN of one band, or where too few dates are left.
    """
    bands = shapes.shape[1]
    if bands < 2:
        return np.full(len(shapes), np.nan)
    seen = used & np.isfinite(shapes).all(axis=1)
    kept = np.where(seen[:, None], shapes, 0.0)
    apart = kept - kept.mean(axis=1, keepdims=True)
    squares = (apart**2).sum(axis=(1, 2)) / (bands - 1)
    freedom = seen.sum(axis=1) - float(terms)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = squares / np.where(freedom > 0.0, freedom, np.nan)
    found: FloatArray = 100.0 * np.sqrt(share) / CUT_FACTOR
    return found
