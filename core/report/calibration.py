# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a cross-calibration over stable sites. It lays out what has been computed."""

from __future__ import annotations

import numpy as np

from ..calibration.cross_run import CrossRun
from ..calibration.cross_summaries import BandSummary
from ..calibration.cross_tables import uncertainties
from ..calibration.doubts import run_doubts, sound
from ..types import FloatArray
from ..wording import plural, signed
from . import calibration_figures as figures
from . import calibration_tables as tables
from .assemble import assemble
from .calibration_names import band_label, in_doubt
from .calibration_parts import slope_text
from .document import Headline, ReportContext, Section
from .figures import drawn
from .numbers import format_count, format_number
from .trend_text import NOISE_SOURCES

LIMITS = (
    "A_k compares two sensors: it is as good as the calibration of the reference. Its uncertainty "
    "is that of the budget above, for which the sizes of the inputs are assumptions.",
    "The site is taken to have one spectrum and one directional behavior; what is left of it after "
    "matching the directions is in the scatter of the pairs and in the contributor 'matching'.",
    "SMAC is fitted for sun and view zenith angles up to about 60 to 65 degrees, and for one "
    "aerosol model per table; both sensors need tables of the same model.",
    "The scatter of the pairs holds the differences between dates as well: together with the "
    "contributors 'between dates' the sum is on the safe side.",
)
SOURCES = (
    "Lacherade et al. 2013, cross-calibration over deserts: DOI 10.1109/TGRS.2012.2227061",
    "Rahman & Dedieu 1994, SMAC: DOI 10.1080/01431169408954055",
    "Bouvet 2006, matching of geometries: Proc. SPIE 6361 (angular matching criterion)",
    "Schwarz 1978, information criterion: DOI 10.1214/aos/1176344136",
    *NOISE_SOURCES,
    "JCGM 100:2008 and 101:2008, expression of uncertainty in measurement",
)


def cross_calibration_report(run: CrossRun, context: ReportContext) -> str:
    """The report (HTML text) of a run. Raises ``MissingPackageError`` where jinja2 is absent;
    without matplotlib it has no figures.
    """
    sections = [
        Section(
            "Coefficients", (),
            drawn(lambda: figures.coefficient_figure(run)),
            [*tables.coefficients(run), *tables.methods(run)],
        ),
        Section("Series", (), drawn(lambda: figures.series_figure(run)), tables.periods(run)),
        Section("Sites", (), drawn(lambda: figures.site_figure(run))),
        Section(
            "Uncertainty", (),
            drawn(lambda: figures.budget_figure(run)), tables.contributions(run),
        ),
        Section("Left out", (), (), tables.left_out(run)),
    ]  # fmt: skip
    return assemble(context, subtitle(run), headline(run), sections, LIMITS, SOURCES, run.notes)


def subtitle(run: CrossRun) -> str:
    """Which sensors, where and when."""
    seen = run.result.way.target.measurements.select(run.result.pairs.target)
    sites = sorted(set(seen["site"].astype(str)))
    where = ", ".join(sites[:4]) + (f" and {len(sites) - 4} more sites" if len(sites) > 4 else "")
    first, last = (str(one)[:10] for one in (seen.time.min(), seen.time.max()))
    return f"{run.target} against {run.reference} over {where}, {first} to {last}"


def headline(run: CrossRun) -> list[Headline]:
    """The median of the bands, the band that is farthest from it, the clearest trend: of the bands
    about which there is no doubt, where there are any.
    """
    shown, total = _sound(run), uncertainties(run)
    if not shown:
        return [Headline("Coefficients", "none", "", "No coefficient was kept.", "bad")]
    values = np.array([one.summary.mean for one in shown])
    pairs = f"{format_count(len(run.result.pairs))} pairs"
    total = {one.band: total[one.band] for one in shown if one.band in total}
    lines = [_level(run, values, total, pairs)]
    if len(shown) > 1:
        far = shown[int(np.argmax(np.abs(values - np.median(values))))]
        away = 100.0 * (far.summary.mean / np.median(values) - 1.0)
        lines.append(
            Headline(
                "Farthest band", f"{band_label(far.band, far.wavelength_nm)}: {signed(away)} %",
                f"{format_count(far.summary.count)} pairs", "from the median of the bands",
            )
        )  # fmt: skip
    return lines + _steepest(run)


def _sound(run: CrossRun) -> list[BandSummary]:
    """The bands that are not in doubt; all, where each is."""
    return sound(run, figures.filled(run))


def _level(run: CrossRun, values: FloatArray, total: dict[str, float], pairs: str) -> Headline:
    median = float(np.median(values))
    half = 2.0 * float(np.nanmedian(list(total.values()))) / 100.0 * median if total else np.nan
    value = format_number(median, 4) + (f" ± {half:.4f} (k = 2)" if np.isfinite(half) else "")
    percent = 100.0 * (median - 1.0)
    way = "more" if percent > 0 else "less"
    text = f"{run.target} measures {abs(percent):.2f} % {way} than {run.reference} predicts."
    state, off = "", _off(run, total)
    if total:
        count = plural(len(values), "band")
        text += f" {len(off)} of {count} off by more than the uncertainty."
        state = "caution" if off else "good"
    if left := len(figures.filled(run)) - len(values):
        text += in_doubt(left)
    elif len(run_doubts(run)) == len(values):
        text += " Each band is in doubt (see the table)."
        state = "caution"
    return Headline("A_k, median of the bands", value, pairs, text, state)


def _off(run: CrossRun, total: dict[str, float]) -> list[BandSummary]:
    """The bands whose interval (k = 2) does not hold 1; ``total``: standard uncertainty, percent,
    by band.
    """
    return [
        one for one in _sound(run)
        if abs(one.summary.mean - 1.0)
        > 2.0 * total.get(one.band, np.nan) / 100.0 * one.summary.mean
    ]  # fmt: skip


def _steepest(run: CrossRun) -> list[Headline]:
    known = [one for one in _sound(run) if np.isfinite(one.summary.slope_pct_per_year)]
    if not known:
        return []

    def weight(one: BandSummary) -> tuple[bool, float]:
        found = one.summary
        return found.drifts, abs(found.slope_pct_per_year) / found.slope_se

    one, moving = max(known, key=weight), sum(each.summary.drifts for each in known)
    label = band_label(one.band, one.wavelength_nm)
    slope = slope_text(one.summary.slope_pct_per_year, one.summary.slope_se)
    return [
        Headline(
            "Clearest trend",
            f"{label}: {slope} % per year",
            f"{format_count(one.summary.count)} pairs",
            f"{moving} of {plural(len(known), 'band')} drift by the information criterion "
            "(a line against a constant).",
            "caution" if moving else "good",
        )
    ]
