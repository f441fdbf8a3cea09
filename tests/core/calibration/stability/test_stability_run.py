# SPDX-License-Identifier: GPL-3.0-or-later
"""From files to raster and candidates: planted sites are found, what is no site is refused."""

from __future__ import annotations

import shutil
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.calibration.stability.directions import angles_from_table, date_angles
from calval_toolbox.core.calibration.stability.run import (
    StabilityReport,
    StabilityTask,
    find_stable_sites,
    open_stability_task,
)
from calval_toolbox.core.calibration.stability.settings import (
    BandRule,
    Limits,
    Removal,
    StabilitySettings,
)
from calval_toolbox.core.calibration.stability.simulate import (
    GOOD,
    STABLE,
    Plan,
    Scene,
    simulate_scene,
    write_scene,
)
from calval_toolbox.core.calibration.stability.tiles import (
    stability_tile,
    tile_need,
    tile_parameters,
)
from calval_toolbox.core.errors import (
    CalValError,
    Canceled,
    InputError,
    InsufficientDataError,
    TableError,
)
from calval_toolbox.core.execution.runner import tile_folder
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.stacks import stack_tiles
from calval_toolbox.core.io.grids import unproject
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.series.extract_files import Source
from calval_toolbox.core.table import Table
from calval_toolbox.core.types import AnyArray, BoolArray, Product

SETTINGS = StabilitySettings(size_m=6000.0, window_m=2500.0)
Run = Callable[..., tuple[StabilityTask, StabilityReport, dict[str, AnyArray]]]


