# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks on the first dates monitored: of a history that drifts, of a change at the start, real."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.breaks.early import early_breaks, early_note
from calval_toolbox.core.anomalies.breaks.monitor import MonitorSettings, monitor
from calval_toolbox.core.anomalies.breaks.plan import BFASTMONITOR, BreakPlan
from calval_toolbox.core.anomalies.breaks.rasters import detect_break_rasters, open_task
from calval_toolbox.core.anomalies.breaks.tables import breaks_of_series
from calval_toolbox.core.execution.runner import tile_folder
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.extract_files import Source
from calval_toolbox.core.series.types import TimeSeries

DAYS = np.datetime64("2016-01-03") + 10 * np.arange(180)
SPLIT, NOISE, PIXELS = 140, 0.01, 300
PLAIN = MonitorSettings(DAYS[SPLIT], trend=False, screening=True)
WIDTH = SPLIT // 4  # of the window


def values(drift: float = 0.0, step: float = 0.0, at: int = SPLIT) -> np.ndarray:
    """Noise (n, 300) around a season, a ``drift`` per year before the start, a ``step`` after
    ``at``.
    """
    rng = np.random.default_rng(4)
    t = 10 * np.arange(len(DAYS))[:, None] / 365.25
    drifted = drift * np.minimum(t, t[SPLIT])
    changed = step * (np.arange(len(DAYS))[:, None] >= at)
    noise = rng.normal(0.0, NOISE, (len(DAYS), PIXELS))
    return np.asarray(0.3 + 0.05 * np.cos(2.0 * np.pi * t) + drifted + changed + noise)


PROCESSES = pytest.mark.parametrize("process", ["mosum", "cusum"])


@PROCESSES
@pytest.mark.parametrize("compiled", [True, False])
def test_what_drifts_before_the_start_is_early(compiled: bool, process: str) -> None:
    plain = replace(PLAIN, process=process)
    found = monitor(values(drift=0.02), DAYS, plain, compiled=compiled)
    assert early_breaks(found).mean() > 0.95
    assert found.break_index[early_breaks(found)].max() < WIDTH
    roc = monitor(values(drift=0.02), DAYS, replace(plain, history="roc"), compiled=compiled)
    left = 0.5 if process == "mosum" else 0.7  # the cumulative sum sees smaller drifts
    assert early_breaks(roc).mean() < left * early_breaks(found).mean()


@PROCESSES
@pytest.mark.parametrize("at", [SPLIT, SPLIT + 2, SPLIT + 20])
def test_a_change_after_the_start_is_not_early(at: int, process: str) -> None:
    """Although it breaks before the window has left the history."""
    plain = replace(PLAIN, process=process)
    found = monitor(values(step=0.05, at=at), DAYS, plain)
    assert (found.break_index >= 0).all()
    assert np.median(found.break_index) < WIDTH
    assert early_breaks(found).mean() < 0.02
    assert not early_breaks(monitor(values(), DAYS, plain)).any()


@PROCESSES
@pytest.mark.parametrize("compiled", [True, False])
def test_the_share_is_that_of_the_residuals(process: str, compiled: bool) -> None:
    """Against the residuals of a model of the season, fitted here."""
    y = values(drift=0.004, step=0.03)
    plain = replace(PLAIN, screening=False, process=process)
    found = monitor(y, DAYS, plain, compiled=compiled)
    t = (DAYS - np.datetime64("2016-01-01")).astype(float) * 2.0 * np.pi / 365.25
    waves = [f(k * t) for k in (1, 2, 3) for f in (np.sin, np.cos)]
    x = np.column_stack((np.ones(len(t)), *waves))
    residual = y - x @ np.linalg.lstsq(x[:SPLIT], y[:SPLIT], rcond=None)[0]
    assert (found.break_index >= 0).all()
    for pixel, index in enumerate(found.break_index):
        last = SPLIT + int(index)
        first = last + 1 - WIDTH if process == "mosum" else 0
        before, whole = residual[first:SPLIT, pixel].sum(), residual[first : last + 1, pixel].sum()
        if process == "cusum":
            before = residual[SPLIT - WIDTH : SPLIT, pixel].mean() * min(index + 1, WIDTH)
        assert found.share_before[pixel] == pytest.approx(before / whole, abs=1e-6)
    assert np.isnan(monitor(values(), DAYS, PLAIN).share_before).any()


