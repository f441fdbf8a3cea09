# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports on anomalies and sensitivity hold the figures that were computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.inject_table import InjectionPlan, inject_table
from calval_toolbox.core.anomalies.labels import ALL_TYPES
from calval_toolbox.core.anomalies.run import AnomalyRun, SiteTests, find_anomalies
from calval_toolbox.core.anomalies.sensitivity import StudySettings
from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.anomalies.step_dates import CommonStep
from calval_toolbox.core.anomalies.steps import Level
from calval_toolbox.core.anomalies.study import Study, run_study
from calval_toolbox.core.anomalies.variants import INGREDIENTS
from calval_toolbox.core.report import palette
from calval_toolbox.core.report.anomalies import anomaly_report
from calval_toolbox.core.report.anomaly_figures import site_figures
from calval_toolbox.core.report.anomaly_names import amplitude_text, type_name
from calval_toolbox.core.report.anomaly_tables import steps
from calval_toolbox.core.report.anomaly_text import _equals, _sensors, _shared
from calval_toolbox.core.report.document import Cell, ReportContext
from calval_toolbox.core.report.sensitivity import sensitivity_report
from calval_toolbox.core.report.sensitivity_tables import configurations
from calval_toolbox.core.report.sensitivity_text import headline, improvements
from calval_toolbox.core.series.table import table_from_series

Open = Callable[[str], Any]
EVIL = '<script>alert("x")</script> & $\\frac{a}$'


@pytest.fixture(scope="module")
def run() -> AnomalyRun:
    series = [simulate_series(SITES[n], 80 + i, years=2)[0] for i, n in enumerate(SITES)][:3]
    series[0] = replace(series[0], site=EVIL)
    table, _ = inject_table(
        table_from_series(series), plan=InjectionPlan({"cloud": 0.2, "gain": -0.4}, count=2)
    )
    return find_anomalies(table, tests=SiteTests(steps=False))


@pytest.fixture(scope="module")
def html(run: AnomalyRun, context: ReportContext) -> str:
    """The report on ``run``: drawing its figures takes seconds."""
    return anomaly_report(run, context)


@pytest.fixture(scope="module")
def study() -> Study:
    return run_study(
        StudySettings(
            types=("cloud", "gain"), sites=("Morocco", "Toulouse"), configurations=INGREDIENTS,
            pixels=40, replicates=20,
        )
    )  # fmt: skip


def test_the_answer_comes_first(run: AnomalyRun, html: str, page: Open) -> None:
    found = page(html)
    line = found.row("Anomalies")
    assert int(line[0]) == run.anomalies
    assert line[1] == f"n = {run.tested} tested dates of {run.observations}"
    assert "More than chance explains" in line[2]
    assert found.rows[0][0] == "Anomalies"
    assert len(found.images()) == 1 + 3 + 1
    assert all(image["alt"] for image in found.images())


def test_what_was_not_sought_is_said(run: AnomalyRun) -> None:
    (shared,) = _shared(run)
    assert shared.verdict.endswith("Lasting changes were not sought.")
    (sought,) = _shared(replace(run, tests=SiteTests()))
    assert sought.verdict == "Nothing points to sensor or processor."
    (same,) = _sensors(run)
    assert (same.value, same.state) == ("0", "")
    (differ,) = _sensors(replace(run, tests=replace(run.tests, level=1.0 - 1e-9)))
    assert int(differ.value) > 0
    assert differ.state == "caution"


def test_every_anomaly_is_a_row(run: AnomalyRun, html: str, page: Open) -> None:
    found = page(html)
    for series, detection in zip(run.series, run.detections, strict=True):
        for date in np.flatnonzero(detection.flagged):
            day, hour = str(series.times[date])[:16].split("T")
            rows = [r for r in found.rows if r[:2] == [series.site, f"{day} {hour}"]]
            assert len(rows) == 1
            assert rows[0][2].startswith(type_name(detection.type[date]))
    assert "<script>" not in html


