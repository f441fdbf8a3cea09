# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts under limits, and what it says together, against the run itself and least squares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.calibration.coefficients import (
    Coefficients,
    coefficients_from_table,
    same_pair,
)
from calval_toolbox.core.calibration.cross_run import CrossRun
from calval_toolbox.core.calibration.demo import DRIFTS, GAINS, SITES, write_demo
from calval_toolbox.core.calibration.judgements import judge
from calval_toolbox.core.calibration.selection import (
    FAR,
    LATE,
    Choice,
    band_figures,
    choose,
    half_year_means,
    histogram,
    near_values,
    trend_line,
)
from calval_toolbox.core.calibration.summary import summarize
from calval_toolbox.core.errors import TableError
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.table import Table


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[CrossRun, Coefficients]:
    folder = tmp_path_factory.mktemp("demo")
    run = write_demo(folder / "calibration.gpkg", folder / "coefficients.gpkg")
    return run, coefficients_from_table(read_table(folder / "coefficients.gpkg"), "S2B/MSI")


@pytest.fixture
def rows(demo: tuple[CrossRun, Coefficients]) -> Coefficients:
    return demo[1]


def test_table_holds_what_the_run_found(demo: tuple[CrossRun, Coefficients]) -> None:
    run, rows = demo
    assert rows.bands == run.result.bands
    assert rows.distinct("site") == tuple(sorted(SITES))
    assert set(rows.sensor) == {"S2B/MSI"}
    np.testing.assert_allclose(rows.a_k, run.result.a_k.ravel())
    for one, whole in zip(band_figures(rows, choose(rows, Choice()), rows.bands), run.whole(),
                          strict=True):  # fmt: skip
        assert one.band == whole.band
        assert one.wavelength_nm == pytest.approx(whole.wavelength_nm)
        assert one.summary == whole.summary
        assert one.rejected == len(run.result.pairs) - whole.summary.count


def test_planted_gains_and_drift_are_in_the_demo(rows: Coefficients) -> None:
    found = {
        one.band: one.summary for one in band_figures(rows, choose(rows, Choice()), rows.bands)
    }
    for band, gain in GAINS.items():
        middle = gain + DRIFTS.get(band, 0.0) * 2.0
        assert found[band].mean == pytest.approx(middle, abs=0.004), band
        assert abs(found[band].slope_pct_per_year - 100.0 * DRIFTS.get(band, 0.0)) < 0.2


def test_outliers_of_the_run_are_found_again(rows: Coefficients) -> None:
    as_table, again = (choose(rows, Choice(clip_sigmas=sigmas)) for sigmas in (None, 3.0))
    assert (as_table.reason == again.reason).all()
    assert (as_table.reason == "outlier").sum() > 0
    fewer = choose(rows, Choice(clip_sigmas=2.0))
    assert fewer.counted.sum() < again.counted.sum()
    wider = choose(rows, Choice(clip_sigmas=9.0))
    assert wider.counted.all()


def test_limits_reject_with_a_reason(rows: Coefficients) -> None:
    found = choose(rows, Choice(distance_deg=4.0, days=2.5))
    far = rows["distance_deg"] > 4.0
    assert 0 < far.sum() < len(rows)
    assert (found.reason[far & rows.accepted] == FAR).all()
    assert not (found.counted & far).any()
    late = choose(rows, Choice(days=1.0)).reason
    assert set(late[rows.accepted]) == {LATE}


def test_selection_of_sites_bands_time_and_rows(rows: Coefficients) -> None:
    day = np.datetime64("2021-06-30")
    choice = Choice(
        sites=frozenset({"Libya4"}), bands=frozenset({"B02", "B04"}), method="spline", last=day,
        first=np.datetime64("2021-01-01"),
    )  # fmt: skip
    shown = choose(rows, choice).shown
    assert set(rows.site[shown]) == {"Libya4"}
    assert set(rows.band[shown]) == {"B02", "B04"}
    assert rows.time[shown].max() <= np.datetime64("2021-06-30T23:59:59.999")
    inside = (rows.time >= choice.first) & (rows.time.astype("datetime64[D]") <= day)
    own = inside & (rows.site == "Libya4") & np.isin(rows.band.astype(str), ["B02", "B04"])
    assert (shown == own).all()
    some = frozenset(np.flatnonzero(own)[:3].tolist())
    assert choose(rows, replace(choice, rows=some)).shown.sum() == 3


def test_both_days_of_a_period_are_included(rows: Coefficients) -> None:
    time = rows.time.copy()
    time[:4] = np.array(
        ["2030-03-01T00:00", "2030-03-02T23:59", "2030-02-28T23:59", "2030-03-03T00:00"],
        dtype="datetime64[ms]",
    )
    choice = Choice(first=np.datetime64("2030-03-01"), last=np.datetime64("2030-03-02"))
    shown = choose(replace(rows, time=time), choice).shown
    assert np.flatnonzero(shown).tolist() == [0, 1]


