# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the report on a cross-calibration."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..calibration.budget_types import Budget
from ..calibration.cross_run import CrossRun
from ..calibration.cross_summaries import BandSummary
from ..calibration.cross_tables import uncertainties
from ..wording import plural
from . import palette
from .calibration_names import band_label
from .calibration_parts import budget_chart, coefficient_row
from .charts import Panel, Series, interval_chart, series_chart
from .document import Figure

_MOST_PANELS = 8


def coefficient_figure(run: CrossRun) -> Figure | None:
    """A_k by band, with the expanded uncertainty (or else twice the standard error)."""
    total = uncertainties(run)
    rows = []
    for one in filled(run):
        half = 2.0 * total.get(one.band, 100.0 * one.summary.sem / one.summary.mean) / 100.0
        label = band_label(one.band, one.wavelength_nm)
        rows.append(coefficient_row(label, one.summary, half * one.summary.mean))
    if not rows:
        return None
    what = "expanded uncertainty (k = 2)" if total else "two standard errors"
    return interval_chart(
        rows, "A_k (measured / simulated)", "Coefficients by band with intervals",
        f"Mean coefficient of each band; the line is the {what}. 1 means that {run.target} and "
        f"{run.reference} agree.", zero=1.0,
    )  # fmt: skip


def series_figure(run: CrossRun) -> Figure | None:
    """Coefficients over time, a panel per band."""
    result = run.result
    times = result.way.target.measurements.time[result.pairs.target]
    panels = []
    for one in filled(run)[:_MOST_PANELS]:
        band = result.bands.index(one.band)
        kept = result.reason[0, :, band] == ""
        out = ~kept & np.isfinite(result.a_k[0, :, band])
        values = result.a_k[0, :, band]
        panels.append(
            Panel(band_label(one.band, one.wavelength_nm), (
                Series("kept", times[kept], values[kept]),
                Series("rejected", times[out], values[out], palette.REJECTED, "x"),
            ))
        )  # fmt: skip
    if not panels:
        return None
    left = len(filled(run)) - len(panels)
    words = plural(left, "more band is", "more bands are")
    more = f" {words} in the results table." if left > 0 else ""
    return series_chart(
        panels, "A_k", "Coefficients over time by band",
        f"Each point is one pair of observations.{more}",
    )  # fmt: skip


def budget_figure(run: CrossRun) -> Figure | None:
    """The uncertainty of each band by contributor, as bars of variance shares' square roots."""
    shown = filled(run)
    if run.budget is None or not shown:
        return None
    labels = {one.band: band_label(one.band, one.wavelength_nm) for one in shown}
    return budget_bars(run.budget, labels)


def budget_bars(made: Budget, labels: Mapping[str, str]) -> Figure:
    """A budget as bars; ``labels`` by band, as shown."""
    columns = [made.bands.index(band) for band in labels]
    shares = {name: made.monte_carlo[name][columns] for name in made.analytic}
    together = made.combined_monte_carlo[columns]
    noise = 100.0 * float(np.max(made.error[columns] / together))
    note = (
        "Bars: each contributor by itself, which add up in squares; tick: all of them at once in "
        "every draw, which also holds what they make of each other. The number of draws leaves it "
        f"uncertain by {noise:.1f} % at most (standard error)."
    )
    return budget_chart(list(labels.values()), shares, together, note)


def site_figure(run: CrossRun) -> Figure | None:
    """Coefficients by site, one row per site and band; only where there are several sites."""
    rows = []
    method = run.result.methods[0]
    for one in run.summaries:
        if one.method is method and one.site and not one.period and one.summary.count > 1:
            label = f"{one.site}, {band_label(one.band, one.wavelength_nm)}"
            rows.append(coefficient_row(label, one.summary, 2.0 * one.summary.sem))
    if not rows:
        return None
    return interval_chart(
        rows[:60], "A_k", "Coefficients by site and band", "Lines: two standard errors.", zero=1.0
    )


def filled(run: CrossRun) -> list[BandSummary]:
    """The bands that have coefficients, by wavelength."""
    found = [one for one in run.whole() if one.summary.count]
    return sorted(found, key=lambda one: one.wavelength_nm)
