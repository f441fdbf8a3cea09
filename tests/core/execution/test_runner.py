# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiled runs: the same result everywhere, resumed, refused, canceled, and put together."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tile_functions as functions
from conftest import DATES, HEIGHT, WIDTH, Cluster, Watched
from osgeo import gdal

from calval_toolbox.core.errors import (
    Canceled,
    ExecutionError,
    InputError,
    OutputError,
)
from calval_toolbox.core.execution.results import RasterOutput, write_rasters
from calval_toolbox.core.execution.runner import TileRun, run_tiles, tile_folder
from calval_toolbox.core.execution.settings import ExecutionSettings, Policy
from calval_toolbox.core.execution.tiling import Tile, TileOutput, tiles
from calval_toolbox.core.execution.workers import compute_tile
from calval_toolbox.core.io.atomic import Staging
from calval_toolbox.core.io.grids import Grid
from calval_toolbox.core.io.tile_files import read_tile

TILES = tiles(WIDTH, HEIGHT, 64, margin=1)
TWO = ExecutionSettings("threads:2")


def clear_sky(folder: Path, stack: list[str], executor: str = "threads:2", **more: Any) -> TileRun:
    parameters = {"stack": stack, "threshold": 4000}
    return run_tiles(
        functions.running_mean, TILES, folder, parameters, ExecutionSettings(executor),
        inputs=stack, **more,
    )  # fmt: skip


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_same_bytes_on_all_executors(
    tmp_path: Path, stack: list[str], cluster: Cluster
) -> None:
    specs = ["threads:1", "threads:2", "processes:2", cluster.address]
    runs = [clear_sky(tmp_path / str(n), stack, spec) for n, spec in enumerate(specs)]
    assert len(runs[0].checksums) == len(TILES) == 12
    assert all(run.checksums == runs[0].checksums for run in runs)
    assert all(run.summaries == runs[0].summaries for run in runs)


def test_rasters_equal_the_whole_image(tmp_path: Path, stack: list[str], grid: Grid) -> None:
    run = clear_sky(tmp_path / "o.tiles", stack)
    bands = tuple(f"date {n}" for n in range(DATES))
    with Staging() as staging:
        outputs = [
            RasterOutput("mean", staging.stage(tmp_path / "mean.tif"), -1.0, bands, "mean.tif"),
            RasterOutput("clear", staging.stage(tmp_path / "clear.tif")),
            RasterOutput("any", staging.stage(tmp_path / "any.tif")),
        ]
        write_rasters(run, outputs, grid)
    values = np.stack([gdal.Open(path).ReadAsArray() for path in stack]).astype(np.float32)
    padded = np.pad(values, ((0, 0), (1, 1), (1, 1)), mode="edge")
    expected = sum(
        padded[:, r : r + HEIGHT, c : c + WIDTH].astype(float) for r in range(3) for c in range(3)
    )
    mean, clear = gdal.Open(str(tmp_path / "mean.tif")), gdal.Open(str(tmp_path / "clear.tif"))
    assert np.allclose(mean.ReadAsArray(), expected / 9.0, rtol=1e-6)
    assert np.array_equal(clear.ReadAsArray(), (values > 4000).sum(axis=0))
    assert gdal.Open(str(tmp_path / "any.tif")).ReadAsArray().max() == 1
    assert mean.GetGeoTransform() == grid.geotransform
    assert mean.GetRasterBand(2).GetDescription() == "date 1"
    assert mean.GetRasterBand(1).GetNoDataValue() == -1.0
    assert mean.GetMetadata("IMAGE_STRUCTURE")["COMPRESSION"] == "DEFLATE"
    # The summaries of the tiles, added up, are those of the image.
    counts = np.sum([summary["clear_by_date"] for summary in run.summaries], axis=0)
    assert counts.tolist() == (values > 4000).sum(axis=(1, 2)).tolist()
    assert max(summary["largest"] for summary in run.summaries) == values.max()


def test_discard_leaves_nothing_of_ours(tmp_path: Path, stack: list[str]) -> None:
    run = clear_sky(tmp_path / "a.tiles", stack)
    run.discard()
    assert not run.folder.exists()
    run = clear_sky(tmp_path / "b.tiles", stack)
    (run.folder / "notes.txt").write_text("mine", encoding="utf-8")
    run.discard()
    assert names(run.folder) == ["notes.txt"]


