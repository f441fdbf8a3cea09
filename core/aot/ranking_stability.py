# SPDX-License-Identifier: GPL-3.0-or-later
"""How much the order of the sites hangs on single years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..types import FloatArray
from .ranking_bootstrap import Estimate, build_model, estimate
from .ranking_series import Network

LEAST_LEFT = 10  # match-ups that a site needs without the year to be compared
LEAST_SITES = 4


def kendall_tau(x: FloatArray, y: FloatArray) -> float:
    """Kendall's rank correlation (tau-a) of values without ties (n,)."""
    first, second = np.triu_indices(len(x), 1)
    signs = np.sign(x[first] - x[second]) * np.sign(y[first] - y[second])
    return float(np.mean(signs))


def leave_one_year_out(network: Network, point: Estimate) -> dict[int, float]:
    """Kendall tau between the order of the ranked sites and their order without each year.

    ``network`` with all match-ups, ``point`` the estimate on them. Years after which fewer than
    ``LEAST_SITES`` ranked sites have match-ups are left out; empty with a single year.
    """
    months = np.concatenate([part.month for part in network.series])
    years = np.unique(1970 + months // 12)
    if len(years) < 2:
        return {}
    found = {year: _without(network, point, int(year)) for year in years.tolist()}
    return {year: tau for year, tau in found.items() if np.isfinite(tau)}


def _without(network: Network, point: Estimate, year: int) -> float:
    parts = [part.keep(1970 + part.month // 12 != year) for part in network.series]
    left = np.zeros(len(network.sites), dtype=np.int64)
    for part in parts:
        left[part.site] += len(part)
    reasons = tuple(
        reason or ("" if count >= LEAST_LEFT else "too few left")
        for reason, count in zip(network.not_ranked, left, strict=True)
    )
    compared = np.array([not reason for reason in reasons], dtype=np.bool_)
    if compared.sum() < LEAST_SITES:
        return float("nan")
    rest = replace(network, series=tuple(part for part in parts if len(part)), not_ranked=reasons)
    before = np.array([not reason for reason in network.not_ranked], dtype=np.bool_)
    shrunk = estimate(build_model(rest)).shrunk[0]
    return kendall_tau(point.shrunk[0][compared[before]], shrunk)
