# SPDX-License-Identifier: GPL-3.0-or-later
"""How often stable pixels are called a break, and when that is told: planted stable pixels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.breaks.clear_dates import clear_of_series, clear_of_stack
from calval_toolbox.core.anomalies.breaks.false_alarms import false_alarm_note, false_alarm_share
from calval_toolbox.core.anomalies.breaks.monitor import MonitorSettings, monitor
from calval_toolbox.core.anomalies.breaks.plan import BFASTMONITOR, BreakPlan
from calval_toolbox.core.anomalies.breaks.rasters import open_task
from calval_toolbox.core.anomalies.breaks.tables import breaks_of_series
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.stacks import stack_of
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.extract_files import Source, find_source
from calval_toolbox.core.series.types import TimeSeries

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


# A history of 45 dates, and 40 to be watched: the level is kept without gaps, and not with them.
EDGE = np.datetime64("2018-01-03") + 14 * np.arange(85)
AT_EDGE = replace(PLAIN, start=EDGE[45])


def gaps(share: float, places: int = 320) -> np.ndarray:
    """Which dates of ``EDGE`` are clear (n, places)."""
    return np.random.default_rng(5).random((len(EDGE), places)) >= share


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5])
def test_gaps_are_told_where_they_break_more_than_tolerated(share: float) -> None:
    rng = np.random.default_rng(9)
    clear = gaps(share)
    values = rng.normal(0.0, 0.02, (len(EDGE), 32_000))
    values[~np.tile(clear, 100)] = np.nan
    found = monitor(values, EDGE, AT_EDGE).break_index
    rate = np.mean(found[found != -2] >= 0)
    assert false_alarm_share(AT_EDGE, EDGE, clear) == pytest.approx(rate, abs=0.006)
    note = false_alarm_note(AT_EDGE, EDGE, clear)
    assert (note != "") == (rate > 1.2 * 0.05) == (share > 0.0)


def test_what_contamination_and_gaps_break_too_often_is_told() -> None:
    for days, history in ((SHORT, 40), (EDGE, 45), (LONG, 110)):
        settings = replace(PLAIN, start=days[history])
        values = stable(days, 20_000, 0.02)
        found = monitor(values, days, settings).break_index
        rate = np.mean(found[found != -2] >= 0)
        note = false_alarm_note(settings, days, np.isfinite(values[:, :320]))
        assert (note != "") == (rate > 1.2 * 0.05) == (history < 110)


def test_the_typical_history_is_told() -> None:
    note = false_alarm_note(AT_EDGE, EDGE, gaps(0.3))
    assert "31 clear dates in 1.7 years" in note or "32 clear dates in 1.7 years" in note
    assert "28 clear dates are monitored (median)" in note
    assert "Use fewer HARMONICS, or begin later." in note


def test_a_sample_without_clear_dates_or_history_decides_nothing() -> None:
    assert false_alarm_note(PLAIN, LONG, np.zeros((146, 0), dtype=bool)) == ""
    few = np.zeros((146, 3), dtype=bool)
    few[100:] = True
    note = false_alarm_note(PLAIN, LONG, few)
    assert "too few for such a pixel to be tested" in note


class Said(Silent):
    """Keeps the warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def write_edge(folder: Path, share: float) -> np.ndarray:
    """A stack of 30 x 40 pixels at the dates of ``EDGE``; what is clear (n, 30, 40). The right half
    is never seen.
    """
    grid = grid_from_epsg(32631, (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0), 40, 30)
    rng = np.random.default_rng(6)
    clear = rng.random((len(EDGE), 30, 40)) >= share
    clear[:, :, 20:] = False
    for day, seen in zip(EDGE, clear, strict=True):
        values = np.where(seen, 3000 + rng.integers(-60, 60, seen.shape), 0).astype(np.int16)
        write_raster(folder / f"i_{str(day).replace('-', '')}.tif", [values], grid, 0, ("red",))
    return clear


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_stacks_are_looked_at_for_gaps(share: float, tmp_path: Path) -> None:
    clear = write_edge(tmp_path, share)
    source = Source((), (str(tmp_path),))
    products, _ = find_source(source, Silent())
    sample = clear_of_stack(stack_of(products, ("red",)))
    # Blocks of 8 x 8 in the middle and at the quarters, of which those on the right are not seen.
    places = [clear[:, 11:19, 16:20], clear[:, 5:13, 8:16], clear[:, 16:24, 8:16]]
    expected = np.concatenate([one.reshape(len(EDGE), -1) for one in places], axis=1)
    assert np.array_equal(np.sort(sample.sum(axis=0)), np.sort(expected.sum(axis=0)))
    _, notes = open_task(source, (), "red", "none", BreakPlan(BFASTMONITOR, EDGE[45], AT_EDGE))
    assert len(notes) == (share > 0.0)


def series(name: str, clear: np.ndarray) -> TimeSeries:
    count = len(EDGE)
    values = np.random.default_rng(1).normal(0.3, 0.02, (count, 1))
    states = np.where(clear, "clear", "cloud").astype(object)
    blank = np.full(count, "", dtype=object)
    times = EDGE.astype("datetime64[ms]")
    return TimeSeries(
        name, times, ("red",), np.array([660.0]), values, states, blank, blank, blank, 1.5, 43.5
    )


def test_all_sites_count_and_not_the_best_alone() -> None:
    plan, whole = BreakPlan(BFASTMONITOR, EDGE[45], AT_EDGE), series("whole", gaps(0.0)[:, 0])
    said = Said()
    breaks_of_series([whole], plan, "red", said)
    assert not said.warnings
    clear = gaps(0.5, 6)
    breaks_of_series(
        [whole, *(series(str(at), clear[:, at]) for at in range(6))], plan, "red", said
    )
    (text,) = said.warnings
    assert "of stable pixels are called a break" in text


def test_of_many_sites_some_are_taken_from_all_lengths() -> None:
    clear = gaps(0.3, 100) & (np.arange(len(EDGE))[:, None] >= np.arange(100) // 3)
    days, sample = clear_of_series([series(str(at), clear[:, at]) for at in range(100)])
    assert sample.shape == (len(days), 40)
    counts = np.sort(clear.sum(axis=0))
    assert (sample.sum(axis=0).min(), sample.sum(axis=0).max()) == (counts[0], counts[-1])
    days, sample = clear_of_series([series("none", np.zeros(len(EDGE), dtype=bool))])
    assert not len(days)
    assert not sample.size
