# SPDX-License-Identifier: GPL-3.0-or-later
"""A reference elevation model out of several: what is kept, filled, converted, and told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem import canvas as canvases
from calval_toolbox.core.dem import patching
from calval_toolbox.core.dem.canvas import Fill
from calval_toolbox.core.dem.cells import cell_sides
from calval_toolbox.core.dem.datum import to_reference, undulation
from calval_toolbox.core.dem.reference import ReferenceDem, ReferenceRequest, build
from calval_toolbox.core.dem.terrain_strips import LAYERS, strips
from calval_toolbox.core.dem.voids import distance_to
from calval_toolbox.core.errors import InputError, OutputError
from calval_toolbox.core.io import scratch as scratches
from calval_toolbox.core.io.dem_files import dem_grid
from calval_toolbox.core.io.dem_sources import open_source
from calval_toolbox.core.io.geoid_grids import find_grid
from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.io.vertical_crs import MODELS
from calval_toolbox.core.progress import Silent

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "dem" / "void_dem"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="real data are not beside the project")
needs_egm96 = pytest.mark.skipif(
    not find_grid(MODELS["EGM96"].files), reason="PROJ's grid of EGM96 is not installed"
)
GRID = grid_from_epsg(32631, (600_000.0, 30.0, 0.0, 4_900_000.0, 0.0, -30.0), 200, 160)


def relief() -> Any:
    """Rough ground (160, 200)."""
    rng = np.random.default_rng(8)
    return 500.0 + np.cumsum(np.cumsum(rng.normal(0.0, 1.0, (160, 200)), 0), 1) / 30.0


def written(path: Path, height: Any, grid: Grid = GRID) -> str:
    coded = np.where(np.isfinite(height), height, -32768.0).astype(np.float32)
    write_raster(path, [coded], grid, nodata=-32768.0)
    return str(path)


def made(tmp_path: Path, models: list[str], **more: Any) -> ReferenceDem:
    request = ReferenceRequest(models, more.pop("grid", GRID), **more)
    return build(request, tmp_path, Silent())


def two(tmp_path: Path, bias: float = 6.0) -> tuple[list[str], Any]:
    truth = relief()
    first = truth.copy()
    first[40:90, 60:130] = np.nan
    first[10:13, 10:13] = np.nan
    first[150:, 190:] = np.nan
    first[20:23, 30:33] = np.nan
    second = truth + bias
    second[20:23, 30:33] = np.nan
    second[70, 100] = np.nan
    return [written(tmp_path / "first.tif", first), written(tmp_path / "second.tif", second)], truth


def test_kept_interpolated_filled(tmp_path: Path) -> None:
    models, truth = two(tmp_path)
    found = made(tmp_path, models)
    canvas = found.canvas
    # A small void that the second model knows is not interpolated, be it ever so small.
    assert (canvas.fill[10:13, 10:13] == Fill.DELTA).all()
    assert found.interpolated == 10
    assert (canvas.fill[20:23, 30:33] == Fill.INTERPOLATED).all()
    assert (canvas.source[20:23, 30:33] == 1).all()
    assert found.filled[0].cells == 50 * 70 - 1 + 100 + 9
    assert canvas.fill[70, 100] == Fill.INTERPOLATED
    assert canvas.source[70, 100] == 2
    small = canvas.fill == Fill.INTERPOLATED
    assert np.isfinite(canvas.error[small]).all()
    assert canvas.expected_error(Fill.INTERPOLATED) > 0.0
    delta = canvas.fill == Fill.DELTA
    assert np.abs(canvas.height - truth)[delta].max() < 0.01
    assert (canvas.source[delta] == 2).all()
    kept = canvas.fill == Fill.KEPT
    np.testing.assert_array_equal(canvas.height[kept], truth.astype(np.float32)[kept])
    assert (canvas.error[kept] == 0.0).all()
    assert found.filled[0].median == pytest.approx(-6.0, abs=0.01)
    assert found.void_before == pytest.approx(100.0 * (3500 + 18 + 100) / 32000)
    without = made(tmp_path, models, small_cells=0)
    assert np.isnan(without.canvas.height[70, 100])
    assert any("stay void" in note for note in without.notes)


def test_large_canvases_as_small_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles of 32 cells and a surface over averages: nearly what one surface over all gives, with
    no more seams than it has.
    """
    models, truth = two(tmp_path)
    y, x = np.mgrid[0:160, 0:200]
    wavy = truth + 6.0 + 2.0 * np.sin(x / 25.0) * np.cos(y / 30.0)
    written(tmp_path / "second.tif", wavy)
    whole = made(tmp_path, models).canvas
    monkeypatch.setattr(canvases, "TILE", 32)
    monkeypatch.setattr(patching, "_MARGIN", 12)
    monkeypatch.setattr(scratches, "IN_MEMORY", 0)
    pieces = made(tmp_path, models, most_coarse=8000)
    parts = pieces.canvas
    assert isinstance(parts.height, np.memmap)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["first.tif", "second.tif"]
    np.testing.assert_array_equal(parts.fill, whole.fill)
    hole = np.s_[40:90, 60:130]
    assert np.nanstd((parts.height - truth)[hole]) < 0.7 * np.nanstd((wavy - truth)[hole])
    assert abs(np.nanmean((parts.height - truth)[hole])) < 1.0
    delta = whole.fill == Fill.DELTA
    # Cells that a tile before has filled are no rim: the expected error is that of the real one.
    far = distance_to(whole.fill != Fill.DELTA)
    expected = pieces.filled[0].growth.error(np.maximum(far - 3.0, 1.0))
    assert (parts.error >= expected - 1e-3)[delta].all()
    away = (parts.height - whole.height)[delta]
    assert np.sqrt(np.mean(away**2)) < 0.25
    correction = np.where(delta, parts.height - wavy, np.nan)
    steps = np.abs(np.diff(correction, axis=1))
    seams, inside = steps[:, 31::32], np.delete(steps, np.s_[31::32], axis=1)
    assert np.nanmean(seams) < 1.5 * np.nanmean(inside) + 0.01


