# SPDX-License-Identifier: GPL-3.0-or-later
"""Inter-band calibration over clouds: planted gains, four statistics, and their errors."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.calibration.cloud_pdf import cloud_ratios
from calval_toolbox.core.calibration.cloud_tables import cloud_table
from calval_toolbox.core.calibration.clouds import (
    COLORED,
    DARK,
    CloudSettings,
    calibrate_clouds,
)
from calval_toolbox.core.calibration.pdf_statistics import (
    Statistic,
    density,
    replicate_weights,
)
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.simulate import simulate_clouds
from calval_toolbox.core.calibration.transfer import Side
from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.io.tables import write_table
from calval_toolbox.core.report.clouds import clouds_report
from calval_toolbox.core.report.document import ReportContext

BANDS = tuple(Band(name, at) for name, at in (
    ("B02", 490.0), ("B03", 560.0), ("B04", 665.0), ("B07", 783.0), ("B8A", 865.0),
    ("B11", 1610.0),
))  # fmt: skip
SENSOR = Sensor("S2A/MSI", BANDS)
GAINS = {"B02": 1.02, "B8A": 0.985}
SETTINGS = CloudSettings("B04", replicates=200)


def side(seed: int, count: int = 400) -> Side:
    models = SensorTables().bands(SENSOR)
    return Side(simulate_clouds(SENSOR, models, count, GAINS, seed=seed), models)


def at_times(made: Side, time: np.ndarray) -> Side:
    measurements = dataclasses.replace(made.measurements, time=time)
    return dataclasses.replace(made, measurements=measurements)


def test_planted_gains_are_found_by_all_statistics() -> None:
    found = calibrate_clouds(side(1, 4000), SETTINGS)
    assert [one.band for one in found.bands] == ["B02", "B03", "B07", "B8A"]
    for one in found.bands:
        planted = GAINS.get(one.band, 1.0)
        for which in Statistic:
            wide = which in (Statistic.MODE, Statistic.INFLECTION)
            limit = 0.006 if wide else 0.001
            assert one.a_k[which] == pytest.approx(planted, abs=limit), (one.band, which)
            assert abs(one.a_k[which] - planted) < 4.0 * one.error[which]
        assert one.error[Statistic.MEAN] < one.error[Statistic.MODE]
        assert all(middle == pytest.approx(planted, abs=0.01) for _, middle, _ in one.bins)
        assert len(one.bins) >= 4


def test_claimed_errors_hold_the_planted_gains() -> None:
    held: dict[Statistic, list[bool]] = {which: [] for which in Statistic}
    settings = dataclasses.replace(SETTINGS, replicates=120)
    for seed in range(25):
        for one in calibrate_clouds(side(100 + seed), settings).bands:
            planted = GAINS.get(one.band, 1.0)
            for which in Statistic:
                held[which].append(abs(one.a_k[which] - planted) <= 1.96 * one.error[which])
    for which in Statistic:
        assert 0.90 <= np.mean(held[which]) <= 0.995, which


def test_dark_and_colored_clouds_are_left_out() -> None:
    made = side(2)
    mean = made.measurements["mean"].copy()
    mean[:50] *= 0.5
    mean[50:80, 0] *= 0.8
    changed = dataclasses.replace(made, measurements=made.measurements.with_columns(mean=mean))
    found = calibrate_clouds(changed, SETTINGS)
    assert (found.unused[:50] == DARK).all()
    assert (found.unused[50:80] == COLORED).mean() > 0.9
    assert found.bands[0].a_k[Statistic.MEAN] == pytest.approx(1.02, abs=0.003)


def test_clouds_of_one_month_have_no_errors(tmp_path: Path) -> None:
    """All draws of one block are the same: that is no error of zero."""
    made, few = side(3), dataclasses.replace(SETTINGS, replicates=20)
    month = np.datetime64("2020-05-01", "ms") + np.arange(400) * np.timedelta64(1, "h")
    found = calibrate_clouds(at_times(made, month), few)
    for one in found.bands:
        assert all(np.isfinite(list(one.a_k.values())))
        assert all(np.isnan(list(one.error.values())))
    column = found.column("B02")
    ratios = cloud_ratios(found.measured[:, column], found.simulated[:, column], month, 20)
    for errors in (ratios.error, ratios.measured.error, ratios.simulated.error):
        assert all(np.isnan(list(errors.values())))
    page = clouds_report(found, "S2A/MSI", ReportContext("Clouds"))
    assert not re.search(r"\bnan\b|± 0\.0000", page)
    assert f"{found.bands[0].a_k[Statistic.MODE]:.4f} ± \u2013" in page
    assert "Errors of B02, B03, B07, B8A are not known" in page
    path = tmp_path / "clouds.csv"
    write_table(cloud_table(found), path, "clouds")
    row = path.read_text(encoding="utf-8").splitlines()[1].split(",")
    assert row[4] == ""
    # Two months are enough for errors.
    month[200:] += np.timedelta64(31, "D")
    found = calibrate_clouds(at_times(made, month), few)
    assert all(one.error[Statistic.MEAN] > 1e-6 for one in found.bands)


def test_months_without_values_are_no_blocks_of_a_band() -> None:
    """Else some draws hold no value of the band, and its error is not known."""
    made = side(3)
    time = np.datetime64("2020-05-01", "ms") + np.arange(400) * np.timedelta64(1, "h")
    time += np.repeat(np.arange(4), 100) * np.timedelta64(31, "D")
    mean = made.measurements["mean"].copy()
    mean[200:, 0] = np.nan
    made = dataclasses.replace(made, measurements=made.measurements.with_columns(mean=mean))
    settings = dataclasses.replace(SETTINGS, max_color=np.inf, replicates=100)
    first, second, *_ = calibrate_clouds(at_times(made, time), settings).bands
    assert (first.band, second.band) == ("B02", "B03")
    assert 150 < first.count <= 200 < second.count
    assert 1e-6 < first.error[Statistic.MEAN] < 0.01


def test_what_cannot_be_used() -> None:
    with pytest.raises(InputError, match="no band B99. Its bands are: B02"):
        calibrate_clouds(side(1), CloudSettings("B99"))
    with pytest.raises(InputError, match="from 400 to 920 nm"):
        calibrate_clouds(side(1), CloudSettings("B11"))
    with pytest.raises(InsufficientDataError, match="20 clouds can be used, 30 are needed"):
        calibrate_clouds(side(1, 20), dataclasses.replace(SETTINGS, min_reflectance=0.1))
    with pytest.raises(InsufficientDataError, match="not bright enough"):
        calibrate_clouds(side(1), dataclasses.replace(SETTINGS, min_reflectance=1.5))


def test_statistics_of_a_known_distribution() -> None:
    """Gamma (shape 4, scale 1): mode 3, mean 4, median 3.672, steepest fall at 3 + sqrt(3)."""
    values = np.random.default_rng(5).gamma(4.0, 1.0, 200_000)
    made = density(values)
    found = {which: float(made.statistic(which)[0]) for which in Statistic}
    assert found[Statistic.MEAN] == pytest.approx(values.mean(), abs=1e-6)
    assert found[Statistic.MEDIAN] == pytest.approx(np.median(values), abs=0.01)
    assert found[Statistic.MODE] == pytest.approx(3.0, abs=0.1)
    assert found[Statistic.INFLECTION] == pytest.approx(3.0 + np.sqrt(3.0), abs=0.25)


def test_replicates_draw_whole_blocks() -> None:
    blocks = np.repeat([0, 1, 2], [5, 1, 4])
    weights = replicate_weights(blocks, 300, 1)
    assert weights.shape == (301, 10)
    assert (weights[0] == 1.0).all()
    for block in range(3):
        rows = weights[:, blocks == block]
        assert (rows == rows[:, :1]).all()
    assert weights[1:, 5].std() > 0.3
