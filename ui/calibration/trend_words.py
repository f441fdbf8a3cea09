# SPDX-License-Identifier: GPL-3.0-or-later
"""What models of a trend are called, and what they say in words."""

from __future__ import annotations

import numpy as np

from ...core.calibration.parameter_update import Model
from ...core.calibration.trend_models import HARDLY, Kind, Trend, TrendChoice
from ..text import number, tr


def model_name(model: Model) -> str:
    """Which models are tried."""
    names = {
        Model.AUTO: tr("All models"),
        Model.CONSTANT: tr("Constant"),
        Model.LINEAR: tr("Line"),
        Model.EXPONENTIAL: tr("Exponential decay"),
        Model.PIECEWISE: tr("With changes"),
    }
    return names[model]


def kind_name(kind: Kind) -> str:
    """A fitted model."""
    names = {
        Kind.CONSTANT: tr("constant"),
        Kind.LINEAR: tr("line"),
        Kind.EXPONENTIAL: tr("exponential decay"),
        Kind.STEPS: tr("levels between changes"),
        Kind.SLOPES: tr("lines between changes"),
    }
    return names[kind]


def trend_text(choice: TrendChoice) -> str:
    """The chosen model in sentences: what it is, its numbers with 95 % intervals, its changes."""
    best = choice.best
    parts = [
        tr("Model: {kind} ({count} coefficients, worth {effective} independent ones).").format(
            kind=kind_name(best.kind), count=best.count,
            effective=number(min(best.effective_count, best.count), 0),
        )
    ]  # fmt: skip
    parts += [_numbers(best)] if _numbers(best) else []
    if best.terms:
        parts.append(tr("Each site has a level of its own, which is taken off its points."))
    parts += [change_text(best, place) + "." for place in range(len(best.changes))]
    parts += [_other(choice)] if len(choice.tried) > 1 else []
    return " ".join(parts)


def _other(choice: TrendChoice) -> str:
    """The model that was nearest to being chosen, and by how much it is worse or better."""
    second = next(one for one in choice.tried if one is not choice.best)
    more = second.criterion - choice.best.criterion
    if choice.preferred:
        text = tr(
            "Taken for being simpler than: {kind} (whose criterion is smaller by {more}, which "
            "hardly counts)."
        )
    elif more < HARDLY:
        text = tr("Next best, hardly worse: {kind} (criterion larger by {more}).")
    else:
        text = tr("Next best: {kind} (criterion larger by {more}).")
    return text.format(kind=kind_name(second.kind), more=number(abs(more), 1))


def change_text(trend: Trend, place: int) -> str:
    """A change: when, the interval of when, and the step."""
    one = trend.changes[place]
    days = [str(moment.astype("datetime64[D]")) for moment in (one.time, one.earliest, one.latest)]
    before = float(trend.at(np.array([one.time - 1]))[0][0])
    step, half = (100.0 * value / before for value in (one.step, trend.factor * one.step_se))
    return tr("Change on {day} ({first} to {last}): {step} ± {half} %").format(
        day=days[0], first=days[1], last=days[2], step=number(step, 2, True), half=number(half, 2)
    )


def _numbers(trend: Trend) -> str:
    values = dict(zip(trend.names, trend.parameters, strict=True))
    halves = dict(zip(trend.names, trend.factor * trend.errors, strict=True))
    if trend.kind is Kind.CONSTANT:
        return tr("A_k = {level} ± {half}.").format(
            level=number(values["level"], 4), half=number(halves["level"], 4)
        )
    if trend.kind is Kind.LINEAR:
        level = values["level"]
        return tr("Slope {slope} ± {half} % per year.").format(
            slope=number(100.0 * values["slope_per_year"] / level, 2, True),
            half=number(100.0 * halves["slope_per_year"] / level, 2),
        )
    return ""
