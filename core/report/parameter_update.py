# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a proposed version of calibration parameters."""

from __future__ import annotations

import numpy as np

from ..calibration.parameter_update import CONVENTION, BandUpdate, Update
from ..database.coefficients import run_words
from ..table import Table
from ..wording import plural, signed
from . import palette
from .assemble import assemble
from .calibration_names import band_label
from .charts import IntervalRow, interval_chart
from .document import Cell, Column, Figure, Headline, ReportContext, ReportTable, Section
from .figures import drawn
from .numbers import DASH, format_count, format_number
from .trend_figures import TrendPanel, TrendWords, trend_chart
from .trend_text import LIMITS, SOURCES, terms_table, trend_table

_MOST_PANELS = 10
_MOST_ROWS = 60
_LIMITS = (
    "The parameters correct the reflectances that the database holds. They replace an older "
    "version, and are not to be applied on top of it.",
    "Of models whose criterion differs by less than 2 the simplest is taken: fewer values are told "
    "apart where the data hardly do.",
    "A_k brings the sensor to the reference of the run: the reference's own error stays.",
    *LIMITS,
)


def parameter_report(
    update: Update, table: Table, written: int, context: ReportContext, name: str, version: str
) -> str:
    """The report (HTML text); ``table``: as ``parameters_table`` makes it; ``written``: rows that
    are new in the database, below 0 where it is a proposal only.
    """
    bands = sorted(update.bands, key=lambda one: one.wavelength_nm)
    labels, choices = [_label(one) for one in bands], [one.choice for one in bands]
    run = update.source.run
    sections = [
        Section(
            "Parameters", (CONVENTION,), drawn(lambda: _values(table)), [_parameters(table, update)]
        ),
        Section(
            "Series and models", (), drawn(lambda: _series(bands)),
            [*trend_table(labels, choices), *terms_table(labels, choices)],
        ),
        Section("Check on data not used for the fit", _words(bands), (), _check(bands)),
    ]  # fmt: skip
    named = f", version {version}" if version else ""
    subtitle = f"{name} of {run.sensor}{named}, from {run_words(run)} UTC"
    return assemble(
        context, subtitle, _headline(bands, written, update), sections, _LIMITS, SOURCES,
        update.notes,
    )  # fmt: skip


def _headline(bands: list[BandUpdate], written: int, update: Update) -> list[Headline]:
    last = np.array([one.validities[-1].value for one in bands])
    far = bands[int(np.argmax(np.abs(last - 1.0)))]
    value = far.validities[-1]
    more = "less" if value.value > 1.0 else "more"
    kind = "k = 2" if update.source.systematic else "k = 2, no systematic part"
    kept = (
        "Proposed only: nothing was written." if written < 0
        else "The same version was in the database already." if not written
        else f"{format_count(written)} rows were written."
    )  # fmt: skip
    lines = [
        Headline("Parameters", f"{len(bands)} bands", "", kept),
        Headline(
            "Largest correction",
            f"{_label(far)}: {value.value:.4f} ± {2.0 * value.uncertainty:.4f} ({kind})",
            f"{format_count(len(far.values))} coefficients",
            f"Reflectance gets {100.0 * abs(1.0 / value.value - 1.0):.2f} % {more} by dividing.",
        ),
    ]
    checked = [one.check for one in bands if one.check is not None]
    if checked:
        good = sum(one.holds for one in checked)
        before, after = (
            float(np.mean([abs(v) for v in values]))
            for values in ([c.bias_before for c in checked], [c.bias_after for c in checked])
        )
        lines.append(
            Headline(
                "On data not used for the fit", f"{before:.2f} % before, {after:.2f} % after",
                f"{format_count(sum(one.count for one in checked))} coefficients",
                f"The correction holds in {good} of {len(checked)} bands.",
                "good" if good == len(checked) else "caution",
            )
        )  # fmt: skip
    return lines


