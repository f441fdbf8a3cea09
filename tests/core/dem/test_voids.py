# SPDX-License-Identifier: GPL-3.0-or-later
"""Voids planted in real and made relief come back as well as the best method known does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem import membrane
from calval_toolbox.core.dem.canvas import Fill, empty_canvas
from calval_toolbox.core.dem.membrane import stretched
from calval_toolbox.core.dem.patching import fill_from
from calval_toolbox.core.dem.voids import GrowthSum, fill_small, left_out
from calval_toolbox.core.errors import Canceled, InputError, InsufficientDataError
from calval_toolbox.core.io.dem_files import read_dem
from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.progress import Silent

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "dem" / "void_dem"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="real data are not beside the project")


def exact(values: Any, known: Any) -> Any:
    """The membrane by a dense solution of the same equations."""
    rows, columns = known.shape
    matrix, right = np.eye(known.size), np.where(known, values, 0.0).ravel()
    for at in np.flatnonzero(~known.ravel()):
        row, column = divmod(int(at), columns)
        sides = [(row + a, column + b) for a, b in ((0, 1), (0, -1), (1, 0), (-1, 0))
                 if 0 <= row + a < rows and 0 <= column + b < columns]  # fmt: skip
        matrix[at, at] = len(sides)
        for one in sides:
            matrix[at, one[0] * columns + one[1]] = -1.0
    return np.linalg.solve(matrix, right).reshape(known.shape)


@pytest.mark.parametrize("few", [0, 10_000])
@pytest.mark.parametrize("shape", [(23, 31), (40, 17), (1, 9), (2, 50)])
def test_membrane_is_exact(
    shape: tuple[int, int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways of solving it."""
    monkeypatch.setattr(membrane, "FEW", few)
    rng = np.random.default_rng(3)
    values = rng.normal(0.0, 100.0, shape)
    known = rng.random(shape) > 0.3
    known[: shape[0] // 2, 3 : shape[1] // 2] = False
    known[:, -2:] = False  # at the edge
    known[0, 0] = True
    np.testing.assert_allclose(stretched(values, known), exact(values, known), atol=2e-3)


def test_membrane_over_a_large_hole() -> None:
    """A harmonic function comes back: x^2 - y^2 + 3xy solves the equations of the cells exactly."""
    y, x = np.mgrid[0:300, 0:400] / 40.0
    truth = x**2 - y**2 + 3.0 * x * y
    known = np.ones(truth.shape, dtype=bool)
    known[20:280, 15:390] = False
    known[150, 200] = True
    assert np.abs(stretched(truth, known) - truth).max() < 0.05
    with pytest.raises(InsufficientDataError):
        stretched(truth, np.zeros_like(known))


def test_small_voids_only() -> None:
    y, x = np.mgrid[0:40, 0:50].astype(float)
    truth = 100.0 + 2.0 * x - 3.0 * y
    height = truth.astype(np.float32)
    height[5:8, 5:8] = np.nan  # 9 cells
    height[20:30, 20:30] = np.nan  # 100 cells
    height[0, 40] = np.nan  # at the edge
    filled, mask = fill_small(height, 9)
    assert mask.sum() == 9
    assert mask[5:8, 5:8].all()
    np.testing.assert_allclose(filled[5:8, 5:8], truth[5:8, 5:8], atol=1e-2)
    assert np.isnan(filled).sum() == 101
    assert not fill_small(height, 8)[1].any()
    with pytest.raises(InputError):
        fill_small(height, 100_000)


def fill_delta(height: Any, secondary: Any, folder: Path) -> tuple[Any, Any]:
    """Heights with their voids filled as ``buildreferencedem`` does it, and the expected error."""
    rows, columns = height.shape
    grid = grid_from_epsg(32631, (0.0, 30.0, 0.0, 0.0, 0.0, -30.0), columns, rows)
    canvas = empty_canvas(grid, folder)
    canvas.height[:] = height
    known = np.isfinite(height)
    canvas.fill[known], canvas.source[known], canvas.error[known] = Fill.KEPT, 1, 0.0

    def read(tile: Grid) -> Any:
        column, row = round(tile.geotransform[0] / 30.0), round(-tile.geotransform[3] / 30.0)
        return secondary[row : row + tile.height, column : column + tile.width]

    fill_from(canvas, 2, read, Silent())
    return np.asarray(canvas.height), np.asarray(canvas.error)


def test_delta_takes_off_a_bias(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    relief = np.cumsum(np.cumsum(rng.normal(size=(120, 150)), 0), 1)
    y, x = np.mgrid[0:120, 0:150]
    secondary = relief + 8.0 + 0.05 * x - 0.02 * y
    height = relief.copy()
    height[30:80, 40:100] = np.nan
    height[100:, :20] = np.nan  # at the edge
    secondary[50, 50] = np.nan  # both missing
    filled, quality = fill_delta(height, secondary, tmp_path)
    assert np.isnan(filled).sum() == 1
    assert np.isnan(quality[50, 50])
    assert np.nanmax(np.abs(filled - relief)[30:80, 40:100]) < 0.02
    assert np.nanmax(np.abs(filled - relief)[100:, :20]) < 1.1  # a plane is flat beyond its rim
    assert (quality[:30] == 0.0).all()
    assert quality[55, 70] > quality[31, 70] > 0.0
    np.testing.assert_array_equal(filled[:30], height[:30].astype(np.float32))


def test_no_rim(tmp_path: Path) -> None:
    height = np.full((20, 20), np.nan)
    filled, quality = fill_delta(height, np.full((20, 20), 5.0), tmp_path)
    assert (filled == 5.0).all()
    assert np.isnan(quality).all()


def planted(truth: Any, seed: int) -> Any:
    """60 elliptical voids, about 6 % of the cells."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : truth.shape[0], 0 : truth.shape[1]]
    void = np.zeros(truth.shape, dtype=bool)
    for _ in range(60):
        row, column = rng.uniform(0, truth.shape[0]), rng.uniform(0, truth.shape[1])
        a, b = rng.uniform(8, 40, 2)
        turn = rng.uniform(0, np.pi)
        u = (x - column) * np.cos(turn) + (y - row) * np.sin(turn)
        v = -(x - column) * np.sin(turn) + (y - row) * np.cos(turn)
        void |= (u / a) ** 2 + (v / b) ** 2 < 1.0
    return void


def rms(values: Any) -> float:
    return float(np.sqrt(np.mean(values**2)))


@needs_data
def test_trial_of_sixty_voids(tmp_path: Path) -> None:
    """A tile of SRTM in very rough relief and a fine model beside it that is wrong by 7 m, waves of
    3 m and noise of 2 m: only the noise is left, where interpolation is wrong by a hundred meters.
    """
    truth = read_dem(str(DATA / "N44E005.hgt")).height.astype(np.float64)[:1200, :1200]
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:1200, 0:1200]
    secondary = truth + 7.0 + 3.0 * np.sin(x / 60.0) * np.cos(y / 45.0)
    secondary += rng.normal(0.0, 2.0, truth.shape)
    void = planted(truth, 11) & np.isfinite(truth)
    height = np.where(void, np.nan, truth)
    assert 0.04 < void.mean() < 0.09
    filled, quality = fill_delta(height, secondary, tmp_path)
    error = (filled - truth)[void]
    plain = rms((stretched(height, np.isfinite(height), 1e-3) - truth)[void])
    assert 60.0 < plain < 140.0
    assert rms((secondary - truth)[void]) > 3.0 * rms(error)
    assert rms(error) < 2.5
    assert abs(float(error.mean())) < 0.2
    assert 0.7 < rms(error) / rms(quality[void]) < 1.4


def test_growth_of_white_noise() -> None:
    rng = np.random.default_rng(2)
    total = GrowthSum()
    total.add(rng.normal(0.0, 3.0, (300, 300)))
    found = total.growth()
    assert found.change[0] == pytest.approx(3.0, abs=0.1)
    assert found.change[-1] == pytest.approx(3.0, abs=0.3)


def test_a_large_membrane_can_be_canceled() -> None:
    class Stopped(Silent):
        def canceled(self) -> bool:
            return True

    known = np.ones((300, 300), dtype=bool)
    known[10:290, 10:290] = False
    with pytest.raises(Canceled):
        stretched(np.arange(90_000.0).reshape(300, 300), known, progress=Stopped())


def test_leave_out_tests_tell_the_error_of_a_membrane() -> None:
    """Planted voids of 2 x 2 and 5 x 5 cells in rough ground, smooth in its western half: expected
    and true errors agree over many of them, and the smooth half is said to be better.
    """
    rng = np.random.default_rng(4)
    truth = np.cumsum(np.cumsum(rng.normal(0.0, 1.0, (300, 300)), 0), 1) / 20.0
    truth += rng.normal(0.0, 1.0, truth.shape) * np.where(np.arange(300) < 150, 0.2, 2.0)
    for side in (2, 5):
        height = truth.copy()
        for row in range(10, 280, 15):
            for column in range(10, 280, 15):
                height[row : row + side, column : column + side] = np.nan
        filled, small = fill_small(height, side * side)
        error = left_out(height, small)
        assert np.isfinite(error[small]).all()
        assert np.isnan(error[~small]).all()
        for half in (np.s_[:, :145], np.s_[:, 155:]):
            missed = (filled - truth)[half][small[half]]
            expected = error[half][small[half]]
            ratio = np.sqrt(np.mean(expected**2) / np.mean(missed**2))
            assert 0.7 < ratio < 1.5