@pytest.fixture(scope="module")
def corner(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The images of the upper left corner, which holds one stable place."""
    return write_scene(tmp_path_factory.mktemp("corner"), _corner(scene), "none")


def _corner(scene: Scene) -> Scene:
    return replace(
        scene, plan=replace(scene.plan, shape=(46, 46)), values=scene.values[:, :, :46, :46],
        clear=scene.clear[:, :46, :46], grid=replace(scene.grid, width=46, height=46),
    )  # fmt: skip


def layers(path: Path) -> dict[str, AnyArray]:
    dataset = gdal.Open(str(path))
    found = {}
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        assert band.GetNoDataValue() == -9999.0
        found[band.GetDescription()] = band.ReadAsArray()
    return found


@pytest.fixture(scope="module")
def run(desert: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("runs")

    def go(
        name: str, settings: StabilitySettings = SETTINGS, images: Path | None = None,
        angles: bool = True, tile_size: int = 512,
    ) -> tuple[StabilityTask, StabilityReport, dict[str, AnyArray]]:  # fmt: skip
        table = read_table(desert / "angles.csv") if angles else None
        source = Source((), (str(images or desert / "images"),))
        task, notes = open_stability_task(source, (), "clouds", settings, table)
        path = folder / f"{name}.tif"
        execution = ExecutionSettings("threads:1", tile_size)
        report = find_stable_sites(task, path, str(path), execution, notes=notes)
        report.discard()
        assert not tile_folder(path).exists(), "the tiles of a finished run are removed"
        return task, report, layers(path)

    return go


@pytest.fixture(scope="module")
def found(run: Run) -> tuple[StabilityTask, StabilityReport, dict[str, AnyArray]]:
    return run("found")


def burnt(table: Table, scene: Scene) -> BoolArray:
    """The pixels inside the polygons of a table."""
    from calval_toolbox.core.io.shapes import footprint

    inside = np.zeros(scene.plan.shape, dtype=np.bool_)
    assert table.geometry is not None
    for shape in table.geometry:
        one = footprint(scene.grid, 0.0, 0.0, polygon=shape)
        assert one is not None
        rows, columns = one.inside.shape
        left, width, _, top, _, height = scene.grid.geotransform
        corner = one.window.geotransform
        row, column = round((corner[3] - top) / height), round((corner[0] - left) / width)
        inside[row : row + rows, column : column + columns] |= one.inside
    return inside


def overlap(one: BoolArray, other: BoolArray) -> float:
    return float((one & other).sum() / (one | other).sum())


def test_candidates_are_the_planted_sites(
    scene: Scene, found: tuple[StabilityTask, StabilityReport, dict[str, AnyArray]]
) -> None:
    _, report, _ = found
    assert len(report.table) == 2
    inside = burnt(report.table, scene)
    # The moving window takes half of its size off the border: two pixels.
    inner = np.zeros(scene.plan.shape, dtype=np.bool_)
    for name in GOOD:
        row, column, rows, columns = scene.plan.planted[name][0]
        inner[row + 2 : row + rows - 2, column + 2 : column + columns - 2] = True
    assert overlap(inside, inner) > 0.97
    assert overlap(inside, scene.planted(*GOOD)) > 0.74
    assert not (inside & scene.planted("drifting", "textured", "cloudy")).any()


def test_the_table_tells_the_truth(
    scene: Scene, found: tuple[StabilityTask, StabilityReport, dict[str, AnyArray]]
) -> None:
    _, report, _ = found
    table = report.table
    assert list(table["site"]) == ["candidate_01", "candidate_02"]
    assert list(table["rank"]) == [1, 2]
    assert table["score"][0] <= table["score"][1] < 1.0
    assert (np.abs(table["temporal_cv_percent"] - 1.2) < table["temporal_cv_se_percent"]).all()
    assert (np.abs(table["spatial_cv_percent"] - 1.0) < table["spatial_cv_se_percent"]).all()
    assert (np.abs(table["trend_percent_year"]) < table["trend_se_percent_year"]).all()
    assert table["spectral_cv_percent"] == pytest.approx([0.849, 0.849], rel=0.05)
    assert table["clear_percent"] == pytest.approx([70.0, 70.0], abs=2.0)
    assert table["clear_dates"] == pytest.approx([31.5, 31.5], abs=1.5)
    assert table["site_spatial_cv_percent_red"] == pytest.approx([1.0, 1.0], rel=0.1)
    assert (table["raw_cv_percent_red"] > 5.0).all()
    assert set(table.texts("brdf")) == {"ross_li"}
    order = np.argsort(-table["area_km2"])
    areas = table["area_km2"][order]
    assert areas == pytest.approx([30 * 30 * 0.25, 24 * 26 * 0.25], rel=0.02)
    left, top = 400_000.0, 3_180_000.0
    expected = unproject(scene.grid.wkt, left + 25 * 500.0, top - 25 * 500.0)
    place = order[0]
    assert table["longitude"][place] == pytest.approx(expected[0], abs=0.003)
    assert table["latitude"][place] == pytest.approx(expected[1], abs=0.003)


def test_the_series_of_a_site_is_free_of_the_noise_of_pixels(
    run: Run, tmp_path: Path,
    found: tuple[StabilityTask, StabilityReport, dict[str, AnyArray]],
) -> None:  # fmt: skip
    quiet = found[1].table
    # The noise of pixels, 1.2 %, averaged over hundreds of clear ones, and hardly anything else.
    assert (quiet["site_temporal_cv_percent_red"] < 0.15).all()
    assert list(quiet["site_dates"]) == [45, 45]
    planted = {"all": ((0, 0, 40, 40), STABLE)}
    plan = Plan((40, 40), dates=40, step_days=25.0, planted=planted, weather=0.008)
    images = write_scene(tmp_path, simulate_scene(plan), "files")
    settings = StabilitySettings(size_m=15_000.0, window_m=2500.0)
    _, report, _ = run("weather", settings, images=images, angles=False)
    (cv,), (error,) = (report.table[f"site_temporal_cv_{name}percent_red"] for name in ("", "se_"))
    assert abs(cv - 0.8) < 2.0 * error
    assert 0.05 < error < 0.12
    assert report.table["temporal_cv_percent_red"][0] == pytest.approx(np.hypot(1.2, cv), rel=0.05)
    (trend,), (margin,) = (report.table[f"site_trend_{name}percent_year_nir"]
                           for name in ("", "se_"))  # fmt: skip
    assert abs(trend) < 3.0 * margin < 1.0


def test_each_place_fails_by_what_it_lacks(
    scene: Scene, found: tuple[StabilityTask, StabilityReport, dict[str, AnyArray]]
) -> None:
    _, report, maps = found

    def inner(name: str) -> tuple[slice, slice]:
        row, column, rows, columns = scene.plan.planted[name][0]
        return slice(row + 3, row + rows - 3), slice(column + 3, column + columns - 3)

    # Codes: 1 temporal, 2 spatial, 3 spectral, 4 trend, 5 clear frequency.
    for name, code in {"drifting": 4, "textured": 2}.items():
        assert (maps["limiting_criterion"][inner(name)] == code).mean() > 0.99
        assert maps["score"][inner(name)].min() > 1.0
    cloudy = maps["score"][inner("cloudy")]
    assert ((cloudy == -9999.0) | (cloudy > 1.0)).mean() > 0.9
    assert (maps["score"][inner("stable_west")] <= 1.0).all()
    assert report.passed == (maps["score"][maps["score"] != -9999.0] <= 1.0).sum()
    assert report.tested == (maps["score"] != -9999.0).sum()


def test_without_the_model_nothing_passes(run: Run, corner: Path) -> None:
    _, report, maps = run("raw", replace(SETTINGS, removal=Removal.NONE), corner)
    assert len(report.table) == 0
    assert any("angles is not used: what is taken off is 'none'" in note for note in report.notes)
    assert maps["temporal_cv_percent red"][10:40, 10:40].min() > 3.0


class _Stops:
    """A user who cancels once some tiles are there, or later."""

    def __init__(self, after: float = 0.3) -> None:
        self.after, self.done = after, 0.0
        self.patient = False
        self.told: list[str] = []

    def report(self, fraction: float, text: str = "") -> None:
        self.done = max(self.done, fraction)

    def info(self, text: str) -> None:
        self.told.append(text)

    warn = info

    def canceled(self) -> bool:
        return not self.patient and self.done > self.after


def test_a_canceled_run_goes_on_and_tiles_do_not_show(
    tmp_path: Path, found: tuple[StabilityTask, StabilityReport, dict[str, AnyArray]]
) -> None:
    task, whole, maps = found
    path, user = tmp_path / "out.tif", _Stops()
    execution = ExecutionSettings("threads:1", 67)
    with pytest.raises(Canceled):
        find_stable_sites(task, path, str(path), execution, user)
    kept = sorted(one.name for one in tile_folder(path).glob("r*.npz"))
    assert 0 < len(kept) < 4
    assert not path.exists()
    user.patient = True
    report = find_stable_sites(task, path, str(path), execution, user)
    assert any(f"{len(kept)} of 4 tiles are there already" in one for one in user.told)
    report.discard()
    assert not tile_folder(path).exists()
    assert (whole.tile_count, report.tile_count) == (1, 4)
    tiled = layers(path)
    assert list(maps) == list(tiled)
    for name, values in maps.items():
        assert values.tobytes() == tiled[name].tobytes(), name
    assert report.table.geometry is not None
    assert whole.table.geometry is not None
    assert list(report.table.geometry) == list(whole.table.geometry)
    for name in whole.small:
        assert np.array_equal(whole.small[name], report.small[name], equal_nan=True)


def test_canceled_among_the_candidates_it_reads_no_tile_again(
    tmp_path: Path, found: tuple[StabilityTask, StabilityReport, dict[str, AnyArray]]
) -> None:
    task, whole, _ = found
    path, user = tmp_path / "out.tif", _Stops(after=0.925)
    execution = ExecutionSettings("threads:1", 67)
    with pytest.raises(Canceled):
        find_stable_sites(task, path, str(path), execution, user)
    assert path.exists(), "the raster was done: it was canceled later"
    user.patient = True
    report = find_stable_sites(task, path, str(path), execution, user)
    assert (report.run.kept, report.run.computed) == (4, 0)
    assert len(report.table) == len(whole.table) > 0


def test_angles_in_the_files_do_as_well(run: Run, scene: Scene, tmp_path: Path) -> None:
    images = write_scene(tmp_path, _corner(scene), "files")
    task, report, maps = run("files", images=images, angles=False)
    assert task.angles is not None
    assert task.settings.removal is Removal.ROSS_LI
    np.testing.assert_allclose(task.angles, scene.directions, atol=1e-9)
    assert len(report.table) == 1
    assert maps["temporal_cv_percent red"][12:38, 12:38].max() < 3.0


def test_without_angles_the_season_is_taken_loudly(run: Run, corner: Path) -> None:
    limits = Limits(temporal_percent=9.0, trend_percent_year=2.0)
    task, report, _ = run("season", replace(SETTINGS, limits=limits), corner, angles=False)
    assert (task.asked, task.settings.removal) == (Removal.ROSS_LI, Removal.SEASON)
    note = next(one for one in report.notes if "could NOT be removed" in one)
    assert "0 of 45 dates" in note
    assert "ANGLES" in note
    assert len(report.table)
    assert set(report.table.texts("brdf")) == {"season"}


def test_dates_without_angles_are_left_out(desert: Path, scene: Scene) -> None:
    table = read_table(desert / "angles.csv").select(np.arange(45) >= 8)
    source = Source((), (str(desert / "images"),))
    task, notes = open_stability_task(source, (), "clouds", SETTINGS, table)
    assert len(task.stack) == 37
    assert task.angles is not None
    assert len(task.angles) == 37
    assert any("8 date(s): 2018-01-04" in note and "3 more" in note for note in notes)


def test_mean_of_the_bands_without_a_trend(
    run: Run, corner: Path, found: tuple[StabilityTask, StabilityReport, dict[str, AnyArray]]
) -> None:
    settings = replace(SETTINGS, rule=BandRule.MEAN, trend=False, tolerance_percent=0.0)
    _, report, maps = run("mean", settings, corner)
    assert not [name for name in maps if name.startswith("trend")]
    assert "trend_percent_year" not in report.table
    bands = [maps[f"temporal_cv_percent {band}"] for band in ("red", "nir")]
    good = bands[0] != -9999.0
    np.testing.assert_allclose(
        maps["temporal_cv_percent"][good], np.mean(bands, axis=0)[good], rtol=1e-5
    )
    worst = np.maximum(*(found[2][f"temporal_cv_percent {band}"] for band in ("red", "nir")))
    np.testing.assert_allclose(found[2]["temporal_cv_percent"], worst)


def test_a_short_series_says_what_it_cannot_tell(corner: Path, run: Run, tmp_path: Path) -> None:
    for path in sorted(corner.glob("*.tif"))[:14]:
        shutil.copy(path, tmp_path)
    settings = replace(SETTINGS, least_dates=8)
    _, report, _ = run("short", settings, images=tmp_path)
    assert any("covers 0.85 years" in note for note in report.notes)
    assert any("0.5 % per year cannot be told" in note for note in report.notes)


def test_memory_stays_within_what_is_stated(
    found: tuple[StabilityTask, StabilityReport, dict[str, AnyArray]],
) -> None:
    task, _, _ = found
    per_pixel, fixed = tile_need(task.stack)
    (tile,), stated = stack_tiles(task.stack, ExecutionSettings(), per_pixel, fixed_mb=fixed)
    parameters = tile_parameters(task.stack, task.angles, task.settings)
    tracemalloc.start()
    stability_tile(tile, parameters)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    assert 0.3 * stated < peak <= stated


def one_date(images: Path, folder: Path) -> Source:
    shutil.copy(next(iter(sorted(images.glob("*.tif")))), folder)
    return Source((), (str(folder),))


def test_one_date_is_too_few(desert: Path, tmp_path: Path) -> None:
    with pytest.raises(InsufficientDataError, match=r"The stack has 1 date, .*12 clear ones"):
        open_stability_task(one_date(desert / "images", tmp_path), (), "clouds", SETTINGS)


def test_images_of_another_grid_are_named(desert: Path, tmp_path: Path) -> None:
    for path in sorted((desert / "images").glob("*.tif"))[:20]:
        shutil.copy(path, tmp_path)
    odd = tmp_path / sorted(tmp_path.glob("*.tif"))[7].name
    gdal.Open(str(odd), gdal.GA_Update).SetGeoTransform((0.0, 500.0, 0.0, 0.0, 0.0, -500.0))
    with pytest.raises(CalValError, match="has its corners elsewhere"):
        open_stability_task(Source((), (str(tmp_path),)), (), "clouds", SETTINGS)


def test_no_clear_pixel_is_said(run: Run, tmp_path: Path) -> None:
    nothing = replace(Plan().around, clear=0.0)
    plan = Plan(shape=(20, 20), dates=14, planted={}, around=nothing)
    images = write_scene(tmp_path, simulate_scene(plan))
    settings = StabilitySettings()
    _, report, maps = run("dark", settings, images=images)
    assert (report.tested, report.passed, len(report.table)) == (0, 0, 0)
    assert any("No pixel has 12 clear dates" in note for note in report.notes)
    assert (maps["score"] == -9999.0).all()
    assert (maps["clear_percent"] == 0.0).all()


def test_tables_of_angles() -> None:
    times = np.array(["2020-01-01T10:00", "2020-01-02T10:00"], dtype="datetime64[ms]")
    rows = np.array(["2020-01-02T20:00", "2020-01-02T11:00"], dtype="datetime64[ms]")
    columns = {"Time": rows, "SZA": np.array([30.0, 31.0]), "sun_azimuth_deg": np.array([10.0, 11]),
               "vza": np.array([5.0, 6.0]), "vaa": np.array([100.0, 101.0])}  # fmt: skip
    found = angles_from_table(Table(columns), times)
    assert np.isnan(found[0]).all()
    assert list(found[1]) == [31.0, 11.0, 6.0, 101.0]
    with pytest.raises(TableError, match="no column 'vaa'"):
        angles_from_table(Table({k: v for k, v in columns.items() if k != "vaa"}), times)
    with pytest.raises(TableError, match=r"Row 1 .* sza 95"):
        angles_from_table(Table({**columns, "SZA": np.array([95.0, 31.0])}), times)


def test_angles_of_real_products(shared_data: Path) -> None:
    from calval_toolbox.core.io.products import open_product

    folder = shared_data / "calibration"
    sentinel = open_product(str(next((folder / "s2_l1c").glob("*.SAFE"))))
    landsat = open_product(str(folder / "landsat8"))
    for product in (sentinel, landsat):
        with Rasters() as rasters:
            grid = rasters.grid(next(iter(product.bands.values())).uri)
        ((sun, view, azimuth),) = date_angles([product], grid)
        assert 15.0 < sun < 35.0
        assert 0.0 <= view < 9.0
        assert 0.0 <= azimuth <= 180.0
        bare = Product("", "stack", "", "", "", "", product.time)
        assert np.isnan(date_angles([bare], grid)).all()


def test_settings_are_looked_at_first(desert: Path) -> None:
    source = Source((), (str(desert / "images"),))
    with pytest.raises(InputError, match="too few for a model"):
        open_stability_task(source, (), "clouds", replace(SETTINGS, least_dates=4))
    with pytest.raises(InputError, match="No date has a band swir"):
        open_stability_task(source, ("swir",), "clouds", SETTINGS)
    with pytest.raises(InputError, match="less than a pixel"):
        open_stability_task(source, (), "clouds", replace(SETTINGS, size_m=100.0))
