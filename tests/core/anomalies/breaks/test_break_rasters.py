# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks in stacks, tile by tile: planted breaks are found, and every executor gives the same."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.anomalies.breaks.joint import detect_breaks
from calval_toolbox.core.anomalies.breaks.monitor import MonitorSettings, monitor
from calval_toolbox.core.anomalies.breaks.pixels import find_breaks
from calval_toolbox.core.anomalies.breaks.plan import BFASTMONITOR, JOINT, BreakPlan
from calval_toolbox.core.anomalies.breaks.rasters import (
    BreakReport,
    break_tile,
    bytes_per_pixel,
    detect_break_rasters,
    open_task,
    task_parameters,
)
from calval_toolbox.core.errors import CalValError, InputError, InsufficientDataError
from calval_toolbox.core.execution.runner import tile_folder
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.stacks import stack_tiles
from calval_toolbox.core.io.dated_rasters import StackOptions
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.series.extract_files import Source

START = np.datetime64("2019-01-01")
DAYS = np.datetime64("2016-01-03") + 16 * np.arange(92)
MONITOR = MonitorSettings(start=START, screening=True, level=0.01, harmonics=1)
MONITORING = BreakPlan(BFASTMONITOR, START, MONITOR)
NAMES = ("day", "magnitude", "probability", "status")


def source(stack: Any, **options: Any) -> Source:
    given = {"scale": 0.0001, "nodata": 0, **options}
    return Source((), (str(stack.folder),), StackOptions(**given))


@pytest.fixture
def run(broken_stack: Any, tmp_path: Path) -> Callable[..., tuple[BreakReport, dict[str, Any]]]:
    def go(
        plan: BreakPlan, index: str = "", name: str = "out", **more: Any
    ) -> tuple[BreakReport, dict[str, Any]]:
        settings = ExecutionSettings(**{"executor": "threads:1", "tile_size": 64, **more})
        task, _ = open_task(source(broken_stack), (), index, "none", plan)
        targets = {one: (tmp_path / f"{name}_{one}.tif", f"{one}.tif") for one in NAMES}
        folder = tile_folder(tmp_path / f"{name}.tif")
        report = detect_break_rasters(task, targets, folder, settings)
        assert list(folder.glob("r*.npz")), "tiles stay until all is in place"
        report.run.discard()
        assert not folder.exists(), "the tiles of a finished run are removed"
        return report, {key: gdal.Open(str(path)).ReadAsArray() for key, (path, _) in
                        targets.items()}  # fmt: skip

    return go


def test_monitoring_finds_the_planted_break(run: Any, broken_stack: Any) -> None:
    report, maps = run(MONITORING, "(B8 - B4) / (B8 + B4)")
    broken, day = broken_stack.broken.copy(), broken_stack.day.astype(int)
    seen = np.ones(broken.shape, bool)
    seen[-1] = False
    assert (maps["status"][-1] == 255).all()
    assert (maps["status"][broken & seen] == 1).mean() > 0.99
    assert (maps["status"][~broken & seen] == 1).mean() < 0.05
    found = maps["day"][broken & (maps["status"] == 1)]
    # A moving sum over a quarter of the history reacts with a delay of a few observations.
    assert ((found >= day) & (found <= day + 130)).mean() > 0.97
    assert (maps["day"][maps["status"] != 1] == -9999).all()
    before, after = (0.35 - 0.06) / 0.41, (0.20 - 0.12) / 0.32
    sizes = maps["magnitude"][broken & (maps["status"] == 1)]
    assert np.median(sizes) == pytest.approx(after - before, abs=0.12)
    assert np.median(maps["probability"][broken & seen]) == pytest.approx(0.999)
    assert (maps["probability"][maps["status"] != 1] == -9999).all()
    assert report.counts["break"] == int((maps["status"] == 1).sum())
    assert report.counts["no_value"] == broken.shape[1]
    assert sum(report.counts.values()) == broken.size
    assert report.tested == ("(B8 - B4) / (B8 + B4)",)
    table = report.table
    assert table["pixels"].sum() == report.counts["break"]
    largest = int(table["pixels"].argmax())
    where = maps["day"] == table["break_time"][largest].astype("datetime64[D]").astype(int)
    assert table["pixels"][largest] == where.sum()
    assert table["magnitude"][largest] == pytest.approx(maps["magnitude"][where].mean(), rel=1e-5)