def test_what_was_judged_by_hand_stays(rows: Coefficients) -> None:
    outlier = int(np.flatnonzero(rows["reason"] == "outlier")[0])
    fine = int(np.flatnonzero(rows.accepted)[0])
    for row, verdict in ((outlier, "accepted"), (fine, "rejected")):
        status, reason = judge(rows, np.array([row]), verdict, "seen")
        rows = rows.judged(np.array([row]), status, reason)
    for sigmas in (None, 1.0, 9.0):
        found = choose(rows, Choice(clip_sigmas=sigmas, distance_deg=0.01))
        assert found.counted[outlier]
        assert not found.counted[fine]


def test_trend_line_is_that_of_the_summary() -> None:
    """Close to least squares where the noise is white; its slope and error are the stated ones."""
    rng = np.random.default_rng(4)
    days = np.sort(rng.uniform(0.0, 1400.0, 120))
    time = np.datetime64("2020-01-01", "ms") + (days * 86_400e3).astype("timedelta64[ms]")
    values = 1.0 - 2e-5 * days + 0.004 * rng.standard_normal(120)
    order = rng.permutation(120)
    line = trend_line(time[order], values[order], time)
    assert line is not None
    expected = np.polyval(np.polyfit(days, values, 1), days)
    np.testing.assert_allclose(line[0], expected, atol=1e-4)
    found = summarize(time, values)
    per_year = 100.0 * (line[0][-1] - line[0][0]) / (days[-1] - days[0]) * 365.25 / found.mean
    assert found.slope_pct_per_year == pytest.approx(per_year)
    plain = np.std(values - expected, ddof=2) / np.sqrt(120)
    middle = int(np.abs(days - days.mean()).argmin())
    # In the middle it is the error of the mean about the line, at the ends that of the slope too.
    assert 0.9 <= line[1][middle] / plain < 1.6
    away = (days[-1] - days.mean()) / 365.25
    ends = np.hypot(line[1][middle], found.slope_se * found.mean / 100.0 * away)
    assert line[1][-1] == pytest.approx(ends, rel=0.05)


def test_trend_line_holds_the_truth_as_often_as_it_says() -> None:
    days = np.arange(0.0, 1400.0, 14.0)
    time = np.datetime64("2020-01-01", "ms") + (days * 86_400e3).astype("timedelta64[ms]")
    truth, inside, rng = 1.0 + 1e-5 * days, 0, np.random.default_rng(11)
    for _ in range(300):
        line = trend_line(time, truth + 0.01 * rng.standard_normal(len(days)), time)
        assert line is not None
        inside += bool(abs(line[0][-1] - truth[-1]) <= 1.96 * line[1][-1])
    assert 0.92 <= inside / 300 <= 0.99


def test_no_trend_of_few_values() -> None:
    time = np.datetime64("2020-01-01", "ms") + np.arange(5).astype("timedelta64[D]")
    assert trend_line(time, np.ones(5), time) is None


def test_half_years() -> None:
    time = np.array(["2020-02-01", "2020-04-01", "2020-09-01"], dtype="datetime64[ms]")
    found = half_year_means(time, np.array([1.0, 1.2, 0.9]))
    assert found.name == ("2020-H1", "2020-H2")
    assert [one.mean for one in found.summary] == pytest.approx([1.1, 0.9])
    assert found.time[0] == np.datetime64("2020-03-02", "ms")
    assert len(half_year_means(time[:0], np.empty(0)).name) == 0


def test_histogram_counts_all() -> None:
    values = np.append(np.random.default_rng(0).normal(1.0, 0.01, 400), np.nan)
    edges, counts = histogram(values)
    assert counts.sum() == 400
    assert len(edges) == len(counts) + 1
    assert len(histogram(np.append(values, 50.0))[1]) <= 60
    assert histogram(np.empty(0))[1].sum() == 0


def test_axis_leaves_out_what_is_far_away() -> None:
    values = np.array([1.0, 1.1, 1.15, 1.5, np.nan])
    rejected = np.array([False, False, True, True, True])
    assert near_values(values, np.ones(5, bool), rejected).tolist() == [True] * 3 + [False] * 2
    assert near_values(values, rejected, rejected).tolist() == [False] * 2 + [True] * 2 + [False]


def test_rows_of_one_pair(rows: Coefficients) -> None:
    found = same_pair(rows, 7)
    assert sorted(rows.band[found]) == sorted(rows.bands)
    assert len(set(rows["target_id"][found])) == len(set(rows["reference_id"][found])) == 1


def test_other_tables_are_refused() -> None:
    with pytest.raises(TableError, match="no table of calibration coefficients"):
        coefficients_from_table(Table({"site": np.array(["a"])}, "other.gpkg"))
    empty = {key: np.array([], dtype=object) for key in ("site", "time", "band", "status")}
    with pytest.raises(TableError, match="no rows"):
        coefficients_from_table(Table({**empty, "a_k": np.array([])}, "empty.gpkg"))
