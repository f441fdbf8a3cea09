# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes that the tests of the products write into one format after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.io.products.synthetic import Scene
from calval_toolbox.core.types import Flag

SHAPE = (120, 160)
# Every flag has its own rows, so that one that leaks into another is seen.
ROWS = {
    Flag.NODATA: slice(0, 10),
    Flag.CLOUD: slice(10, 20),
    Flag.CLOUD_SHADOW: slice(20, 30),
    Flag.THIN_CLOUD: slice(30, 40),
    Flag.CIRRUS: slice(40, 50),
    Flag.SNOW: slice(50, 60),
    Flag.WATER: slice(60, 70),
    Flag.TERRAIN: slice(70, 76),
    Flag.LOW_SUN: slice(76, 82),
    Flag.TANGENT_SUN: slice(82, 88),
    Flag.SATURATED: slice(88, 94),
    Flag.AOT_INTERPOLATED: slice(94, 100),
    Flag.WATER_VAPOR_INTERPOLATED: slice(100, 106),
}


def rows_of(flag: Flag) -> np.ndarray:
    """Where the scene sets ``flag``."""
    mask = np.zeros(SHAPE, dtype=bool)
    mask[ROWS[flag]] = True
    return mask


@pytest.fixture(scope="session")
def scene() -> Scene:
    """AOT rising from west to east, 1.85 cm of water vapor, and every flag in its own rows."""
    aot = np.broadcast_to(np.linspace(0.1, 0.895, SHAPE[1]), SHAPE).copy()
    bands = ("B2", "B3", "B4", "B8", "B5", "B8A", "B11", "XS1", "XS2", "XS3", "SWIR", "B1", "B7")
    reflectance = {
        band: np.full(SHAPE, 0.05 + 0.01 * index) + np.arange(SHAPE[1]) * 1e-3
        for index, band in enumerate(bands)
    }
    return Scene(
        site="T31TCJ",
        time=np.datetime64("2020-07-15T10:50:31.024"),
        epsg=32631,
        left=300000.0,
        top=4900020.0,
        pixel_m=10.0,
        aot=aot,
        water_vapor=np.full(SHAPE, 1.85),
        reflectance=reflectance,
        flags={flag: rows_of(flag) for flag in ROWS},
        sun_zenith_deg=28.5,
        sun_azimuth_deg=144.25,
        view_zenith_deg=7.5,
        view_azimuth_deg=104.0,
    )


@pytest.fixture(scope="session")
def changed(scene: Scene) -> Callable[..., Scene]:
    """The scene with some fields changed."""

    def change(**fields: Any) -> Scene:
        return replace(scene, **fields)

    return change