def test_when_it_is_told() -> None:
    note = early_note(30, 120, 1000, PLAIN, "pixel")
    assert note.startswith("30 pixels of 120 with a break (25 %) broke on the first dates from")
    assert "START (2019-11-03)" in note
    assert "HISTORY=roc" in note
    roc = early_note(1, 1, 1, replace(PLAIN, history="roc"), "site")
    assert roc.startswith("1 site of 1 with a break (100 %)")
    assert "HISTORY=roc" not in roc
    assert "HISTORY_START, a smaller WINDOW, or" in roc
    cusum = early_note(1, 1, 1, replace(PLAIN, history="roc", process="cusum"), "site")
    assert "of which more than half were there at the end of the history" in cusum
    assert "WINDOW" not in cusum
    assert early_note(0, 0, 10, PLAIN, "pixel") == ""
    assert early_note(6, 120, 1000, PLAIN, "pixel") == "", "5 % of the breaks"
    assert early_note(20, 120, 10_000, PLAIN, "pixel") == "", "as many as by chance"
    assert early_note(30, 120, 1000, None, "pixel") == ""


class Said(Silent):
    """Keeps the warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def test_rasters_and_sites_tell_it(tmp_path: Path) -> None:
    stacked = np.concatenate((values(drift=0.02)[:, :60], values()[:, :240]), axis=1)
    grid = grid_from_epsg(32631, (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0), 20, 15)
    folder = tmp_path / "stack"
    folder.mkdir()
    for day, image in zip(DAYS, stacked.reshape(-1, 15, 20), strict=True):
        path = folder / f"i_{str(day).replace('-', '')}.tif"
        write_raster(path, [image.astype(np.float32)], grid, names=("red",))
    plan = BreakPlan(BFASTMONITOR, DAYS[SPLIT], PLAIN)
    task, _ = open_task(Source((), (str(folder),)), (), "red", "none", plan)
    target = tmp_path / "day.tif"
    report = detect_break_rasters(task, {"day": (target, target.name)}, tile_folder(target))
    report.run.discard()
    (note,) = report.notes
    early = int(early_breaks(monitor(stacked, DAYS, PLAIN)).sum())
    assert 50 < early <= 61
    assert note.startswith(f"{early} pixels of {report.counts['break']} with a break")

    said = Said()
    breaks_of_series([site("drifts", stacked[:, 0]), site("stays", stacked[:, 80])], plan,
                     "red", said)  # fmt: skip
    (note,) = said.warnings
    assert note.startswith("1 site of 1 with a break")


def site(name: str, one: np.ndarray) -> TimeSeries:
    blank = np.full(len(one), "")
    return TimeSeries(
        name, DAYS.astype("datetime64[ms]"), ("red",), np.array([660.0]), one[:, None],
        np.full(len(one), "clear"), blank, blank, blank,
    )  # fmt: skip


@pytest.fixture
def fire(shared_data: Path) -> tuple[np.ndarray, np.ndarray]:
    """NBR of the forest that burnt on 2024-03-23, and its days."""
    path = shared_data / "anomalies" / "pyxccd_1_hls_sc.csv"
    if not path.is_file():
        pytest.skip(
            "the series of the fire is not beside this repository (../shared/data/anomalies)"
        )
    with open(path, encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["qa"] in ("0", "1")]
    since = np.array([int(row["dates"]) - 1 for row in rows])
    nir, swir = (np.array([float(row[band]) for row in rows]) for band in ("nir", "swir2"))
    return ((nir - swir) / (nir + swir))[:, None], np.datetime64("0001-01-01") + since


@pytest.mark.parametrize(
    ("process", "first", "share"), [("mosum", "2024-01-07", 0.9), ("cusum", "2024-01-19", 0.5)]
)
def test_the_forest_before_it_burnt(
    fire: tuple[np.ndarray, np.ndarray], process: str, first: str, share: float
) -> None:
    index, days = fire
    plain = replace(PLAIN, start=np.datetime64("2024-01-01"), process=process)
    found = monitor(index, days, plain)
    assert found.break_time[0] == np.datetime64(first)
    assert found.share_before[0] > share
    assert early_breaks(found).all()
    roc = monitor(index, days, replace(plain, history="roc"))
    assert np.datetime64("2024-03-23") <= roc.break_time[0] <= np.datetime64("2024-03-29")
    assert not early_breaks(roc).any()
