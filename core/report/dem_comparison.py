# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the comparison of an elevation model with a reference."""

from __future__ import annotations

from math import isfinite

import numpy as np

from ..dem.comparison import Compared
from ..dem.statistics import ClassStatistics, Statistics
from ..shares import Z_95
from ..wording import plural
from . import palette
from .assemble import assemble
from .charts import IntervalRow, interval_chart
from .dem_figures import difference_histogram, difference_maps
from .document import Column as Col
from .document import Figure, Headline, ReportContext, ReportTable, Section
from .figures import canvas, drawn, finish
from .numbers import (
    DASH,
    decimals_for,
    format_count,
    format_number,
    format_parts,
    format_probability,
    format_value,
)

_FIGURES = (
    ("Mean", "mean"), ("Median", "median"), ("Std", "std"), ("RMSE", "rmse"), ("NMAD", "nmad"),
    ("LE90", "le90"), ("LE90 unbiased", "le90_unbiased"), ("LE95", "le95"),
)  # fmt: skip
_FEW = 30  # cells of a class
_BY = {"mean": "nmad", "median": "nmad"}  # whose size their digits go by
LIMITS = (
    "Differences hold the errors of both models. A reference that is not much better than the "
    "model makes the model look worse than it is.",
    "A horizontal shift shows as an error that grows with the slope: co-register first, then "
    "compare.",
    "The error of the mean takes one correlation for the whole area and a disk of its size; what "
    "is correlated over more than the area cannot be seen in it.",
    "Waves are sought along rows and columns only; oblique ones are not found.",
    "Heights above a geoid and above the ellipsoid are told apart where both files state what they "
    "are counted from; else both models are taken as they are.",
)
SOURCES = (
    "Höhle & Höhle 2009, robust accuracy measures: DOI 10.1016/j.isprsjprs.2009.02.003",
    "Matheron 1963, variogram: DOI 10.2113/gsecongeo.58.8.1246",
    "Dowd 1984, robust variogram: DOI 10.1007/978-94-009-3699-7_6",
    "Rolstad et al. 2009, error of a mean: DOI 10.3189/002214309789470950",
    "Hugonnet et al. 2022, correlated errors of elevation: DOI 10.1109/JSTARS.2022.3188922",
)


def comparison_report(found: Compared, context: ReportContext) -> str:
    """The report (HTML text); without matplotlib it has no figures."""
    values = found.difference[np.isfinite(found.difference)]
    caption = "Model minus reference. Gray: not compared."
    sections = [
        Section("Differences of heights", (), drawn(
            lambda: difference_maps(
                [("Model minus reference", found.difference)], found.pair.grid, caption
            ),
            lambda: difference_histogram([("all cells", values, palette.ACCEPTED)]),
        )),
        Section("Statistics", (), drawn(lambda: _class_chart(found)), _tables(found)),
        Section("Correlation in space", _correlation(found), drawn(lambda: _variogram(found))),
        Section("Waves", (), drawn(lambda: _profiles(found)), _waves(found)),
    ]  # fmt: skip
    subtitle = f"{plural(found.overall.count, 'cell')} compared"
    return assemble(context, subtitle, headline(found), sections, LIMITS, SOURCES, found.notes)


def headline(found: Compared) -> list[Headline]:
    """Bias with its honest error, spread, and the share of what is known."""
    one, error = found.overall, found.mean_error
    bounds = (float("nan"),) * 2
    words = ""
    if error is not None and isfinite(error.error):
        bounds = one.mean - Z_95 * error.error, one.mean + Z_95 * error.error
        words = (
            "Cells err together: they tell the mean as well as about "
            f"{format_number(error.effective, 0)} independent ones would."
            if error.effective < one.count
            else ""
        )
    return [
        Headline("Mean difference", _mean(one.mean, *bounds),
                 plural(one.count, "cell"), words),
        Headline("NMAD", f"{format_value(one.nmad)} m", "",
                 f"LE90 {format_value(one.le90)} m; without the mean "
                 f"{format_value(one.le90_unbiased)} m."),
        Headline("Completeness", f"{format_number(100.0 * one.completeness, 2)} %", "",
                 "Of the cells with a height in the reference, on the rectangle of the model and "
                 "outside the mask: the share with a height in the model."),
    ]  # fmt: skip


def _mean(mean: float, low: float, high: float) -> str:
    """The mean with its interval, by one decimal more than that asks for: a mean of 0.04 m within
    0.8 m is not 0.0 m.
    """
    if not isfinite(low):
        return format_value(mean, unit="m")
    least = decimals_for((high - low) / 2.0) + 1 if high > low else 0
    return " ".join(format_parts(mean, low, high, least=least)) + " m"


def _tables(found: Compared) -> list[ReportTable]:
    rows = [ClassStatistics("all", "all cells", found.overall), *found.classes]
    columns = [Col("Class", numeric=False), Col("Cells")]
    columns += [Col(name, "m") for name, _ in _FIGURES]
    # A few odd cells make Std and RMSE of a row large, not the others: digits go by the smallest.
    told = [one.statistics for one in rows if one.statistics.count >= _FEW]
    places = {name: _places(_smallest(told, _BY.get(name, name))) for _, name in _FIGURES}
    body = [
        [_name(one), format_count(one.statistics.count),
         *(format_number(getattr(one.statistics, name), places[name]) for _, name in _FIGURES)]
        for one in rows
    ]  # fmt: skip
    shares = [Col("Class", numeric=False), Col("Completeness", "%")]
    shares += [Col(f"Above {limit:g} m", "%") for limit in found.request.thresholds]
    share_rows = [
        [_name(one), format_number(100.0 * one.statistics.completeness, 2), *(
            format_number(100.0 * one.statistics.above.get(limit, float("nan")), 2)
            for limit in found.request.thresholds
        )] for one in rows
    ]  # fmt: skip
    note = (
        "Std divides by n. LE90 and LE95: 90 and 95 % of the differences are not larger in size; "
        "unbiased: around the mean. Slopes and elevations are those of the reference."
    )
    return [ReportTable("", columns, body, note), ReportTable("", shares, share_rows)]