def test_over_the_antimeridian(tmp_path: Path) -> None:
    """Longitudes from -180 and to 180 degrees fill both halves of a grid that lies across."""
    grid = grid_from_epsg(32660, (809_000.0, 100.0, 0.0, 1_000.0, 0.0, -100.0), 500, 20)
    names = []
    for name, west in (("east.tif", 179.5), ("west.tif", -180.0)):
        half = grid_from_epsg(4326, (west, 0.001, 0.0, 0.05, 0.0, -0.001), 500, 100)
        height = np.full((100, 500), 10.0 if west > 0 else 20.0)
        names.append(written(tmp_path / name, height, half))
    found = made(tmp_path, names, grid=grid, small_cells=0).canvas
    crossing = grid.position(180.0, 0.0)[0]
    assert 150 < crossing < 350
    assert np.isfinite(found.height).all()
    np.testing.assert_allclose(found.height[:, : int(crossing) - 2], 10.0, atol=1e-3)
    np.testing.assert_array_equal(found.source[:, int(crossing) + 3 :], 2)


@needs_egm96
def test_mixed_references(tmp_path: Path) -> None:
    """A secondary above the ellipsoid lies 50 m too high unless it is converted."""
    models, truth = two(tmp_path, bias=0.0)
    lon, lat = np.array([5.0]), np.array([44.2])
    there = undulation("EGM96", lon, lat)[0]
    raised = to_reference(truth, GRID, "EGM96", "ellipsoid")
    assert np.median(raised - truth) == pytest.approx(there, abs=5.0)
    written(tmp_path / "second.tif", raised)
    found = made(tmp_path, models, references=("EGM96", "ellipsoid"))
    assert found.vertical == "EGM96"
    assert abs(found.filled[0].median) < 0.01
    upward = made(tmp_path, models, references=("EGM96", "ellipsoid"), vertical="ellipsoid")
    np.testing.assert_allclose(
        np.nanmedian(upward.canvas.height - found.canvas.height), np.median(raised - truth),
        atol=0.05,
    )  # fmt: skip
    with pytest.raises(InputError, match="DEM_REFERENCES"):
        made(tmp_path, models, references=("EGM96", "auto"))
    with pytest.raises(InputError, match="3 entries"):
        made(tmp_path, models, references=("EGM96",) * 3)


