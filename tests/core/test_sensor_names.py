# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of sensors: twins are told apart, and their bands are known by either part of the name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.sensor_names import sensor_of
from calval_toolbox.core.series.wavelengths import wavelength_of
from calval_toolbox.core.types import Product

PLAIN = Product(
    "/a", "safe", "MSI", "", "L2A", "", np.datetime64("2020-01-01"), "", bands={}, masks=()
)


@pytest.mark.parametrize(
    ("platform", "instrument", "name"),
    [
        ("SENTINEL2A", "MSI", "S2A/MSI"), ("Sentinel-2B", "MSI", "S2B/MSI"),
        ("S2C", "MSI", "S2C/MSI"), ("LANDSAT_8", "OLI", "LANDSAT_8/OLI"),
        ("VENUS", "VSSC", "VENUS/VSSC"), ("", "MSI", "MSI"), ("SPOT4", "", "SPOT4"), ("", "", ""),
    ],
)  # fmt: skip
def test_platform_and_instrument(platform: str, instrument: str, name: str) -> None:
    assert sensor_of(replace(PLAIN, platform=platform, sensor=instrument)) == name


@pytest.mark.parametrize(
    ("sensor", "nm"),
    [
        ("S2A/MSI", 664.6), ("S2B/MSI", 664.6), ("LANDSAT_8/OLI", 654.5), ("VENUS/VSSC", 555.0),
        ("LANDSAT_8/OLI_TIRS", 654.5), ("S2A/", 664.6), ("MSI", 664.6), ("S2A/MSI, S2B/MSI", 664.6),
        ("X/Y", np.nan),
    ],
)  # fmt: skip
def test_bands_are_known_by_either_part(sensor: str, nm: float) -> None:
    assert wavelength_of("B4", sensor) == pytest.approx(nm, nan_ok=True)
