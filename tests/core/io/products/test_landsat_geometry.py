# SPDX-License-Identifier: GPL-3.0-or-later
"""View and sun angles of the real Landsat 8 scene against the polynomials of its own file.

The code follows the orbit; the file also has polynomials for the directions themselves, which it
does not use: they are the truth here.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.products.angle_grids import direction_of
from calval_toolbox.core.io.products.landsat_geometry import LandsatGeometry, landsat_geometry

WKT = grid_from_epsg(32636, (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1, 1).wkt
# Number, line and sample, height (taken at its mean), raw line, then squares and the product; the
# cubic terms are below 0.002 degrees.
TERMS = (1, 2, 4, 5, 6, 7)


@pytest.fixture(scope="module")
def text(shared_data: Path) -> str:
    (path,) = (shared_data / "calibration" / "landsat8").glob("*/*_ANG.txt")
    return path.read_text()


@pytest.fixture(scope="module")
def geometry(text: str) -> LandsatGeometry:
    found = landsat_geometry(text, "ANG.txt")
    assert found is not None
    return found


def numbers(text: str, key: str) -> np.ndarray:
    match = re.search(rf"{key}\s*=\s*\(([^)]*)\)", text)
    assert match is not None
    return np.array([float(one) for one in match[1].split(",")])


def polynomial(
    text: str, geometry: LandsatGeometry, kind: str, band: int, x: np.ndarray, y: np.ndarray
) -> np.ndarray:
    """East and north by the polynomials of the file (2, n)."""
    timing = geometry.bands[f"B{band}"]
    raw = (geometry._moments(timing, x, y) - timing.start) / timing.step
    means = [numbers(text, f"BAND{band:02d}_MEAN_{one}_LINE_SAMP") for one in ("L1T", "L1R")]
    line = (geometry.corner[1] - y) / timing.pixel_m - means[0][0]
    sample = (x - geometry.corner[0]) / timing.pixel_m - means[0][1]
    terms = [line, sample, raw - means[1][0], line**2, line * sample, sample**2]
    axes = []
    for axis, mean in zip("XYZ", numbers(text, f"BAND{band:02d}_MEAN_{kind}_VECTOR"), strict=True):
        above = numbers(text, f"BAND{band:02d}_{kind}_{axis}_NUM_COEF")
        below = numbers(text, f"BAND{band:02d}_{kind}_{axis}_DEN_COEF")
        upper = above[0] + sum(above[k] * one for k, one in zip(TERMS, terms, strict=True))
        lower = 1.0 + sum(below[k - 1] * one for k, one in zip(TERMS, terms, strict=True))
        axes.append(mean + upper / lower)
    return np.array([axes[0] / axes[2], axes[1] / axes[2]])


@pytest.mark.parametrize("band", [1, 2, 4, 5, 8, 9])
def test_directions_are_those_of_the_polynomials(
    text: str, geometry: LandsatGeometry, band: int
) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.uniform(640_000, 740_000, 300), rng.uniform(3_280_000, 3_430_000, 300)
    satellite, sun = geometry.vectors(f"B{band}", x, y, WKT)
    for kind, found in (("SAT", satellite), ("SUN", sun)):
        off = np.hypot(*(np.array(found) - polynomial(text, geometry, kind, band, x, y)))
        assert np.degrees(off).max() < 0.003, kind


def test_sun_in_the_middle_is_that_of_the_scene(geometry: LandsatGeometry) -> None:
    x, y = np.array([692_850.0]), np.array([3_353_850.0])
    zenith, azimuth = direction_of(*geometry.vectors("B4", x, y, WKT)[1])
    assert zenith == pytest.approx(90.0 - 67.45934698, abs=0.02)
    assert azimuth == pytest.approx(115.50043972, abs=0.1)


def test_other_instruments_and_damaged_files(text: str) -> None:
    assert landsat_geometry("GROUP = X\nEND_GROUP = X\n", "ANG.txt") is None
    broken = text.replace("BAND03_SCA05_LINE_DEN_COEF = (", "BAND03_SCA05_LINE_DEN_COEF = (x, ")
    assert broken != text
    with pytest.raises(ProductError, match="BAND03_SCA05_LINE_DEN_COEF, or not in numbers"):
        landsat_geometry(broken, "ANG.txt")
