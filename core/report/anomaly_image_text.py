# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on anomalies of images in words: its answer, reasons of verdicts, limits, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from ..anomalies.labels import NONE, UNKNOWN, WRONG_DATE
from ..anomalies.spatial.codes import SHIFT, STRIPES
from ..anomalies.spatial.image_types import LEAST_USED
from ..anomalies.spatial.rasters import AnomalyReport, AnomalyTask
from ..anomalies.spatial.registration import Shift
from ..anomalies.spatial.verdict import LEAST_UNIFORM, DateVote
from ..anomalies.templates import TYPES
from ..wording import plural
from .anomaly_names import type_name
from .document import Headline
from .numbers import (
    SPACE,
    decimals_for,
    format_count,
    format_expected,
    format_number,
    format_p_value,
    format_probability,
    format_share,
)

_USUAL = 0.05  # chance from which on images of a series are often displaced as far
_UNUSUAL = 0.01  # chance below which a shift is out of the ordinary of its series
_FEW = 0.01  # share of anomalies up to which an image is called in order
LIMITS = (
    "A verdict is on an image as a whole. What is smaller than the usual scatter of whole images "
    "is not found: the figures for simulated sites are on the help page.",
    "AOT that was under-corrected and thin cloud over all of the image are told apart by the "
    "contrast of bright ground; over dark ground alone they look the same, and the verdict is "
    "'unknown'. A confidence is the share of the chosen type among all types.",
    "A pixel's type is the best of the known spectral shapes. Harvests, floods, fires and snow are "
    "real, and are anomalies all the same; most are of unknown type.",
    "Each date is tested by itself against a seasonal model: what lasts becomes part of the model, "
    "see 'Detect breaks'.",
    "The number of false alarms is that of noise that is independent from date to date and alike "
    "over the year; changes of the ground and clouds that the mask misses come on top of it.",
    "Quick looks are thinned, not averaged; small clouds may be missing in them.",
)
SOURCES = (
    "Rousseeuw & Van Driessen 1999, reweighted robust estimation: DOI "
    "10.1080/00401706.1999.10485670",
    "Cerioli 2010, laws of the distances of outliers: DOI 10.1198/jasa.2009.tm09147",
    "Fraser & Kaufman 1985, critical reflectance of aerosol: DOI 10.1109/TGRS.1985.289380",
    "Galwey 2009, effective number of tests: DOI 10.1002/gepi.20408",
    "Lucas & Kanade 1981, registration by gradients",
    "Stone et al. 2001, phase correlation to a fraction of a pixel: DOI 10.1109/36.957286",
)


def headline(task: AnomalyTask, report: AnomalyReport) -> list[Headline]:
    """How many images are off as a whole, how many in part, and how many pixels."""
    votes = report.votes
    named = [one for one in votes if one.kind != NONE]
    tested = sum(one.tested > 0 for one in votes)
    counted = f"n = {format_count(tested)} tested dates of {format_count(len(votes))}"
    if not report.tested:
        return [Headline("Images off as a whole", "none sought", counted,
                         "No pixel could be tested: too few clear dates.", "bad")]  # fmt: skip
    kinds = Counter(type_name(one.kind) for one in named)
    text = ", ".join(f"{name} {count}" for name, count in kinds.most_common())
    local = sum(
        one.kind == NONE and one.share > task.settings.least_share and one.used >= LEAST_USED
        for one in votes
    )
    limit = format_number(100.0 * task.settings.least_share, 0)
    rate = report.flagged / report.tested
    expected = report.false_alarm_expected
    return [
        Headline(
            "Images off as a whole", format_count(len(named)), counted,
            f"{text}.{_usual_shifts(named)}" if named else "Every image is in order as a whole.",
            "caution" if named else "good",
        ),
        Headline(
            "Images with anomalies in parts", format_count(local),
            f"more than {limit}\u00a0% of their pixels",
            "Clouds or shadows that the mask misses, or changes of the ground." if local
            else "No image has more than that.", "caution" if local else "good",
        ),
        Headline(
            "Anomalous pixels", format_share(rate), f"n = {format_count(report.tested)} tested",
            f"{format_count(report.flagged)} over all dates; {format_expected(expected)} false "
            "ones expected.",
        ),
    ]  # fmt: skip


def _usual_shifts(named: Sequence[DateVote]) -> str:
    """How many of the shifts are nothing out of the ordinary in their series."""
    usual = sum(one.kind == SHIFT and one.shift_usual_p_value >= _USUAL for one in named)
    if not usual:
        return ""
    return f" Of the shifts {format_count(usual)} are as large as others of this series are."


