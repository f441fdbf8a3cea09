# SPDX-License-Identifier: GPL-3.0-or-later
"""Levels of sites and a season beside a trend: they must not look like a drift."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest
from made_runs import filled
from made_trends import START

from calval_toolbox.core.calibration.parameter_database import parameters_table
from calval_toolbox.core.calibration.parameter_update import (
    Check,
    Model,
    UpdateSettings,
    propose,
)
from calval_toolbox.core.calibration.trend_models import Kind, Trend
from calval_toolbox.core.calibration.trend_terms import Terms, terms
from calval_toolbox.core.calibration.trends import fit_trends
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.coefficients import load_coefficients
from calval_toolbox.core.report.document import ReportContext
from calval_toolbox.core.report.parameter_update import parameter_report
from calval_toolbox.core.table import Table

COUNT, YEARS = 120, 6.0
SITES = np.array(["Algeria3", "Libya4"], dtype=object)


def dates() -> tuple[np.ndarray, np.ndarray]:
    """Even dates, and the years since the first."""
    days = np.linspace(0.0, 365.25 * YEARS, COUNT)
    return START + (days * 86_400e3).astype("timedelta64[ms]"), days / 365.25


def mixed(seed: int = 0) -> np.ndarray:
    """A site for each date: at first mostly the one, at last mostly the other."""
    share = np.linspace(0.1, 0.9, COUNT)
    return SITES[(np.random.default_rng(seed).random(COUNT) < share).astype(int)]


def line(values: np.ndarray, beside: Terms | None) -> Trend:
    return fit_trends(dates()[0], values, (Kind.LINEAR,), terms=beside).best


def noise(seed: int) -> np.ndarray:
    return 0.004 * np.random.default_rng(seed).standard_normal(COUNT)


@pytest.mark.parametrize("slope", [0.0, 0.003])
def test_levels_of_sites_make_no_drift(slope: float) -> None:
    time, years = dates()
    sites = mixed()
    values = 1.0 + 0.03 * (sites == "Libya4") + slope * years + noise(1)
    plain, found = line(values, None), line(values, terms(time, sites, True, False))
    assert plain.parameters[1] - slope > 0.0015
    assert found.parameters[1] == pytest.approx(slope, abs=0.0006)
    assert found.errors[1] < 0.0006
    assert found.terms == ("Libya4",)
    assert found.sizes[0] == pytest.approx(0.03, abs=3.0 * found.size_errors[0])
    # The level is that of all coefficients together.
    assert found.at(time)[0].mean() == pytest.approx(values.mean(), abs=2e-4)


def test_no_step_is_seen_where_the_sites_change() -> None:
    time, _ = dates()
    sites = np.where(np.arange(COUNT) % 4 == 0, SITES[0], SITES[1])
    sites[: COUNT // 2] = np.where(np.arange(COUNT // 2) % 4 == 0, SITES[1], SITES[0])
    values = 1.0 + 0.03 * (sites == "Libya4") + noise(2)
    kinds = (Kind.CONSTANT, Kind.STEPS)
    assert fit_trends(time, values, kinds).best.kind is Kind.STEPS
    beside = terms(time, sites, True, False)
    assert fit_trends(time, values, kinds, terms=beside).best.kind is Kind.CONSTANT
    stepped = values + np.where(np.arange(COUNT) > 80, 0.02, 0.0)
    best = fit_trends(time, stepped, kinds, terms=beside).best
    assert [one.step for one in best.changes] == pytest.approx([0.02], abs=0.004)


def test_sites_that_do_not_overlap_leave_the_drift_unknown() -> None:
    """Each site has half of the time: level and drift cannot be told apart, as the error says."""
    time, years = dates()
    sites = np.where(years < YEARS / 2.0, *SITES)
    values = 1.0 + 0.03 * (sites == "Libya4") + noise(3)
    plain, found = line(values, None), line(values, terms(time, sites, True, False))
    assert plain.parameters[1] > 0.004
    assert abs(found.parameters[1]) < 3.0 * found.errors[1]
    assert found.errors[1] > 1.5 * line(noise(3) + 1.0, None).errors[1]


def test_a_season_that_is_sampled_unevenly_makes_no_drift() -> None:
    time, years = dates()
    # At first mostly summers are seen, at last mostly winters.
    phase = np.random.default_rng(5).normal(np.linspace(0.25, 0.75, COUNT), 0.1)
    time = START + ((np.floor(years) + phase % 1.0) * 365.25 * 86_400e3).astype("timedelta64[ms]")
    turn = (
        2.0 * np.pi * (time - np.datetime64("2000-01-01", "ms")) / np.timedelta64(1, "D") / 365.25
    )
    values = 1.0 + 0.02 * np.sin(turn) + noise(6)
    nobody = np.full(COUNT, "Libya4", dtype=object)
    beside = terms(time, nobody, True, True)
    assert beside.names == ("season, cosine", "season, sine")
    plain = fit_trends(time, values, (Kind.LINEAR,)).best
    found = fit_trends(time, values, (Kind.LINEAR,), terms=beside).best
    assert abs(plain.parameters[1]) > 0.004
    assert found.parameters[1] == pytest.approx(0.0, abs=0.001)
    assert found.sizes == pytest.approx([0.0, 0.02], abs=0.003)
    short = terms(time[:30], nobody[:30], True, True)
    assert not short.names
    assert "needs 2 years" in short.notes[0]


def test_long_series_are_averaged_with_their_sites() -> None:
    rng = np.random.default_rng(7)
    days = np.sort(rng.uniform(0.0, 365.25 * YEARS, 700))
    time = START + (days * 86_400e3).astype("timedelta64[ms]")
    sites = SITES[(rng.random(700) < days / days[-1]).astype(int)]
    values = 1.0 + 0.03 * (sites == "Libya4") + 0.004 * rng.standard_normal(700)
    found = fit_trends(time, values, (Kind.LINEAR,), terms=terms(time, sites, True, False)).best
    assert found.parameters[1] == pytest.approx(0.0, abs=0.0005)
    assert found.sd == pytest.approx(0.004, rel=0.15)


def test_parameters_of_sites_with_different_levels(tmp_path: Path) -> None:
    """What is proposed and checked is the trend alone."""
    sites = mixed().tolist()
    planted = np.where(np.array(sites) == "Libya4", 1.03, 1.0)
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        number = filled(db, {"B04": planted}, step_days=18.0, sites=tuple(sites))
        source = load_coefficients(db, number)
    kept, dropped = (
        propose(source, UpdateSettings(model=Model.LINEAR, site_offsets=one)).bands[0]
        for one in (True, False)
    )
    slope, error = kept.choice.best.parameters[1], kept.choice.best.errors[1]
    assert abs(slope) < 3.0 * error
    assert dropped.choice.best.parameters[1] > 0.0015
    assert kept.check is not None
    assert kept.check.holds
    assert kept.check.scatter_after < 0.6
    assert kept.values.std() < 0.4 * dropped.values.std()


@pytest.mark.parametrize("season", [False, True])
def test_a_site_that_is_held_out_as_a_whole_is_left_out_of_the_check(
    tmp_path: Path, season: bool
) -> None:
    """Its level is not known; that of the others, the trend and their check stay what they are."""
    sites = np.array([["Algeria3", "Libya4"][n % 2] for n in range(COUNT)], dtype=object)
    sites[-6:-3] = "Mali1"
    planted = np.where(sites == "Libya4", 1.03, np.where(sites == "Mali1", 1.5, 1.0))
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        number = filled(db, {"B04": planted}, step_days=15.0, sites=tuple(sites))
        source = load_coefficients(db, number)
    settings = UpdateSettings(model=Model.CONSTANT, holdout_months=6, season=season)
    update = propose(source, settings)
    found = update.bands[0]
    assert found.choice.best.terms[0] == "Libya4"
    assert "Mali1" not in found.choice.best.terms
    assert found.choice.best.sizes[0] == pytest.approx(0.03, abs=0.003)
    assert found.check is not None
    assert found.check.count == found.held.sum() == 10
    assert len(found.values) == COUNT - 1 - 3  # one is rejected
    assert found.check.scatter_after < 0.8
    assert [note for note in update.notes if "Mali1" in note] == [
        "All coefficients of Mali1 are held out: the level there is not known to the fit, and they "
        "are left out of the check."
    ]
    report = parameter_report(
        update,
        parameters_table(update, "gain", "", Table({})),
        -1,
        ReportContext("Update"),
        "gain",
        "",
    )
    assert "All coefficients of Mali1 are held out" in report
    # Without levels of sites they are checked as all others are.
    plain = propose(source, dataclasses.replace(settings, site_offsets=False))
    assert plain.bands[0].held.sum() == 13
    assert not any("Mali1" in note for note in plain.notes)


def test_the_season_needs_its_years_among_the_rows_that_are_fitted() -> None:
    time, years = dates()
    nobody = np.full(COUNT, "Libya4", dtype=object)
    assert terms(time, nobody, True, True, years < 2.5).names
    assert not terms(time, nobody, True, True, years < 1.5).names


def test_levels_of_sites_cost_degrees_of_freedom() -> None:
    """Interval and scatter of single values count the levels as fitted, as they are."""
    days = np.sort(np.random.default_rng(8).uniform(0.0, 365.25 * YEARS, 330))
    time = START + (days * 86_400e3).astype("timedelta64[ms]")
    sites = np.array([f"site {n % 110:03}" for n in range(330)], dtype=object)
    values = 1.0 + 0.01 * np.random.default_rng(9).standard_normal(330)
    # 110 levels for 330 values: not counted, the scatter comes out as 0.0087.
    many = fit_trends(time, values, (Kind.CONSTANT,), terms=terms(time, sites, True, False)).best
    assert many.sd == pytest.approx(0.01, rel=0.1)
    few = slice(0, 12)
    beside = terms(time[few], np.array([*"abcdef"] * 2, dtype=object), True, False)
    short = fit_trends(time[few], values[few], (Kind.CONSTANT,), terms=beside).best
    # Student's t with 12 - 6 degrees of freedom (any table): 2.447.
    assert short.factor == pytest.approx(2.447, abs=5e-4)


def summers_only(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Dates of five years (n,) of which none lies between April and September, and values that go
    down each summer from one level, without any wave of a year.
    """
    rng = np.random.default_rng(seed)
    days = np.concatenate([365.25 * year + rng.uniform(275.0, 455.0, 30) for year in range(5)])
    time = np.datetime64("2000-01-01", "ms") + (np.sort(days) * 86_400e3).astype("timedelta64[ms]")
    since = (np.sort(days) - 275.0) % 365.25 / 180.0
    return time, 1.02 + 0.01 * since**2 + 0.002 * rng.standard_normal(len(days))