def test_joint_test_dates_the_break_to_the_day(run: Any, broken_stack: Any) -> None:
    report, maps = run(BreakPlan(JOINT))
    broken = broken_stack.broken.copy()
    broken[-1] = False
    assert (maps["status"][broken] == 1).mean() > 0.97
    stable = ~broken_stack.broken
    stable[-1] = False
    assert (maps["status"][stable] == 1).mean() < 0.01
    days = maps["day"][broken & (maps["status"] == 1)] - broken_stack.day.astype(int)
    assert np.median(days) == 0
    assert (np.abs(days) <= 32).mean() > 0.95
    assert maps["magnitude"].shape == (4, *broken.shape)
    for band, size in enumerate((0.0, 0.06, -0.15, 0.0)):
        found = maps["magnitude"][band][broken & (maps["status"] == 1)]
        assert np.median(found) == pytest.approx(size, abs=0.01)
    assert report.tested == ("B3", "B4", "B8", "B11")
    late = np.datetime64("2019-12-01")
    _, later = run(BreakPlan(JOINT, late), name="later")
    assert (later["status"] == 1).mean() < 0.01, "breaks before the start are not told"


def test_probability_is_the_smallest_level_that_finds_it() -> None:
    rng = np.random.default_rng(5)
    days = np.datetime64("2015-01-01") + 8 * np.arange(230)
    start = np.datetime64("2018-06-01")
    values = 0.5 + rng.normal(0.0, 0.02, (230, 200))
    values[days >= start] += np.linspace(0.0, 0.03, 200)
    settings = MonitorSettings(start=start, harmonics=1)
    found = find_breaks(values[:, None], days, BreakPlan(BFASTMONITOR, start, settings))
    broken = found.status == 1
    assert len(np.unique(found.probability[broken])) > 3
    for level in (0.03, 0.005, 0.001):
        at_level = monitor(values, days, replace(settings, level=level)).break_index >= 0
        assert np.array_equal(at_level, broken & (found.probability >= 1.0 - level - 1e-6))


def test_joint_maps_are_those_of_the_segments() -> None:
    rng = np.random.default_rng(8)
    days = np.datetime64("2015-01-01") + 16 * np.arange(140)
    values = 0.3 + rng.normal(0.0, 0.01, (140, 3, 40))
    values[70:100, :, 10:] += 0.1
    values[136:, :, 30:] += 0.3
    plan = BreakPlan(JOINT, wavelengths_nm=(560.0, 660.0, 860.0))
    maps = find_breaks(values, days, plan)
    result = detect_breaks(values, days, plan.waves)
    for pixel in range(40):
        breaks = result.breaks(pixel)
        assert maps.status[pixel] == (1 if len(breaks) else maps.status[pixel])
        if len(breaks):
            assert maps.day[pixel] == breaks[0].astype(int)
    assert (maps.status[:10] == 0).all()
    assert (maps.status[10:] == 1).all()
    late = find_breaks(values, days, replace(plan, start=days[130]))
    assert (late.status[30:] == 2).mean() > 0.9, "a change that has begun, not yet six dates old"
    assert np.median(late.probability[30:]) == pytest.approx(4 / 6)


def test_every_executor_gives_the_same_tiles(run: Any, cluster: Any) -> None:
    sums = [
        run(plan, index, name=f"{plan.method}{number}", executor=executor)[0].checksums
        for plan, index in ((MONITORING, "(B8 - B4) / (B8 + B4)"), (BreakPlan(JOINT), ""))
        for number, executor in enumerate(("threads:1", "threads:2", cluster.address))
    ]
    assert len(sums[0]) == 6
    assert sums[0] == sums[1] == sums[2]
    assert sums[3] == sums[4] == sums[5]
    assert sums[0] != sums[3]


