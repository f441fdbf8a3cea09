# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the accuracy of a map of classes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..classification.accuracy.area_accuracy import SIMPLE_RANDOM, Estimates
from ..classification.accuracy.assess_tables import class_bounds, hectares
from ..classification.accuracy.assessment import NO_DESIGN, NO_PROBABILITY_SAMPLE, Assessment
from ..classification.accuracy.run_intervals import NO_SPREAD, ONE_RUN, RunMean
from ..classification.accuracy.sample_sizes import SampleDesign
from ..classification.classes import UNDECIDED_LABEL
from ..types import FloatArray
from ..wording import plural
from .assemble import assemble
from .confusion_figure import confusion_figure
from .document import Cell, Column, Headline, ReportContext, ReportTable, Section
from .figures import drawn
from .largest_polygon import LARGEST_WORDS, polygons_cell
from .map_accuracy_figures import area_figure, f_score_bounds, f_score_figure
from .numbers import (
    NOT_AVAILABLE,
    format_count,
    format_number,
    format_parts,
    format_share,
    format_value,
    share_parts,
    with_brackets,
)
from .sample_design import SOURCE, design_section

_LIMITS = (
    "Figures weighted by area hold for samples that were drawn by chance, with the classes of the "
    "map as strata or without any; other samples say how they are, not how the map is.",
    "The reference is taken to be right, and each sample to be on its pixel: what is wrong in it "
    "counts as an error of the map.",
    "Kappa is given because readers ask for it. It adds nothing to the overall accuracy and has no "
    "meaning on the ground (Pontius and Millones 2011, 10.1080/01431161.2011.552923).",
)
_NONE_SEEN = "no error seen"
_NONE_WORDS = (
    "No error seen: the samples show none, and no interval can be told; few samples may miss "
    "errors that are there."
)
_SOURCES = (
    SOURCE,
    "Cochran, W. G. (1977): Sampling techniques, third edition. Wiley.",
    "Congalton, R. G. (1991): A review of assessing the accuracy of classifications of remotely "
    "sensed data. Remote Sensing of Environment 37, 35-46, 10.1016/0034-4257(91)90048-B.",
    "Wolter, K. M. (2007): Introduction to variance estimation, second edition. Springer, "
    "10.1007/978-0-387-35099-8.",
    "Franco, C. et al. (2019): Comparative study of confidence intervals for proportions in "
    "complex sample surveys. Journal of Survey Statistics and Methodology 7, 334-364, "
    "10.1093/jssam/smy019.",
    "Wilson, E. B. (1927): Probable inference. Journal of the American Statistical Association 22, "
    "209-212, 10.1080/01621459.1927.10502953.",
)


def accuracy_report(
    found: Assessment, context: ReportContext, design: SampleDesign | None = None
) -> str:
    """The page (HTML text): the answer, accuracies by class side by side, the confusion matrix,
    areas, runs, the plan of a further sample where one was asked for, limits.
    """
    labels = found.confusion.classes.labels
    decided = [label for label in labels if label != UNDECIDED_LABEL]
    also = " and undecided pixels" if len(decided) < len(labels) else ""
    subtitle = f"{plural(len(decided), 'class', 'classes')}{also}, {_samples(found)}"
    sections = [
        Section(
            "Accuracy by class", _accuracy_text(found),
            drawn(lambda: f_score_figure(found)), _accuracy_table(found),
        ),
        Section("Confusion", (), drawn(lambda: confusion_figure(found.confusion)), ()),
        Section("Areas", (), drawn(lambda: area_figure(found)), _area_table(found)),
        Section("Runs", (), (), _run_table(found)),
        *([] if design is None else [design_section(design)]),
    ]  # fmt: skip
    return assemble(context, subtitle, _headline(found), sections, _LIMITS, _SOURCES, found.notes)


def _samples(found: Assessment) -> str:
    if found.runs is not None:
        return f"mean of {plural(found.runs.runs, 'run')}"
    text = plural(round(found.confusion.total), "sample")
    if found.polygons:
        text += f" in {plural(found.polygons, 'polygon')}"
    return text