def test_tile_folder() -> None:
    assert tile_folder("/data/out/map é.tif") == Path("/data/out/map é.tiles")


def test_an_executor_that_cannot_be_had_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise ExecutionError("The scheduler does not answer.")

    def begin(folder: str) -> None:
        run_tiles(functions.coordinates, TILES, tmp_path / folder, {}, TWO)

    begin("kept")
    (first, *_) = sorted((tmp_path / "kept").glob("r*"))
    first.unlink()
    kept = names(tmp_path / "kept")
    monkeypatch.setattr("calval_toolbox.core.execution.runner.open_executor", refuse)
    for folder in ("t", "kept"):
        with pytest.raises(ExecutionError, match="does not answer"):
            begin(folder)
    assert names(tmp_path) == ["kept"]
    assert names(tmp_path / "kept") == kept, "finished tiles stay"


def test_progress_in_true_proportion(tmp_path: Path, watched: Watched) -> None:
    run_tiles(functions.coordinates, TILES, tmp_path / "t", {}, TWO, watched)
    steps = [0.0, *np.cumsum([tile.pixels for tile in TILES]) / (WIDTH * HEIGHT)]
    assert watched.fractions[0] == 0.0
    assert watched.fractions[-1] == 1.0
    assert watched.fractions == sorted(watched.fractions)
    assert len(watched.fractions) == len(steps)


# -- resume
# ------------------------------------------------------------------------------------------------


def computed(log: Path) -> list[str]:
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return sorted(line.split()[0] for line in lines)


def again(folder: Path, log: Path, settings: ExecutionSettings = TWO, **more: Any) -> TileRun:
    return run_tiles(functions.coordinates, TILES, folder, {"log": str(log)}, settings, **more)


