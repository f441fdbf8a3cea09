# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a period: planted changes in numbers and words, and the same page again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_runs import START, B, filled, years

from calval_toolbox.core.calibration.drift import noise_of
from calval_toolbox.core.calibration.period_changes import BandPeriod, judged
from calval_toolbox.core.calibration.period_report import ReportRequest, gather
from calval_toolbox.core.calibration.period_store import keep_report, stored_request
from calval_toolbox.core.calibration.period_tables import period_table
from calval_toolbox.core.calibration.report_period import (
    Span,
    half_year_of,
    named_span,
    span_of_days,
)
from calval_toolbox.core.calibration.summary import Summary, half_years, summarize
from calval_toolbox.core.calibration.types import Measurements
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.coefficients import load_coefficients
from calval_toolbox.core.database.measurements import save_measurements
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.report.calibration_period import headline, period_report

COUNT = 150
SITES = ("Libya4", "Niger1")
START_YEAR = 2018.0  # of made_runs


def shapes() -> dict[str, np.ndarray]:
    """B8A jumps by 2 % at the begin of 2020, B04 stays."""
    at = years(COUNT)
    return {"B04": np.full(COUNT, 1.01), "B8A": np.where(at < 1.99, 0.98, 1.0)}


@pytest.fixture
def database(tmp_path: Path) -> str:
    name = str(tmp_path / "c.gpkg")
    with open_database(name, create=True) as db:
        filled(db, shapes(), sites=SITES)
    return name


@pytest.mark.parametrize(
    ("name", "days", "before"),
    [
        ("2009-H1", ("2009-01-01", "2009-06-30"), "2008-07-01"),
        ("2009-h2", ("2009-07-01", "2009-12-31"), "2009-01-01"),
        ("2009-Q1", ("2009-01-01", "2009-03-31"), "2008-10-01"),
        ("2008-02", ("2008-02-01", "2008-02-29"), "2008-01-01"),
        ("2009", ("2009-01-01", "2009-12-31"), "2008-01-01"),
    ],
)
def test_names_of_periods(name: str, days: tuple[str, str], before: str) -> None:
    span = named_span(name)
    assert span.days == days
    assert str(span.before)[:10] == before
    edge = np.array([days[0], days[1] + "T23:59:59", before], dtype="datetime64[ms]")
    assert span.holds(edge).tolist() == [True, True, False]
    assert span.holds_before(edge).tolist() == [False, False, True]


@pytest.mark.parametrize("name", ["2009-H3", "2009-Q5", "2009-13", "2009-00", "H1", "09-H1"])
def test_what_is_no_period(name: str) -> None:
    with pytest.raises(InputError, match="is no period. Give it as 2009-H1"):
        named_span(name)


def test_days_as_a_period() -> None:
    span = span_of_days("2020-01-11", "2020-01-20")
    assert span.days == ("2020-01-11", "2020-01-20")
    assert str(span.before)[:10] == "2020-01-01"
    assert half_year_of(np.datetime64("2020-07-01")).name == "2020-H2"
    with pytest.raises(InputError, match="exchange them"):
        span_of_days("2020-02-01", "2020-01-01")
    with pytest.raises(InputError, match="both FIRST_DAY and LAST_DAY"):
        span_of_days("2020-02-01", "")