def test_noise_and_mask_are_those_of_the_run(run: AnomalyRun, html: str, page: Open) -> None:
    found = page(html)
    detection, mask = run.detections[1], run.masks[1]
    site = run.series[1].site
    noise = next(r for r in found.rows if r[:2] == [site, run.series[1].bands[2]])
    assert float(noise[5]) == pytest.approx(detection.noise[2], abs=5e-5)
    masks = next(r for r in found.rows if r[:2] == [site, str(mask.masked)])
    assert float(masks[2]) == pytest.approx(100 * mask.pod, abs=0.05)


def test_a_quiet_series_and_one_that_is_too_short(context: ReportContext, page: Open) -> None:
    one, _ = simulate_series(SITES["Morocco"], 3)
    calm = find_anomalies(table_from_series([one]), tests=SiteTests(steps=False))
    flags = [replace(d, flagged=np.zeros(len(d.times), bool)) for d in calm.detections]
    found = page(anomaly_report(replace(calm, detections=tuple(flags)), context))
    assert found.row("Anomalies")[2] == "No date is off its model."
    short = replace(one.select(np.flatnonzero(one.clear)[:8]), site="short")
    both = find_anomalies(table_from_series([one, short]), tests=SiteTests(steps=False))
    found = page(anomaly_report(both, context))
    assert "'short': 8 clear observations are too few" in found.text


@pytest.mark.parametrize(("chance", "text"), [("> 0.99", "p > 0.99"), ("0.04", "p = 0.04")])
def test_a_bound_of_a_p_value_needs_no_equals_sign(chance: str, text: str) -> None:
    assert f"p {_equals(chance)}" == text


def test_a_step_of_the_ground_is_pointed_to(context: ReportContext, page: Open) -> None:
    one, _ = simulate_series(SITES["Morocco"], 5, years=3)
    late = one.times >= one.times[-40]
    changed = replace(one, values=one.values - 0.1 * late[:, None])
    found = page(anomaly_report(find_anomalies(table_from_series([changed])), context))
    assert "'Morocco' has lasting changes of level" in found.text
    row = next(r for r in found.rows if len(r) == 8 and r[2:4] == ["ground", "Morocco"])
    assert abs(np.datetime64(row[0]) - one.times[-40]) <= np.timedelta64(12, "D")
    assert float(row[6].split()[1]) == pytest.approx(-0.1, abs=0.005)


@pytest.mark.parametrize(
    ("recovered", "then"),
    [
        (np.nan, "stays"), (0.91, ("91 % recovered", "in about 270 days")),
        (-0.614, ("61 % more", "in about 270 days")),
        (-0.02, ("as large, other bands", "in about 270 days")),
    ],
)  # fmt: skip
def test_how_a_change_goes_on_is_told(
    run: AnomalyRun, recovered: float, then: str | tuple[str, str]
) -> None:
    site = run.series[1]
    level = Level(np.linspace(-0.2, 0.1, len(site.bands)), 1e-5, "unknown", -0.2)
    days = np.array(["2020-03-15", "2020-03-12", "2020-03-16"], "datetime64[ms]")
    step = CommonStep(
        days[0], "ground", (site.site,), 1e-6, {site.site: level}, *days[1:], 270.0, recovered
    )
    (table,) = steps(replace(run, steps=(step,)))
    (row,) = table.rows
    told = [(one.text, one.detail) if isinstance(one, Cell) else one for one in row]
    assert told[:4] == ["2020-03-15", ("2020-03-12", "2020-03-16"), "ground", site.site]
    assert told[6] == ("unknown", f"{site.bands[0]} -0.200")
    assert told[7] == then


def test_lasting_changes_are_marked_where_they_are_reported(run: AnomalyRun) -> None:
    names = [one.site for one in run.series]
    step = SimpleNamespace(time=run.series[1].times[20], origin="ground", sites=(names[1],))
    figures = site_figures(replace(run, steps=(step,)))
    marked = ["lasting changes of this site" in one.caption for one in figures]
    assert marked == [False, True, False]


