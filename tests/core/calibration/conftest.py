# SPDX-License-Identifier: GPL-3.0-or-later
"""The made-up Sentinel-2 product that the tests of the extraction share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_l1c import SIZE, scene_of, write_clouds, write_l1c


@pytest.fixture(scope="session")
def fields() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(8)
    return {name: level + 0.02 * rng.standard_normal((SIZE, SIZE))
            for name, level in (("B2", 0.25), ("B8A", 0.5))}  # fmt: skip


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, fields: dict[str, np.ndarray]) -> Path:
    """A tile with raster masks; a cloud covers a quarter of the site in the middle."""
    scene = scene_of(**fields)
    path = write_l1c(tmp_path_factory.mktemp("l1c"), scene)
    opaque, cirrus = np.zeros((2, SIZE, SIZE), dtype=bool)
    opaque[402:552, 402:552] = True  # whole pixels of 60 m
    cirrus[0:60, 0:60] = True
    write_clouds(path, scene, opaque, cirrus)
    return path
