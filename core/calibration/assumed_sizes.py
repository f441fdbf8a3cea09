# SPDX-License-Identifier: GPL-3.0-or-later
"""Assumed uncertainties that the data themselves refute."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .budget_types import Budget, Contributor, Sizes
from .cross_summaries import BandSummary

_FEWEST = 20  # pairs, of which the scatter is known to some 20 %
_BEYOND = 1.3  # times the scatter: more than it may be off by chance
_WHAT = {
    Contributor.AOT_DIFFERENCE: ("AOT", "AOT_DIFFERENCE_UNCERTAINTY"),
    Contributor.WATER_DIFFERENCE: ("water vapor", "WATER_DIFFERENCE_UNCERTAINTY"),
}


def oversized(budget: Budget, sizes: Sizes, bands: Sequence[BandSummary]) -> tuple[str, ...]:
    """A sentence about each size of a difference between dates that alone would scatter single
    coefficients of a band by more than they do scatter, for whatever reason (robust standard
    deviation): with the largest size that fits the data.
    """
    scatter = {
        one.band: 100.0 * one.summary.robust_sd / one.summary.median for one in bands
        if one.summary.count >= _FEWEST
    }  # fmt: skip
    told = []
    for name, single in budget.single.items():
        places = [place for place, band in enumerate(budget.bands) if band in scatter]
        if not places:
            continue
        ratios = np.array([single[place] / scatter[budget.bands[place]] for place in places])
        most = int(np.nanargmax(ratios))
        if not ratios[most] > _BEYOND:
            continue
        band, place = budget.bands[places[most]], places[most]
        what, key = _WHAT[name]
        assumed, unit = _assumed(name, sizes)
        told.append(
            f"The {what} of two dates is assumed to differ by {assumed:g}{unit}: that alone would "
            f"scatter single coefficients of band {band} by {single[place]:.1f} %, but they "
            f"scatter by {scatter[band]:.1f} % altogether. At most "
            f"{assumed / ratios[most]:.2g}{unit} fits these data ({key} of desertuncertainty); as "
            "it is, the budget is on the safe side."
        )
    return tuple(told)


def _assumed(name: Contributor, sizes: Sizes) -> tuple[float, str]:
    if name is Contributor.AOT_DIFFERENCE:
        return sizes.aot_difference, ""
    return 100.0 * sizes.water_difference, " %"