def _smallest(rows: list[Statistics], name: str) -> float:
    """The smallest value above 0 of a figure; 0 where there is none."""
    return min((size for one in rows if (size := getattr(one, name)) > 0.0), default=0.0)


def _places(spread: float) -> int:
    """Decimals (0 to 4) that leave three digits of a spread (m)."""
    return int(np.clip(2.0 - np.floor(np.log10(spread)), 0.0, 4.0)) if spread > 0.0 else 2


def _name(one: ClassStatistics) -> str:
    return one.name if one.kind == "all" else f"{one.kind}: {one.name}"


def _class_chart(found: Compared) -> Figure | None:
    if not found.classes:
        return None
    rows = [
        IntervalRow(
            _name(one), one.statistics.nmad, remark=f"{one.statistics.count:,} cells",
            hollow=one.statistics.count < _FEW,
        )
        for one in found.classes
        if one.statistics.count
    ]  # fmt: skip
    caption = f"NMAD by class. Hollow: fewer than {_FEW} cells, which say little."
    return interval_chart(rows, "NMAD (m)", caption) if rows else None


def _correlation(found: Compared) -> tuple[str, ...]:
    model, error = found.correlation, found.mean_error
    if model is None or error is None:
        return ("The variogram could not be measured: too few cells, or no differences.",)
    parts = [
        f"{format_number(100.0 * sill / model.total, 0)} % over {format_number(reach, 0)} m"
        for sill, reach in zip(model.sills, model.ranges, strict=True)
        if sill > 0.0
    ]
    if model.nugget > 0.0:
        parts.append(f"{format_number(100.0 * model.nugget / model.total, 0)} % not at all")
    plain = found.overall.std / np.sqrt(found.overall.count)
    return (
        f"Of the variance of the fitted model, {', '.join(parts)} is correlated. The standard "
        f"error of the mean is {format_value(error.error)} m; taking all cells as independent, it "
        f"would seem to be {format_value(float(plain))} m.",
    )


def _variogram(found: Compared) -> Figure | None:
    one, model = found.variogram, found.correlation
    if not len(one.distance):
        return None
    with canvas(height=3.2) as (figure, axes):
        axes.plot(one.distance, one.semivariance, "o", color=palette.ACCEPTED, label="Matheron")
        axes.plot(found.robust.distance, found.robust.semivariance, "s", color=palette.REJECTED,
                  markersize=4, label="Dowd (robust)")  # fmt: skip
        if model is not None:
            fine = np.geomspace(one.distance[0], one.distance[-1], 200)
            axes.plot(fine, model.semivariance(fine), color=palette.FIT, label="fitted")
        axes.set_xscale("log")
        # Odd cells part the two estimators by orders of magnitude.
        if min(one.semivariance.min(), found.robust.semivariance.min(initial=np.inf)) > 0.0:
            axes.set_yscale("log")
        else:
            axes.set_ylim(bottom=0.0)
        axes.set_xlabel("distance (m)")
        axes.set_ylabel("semivariance (m²)")
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
        caption = (
            "A nugget and up to two spherical models, fitted to that of the two estimators which "
            "makes the mean less certain: Matheron's holds odd cells, Dowd's shows what all the "
            "others have in common."
        )
        return finish(figure, 220, "Variogram of the differences.", caption)


def _profiles(found: Compared) -> Figure | None:
    if not found.waves:
        return None
    with canvas(height=2.1 * len(found.waves), rows=len(found.waves), squeeze=False) as (
        figure,
        grid,
    ):
        for axes, wave in zip(grid[:, 0], found.waves, strict=True):
            axes.plot(wave.periods, wave.amplitudes, color=palette.ACCEPTED, linewidth=0.9)
            axes.axvline(wave.period_m, color=palette.BAD if wave.significant else palette.REJECTED,
                         linestyle="--" if wave.significant else ":", linewidth=1.0,
                         label="wave" if wave.significant else "not significant")  # fmt: skip
            axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
            axes.set_xscale("log")
            axes.set_ylim(bottom=0.0)
            axes.set_title("From row to row" if wave.direction == "rows" else
                           "From column to column")  # fmt: skip
            axes.set_xlabel("period (m)")
            axes.set_ylabel("amplitude (m)")
        caption = (
            "Spectra of the medians of rows and columns, with the line that stands out most: "
            "dashed where it is a wave, dotted where noise alone would have one as high."
        )
        return finish(figure, 5000, "Spectra of rows and columns.", caption)


def _waves(found: Compared) -> list[ReportTable]:
    if not found.waves:
        return []
    rows = [
        ["from row to row" if one.direction == "rows" else "from column to column",
         f"{one.period:.2f}", format_number(one.period_m, 1), f"{one.amplitude:.4f}",
         format_probability(one.probability), "wave" if one.significant else DASH]
        for one in found.waves
    ]  # fmt: skip
    columns = [
        Col("Direction", numeric=False), Col("Period", "cells"), Col("Period", "m"),
        Col("Amplitude", "m"), Col("Probability by chance"), Col("Verdict", numeric=False),
    ]  # fmt: skip
    return [ReportTable("", columns, rows, "A wave is told below a probability of 0.01.")]
