# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks on two scales are refused; the offset of a processing baseline is never averaged away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.breaks.joint import detect_breaks
from calval_toolbox.core.anomalies.breaks.plan import JOINT, BreakPlan
from calval_toolbox.core.anomalies.breaks.rasters import open_task
from calval_toolbox.core.anomalies.simulate import SITES, WAVELENGTHS_NM, simulate_series
from calval_toolbox.core.anomalies.spatial.rasters import AnomalySettings, open_anomaly_task
from calval_toolbox.core.errors import CalValError
from calval_toolbox.core.io.dated_rasters import StackOptions
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.series.extract_files import Source

Open = Callable[[Source], object]


def stack(folder: Path, scales: tuple[float, ...]) -> Source:
    """20 dates of 8 x 8 pixels, their reflectance times the scales in turn."""
    folder.mkdir()
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), 8, 8)
    rng = np.random.default_rng(5)
    for date in range(20):
        values = 0.2 + 0.01 * rng.normal(size=(2, 8, 8))
        day = np.datetime64("2020-01-01") + 16 * date
        path = folder / f"i_{str(day).replace('-', '')}.tif"
        scaled = (scales[date % len(scales)] * values).astype(np.float32)
        write_raster(path, list(scaled), grid, names=("B4", "B8"))
    return Source((), (str(folder),), StackOptions())


@pytest.mark.parametrize(
    "opened",
    [
        lambda source: open_task(source, (), "", "none", BreakPlan(JOINT)),
        lambda source: open_anomaly_task(source, (), "none", AnomalySettings()),
    ],
    ids=["breaks", "anomalies"],
)
def test_integers_beside_reflectance_are_a_sentence(opened: Open, tmp_path: Path) -> None:
    mixed = stack(tmp_path / "mixed", (1.0, 1.0, 1.0, 1e4))
    with pytest.raises(CalValError, match=r"mixes scales: 5 images \(2020-02-18, .*about 0\.2"):
        opened(mixed)
    assert opened(stack(tmp_path / "one", (1.0,))), "on one scale they are taken"


def test_the_offset_of_a_baseline_is_a_break_of_all_bands() -> None:
    series, _ = simulate_series(SITES["Toulouse"], 51, gaps=0.0)
    when = series.times[150]
    values = series.values + 0.1 * (series.times >= when)[:, None]
    found = detect_breaks(values[..., None], series.times, np.array(WAVELENGTHS_NM))
    (day,) = found.break_time[0][~np.isnat(found.break_time[0])]
    assert abs(day - when.astype("datetime64[D]")) <= np.timedelta64(5, "D")