def test_plan_survives_the_way_to_a_worker() -> None:
    plan = BreakPlan(
        JOINT, START, replace(MONITOR, history_start=np.datetime64("2016-05-01")),
        wavelengths_nm=(560.0, float("nan")),
    )  # fmt: skip
    again = BreakPlan.from_plain(plan.to_plain())
    assert again.monitor == plan.monitor
    assert (again.method, again.start, again.joint) == (plan.method, plan.start, plan.joint)
    assert np.array_equal(again.waves, plan.waves, equal_nan=True)


def test_tiles_shrink_with_the_memory_cap(run: Any) -> None:
    report, maps = run(MONITORING, "B8", tile_size=150)
    small, again = run(MONITORING, "B8", name="small", tile_size=150, memory_cap_mb=25.0)
    assert (report.tile_count, small.tile_count > 1) == (1, True)
    for name in NAMES:
        assert np.array_equal(maps[name], again[name])
    with pytest.raises(InputError, match="raise the memory cap"):
        run(MONITORING, "B8", name="none", memory_cap_mb=0.5)


@pytest.mark.parametrize("plan", [MONITORING, BreakPlan(JOINT)], ids=["monitoring", "joint"])
def test_tiles_need_the_memory_that_is_said(plan: BreakPlan, broken_stack: Any) -> None:
    index = "(B8 - B4) / (B8 + B4)" if plan is MONITORING else ""
    task, _ = open_task(source(broken_stack), (), index, "none", plan)
    (tile,), need_mb = stack_tiles(task.stack, ExecutionSettings(), bytes_per_pixel(task))
    parameters = task_parameters(task)
    break_tile(tile, parameters)  # compiles
    tracemalloc.start()
    break_tile(tile, parameters)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    said = bytes_per_pixel(task) * tile.pixels
    # What does not grow with the tile: the working arrays of a block of pixels.
    assert 0.5 * said < used < said + 40e6


def test_a_whole_sentinel2_tile_is_cut_to_the_cap(broken_stack: Any) -> None:
    task, _ = open_task(source(broken_stack), (), "", "none", BreakPlan(JOINT))
    stack = task.stack
    large = replace(stack, grid=replace(stack.grid, width=10980, height=10980))
    cut, need_mb = stack_tiles(large, ExecutionSettings(), bytes_per_pixel(task))
    assert sum(tile.pixels for tile in cut) == 10980**2
    assert 4 * need_mb <= 2000.0


