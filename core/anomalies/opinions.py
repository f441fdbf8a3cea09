# SPDX-License-Identifier: GPL-3.0-or-later
"""Second opinions on a date: simple, independent rules beside the joint score.

They raise no alarm by themselves; how many of them agree is reported with each date.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..spread import TO_SIGMA
from ..types import BoolArray, FloatArray
from .harmonics import YEAR_DAYS
from .robust import SCALE_FLOOR, FitSettings, fit_robust

HALF_WINDOW = 3
HAMPEL_LEVEL = 0.0027  # chance beyond 3 standard deviations
# Of Gaussian noise: how many scaled MAD a value of a window of 4, 5, 6, 7 dates is off the median
# with the chance of _CHANCES (6 million simulated windows each). The MAD of so few is far from 1.
_CHANCES = (0.0001, 0.0003, 0.001, 0.003, 0.01)
_BEYOND = (
    (82.4, 47.1, 25.4, 14.5, 7.77),
    (90.3, 54.1, 29.4, 16.8, 8.95),
    (28.2, 19.5, 12.6, 8.56, 5.48),
    (29.2, 20.6, 13.4, 9.00, 5.73),
)
TMASK_FACTOR = 4.89
_TMASK_NM = (560.0, 1610.0)  # green and SWIR 1
_NEAR = 0.12  # relative distance of a band's wavelength


def hampel(t: FloatArray, values: FloatArray, clear: BoolArray, nm: FloatArray) -> BoolArray:
    """Dates (n,) that differ in any band by too many scaled MAD from the median of their clear
    neighbors, three on either side (Hampel filter: Davies & Gather 1993,
    10.1080/01621459.1993.10476339). ``values`` (n, k) by increasing ``t`` (n,); needs four
    neighbors.

    Too many is what 0.27 % of dates of Gaussian noise exceed, all bands together (Sidak), with the
    MAD of so few: some 17 in 6 bands, where the 3 of long windows would flag a quarter of them. The
    MAD is not taken below ``SCALE_FLOOR``.
    """
    rows = np.flatnonzero(clear)
    if len(rows) <= HALF_WINDOW:
        return np.zeros(len(values), bool)
    place = np.searchsorted(rows, np.arange(len(values)))
    around = place[:, None] + np.arange(-HALF_WINDOW, HALF_WINDOW + 1)
    inside = (around >= 0) & (around < len(rows))
    window = values[rows[np.clip(around, 0, len(rows) - 1)]]
    window = np.where(inside[..., None], window, np.nan)
    count = np.isfinite(window).sum(axis=1)
    seen = count > HALF_WINDOW
    limit = _limits(np.isfinite(values[rows]).any(axis=0).sum())[np.maximum(count, 4) - 4]
    window = np.where(seen[:, None], window, 0.0)
    middle = np.nanmedian(window, axis=1)
    scale = TO_SIGMA * np.nanmedian(np.abs(window - middle[:, None]), axis=1)
    with np.errstate(invalid="ignore"):
        odd = seen & (np.abs(values - middle) > limit * np.maximum(scale, SCALE_FLOOR))
    return np.asarray(odd.any(axis=1))


def _limits(bands: int) -> FloatArray:
    """Of windows of 4 to 7 dates: how many scaled MAD are too many, for so many bands."""
    chance = np.log(-np.expm1(np.log1p(-HAMPEL_LEVEL) / max(1, bands)))
    return np.exp([np.interp(chance, np.log(_CHANCES), np.log(row)) for row in _BEYOND])


def tmask(t: FloatArray, values: FloatArray, clear: BoolArray, nm: FloatArray) -> BoolArray:
    """Dates (n,) off a robust fit of one year's and the whole series' wave, in green or SWIR 1, by
    more than 4.89 times the median difference of clear neighbors (Zhu & Woodcock 2014,
    10.1016/j.rse.2014.06.012). ``t`` (n,) in years, increasing; ``nm`` (k,) wavelengths, of which
    the nearest to 560 and 1610 nm within 12 % are used. The difference is not taken below
    ``SCALE_FLOOR``.
    """
    flagged = np.zeros(len(values), bool)
    angle = 2.0 * np.pi * t
    long = angle / max(1.0, np.ceil(np.ptp(t) + 1.0 / YEAR_DAYS))
    x = np.stack(
        [np.ones_like(t), np.cos(angle), np.sin(angle), np.cos(long), np.sin(long)], axis=1
    )
    masked = np.where(clear[:, None], values, np.nan)
    for wanted in _TMASK_NM:
        apart = np.where(np.isfinite(nm), np.abs(nm / wanted - 1.0), np.inf)
        band = int(apart.argmin())
        series = masked[:, band]
        seen = series[np.isfinite(series)]
        if apart[band] > _NEAR or len(seen) <= x.shape[1] + 1:
            continue
        fit = fit_robust(x, series, FitSettings(iterations=5))
        # Constant or quantized series have no smaller noise.
        step = max(SCALE_FLOOR, float(np.median(np.abs(np.diff(seen)))))
        with np.errstate(invalid="ignore"):
            flagged |= np.abs(values[:, band] - fit.expected(x)) > TMASK_FACTOR * step
    return flagged


Opinion = Callable[[FloatArray, FloatArray, BoolArray, FloatArray], BoolArray]
OPINIONS: dict[str, Opinion] = {"hampel": hampel, "tmask": tmask}
