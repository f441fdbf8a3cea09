# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on what screening for clouds does to coefficients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from ..calibration.cloud_impact import CloudTest, Impact, Point
from ..calibration.summary import Summary
from ..wording import signed
from . import palette
from .assemble import assemble
from .calibration_names import band_label
from .document import Column, Figure, Headline, ReportContext, ReportTable, Section
from .figures import canvas, drawn, finish
from .numbers import DASH, format_count, format_number

NAMES = {
    CloudTest.SPREAD: "Spread over the site (standard deviation by mean)",
    CloudTest.RESIDUAL: "Residual of the directional model (relative)",
    CloudTest.COLOR: "Color against its month (relative)",
    CloudTest.OUTLIER: "Outliers (standard deviations)",
}
_LEAST_PAIRS = 10
_LEAST_BAND = 5  # pairs; of fewer a standard error says next to nothing
_RULE = f"Thresholds count that leave half of the pairs, and {_LEAST_PAIRS} or more."
_MEAN = "mean A_k"
_TERMS = (
    "Spread: how uneven the site is in one observation. Scatter: how far single coefficients are "
    "from each other, as the standard deviation of one pair."
)
LIMITS = (
    "Which of the left out observations are really cloudy is not known here: a threshold that "
    "lowers the scatter may also pick what suits the mean.",
    "The directional model and the usual color are made of the series itself, clouds included, "
    "without its outliers.",
    "Outliers are left out anew at each threshold: a stricter one may keep more pairs of a band, "
    "and a larger scatter.",
)
SOURCES = (
    "Lucht et al. 2000, Ross-Li model: DOI 10.1109/36.841980",
    "Six et al. 2004, Dome C as a calibration site: DOI 10.1016/j.rse.2004.05.018",
)


def cloud_impact_report(
    impact: Impact, target: str, reference: str, context: ReportContext, notes: Sequence[str] = ()
) -> str:
    """The report (HTML text); without matplotlib it has no figures."""
    sections = []
    for test in dict.fromkeys(point.test for point in impact.points):
        points = [point for point in impact.points if point.test is test]
        sections.append(
            Section(
                NAMES[test], _words(impact, points, test),
                drawn(partial(_curves, impact, points, test)), _table(impact, points),
            )
        )  # fmt: skip
    subtitle = f"{target} against {reference}: coefficients under other cloud tests"
    return assemble(
        context, subtitle, _headline(impact), sections, LIMITS, SOURCES,
        (*_beyond(impact), *notes),
    )  # fmt: skip


def _headline(impact: Impact) -> list[Headline]:
    """The most that any threshold with enough pairs changes a mean, and the scatter at best."""
    lines = []
    for what, value in ((_MEAN, _change), ("scatter of one pair", _scatter)):
        found = [
            (value(point.summaries[band], impact.summary(band)), point, band)
            for point in impact.points for band in impact.base.bands
            if _enough(point, band, impact)
        ]  # fmt: skip
        if not found:
            continue
        most, point, band = max(found, key=lambda one: abs(one[0]))
        count = point.summaries[band].count
        lines.append(
            Headline(
                f"Largest change of the {what} with enough pairs",
                f"{signed(most)} %",
                f"{format_count(count)} pairs, {format_count(impact.summary(band).count)} as set",
                f"{_label(impact, band)}; {NAMES[point.test]} at {point.threshold:g}. "
                f"{_known(what, impact.summary(band))}{_RULE}",
            )
        )  # fmt: skip
    return lines or [
        Headline("Change", "none", "", f"No threshold left enough pairs. {_RULE}", "bad")
    ]


def _known(what: str, base: Summary) -> str:
    """How well the mean is known with the screening as set, to see its change against."""
    if what != _MEAN or not np.isfinite(base.sem):
        return ""
    return f"As set, the mean is known to ± {200.0 * base.sem / base.mean:.2f} % (k = 2). "


def _words(impact: Impact, points: Sequence[Point], test: CloudTest) -> list[str]:
    """What the strictest threshold with enough pairs makes of the scatter, and what that says."""
    told = [_TERMS] if test is CloudTest.SPREAD else []
    usable = [
        point for point in points if any(_enough(point, band, impact) for band in point.summaries)
    ]
    strict = min(usable, key=lambda point: point.threshold, default=None)
    if strict is None:
        return [*told, f"No threshold leaves enough pairs to judge the scatter by. {_RULE}"]
    bands = [band for band in impact.base.bands if _enough(strict, band, impact)]
    pairs = [(strict.summaries[band], impact.summary(band)) for band in bands]
    listed = ", ".join(
        f"{_label(impact, band)} {_percent(found)} ({_percent(base)})"
        for band, (found, base) in zip(bands, pairs, strict=True)
    )
    lower = [_label(impact, band) for band, (found, base) in zip(bands, pairs, strict=True)
             if _lower(found, base)]  # fmt: skip
    told.append(
        f"{strict.threshold:g} is the strictest threshold that leaves enough pairs. Scatter of one "
        f"pair there (and as set): {listed}."
    )
    if test is CloudTest.OUTLIER:
        told.append("That this test lowers the scatter says nothing of clouds: it cuts it off.")
    elif lower:
        told.append(f"It is lower by more than chance in {', '.join(lower)}.")
    else:
        told.append(
            "It is lower by more than chance in none of these bands: a stricter limit does not "
            "make the coefficients agree better."
        )
    return told