def test_no_season_where_a_part_of_the_year_is_not_seen(tmp_path: Path) -> None:
    """The level would be that of a wave that is extrapolated over the winter."""
    time, values = summers_only(3)
    nobody = np.full(len(time), "DomeC", dtype=object)
    beside = terms(time, nobody, True, True)
    assert not beside.names
    (note,) = beside.notes
    assert re.search(
        r"no coefficient of any year lies between \d+ (March|April) and .* (September|October)",
        note,
    )
    # Three months and a half without any are too many, two and a half are not.
    whole = np.datetime64("2000-01-01", "ms") + np.arange(0, 1461, 3) * np.timedelta64(1, "D")
    inside = (whole - whole.astype("datetime64[Y]")) / np.timedelta64(1, "D")
    for longest, names in ((105.0, 0), (75.0, 2)):
        seen = whole[inside > longest]
        found = terms(seen, np.full(len(seen), "DomeC", dtype=object), True, True)
        assert len(found.names) == names, longest
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        source = load_coefficients(db, filled(db, {"B04": values}))
    rows = source.rows.columns
    seen = dataclasses.replace(source, rows=Table({**rows, "time": time, "a_k": values}))
    update = propose(seen, UpdateSettings(model=Model.CONSTANT, season=True))
    assert update.notes[0] == note or "A season is left out" in update.notes[0]
    assert update.bands[0].validities[0].value == pytest.approx(values.mean(), abs=0.001)


def test_a_season_is_also_checked_with_the_season_left_in() -> None:
    """A level that is wrong by what the wave takes away is found, although it is right without."""
    plain = Check(20, 2.0, 0.1, 0.05, 0.1, 0.5, 0.5)
    assert plain.holds
    assert "season" not in plain.words()
    wrong = dataclasses.replace(plain, bias_raw=1.1, bias_raw_se=0.2)
    assert not wrong.holds
    assert "does not hold on the coefficients as they are" in wrong.words()
    assert "+1.10 ± 0.40 % with the season left in" in wrong.words()
    assert dataclasses.replace(plain, bias_raw=0.1, bias_raw_se=0.2).holds
