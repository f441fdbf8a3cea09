# SPDX-License-Identifier: GPL-3.0-or-later
"""Trend models in words and tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..calibration.trend_models import Kind, Trend, TrendChoice
from ..wording import signed
from .document import Column, ReportTable
from .numbers import DASH, format_number

NAMES = {
    Kind.CONSTANT: "constant", Kind.LINEAR: "linear", Kind.EXPONENTIAL: "exponential decay",
    Kind.STEPS: "steps between levels", Kind.SLOPES: "steps between slopes",
}  # fmt: skip
NOISE_SOURCES = (
    "Patterson & Thompson 1971, restricted likelihood: DOI 10.1093/biomet/58.3.545",
    "Robinson 1977, AR(1) noise at uneven dates: DOI 10.1016/0304-4149(77)90013-8",
)
SOURCES = (
    "Schwarz 1978, information criterion: DOI 10.1214/aos/1176344136",
    "Zhang & Siegmund 2007, criterion for the number of changes: "
    "DOI 10.1111/j.1541-0420.2006.00662.x",
    "Kass & Raftery 1995, what a difference of the criterion is worth: "
    "DOI 10.1080/01621459.1995.10476572",
    *NOISE_SOURCES,
)
LIMITS = (
    "The criterion asks of a line to be about 2.4 (of 50 coefficients) to 3 standard errors (of "
    '1000) steep: "constant" and a slope beyond twice its standard error do not contradict each '
    "other, they are weak evidence.",
    "Noise is taken to be as alike at all dates; what repeats each year and is not sampled evenly "
    "can look like a trend.",
    "The interval of a date of change holds if there is one change there; the error of its step "
    "takes the date as known. Errors hold for the chosen model: choosing among models is not in "
    "them.",
)


def said(trend: Trend) -> str:
    """What a model says, in a few words with intervals of 95 %."""
    factor = trend.factor
    if trend.kind is Kind.CONSTANT:
        half = 100.0 * factor * trend.errors[0] / trend.parameters[0]
        return f"level known to ±\u00a0{half:.2f}\u00a0%"
    if trend.kind is Kind.EXPONENTIAL:
        level, size, decay = trend.parameters
        return (
            f"from {level + size:.4f} toward {level:.4f}, 63 % of the way in {decay:.2f} ± "
            f"{factor * trend.errors[2]:.2f} years"
        )
    if trend.kind is Kind.LINEAR:
        scale = 100.0 / float(trend.at(np.array([trend.start]))[0][0])
        slope, error = scale * trend.parameters[1], scale * trend.errors[1]
        return f"{signed(slope, 3)} ± {factor * error:.3f} % per year"
    return "; ".join(
        f"{signed(100.0 * one.step)} ± {100.0 * factor * one.step_se:.2f} % at "
        f"{str(one.time)[:10]} ({str(one.earliest)[:10]} to {str(one.latest)[:10]})"
        for one in trend.changes
    )


def said_with_drift(choice: TrendChoice) -> str:
    """What the chosen model says, and of a constant one also the line that was tried: how well a
    level is known says nothing of what it may drift by.
    """
    line = next((one for one in choice.tried if one.kind is Kind.LINEAR), None)
    if choice.best.kind is not Kind.CONSTANT or line is None:
        return said(choice.best)
    return f"{said(choice.best)}; as a line {said(line)}"


def said_briefly(trend: Trend) -> str:
    """The same for a headline: of several changes the largest, without the interval of its date."""
    if trend.kind is Kind.EXPONENTIAL:
        level, size, _ = trend.parameters
        return f"from {level + size:.4f} toward {level:.4f}"
    if not trend.changes:
        return said(trend)
    one = max(trend.changes, key=lambda change: abs(change.step))
    half = trend.factor * one.step_se
    return f"{signed(100.0 * one.step)} ± {100.0 * half:.2f} % at {str(one.time)[:10]}"


def trend_table(labels: Sequence[str], choices: Sequence[TrendChoice]) -> list[ReportTable]:
    """The chosen model of each band, what it says, and how far behind the others are."""
    if not choices:
        return []
    kinds = [kind for kind in Kind if any(one.kind is kind for c in choices for one in c.tried)]
    rows = []
    for label, choice in zip(labels, choices, strict=True):
        best = choice.best
        behind = {one.kind: choice.excess(one) for one in choice.tried}
        memory = f"{best.memory_days:.0f}" if best.memory_days >= 1.0 else "none"
        rows.append([
            label, NAMES[best.kind], said_with_drift(choice),
            format_number(100.0 * best.sd / _level(best), 2),
            memory, f"{best.effective_count:.0f} of {best.count}",
            *(format_number(behind[kind], 1) if kind in behind else DASH for kind in kinds),
        ])  # fmt: skip
    columns = [
        Column("Band", numeric=False), Column("Model", numeric=False, fixed=True),
        Column("What it says", "95 %", numeric=False), Column("One coefficient", "sd, %"),
        Column("Memory of the noise", "days"), Column("Independent", "of all"),
        *(Column(NAMES[kind], "BIC, excess") for kind in kinds),
    ]  # fmt: skip
    note = (
        "The simplest model is taken whose information criterion is less than 2 above the smallest "
        "(excess 0): so little is hardly a difference, above 10 is a clear one (Kass & Raftery "
        "1995). A dash: not tried, or no change was found."
    )
    if simpler := [
        label for label, one in zip(labels, choices, strict=True) if one.preferred
    ]:  # fmt: skip
        note += f" Of {', '.join(simpler)} a simpler model is taken than the one with excess 0."
    return [ReportTable("Trend models", columns, rows, note)]


def terms_table(labels: Sequence[str], choices: Sequence[TrendChoice]) -> list[ReportTable]:
    """What the chosen model of each band has beside its trend; none where that is nothing."""
    names = list(dict.fromkeys(name for choice in choices for name in choice.best.terms))
    if not names:
        return []
    rows = []
    for name in names:
        cells = [name]
        for choice in choices:
            best = choice.best
            if name in best.terms:
                place, scale = best.terms.index(name), 100.0 / _level(best)
                size, error = scale * best.sizes[place], scale * best.size_errors[place]
                cells.append(f"{signed(size)} ± {best.factor * error:.2f}")
            else:
                cells.append(DASH)
        rows.append(cells)
    columns = [Column("Site or season", numeric=False)]
    columns += [Column(label, "%", fixed=True) for label in labels]
    note = (
        "Fitted together with the trend, with intervals of 95 %: how far a site is above the first "
        "one by name, and the wave of a year. They are taken off the coefficients in the figure "
        "and in the check."
    )
    return [ReportTable("Levels of sites and season", columns, rows, note)]


def _level(trend: Trend) -> float:
    return float(trend.at(np.array([trend.end]))[0][0])