def test_planted_change_is_told_with_its_error(database: str) -> None:
    with open_database(database) as db:
        found = gather(db, ReportRequest("2020-H1"))
    (chain,) = found.chains
    still, jumped = chain.bands
    assert not still.clear
    assert "no change beyond its error" in still.words("S2B/MSI")
    assert jumped.clear
    assert jumped.change_percent == pytest.approx(100.0 * (1.0 / 0.98 - 1.0), abs=0.4)
    assert abs(jumped.change_percent - 100.0 * (1.0 / 0.98 - 1.0)) < jumped.change_half
    assert "S2B/MSI measures" in jumped.words("S2B/MSI")
    assert "% more than in the same months of the year before" in jumped.words("S2B/MSI")
    assert jumped.now.count == 19
    assert jumped.now.mean == pytest.approx(1.0, abs=0.003)
    # The uncertainty holds the systematic part, the change does not; a step is memory to a mean.
    assert chain.uncertainty(still) == pytest.approx(1.0, abs=0.02)
    error = 100.0 * jumped.now.sem / jumped.now.mean
    assert chain.uncertainty(jumped) == pytest.approx(np.hypot(1.0, error), rel=1e-6)
    assert jumped.change_error < 0.3
    # What is after the period does not count for the series.
    assert all(history.time.max() < found.span.end for history in chain.histories)
    assert {one.site for one in chain.sites} == set(SITES)
    assert sum(one.now.count for one in chain.sites if one.band == "B8A") == 19
    assert len(chain.used) == 38
    table = period_table(found)
    assert len(table) == 6
    assert table["change_percent"][1] == pytest.approx(jumped.change_percent)


def test_a_season_is_no_change(tmp_path: Path) -> None:
    """The second half of each year is 1 % higher; B8A drops by 0.9 % in the last one besides."""
    at = START_YEAR + years(COUNT)
    season = 1.0 - 0.005 * np.sign(np.sin(2.0 * np.pi * at))
    shapes = {"B04": season, "B8A": np.where(at >= 2021.5, season - 0.009, season)}
    with open_database(str(tmp_path / "season.gpkg"), create=True) as db:
        filled(db, shapes)
        later, first = (gather(db, ReportRequest(name)) for name in ("2021-H2", "2018-H2"))
    still, dropped = later.chains[0].bands
    assert still.change_before.percent == pytest.approx(1.0, abs=0.4)
    # The season is in the errors of the means, and so in that of what holds it.
    assert still.change_before.half > still.change.half
    assert not still.clear
    assert still.since == "the same months of the year before"
    assert dropped.clear
    assert dropped.change_percent == pytest.approx(-0.9, abs=0.4)
    assert "less than in the same months of the year before." in dropped.words("S2B/MSI")
    (one, _) = first.chains[0].bands
    assert one.seasonal
    assert one.since == "the period before"
    assert one.words("S2B/MSI").endswith("than in the period before. The season is still in it.")
    table = period_table(later)
    assert table["change_since"].tolist() == [one.since for one in (still, dropped)]
    assert table["change_percent"][1] == dropped.change_percent
    assert table["change_before_percent"][0] == still.change_before.percent
    page = period_report(later, "Report", "c.gpkg", {})
    assert "1 of 2 bands changed, allowing for their number (Holm, 5 %)." in page


def test_a_mean_has_the_error_that_the_summary_of_its_run_states(tmp_path: Path) -> None:
    """With the season in it; the change since the same months is free of it."""
    at = START_YEAR + years(COUNT)
    season = 1.0 - 0.005 * np.sign(np.sin(2.0 * np.pi * at))
    with open_database(str(tmp_path / "season.gpkg"), create=True) as db:
        number = filled(db, {"B04": season})
        (one,) = gather(db, ReportRequest("2021-H2")).chains[0].bands
        rows = load_coefficients(db, number).rows
    rows = rows.select(rows["flag"] == "accepted")
    time, values = rows["time"], rows["a_k"]
    noise = noise_of(time, values)
    halves = half_years(time)
    for name, found in (
        ("2021-H2", one.now),
        ("2021-H1", one.before),
        ("2020-H2", one.year_before),
    ):
        part = halves == name
        stated = summarize(time[part], values[part], noise=noise)
        assert found.count == stated.count
        assert found.sem == pytest.approx(stated.sem, rel=1e-9), name
    steady = one.change.error
    assert steady < 0.7 * 100.0 * np.hypot(one.now.sem / one.now.mean,
                                           one.year_before.sem / one.year_before.mean)  # fmt: skip


