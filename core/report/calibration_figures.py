# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the report on a cross-calibration."""

from __future__ import annotations

import numpy as np

from ..calibration.cross_run import CrossRun
from ..calibration.cross_summaries import BandSummary
from ..calibration.cross_tables import uncertainties
from ..calibration.uncertainty import Contributor
from . import palette
from .calibration_names import band_label, contributor_name
from .charts import IntervalRow, Panel, Series, interval_chart, series_chart
from .document import Figure
from .figures import canvas, finish
from .numbers import format_count

_MOST_PANELS = 8
_SHADES = (
    palette.BLUE, palette.SKY_BLUE, palette.BLUISH_GREEN, "#A6DACB", palette.YELLOW,
    palette.ORANGE, palette.VERMILLION, palette.REDDISH_PURPLE, "#7A4B00", "#9C8FC4",
    palette.REJECTED,
)  # fmt: skip


def coefficient_figure(run: CrossRun) -> Figure | None:
    """A_k by band, with the expanded uncertainty (or else twice the standard error)."""
    total = uncertainties(run)
    rows = []
    for one in filled(run):
        half = 2.0 * total.get(one.band, 100.0 * one.summary.sem / one.summary.mean) / 100.0
        half *= one.summary.mean
        rows.append(
            IntervalRow(
                band_label(one.band, one.wavelength_nm), one.summary.mean,
                one.summary.mean - half, one.summary.mean + half,
                remark=f"{format_count(one.summary.count)} pairs",
            )
        )  # fmt: skip
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
    more = f" {left} more band(s) are in the results table." if left > 0 else ""
    return series_chart(
        panels, "A_k", "Coefficients over time by band",
        f"Each point is one pair of observations.{more}",
    )  # fmt: skip


def budget_figure(run: CrossRun) -> Figure | None:
    """The uncertainty of each band by contributor, as bars of variance shares' square roots."""
    made, shown = run.budget, filled(run)
    if made is None or not shown:
        return None
    columns = [made.bands.index(one.band) for one in shown]
    positions = np.arange(len(columns))
    names = [name for name in Contributor if (made.monte_carlo[name][columns] > 0.005).any()]
    with canvas(height=1.4 + 0.42 * max(len(columns), 3)) as (figure, axes):
        left = np.zeros(len(columns))
        for name in names:
            share = made.monte_carlo[name][columns] ** 2
            color = _SHADES[list(Contributor).index(name)]
            axes.barh(positions, share, left=left, color=color, label=contributor_name(name),
                      edgecolor=palette.PAPER, linewidth=0.5)  # fmt: skip
            left = left + share
        axes.plot(made.combined_monte_carlo[columns] ** 2, positions, "|", color=palette.INK,
                  markersize=16, markeredgewidth=2.0, label="all together")  # fmt: skip
        axes.set_yticks(positions, [band_label(one.band, one.wavelength_nm) for one in shown])
        axes.invert_yaxis()
        axes.set_xlabel("variance of A_k (percent squared)")
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False)
        return finish(
            figure, len(columns), "Variance of each band's coefficient by contributor",
            "Variances add up, so the bars do; the tick is the Monte Carlo draw of all together.",
        )  # fmt: skip


def site_figure(run: CrossRun) -> Figure | None:
    """Coefficients by site, one row per site and band; only where there are several sites."""
    rows = []
    method = run.result.methods[0]
    for one in run.summaries:
        if one.method is method and one.site and not one.period and one.summary.count > 1:
            half = 2.0 * one.summary.sem
            rows.append(
                IntervalRow(
                    f"{one.site}, {band_label(one.band, one.wavelength_nm)}", one.summary.mean,
                    one.summary.mean - half, one.summary.mean + half,
                    remark=f"{format_count(one.summary.count)} pairs",
                )
            )  # fmt: skip
    if not rows:
        return None
    return interval_chart(
        rows[:60], "A_k", "Coefficients by site and band", "Lines: two standard errors.", zero=1.0
    )


def filled(run: CrossRun) -> list[BandSummary]:
    """The bands that have coefficients, by wavelength."""
    found = [one for one in run.whole() if one.summary.count]
    return sorted(found, key=lambda one: one.wavelength_nm)
