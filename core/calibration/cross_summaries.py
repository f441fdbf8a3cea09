# SPDX-License-Identifier: GPL-3.0-or-later
"""Coefficients of a cross-calibration summed up: by band, method, site and period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..types import AnyArray, TimeArray
from .desert import Calibration
from .drift import Noise, noise_of
from .summary import Summary, half_years, months, summarize
from .transfer import SpectralMethod

ALL_SITES = ""
WHOLE = ""


class Period(StrEnum):
    """Spans of time that are summed up besides the whole."""

    WHOLE = "whole"
    HALF_YEAR = "half_year"
    MONTH = "month"


_SPANS: dict[Period, Callable[[TimeArray], AnyArray]] = {
    Period.HALF_YEAR: half_years, Period.MONTH: months,
}  # fmt: skip


@dataclass(frozen=True)
class BandSummary:
    """The summary of one band: ``site`` "" for all sites, ``period`` "" for the whole time
    ("2004-H1", "2004-05" else), with the times of the first and the last coefficient.
    ``difference_percent``: by how much the coefficients differ from those of the first method, over
    the pairs that both keep; 0 for the first method itself, NaN for none.
    """

    band: str
    wavelength_nm: float
    method: SpectralMethod
    site: str
    period: str
    first: np.datetime64
    last: np.datetime64
    summary: Summary
    difference_percent: float = float("nan")


def summaries(result: Calibration, period: Period = Period.WHOLE) -> tuple[BandSummary, ...]:
    """All summaries of kept coefficients: of all sites together and of each (where there are
    several), of the whole time and of each ``period``; bands without coefficients have a row with
    a count of 0.
    """
    seen = result.way.target.measurements.select(result.pairs.target)
    sites = seen["site"].astype(str)
    names = np.unique(sites)
    groups = [ALL_SITES, *(names if len(names) > 1 else ())]
    found = []
    for method in range(len(result.methods)):
        for band in range(len(result.bands)):
            kept = result.kept(method, band)
            for site in groups:
                rows = kept if site == ALL_SITES else kept[sites[kept] == site]
                noise = noise_of(seen.time[rows], result.a_k[method, rows, band])
                for span, part in _parts(seen.time, rows, period):
                    found.append(_summary(result, (method, band), str(site), span, part, noise))
    return tuple(found)


def wavelength_nm(result: Calibration, band: int) -> float:
    """The effective wavelength of a band of the target."""
    return float(result.way.target.bands[int(result.way.mine[band])].effective_nm)


def _parts(time: TimeArray, rows: AnyArray, period: Period) -> Iterator[tuple[str, AnyArray]]:
    yield WHOLE, rows
    if period in _SPANS and len(rows):
        spans = _SPANS[period](time[rows])
        for span in np.unique(spans):
            yield str(span), rows[spans == span]


def _summary(
    result: Calibration,
    which: tuple[int, int],
    site: str,
    period: str,
    rows: AnyArray,
    noise: Noise | None,
) -> BandSummary:
    """Of some rows; ``which``: method and band; ``noise``: that of the whole time."""
    method, band = which
    seen = result.way.target.measurements
    time = seen.time[result.pairs.target[rows]]
    sites = seen["site"][result.pairs.target[rows]]
    nothing = np.datetime64("NaT")
    return BandSummary(
        result.bands[band], wavelength_nm(result, band), result.methods[method], site, period,
        time.min() if len(rows) else nothing, time.max() if len(rows) else nothing,
        summarize(time, result.a_k[method, rows, band], sites, noise),
        _difference(result, method, band, rows),
    )  # fmt: skip


def _difference(result: Calibration, method: int, band: int, rows: AnyArray) -> float:
    """Percent by which a method differs from the first one, over the pairs that both keep."""
    shared = rows[result.reason[0, rows, band] == ""]
    if not len(shared):
        return float("nan")
    one, first = (result.a_k[number, shared, band].mean() for number in (method, 0))
    return float(100.0 * (one / first - 1.0))
