# SPDX-License-Identifier: GPL-3.0-or-later
"""How often stable pixels are called a break, and when that is told: planted stable pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.anomalies.breaks.false_alarms import false_alarm_note, false_alarm_share
from calval_toolbox.core.anomalies.breaks.monitor import MonitorSettings, monitor

LONG = np.datetime64("2016-01-01") + 10 * np.arange(146)  # 110 dates of history
SHORT = np.datetime64("2018-01-03") + 14 * np.arange(80)  # 40 dates of history
PLAIN = MonitorSettings(LONG[110], trend=False, screening=True)


def stable(days: np.ndarray, pixels: int, clouds: float) -> np.ndarray:
    """Values (n, pixels) with a season, noise, 30 % gaps and clouds, without any change."""
    rng = np.random.default_rng(7)
    t = (days - days[0]).astype(int)[:, None] / 365.25
    values = 0.3 + 0.08 * np.cos(2.0 * np.pi * (t + rng.random(pixels)))
    values = values + rng.normal(0.0, 0.02, values.shape)
    values += (rng.random(values.shape) < clouds) * rng.uniform(0.1, 0.4, values.shape)
    return np.where(rng.random(values.shape) < 0.3, np.nan, values)


def test_stable_pixels_break_no_more_than_the_level_under_clouds() -> None:
    for days, history in ((LONG, 110), (SHORT[:70], 56)):
        found = monitor(stable(days, 10_000, 0.02), days, replace(PLAIN, start=days[history]))
        tested = found.break_index != -2
        assert tested.mean() > 0.9
        assert np.mean(found.break_index[tested] >= 0) <= 1.2 * 0.05


@pytest.mark.parametrize("trend", [True, False])
def test_the_share_foretells_that_of_planted_stable_pixels(trend: bool) -> None:
    settings = MonitorSettings(SHORT[40], trend=trend, screening=True)
    rng = np.random.default_rng(8)
    season = 0.1 * np.cos(2.0 * np.pi * np.arange(80) * 14 / 365.25)[:, None]
    found = monitor(0.3 + season + rng.normal(0.0, 0.02, (80, 10_000)), SHORT, settings)
    share = false_alarm_share(settings, SHORT)
    assert share == pytest.approx(np.mean(found.break_index >= 0), abs=0.03)
    assert (share > 0.25) == trend
    assert share == false_alarm_share(settings, SHORT)


def test_what_keeps_the_level_is_not_told() -> None:
    assert false_alarm_note(PLAIN, LONG) == ""


def test_an_extrapolated_trend_is_told_with_its_numbers() -> None:
    note = false_alarm_note(MonitorSettings(SHORT[40], screening=True), SHORT)
    assert "40 dates in 1.5 years for a model of 8 coefficients with a trend" in note
    assert "40 dates are monitored" in note
    assert "% of stable pixels" in note
    assert "LEVEL says 5 %" in note
    assert "Switch TREND off" in note


def test_a_history_too_short_for_its_model_is_told() -> None:
    note = false_alarm_note(replace(PLAIN, start=SHORT[15]), SHORT)
    assert "15 dates in 0.5 years for a model of 7 coefficients" in note
    assert "too few for any pixel to be tested" in note
