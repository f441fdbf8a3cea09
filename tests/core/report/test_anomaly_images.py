# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on anomalies of images holds verdicts, reasons and pictures of the dates found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.spatial.rasters import (
    AnomalyReport,
    AnomalySettings,
    AnomalyTask,
    detect_anomaly_rasters,
    open_anomaly_task,
)
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.io.dated_rasters import StackOptions
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.report import palette
from calval_toolbox.core.report.anomaly_image_text import reason
from calval_toolbox.core.report.anomaly_images import anomaly_images_report
from calval_toolbox.core.report.document import ReportContext
from calval_toolbox.core.series.extract_files import Source

Open = Callable[[str], Any]
DAYS = np.datetime64("2018-01-03") + 20 * np.arange(60)
CLOUDY, BRIGHT = 30, 41
SIDE = 48


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[AnomalyTask, AnomalyReport]:
    """Fields of three bands; a cloud on one date, all 0.05 too bright on another."""
    folder, rng = tmp_path_factory.mktemp("stack"), np.random.default_rng(9)
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), SIDE, SIDE)
    level = np.array([0.08, 0.12, 0.30])[:, None, None]
    fields = level * rng.uniform(0.6, 1.4, (1, 8, 8)).repeat(6, 1).repeat(6, 2)
    for number, day in enumerate(DAYS):
        common = rng.normal(0.0, 0.003, (3, 1, 1))
        image = fields + common + rng.normal(0.0, 0.006, (3, SIDE, SIDE))
        image[:, 10:25, 15:35] += 0.3 * (number == CLOUDY)
        image += 0.05 * (number == BRIGHT)
        stored = [np.rint(band * 10_000.0).astype(np.int16) for band in image]
        write_raster(folder / f"i_{str(day).replace('-', '')}.tif", stored, grid,
                     names=("blue", "green", "nir"))  # fmt: skip
    source = Source((), (str(folder),), StackOptions(scale=1e-4))
    task, notes = open_anomaly_task(source, (), "none", AnomalySettings(image_threshold=1e-4))
    targets = {"type": (folder / "type.tif", "type")}
    execution = ExecutionSettings("threads:1", 64)
    return task, detect_anomaly_rasters(task, targets, folder / "t", execution, None, notes, 8)


def test_verdicts_come_first_with_their_reasons(
    found: tuple[AnomalyTask, AnomalyReport], context: ReportContext, page: Open
) -> None:
    shown = page(anomaly_images_report(*found, context))
    assert shown.row("Images off as a whole")[0] == "1"
    assert shown.row("Images with anomalies in parts")[0] == "1"
    dated = [row for row in shown.rows if row and row[0].startswith("20")]
    rows = {row[0][:10]: row for row in reversed(dated)}  # of two rows the first
    bright, cloudy = rows[str(DAYS[BRIGHT])], rows[str(DAYS[CLOUDY])]
    assert bright[1].startswith("offset")
    assert "+0.0" in bright[1]
    assert "of the cells" in bright[3]
    assert cloudy[1] == "in parts"
    assert "look like cloud" in cloudy[3]
    assert float(cloudy[4]) == pytest.approx(100.0 * 300 / SIDE**2, abs=1.0)
    assert len(rows) == len(DAYS), "each date has its row"


def test_pictures_are_small_and_of_the_dates(
    found: tuple[AnomalyTask, AnomalyReport], context: ReportContext, page: Open
) -> None:
    _, report = found
    assert [look.date for look in report.looks] == [CLOUDY, BRIGHT]
    cloudy, bright = report.looks
    assert cloudy.image.shape == (3, SIDE, SIDE)
    assert cloudy.good is not None
    assert np.nanmean(bright.image - bright.good) == pytest.approx(0.05, abs=0.01)
    assert (cloudy.types[10:25, 15:35] == 1).mean() > 0.9
    html = anomaly_images_report(*found, context)
    images = page(html).images()
    assert [bool(image["alt"]) for image in images] == [True, True]
    assert str(DAYS[CLOUDY]) in images[1]["alt"]
    assert len(html) < 1_000_000


def test_pictures_of_large_grids_are_thinned(
    found: tuple[AnomalyTask, AnomalyReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.core.anomalies.spatial import looks
    from calval_toolbox.core.io.rasters import Rasters

    monkeypatch.setattr(looks, "SIDE", 16)
    with Rasters() as rasters:
        small = looks.picture(found[0].stack, CLOUDY, (2, 1, 0), rasters)
    assert small.shape == (3, 16, 16)
    full = found[1].looks[0].image
    assert looks.thin(found[1].looks[0].types).shape == (16, 16)
    assert np.corrcoef(small.ravel(), full[:, 1::3, 1::3].ravel())[0, 1] > 0.9


def test_reasons_of_every_verdict(found: tuple[AnomalyTask, AnomalyReport]) -> None:
    vote = found[1].votes[BRIGHT]
    bands = found[0].stack.bands
    unsure = replace(vote, kind="unknown", image_confidence=0.55, second_type="thin_cloud")
    assert "offset (0.55) and thin cloud cannot be told apart" in reason(unsure, bands)
    local = replace(vote, kind="none", uniform=0.4)
    assert "only 40\u00a0% of the cells do" in reason(local, bands)
    assert "Too little is clear" in reason(replace(local, used=0.1), bands)
    assert "No pixel was tested" in reason(replace(local, tested=0), bands)
    good = found[1].votes[5]
    assert reason(good, bands).startswith("In order")


def test_nothing_found_is_said(
    found: tuple[AnomalyTask, AnomalyReport], context: ReportContext, page: Open
) -> None:
    task, report = found
    quiet = tuple(replace(one, kind="none", flagged=0, types={}) for one in report.votes)
    shown = page(anomaly_images_report(task, replace(report, votes=quiet, looks=()), context))
    assert "Every image is in order as a whole" in shown.text
    assert "No image is off as a whole" in shown.text
    assert "Quick looks" not in shown.text.replace("Quick looks are thinned", "")


def test_shades_of_types_differ() -> None:
    names = [name for _, family in palette.FAMILIES for name in family]
    assert len({palette.anomaly_shade(name) for name in names}) == len(names)
    assert palette.anomaly_mark("stripes") == palette.ANOMALIES["stripe"]