def test_many_bands_are_allowed_for() -> None:
    """By the step-down of Holm, and hardly any report has a false change."""
    rng, false = np.random.default_rng(5), []
    nothing = summarize(np.empty(0, "datetime64[ms]"), np.empty(0))
    days = np.datetime64("2020-01-01", "ms") + np.arange(20) * np.timedelta64(9, "D")
    for _ in range(60):
        bands = [
            BandPeriod(str(band), 500.0, "", *(
                summarize(days, 1.0 + 0.01 * rng.standard_normal(20)) for _ in range(3)
            )) for band in range(8)
        ]  # fmt: skip
        bands.insert(3, replace(bands[0], now=nothing))
        found = judged(bands)
        false.append((any(one.clear for one in found), any(
            one.change.p_value < 0.05 for one in bands)))  # fmt: skip
        assert np.isnan(found[3].p_adjusted)
        assert {one.tested for one in found} == {8}
    with_holm, without = np.mean(false, axis=0)
    assert with_holm <= 0.12
    assert without > 0.2
    plain = np.sort([one.change.p_value for one in found if one.now.count])
    steps = np.maximum.accumulate(plain * np.arange(8, 0, -1)).clip(max=1.0)
    np.testing.assert_allclose(sorted(one.p_adjusted for one in found if one.now.count), steps)
    least = min(bands, key=lambda one: np.nan_to_num(one.change.p_value, nan=2.0))
    chance = replace(least, p_adjusted=0.2, tested=8)
    if least.change.p_value < 0.05:
        assert "no clear change" in chance.words("S")


@pytest.mark.parametrize(
    ("span", "begin", "end"),
    [
        (named_span("2009-H2"), "2008-07-01", "2009-01-01"),
        (named_span("2009"), "2008-01-01", "2009-01-01"),
        (span_of_days("2020-02-29", "2020-03-10"), "2019-03-01", "2019-03-11"),
        (span_of_days("2018-01-01", "2019-06-30"), "2016-01-01", "2017-07-01"),
    ],
)
def test_the_same_days_a_year_before(span: Span, begin: str, end: str) -> None:
    assert [str(one)[:10] for one in span.year_before] == [begin, end]
    edge = np.array([begin, end], dtype="datetime64[ms]")
    assert span.holds_year_before(edge).tolist() == [True, False]
    assert not span.holds(edge).all()


def test_intervals_of_changes_hold(tmp_path: Path) -> None:
    """Nothing changes: about 95 of 100 intervals hold 0."""
    held = []
    with open_database(str(tmp_path / "many.gpkg"), create=True) as db:
        for seed in range(30):
            number = filled(db, {b: np.ones(72) for b in ("B04", "B8A")}, seed=seed)
            found = gather(db, ReportRequest("2018-Q4", runs=(number,)))
            held += [abs(one.change_percent) <= one.change_half for one in found.chains[0].bands]
    assert 0.88 <= np.mean(held) <= 1.0


def test_sites_and_runs_are_chosen(database: str) -> None:
    with open_database(database) as db:
        one = gather(db, ReportRequest("2020-H1", sites=("Niger1",)))
        assert set(one.chains[0].used["site"]) == {"Niger1"}
        later = filled(db, {b: v + 0.1 for b, v in shapes().items()}, sites=SITES)
        assert [c.run.id for c in gather(db, ReportRequest("2020-H1")).chains] == [later]
        first = gather(db, ReportRequest("2020-H1", runs=(1,)))
        assert [c.run.id for c in first.chains] == [1]
        snow = filled(db, shapes(), sites=SITES, method="calibrateantarctic")
        both = gather(db, ReportRequest())
        assert {c.run.id for c in both.chains} == {later, snow}
        assert both.span.name == "2022-H1"