def _values(table: Table) -> Figure | None:
    rows = []
    for row in range(min(len(table), _MOST_ROWS)):
        value, half = table["value"][row], 2.0 * table["uncertainty"][row]
        label = band_label(table["band"][row], table["wavelength_nm"][row])
        rows.append(
            IntervalRow(
                f"{label}, from {table['valid_from'][row][:10]}", value, value - half, value + half
            )
        )
        if np.isfinite(table["previous_value"][row]):
            old = f"version {table['previous_version'][row]}"
            rows.append(IntervalRow(old, table["previous_value"][row], color=palette.REFERENCE))
    return interval_chart(
        rows, "A_k (measured / simulated)", "Parameters by band and interval",
        "Lines: twice the standard uncertainty; dots without a line: an older version, whose "
        "uncertainty is not shown. Reflectance is divided by the parameter.", zero=1.0,
    )  # fmt: skip


def _parameters(table: Table, update: Update) -> ReportTable:
    old = np.isfinite(table["previous_value"]).any()
    rows: list[list[str | Cell]] = []
    for row in range(len(table)):
        until = table["valid_to"][row][:10] or "further notice"
        cells: list[str | Cell] = [
            band_label(table["band"][row], table["wavelength_nm"][row]),
            table["valid_from"][row][:10], until, format_number(table["value"][row], 4),
            format_number(table["standard_error"][row], 4),
            format_number(2.0 * table["uncertainty"][row], 4),
        ]  # fmt: skip
        if old:
            change = table["change_percent"][row]
            cells.append(signed(change) if np.isfinite(change) else DASH)
        rows.append(cells)
    columns = [
        Column("Band", numeric=False), Column("Valid from", numeric=False, fixed=True),
        Column("Until", numeric=False), Column("A_k"), Column("Standard error"),
        Column("Uncertainty", "k = 2"), *([Column("Change", "% of the older")] if old else []),
    ]  # fmt: skip
    note = (
        "Standard error: of the model. Uncertainty: with what the model changes within the "
        "interval, and "
    )
    note += (
        "with the systematic part of the budget of the run." if update.source.systematic
        else "without a systematic part: the run has no budget (it was made with DRAWS=0)."
    )  # fmt: skip
    return ReportTable("Parameters by band", columns, rows, note)


def _series(bands: list[BandUpdate]) -> Figure | None:
    panels = [
        TrendPanel(_label(one), one.time, one.values, one.held, one.choice.best, one.validities)
        for one in bands[:_MOST_PANELS]
    ]
    left = len(bands) - len(panels)
    more = f" {plural(left, 'more band is', 'more bands are')} in the tables." if left > 0 else ""
    return trend_chart(
        panels, TrendWords("fitted", "held out"), "Coefficients over time with the fitted models",
        f"Each point is one pair of observations.{more}",
    )  # fmt: skip


def _words(bands: list[BandUpdate]) -> list[str]:
    return [f"{_label(one)}: {one.check.words()}" for one in bands if one.check is not None]


def _check(bands: list[BandUpdate]) -> list[ReportTable]:
    rows = []
    for one in bands:
        found = one.check
        if found is None:
            continue
        rows.append([
            _label(one), format_count(int((~one.held).sum())), format_count(found.count),
            f"{signed(found.bias_before)} ± {2.0 * found.bias_before_se:.2f}",
            f"{signed(found.bias_after)} ± {2.0 * found.bias_after_se:.2f}",
            f"{found.scatter_before:.2f}", f"{found.scatter_after:.2f}",
        ])  # fmt: skip
    columns = [
        Column("Band", numeric=False), Column("Fitted"), Column("Held out"),
        Column("Bias before", "%, k = 2"), Column("Bias after", "%, k = 2"),
        Column("Scatter before", "sd, %"), Column("Scatter after", "sd, %"),
    ]  # fmt: skip
    note = "Bias: mean of A_k less 1 over the held-out dates, before and after the correction."
    return [ReportTable("Before and after", columns, rows, note)] if rows else []


def _label(one: BandUpdate) -> str:
    return band_label(one.band, one.wavelength_nm)