def _headline(found: Assessment) -> list[Headline]:
    """Three lines: the map as a whole, the samples, the weakest class."""
    lines = []
    if found.adjusted is not None:
        doubtful = NO_PROBABILITY_SAMPLE in found.notes or NO_DESIGN in found.notes
        verdict = "the samples are no known probability sample" if doubtful else "of the whole map"
        number = format_share(found.overall_adjusted, *found.adjusted_bounds)
        lines.append(
            Headline(
                "Overall accuracy, by area", number, with_brackets(_samples(found), number),
                verdict, "caution" if doubtful else "",
            )
        )  # fmt: skip
    number = format_share(found.confusion.overall, *overall_bounds(found))
    lines.append(
        Headline(
            "Overall accuracy, of the samples", number, with_brackets(_samples(found), number),
            f"kappa {format_number(found.confusion.kappa, 3)}, "
            f"mean F-score {format_number(found.confusion.macro_f1, 3)}",
        )
    )  # fmt: skip
    scores = found.confusion.f_scores if found.adjusted is None else found.adjusted.f_scores.values
    if np.isfinite(scores).any():
        worst = int(np.nanargmin(scores))
        low, high = map(float, f_score_bounds(found)[worst])
        score = f"F-score {format_value(float(scores[worst]), low, high, decimals=2)}"
        lines.append(
            Headline(
                "Weakest class", found.confusion.classes.labels[worst],
                with_brackets(score, score), _confused(found, worst),
            )
        )  # fmt: skip
    return lines


def overall_bounds(found: Assessment) -> tuple[float, float]:
    """95 % bounds of the unweighted overall accuracy: over runs, over polygons, or of samples."""
    if found.intervals is not None:
        return found.intervals.overall
    return (math.nan, math.nan) if found.runs is None else found.runs.overall.bounds


def _confused(found: Assessment, at: int) -> str:
    """What a class is taken for most."""
    counts = found.confusion.counts + found.confusion.counts.T
    others = np.where(np.arange(len(counts)) == at, 0.0, counts[at])
    if not others.any():
        return ""
    return f"most confused with {found.confusion.classes.labels[int(np.argmax(others))]}"


def _accuracy_text(found: Assessment) -> tuple[str, ...]:
    text = [
        "Precision is the user's accuracy: how often a pixel of the class in the map is right. "
        "Recall is the producer's: how much of the class on the ground the map shows."
    ]
    if found.polygons:
        text.append(
            f"Brackets: 95 % intervals over {found.polygons} polygons, of the samples and by area, "
            "each of which is left out in turn. Pixels of a polygon are alike; intervals that took "
            "each for itself would be too narrow. A class with one polygon has no interval."
        )
    elif found.runs is not None:
        text.append(
            f"Brackets: 95 % intervals of the mean of {plural(found.runs.runs, 'run')}, with "
            f"{plural(max(found.runs.runs - 1, 0), 'degree')} of freedom, cut at 0 and 100 %."
        )
    else:
        text.append(
            "Brackets: 95 % intervals, each sample taken for itself: Wilson's of the samples, 1.96 "
            "standard errors by area, cut at 0 and 100 %."
        )
    return tuple(text)


def _accuracy_table(found: Assessment) -> list[ReportTable]:
    largest = found.largest
    columns = [
        Column("Class", numeric=False), Column("Samples", "reference / map"),
        *([] if largest is None else [Column("Polygons", "largest")]),
        *(Column(name, "%, of the samples") for name in ("Precision", "Recall", "F-score")),
    ]  # fmt: skip
    adjusted = found.adjusted
    if adjusted is not None:
        columns += [Column(name, "%, by area") for name in ("Precision", "Recall", "F-score")]
    counts = found.confusion.counts
    rows = []
    for at, label in enumerate(found.confusion.classes.labels):
        row: list[str | Cell] = [
            label, f"{_count(counts[at].sum())} / {_count(counts[:, at].sum())}"
        ]  # fmt: skip
        if largest is not None:
            row.append(polygons_cell(largest, at))
        row += [_plain_cell(found, name, at) for name in ("precision", "recall", "f_score")]
        if adjusted is not None:
            row += [_area_cell(found, one, at) for one in (adjusted.users, adjusted.producers,
                                                           adjusted.f_scores)]  # fmt: skip
        rows.append(row)
    note = "Brackets: 95 % intervals."
    if any(isinstance(cell, Cell) and cell.detail == _NONE_SEEN for row in rows for cell in row):
        note += f" {_NONE_WORDS}"
    if largest is not None:
        note += f" {LARGEST_WORDS}"
    return [ReportTable("", columns, rows, note)]