def test_the_same_report_again(database: str) -> None:
    with open_database(database) as db:
        found = gather(db, ReportRequest("2020-H1", sensors=("S2B/MSI",)))
        number = keep_report(db, found)
        # A later run changes nothing.
        filled(db, {b: v + 0.1 for b, v in shapes().items()}, sites=SITES)
        again = gather(db, stored_request(db, number))
        pages = [period_report(one, "Report", "c.gpkg", {}) for one in (found, again)]
        other = gather(db, ReportRequest("2020-H1"))
    first, second = (page.split('<p class="created">') for page in pages)
    assert first[0] == second[0]
    assert first[1].partition("</p>")[2] == second[1].partition("</p>")[2]
    assert other.digest != found.digest
    with open_database(database) as db, pytest.raises(InputError, match="no report 99"):
        stored_request(db, 99)


def test_what_the_page_holds(database: str) -> None:
    with open_database(database) as db:
        page = period_report(gather(db, ReportRequest("2020-H1")), "Report", "c.gpkg", {})
    assert page.count('<img src="data:image') == 4
    for text in (
        "2020-H1", "S2B/MSI against S2A/MSI over deserts",
        "than in the same months of the year before",
        "the systematic part of the budget of the run", "19 pairs. Numbers",
        "product 75; &#39;quoted&#39;", "Largest clear change", "all together",
    ):  # fmt: skip
        assert text in page, text
    assert "product 20;" not in page  # of another period


def test_no_band_hides_behind_the_others(database: str) -> None:
    """B8A is off by -2 % until 2020, when it steps by 2 %; the other band is off by 1 %."""
    with open_database(database) as db:
        found = [gather(db, ReportRequest(one)) for one in ("2019-H1", "2020-H1")]
    before, after = (headline(one) for one in found)
    assert re.match(r"B8A .*: 0\.9[78]\d\d ± ", before[0].value)
    assert re.match(r"B04 .*: 1\.0(1|0[89])\d+ ± ", after[0].value)
    assert "farthest of 2 bands. 0 of 2 bands off by more" in before[0].verdict, "± 2 % by budget"
    assert before[0].state == "good"
    step = re.match(r".* B8A .*: \+(\d\.\d\d) ± (0\.\d\d) % at (2019-1|2020-0)", after[-1].value)
    assert step is not None
    assert abs(float(step[1]) - 2.0) < float(step[2])
    assert after[-1].verdict.startswith("1 of 2 bands not constant")
    assert after[-1].state == "caution"
    assert before[-1].verdict.startswith("0 of 2 bands not constant")


def test_bands_beyond_their_uncertainty_are_counted(database: str) -> None:
    with open_database(database) as db:
        found = gather(db, ReportRequest("2019-H1"))
    (chain,) = found.chains
    none = chain.source.contributions.select(np.zeros(len(chain.source.contributions), np.bool_))
    bare = replace(chain, source=replace(chain.source, contributions=none))
    line = headline(replace(found, chains=(bare,)))[0]
    assert "standard error only" in line.value
    assert "2 of 2 bands off by more" in line.verdict
    assert line.state == "caution"


def test_a_run_without_a_reference_sensor(database: str) -> None:
    with open_database(database) as db:
        number = filled(db, shapes(), sites=SITES, method="calibrateclouds", alone=True)
        found = gather(db, ReportRequest("2020-H1", runs=(number,)))
    page = period_report(found, "Report", "c.gpkg", {})
    assert "S2B/MSI over clouds" in page
    assert "than its reference band predicts" in page
    assert "measurement -1" not in page
    assert "standard error only: no systematic part" in page
    assert "systematic part of the budget" not in page
    assert "k = 2, standard error only" in page
    assert "19 measurements. Numbers are" in page
    assert "19 and 18 measurements" in page
    assert not re.search(r"\d pairs", page)