def reason(one: DateVote, bands: tuple[str, ...], types: Mapping[str, int] | None = None) -> str:
    """Why an image has its verdict, or none; ``types``: its pixels after space has decided, else
    those by spectrum alone are named.
    """
    if one.kind == WRONG_DATE and one.other_date:
        return (
            f"All pixels together fit another day better: that removes "
            f"{format_share(one.other_date.explained)} of the misfit, which is "
            f"{format_number(one.other_date.misfit, 1)} times that of noise."
        )
    if one.kind == SHIFT and one.shift:
        return (
            f"{_displacement(one.shift)}; explains {format_share(one.shift.explained)} of the "
            f"residual. Phase correlation: "
            f"{_pixels(one.shift.phase_rows, one.shift.phase_columns)}.{_usual(one)}"
        )
    if one.kind == STRIPES and one.stripes:
        found = one.stripes
        return (
            f"{bands[found.band]}: every {format_number(found.period_px, 1)} pixels, along "
            f"{format_number(found.direction_deg, 0)} degrees, in "
            f"{format_number(100.0 * found.tiles, 0)}{SPACE}% of the tiles; "
            f"{format_number(found.contrast, 1)} of the scatter of the residual."
        )
    if one.kind == UNKNOWN and one.image_type == UNKNOWN:
        return (
            f"All of it is off, in {_whole(one.uniform)} of its cells; without wavelengths of the "
            "bands the type cannot be told."
        )
    if one.kind == UNKNOWN:
        return (
            f"All of it is off, but {type_name(one.image_type)} "
            f"({format_probability(one.image_confidence)}) and {type_name(one.second_type)} cannot "
            "be told apart."
        )
    if one.kind in TYPES:
        return (
            f"Confidence {format_probability(one.image_confidence)}, next "
            f"{type_name(one.second_type)}; holds in {_whole(one.uniform)} of the cells of the "
            "image."
        )
    return _no_verdict(one, types or one.types)


def _whole(share: float) -> str:
    return f"{format_number(100.0 * share, 0)}\u00a0%"


def _displacement(shift: Shift) -> str:
    """Both ways of a shift with the half widths of their intervals."""
    rows, columns = shift.error.half_widths()
    return f"South {_with_half(shift.rows, rows)}, east {_with_half(shift.columns, columns)} pixels"


def _with_half(value: float, half: float) -> str:
    places = min(2, decimals_for(half)) if half > 0.0 else 2
    return f"{format_number(value, places)} \u00b1 {format_number(half, places)}"


def _usual(one: DateVote) -> str:
    """Whether images of this series are often displaced as far."""
    chance = one.shift_usual_p_value
    if not np.isfinite(chance):
        return ""
    if chance < _UNUSUAL:
        return f" No other image lies off so far (p = {format_p_value(chance)} among them)."
    return f" Of images of this series {_whole(chance)} lie off as far."


def _pixels(rows: float, columns: float) -> str:
    return f"{format_number(rows, 2)}, {format_number(columns, 2)} pixels"


def _no_verdict(one: DateVote, types: Mapping[str, int]) -> str:
    if not one.tested:
        return "No pixel was tested."
    if one.used < LEAST_USED:
        return f"Too little is clear ({format_share(one.used)}) to judge the whole image."
    if not np.isfinite(one.image_p_value):
        return "The mean of the image is not judged: too few clear dates for a law of its scatter."
    if one.image_type in TYPES and one.uniform < LEAST_UNIFORM:
        return (
            f"The mean looks like {type_name(one.image_type)}, but only "
            f"{_whole(one.uniform)} of the cells do: it is local."
        )
    if one.image_type == UNKNOWN:
        return "The mean is off, but by no law that holds for a whole image: rather its ground."
    if one.image_type != NONE:
        return f"The mean is off, and best described as {type_name(one.image_type)}."
    if one.share > _FEW:
        name, count = max(types.items(), key=lambda item: item[1])
        most = _whole(count / max(sum(types.values()), 1))
        if name == UNKNOWN:
            return f"Only parts are off; {most} of their pixels are of no known type."
        return f"Only parts are off; {most} of their pixels look like {type_name(name)}."
    return f"In order but for {plural(one.flagged, 'pixel')}." if one.flagged else "In order."


def method(task: AnomalyTask) -> list[str]:
    """How images were judged."""
    one = task.settings
    return [
        "Each pixel is compared with its own robust seasonal model in all bands together; below "
        f"p = {one.pixels.threshold:g} it is an anomaly. Each image is judged as a whole by the "
        "means and the local contrast of its residuals against its own series "
        f"(p < {one.image_threshold:g}), by its displacement (at the same level, by "
        "how well its parts agree), its stripes, and by whether another day of the season fits "
        "better. What holds for all of an image is the image's, what a part "
        "has alone is local."
    ]


def matter(report: AnomalyReport) -> list[str]:
    """Which dates are listed."""
    if any(one.kind != NONE for one in report.votes):
        return []
    return ["No image is off as a whole. The dates with most anomalies are listed."]


def looks(report: AnomalyReport) -> list[str]:
    """What the pictures are."""
    if not report.looks:
        return []
    return [
        "The worst dates beside the nearest date that is in order, in the same colors and on the "
        "same scale, and the types of their anomalous pixels."
    ]


def subtitle(task: AnomalyTask) -> str:
    """What was looked at."""
    times = task.stack.times
    first, last = (np.datetime_as_string(t, unit="D") for t in (times.min(), times.max()))
    sites = sorted({one.site for one in task.stack.products if one.site})
    where = f" of {', '.join(sites[:3])}" if sites else ""
    size = f"{task.stack.grid.width} x {task.stack.grid.height} pixels"
    return f"Images{where}, {first} to {last}, {size}, bands {', '.join(task.stack.bands)}"
