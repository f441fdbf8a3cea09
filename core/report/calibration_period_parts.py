# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures and tables of the report on a period of calibration."""

from __future__ import annotations

import numpy as np

from ..calibration.budget_types import Contributor
from ..calibration.period_changes import BandPeriod, Change
from ..calibration.period_report import Chain, PeriodReport
from ..calibration.period_runs import alike, settings_shown
from ..calibration.report_period import Span
from ..calibration.summary import Summary
from ..times import iso_texts
from ..types import FloatArray
from ..wording import plural, signed
from .calibration_names import DOUBTED, band_label, contributor_name, marked
from .calibration_parts import budget_chart, coefficient_row
from .charts import IntervalRow, interval_chart
from .document import Cell, Column, Figure, ReportTable
from .numbers import DASH, format_count, format_number, format_setting
from .trend_figures import TrendPanel, TrendWords, trend_chart

_MOST_PANELS = 10
_MOST_ROWS = 60


def coefficient_figure(chain: Chain) -> Figure | None:
    """A_k by band in the period, and in what it is compared with (hollow)."""
    rows: list[IntervalRow] = []
    for one in chain.bands:
        if one.now.count:
            rows.append(coefficient_row(_label(one), one.now, chain.half(one), what=chain.counted))
        then, name = one.change.then, "before" if one.seasonal else "year before"
        if then.count:
            half = 2.0 * then.sem
            rows.append(coefficient_row(name, then, half, hollow=True, what=chain.counted))
    if not rows:
        return None
    return interval_chart(
        rows, "A_k (measured / simulated)", "Coefficients by band in the period and before",
        ("Lines: combined expanded uncertainty (k = 2)" if chain.systematic else
         "Lines: twice the standard error; no systematic part")
        + "; of the same months of the year before, else of the period before (hollow): twice the "
        "standard error.",
        zero=1.0,
    )  # fmt: skip


def band_tables(chain: Chain) -> list[ReportTable]:
    """A row per band: the period, the one before, the change."""
    rows: list[list[str | Cell]] = []
    for one in chain.bands:
        now = one.now
        doubt = chain.doubts.get(one.band, "") if now.count else ""
        rows.append([
            marked(_label(one), doubt), format_number(now.mean, 4),
            format_number(2.0 * chain.uncertainty(one), 2),
            format_number(100.0 * now.sem / now.mean, 3),
            format_number(100.0 * now.sd / now.mean, 2), format_count(now.count),
            _with_error(one.year_before), _judged(one), _with_error(one.before),
            _change(one.change_before),
        ])  # fmt: skip
    columns = [
        Column("Band", numeric=False), Column("A_k", "mean"), Column("Uncertainty", "%, k = 2"),
        Column("Mean", "standard error, %"), Column(f"One {chain.counted[:-1]}", "sd, %"),
        Column(chain.counted.capitalize()),
        Column("Year before", "A_k, same months"), Column("Change", "%, 95 %"),
        Column("Period before", "A_k"), Column("Change", "%, 95 %, with season"),
    ]  # fmt: skip
    parts = (
        "the systematic part of the budget of the run, and the standard error of the period"
        if chain.systematic else "standard error only: no systematic part, the run has no budget"
    )  # fmt: skip
    note = (
        f"A_k is measured by simulated TOA reflectance. Uncertainty: {parts}. Changes: with the "
        "errors of both periods. In color: judged, see the limits of the method."
    )
    if any(one.band in chain.doubts for one in chain.bands if one.now.count):
        note += f" {DOUBTED}"
    return [ReportTable("Coefficients by band", columns, rows, note)]


def site_figure(chain: Chain) -> Figure | None:
    """A_k by band and site; only where there are several."""
    rows = [
        coefficient_row(
            f"{one.site}, {_label(one)}", one.now, 2.0 * one.now.sem, what=chain.counted
        )
        for one in chain.sites if one.now.count > 1
    ]  # fmt: skip
    if not rows:
        return None
    return interval_chart(
        rows[:_MOST_ROWS], "A_k", "Coefficients by site and band", "Lines: two standard errors.",
        zero=1.0,
    )  # fmt: skip


