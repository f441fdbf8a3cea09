# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a calibration of bands against each other over clouds."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan

import numpy as np

from ..calibration.budget_types import Contributor
from ..calibration.clouds import MAIN, BandResult, CloudCalibration
from ..calibration.pdf_statistics import Statistic, density
from ..calibration.screening import counted
from . import palette
from .assemble import assemble
from .calibration_figures import budget_bars
from .calibration_names import band_label
from .calibration_tables import budget_rows
from .charts import IntervalRow, interval_chart
from .document import Column, Figure, Headline, ReportContext, ReportTable, Section
from .figures import canvas, drawn, finish
from .numbers import DASH, format_count

LIMITS = (
    "Coefficients are relative to the reference band: they say nothing of its own calibration.",
    "Clouds are taken as white from 0.4 to 0.92 um, below air that holds only molecules and all of "
    "the ozone. The height of the clouds and a part of the ozone below them are assumptions.",
    "Bootstrap errors hold the scatter of the clouds by month, not what is common to all of them: "
    "that is in the budget, whose sizes are assumptions (see Parameters).",
    "The optical thickness of the clouds is no contributor: the reference band measures the level "
    "of each cloud. Ozone between the cloud top and the ground counts as above it.",
)
SOURCES = (
    "Fougnie & Bach 2009, calibration over convective clouds: DOI 10.1109/TGRS.2008.2001148",
    "Doelling et al. 2013, statistics of convective clouds: DOI 10.1109/TGRS.2012.2225066",
    "JCGM 100:2008 and 101:2008, expression of uncertainty in measurement",
    "Vermote & Tanre 1992, molecules: DOI 10.1016/0022-4073(92)90149-X",
)


def clouds_report(found: CloudCalibration, sensor: str, context: ReportContext) -> str:
    """The report (HTML text); without matplotlib it has no figures."""
    reference = found.settings.reference_band
    labels = _known_bands(found)
    sections = [
        Section("Coefficients", (), drawn(lambda: _coefficients(found)), [_table(found)]),
        Section("Distributions", (), drawn(lambda: _distributions(found))),
        Section("By reflectance", (), (), _bins(found)),
        *_uncertainty(found, labels),
        Section("Left out", (), (), [_left_out(found)]),
    ]
    subtitle = f"{sensor} over deep convective clouds, against its band {reference}"
    return assemble(
        context, subtitle, headline(found), sections, LIMITS, SOURCES,
        [*_no_errors(found), *found.notes],
    )  # fmt: skip


def _known_bands(found: CloudCalibration) -> dict[str, str]:
    return {
        one.band: band_label(one.band, one.wavelength_nm) for one in found.bands
        if isfinite(one.a_k[MAIN])
    }  # fmt: skip


def _uncertainty(found: CloudCalibration, labels: dict[str, str]) -> list[Section]:
    """The budget by contributor, and what is in none of them."""
    made = found.budget
    if made is None or not labels:
        return []
    note = (
        f"Of the {MAIN} against {found.settings.reference_band}. Systematic contributors are "
        "common to all clouds; 'reference band': what its calibration makes of the ratio, beyond "
        "the factor that all bands have in common."
    )
    figure = drawn(lambda: budget_bars(made, labels))
    return [
        Section("Uncertainty", _not_made(found), figure, [budget_rows(made, labels, note)]),
    ]  # fmt: skip


def _not_made(found: CloudCalibration) -> list[str]:
    """What the budget does not hold, and why."""
    made, told = found.budget, []
    if made is not None and Contributor.CLOUD_SPECTRUM not in made.analytic:
        told.append(
            "Not in the budget: how white the clouds are (habit and size of the ice, shape of "
            "their spectrum). No published figure by band was at hand; Fougnie and Bach (2009) "
            "state 0.2 % for the method altogether where the reference band is perfect. Give a "
            "size of your own (SPECTRUM_UNCERTAINTY)."
        )
    if made is not None and Contributor.CLOUD_SCATTER not in made.analytic:
        told.append(
            "Not in the budget: the scatter of the clouds, which takes clouds of two months."
        )
    return told


def _no_errors(found: CloudCalibration) -> list[str]:
    """Where errors are not known, and what they need."""
    which = Statistic.MEAN
    bands = [
        one.band for one in found.bands if isfinite(one.a_k[which]) and isnan(one.error[which])
    ]
    if not bands:
        return []
    return [
        f"Errors of {', '.join(bands)} are not known: they come of the scatter between months, and "
        "need clouds of two months and two or more bootstrap draws."
    ]


