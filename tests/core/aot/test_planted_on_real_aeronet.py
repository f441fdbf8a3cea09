# SPDX-License-Identifier: GPL-3.0-or-later
"""A known error planted on real photometer data comes back out of the whole chain.

Sentinel-2 products are made around the real level 2.0 photometer of Sao Paulo (2016): their AOT is
the photometer's own at that time, plus an error that grows with AOT. Nothing but quantization and
the air's change within the hour may stand between what is planted and what is found.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.aot.aeronet_import import import_files
from calval_toolbox.core.aot.comparison import compare
from calval_toolbox.core.aot.expected_errors import EXPECTED_ERRORS
from calval_toolbox.core.aot.extract_files import extract_files
from calval_toolbox.core.aot.extraction import ExtractionSettings
from calval_toolbox.core.aot.matchup_tables import observations_from_table
from calval_toolbox.core.aot.types import MatchSettings
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.products.synthetic import Scene, write_muscate
from calval_toolbox.core.types import Flag

OFFSET, SLOPE = 0.04, -0.15
SIZE = 60


def _products(folder: Path, times: np.ndarray, aot: np.ndarray) -> None:
    axes = grid_from_epsg(32723, (0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 1, 1)
    x, y = axes.position(-46.734983, -23.5615)
    cloud = np.zeros((SIZE, SIZE), dtype=bool)
    cloud[:, :20] = True
    for time, value in zip(times, aot, strict=True):
        layer = np.full((SIZE, SIZE), value)
        layer[cloud] = 1.2  # what is under clouds must not count
        scene = Scene(
            "T23KLP",
            time,
            32723,
            round(x / 20) * 20 - 600,
            round(y / 20) * 20 + 600,
            20.0,
            layer,
            np.full((SIZE, SIZE), 2.0),
            flags={Flag.CLOUD: cloud},
        )
        write_muscate(folder, scene)


def test_planted_error_on_the_photometer_of_sao_paulo(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "aot" / "aeronet_v3" / "20160101_20161231_Sao_Paulo.lev20.gz"
    table = import_files([file]).table
    times, tau = table.times("time"), table.floats("aot")
    hour = (times - times.astype("datetime64[D]")) / np.timedelta64(1, "h")
    noon = np.flatnonzero((hour > 12.9) & (hour < 13.6))
    first = np.unique(times[noon].astype("datetime64[D]"), return_index=True)[1]
    overpasses = times[noon[first]][::3]
    near = [np.abs(times - time) <= np.timedelta64(30, "m") for time in overpasses]
    usable = np.array([rows.sum() >= 2 for rows in near])
    overpasses = overpasses[usable]
    truth = np.array([tau[rows].mean() for rows, good in zip(near, usable, strict=True) if good])
    assert len(truth) >= 25
    _products(tmp_path, overpasses, truth + OFFSET + SLOPE * truth)

    found = extract_files([str(tmp_path)], table, "", ExtractionSettings((1000.0,)))
    satellite = observations_from_table(found.table)
    reference = observations_from_table(table, value_field="aot")
    result = compare(
        satellite, reference, MatchSettings(), EXPECTED_ERRORS["dark_target"], n_bootstrap=200
    )
    overall = result.overall
    assert overall.count == len(truth)
    order = np.argsort(result.matchups.time)
    assert result.matchups.reference[order] == pytest.approx(truth, abs=1e-12)
    # AOT is stored in steps of 0.005: half a step at most, its mean much less
    planted = OFFSET + SLOPE * truth
    assert np.abs(result.matchups.difference[order] - planted).max() <= 0.0025 + 1e-9
    assert overall.accuracy.value == pytest.approx(planted.mean(), abs=0.001)
    assert overall.accuracy.low <= planted.mean() <= overall.accuracy.high
    assert overall.regressions["deming"].slope.value == pytest.approx(1 + SLOPE, abs=0.02)
    assert overall.regressions["deming"].intercept.value == pytest.approx(OFFSET, abs=0.005)
    assert overall.uncertainty.value == pytest.approx(np.sqrt(np.mean(planted**2)), abs=0.001)
