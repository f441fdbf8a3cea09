# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that never vary: which pixels they are, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calval_toolbox.core.anomalies.spatial.rasters import (
    AnomalySettings,
    detect_anomaly_rasters,
    open_anomaly_task,
)
from calval_toolbox.core.anomalies.unvarying import (
    constant_count,
    constant_note,
    constant_pixels,
)
from calval_toolbox.core.io.dated_rasters import StackOptions
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.series.extract_files import Source


def pixels() -> np.ndarray:
    """20 dates, 2 bands, and pixels: constant, one band varies, noise, never seen, cloudy once."""
    values = np.random.default_rng(1).normal(0.3, 0.01, (20, 2, 1, 5)).astype(np.float32)
    values[:, :, 0, [0, 4]] = [[0.1], [0.2]]
    values[:, 0, 0, 1] = 0.1
    values[::3, :, 0, 0] = np.nan
    values[:, :, 0, 3] = np.nan
    values[7, :, 0, 4] = 0.9
    return values


def test_constant_pixels_are_those_of_one_value_in_each_band() -> None:
    values = pixels()
    assert constant_pixels(values)[0].tolist() == [True, False, False, False, False]
    clear = np.ones((20, 1, 5), bool)
    clear[7] = False
    assert constant_pixels(values, clear)[0].tolist() == [True, False, False, False, True]


def test_only_pixels_with_enough_clear_dates_count() -> None:
    clear = np.ones((20, 1, 5), bool)
    clear[7] = False
    # 20 dates, 7 of them gaps of the first pixel, and the seventh is not clear.
    assert constant_count(pixels(), clear, 12) == {"constant": 2}
    assert constant_count(pixels(), clear, 13) == {"constant": 1}
    assert constant_count(pixels(), clear, 20) == {}


def test_the_sentence_counts() -> None:
    assert constant_note(0, 5) == ""
    assert constant_note(1, 1).startswith("The values of 1 pixel of 1 do not vary")
    assert constant_note(1200, 1200).startswith("The values of all 1,200 pixels do not vary")
    assert constant_note(2, 3, "site").startswith("The values of 2 sites of 3 do not vary")


def test_anomalies_of_constant_images_are_warned_of(tmp_path: Path) -> None:
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), 12, 10)
    rng = np.random.default_rng(3)
    for constant in (0, 30, 120):
        folder = tmp_path / f"stack{constant}"
        folder.mkdir()
        for day in np.datetime64("2018-01-03") + 20 * np.arange(30):
            images = np.rint(rng.normal(3000.0, 60.0, (2, 120)))
            images[:, :constant] = [[2000.0], [3000.0]]
            stored = list(images.reshape(2, 10, 12).astype(np.int16))
            write_raster(folder / f"i_{str(day).replace('-', '')}.tif", stored, grid,
                         names=("green", "nir"))  # fmt: skip
        source = Source((), (str(folder),), StackOptions(scale=1e-4))
        task, _ = open_anomaly_task(source, (), "none", AnomalySettings())
        report = detect_anomaly_rasters(task, {}, tmp_path / f"out{constant}.tiles")
        report.run.discard()
        said = [note for note in report.notes if "do not vary over time" in note]
        expected = {0: [], 30: ["30 pixels of 120"], 120: ["all 120 pixels"]}[constant]
        assert len(said) == len(expected)
        assert all(who in note for who, note in zip(expected, said, strict=True))
