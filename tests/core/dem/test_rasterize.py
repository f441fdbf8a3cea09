# SPDX-License-Identifier: GPL-3.0-or-later
"""Points to cells: planes, steps, gaps, order; the two ways agree."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem.chain.layer import pair_cells
from calval_toolbox.core.dem.chain.points import POINTS
from calval_toolbox.core.dem.coarse_cells import means_of
from calval_toolbox.core.dem.rasterize import Cells, RasterSettings, rasterize
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.execution.tiling import Rectangle
from calval_toolbox.core.io.tile_files import write_tile

WAYS = pytest.mark.parametrize("compiled", [True, False], ids=["numba", "numpy"])
SHAPE = (30, 40)


def scattered(seed: int = 1, density: float = 2.5) -> tuple[Any, Any]:
    """Columns and rows of points all over the cells and a little beyond."""
    rng = np.random.default_rng(seed)
    count = int(density * (SHAPE[0] + 4) * (SHAPE[1] + 4))
    return rng.uniform(-2.5, SHAPE[1] + 1.5, count), rng.uniform(-2.5, SHAPE[0] + 1.5, count)


def made(height: Any, compiled: bool | None = None, **settings: float) -> Cells:
    column, row = scattered()
    values = height(column, row)
    return rasterize(column, row, values, np.full(len(values), 0.5), SHAPE,
                     RasterSettings(**settings), compiled)  # fmt: skip


@WAYS
def test_a_plane_stays_a_plane(compiled: bool) -> None:
    cells = made(lambda x, y: 100.0 + 0.3 * x - 0.2 * y, compiled)
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    off = cells.height - (100.0 + 0.3 * x - 0.2 * y)
    assert np.isfinite(off).all()
    assert np.abs(off).mean() < 0.06  # the points are not symmetric about the centers
    assert np.abs(off).max() < 0.3
    assert np.allclose(cells.confidence, 0.5)


@WAYS
def test_nothing_is_blended_across_a_wall(compiled: bool) -> None:
    cells = made(lambda x, y: np.where(x < 20.3, 100.0, 112.0), compiled)
    assert set(np.unique(cells.height)) == {np.float32(100.0), np.float32(112.0)}
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    assert (cells.height[x <= 19] == 100.0).all()
    assert (cells.height[x >= 22] == 112.0).all()
    # At the wall most cells are what they lie on.
    assert (cells.height[:, 20:22] == np.where(x[:, 20:22] < 20.3, 100.0, 112.0)).mean() > 0.9
    assert (cells.std == 0.0).all()
    blended = made(lambda x, y: np.where(x < 20.3, 100.0, 112.0), compiled, step_m=50.0)
    assert ((blended.height > 101.0) & (blended.height < 111.0)).sum() > 20


@WAYS
def test_both_ways_give_the_same(compiled: bool) -> None:
    rng = np.random.default_rng(5)
    column, row = scattered(seed=6, density=1.2)
    height = rng.choice([10.0, 17.0], len(row)) + rng.normal(0.0, 0.4, len(row))
    sure = rng.uniform(0.0, 1.0, len(row))
    height[rng.random(len(row)) < 0.1] = np.nan
    one = rasterize(column, row, height, sure, SHAPE, compiled=compiled)
    other = rasterize(column, row, height, sure, SHAPE, compiled=not compiled)
    assert np.array_equal(one.count, other.count)
    assert (one.count == 0).any()
    for name in ("height", "std", "confidence"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-6)
    assert np.array_equal(np.isnan(one.height), one.count == 0)


def test_mean_and_spread_of_noise() -> None:
    """Noise of 0.3 m: cells scatter less than points, and the spread tells the noise."""
    rng = np.random.default_rng(8)
    cells = made(lambda x, y: 50.0 + rng.normal(0.0, 0.3, len(x)), step_m=5.0)
    assert cells.height.std() < 0.2
    several = cells.count >= 8
    assert np.sqrt((cells.std[several] ** 2).mean()) == pytest.approx(0.3, rel=0.15)


def test_tiles_of_the_same_points_give_the_same_bits() -> None:
    column, row = scattered()
    height = np.random.default_rng(2).normal(0.0, 2.0, len(row))
    sure = np.ones(len(row))
    whole = rasterize(column, row, height, sure, SHAPE)
    part = rasterize(column - 17.0, row - 9.0, height, sure, (12, 15))
    np.testing.assert_allclose(part.height, whole.height[9:21, 17:32], atol=1e-5)
    assert np.array_equal(part.count, whole.count[9:21, 17:32])


@pytest.mark.parametrize(
    "bad", [{"radius": 0.0}, {"radius": 4.0}, {"sigma": 0.0}, {"step_m": -1.0}]
)
def test_settings_that_make_no_raster(bad: dict[str, float]) -> None:
    with pytest.raises(InputError, match="do not make a raster"):
        RasterSettings(**bad)


def ground(x: Any, y: Any) -> Any:
    """A hillside with waves, and a terrace of 30 m; x and y in pixels."""
    return 100.0 + 0.4 * y + 3.0 * np.sin(x / 9.0) * np.cos(y / 13.0) + 30.0 * (x >= 60.0)


def test_all_points_of_large_cells_count(tmp_path: Path) -> None:
    """Cells of 10 pixels: the mean of the ground over each, not of the points read first."""
    factor, rows, columns = 10, 6, 12
    y, x = (one.ravel() for one in np.mgrid[-10.0 : 10 * rows + 10, -10.0 : 10 * columns + 10])
    rng = np.random.default_rng(4)
    x, y = x + rng.uniform(-0.4, 0.4, x.size), y + rng.uniform(-0.4, 0.4, y.size)
    z = ground(x, y) + rng.normal(0.0, 0.3, x.size)
    z[(x < 10.0) & (y < 6.0)] = np.nan  # most of the first cell
    points = np.stack([(x + 0.5) / factor - 0.5, (y + 0.5) / factor - 0.5, z,
                       np.full(x.size, 0.5), np.ones(x.size)]).astype(np.float32)  # fmt: skip
    pieces = []
    for name, part in (("a", points[:, y < 31.0]), ("b", points[:, y >= 31.0])):
        write_tile(tmp_path / f"{name}.npz", {}, {}, {POINTS: part})
        bounds = [*part[:2].min(axis=1).tolist(), *part[:2].max(axis=1).tolist()]
        pieces.append({"path": str(tmp_path / f"{name}.npz"), "origin": [0, 0], "bounds": bounds})
    settings = {
        "corner": [0, 0], "shift": {"columns": 0.0, "rows": 0.0, "up": 0.0}, "factor": factor,
        "raster": asdict(RasterSettings(step_m=10.0)), "small": asdict(RasterSettings()),
    }  # fmt: skip
    owners = np.full((rows, columns), -1, dtype=np.int32)
    cells = pair_cells(Rectangle(0, 0, columns, rows), settings, pieces, owners)
    assert cells is not None
    fine = ground(*np.mgrid[0 : 10 * columns, 0 : 10 * rows].astype(float)).T
    truth = fine.reshape(rows, factor, columns, factor).mean(axis=(1, 3))
    off = (cells.height - truth).ravel()[1:]
    assert np.isnan(cells.height[0, 0])
    assert np.abs(off).max() < 0.2
    assert abs(np.median(off)) < 0.03
    assert (owners[:3] == 0).all()
    assert (owners[4:] == 1).all()
    assert np.abs(cells.count.ravel()[1:] / 100.0 - 1.0).max() < 0.2
    # The same where a tile begins elsewhere.
    owners = np.full((2, 5), -1, dtype=np.int32)
    part = pair_cells(Rectangle(3, 2, 5, 2), settings, pieces, owners)
    assert part is not None
    np.testing.assert_allclose(part.height, cells.height[2:4, 3:8], atol=1e-4)


def test_large_cells_are_roof_or_ground() -> None:
    height = np.full((8, 8), 5.0, dtype=np.float32)
    height[:, 5:] = 25.0  # three of four columns of the right cells
    height[:5, :4] = np.nan
    small = Cells(height, np.zeros_like(height), np.ones((8, 8), np.uint16), height * 0 + 0.5)
    cells = means_of(small, 4, 2.0, np.full((2, 2), 16))
    np.testing.assert_array_equal(cells.height, [[np.nan, 25.0], [5.0, 25.0]])
    np.testing.assert_array_equal(cells.count, [[0, 16], [16, 16]])
    assert cells.confidence[1, 1] == np.float32(0.5)
