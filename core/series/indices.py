# SPDX-License-Identifier: GPL-3.0-or-later
"""Spectral indices by name, and the bands that they take, found by wavelength: the one table of
them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, FloatArray

REACH = 0.045  # how far (share of the wavelength) a band may be from the one that an index names
NIR_NM = 865.0
NIR_REACH = 0.08  # near infrared bands lie apart: 805 nm (RapidEye) to 865 nm
BRIGHTNESS = "BRIGHTNESS"  # the root of the sum of the squares of all bands


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
        Index("NDVI", NIR_NM, 665.0),
        Index("NDWI", 560.0, NIR_NM),
        Index("NDMI", NIR_NM, 1610.0),
        Index("NBR", NIR_NM, 2200.0),
        Index("NDSI", 560.0, 1610.0),
        Index("NDRE", NIR_NM, 705.0),
    )
}
# Two indices are called NDWI: by these names nobody takes one for the other. MNDWI: Xu 2006,
# 10.1080/01431160600589179, the same bands as NDSI; GAO: Gao's, the same as NDMI.
ALIASES = {"NDWI_MCFEETERS": "NDWI", "NDWI_GAO": "NDMI", "MNDWI": "NDSI"}
COLORS_NM = {
    "BLUE": 490.0, "GREEN": 560.0, "RED": 665.0, "NIR": NIR_NM, "SWIR1": 1610.0, "SWIR2": 2200.0,
}  # fmt: skip
# Of reflectance (0 to 1). EVI: Huete et al. 2002, 10.1016/S0034-4257(02)00096-2; EVI2: Jiang et
# al. 2008, 10.1016/j.rse.2008.06.006; SAVI: Huete 1988, 10.1016/0034-4257(88)90106-X; OSAVI:
# Rondeaux et al. 1996, 10.1016/0034-4257(95)00186-7; MSAVI: Qi et al. 1994,
# 10.1016/0034-4257(94)90134-1; BSI: Rikimaru et al. 2002; GNDVI: Gitelson et al. 1996,
# 10.1016/S0034-4257(96)00072-7; NBR2: USGS.
EXPRESSIONS = {
    "EVI": "2.5 * (NIR - RED) / (NIR + 6 * RED - 7.5 * BLUE + 1)",
    "EVI2": "2.5 * (NIR - RED) / (NIR + 2.4 * RED + 1)",
    "SAVI": "1.5 * (NIR - RED) / (NIR + RED + 0.5)",
    "OSAVI": "(NIR - RED) / (NIR + RED + 0.16)",
    "MSAVI": "(2 * NIR + 1 - sqrt((2 * NIR + 1) ** 2 - 8 * (NIR - RED))) / 2",
    "BSI": "((SWIR1 + RED) - (NIR + BLUE)) / ((SWIR1 + RED) + (NIR + BLUE))",
    "GNDVI": "(NIR - GREEN) / (NIR + GREEN)",
    "NBR2": "(SWIR1 - SWIR2) / (SWIR1 + SWIR2)",
}
NAMES = (*INDICES, *ALIASES, *EXPRESSIONS, BRIGHTNESS)


def band_near(wanted_nm: float, wavelengths_nm: FloatArray) -> int | None:
    """The place of the band nearest to a wavelength among ``wavelengths_nm`` (k,), NaN where it is
    not known; None where none is near enough.
    """
    apart = np.abs(wavelengths_nm - wanted_nm) / wanted_nm
    reach = NIR_REACH if wanted_nm == NIR_NM else REACH
    if not np.isfinite(apart).any() or np.nanmin(apart) > reach:
        return None
    return int(np.nanargmin(apart))


def index_bands(index: Index, wavelengths_nm: FloatArray) -> tuple[int, int] | None:
    """Places of the two bands of ``index`` among ``wavelengths_nm`` (k,); None where one is not
    there.
    """
    first = band_near(index.first_nm, wavelengths_nm)
    second = band_near(index.second_nm, wavelengths_nm)
    if first is None or second is None or first == second:
        return None
    return first, second


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
