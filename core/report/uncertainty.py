# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the uncertainty of a calibration over deserts, contributor by contributor."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..calibration.budget_types import Budget, Kind
from ..calibration.cross_run import CrossRun
from ..calibration.doubts import sound
from ..errors import InsufficientDataError
from ..types import FloatArray
from . import calibration_figures as figures
from . import calibration_tables as tables
from .assemble import assemble
from .calibration import subtitle
from .calibration_names import band_label, contributor_name, in_doubt
from .document import Column, Headline, ReportContext, ReportTable, Section
from .figures import drawn
from .numbers import format_count, format_number

LIMITS = (
    "The sizes of the inputs' uncertainties are assumptions, stated under Parameters: the budget "
    "is as good as they are.",
    "Analytic figures are of first order; Monte Carlo figures of single contributors are of second "
    "order, those of all together are computed anew in every draw; the noise that the draws leave "
    "is stated beside them.",
    "The scatter of the pairs holds the differences between dates as well: with the contributors "
    "'between dates' the sum is on the safe side.",
    "Matching and interpolation are half-widths of uniform distributions: what half the distance, "
    "or the other spline (of a spectrum: the other way of stretching it), changes.",
    "The budget is that of the first spectral method; others stand beside its coefficients.",
)
_CLOSE, _NOISY = 5.0, 3.0  # percent of the combined uncertainty
SOURCES = (
    "JCGM 100:2008, Guide to the expression of uncertainty in measurement",
    "JCGM 101:2008, propagation of distributions by Monte Carlo",
    "Lacherade et al. 2013, cross-calibration over deserts: DOI 10.1109/TGRS.2012.2227061",
)


def uncertainty_report(run: CrossRun, context: ReportContext) -> str:
    """The report (HTML text) of a run with a budget; without matplotlib it has no figures."""
    budget = budget_of(run)
    sections = [
        Section("Contributors", (), drawn(lambda: figures.budget_figure(run)),
                tables.contributions(run)),
        Section("Correlation between bands", _common(budget), (), _correlation(run, budget)),
        Section("Coefficients", (), drawn(lambda: figures.coefficient_figure(run)),
                [*tables.coefficients(run), *tables.methods(run)]),
        Section("Left out", (), (), tables.left_out(run)),
    ]  # fmt: skip
    return assemble(
        context, subtitle(run), headline(run, budget), sections, LIMITS, SOURCES, run.notes
    )


def budget_of(run: CrossRun) -> Budget:
    """The budget; raises ``InsufficientDataError`` where there is none."""
    if run.budget is None:
        raise InsufficientDataError("This run has no uncertainty budget: give a number of draws.")
    return run.budget


def headline(run: CrossRun, budget: Budget) -> list[Headline]:
    """The combined uncertainty, the largest contributor, and how far the two ways differ: of the
    bands about which there is no doubt, where there are any.
    """
    every = figures.filled(run)
    shown = sound(run, every)
    columns = [budget.bands.index(one.band) for one in shown]
    total = budget.combined_monte_carlo[columns]
    worst = int(np.argmax(total))
    lines = [
        Headline(
            "Uncertainty of A_k (k\u00a0=\u00a02)",
            f"{2.0 * float(np.median(total)):.2f} %, median of the bands",
            f"{format_count(len(run.result.pairs))} pairs",
            f"Largest at {_label(shown[worst])}: {2.0 * float(total[worst]):.2f} %."
            + in_doubt(len(every) - len(shown)),
        )
    ]
    shares = {
        name: float(np.median(budget.monte_carlo[name][columns] ** 2 / total**2))
        for name in budget.analytic
    }
    first, second = sorted(shares, key=lambda name: -shares[name])[:2]
    lines.append(
        Headline(
            "Largest contributor", contributor_name(first), "",
            f"{100.0 * shares[first]:.0f} % of the variance in the median band; then "
            f"{contributor_name(second)} with {100.0 * shares[second]:.0f} %.",
        )
    )  # fmt: skip
    lines.append(_agreement(total, budget.combined_analytic[columns], budget.error[columns]))
    return lines


def _agreement(total: FloatArray, analytic: FloatArray, error: FloatArray) -> Headline:
    """How far the two ways are apart (b,), seen against the noise of the draws."""
    away = 100.0 * (total / analytic - 1.0)
    noise = 100.0 * error / total
    worst = int(np.argmax(np.abs(away)))
    most = float(noise.max())
    if most > _NOISY:
        words, verdict = "Too few draws to tell: give more (DRAWS).", "caution"
    elif (np.abs(away) > np.maximum(_CLOSE, 3.0 * noise)).any():
        words, verdict = (
            "More than the noise of the draws: the inputs do not act linearly, and the Monte Carlo "
            "figure is the one to take.", "caution",
        )  # fmt: skip
    else:
        words, verdict = "Of the combined uncertainty of a band: the two agree.", "good"
    return Headline(
        "Monte Carlo against analytic", f"{away[worst]:+.1f} ± {noise[worst]:.1f} % apart at most",
        "", f"{words} Standard error by the noise of the draws up to {most:.1f} %.", verdict,
    )  # fmt: skip


def _common(budget: Budget) -> list[str]:
    names = [contributor_name(n) for n in budget.analytic if budget.kinds[n] is Kind.SYSTEMATIC]
    return [
        "Errors of two bands go together where the same input made them: " + ", ".join(names) + ". "
        "A difference or a ratio of bands is better known than each of them, the more so the "
        "closer to 1 their correlation is."
    ]


def _correlation(run: CrossRun, budget: Budget) -> list[ReportTable]:
    shown: list[Any] = figures.filled(run)
    places = [budget.bands.index(one.band) for one in shown]
    rows = [
        [_label(one), *(format_number(float(budget.correlation[i, j]), 2) for j in places)]
        for one, i in zip(shown, places, strict=True)
    ]
    columns = [Column("", numeric=False), *(Column(_label(one)) for one in shown)]
    return [ReportTable("Correlation of the coefficients' errors", columns, rows)]


def _label(one: Any) -> str:
    return band_label(one.band, one.wavelength_nm)
