# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust measures of scatter."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

# Of a normal distribution: standard deviation by median absolute deviation (Höhle and Höhle 2009,
# DOI 10.1016/j.isprsjprs.2009.02.003), to the digits that are usual; and to all of them, as robust
# regressions have it that are compared with ours.
TO_SIGMA, EXACT_TO_SIGMA = 1.4826, 1.482602218505602


def median_and_nmad(values: npt.NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Median and normalized median absolute deviation of finite ``values`` (n,); NaN for none."""
    if not values.size:
        return float("nan"), float("nan")
    middle = np.median(values)
    return float(middle), TO_SIGMA * float(np.median(np.abs(values - middle)))