def _lower(found: Summary, base: Summary) -> bool:
    """Whether the scatter is smaller by more than two of its standard errors (normal pairs)."""
    error = 1.0 / np.sqrt(2.0 * max(found.count - 1, 1))
    return bool(found.sd / found.mean < base.sd / base.mean * (1.0 - 2.0 * error))


def _percent(found: Summary) -> str:
    return f"{format_number(100.0 * found.sd / found.mean, 2)} %"


def _beyond(impact: Impact) -> tuple[str, ...]:
    """A sentence on the largest change of all where too few pairs make it: it is in the tables, and
    who compares them with the headline has to know why it is not there.
    """
    found = [
        (_change(point.summaries[band], impact.summary(band)), point, band)
        for point in impact.points for band in impact.base.bands
        if band in point.summaries and point.summaries[band].count
    ]  # fmt: skip
    if not found:
        return ()
    most, point, band = max(found, key=lambda one: abs(one[0]))
    if _enough(point, band, impact):
        return ()
    count = point.summaries[band].count
    return (
        "Larger than in the headline, but of too few pairs: the mean A_k of "
        f"{_label(impact, band)} changes by {most:+.2f} % with {format_count(count)} of "
        f"{format_count(impact.summary(band).count)} pairs left ({NAMES[point.test]} at "
        f"{point.threshold:g}).",
    )


def _enough(point: Point, band: str, impact: Impact) -> bool:
    """Whether half of the pairs are left: with few of them anything can happen."""
    found = point.summaries.get(band)
    return found is not None and found.count >= max(_LEAST_PAIRS, impact.summary(band).count // 2)


def _change(found: Summary, base: Summary) -> float:
    return 100.0 * (found.mean / base.mean - 1.0)


def _scatter(found: Summary, base: Summary) -> float:
    return 100.0 * (found.sd - base.sd) / base.mean


def half_width(found: Summary) -> float:
    """Two standard errors of a mean; NaN (not drawn) for fewer than ``_LEAST_BAND`` pairs."""
    return 2.0 * found.sem if found.count >= _LEAST_BAND else float("nan")


def _curves(impact: Impact, points: Sequence[Point], test: CloudTest) -> Figure:
    """Mean with its error, scatter, and number of pairs over the threshold."""
    drawings: tuple[tuple[str, Callable[[Summary], float]], ...] = (
        ("mean A_k", lambda s: s.mean),
        ("scatter of one pair (%)", lambda s: 100.0 * s.sd / s.mean),
        ("pairs", lambda s: float(s.count)),
    )  # fmt: skip
    with canvas(height=7.0, rows=3, sharex=True) as (figure, axes):
        for place, (title, value) in enumerate(drawings):
            for number, band in enumerate(impact.base.bands):
                known = [p for p in points if p.summaries.get(band) and p.summaries[band].count > 1]
                x = [p.threshold for p in known]
                y = np.array([value(p.summaries[band]) for p in known])
                color = palette.TRACKS[number % len(palette.TRACKS)]
                axes[place].plot(x, y, "o-", color=color, label=_label(impact, band))
                if place == 0:
                    error = np.array([half_width(p.summaries[band]) for p in known])
                    axes[0].fill_between(x, y - error, y + error, color=color, alpha=0.15)
            axes[place].set_ylabel(title)
        axes[0].legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False)
        axes[2].set_xlabel(f"threshold: {NAMES[test].lower()}")
        if test is not CloudTest.OUTLIER:
            axes[2].set_xscale("log")
            axes[2].minorticks_off()
            axes[2].set_xticks([p.threshold for p in points], [f"{p.threshold:g}" for p in points])
        return finish(figure, len(points), f"Coefficients over the threshold of {NAMES[test]}",
                      "Shaded: two standard errors, where "
                      f"{_LEAST_BAND} or more pairs are left. Stricter to the left.")  # fmt: skip


def _table(impact: Impact, points: Sequence[Point]) -> list[ReportTable]:
    rows = []
    for point in points:
        row = [f"{point.threshold:g}", format_count(point.target_passed),
               format_count(point.reference_passed)]  # fmt: skip
        for band in impact.base.bands:
            found = point.summaries.get(band)
            if found is None or not found.count:
                row.append(DASH)
                continue
            scatter = format_number(100.0 * found.sd / found.mean, 2)
            row.append(f"{found.mean:.4f} ({scatter} %, {found.count})")
        rows.append(row)
    columns = [Column("Threshold"), Column("Target", "pass"), Column("Reference", "pass")]
    columns += [Column(_label(impact, band), "A_k (sd, pairs)") for band in impact.base.bands]
    return [ReportTable("", columns, rows)]


def _label(impact: Impact, band: str) -> str:
    column = impact.base.way.mine[impact.base.bands.index(band)]
    return band_label(band, impact.base.way.target.bands[int(column)].effective_nm)
