# SPDX-License-Identifier: GPL-3.0-or-later
"""What a striped date leaves on the dates around it, and how it is taken away.

A least-squares model follows each date of its fit by the leverage of the date; so the stripes of
one date are, weakened and turned over, in the residuals of others. The residuals of a fit without
some dates follow from those of the full fit and the hat matrix (Cook & Weisberg 1982, Residuals
and Influence in Regression, section 2.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...types import AnyArray, BoolArray, FloatArray
from .stripes import LEAST_CONTRAST, LONGEST_PX, MOST_CHANCE

MOST_STRIPED = 6  # dates of a tile that are left out together
_MOST_LEVERAGE = 0.9  # of these dates together: a fit without them hangs in the air


def striped_dates(peaks: Sequence[Mapping[str, Any] | None]) -> AnyArray:
    """The dates whose peak (``stripes.stripe_peaks`` of one band and tile) is no chance in this
    tile alone, the clearest first.
    """
    found = []
    for date, one in enumerate(peaks):
        if one is None or np.hypot(one["u"], one["v"]) < 1.0 / LONGEST_PX:
            continue
        beyond = np.log(one["cells"]) - one["ratio"] < np.log(MOST_CHANCE)
        if beyond and one["amplitude"] >= LEAST_CONTRAST * one["scale"]:
            found.append((one["ratio"], date))
    ordered = sorted(found, reverse=True)[:MOST_STRIPED]
    return np.array([date for _, date in ordered], dtype=np.int64)


def without_dates(
    residual: FloatArray, kept: BoolArray, design: FloatArray, dates: AnyArray
) -> FloatArray:
    """The residuals (n, rows, columns) against models that have not seen ``dates`` (indices).

    ``kept`` (n, rows, columns): what is in the fit; ``design`` (n, p) of it. One hat matrix stands
    for all pixels, weighted by the share of them that keeps a date. Of ``dates`` the last ones are
    left in the fit where it would hang on too little without them.
    """
    share = kept.mean(axis=(1, 2))
    root = np.sqrt(share)[:, None]
    inverse = np.linalg.pinv((root * design).T @ (root * design))
    hat = design @ inverse @ design.T
    dates = dates[share[dates] > 0.0]
    while len(dates):
        own = hat[np.ix_(dates, dates)] * share[dates]
        if np.abs(np.linalg.eigvals(own)).max() <= _MOST_LEVERAGE:
            break
        dates = dates[:-1]
    if not len(dates):
        return residual
    # Where a pixel has not kept a date, the date has left nothing on the others.
    followed = np.where(kept[dates], residual[dates], 0.0)
    factor = hat[:, dates] @ np.linalg.inv(np.eye(len(dates)) - own)
    return np.asarray(residual + np.tensordot(factor, followed, axes=1))
