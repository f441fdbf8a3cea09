# SPDX-License-Identifier: GPL-3.0-or-later
"""Means over squares, block by block, against those of the whole image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.aggregates import aggregate, aggregate_grid
from calval_toolbox.core.io.band_views import BandView
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.rasters import Rasters, Window
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.types import BandSource

WIDE, HIGH = 147, 94


def source(path: Path, values: np.ndarray, pixel: float = 10.0, left: float = 0.0) -> BandSource:
    grid = grid_from_epsg(32633, (left, pixel, 0.0, 0.0, 0.0, -pixel), *values.shape[::-1])
    write_raster(path, [values], grid)
    return BandSource("B", str(path), scale=1e-4, offset=-0.1, nodata=0, saturation=65535)


@pytest.mark.parametrize("size", [70.0, 100.0, 230.0])
def test_means_are_those_of_the_whole_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: float
) -> None:
    rng = np.random.default_rng(1)
    dn = rng.integers(1000, 9000, (HIGH, WIDE)).astype(np.uint16)
    dn[5, 7], dn[40, 100] = 0, 65535
    band = source(tmp_path / "a.tif", dn)
    # Blocks that fit no square.
    monkeypatch.setattr(BandView, "blocks", lambda *_: (
        (c, r, min(32, WIDE - c), min(32, HIGH - r)) for r in range(0, HIGH, 32)
        for c in range(0, WIDE, 32)
    ))  # fmt: skip
    with Rasters() as rasters:
        grid = aggregate_grid(band, size, rasters)
        found = aggregate(band, grid, np.ones((grid.height, grid.width), bool), rasters, Silent())
    side = round(size / 10.0)
    assert (grid.height, grid.width) == (HIGH // side, WIDE // side)
    for row in range(grid.height):
        for column in range(grid.width):
            own = dn[row * side : (row + 1) * side, column * side : (column + 1) * side]
            good = own[(own > 0) & (own < 65535)]
            assert found.mean[row, column] == pytest.approx(good.mean() * 1e-4 - 0.1)
            assert found.missing[row, column] == (own == 0).sum()
            assert found.saturated[row, column] == (own == 65535).sum()
    assert found.pixels == side**2
    assert (~found.whole == (found.missing > 0)).all()


def test_only_blocks_that_are_needed_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    band = source(tmp_path / "a.tif", np.full((HIGH, WIDE), 5000, np.uint16))
    monkeypatch.setattr(BandView, "blocks", lambda *_: (
        (c, r, min(32, WIDE - c), min(32, HIGH - r)) for r in range(0, HIGH, 32)
        for c in range(0, WIDE, 32)
    ))  # fmt: skip
    with Rasters() as rasters:
        grid = aggregate_grid(band, 100.0, rasters)
        needed = np.zeros((grid.height, grid.width), bool)
        needed[0, 0] = needed[3, 3] = True  # one block, and four that this square touches
        found = aggregate(band, grid, needed, rasters, Silent())
        none = aggregate(band, grid, np.zeros_like(needed), rasters, Silent())
    assert (found.blocks, none.blocks) == (4, 0)
    assert found.mean[needed] == pytest.approx(0.4)
    assert np.isnan(found.mean[-1, -1])
    assert np.isnan(none.mean).all()


def test_bands_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    band = source(tmp_path / "a.tif", np.full((30, 30), 5000, np.uint16))
    moved = source(tmp_path / "b.tif", np.full((30, 30), 5000, np.uint16), left=5.0)
    coarse = source(tmp_path / "c.tif", np.full((30, 30), 5000, np.uint16), pixel=30.0)
    with Rasters() as rasters:
        grid = aggregate_grid(band, 100.0, rasters)
        for other in (moved, coarse):
            with pytest.raises(ProductError, match="a grid that does not fit"):
                aggregate(other, grid, np.ones((3, 3), bool), rasters, Silent())


@pytest.mark.parametrize("saturation", [65535, None])
def test_pixels_that_a_mask_tells_count_as_saturated(
    tmp_path: Path, saturation: int | None
) -> None:
    dn = np.full((HIGH, WIDE), 5000, np.uint16)
    dn[3, 4], dn[8, 8] = 9000, 0
    band = replace(source(tmp_path / "a.tif", dn), saturation=saturation)
    mask = np.zeros(dn.shape, bool)
    mask[3, 4] = mask[8, 8] = mask[25, 31] = True  # one of them has no data anyway

    def spoiled(window: Window) -> np.ndarray:
        rows, columns = window.shape
        top, left = window.row_off, window.column_off
        return mask[top : top + rows, left : left + columns]

    with Rasters() as rasters:
        grid = aggregate_grid(band, 100.0, rasters)
        needed = np.ones((grid.height, grid.width), bool)
        found = aggregate(band, grid, needed, rasters, Silent(), spoiled)
    assert {(0, 0), (2, 3)} == set(zip(*np.nonzero(found.saturated), strict=True))
    assert (found.saturated.sum(), found.missing.sum()) == (2, 1)
    assert found.mean == pytest.approx(np.full(found.mean.shape, 0.4))
