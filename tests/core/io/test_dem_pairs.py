# SPDX-License-Identifier: GPL-3.0-or-later
"""Two models too large to be held in memory: averaged strip by strip, as if read at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.io import dem_pairs
from calval_toolbox.core.io.dem_pairs import open_pair
from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

GRID = grid_from_epsg(32631, (600_000.0, 10.0, 0.0, 4_900_000.0, 0.0, -10.0), 240, 200)


def written(path: Path, height: Any, grid: Grid = GRID) -> str:
    write_raster(path, [height.astype(np.float32)], grid)
    return str(path)


@pytest.fixture
def models(tmp_path: Path) -> tuple[str, str, Any]:
    rng = np.random.default_rng(4)
    height = 300.0 + np.cumsum(rng.normal(0.0, 1.0, (200, 240)), axis=0)
    raised = written(tmp_path / "raised.tif", height + 7.0)
    return written(tmp_path / "model.tif", height), raised, height


def test_large_models_are_averaged_in_strips(
    models: tuple[str, str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, reference, height = models
    monkeypatch.setattr(dem_pairs, "_MOST_CELLS", 12_000)
    monkeypatch.setattr(dem_pairs, "_STRIP_CELLS", 5_000)
    pair = open_pair(model, reference)
    assert pair.model.shape == (100, 120)
    np.testing.assert_allclose(
        pair.model, height.reshape(100, 2, 120, 2).mean(axis=(1, 3)), atol=1e-3
    )
    np.testing.assert_allclose(pair.reference - pair.model, 7.0, atol=1e-3)
    assert (pair.columns, pair.rows) == (0.0, 0.0)
    assert any("averaged over 2 x 2 cells. Give a smaller part" in note for note in pair.notes)


def test_a_large_model_over_a_coarse_reference(
    models: tuple[str, str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cells of the reference are few enough: nothing is averaged twice, strips or not."""
    model, _, height = models
    left, width, _, top, _, down = GRID.geotransform
    coarse = Grid(GRID.wkt, (left, 4 * width, 0.0, top, 0.0, 4 * down), 60, 50)
    means = height.reshape(50, 4, 60, 4).mean(axis=(1, 3))
    reference = written(tmp_path / "coarse.tif", means, coarse)
    whole = open_pair(model, reference)
    monkeypatch.setattr(dem_pairs, "_MOST_CELLS", 12_000)
    monkeypatch.setattr(dem_pairs, "_STRIP_CELLS", 5_000)
    strips = open_pair(model, reference)
    assert strips.model.shape == (50, 60)
    np.testing.assert_array_equal(strips.model, whole.model)
    np.testing.assert_allclose(strips.model, means, atol=1e-3)
    assert strips.notes == whole.notes == ()