def _plain_cell(found: Assessment, measure: str, at: int) -> Cell:
    confusion = found.confusion
    values = {"precision": confusion.precision, "recall": confusion.recall,
              "f_score": confusion.f_scores}[measure]  # fmt: skip
    if found.runs is not None:
        name = "f_scores" if measure == "f_score" else measure
        return _run_cell(getattr(found.runs, name)[at])
    return _cell(found, float(values[at]), class_bounds(found, measure)[at], at)


def _cell(
    found: Assessment, value: float, bounds: FloatArray, at: int, error: float = math.nan
) -> Cell:
    """A share with its interval, or why it has none."""
    if not np.isfinite(value):
        return Cell(NOT_AVAILABLE, "no sample")
    number, interval = share_parts(value, float(bounds[0]), float(bounds[1]))
    return Cell(number, interval or _why_none(found, at, error))


def _why_none(found: Assessment, at: int, error: float) -> str:
    """An error of zero is no certainty: all samples agree, however few they are."""
    if error == 0.0:
        return _NONE_SEEN
    what = "polygon" if found.polygons else "sample"
    none = found.intervals is not None and not found.intervals.by_class[at]
    return f"{'no' if none else 'one'} {what}: no interval"


def _run_cell(one: RunMean) -> Cell:
    if one.said:
        return Cell(share_parts(one.value)[0], one.said)
    return Cell(*share_parts(one.value, *one.bounds))


def _area_cell(found: Assessment, one: Estimates, at: int) -> Cell:
    """A share by area with its interval."""
    value, error = float(one.values[at]), float(one.errors[at])
    if found.runs is not None:
        said = ONE_RUN if found.runs.runs == 1 else NO_SPREAD
        number, interval = share_parts(value, *map(float, one.bounds[at]))
        return Cell(number, interval or ("" if number == NOT_AVAILABLE else said))
    return _cell(found, value, one.bounds[at], at, error)


def _area_table(found: Assessment) -> list[ReportTable]:
    adjusted = found.adjusted
    if adjusted is None or found.areas is None:
        return []
    areas = hectares(adjusted.shares, found)
    total = float(found.areas.sum())
    columns = [
        Column("Class", numeric=False), Column("In the map", "ha"), Column("Estimated", "ha"),
        Column("Share", "%"), Column("Bias of the map", "ha"),
    ]  # fmt: skip
    rows: list[Sequence[str | Cell]] = []
    for at, label in enumerate(found.confusion.classes.labels):
        value, (low, high) = float(areas.values[at]), map(float, areas.bounds[at])
        text, bounds = format_parts(value, low, high)
        bias = float(found.areas[at]) - value
        beyond = not low <= float(found.areas[at]) <= high and low < high
        rows.append([
            label, format_parts(float(found.areas[at]))[0],
            Cell(text, bounds or _area_cell(found, adjusted.shares, at).detail),
            format_number(100.0 * value / total, 2),
            Cell(format_parts(bias)[0], "beyond the interval" if beyond else "",
                 "caution" if beyond else ""),
        ])  # fmt: skip
    design = "a simple random sample" if found.design == SIMPLE_RANDOM else "strata of the map"
    note = f"Estimated: from {design}, with 95 % intervals. Bias: map minus estimate."
    if found.polygons:
        note = note.replace("95 % intervals", "95 % intervals over polygons")
    note += f" {_NONE_WORDS}" if (areas.errors == 0.0).any() and found.runs is None else ""
    return [ReportTable("", columns, rows, note)]


def _run_table(found: Assessment) -> list[ReportTable]:
    if found.runs is None:
        return []
    runs = found.runs
    rows: list[Sequence[str | Cell]] = [
        [name, _decimal_cell(one)]
        for name, one in (("Overall accuracy", runs.overall), ("Kappa", runs.kappa),
                          ("Mean F-score", runs.macro_f1))
    ]  # fmt: skip
    columns = [Column("Measure", numeric=False), Column("Mean")]
    freedom = plural(runs.runs - 1, "degree")
    note = f"Brackets: 95 % intervals of Student's t with {freedom} of freedom (runs less one)."
    return [ReportTable("", columns, rows, note if runs.runs > 1 else "")]


def _decimal_cell(one: RunMean) -> Cell:
    low, high = max(one.value - one.half_width, -1.0), min(one.value + one.half_width, 1.0)
    number, interval = format_parts(one.value, low, high, 4)
    return Cell(number, one.said or interval)


def _count(value: float) -> str:
    return format_count(value) if float(value).is_integer() else format_number(value, 1)
