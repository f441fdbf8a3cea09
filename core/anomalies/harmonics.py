# SPDX-License-Identifier: GPL-3.0-or-later
"""The seasonal model that all detectors share: trend and harmonics of the year.

y(t) = a0 + a1 t + sum over k of [a_k cos(2 pi k t) + b_k sin(2 pi k t)], t in years from the middle
of the series, so that the normal matrix is well conditioned (Zhu & Woodcock 2014,
10.1016/j.rse.2014.01.011; Verbesselt et al. 2012, 10.1016/j.rse.2012.02.022).
"""

from __future__ import annotations

import numpy as np

from ..types import FloatArray, TimeArray

YEAR_DAYS = 365.25
MAX_HARMONICS = 3
_FEWEST = ((24, 3), (18, 2), (12, 1))  # clear observations that so many harmonics ask for


def years(times: TimeArray) -> FloatArray:
    """Years (n,) from the middle between the first and the last of ``times`` (n,); empty for none.

    The phase of the seasons is lost by centering, but the fitted model does not depend on it.
    """
    if not len(times):
        return np.empty(0)
    days = (times - times.min()) / np.timedelta64(1, "D")
    centered: FloatArray = (days - 0.5 * days.max(initial=0.0)) / YEAR_DAYS
    return centered


def harmonics_for(count: int) -> int:
    """How many harmonics ``count`` clear observations allow: 3 from 24, 2 from 18, 1 from 12, else
    0 (the rule of CCDC: three observations per coefficient).
    """
    return next((harmonics for fewest, harmonics in _FEWEST if count >= fewest), 0)


def design(t: FloatArray, harmonics: int, trend: bool = True) -> FloatArray:
    """The design matrix (n, p) for years ``t`` (n,): constant, trend, then cosine and sine of each
    harmonic; p = 1 + trend + 2 harmonics.
    """
    columns = [np.ones_like(t)] + ([t] if trend else [])
    for k in range(1, harmonics + 1):
        columns += [np.cos(2.0 * np.pi * k * t), np.sin(2.0 * np.pi * k * t)]
    return np.stack(columns, axis=1)
