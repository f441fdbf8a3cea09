# SPDX-License-Identifier: GPL-3.0-or-later
"""Real series: a Sentinel-2 pixel of Henan, 53 % of it cloudy by its own, weak mask."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.detect import DetectionSettings, detect
from calval_toolbox.core.anomalies.mask_check import mask_agreement
from calval_toolbox.core.series.types import TimeSeries

BANDS = ("B2", "B3", "B4", "B8A", "B11", "B12")
WAVELENGTHS = np.array([490.0, 560.0, 665.0, 865.0, 1610.0, 2200.0])


@pytest.fixture(scope="module")
def henan(shared_data: Path) -> TimeSeries:
    path = shared_data / "anomalies" / "pyxccd_3_crop_sentinel2.csv"
    if not path.is_file():
        pytest.skip("the series of Henan is not beside this repository (../shared/data/anomalies)")
    with open(path, encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    days = [row["Tile"][:8] for row in rows]
    times = np.array([f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in days], "datetime64[ms]")
    values = np.array([[float(row[band]) for band in BANDS] for row in rows]) / 1e4
    cloudy = np.array([float(row["QA60"]) > 0 for row in rows])
    empty = np.full(len(rows), "")
    state = np.where(cloudy, "cloud", "clear")
    return TimeSeries("Henan", times, BANDS, WAVELENGTHS, values, state, empty, empty, empty)


def test_clouds_of_the_mask_are_found_behind_it(henan: TimeSeries) -> None:
    agreement = mask_agreement(henan, detect(henan))
    assert agreement.masked + agreement.clear > 490
    assert agreement.pod > 0.85
    # QA60 misses many clouds: what is called false here is mostly that.
    assert agreement.far < 0.30


def test_without_the_mask_z_keeps_its_meaning_by_the_lower_side(henan: TimeSeries) -> None:
    blind = replace(henan, mask_state=np.full(len(henan), "clear"))
    cloudy = henan.mask_state != "clear"
    z = {
        scale: detect(blind, DetectionSettings(scale=scale)).z[:, 0]
        for scale in ("symmetric", "lower")
    }
    assert (z["lower"][cloudy] > 4).mean() > 0.72
    assert (z["lower"][~cloudy] > 4).mean() < 0.08
    assert (z["symmetric"][cloudy] > 4).mean() < 0.3