@pytest.mark.parametrize(
    ("plan", "bands", "index", "options", "sentence"),
    [
        (MONITORING, (), "", {}, "NDVI needs a band near 865 nm"),
        (MONITORING, ("B4", "B8"), "", {}, "Monitoring tests one value per date"),
        (MONITORING, (), "B8 +", {}, "'B8 \\+' cannot be computed"),
        (MONITORING, (), "B8 - B99", {}, "'B99' in 'B8 - B99' is no band"),
        (MONITORING, (), "__import__('os')", {}, "is no band|cannot be computed"),
        (MONITORING, ("B99",), "", {}, "No date has a band B99"),
        (BreakPlan(BFASTMONITOR), (), "B8", {}, "needs its START"),
        (BreakPlan(JOINT), (), "", {"scale": 1.0}, "look like scaled integers.*Give SCALE"),
        (BreakPlan("guess"), (), "", {}, "There is no method 'guess'"),
        (replace(MONITORING, monitor=replace(MONITOR, start=np.datetime64("2015-01-01"))),
         (), "B8", {}, "No observation is before the start"),
        (replace(MONITORING, monitor=replace(MONITOR, start=np.datetime64("2025-01-01"))),
         (), "B8", {}, "No observation is at or after the start"),
        (replace(MONITORING, monitor=replace(MONITOR, window=0.3)), (), "B8", {},
         "no critical value for a window"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_a_sentence(
    plan: BreakPlan, bands: tuple[str, ...], index: str, options: dict[str, Any], sentence: str,
    broken_stack: Any,
) -> None:  # fmt: skip
    with pytest.raises(CalValError, match=sentence):
        open_task(source(broken_stack, **options), bands, index, "none", plan)


def test_never_seen_and_constant_pixels_are_defined() -> None:
    days = np.datetime64("2015-01-01") + 16 * np.arange(120)
    values = np.full((120, 1, 3), np.nan)
    values[:, 0, 1] = 0.25
    values[::20, 0, 2] = 0.25
    monitoring = find_breaks(
        values, days, replace(MONITORING, monitor=replace(MONITOR, start=days[70]))
    )
    assert monitoring.status.tolist() == [255, 0, 3]
    joint = find_breaks(values, days, BreakPlan(JOINT, wavelengths_nm=(560.0,)))
    assert joint.status.tolist() == [255, 0, 3]
    assert (joint.day == -9999).all()


@pytest.mark.parametrize(
    ("plan", "empty", "sentence"),
    [
        (BreakPlan(JOINT), True, "All observations of the images are masked"),
        (
            BreakPlan(BFASTMONITOR, DAYS[40], replace(MONITOR, start=DAYS[40])), True,
            "All observations of the images are masked",
        ),
        (
            BreakPlan(
                BFASTMONITOR, DAYS[9], MonitorSettings(start=DAYS[9], harmonics=3, trend=False)
            ),
            False, "No pixel could be tested: there are at most 9 clear dates .*7 coeff.*needs 21",
        ),
    ],
)  # fmt: skip
def test_nothing_to_test_is_refused_and_nothing_written(
    plan: BreakPlan, empty: bool, sentence: str, small: Callable[..., Source],
    tmp_path: Path,
) -> None:  # fmt: skip
    given = small(np.zeros((60, 40, 50)) if empty else None)
    task, _ = open_task(given, (), "" if plan.method == JOINT else "B8", "none", plan)
    target = tmp_path / "out" / "status.tif"
    folder = tile_folder(target)
    with pytest.raises(InsufficientDataError, match=sentence):
        detect_break_rasters(task, {"status": (target, "status.tif")}, folder)
    assert not target.exists()
    assert not folder.exists()


def test_constant_pixels_are_warned_of(small: Callable[..., Source], tmp_path: Path) -> None:
    for constant in (0, 10, 2000):
        values = 3500.0 + np.random.default_rng(2).normal(0.0, 60.0, (60, 40, 50))
        values.reshape(60, -1)[:, :constant] = 3500.0
        plan = BreakPlan(BFASTMONITOR, DAYS[40], replace(MONITOR, start=DAYS[40]))
        task, _ = open_task(small(values), (), "B8", "none", plan)
        target = tmp_path / f"status{constant}.tif"
        report = detect_break_rasters(
            task, {"status": (target, target.name)}, tile_folder(target)
        )  # fmt: skip
        report.run.discard()
        said = {
            0: "",
            10: "The values of 10 pixels of 2,000",
            2000: "The values of all 2,000 pixels",
        }
        assert [note.split(" do not vary over time")[0] for note in report.notes] == (
            [said[constant]] if constant else []
        )


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Source]:
    """A stack of one band B8 in 1e-4, 0 where there is nothing; noise unless values are given."""

    def make(values: np.ndarray | None = None) -> Source:
        if values is None:
            values = 3500.0 + np.random.default_rng(2).normal(0.0, 60.0, (60, 40, 50))
        folder = tmp_path / f"stack_{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        grid = grid_from_epsg(32631, (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0), 50, 40)
        for day, image in zip(DAYS, np.rint(values).astype(np.int16), strict=False):
            write_raster(folder / f"i_{str(day).replace('-', '')}.tif", [image], grid, nodata=0,
                         names=("B8",))  # fmt: skip
        return Source((), (str(folder),), StackOptions(scale=0.0001, nodata=0))

    return make
