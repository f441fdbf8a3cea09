# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of dates is the same whatever the size of the tiles, and right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.inject_shift import shift_image
from calval_toolbox.core.anomalies.spatial.date_table import FIELDS
from calval_toolbox.core.anomalies.spatial.rasters import (
    AnomalyReport,
    AnomalySettings,
    detect_anomaly_rasters,
    open_anomaly_task,
)
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.io.dated_rasters import StackOptions
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.series.extract_files import Source
from calval_toolbox.core.simulation.fields import smooth_noise

WIDTH, HEIGHT, BORDER = 150, 139, 10
DAYS = np.datetime64("2018-01-03") + 20 * np.arange(36)
SHIFTED, CLOUDY, STRIPED, MASKED = 12, 20, 27, 31
SHIFT = (0.5, -0.3)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One band of smooth ground, noise of pixels and of fields, other in each corner of the image;
    a date that is displaced, one with a cloud, one with stripes and one without any clear pixel.
    """
    folder, rng = tmp_path_factory.mktemp("stack"), np.random.default_rng(12)
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), WIDTH, HEIGHT)
    large = 0.4 + 0.1 * smooth_noise((HEIGHT + 2 * BORDER, WIDTH + 2 * BORDER), 5.0, rng)
    inner = (slice(BORDER, -BORDER),) * 2
    noise = 0.01 + 0.02 * np.linspace(0.0, 1.0, WIDTH)
    for number, day in enumerate(DAYS):
        ground = shift_image(large[None], *SHIFT)[0] if number == SHIFTED else large
        image = ground[inner] + noise * rng.normal(size=(HEIGHT, WIDTH))
        image += 0.01 * smooth_noise((HEIGHT, WIDTH), 12.0, rng) + 0.003 * rng.normal()
        if number == CLOUDY:
            image[50:80, 40:110] += 0.3
        if number == STRIPED:
            image += 0.03 * np.sin(2.0 * np.pi * np.arange(WIDTH) / 6.3)
        if number == MASKED:
            image[:] = np.nan
        write_raster(folder / f"i_{str(day).replace('-', '')}.tif", [image.astype(np.float32)],
                     grid, names=("NDVI",))  # fmt: skip
    return folder


def run(stack: Path, folder: Path, tile_size: int, memory_cap_mb: float = 2000.0) -> AnomalyReport:
    source = Source((), (str(stack),), StackOptions())
    task, _ = open_anomaly_task(source, (), "none", AnomalySettings(days=(str(DAYS[3]),)))
    execution = ExecutionSettings("threads:1", tile_size, memory_cap_mb)
    return detect_anomaly_rasters(task, {}, folder / "tiles", execution)


def test_same_table_of_dates(stack: Path, tmp_path: Path) -> None:
    whole = run(stack, tmp_path / "0", 512)
    sizes = [run(stack, tmp_path / str(size), size) for size in (64, 100, 128)]
    capped = run(stack, tmp_path / "capped", 512, 128.0)
    assert [len(one.run.tiles) for one in (whole, *sizes, capped)] == [1, 9, 9, 4, 9]
    for other in (*sizes, capped):
        assert other.layers == whole.layers
        for name, kind in FIELDS.items():
            one, two = other.table.columns[name], whole.table.columns[name]
            if kind == "float":
                np.testing.assert_allclose(one, two, rtol=1e-6, atol=1e-12, err_msg=name)
            else:
                np.testing.assert_array_equal(one, two, err_msg=name)
    verdict = list(whole.table.columns["verdict"])
    assert verdict[SHIFTED] == "shift"
    assert verdict[STRIPED] == "stripes"
    assert verdict[MASKED] == "not_tested"
    others = set(range(len(DAYS))) - {SHIFTED, STRIPED, MASKED}
    assert {verdict[date] for date in others} == {"none"}
    for way, planted in zip(("rows", "columns"), SHIFT, strict=True):
        found = whole.table.columns[f"shift_{way}_px"][SHIFTED]
        half = whole.table.columns[f"shift_{way}_half_px"][SHIFTED]
        assert found == pytest.approx(planted, abs=0.05)
        assert 0.0 < half < 0.1
    assert whole.votes[SHIFTED].shift is not None
    assert whole.votes[SHIFTED].shift.explained > 2.0 * max(
        one.shift.explained for date, one in enumerate(whole.votes) if one.shift and date != SHIFTED
    )
