# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of the report on a cross-calibration."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..calibration.budget_types import Budget
from ..calibration.cross_run import CrossRun
from ..calibration.cross_summaries import BandSummary
from ..calibration.cross_tables import uncertainties
from ..calibration.doubts import run_doubts
from ..calibration.screening import counted
from ..calibration.summary import Summary
from .calibration_figures import filled
from .calibration_names import DOUBTED, band_label, contributor_name, marked, method_name
from .calibration_parts import slope_text
from .document import Cell, Column, ReportTable
from .numbers import DASH, format_count, format_number

_PERIODS = 40


def coefficients(run: CrossRun) -> list[ReportTable]:
    """The answer: a row per band."""
    total, doubts = uncertainties(run), run_doubts(run)
    rows: list[list[str | Cell]] = []
    for one in filled(run):
        found = one.summary
        trend = slope_text(found.slope_pct_per_year, found.slope_se)
        label = band_label(one.band, one.wavelength_nm)
        rows.append([
            marked(label, doubts.get(one.band, "")), format_number(found.mean, 4),
            _percent(2.0 * total.get(one.band, np.nan), 2), format_number(found.median, 4),
            _percent(100.0 * found.sd / found.mean, 2),
            _percent(100.0 * found.sem / found.mean, 3), format_count(found.count), trend,
        ])  # fmt: skip
    columns = [
        Column("Band", numeric=False), Column("A_k", "mean"), Column("Uncertainty", "%, k = 2"),
        Column("Median"), Column("One pair", "sd, %"), Column("Mean", "standard error, %"),
        Column("Pairs"), Column("Trend", "% per year, k = 2"),
    ]  # fmt: skip
    note = (
        "A_k is measured by simulated TOA reflectance. Standard errors and trends allow for "
        "noise that remembers: what is common to a season does not average out."
    )
    if any(one.band in doubts for one in filled(run)):
        note += f" {DOUBTED}"
    return [ReportTable("Coefficients", columns, rows, note)] if rows else []


def methods(run: CrossRun) -> list[ReportTable]:
    """The spectral methods side by side; none where there is one."""
    names = run.result.methods
    if len(names) < 2:
        return []
    rows: list[list[str | Cell]] = []
    for one in filled(run):
        cells: list[str | Cell] = [band_label(one.band, one.wavelength_nm)]
        for number in range(len(names)):
            other = next(row for row in run.whole(number) if row.band == one.band)
            cells.append(_of_method(other, number))
        rows.append(cells)
    columns = [Column("Band", numeric=False)]
    columns += [Column("A_k", method_name(name)) for name in names]
    note = (
        f"Below each coefficient: its difference from the {method_name(names[0])} in percent, over "
        "the pairs that both keep. The first method is that of all other tables and figures."
    )
    return [ReportTable("Spectral methods side by side", columns, rows, note)]


def _of_method(found: BandSummary, number: int) -> str | Cell:
    if not found.summary.count:
        return DASH
    mean = format_number(found.summary.mean, 4)
    return Cell(mean, f"{round(found.difference_percent, 2) + 0.0:+.2f}\u00a0%") if number else mean


def contributions(run: CrossRun) -> list[ReportTable]:
    """The budget: Monte Carlo and analytic of each contributor, by band."""
    shown = filled(run)
    if run.budget is None or not shown:
        return []
    labels = {one.band: band_label(one.band, one.wavelength_nm) for one in shown}
    note = (
        "Systematic contributors are common to all pairs and bands; random ones average out over "
        f"the dates. Spectral method: {method_name(run.result.methods[0])}."
    )
    return [budget_rows(run.budget, labels, note)]


def budget_rows(made: Budget, labels: Mapping[str, str], note: str) -> ReportTable:
    """A budget: Monte Carlo and analytic of each contributor; ``labels`` by band, as shown."""
    places = [made.bands.index(band) for band in labels]
    rows = [
        [contributor_name(name), made.kinds[name].value]
        + [f"{made.monte_carlo[name][n]:.2f} / {made.analytic[name][n]:.2f}" for n in places]
        for name in made.analytic
    ]
    rows.append(
        ["all together", ""]
        + [f"{made.combined_monte_carlo[n]:.2f} / {made.combined_analytic[n]:.2f}" for n in places]
    )
    rows.append(
        [
            "of which Monte Carlo noise",
            "",
            *(_noise(made.error[n]) for n in places),
        ]
    )
    columns = [Column("Contributor", numeric=False), Column("Kind", numeric=False)]
    columns += [Column(label, "%", fixed=True) for label in labels.values()]
    note = (
        "Standard uncertainties of A_k (k = 1): Monte Carlo / analytic. The last row: standard "
        "error of the Monte Carlo figure of all together, which more draws make smaller. " + note
    )
    return ReportTable("Uncertainty by contributor", columns, rows, note)


def _noise(error: float) -> str:
    """Monte Carlo noise (percent) that is never shown as nothing."""
    return "below 0.001" if error < 0.0005 else f"± {format_number(error, 3)}"


def periods(run: CrossRun) -> list[ReportTable]:
    """A row per period with the bands side by side: all sites together, first method."""
    first, shown = run.result.methods[0], filled(run)
    found = {
        (one.period, one.band): one.summary
        for one in run.summaries
        if one.method is first and not one.site and one.period
    }
    if not found:
        return []
    spans = sorted({period for period, _ in found})
    rows: list[list[str | Cell]] = [
        [span, *(_in_period(found.get((span, one.band))) for one in shown)]
        for span in spans[:_PERIODS]
    ]
    columns = [Column("Period", numeric=False, fixed=True)]
    columns += [Column(band_label(one.band, one.wavelength_nm), "A_k") for one in shown]
    note = "Below each coefficient: its standard error (%) and the number of pairs."
    if len(spans) > _PERIODS:
        note += f" The first {_PERIODS} of {len(spans)} periods; the summary table has all."
    return [ReportTable("Periods", columns, rows, note)]


def _in_period(found: Summary | None) -> str | Cell:
    if found is None:
        return DASH
    error = "" if found.count < 2 else f"±\u00a0{100.0 * found.sem / found.mean:.2f}, "
    return Cell(format_number(found.mean, 4), f"{error}{format_count(found.count)}")


def left_out(run: CrossRun) -> list[ReportTable]:
    """Observations without a pair and coefficients that are not kept, with their reasons."""
    result = run.result
    rows = []
    for who, unused in (
        (run.target, result.unused_target), (run.reference, result.unused_reference),
    ):  # fmt: skip
        rows.append([who, "in a pair", format_count(int((unused == "").sum()))])
        rows += [[who, why, format_count(count)] for why, count in counted(unused).items()]
    reasons = counted(result.reason[0].ravel())
    rows += [["coefficients", why, format_count(count)] for why, count in reasons.items()]
    columns = [
        Column("Of", numeric=False), Column("What became of them", numeric=False), Column("Count"),
    ]  # fmt: skip
    return [ReportTable("Observations and coefficients left out", columns, rows)]


def _percent(value: float, decimals: int) -> str:
    return format_number(value, decimals)
