# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of a band over a site, from how often each digital number occurs."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from ...io.band_views import BandView
from ...io.site_pixels import SiteCounts
from ...types import AnyArray, FloatArray


@dataclass(frozen=True)
class BandStatistics:
    """``mean``, ``median``, ``std`` (n - 1) of reflectance, NaN without pixels; ``count``: pixels
    with data that are not saturated; ``saturated_fraction``: of those with data; ``data_fraction``:
    pixels with data, saturated or not, as a share of those that the site would have.
    """

    mean: float
    median: float
    std: float
    count: int
    saturated_fraction: float
    data_fraction: float


def statistics(counts: SiteCounts, view: BandView, factor: float = 1.0) -> BandStatistics:
    """The statistics of the pixels of one site in the band of ``view``, in physical units times
    ``factor``.
    """
    source, count = view.source, counts.count
    filled = count + counts.saturated
    mean = median = std = nan
    if count:
        dn = counts.values.astype(np.float64)
        middle = float((dn * counts.counts).sum() / count)
        mean = (middle - view.raised_dn) * source.scale + source.offset
        median = (_median(dn, counts.counts) - view.raised_dn) * source.scale + source.offset
        if count > 1:
            squares = float((((dn - middle) ** 2) * counts.counts).sum())
            std = abs(source.scale) * sqrt(squares / (count - 1))
    mean, median, std = mean * factor, median * factor, std * factor
    return BandStatistics(
        mean, median, std, count, counts.saturated / filled if filled else nan,
        filled / counts.expected if counts.expected else nan,
    )  # fmt: skip


def _median(values: FloatArray, counts: AnyArray) -> float:
    """The median of rising ``values`` (k,) that occur ``counts`` times."""
    ends = np.cumsum(counts)
    total = int(ends[-1])
    low, high = np.searchsorted(ends, [(total - 1) // 2, total // 2], side="right")
    return float(values[low] + values[high]) / 2.0