@pytest.mark.parametrize(
    ("request_", "kind", "match"),
    [
        (ReportRequest("1990-H1"), InsufficientDataError, "no coefficient in 1990-H1"),
        (ReportRequest("2020-H1", "2020-01-01"), InputError, "either PERIOD, or FIRST_DAY"),
        (ReportRequest("2020-H1", sensors=("S3A",)), InputError, "no calibration of S3A"),
        (ReportRequest("2020-H1", sites=("Mali1",)), InputError, "no site Mali1"),
        (ReportRequest("2020-H1", runs=(9,)), InputError, r"no calibration run 9\. There are: 1"),
    ],
)
def test_what_cannot_be_reported(
    database: str, request_: ReportRequest, kind: type[Exception], match: str
) -> None:
    with open_database(database) as db, pytest.raises(kind, match=match):
        gather(db, request_)


def test_runs_that_are_passed_over_are_told(database: str) -> None:
    """An exploratory run after the reviewed one replaces it, and the page says so."""
    with open_database(database) as db:
        later = filled(db, {b: v + 0.1 for b, v in shapes().items()}, sites=SITES)
        last, reviewed = (gather(db, ReportRequest("2020-H1", runs=runs)) for runs in ((), (1,)))
    assert [one.id for one in last.passed] == [1]
    assert [one.id for one in reviewed.passed] == [later]
    assert f"run {later} of " in last.notes[0]
    assert "1 other run (1) passed over. Give the numbers" in last.notes[0]
    page = period_report(last, "Report", "c.gpkg", {})
    assert "passed over" in page
    assert "reported" in page


def test_a_change_of_few_pairs_does_not_open_the_page() -> None:
    nothing = Summary(0, *[np.nan] * 7)
    few, many = judged([
        BandPeriod(
            "B04", 665.0, "", Summary(count, mean, mean, 0.01, 0.01, 0.002, np.nan, np.nan),
            nothing, Summary(count, 1.0, 1.0, 0.01, 0.01, 0.002, np.nan, np.nan),
        ) for count, mean in ((2, 1.18), (40, 1.02))
    ])  # fmt: skip
    assert not few.clear
    assert few.weight < 0.0 < many.weight
    assert few.words("A").startswith("not usable (few pairs: 2 and 2): +18.00 ± ")
    assert many.words("A").startswith("A measures 2.00 ± ")


def test_saturated_measurements_are_counted(tmp_path: Path) -> None:
    name = str(tmp_path / "c.gpkg")
    with open_database(name, create=True) as db:
        filled(db, shapes(), sites=SITES)
        time = START + np.arange(3).astype("timedelta64[D]") + np.timedelta64(5, "h")
        named = {"site": np.full(3, "Libya4", dtype=object), "product": np.array(list("xyz"), "O")}
        bands = {"saturated_fraction": np.array([[0.0, 0.2], [0.0, 1.0], [0.0, 0.0]])}
        save_measurements(db, Measurements(B, time, named, bands))
        found = gather(db, ReportRequest("2018-H1"))
    page = period_report(found, "Report", "c.gpkg", {})
    assert "S2B/MSI is saturated in B8A in 2 of 22 measurements of the period" in page


def test_what_a_run_told_is_told_again(database: str) -> None:
    """Caveats of a calibration go with its coefficients into the report."""
    told = {"notes": ["S2B/MSI states no ozone. No uncertainty given here holds it."]}
    with open_database(database) as db, db.transaction():
        db.run("UPDATE runs SET record = ? WHERE id = 1", (json.dumps(told),))
    with open_database(database) as db:
        found = gather(db, ReportRequest("2020-H1"))
    assert any(one.startswith("Run 1: S2B/MSI states no ozone.") for one in found.notes)


def test_what_several_runs_told_is_said_once(tmp_path: Path) -> None:
    told = json.dumps({"notes": ["No altitude is known."]})
    with open_database(str(tmp_path / "two.gpkg"), create=True) as db:
        filled(db, shapes())
        filled(db, shapes(), method="calibrateantarctic")
        with db.transaction():
            db.run("UPDATE runs SET record = ?", (told,))
        found = gather(db, ReportRequest("2020-H1"))
    assert len(found.chains) == 2
    assert [one for one in found.notes if "altitude" in one] == ["Runs 1, 2: No altitude is known."]
