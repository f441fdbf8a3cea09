# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence of several sites put together, and how many of many tests are discoveries.

The hypothesis that fewer than two sites changed is tested by leaving out the site with the smallest
p-value and combining the others (partial conjunction: Benjamini & Heller 2008,
10.1111/j.1541-0420.2007.00984.x; Fisher's combination). The share of false discoveries is held by
Benjamini & Hochberg (1995, 10.1111/j.2517-6161.1995.tb02031.x).
"""

from __future__ import annotations

import numpy as np

from ..dependencies import require
from ..types import BoolArray, FloatArray


def combined_p(p_values: FloatArray, sites: int = 2) -> FloatArray:
    """p-values (c,) of "fewer than ``sites`` sites changed", from those of each (sites, c); NaN
    where a site was not tested. NaN where fewer than ``sites`` were tested.
    """
    special = require("scipy.special")
    ordered = np.sort(np.where(np.isfinite(p_values), p_values, np.inf), axis=0)[sites - 1 :]
    tested = np.isfinite(ordered)
    with np.errstate(divide="ignore"):
        logs = np.where(tested, -2.0 * np.log(np.clip(ordered, 1e-300, 1.0)), 0.0)
    count = tested.sum(axis=0)
    combined = special.chdtrc(2.0 * np.maximum(count, 1), logs.sum(axis=0))
    return np.where(count > 0, combined, np.nan)


def rejected(p_values: FloatArray, level: float) -> BoolArray:
    """Which of the p-values (c,) are discoveries at a false discovery rate ``level``; NaN never."""
    known = np.flatnonzero(np.isfinite(p_values))
    result = np.zeros(len(p_values), bool)
    order = known[np.argsort(p_values[known])]
    below = p_values[order] <= level * np.arange(1, len(order) + 1) / max(1, len(order))
    if below.any():
        result[order[: np.flatnonzero(below)[-1] + 1]] = True
    return result
