# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocks of match-ups for the bootstrap: those of one site and calendar month share weather,
aerosol and calibration; intervals that treat them as independent are two to three times too narrow.
"""

from __future__ import annotations

import numpy as np

from ..bootstrap import IntArray
from ..types import AnyArray, FloatArray, TimeArray
from .keys import Factor, fold_site


def row_order(site: AnyArray, time: TimeArray, *values: FloatArray) -> IntArray:
    """The rows (n,) by site, time and ``values`` (n,): the same for every order of a table, so that
    what is drawn for its blocks is the same, too.
    """
    names = Factor.of(site, fold_site)
    rank = np.argsort(np.argsort(np.array(names.labels, dtype=np.str_)))
    sites = rank[names.codes] if len(names.labels) else names.codes
    return np.asarray(np.lexsort((*values[::-1], time.astype(np.int64), sites)), dtype=np.int64)


def month_blocks(site: AnyArray, time: TimeArray) -> IntArray:
    """Block number (n,) of each row: one per site and calendar month (UTC), 0 upward."""
    months = time.astype("datetime64[M]").astype(np.int64)
    sites = Factor.of(site, fold_site).codes
    joint = sites * (int(np.ptp(months)) + 1 if len(months) else 1) + (
        months - months.min() if len(months) else 0
    )
    return np.asarray(np.unique(joint, return_inverse=True)[1], dtype=np.int64)
