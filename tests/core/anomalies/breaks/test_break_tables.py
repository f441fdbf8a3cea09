# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks of sites: planted ones, a published one, and sites that cannot be tested."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.breaks import tables
from calval_toolbox.core.anomalies.breaks.joint import detect_breaks
from calval_toolbox.core.anomalies.breaks.monitor import MonitorSettings
from calval_toolbox.core.anomalies.breaks.plan import BFASTMONITOR, JOINT, BreakPlan
from calval_toolbox.core.anomalies.breaks.tables import breaks_of_series
from calval_toolbox.core.errors import Canceled, InputError, InsufficientDataError
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.jit import numba_available, runs_compiled
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.long_table import SeriesColumns
from calval_toolbox.core.series.table import series_from_table
from calval_toolbox.core.series.types import TimeSeries

DAYS = (np.datetime64("2016-01-03") + 16 * np.arange(92)).astype("datetime64[ms]")
START = np.datetime64("2019-01-01")
MONITORING = BreakPlan(BFASTMONITOR, START, MonitorSettings(start=START, harmonics=1))


def site(name: str, step: float, clear: bool = True, seed: int = 3) -> TimeSeries:
    """Green, red and near infrared; the latter changes by ``step`` on 2019-05-19."""
    rng = np.random.default_rng(seed)
    values = np.array([0.08, 0.06, 0.35]) + rng.normal(0.0, 0.006, (92, 3))
    values[np.datetime64("2019-05-17") <= DAYS] += [0.0, 0.0, step]
    states = np.full(92, "clear" if clear else "cloud", dtype=object)
    states[5:9] = "cloud"
    values[5:9] = 0.8
    blank = np.full(92, "", dtype=object)
    waves = np.array([560.0, 660.0, 860.0])
    return TimeSeries(
        name, DAYS, ("B3", "B4", "B8"), waves, values, states, blank, blank, blank, 1.5, 43.5
    )


def test_planted_breaks_of_both_methods() -> None:
    sites = [site("break", -0.15), site("stable", 0.0), site("never", 0.0, clear=False)]
    for plan in (MONITORING, BreakPlan(JOINT)):
        made = breaks_of_series(sites, plan)
        table = made.table
        assert list(table["site"]) == ["break", "stable", "never"]
        assert list(table["status"]) == ["break", "stable", "no_value"]
        assert made.counts["break"] == made.counts["stable"] == made.counts["no_value"] == 1
        assert np.isnat(table["break_time"][1:]).all()
        delay = table["break_time"][0] - np.datetime64("2019-05-19")
        assert np.timedelta64(0, "D") <= delay <= np.timedelta64(100 if plan is MONITORING else 0,
                                                                 "D")  # fmt: skip
        assert table.geometry is not None
    assert table["magnitude"][0] == pytest.approx(-0.15, abs=0.01)
    assert "B8 -0.1" in table["magnitudes"][0]
    ndvi = breaks_of_series(sites, MONITORING).table
    assert list(ndvi["tested"]) == ["NDVI"] * 3
    # A median over all that is monitored, nine dates before the break of 23 included.
    assert 0.6 < ndvi["magnitude"][0] / (0.14 / 0.26 - 0.29 / 0.41) < 1.0


def test_sites_without_history_are_told_not_raised() -> None:
    sites = [site("good", -0.15), site("young", -0.15).select(DAYS > START)]
    made = breaks_of_series(sites, MONITORING, "B8")
    assert list(made.table["status"]) == ["break", "too_few"]
    few = [site("good", 0.0), site("few", 0.0).select(np.arange(10))]
    assert list(breaks_of_series(few, BreakPlan(JOINT)).table["status"]) == ["stable", "too_few"]


class Heard(Silent):
    """What a run says."""

    def __init__(self) -> None:
        self.infos: list[str] = []
        self.warnings: list[str] = []

    def info(self, text: str) -> None:
        self.infos.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def without_trend(harmonics: int) -> BreakPlan:
    settings = MonitorSettings(start=START, harmonics=harmonics, trend=False)
    return BreakPlan(BFASTMONITOR, START, settings)


@pytest.mark.parametrize(
    ("kept", "harmonics", "sentence"),
    [
        (slice(49, 92), 3, r"20 clear dates.*START .2019-01-01.*7 coefficients.*needs 21.*fewer H"),
        (slice(20, 74), 3, r"5 clear dates from START .2019-01-01. on, and 6 are needed"),
        (slice(61, 92), 1, r"8 clear dates.*3 coefficients .HARMONICS=1. needs 9"),
        (slice(64, 92), 0, r"5 clear dates.*1 coefficient .HARMONICS=0. needs 6\. Choose a later"),
    ],
)  # fmt: skip
def test_why_no_site_could_be_tested(kept: slice, harmonics: int, sentence: str) -> None:
    """START lies between the 69th and the 70th of the dates; one more of them is enough."""
    place = np.arange(92)
    plan = without_trend(harmonics)
    with pytest.raises(InsufficientDataError, match=f"No site could be tested: .*{sentence}"):
        breaks_of_series([site("A", 0.0).select(place[kept])], plan, "B8")
    more = slice(kept.start - 1, kept.stop + 1)
    counts = breaks_of_series([site("A", 0.0).select(place[more])], plan, "B8").counts
    assert counts["stable"] + counts["break"] == 1


