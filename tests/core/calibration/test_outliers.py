# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift is no outlier: what is rejected around a line in time, and what the slope is then."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.calibration.drift import constant_or_line
from calval_toolbox.core.calibration.drift import slope as slope_of
from calval_toolbox.core.calibration.outliers import clipped_in_time
from calval_toolbox.core.calibration.summary import clipped
from calval_toolbox.core.types import FloatArray, TimeArray

START, YEAR_MS = np.datetime64("2010-01-01", "ms"), 365.25 * 86_400e3
SD = 0.007


def moments(years: FloatArray) -> TimeArray:
    return START + (years * YEAR_MS).astype("timedelta64[ms]")


def growing(rng: np.random.Generator) -> FloatArray:
    """Moments (years) of a series that is dense first and thin in its late years."""
    return np.sort(np.r_[rng.uniform(0.0, 2.0, 250), rng.uniform(4.0, 8.0, 25)])


@pytest.mark.parametrize("drift", [0.01, -0.01, 0.005])
def test_planted_drift_is_within_its_interval(drift: float) -> None:
    """With outliers of either side among them, in 90 to 99 of 100 series."""
    rng = np.random.default_rng(1)
    held, slopes, kept = [], [], []
    for _ in range(100):
        years = growing(rng)
        values = 1.0 + drift * years + SD * rng.standard_normal(len(years))
        wrong = rng.choice(len(years), 8, replace=False)
        values[wrong] += rng.choice([-1.0, 1.0], 8) * rng.uniform(0.05, 0.3, 8)
        keep = clipped_in_time(moments(years), values)
        choice = constant_or_line(moments(years[keep]), values[keep])
        assert choice is not None
        slope, error = slope_of(choice)
        held.append(abs(slope - drift) <= 2.0 * error)
        slopes.append(slope)
        kept.append((keep.sum(), keep[wrong].sum()))
    assert 0.90 <= np.mean(held) <= 0.99
    assert np.mean(slopes) == pytest.approx(drift, abs=3.0 * np.std(slopes) / 10.0)
    good, bad = np.mean(kept, axis=0)
    assert good > 0.99 * 267
    assert bad == 0.0


def test_the_late_end_of_a_drift_is_kept() -> None:
    rng = np.random.default_rng(2)
    years = growing(rng)
    values = 1.0 + 0.01 * years + SD * rng.standard_normal(len(years))
    late = years > 4.0
    assert clipped(values)[late].sum() < 5  # what a constant makes of it
    assert clipped_in_time(moments(years), values)[late].sum() >= 24


def test_each_site_has_its_level() -> None:
    """A site that lies apart is no outlier, an outlier of it is; few values have no level."""
    rng = np.random.default_rng(3)
    years = np.tile(np.linspace(0.0, 3.0, 150), 2)
    site = np.repeat(np.array(["Dark", "Bright"], dtype=object), 150)
    few = rng.permutation(150)[:12] + 150
    rows = np.r_[np.arange(150), few]
    values = np.where(site == "Bright", 1.06, 1.0) + 0.004 * rng.standard_normal(300)
    values[few[0]] -= 0.05
    keep = clipped_in_time(moments(years[rows]), values[rows], site[rows])
    assert keep[151:].all()
    assert not keep[150]
    fewer = rows[:155]
    alone = clipped_in_time(moments(years[fewer]), values[fewer], site[fewer])
    assert not alone[151:].any()


def test_without_a_line_all_is_as_around_a_constant() -> None:
    values = np.r_[np.random.default_rng(4).normal(1.0, 0.01, 60), 1.2, np.nan]
    short = moments(np.linspace(0.0, 0.4, 62))
    assert (clipped_in_time(short, values) == clipped(values)).all()
    assert clipped_in_time(short[:0], values[:0]).shape == (0,)
    long = moments(np.linspace(0.0, 4.0, 62))
    assert clipped_in_time(long, np.ones(62)).all()
    unknown = long.copy()
    unknown[3] = np.datetime64("NaT")
    assert np.flatnonzero(~clipped_in_time(unknown, values)).tolist() == [3, 60, 61]
