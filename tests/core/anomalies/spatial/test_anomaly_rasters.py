# SPDX-License-Identifier: GPL-3.0-or-later
"""The run over tiles: the same everywhere, resumed, within its memory; bad input."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from local_cluster import Cluster
from osgeo import gdal

from calval_toolbox.core.anomalies.spatial import tiles as tile_module
from calval_toolbox.core.anomalies.spatial.parts import voting_parts
from calval_toolbox.core.anomalies.spatial.rasters import (
    AnomalySettings,
    dates_that_matter,
    detect_anomaly_rasters,
    open_anomaly_task,
    score_parameters,
)
from calval_toolbox.core.anomalies.spatial.tiles import score_tile, tile_need
from calval_toolbox.core.errors import CalValError, Canceled, InputError, InsufficientDataError
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.stacks import stack_tiles
from calval_toolbox.core.execution.tiling import Rectangle, Tile, TileOutput, tiles
from calval_toolbox.core.io.dated_rasters import StackOptions
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.extract_files import Source

WIDTH, HEIGHT = 140, 70
DAYS = np.datetime64("2018-01-03") + 20 * np.arange(60)
CLOUDY, BRIGHT = 30, 41
DEFAULTS = AnomalySettings()


@dataclass(frozen=True)
class Planted:
    source: Source
    cloud: np.ndarray


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Fields of three bands; a cloud on one date, all 0.05 too bright on another."""
    folder, rng = tmp_path_factory.mktemp("stack"), np.random.default_rng(9)
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), WIDTH, HEIGHT)
    level = np.array([0.08, 0.12, 0.30])[:, None, None]
    fields = level * rng.uniform(0.6, 1.4, (1, HEIGHT // 10, WIDTH // 10)).repeat(10, 1).repeat(
        10, 2
    )
    cloud = np.zeros((HEIGHT, WIDTH), bool)
    cloud[20:45, 55:90] = True
    for number, day in enumerate(DAYS):
        common = rng.normal(0.0, 0.003, (3, 1, 1))
        image = fields + common + rng.normal(0.0, 0.006, (3, HEIGHT, WIDTH))
        image += 0.3 * cloud * (number == CLOUDY) + 0.05 * (number == BRIGHT)
        stored = [np.rint(band * 10_000.0).astype(np.int16) for band in image]
        write_raster(folder / f"i_{str(day).replace('-', '')}.tif", stored, grid,
                     names=("blue", "green", "nir"))  # fmt: skip
    return Planted(Source((), (str(folder),), StackOptions(scale=1e-4)), cloud)


def run(
    planted: Planted, folder: Path, settings: AnomalySettings = DEFAULTS,
    executor: str = "threads:1", progress: Any = None, **more: Any,
) -> Any:  # fmt: skip
    task, notes = open_anomaly_task(planted.source, (), "none", settings)
    targets = {name: (folder / f"{name}.tif", name) for name in ("type", "score", "counts")}
    execution = ExecutionSettings(executor, 64, **more)
    tiles_at = folder / "out.tiles"
    report = detect_anomaly_rasters(task, targets, tiles_at, execution, progress, notes)
    report.run.discard()
    assert not tiles_at.exists()
    return report


@pytest.mark.parametrize("empty", [True, False])
def test_gaps_of_all_images_and_infinite_pixels(
    empty: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Images without any value are refused; infinite values are counted and told."""
    images, rng = tmp_path / "stack", np.random.default_rng(2)
    images.mkdir()
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), 20, 16)
    for number, day in enumerate(DAYS[:24]):
        values = rng.normal(0.2, 0.01, (2, 16, 20)).astype(np.float32)
        values[:, :2] = np.inf if number == 3 else values[:, :2]
        stored = list(np.full_like(values, np.nan) if empty else values)
        name = images / f"i_{str(day).replace('-', '')}.tif"
        write_raster(name, stored, grid, names=("green", "nir"))
    made = Planted(Source((), (str(images),), StackOptions()), np.zeros((16, 20), bool))
    if empty:
        with pytest.raises(InsufficientDataError, match="All observations of the images are"):
            run(made, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["stack"]
        return
    scored: list[np.ndarray] = []

    def score(values: np.ndarray, *_: Any) -> TileOutput:
        scored.append(values)
        return TileOutput({}, {})

    monkeypatch.setattr(tile_module, "score_values", score)
    task, _ = open_anomaly_task(made.source, (), "none", DEFAULTS)
    whole = Rectangle(0, 0, 20, 16)
    summary = score_tile(Tile(whole, whole), score_parameters(task)).summary
    assert summary == {"seen": True, "infinite": 80}
    assert not np.isinf(scored[0]).any()
    assert np.isnan(scored[0]).sum() == 80


def read(folder: Path, name: str) -> np.ndarray:
    return gdal.Open(str(folder / f"{name}.tif")).ReadAsArray()


def test_every_executor_gives_the_same(planted: Planted, cluster: Cluster, tmp_path: Path) -> None:
    found = []
    for number, executor in enumerate(("threads:1", "threads:2", cluster.address)):
        folder = tmp_path / str(number)
        folder.mkdir()
        found.append(run(planted, folder, executor=executor).checksums)
    assert len(found[0]) == 6
    assert found[0] == found[1] == found[2]
    for name in ("type", "score", "counts"):
        assert np.array_equal(read(tmp_path / "0", name), read(tmp_path / "2", name))
    types = read(tmp_path / "0", "type")
    report_layers = gdal.Open(str(tmp_path / "0" / "type.tif"))
    names = [report_layers.GetRasterBand(n).GetDescription()[:10] for n in (1, 2)]
    assert names == [str(DAYS[CLOUDY]), str(DAYS[BRIGHT])]
    assert len(types) == 2
    assert (types[0][planted.cloud] == 1).mean() > 0.95
    assert (types[0][~planted.cloud] > 0).mean() < 0.01
    assert (types[1] == 7).mean() > 0.95


def test_canceled_run_goes_on(planted: Planted, tmp_path: Path) -> None:
    class Stops(Silent):
        stopped = False

        def report(self, fraction: float, text: str = "") -> None:
            self.stopped = fraction > 0.3

        def canceled(self) -> bool:
            return self.stopped

    with pytest.raises(Canceled, match="tiles are kept"):
        run(planted, tmp_path, progress=Stops())
    assert [path.name for path in tmp_path.iterdir()] == ["out.tiles"]
    assert run(planted, tmp_path).layers == (CLOUDY, BRIGHT)


def test_dates_asked_for_and_most_dates(planted: Planted, tmp_path: Path) -> None:
    days = (str(DAYS[3]),)
    report = run(planted, tmp_path, AnomalySettings(days=days, most_dates=2))
    assert report.layers == (3, BRIGHT)
    assert any("3 dates matter" in note for note in report.notes)
    task, _ = open_anomaly_task(planted.source, (), "none", AnomalySettings())
    quiet = [replace(vote, kind="none", flagged=0) for vote in report.votes]
    layers, notes = dates_that_matter(quiet, task.stack, task.settings)
    assert len(layers) == 1
    assert "On no date" in notes[0]


def test_tiles_need_the_memory_that_is_said(planted: Planted) -> None:
    task, _ = open_anomaly_task(planted.source, (), "none", AnomalySettings())
    cut = tiles(WIDTH, HEIGHT, 512)
    parameters = score_parameters(task)
    score_tile(cut[0], parameters)  # compiles
    tracemalloc.start()
    score_tile(cut[0], parameters)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    per_pixel, fixed_mb = tile_need(task.stack)
    said = per_pixel * cut[0].pixels + fixed_mb * 1e6
    assert 0.2 * said < used < said


def test_a_whole_sentinel2_tile_is_cut_to_the_cap(planted: Planted) -> None:
    task, _ = open_anomaly_task(planted.source, (), "none", AnomalySettings())
    stack = task.stack
    large = replace(
        stack, grid=replace(stack.grid, width=10980, height=10980), products=stack.products[:40] * 3
    )
    per_pixel, fixed_mb = tile_need(large)
    cut, need_mb = stack_tiles(large, ExecutionSettings(), per_pixel, fixed_mb=fixed_mb)
    assert 4 * need_mb <= 2000.0
    voting = score_parameters(replace(task, stack=large))["voting"]
    chosen = [int(voting_parts(tile, **voting).sum()) for tile in cut]
    assert 128 < sum(chosen) <= 256
    apart = [int(voting_parts(one, **voting).sum()) for one in tiles(10980, 10980, 64)]
    assert sum(apart) == sum(chosen)


@pytest.mark.parametrize(
    ("change", "options", "bands", "sentence"),
    [
        ({"days": ("2019-01-01",)}, {}, (), "no image of 2019-01-01.*nearest is of 2018-12-29"),
        ({"days": ("soon",)}, {}, (), "'soon' is no day"),
        ({}, {"scale": 1.0}, (), "look like scaled integers.*Give SCALE"),
        ({}, {}, ("red",), "No date has a band red"),
    ],
)
def test_what_cannot_be_is_a_sentence(
    planted: Planted, change: dict[str, Any], options: dict[str, Any], bands: tuple[str, ...],
    sentence: str,
) -> None:  # fmt: skip
    source = replace(planted.source, options=replace(planted.source.options, **options))
    with pytest.raises(CalValError, match=sentence):
        open_anomaly_task(source, bands, "none", AnomalySettings(**change))


def test_few_dates_and_too_little_memory_are_a_sentence(planted: Planted, tmp_path: Path) -> None:
    folder = Path(planted.source.stack[0])
    few = Source((), tuple(str(path) for path in sorted(folder.glob("*.tif"))[:5]))
    with pytest.raises(
        CalValError, match="The stack has 5 dates; a seasonal model needs at least 18"
    ):
        open_anomaly_task(few, (), "none", AnomalySettings())
    with pytest.raises(InputError, match="raise the memory cap"):
        run(planted, tmp_path, memory_cap_mb=50.0)
    assert not list(tmp_path.iterdir())
