# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bands say too little, or nothing that holds, to stand in a headline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .cross_run import CrossRun
from .cross_summaries import BandSummary
from .period_changes import LEAST_USABLE, BandPeriod
from .summary import Summary

# Robust scatter of one coefficient, relative: that of healthy bands over deserts is up to 0.03.
_RESTLESS = 0.05
# Share of the measurements of a band that are saturated: the others are the dark ones.
_SATURATED = 0.1


def doubt(found: Summary, saturated: float = 0.0) -> str:
    """Why a band is not to be taken for what the sensor does, in few words; "" where it is.

    ``saturated``: the share of its measurements that are saturated, from 0 to 1.
    """
    if found.count < LEAST_USABLE:
        return f"fewer than {LEAST_USABLE} pairs"
    if saturated > _SATURATED:
        return f"saturated in {100.0 * saturated:.0f} % of the measurements"
    if found.robust_sd > _RESTLESS * abs(found.median):
        return f"restless: one pair scatters by {100.0 * found.robust_sd / found.median:.0f} %"
    return ""


def run_doubts(run: CrossRun) -> Mapping[str, str]:
    """The ``doubt`` about each band of a calibration that has coefficients and one."""
    way = run.result.way
    with np.errstate(invalid="ignore"):
        shares = (way.target.measurements["saturated_fraction"] > 0.0).mean(axis=0)
    places = dict(zip(run.result.bands, way.mine, strict=True))
    found = {
        one.band: doubt(one.summary, float(shares[places[one.band]]))
        for one in run.whole() if one.summary.count
    }  # fmt: skip
    return {band: why for band, why in found.items() if why}


def sound(run: CrossRun, shown: Sequence[BandSummary]) -> list[BandSummary]:
    """Those of ``shown`` about which there is no doubt; all, where there is one about each."""
    doubts = run_doubts(run)
    return [one for one in shown if one.band not in doubts] or list(shown)


def period_doubts(
    bands: Sequence[BandPeriod], count: int, saturated: Mapping[str, int]
) -> Mapping[str, str]:
    """The ``doubt`` about each of ``bands`` in a period that has one; ``saturated`` of ``count``
    measurements, by band.
    """
    found = {one.band: doubt(one.now, saturated.get(one.band, 0) / max(count, 1)) for one in bands}
    return {band: why for band, why in found.items() if why}