def site_tables(chain: Chain) -> list[ReportTable]:
    """A row per site with the bands side by side."""
    if not chain.sites:
        return []
    found = {(one.site, one.band): one for one in chain.sites}
    sites = list(dict.fromkeys(one.site for one in chain.sites))
    rows: list[list[str | Cell]] = [
        [site, *(_with_error(found[site, one.band].now) for one in chain.bands)] for site in sites
    ]
    columns = [Column("Site", numeric=False)]
    columns += [Column(_label(one), "A_k") for one in chain.bands]
    note = f"Below each coefficient: its standard error (%) and the number of {chain.counted}."
    return [ReportTable("Coefficients by site", columns, rows, note)]


def run_table(found: PeriodReport) -> ReportTable:
    """The runs that the report is made of, and those that it passes over."""
    rows: list[list[str | Cell]] = []
    for chain in found.chains:
        taken = chain.run
        for one in (taken, *(other for other in found.passed if alike(other) == alike(taken))):
            shown = settings_shown(one, taken)
            text = ", ".join(f"{key}: {format_setting(value)}" for key, value in shown.items())
            state = "reported" if one is taken else "passed over"
            rows.append([
                str(one.id), one.time[:16].replace("T", " "), f"{one.sensor}, {one.method}", state,
                text or DASH,
            ])  # fmt: skip
    columns = [
        Column("Run"), Column("Made", "UTC", numeric=False, fixed=True),
        Column("Of", numeric=False), Column("State", numeric=False, fixed=True),
        Column("Settings", numeric=False),
    ]  # fmt: skip
    note = (
        "Without numbers (RUNS) the last run of each sensor, reference and method is reported. "
        "Settings of runs that are passed over: only those that differ from the reported one."
    )
    return ReportTable("", columns, rows, note)


def series_figure(chain: Chain, span: Span) -> Figure | None:
    """All coefficients until the end of the period, with models; the period is shaded."""
    nothing = np.zeros(0, dtype=np.bool_)
    panels = [
        TrendPanel(
            band_label(one.band, one.wavelength_nm), one.time, one.values,
            np.zeros(len(one.time), dtype=np.bool_) if len(one.time) else nothing,
            one.choice.best if one.choice else None, (), (span.begin, span.end),
        )
        for one in chain.histories if len(one.time)
    ]  # fmt: skip
    left = max(len(panels) - _MOST_PANELS, 0)
    what = "pair of observations" if chain.run.reference else "measurement"
    more = f" {plural(left, 'more band is', 'more bands are')} in the tables." if left else ""
    return trend_chart(
        panels[:_MOST_PANELS], TrendWords(span="the period"),
        "Coefficients over time by band with models",
        f"Each point is one {what}; the period is shaded.{more}",
    )  # fmt: skip


def budget_figure(chain: Chain) -> Figure | None:
    """The budget of the run as bars."""
    shares = _shares(chain)
    if not shares:
        return None
    return budget_chart([_label(one) for one in chain.bands], shares, _combined(shares))


def budget_tables(chain: Chain) -> list[ReportTable]:
    """The budget of the run: a row per contributor."""
    shares, kinds = _shares(chain), _kinds(chain)
    if not shares:
        return []
    rows = [
        [contributor_name(name), kinds[name], *(format_number(value, 2) for value in values)]
        for name, values in shares.items()
    ]
    rows.append(["all together", "", *(format_number(v, 2) for v in _combined(shares))])
    columns = [Column("Contributor", numeric=False), Column("Kind", numeric=False)]
    columns += [Column(_label(one), "%", fixed=True) for one in chain.bands]
    note = (
        "Standard uncertainties (k = 1) of the mean A_k of the whole run; the random ones are "
        "larger for the period alone, by the square root of how many fewer pairs it has."
    )
    return [ReportTable("Uncertainty by contributor", columns, rows, note)]