def headline(found: CloudCalibration) -> list[Headline]:
    """The band that is farthest off, and how far the statistics are apart."""
    known = [one for one in found.bands if np.isfinite(one.a_k[Statistic.MEAN])]
    if not known:
        return [Headline("Coefficients", "none", "", "No band has enough clouds.", "bad")]
    far = max(known, key=lambda one: abs(one.a_k[MAIN] - 1.0))
    value, error = far.a_k[MAIN], 2.0 * _error(found, far)
    known_error = isfinite(error)
    clear = known_error and abs(value - 1.0) > error
    interval = f" ± {error:.4f} (k = 2)" if known_error else ""
    spread = [max(one.a_k.values()) - min(one.a_k.values()) for one in known]
    apart = 100.0 * max(spread)
    return [
        Headline(
            "Farthest from the reference band",
            f"{band_label(far.band, far.wavelength_nm)}: {value:.4f}{interval}",
            f"{format_count(far.count)} clouds",
            f"By the median it measures {abs(100.0 * (value - 1.0)):.2f} % "
            f"{'more' if value > 1.0 else 'less'} than {found.settings.reference_band} predicts.",
            "caution" if clear else "good" if known_error else "",
        ),
        Headline(
            "Statistics", f"{apart:.2f} % apart at most", "",
            "Mode, median, mean and inflection of one band.",
        ),
    ]  # fmt: skip


def _error(found: CloudCalibration, one: BandResult) -> float:
    """Standard uncertainty of a coefficient: with the budget where there is one; NaN where the
    scatter of the clouds is not known.
    """
    plain, made = one.error[MAIN], found.budget
    if made is None or not isfinite(plain):
        return plain
    percent = float(made.combined_monte_carlo[made.bands.index(one.band)])
    return one.a_k[MAIN] * percent / 100.0


def _coefficients(found: CloudCalibration) -> Figure:
    rows = [
        IntervalRow(
            f"{band_label(one.band, one.wavelength_nm)}, {which}", one.a_k[which],
            one.a_k[which] - 2.0 * one.error[which], one.a_k[which] + 2.0 * one.error[which],
            palette.STATISTICS[which],
            f"{format_count(one.count)} clouds" if which is Statistic.MODE else "",
        )
        for one in found.bands for which in Statistic
    ]  # fmt: skip
    return interval_chart(
        rows, f"A_k relative to {found.settings.reference_band}", "Coefficients by statistic",
        "Lines: two standard errors by bootstrap of months.", zero=1.0,
        legend=list(palette.STATISTICS.items()),
    )  # fmt: skip


def _distributions(found: CloudCalibration) -> Figure:
    """Densities of measured and simulated reflectance, a panel per band."""
    used, shown = found.used, found.bands[:6]
    with canvas(height=0.9 + 1.5 * len(shown), rows=len(shown), sharex=True, squeeze=False) as (
        figure, grid,
    ):  # fmt: skip
        for axes, one in zip(grid[:, 0], shown, strict=True):
            for label, values, color in (
                ("measured", found.measured, palette.ACCEPTED),
                ("simulated", found.simulated, palette.REFERENCE),
            ):
                made = density(values[used, found.column(one.band)])
                height = made.values[0] / made.values[0].max()
                axes.plot(made.grid, height, color=color, label=label)
            axes.set_title(band_label(one.band, one.wavelength_nm))
            axes.set_yticks([])
        grid[0, 0].legend(loc="upper left", frameon=False)
        grid[-1, 0].set_xlabel("TOA reflectance")
        return finish(figure, 2 * len(used), "Distributions of reflectance by band",
                      "Densities, each scaled to its peak.")  # fmt: skip


def _table(found: CloudCalibration) -> ReportTable:
    rows = [
        [band_label(one.band, one.wavelength_nm), format_count(one.count)]
        + [_with_error(one.a_k[which], 2.0 * one.error[which]) for which in Statistic]
        for one in found.bands
    ]
    columns = [Column("Band", numeric=False), Column("Clouds")]
    columns += [Column(which.value, "k = 2", fixed=True) for which in Statistic]
    return ReportTable("", columns, rows)


def _with_error(value: float, half: float) -> str:
    if isnan(value):
        return DASH
    return f"{value:.4f} ± {half:.4f}" if isfinite(half) else f"{value:.4f} ± {DASH}"


def _bins(found: CloudCalibration) -> Sequence[ReportTable]:
    edges = sorted({low for one in found.bands for low, _, _ in one.bins})
    if not edges:
        return []
    rows = []
    for one in found.bands:
        known = {low: (middle, count) for low, middle, count in one.bins}
        cells = [f"{known[low][0]:.4f} ({known[low][1]})" if low in known else "" for low in edges]
        rows.append([band_label(one.band, one.wavelength_nm), *cells])
    columns = [Column("Band", numeric=False)]
    columns += [Column(f"{low:.2f} to {low + 0.05:.2f}", "median (clouds)") for low in edges]
    note = "Bins of the cloud's reflectance in the reference band: a slope tells of nonlinearity."
    return [ReportTable("Median coefficient by reflectance", columns, rows, note)]


def _left_out(found: CloudCalibration) -> ReportTable:
    rows = [["used", format_count(len(found.used))]]
    rows += [[why, format_count(count)] for why, count in counted(found.unused).items()]
    return ReportTable("", [Column("Observations", numeric=False), Column("Count")], rows)
