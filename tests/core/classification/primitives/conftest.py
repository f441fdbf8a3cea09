# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up images that several tests take."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.products.synthetic import (
    write_muscate,
)
from calval_toolbox.core.series.extract_files import Source
from calval_toolbox.core.types import Flag

from .made import SHAPE, left, scene, write_radar


@pytest.fixture
def radar(tmp_path: Path) -> Path:
    """Two descending dates and one ascending, the border of one without data."""
    folder = tmp_path / "radar"
    for day, level in ((8, 0.1), (20, 0.2)):
        values = np.full(SHAPE, level)
        values[:, :10] = 0.0 if day == 8 else level
        name = f"s1a_31TCJ_{{}}_DES_008_202001{day:02d}t055554.tif"
        write_radar(folder, name.format("vv"), values)
        write_radar(folder, name.format("vh"), values / 5.0)
        write_radar(folder, name.format("vv").replace(".tif", "_BorderMask.tif"), values > 0)
    noisy = np.full(SHAPE, 0.4)
    noisy[:, 57:] = -0.001  # as after the noise was taken off: no power
    write_radar(folder, "S1B_ASC_20200114_VV.tif", noisy)
    return folder


@pytest.fixture
def optical(tmp_path: Path) -> Source:
    """Three dates, the second with clouds on the left, and columns that are always clouded."""
    folder = tmp_path / "products"
    for day, columns in ((1, 5), (11, 30), (21, 5)):
        flags = {Flag.CLOUD: left(columns)}
        levels = {"B4": 0.1, "B8": 0.3 + 0.01 * day}
        write_muscate(folder, scene(f"2020-07-{day:02d}", levels=levels, flags=flags),
                      kinds=("FRE",))  # fmt: skip
    return Source(products=(str(folder),))