def test_tiles_of_the_study_say_what_they_leave_out(study: Study) -> None:
    """A gain is a share, and no amplitude in reflectance; each site counts its own."""
    lines = [one for one in headline(study) if one.label.startswith("MDA90")]
    assert len(lines) == 2
    for line, site in zip(lines, ("Morocco", "Toulouse"), strict=True):
        assert "Without gain, not measured in reflectance" in line.verdict.replace("Gain", "gain")
        own = [c for c in study.first if c.site == site and c.kind == "cloud"]
        assert line.count == f"n = {sum(int(c.counts.sum()) for c in own)} planted here"


def test_without_matplotlib_tables_stay(
    run: AnomalyRun, study: Study, context: ReportContext, page: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from calval_toolbox.core.report import figures

    monkeypatch.setattr(figures, "available", lambda name: name != "matplotlib")
    for html in (anomaly_report(run, context), sensitivity_report(study, context)):
        found = page(html)
        assert found.images() == []
        assert "has no figures" in found.text
        assert len(found.rows) > 20


def test_the_study_in_figures(study: Study, context: ReportContext, page: Open) -> None:
    found = page(sensitivity_report(study, context))
    assert len(found.images()) == 2 + 3 + 1 + 2
    assert found.row("False alarms")[0] == f"{1000 * study.far:.2f} per 1000"
    ranked = [r for r in found.rows if len(r) == 8 and r[1] in INGREDIENTS]
    assert ranked[0][1] == study.best
    equal = [float(r[2]) for r in ranked]
    assert equal == sorted(equal, reverse=True)
    assert "Without the robust fit" in found.text
    cell = study.cells[0]
    row = next(r for r in found.rows if r[:2] == [cell.site, type_name(cell.kind)] and len(r) == 11)
    assert float(row[5].split()[0]) == pytest.approx(cell.curve.mda90, abs=6e-4)


def test_the_ranking_shows_no_extrapolated_amplitude(study: Study) -> None:
    """The same rule as in the table of cells: nothing beyond twice the largest planted one."""
    largest = max(float(c.amplitudes.max()) for c in study.cells if c.kind == "cloud")
    for value, text in (
        (1.153, f"> {2 * largest:g}"), (np.inf, f"> {2 * largest:g}"), (np.nan, "not available"),
        (1.9 * largest, f"{1.9 * largest:.3f}"),
    ):  # fmt: skip
        changes = tuple(replace(one, mda90=value) for one in study.changes)
        cells = [row[7] for row in configurations(replace(study, changes=changes))[0].rows]
        assert {getattr(one, "text", one) for one in cells} == {text}


def test_false_alarms_beside_none_are_said_in_words(study: Study) -> None:
    first = study.changes[0].configuration

    def said(reference: float, other: float) -> str:
        changes = tuple(
            replace(one, far=reference if one.configuration == first else other)
            for one in study.changes
        )
        return " ".join(improvements(replace(study, changes=changes)))

    assert "false alarms at the own threshold are 3.0 times as many" in said(0.001, 0.003)
    assert "are 3.00 per 1000, where the first has none" in said(0.0, 0.003)
    assert "there are no false alarms at the own threshold, with it or without" in said(0.0, 0.0)
    assert "could not be counted" in said(np.nan, 0.003)
    assert "not available" not in said(0.0, 0.003) + said(0.0, 0.0) + said(np.nan, 0.003)


def test_every_type_has_a_mark_and_a_name() -> None:
    assert set(ALL_TYPES) <= set(palette.ANOMALIES)
    assert len({type_name(name) for name in ALL_TYPES}) == len(ALL_TYPES)


@pytest.mark.parametrize(
    ("amplitude", "unit", "text"),
    [
        (0.0514, "reflectance", "+0.051"),
        (-0.02, "reflectance", "-0.020"),
        (-36.4, "percent", "-36\u00a0%"),
        (90.0, "days", "+90\u00a0days"),
        (float("nan"), "reflectance", "not available"),
        (0.0, "reflectance", "0.000"),
    ],
)
def test_amplitudes_with_their_units(amplitude: float, unit: str, text: str) -> None:
    assert amplitude_text(amplitude, unit) == text