def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    models, _ = two(tmp_path)
    monkeypatch.setattr(scratches, "IN_MEMORY", 0)
    monkeypatch.setattr(scratches.os, "posix_fallocate", full)
    with pytest.raises(OutputError, match=r"no room for 0 MB.*No space left"):
        made(tmp_path, models)


@pytest.mark.parametrize("layer", sorted(LAYERS))
@pytest.mark.parametrize("epsg", [32631, 4326])
def test_layers_in_strips(layer: str, epsg: int) -> None:
    side = 30.0 if epsg == 32631 else 3e-4
    grid = grid_from_epsg(epsg, (5.0, side, 0.0, 44.0, 0.0, -side), 200, 160)
    height = relief().astype(np.float32)
    height[50, 60] = np.nan
    whole = LAYERS[layer](height, cell_sides(grid))
    whole = np.rint(whole) if layer == "hillshade" else whole
    strip = strips(height, grid, layer)
    parts = [strip(row, min(37, 160 - row)) for row in range(0, 160, 37)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_unknown_references_are_told(tmp_path: Path) -> None:
    found = made(tmp_path, two(tmp_path)[0])
    assert found.vertical == ""
    assert any("taken as alike" in note for note in found.notes)


def test_lakes(tmp_path: Path) -> None:
    models, truth = two(tmp_path)
    lake, river = np.zeros(truth.shape), np.zeros(truth.shape)
    first = truth.copy()
    rng = np.random.default_rng(1)
    first[100:120, 20:60] = 480.0 + rng.normal(0.0, 0.5, (20, 40))
    lake[100:120, 20:60] = 1.0
    first[5:8, 100:190] = np.linspace(600.0, 500.0, 90)
    river[5:8, 100:190] = 1.0
    written(tmp_path / "first.tif", first)
    masks = [written(tmp_path / "lake.tif", lake), written(tmp_path / "river.tif", river)]
    found = made(tmp_path, models, water=masks)
    height = found.canvas.height
    assert np.ptp(height[100:120, 20:60]) == 0.0
    assert height[110, 40] == pytest.approx(480.0, abs=0.1)
    assert np.ptp(height[6, 100:190]) == pytest.approx(100.0)
    assert [np.isfinite(one.level) for one in found.lakes] == [False, True]
    assert any("1 lake" in note for note in found.notes)


def test_nothing_ties_them(tmp_path: Path) -> None:
    truth = relief()
    first, second = truth.copy(), truth.copy()
    first[:, 50:] = np.nan
    second[:, :60] = np.nan
    models = [written(tmp_path / "a.tif", first), written(tmp_path / "b.tif", second)]
    found = made(tmp_path, models, small_cells=0)
    assert (found.canvas.fill[:, 60:] == Fill.PASTED).all()
    assert np.isnan(found.canvas.error[:, 60:]).all()
    assert any("nothing ties" in note for note in found.notes)


def test_a_model_that_lies_elsewhere_is_told(tmp_path: Path) -> None:
    models, _ = two(tmp_path)
    left, width, _, top, _, height = GRID.geotransform
    away = replace(GRID, geotransform=(left + 5e3 * width, width, 0.0, top, 0.0, height))
    models[1] = written(tmp_path / "away.tif", np.full((GRID.height, GRID.width), 9.0), away)
    found = made(tmp_path, models)
    assert any("away.tif lies beside the grid" in note for note in found.notes)


def test_alignment(tmp_path: Path) -> None:
    """A secondary that lies two cells aside: the relief in the void is in the right place again."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:160, 0:200].astype(float)
    truth = 60.0 * np.sin(x / 9.0) * np.cos(y / 7.0) + 2.0 * x + rng.normal(0.0, 0.1, x.shape)
    first = truth.copy()
    first[60:100, 80:130] = np.nan
    left, width, _, top, _, height = GRID.geotransform
    aside = Grid(GRID.wkt, (left + 60.0, width, 0.0, top, 0.0, height), GRID.width, GRID.height)
    models = [written(tmp_path / "a.tif", first), written(tmp_path / "b.tif", truth + 5.0, aside)]
    plain, aligned = made(tmp_path, models), made(tmp_path, models, align=True)
    void = np.s_[60:100, 80:130]
    before = np.sqrt(np.mean((plain.canvas.height - truth)[void] ** 2))
    after = np.sqrt(np.mean((aligned.canvas.height - truth)[void] ** 2))
    assert after < 0.3 < 5.0 < before
    assert aligned.shifts[0].east == pytest.approx(-60.0, abs=0.5)


@needs_egm96
def test_alignment_of_other_vertical_references(tmp_path: Path) -> None:
    """The undulation is not the same everywhere: it is taken off before the shift is sought."""
    wide = grid_from_epsg(4326, (5.0, 0.005, 0.0, 46.0, 0.0, -0.005), 200, 160)
    y, x = np.mgrid[0:160, 0:200].astype(float)
    truth = 600.0 * np.sin(x / 9.0) * np.cos(y / 7.0) + 2.0 * x
    first = truth.copy()
    first[60:100, 80:130] = np.nan
    raised = to_reference(truth, wide, "EGM96", "ellipsoid")
    assert np.ptp(raised - truth) > 2.0
    models = [written(tmp_path / "a.tif", first, wide), written(tmp_path / "b.tif", raised, wide)]
    found = made(tmp_path, models, grid=wide, align=True, references=("EGM96", "ellipsoid"))
    assert found.shifts[0].up == pytest.approx(0.0, abs=1e-3)
    assert found.shifts[0].after == pytest.approx(0.0, abs=1e-3)
    np.testing.assert_allclose(found.canvas.height, truth, atol=0.01)


def test_means_of_half_a_cell_or_more(tmp_path: Path) -> None:
    """Cells of 30 m averaged over 60 m: two of four known ones are enough, one is not."""
    height = np.tile(np.arange(200.0), (160, 1))
    height[80:, :] = np.nan
    height[20, 20:22] = np.nan
    height[30:32, 31] = height[30, 30] = np.nan
    model = written(tmp_path / "a.tif", height)
    left, width, _, top, _, down = GRID.geotransform
    # Its cells begin one cell of the model to the west: half of the first column is beyond.
    coarse = Grid(GRID.wkt, (left - 30.0, 2 * width, 0.0, top - 30.0, 0.0, 2 * down), 80, 50)
    found = made(tmp_path, [model], grid=coarse, small_cells=0).canvas.height
    assert found[5, 10] == pytest.approx(19.5)
    aligned = Grid(GRID.wkt, (left, 2 * width, 0.0, top, 0.0, 2 * down), 100, 80)
    found = made(tmp_path, [model], grid=aligned, small_cells=0).canvas.height
    assert found[10, 10] == pytest.approx(20.5)
    assert np.isnan(found[15, 15])
    assert np.isnan(found[40:]).all()
    assert np.isfinite(found[:15]).all()
    beyond = Grid(GRID.wkt, (left - 40.0, 2 * width, 0.0, top, 0.0, 2 * down), 80, 40)
    found = made(tmp_path, [model], grid=beyond, small_cells=0).canvas.height
    assert np.isnan(found[0, 0])  # a third of it is on the model


def test_cells_at_the_rim_of_a_void_on_a_coarser_grid(tmp_path: Path) -> None:
    """Half a cell on a slope says the height of its own middle: means alone are off by 8 m here,
    and the delta surface hangs on them.
    """
    y, x = np.mgrid[:160, :200]
    truth = relief() + 120.0 * np.sin(x / 9.0) + 100.0 * np.cos(y / 11.0 + x / 30.0)
    first = truth.copy()
    for column, row, across, down in ((40, 50, 9, 14), (130, 80, 15, 7), (90, 121, 8, 11)):
        first[((x - column) / across) ** 2 + ((y - row) / down) ** 2 < 1.0] = np.nan
    second = truth + 5.0 + 3.0 * np.sin(x / 60.0)
    models = [written(tmp_path / "a.tif", first), written(tmp_path / "b.tif", second)]
    left, width, _, top, _, down = GRID.geotransform
    coarse = Grid(GRID.wkt, (left, 2 * width, 0.0, top, 0.0, 2 * down), 100, 80)
    found = made(tmp_path, models, grid=coarse, small_cells=0)
    missed = found.canvas.height - truth.reshape(80, 2, 100, 2).mean(axis=(1, 3))
    assert np.abs(missed[found.canvas.fill == Fill.KEPT]).max() < 1.5
    filled = missed[found.canvas.fill == Fill.DELTA]
    assert np.sqrt(np.mean(filled**2)) < 1.5 * found.canvas.expected_error()
    assert np.abs(filled).max() < 1.5


def test_nothing_on_the_grid(tmp_path: Path) -> None:
    models, _ = two(tmp_path)
    far = grid_from_epsg(32631, (300_000.0, 30.0, 0.0, 4_900_000.0, 0.0, -30.0), 50, 50)
    with pytest.raises(InputError, match="no height on the grid"):
        made(tmp_path, models, grid=far)


def test_a_wrong_tag(tmp_path: Path) -> None:
    """Missing heights are -32768, the tag says -32678 (two digits swapped, as one real file has
    it).
    """
    models, truth = two(tmp_path)
    first = truth.copy()
    first[40:90, 60:130] = -32768.0
    write_raster(tmp_path / "first.tif", [first.astype(np.float32)], GRID, nodata=-32678.0)
    found = made(tmp_path, models)
    assert np.abs(found.canvas.height - truth)[40:69, 60:130].max() < 0.01
    told = [note for note in found.notes if "-32678" in note]
    assert len(told) == 1
    assert "-32768" in told[0]
    assert "Correct the file's tag" in told[0]


@needs_data
def test_a_big_hole(tmp_path: Path) -> None:
    """A third of a real tile is missing; the tile of another edition beside it, on cells a little
    smaller, fills it.
    """
    hole, tile = str(DATA / "N44E005_big_hole.tif"), str(DATA / "N44E005.hgt")
    left, width, _, top, _, height = dem_grid(tile).geotransform
    grid = Grid(dem_grid(tile).wkt, (left, 2 * width, 0.0, top, 0.0, 2 * height), 600, 600)
    found = made(tmp_path, [hole, tile], grid=grid, references=("EGM96", "auto"))
    assert found.void_before == pytest.approx(33.0, abs=3.0)
    assert found.canvas.void_percent() < 0.5
    assert found.vertical == "EGM96"
    assert float(np.nanmin(found.canvas.height)) > -100.0


@needs_data
def test_a_big_hole_is_as_good_as_the_second_model(tmp_path: Path) -> None:
    """Nothing is interpolated where the other edition has heights, be the void small or large."""
    hole, tile = str(DATA / "N44E005_big_hole.tif"), str(DATA / "N44E005.hgt")
    grid = dem_grid(hole)
    found = made(tmp_path, [hole, tile], grid=grid, references=("EGM96", "auto"))
    with Rasters() as rasters:
        truth = open_source(tile).on(grid, rasters, lambda height, _: height)
    filled = np.isin(found.canvas.fill, (Fill.DELTA, Fill.INTERPOLATED)) & np.isfinite(truth)
    missed = np.sqrt(np.mean((found.canvas.height - truth)[filled] ** 2))
    assert missed < 0.1
    assert 0.4 < found.canvas.expected_error() / missed < 2.5


@needs_data
def test_what_real_files_say_of_their_heights(tmp_path: Path) -> None:
    """A tile of SRTM is above EGM96, one of Copernicus above EGM2008: they are not mixed."""
    tiles = [str(DATA / "N44E005.hgt"), str(DATA / "copernicus_N45E005_crop.tif")]
    assert [open_source(one).reference for one in tiles] == ["EGM96", "EGM2008"]
    grid = grid_from_epsg(4326, (5.2, 0.002, 0.0, 45.1, 0.0, -0.002), 100, 100)
    if not find_grid(MODELS["EGM2008"].files):
        with pytest.raises(InputError, match="us_nga_egm08_25.tif"):
            made(tmp_path, tiles, grid=grid)
    found = made(tmp_path, tiles, grid=grid, references=("EGM96", "EGM96"), small_cells=0)
    assert found.canvas.void_percent() < 0.5
    assert {1, 2} <= set(np.unique(found.canvas.source))
    step = np.abs(np.diff(found.canvas.height, axis=0))
    seam = int(np.flatnonzero(found.canvas.source[:, 50] == 2)[-1])
    around = np.nanmedian(step[seam - 8 : seam + 9], axis=1)
    assert around[8] < 1.5 * np.median(around)