def test_tables_without_anything_to_test_are_refused() -> None:
    masked = [site("A", 0.0, clear=False), site("B", 0.0, clear=False)]
    for plan in (MONITORING, BreakPlan(JOINT)):
        with pytest.raises(InsufficientDataError, match=r"All observations of the table are mask"):
            breaks_of_series(masked, plan)
    with pytest.raises(InsufficientDataError, match=r"stable year of 12.*at most 6 clear dates"):
        breaks_of_series([site("few", 0.0).select(np.arange(10))], BreakPlan(JOINT))


def test_constant_sites_are_warned_of() -> None:
    level = replace(site("level", 0.0), values=np.tile([0.08, 0.06, 0.35], (92, 1)))
    for plan in (MONITORING, BreakPlan(JOINT)):
        heard = Heard()
        made = breaks_of_series([level, site("real", 0.0)], plan, "B8", heard)
        assert list(made.table["status"]) == ["stable", "stable"]
        assert any("of 1 site of 2 do not vary over time" in one for one in heard.warnings)
        heard = Heard()
        breaks_of_series([site("real", 0.0)], plan, "B8", heard)
        assert not any("do not vary" in one for one in heard.warnings)


def test_bands_left_out_of_the_joint_test_are_told() -> None:
    one = site("A", -0.15)
    blue = replace(
        one, bands=("B2", *one.bands), wavelengths_nm=np.array([490.0, *one.wavelengths_nm]),
        values=np.column_stack([one.values[:, 0] / 2.0, one.values]),
    )  # fmt: skip
    for series, told in ((blue, 1), (one, 0)):
        heard = Heard()
        made = breaks_of_series([series, replace(series, site="B")], BreakPlan(JOINT), "", heard)
        assert list(made.table["tested"]) == ["B3 B4 B8"] * 2
        assert len(heard.infos) == told
        assert all("B3, B4, B8" in text and "B2 is not tested" in text for text in heard.infos)


def test_start_without_data_is_a_sentence() -> None:
    late = BreakPlan(BFASTMONITOR, DAYS[-1] + 1, MonitorSettings(start=DAYS[-1] + 1))
    for days, plan, side in (
        (DAYS > START, MONITORING, "before"), (DAYS < START, MONITORING, "after"),
        (np.arange(1), MONITORING, "after"), (DAYS < START, late, "after"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=f"no clear observations {side} it at any site"):
            breaks_of_series([site("A", 0.0).select(days)], plan, "B8")


def test_unknown_band_is_a_sentence() -> None:
    with pytest.raises(InputError, match="'B99' in 'B99' is no band"):
        breaks_of_series([site("a", 0.0)], MONITORING, "B99")


def test_published_break_of_a_real_series(shared_data: Path) -> None:
    """The fire of 2024-03-23 in Sichuan, published with pyxccd."""
    table = read_table(shared_data / "anomalies" / "pyxccd_1_hls_sc.csv")
    names = list(table.columns)
    columns = SeriesColumns(
        site="", time=names[0], band="", value=",".join(names[1:7]), mask=names[8],
        mask_clear="0,1", time_format="ordinal",
    )  # fmt: skip
    series = [
        replace(one, wavelengths_nm=np.array([480.0, 560.0, 660.0, 860.0, 1610.0, 2200.0]))
        for one in series_from_table(table, columns, 1e-4)
    ]
    made = breaks_of_series(series, BreakPlan(JOINT)).table
    assert list(made["status"]) == ["break"]
    assert made["break_time"][0] == np.datetime64("2024-03-23")


def test_cancel_is_heard_inside_one_site(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, end = threading.Event(), threading.Event()

    def endless(*_) -> None:
        begun.set()
        end.wait(60)

    class Stop(Silent):
        def canceled(self) -> bool:
            return begun.is_set()

    monkeypatch.setattr(tables, "detect_breaks", endless)
    begin = time.monotonic()
    with pytest.raises(Canceled):
        breaks_of_series([site("one", 0.0)], BreakPlan(JOINT), progress=Stop())
    end.set()
    assert time.monotonic() - begin < 30


def test_few_sites_are_tested_without_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[bool] = []

    def watched(*args):
        ways.append(runs_compiled())
        return detect_breaks(*args)

    monkeypatch.setattr(tables, "detect_breaks", watched)
    few = breaks_of_series([site("one", -0.15)], BreakPlan(JOINT)).table
    monkeypatch.setattr(tables, "_WORTH_COMPILING", 0)
    many = breaks_of_series([site("one", -0.15)], BreakPlan(JOINT)).table
    assert ways == [False, numba_available()]
    for name in ("break_time", "status", "magnitudes"):
        assert list(few[name]) == list(many[name])
