# SPDX-License-Identifier: GPL-3.0-or-later
"""What simulated ground looks like: spectra of what covers it, and how that changes over the year.

The spectra and calendars are typical of their kind; none was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import FloatArray

# Central wavelengths in nm of the Sentinel-2 bands of a MUSCATE product.
BANDS = {
    "B2": 492.4, "B3": 559.8, "B4": 664.6, "B5": 704.1, "B6": 740.5, "B7": 782.8, "B8": 832.8,
    "B8A": 864.7, "B11": 1613.7, "B12": 2202.4,
}  # fmt: skip
WAVELENGTHS_NM = np.array(list(BANDS.values()))

SPECTRA: dict[str, tuple[float, ...]] = {
    "leaves": (0.026, 0.056, 0.030, 0.090, 0.280, 0.360, 0.395, 0.415, 0.190, 0.090),
    "trees": (0.022, 0.042, 0.026, 0.075, 0.220, 0.290, 0.315, 0.335, 0.150, 0.070),
    "shrubs": (0.045, 0.070, 0.070, 0.110, 0.170, 0.200, 0.220, 0.235, 0.220, 0.150),
    "straw": (0.095, 0.135, 0.190, 0.220, 0.245, 0.265, 0.295, 0.305, 0.360, 0.260),
    "soil": (0.075, 0.105, 0.145, 0.165, 0.180, 0.195, 0.215, 0.225, 0.300, 0.265),
    "red soil": (0.052, 0.092, 0.200, 0.235, 0.255, 0.275, 0.295, 0.305, 0.410, 0.375),
    "red sand": (0.065, 0.125, 0.280, 0.325, 0.350, 0.370, 0.390, 0.400, 0.510, 0.470),
    "clay": (0.190, 0.280, 0.375, 0.405, 0.425, 0.440, 0.460, 0.470, 0.540, 0.480),
    "sand": (0.165, 0.250, 0.355, 0.385, 0.405, 0.420, 0.440, 0.450, 0.535, 0.495),
    "gravel": (0.125, 0.180, 0.245, 0.265, 0.280, 0.290, 0.305, 0.310, 0.385, 0.355),
    "rock": (0.085, 0.115, 0.155, 0.170, 0.180, 0.188, 0.200, 0.205, 0.265, 0.250),
    "asphalt": (0.085, 0.095, 0.105, 0.110, 0.115, 0.120, 0.128, 0.132, 0.150, 0.145),
    "tiles": (0.085, 0.120, 0.195, 0.220, 0.235, 0.250, 0.268, 0.275, 0.315, 0.285),
    "concrete": (0.150, 0.165, 0.180, 0.187, 0.192, 0.197, 0.205, 0.208, 0.220, 0.210),
    "white roof": (0.370, 0.390, 0.405, 0.410, 0.415, 0.418, 0.425, 0.428, 0.410, 0.370),
    "blue roof": (0.225, 0.195, 0.135, 0.150, 0.170, 0.185, 0.205, 0.212, 0.225, 0.200),
    "metal": (0.900, 0.905, 0.900, 0.895, 0.890, 0.885, 0.880, 0.878, 0.800, 0.740),
    "needles": (0.018, 0.034, 0.022, 0.055, 0.140, 0.180, 0.200, 0.215, 0.105, 0.048),
    "water": (0.050, 0.055, 0.040, 0.030, 0.020, 0.018, 0.015, 0.014, 0.008, 0.005),
}  # fmt: skip


@dataclass(frozen=True)
class Cover:
    """A kind of parcel. Fractions of its area: green ``base`` all year and ``height`` more in the
    season, ``dry`` matter all year, the rest ``ground``; a harvested crop is straw from its fall to
    its ``harvest``.

    ``rise``, ``fall``, ``harvest``: days from ``start``, a day of the year; ``rise_days``,
    ``fall_days``: how long the slopes take; ``spread_days``: how far parcels differ. ``contrast``:
    standard deviation of the brightness between parcels.
    """

    ground: str
    canopy: str = "leaves"
    base: float = 0.0
    height: float = 0.0
    rise: float = 0.0
    fall: float = 0.0
    harvest: float = 0.0
    rise_days: float = 12.0
    fall_days: float = 9.0
    dry: float = 0.0
    spread_days: float = 5.0
    contrast: float = 0.08
    start: float = 0.0


COVERS: dict[str, Cover] = {
    "wheat": Cover("soil", "leaves", 0.10, 0.78, 72, 163, 188),
    "maize": Cover("soil", "leaves", 0.03, 0.88, 165, 248, 278, 9),
    "sunflower": Cover("soil", "leaves", 0.03, 0.72, 150, 216, 258, 9),
    "meadow": Cover("soil", "leaves", 0.42, 0.36, 70, 310, 0, 18, 18, 0.12),
    "copse": Cover("soil", "trees", 0.18, 0.70, 100, 305, 0, 9, 10, 0.0),
    "conifers": Cover("soil", "needles", 0.74, 0.10, 110, 300, 0, 20, 20, 0.04),
    "garden": Cover("soil", "leaves", 0.35, 0.30, 85, 300, 0, 18, 14, 0.10),
    "pond": Cover("water"),
    "road": Cover("asphalt", contrast=0.04),
    "tiled roofs": Cover("tiles", "leaves", 0.06, 0.06, 90, 300, contrast=0.15),
    "concrete": Cover("concrete", "trees", 0.04, 0.06, 105, 300, contrast=0.18),
    "white roof": Cover("white roof", contrast=0.10),
    "blue roof": Cover("blue roof", contrast=0.08),
    "metal roof": Cover("metal", contrast=0.0),
    "courtyard": Cover("asphalt", "trees", 0.10, 0.35, 105, 300, contrast=0.15),
    "park": Cover("soil", "trees", 0.22, 0.60, 105, 302, 0, 9, 10, 0.06),
    "avenue": Cover("asphalt", "trees", 0.02, 0.10, 105, 300, contrast=0.04),
    "dunes": Cover("sand", contrast=0.02),
    "stony plain": Cover("gravel", "shrubs", 0.01, 0.02, 40, 110, contrast=0.04),
    "rock": Cover("rock", contrast=0.06),
    "wadi": Cover("gravel", "shrubs", 0.10, 0.06, 40, 120, contrast=0.04),
    # The southern year begins in September, so that the wet season lies within it.
    "grassland": Cover(
        "red soil", "leaves", 0.02, 0.22, 128, 235, 0, 14, 28, 0.26, 6.0, 0.06, 244.0
    ),
    "red dunes": Cover(
        "red sand", "shrubs", 0.06, 0.08, 128, 235, 0, 14, 28, 0.05, 6.0, 0.04, 244.0
    ),
    "creek": Cover("red soil", "trees", 0.42, 0.14, 128, 260, 0, 14, 30, 0.10, 5.0, 0.08, 244.0),
    "clay pan": Cover("clay", contrast=0.03),
}  # fmt: skip


def spectra(names: list[str]) -> FloatArray:
    """Reflectance (n, bands) of spectra by name."""
    return np.array([SPECTRA[name] for name in names])
