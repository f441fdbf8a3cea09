# SPDX-License-Identifier: GPL-3.0-or-later
"""Normalized differences of two bands, found by their wavelengths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, FloatArray

REACH = 0.045  # how far (share of the wavelength) a band may be from the one that an index names


@dataclass(frozen=True)
class Index:
    """(a - b) / (a + b) of the bands nearest to two wavelengths (nm)."""

    name: str
    first_nm: float
    second_nm: float


# NDVI: Rouse et al. 1974 (NASA SP-351); NDWI: McFeeters 1996, 10.1080/01431169608948714;
# NDMI: Gao 1996, 10.1016/S0034-4257(96)00067-3; NBR: Lopez Garcia & Caselles 1991,
# 10.1080/10106049109354290; NDSI: Dozier 1989, 10.1016/0034-4257(89)90101-6;
# NDRE: Barnes et al. 2000.
INDICES = {
    one.name: one
    for one in (
        Index("NDVI", 865.0, 665.0),
        Index("NDWI", 560.0, 865.0),
        Index("NDMI", 865.0, 1610.0),
        Index("NBR", 865.0, 2200.0),
        Index("NDSI", 560.0, 1610.0),
        Index("NDRE", 865.0, 705.0),
    )
}


def index_bands(index: Index, wavelengths_nm: FloatArray) -> tuple[int, int] | None:
    """Places of the two bands of ``index`` among ``wavelengths_nm`` (k,); None where one is not
    there.
    """
    places = []
    for wanted in (index.first_nm, index.second_nm):
        apart = np.abs(wavelengths_nm - wanted) / wanted
        if not np.isfinite(apart).any() or np.nanmin(apart) > REACH:
            return None
        places.append(int(np.nanargmin(apart)))
    return None if places[0] == places[1] else (places[0], places[1])


def index_values(values: FloatArray, bands: tuple[int, int]) -> FloatArray:
    """The index (n,) of ``values`` (n, k); NaN where the sum of the two is not positive."""
    a, b = values[:, bands[0]], values[:, bands[1]]
    total = np.where(a + b > 0.0, a + b, np.nan)
    return np.asarray((a - b) / total)


def index_sigma(
    values: FloatArray, bands: tuple[int, int], noise: FloatArray, correlation: FloatArray
) -> FloatArray:
    """Standard deviation (n,) of the index at ``values`` (n, k), to first order, from that of the
    bands (``noise`` (k,), ``correlation`` (k, k)).
    """
    i, j = bands
    a, b = values[:, i], values[:, j]
    square = np.where(a + b > 0.0, (a + b) ** 2, np.nan)
    by_a, by_b = 2.0 * b / square * noise[i], -2.0 * a / square * noise[j]
    variance: AnyArray = by_a**2 + by_b**2 + 2.0 * correlation[i, j] * by_a * by_b
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))