def used_tables(chain: Chain) -> list[ReportTable]:
    """Every pair of observations behind the coefficients of the period."""
    used = chain.used
    pairs: dict[tuple[int, int], list[int]] = {}
    for row, key in enumerate(zip(used["target_id"].tolist(), used["reference_id"].tolist(),
                                  strict=True)):  # fmt: skip
        pairs.setdefault(key, []).append(row)
    times, others = iso_texts(used["time"]), iso_texts(used["reference_time"])
    rows = [
        [
            times[found[0]][:16].replace("T", " "), used["site"][found[0]],
            _named(used["product"][found[0]], key[0]),
            others[found[0]][:16].replace("T", " "),
            _named(used["reference_product"][found[0]], key[1]),
            ", ".join(dict.fromkeys(used["band"][found].tolist())),
        ]
        for key, found in sorted(pairs.items(), key=lambda item: times[item[1][0]])
    ]  # fmt: skip
    columns = [
        Column(chain.run.sensor, "UTC", numeric=False, fixed=True), Column("Site", numeric=False),
        Column("Product or measurement", numeric=False),
        Column(chain.run.reference or "Reference", "UTC", numeric=False, fixed=True),
        Column("Product or measurement", numeric=False), Column("Bands", numeric=False),
    ]  # fmt: skip
    against = f" against {chain.run.reference}" if chain.run.reference else ""
    title = f"{chain.run.sensor}{against}, run {chain.run.id}"
    count = f"{format_count(len(rows))} {chain.counted}"
    note = f"{count}. Numbers are those of the measurements in the database."
    return [ReportTable(title, columns, rows, note)] if rows else []


def _named(product: str, number: int) -> str:
    if number < 0:
        return DASH
    return f"{product} ({number})" if product else f"measurement {number}"


def _shares(chain: Chain) -> dict[Contributor, FloatArray]:
    given = chain.source.contributions
    found = {}
    for name in Contributor:
        values = np.full(len(chain.bands), np.nan)
        for number, one in enumerate(chain.bands):
            row = np.flatnonzero((given["contributor"] == name.value) & (given["band"] == one.band))
            if len(row):
                values[number] = given["value_percent"][row[0]]
        if np.isfinite(values).any():
            found[name] = values
    return found


def _kinds(chain: Chain) -> dict[Contributor, str]:
    given = chain.source.contributions
    return {
        Contributor(name): str(kind)
        for name, kind in zip(given["contributor"], given["kind"], strict=True)
        if name in set(Contributor)
    }


def _combined(shares: dict[Contributor, FloatArray]) -> FloatArray:
    return np.asarray(np.sqrt(np.nansum([values**2 for values in shares.values()], axis=0)))


def _with_error(found: Summary) -> str | Cell:
    if not found.count:
        return DASH
    error = f"±\u00a0{100.0 * found.sem / found.mean:.2f}, " if found.count > 1 else ""
    return Cell(format_number(found.mean, 4), f"{error}{format_count(found.count)}")


def _judged(one: BandPeriod) -> str | Cell:
    """The change that is judged, colored; where it holds the season it stands in the other column
    only.
    """
    text = DASH if one.seasonal else _change(one.change)
    if text == DASH or not np.isfinite(one.p_adjusted):
        return text
    return Cell(text, "", "caution" if one.clear else "good")


def _change(found: Change) -> str:
    if not np.isfinite(found.percent):
        return DASH
    if not np.isfinite(found.error):
        return signed(found.percent)
    return f"{signed(found.percent)} ± {found.half:.2f}"


def _label(one: BandPeriod) -> str:
    return band_label(one.band, one.wavelength_nm)
