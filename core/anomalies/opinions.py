# SPDX-License-Identifier: GPL-3.0-or-later
"""Second opinions on a date: simple, independent rules beside the joint score.

They raise no alarm by themselves; how many of them agree is reported with each date.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..types import BoolArray, FloatArray
from .harmonics import YEAR_DAYS
from .robust import FitSettings, fit_robust

HALF_WINDOW, HAMPEL_SIGMA = 3, 3.0
TMASK_FACTOR = 4.89
_TMASK_NM = (560.0, 1610.0)  # green and SWIR 1
_NEAR = 0.12  # relative distance of a band's wavelength
_MAD = 1.4826


def hampel(t: FloatArray, values: FloatArray, clear: BoolArray, nm: FloatArray) -> BoolArray:
    """Dates (n,) that differ in any band by more than 3 scaled MAD from the median of their clear
    neighbors, three on either side (Hampel filter: Davies & Gather 1993,
    10.1080/01621459.1993.10476339). ``values`` (n, k) by increasing ``t`` (n,); needs four
    neighbors.
    """
    rows = np.flatnonzero(clear)
    if len(rows) <= HALF_WINDOW:
        return np.zeros(len(values), bool)
    place = np.searchsorted(rows, np.arange(len(values)))
    around = place[:, None] + np.arange(-HALF_WINDOW, HALF_WINDOW + 1)
    inside = (around >= 0) & (around < len(rows))
    window = values[rows[np.clip(around, 0, len(rows) - 1)]]
    window = np.where(inside[..., None], window, np.nan)
    seen = np.isfinite(window).sum(axis=1) > HALF_WINDOW
    window = np.where(seen[:, None], window, 0.0)
    middle = np.nanmedian(window, axis=1)
    scale = _MAD * np.nanmedian(np.abs(window - middle[:, None]), axis=1)
    with np.errstate(invalid="ignore"):
        odd = seen & (np.abs(values - middle) > HAMPEL_SIGMA * scale)
    return np.asarray(odd.any(axis=1))


def tmask(t: FloatArray, values: FloatArray, clear: BoolArray, nm: FloatArray) -> BoolArray:
    """Dates (n,) off a robust fit of one year's and the whole series' wave, in green or SWIR 1, by
    more than 4.89 times the median difference of clear neighbors (Zhu & Woodcock 2014,
    10.1016/j.rse.2014.06.012). ``t`` (n,) in years, increasing; ``nm`` (k,) wavelengths, of which
    the nearest to 560 and 1610 nm within 12 % are used.
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
        step = np.median(np.abs(np.diff(seen)))
        with np.errstate(invalid="ignore"):
            flagged |= np.abs(values[:, band] - fit.expected(x)) > TMASK_FACTOR * step
    return flagged


Opinion = Callable[[FloatArray, FloatArray, BoolArray, FloatArray], BoolArray]
OPINIONS: dict[str, Opinion] = {"hampel": hampel, "tmask": tmask}