def test_a_rerun_computes_only_what_is_missing_or_damaged(tmp_path: Path, watched: Watched) -> None:
    folder, log = tmp_path / "t", tmp_path / "log"
    first = again(folder, log)
    assert computed(log) == [tile.name for tile in TILES]
    log.unlink()
    second = again(folder, log)
    assert (computed(log), second.kept, second.computed) == ([], 12, 0)
    assert second.checksums == first.checksums
    assert second.summaries == first.summaries

    missing, empty, flipped, cut = (folder / f"{TILES[n].name}.npz" for n in (0, 3, 5, 11))
    missing.unlink()
    empty.write_bytes(b"")
    data = bytearray(flipped.read_bytes())
    data[len(data) // 2] ^= 0b100
    flipped.write_bytes(data)
    cut.write_bytes(cut.read_bytes()[:-7])
    third = again(folder, log, progress=watched)
    assert computed(log) == sorted(path.stem for path in (missing, empty, flipped, cut))
    assert third.checksums == first.checksums
    assert (third.kept, third.computed) == (8, 4)
    assert watched.fractions[0] == pytest.approx(
        1 - sum(TILES[n].pixels for n in (0, 3, 5, 11)) / (WIDTH * HEIGHT)
    )
    assert any(all(p.stem in text for p in (empty, flipped, cut)) for text in watched.warnings)


def test_a_bit_flipped_anywhere_in_a_tile_is_seen(tmp_path: Path) -> None:
    folder, log = tmp_path / "t", tmp_path / "log"
    reference = again(folder, log).checksums
    path = folder / f"{TILES[-1].name}.npz"
    good = path.read_bytes()
    for position in np.linspace(0, len(good) - 1, 25).astype(int):
        data = bytearray(good)
        data[position] ^= 1
        path.write_bytes(data)
        log.unlink()
        assert again(folder, log).checksums == reference
        assert computed(log) == [TILES[-1].name], position


def test_a_torn_manifest_loses_no_tile(tmp_path: Path) -> None:
    folder, log = tmp_path / "t", tmp_path / "log"
    reference = again(folder, log).checksums
    manifest = folder / "manifest.jsonl"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text[: len(text) * 2 // 3], encoding="utf-8")
    log.unlink()
    assert again(folder, log).checksums == reference
    assert computed(log) == []
    assert manifest.read_text(encoding="utf-8").count("\n") == 13


def test_other_parameters_are_refused_and_replaced_only_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "t"
    run_tiles(functions.coordinates, TILES, folder, {"threshold": 0.1}, TWO)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(OutputError, match=r"other parameters \(threshold: 0.1 before, 0.2 now\)"):
        run_tiles(functions.coordinates, TILES, folder, {"threshold": 0.2}, TWO)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    anew = ExecutionSettings("threads:2", resume=False)
    run = run_tiles(functions.coordinates, TILES[:4], folder, {"threshold": 0.2}, anew)
    assert run.kept == 0
    assert names(folder) == sorted(["manifest.jsonl", *(f"{t.name}.npz" for t in TILES[:4])])


def test_changed_inputs_and_tiles_are_another_run(tmp_path: Path) -> None:
    source = tmp_path / "source.bin"
    source.write_bytes(b"one")
    folder, arguments = tmp_path / "t", ({}, TWO)
    run_tiles(functions.coordinates, TILES, folder, *arguments, inputs=[str(source)])
    with pytest.raises(OutputError, match="tiles: "):
        run_tiles(functions.coordinates, TILES[1:], folder, *arguments, inputs=[str(source)])
    with pytest.raises(OutputError, match="function: "):
        run_tiles(functions.incompressible, TILES, folder, *arguments, inputs=[str(source)])
    source.write_bytes(b"three")
    with pytest.raises(OutputError, match=r"source\.bin: \[3, \d+\] before, \[5, \d+\] now"):
        run_tiles(functions.coordinates, TILES, folder, *arguments, inputs=[str(source)])


def test_the_executor_may_change(tmp_path: Path) -> None:
    folder, log = tmp_path / "t", tmp_path / "log"
    again(folder, log)
    log.unlink()
    again(folder, log, ExecutionSettings("threads:1", memory_cap_mb=50.0))
    assert computed(log) == []


def test_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "r000000_c000000.npz").write_bytes(b"somebody's")
    for resume in (True, False):
        with pytest.raises(OutputError, match=r"holds other files \(r000000_c000000.npz\)"):
            run_tiles(functions.coordinates, TILES, tmp_path, {}, ExecutionSettings(resume=resume))
    assert names(tmp_path) == ["r000000_c000000.npz"]


# -- failures
# ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", ["threads:2", "processes:2"])
def test_a_tile_that_always_raises_fails_the_run_at_its_end(
    tmp_path: Path, watched: Watched, spec: str
) -> None:
    bad, folder, log = TILES[4].name, tmp_path / "t", tmp_path / "log"
    parameters = {"raise": True, "at": bad, "log": str(log)}
    with pytest.raises(ExecutionError) as caught:
        run_tiles(
            functions.coordinates, TILES, folder, parameters, ExecutionSettings(spec), watched
        )
    text = str(caught.value)
    assert caught.value.missing == (bad,)
    assert text.startswith(f"1 of 12 tiles are missing: {bad}. The first reason: ValueError: ")
    assert f"planted in {bad}. 11 of 12 tiles are kept" in text
    assert "in _misbehave" in str(caught.value.__cause__)  # where it was raised, for developers
    assert len(computed(log)) == 11
    assert [path for path in names(folder) if path.endswith(".part")] == []


def test_each_tile_is_tried_three_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[str] = []

    def counted(tile: Any, parameters: Any) -> None:
        attempts.append(tile.name)
        if attempts.count(tile.name) < 3:
            raise OSError("for once")

    monkeypatch.setattr(functions, "_misbehave", counted)
    run_tiles(functions.coordinates, TILES, tmp_path / "t", {}, TWO)
    assert sorted(attempts) == sorted([tile.name for tile in TILES] * 3)


def test_a_run_without_any_hope_ends_early(tmp_path: Path) -> None:
    many = tiles(2000, 2000, 64)
    with pytest.raises(ExecutionError, match=r"^1024 of 1024 .*\(\d+ of them were not") as caught:
        run_tiles(functions.coordinates, many, tmp_path / "t", {"raise": True}, TWO)
    assert len(caught.value.missing) == 1024


def test_results_that_fit_no_raster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for values, said in ((np.zeros((3, 3)), "shape"), (np.zeros((64, 64), "U1"), "type")):
        output = functions.TileOutput({"x": values})
        monkeypatch.setattr(functions, "coordinates", _returning(output))
        with pytest.raises(ExecutionError, match=f"ValueError: x has the {said}"):
            run_tiles(functions.coordinates, tiles(64, 64, 64), tmp_path / said, {}, TWO)


def _returning(output: Any) -> Any:
    def coordinates(tile: Any, parameters: Any) -> Any:
        return output

    coordinates.__qualname__ = "coordinates"
    return coordinates


def test_functions_that_workers_cannot_find(tmp_path: Path) -> None:
    def inner(tile: Tile, parameters: Any) -> TileOutput:
        return functions.coordinates(tile, parameters)

    with pytest.raises(ValueError, match="top level"):
        run_tiles(inner, TILES, tmp_path / "t", {}, TWO)
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("spec", ["threads:2", "processes:2"])
def test_a_hung_tile_is_given_up_and_tried_again(
    tmp_path: Path, spec: str, watched: Watched
) -> None:
    hung = {"hang": 90.0, "hang_once": True, "at": TILES[5].name, "marker": str(tmp_path / "m")}
    policy = Policy(timeout_floor_s=1.0, first_timeout_s=20.0)
    start = time.monotonic()
    run = run_tiles(
        functions.coordinates, TILES, tmp_path / "t", hung, ExecutionSettings(spec), watched,
        policy=policy,
    )  # fmt: skip
    assert run.computed == 12
    assert time.monotonic() - start < 60.0  # of 90, however busy the machine


def test_a_tile_that_always_hangs_is_missing(tmp_path: Path) -> None:
    hung = {"hang": 30.0, "at": TILES[5].name}
    policy = Policy(tries=2, timeout_floor_s=0.5)
    with pytest.raises(ExecutionError, match=rf"{TILES[5].name}. The .* no result within 0.5 s"):
        run_tiles(functions.coordinates, TILES, tmp_path / "t", hung, TWO, policy=policy)


def test_the_limit_follows_the_median(tmp_path: Path) -> None:
    """Tiles of 0.1 s may take 1 s: a fixed floor below that ends nobody."""
    policy = Policy(timeout_floor_s=0.05, timeout_factor=20.0)
    slow = {"sleep": 0.1, "hang": 0.6, "at": TILES[9].name}
    run = run_tiles(functions.coordinates, TILES, tmp_path / "t", slow, TWO, policy=policy)
    assert run.computed == 12


# -- memory
# ------------------------------------------------------------------------------------------------


def test_tiles_above_the_memory_cap_are_refused_before_the_start(tmp_path: Path) -> None:
    settings = ExecutionSettings("threads:2", memory_cap_mb=100.0)
    with pytest.raises(InputError, match=r"64 x 64 pixels needs about 151 MB, cap 100 MB"):
        run_tiles(functions.coordinates, TILES, tmp_path / "t", {}, settings, tile_mb=150.2)
    assert not (tmp_path / "t").exists()


def test_fewer_tiles_at_a_time_where_memory_asks_for_it(tmp_path: Path, watched: Watched) -> None:
    settings = ExecutionSettings("threads:4", memory_cap_mb=100.0)
    log = tmp_path / "log"
    run_tiles(
        functions.busy, TILES, tmp_path / "t", {"log": str(log)}, settings, watched, tile_mb=45.0
    )
    assert any("Only 2 of 4 workers" in text for text in watched.warnings)
    assert max(int(line) for line in log.read_text().split()) == 2


@pytest.mark.parametrize("values", [{"tile_size": 8}, {"memory_cap_mb": 0.0},
                                    {"memory_cap_mb": float("nan")}])  # fmt: skip
def test_settings_that_cannot_be_used(values: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        ExecutionSettings(**values)


# -- cancel
# ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", ["threads:2", "processes:2", "dask"])
def test_cancel(tmp_path: Path, spec: str, request: pytest.FixtureRequest) -> None:
    if spec == "dask":
        spec = request.getfixturevalue("cluster").address
    folder, log = tmp_path / "t", tmp_path / "log"
    parameters = {"log": str(log), "sleep": 0.05, "hang": 3.0, "at": TILES[8].name}
    watched = Watched(cancel_at=0.3)
    with pytest.raises(Canceled) as caught:
        run_tiles(
            functions.coordinates, TILES, folder, parameters, ExecutionSettings(spec), watched
        )
    assert time.monotonic() - watched.canceled_since < 1.0
    kept = [name for name in names(folder) if name.endswith(".npz")]
    entered = (folder / "manifest.jsonl").read_text().count("sha256")
    assert 3 <= entered < 12
    assert f"{entered} of 12 tiles are kept" in str(caught.value)
    if spec.startswith("tcp"):  # what a worker of a cluster has begun it ends
        assert entered <= len(kept) <= entered + 2
    else:
        assert names(folder) == sorted([*kept, "manifest.jsonl"])
        assert len(kept) == entered


def test_a_tile_put_in_place_but_not_told_of_is_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cancel falls between the last write of a worker and its report."""

    def silent(*arguments: Any) -> Any:
        report = compute_tile(*arguments)
        time.sleep(2.0)
        return report

    folder = tmp_path / "t"
    placed = [folder / f"{tile.name}.npz" for tile in TILES[:2]]
    watched = Watched()
    monkeypatch.setattr(watched, "canceled", lambda: all(path.exists() for path in placed))
    monkeypatch.setattr("calval_toolbox.core.execution.engine.compute_tile", silent)
    with pytest.raises(Canceled, match="2 of 12 tiles are kept"):
        run_tiles(functions.coordinates, TILES, folder, {}, TWO, watched)
    kept = [name for name in names(folder) if name.endswith(".npz")]
    assert len(kept) == (folder / "manifest.jsonl").read_text().count("sha256") == 2
    monkeypatch.undo()
    assert run_tiles(functions.coordinates, TILES, folder, {}, TWO).kept == 2


def test_a_canceled_run_writes_nothing_later(tmp_path: Path) -> None:
    parameters = {"hang": 1.0, "at": TILES[3].name}
    with pytest.raises(Canceled):
        run_tiles(
            functions.coordinates, TILES, tmp_path / "t", parameters, TWO, Watched(cancel_at=0.2)
        )
    before = names(tmp_path / "t")
    time.sleep(1.2)
    assert names(tmp_path / "t") == before
    assert f"{TILES[3].name}.npz" not in before


# -- libraries
# ---------------------------------------------------------------------------------------------


def test_libraries_of_worker_processes_use_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    run = run_tiles(
        functions.environment, tiles(64, 64, 64), tmp_path / "t", {"numba": True},
        ExecutionSettings("processes:1"),
    )  # fmt: skip
    summary = run.summaries[0]
    assert summary["pid"] != os.getpid()
    assert summary["numba"] == 1
    assert summary["gdal"] == "1"
    assert set(summary["variables"].values()) == {"1"}
    assert {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"} <= set(summary["variables"])
    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_libraries_of_threads_use_one_thread(tmp_path: Path) -> None:
    numba = pytest.importorskip("numba")
    before = numba.get_num_threads()
    gdal.SetConfigOption("GDAL_NUM_THREADS", "ALL_CPUS")
    try:
        run = run_tiles(
            functions.environment, tiles(64, 64, 64), tmp_path / "t", {"numba": True}, TWO
        )
    finally:
        gdal.SetConfigOption("GDAL_NUM_THREADS", None)
    assert run.summaries[0]["numba"] == 1
    assert run.summaries[0]["gdal"] == "1"
    assert numba.get_num_threads() == before


def test_a_tile_file_is_a_numpy_archive(tmp_path: Path, stack: list[str]) -> None:
    run = clear_sky(tmp_path / "t", stack)
    path = run.folder / f"{TILES[0].name}.npz"
    arrays, record = read_tile(path)
    with np.load(path, allow_pickle=False) as archive:
        assert np.array_equal(archive["mean"], arrays["mean"])
    assert arrays["mean"].shape == (DATES, 64, 64)
    assert record["summary"]["clear_by_date"] == run.summaries[0]["clear_by_date"]
