# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the training of a classifier."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..classification.accuracy.sample_intervals import SampleIntervals
from ..classification.confusion import Confusion
from ..classification.training.train import IMPURITY, Trained
from ..types import FloatArray
from ..wording import plural
from . import classifier_figures as figures
from .assemble import assemble
from .document import Cell, Column, Headline, ReportContext, ReportTable, Section
from .figures import drawn
from .largest_polygon import LARGEST_WORDS, polygons_cell
from .numbers import (
    NOT_AVAILABLE,
    format_count,
    format_number,
    format_parts,
    format_share,
    share_parts,
    with_brackets,
)

TOP_FEATURES = 15
_GAP = 0.03  # of overall accuracy; random above spatial by more is told
NAMES = {
    "extra_trees": "extremely randomized trees",
    "random_forest": "random forest",
    "svm": "support vectors",
    "hist_gradient": "boosted trees",
    "ensemble": "extremely randomized trees and support vectors",
}
LIMITS = (
    "Accuracies are those of the samples, not of a map: classes count by their samples, not by "
    "their area. Assess the map with a probability sample for areas and their intervals.",
    "Intervals are over the polygons that the samples lie in. Where no polygons are named, each "
    "sample is taken for itself: samples that lie together are alike, and true intervals wider.",
    "Random cross-validation tests on samples whose neighbors were trained on. Spatial "
    "cross-validation holds whole folds, polygons or blocks out; it is nearer to what a map is "
    "worth where no sample lies.",
    "Samples that augmentation made are trained on, and are in no cross-validation.",
)
SOURCES = (
    "Geurts et al. 2006, extremely randomized trees: DOI 10.1007/s10994-006-6226-1",
    "Breiman 2001, random forests: DOI 10.1023/A:1010933404324",
    "Cortes & Vapnik 1995, support vectors: DOI 10.1007/BF00994018",
    "Roberts et al. 2017, cross-validation by blocks: DOI 10.1111/ecog.02881",
    "Wolter 2007, variance where one polygon after the other is left out: DOI "
    "10.1007/978-0-387-35099-8, chapter 4",
    "Franco et al. 2019, intervals of shares from samples in clusters: DOI 10.1093/jssam/smy019",
    "Strobl et al. 2007, bias of importance by impurity: DOI 10.1186/1471-2105-8-25",
)


def classifier_report(found: Trained, zones: Sequence[Trained], context: ReportContext) -> str:
    """The report (HTML text); without matplotlib it has no figures."""
    sections = [
        Section(
            "Accuracy by class", _by_class_words(found),
            drawn(lambda: figures.by_class(found)), [_by_class(found)],
        ),
        Section(
            "Confusions", (), drawn(lambda: figures.confusion(found.best, _way(found))),
            [_confusions(found)],
        ),
        Section("Zones", (), (), [_zones(zones)] if zones else ()),
        Section(
            "Features", [*_feature_words(found), *found.passed_over],
            drawn(lambda: figures.importance(found, TOP_FEATURES)),
            [_features(found)],
        ),
    ]  # fmt: skip
    model = found.model
    subtitle = (
        f"{NAMES[model.method].capitalize()}, {plural(found.count, 'sample')}, "
        f"{plural(len(model.classes), 'class', 'classes')}, "
        f"{plural(len(model.features), 'feature')}"
    )
    return assemble(
        context, subtitle, _headline(found), sections, LIMITS, SOURCES, found.notes
    )  # fmt: skip


def _way(found: Trained) -> str:
    return "spatial cross-validation" if found.spatial else "random cross-validation"


def _headline(found: Trained) -> list[Headline]:
    lines = [
        _line("Overall accuracy, random cross-validation", found.random, f"{found.folds[0]} folds",
              bounds=found.bounds["random"])
    ]  # fmt: skip
    if found.spatial is not None:
        text = f"{found.folds[1]} folds of {found.places}"
        gap = found.random.overall - found.spatial.overall
        verdict = "as good as the random one" if gap <= 0.01 else "below the random one"
        if gap > _GAP:
            verdict = f"{100.0 * gap:.0f} points below: the random one is too good"
        state = "caution" if gap > _GAP else "good"
        lines.append(
            _line("Overall accuracy, spatial cross-validation", found.spatial, text, verdict, state,
                  bounds=found.bounds["spatial"])
        )  # fmt: skip
    if found.test is not None:
        lines.append(
            _line("Overall accuracy, test samples", found.test, "never trained on",
                  bounds=found.bounds["test"])
        )  # fmt: skip
    matrix = found.best
    lines.append(
        Headline(
            f"Mean F-score, {_way(found)}", format_number(matrix.macro_f1, 3),
            f"kappa {format_number(matrix.kappa, 3)}",
        )
    )  # fmt: skip
    return lines


def _line(
    label: str, matrix: Confusion, text: str, verdict: str = "", state: str = "",
    *, bounds: SampleIntervals,
) -> Headline:  # fmt: skip
    """Its interval is of polygons where they are known: pixels of one polygon are alike."""
    samples = f"{format_count(matrix.total)} samples"
    value = format_share(matrix.overall, *bounds.overall)
    if bounds.polygons:
        samples += f" of {plural(bounds.polygons, 'polygon')}"
    return Headline(label, value, with_brackets(f"{samples}, {text}", value), verdict, state)


def _by_class_words(found: Trained) -> list[str]:
    polygons = _judged(found).polygons
    over = (
        f"over {plural(polygons, 'polygon')}, each of which is left out in turn: pixels of one "
        "polygon are alike, and intervals that took each for itself would be too narrow. A class "
        "with one polygon has none"
        if polygons
        else "that take each sample for itself, as no polygons are named: too narrow where samples "
        "lie together"
    )
    return [
        "F-scores: the harmonic mean of precision (how much of what is called so is so) and recall "
        "(how much of what is so is called so).",
        f"Brackets are 95 % intervals {over}.",
    ]


def _judged(found: Trained) -> SampleIntervals:
    """The intervals of the matrix to judge by."""
    return found.bounds["spatial" if found.spatial else "random"]


def _by_class(found: Trained) -> ReportTable:
    ways = [("random", found.random), ("spatial", found.spatial), ("test", found.test)]
    known = [(name, one) for name, one in ways if one is not None]
    matrix, judged = found.best, _judged(found)
    sides = [
        (side, one) for side, one in zip(("train", "test"), found.largest, strict=False)
        if one.polygons.any()
    ]  # fmt: skip
    rows: list[list[str | Cell]] = []
    for at, label in enumerate(found.model.classes.labels):
        rows.append(
            [
                label, str(found.model.classes.codes[at]), format_count(found.counts[label]),
                *(polygons_cell(one, at) for _, one in sides),
                *(_score(one, found.bounds[name], at) for name, one in known),
                _share(matrix.precision[at], judged.precision[at], judged, at),
                _share(matrix.recall[at], judged.recall[at], judged, at),
            ]
        )  # fmt: skip
    columns = [
        Column("Class", numeric=False), Column("Code"), Column("Samples"),
        *(Column("Polygons", side) for side, _ in sides),
        *(Column("F-score", name) for name, _ in known),
        Column("Precision", "%"), Column("Recall", "%"),
    ]  # fmt: skip
    note = f"Precision and recall: {_way(found)}."
    return ReportTable("Classes", columns, rows, f"{note} {LARGEST_WORDS}" if sides else note)


def _score(matrix: Confusion, bounds: SampleIntervals, at: int) -> Cell:
    low, high = map(float, bounds.f_scores[at])
    number, interval = format_parts(float(matrix.f_scores[at]), low, high, 3)
    return Cell(number, interval or _no_interval(number, bounds, at))


def _share(share: float, ends: FloatArray, bounds: SampleIntervals, at: int) -> Cell:
    number, interval = share_parts(float(share), float(ends[0]), float(ends[1]))
    return Cell(number, interval or _no_interval(number, bounds, at))


def _no_interval(number: str, bounds: SampleIntervals, at: int) -> str:
    """Why a number has none: a single polygon, or sample, does not vary."""
    what = "polygon" if bounds.polygons else "sample"
    if number == NOT_AVAILABLE:
        return ""
    return f"{'one' if bounds.by_class[at] else 'no'} {what}: no interval"


def _confusions(found: Trained) -> ReportTable:
    """The largest cells beside the diagonal."""
    matrix, bounds = found.best, _judged(found)
    wrong = matrix.counts.copy()
    np.fill_diagonal(wrong, 0.0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:10]
    labels, rows = matrix.classes.labels, []
    for row, column in zip(*np.unravel_index(order, wrong.shape), strict=True):
        count, total = float(wrong[row, column]), float(matrix.counts[row].sum())
        if count > 0.0:
            share = _share(count / total, bounds.confused[row, column], bounds, int(row))
            rows.append([labels[row], labels[column], format_count(count), share])
    columns = [
        Column("Reference", numeric=False), Column("Called", numeric=False), Column("Samples"),
        Column("Of the reference", "%"),
    ]  # fmt: skip
    return ReportTable("Most frequent confusions", columns, rows)


def _zones(zones: Sequence[Trained]) -> ReportTable:
    rows = [
        [
            one.model.zone, format_count(one.count),
            str(sum(1 for count in one.counts.values() if count)),
            *(_overall(one, way) for way in ("random", "spatial", "test")),
            format_number(one.best.macro_f1, 3),
        ]
        for one in zones
    ]  # fmt: skip
    columns = [
        Column("Zone", numeric=False), Column("Samples"), Column("Classes"),
        Column("OA, random", "%"), Column("OA, spatial", "%"), Column("OA, test", "%"),
        Column("Mean F-score"),
    ]  # fmt: skip
    return ReportTable("Models of the zones", columns, rows)


def _overall(found: Trained, way: str) -> str | Cell:
    matrix = getattr(found, way)
    if matrix is None:
        return NOT_AVAILABLE
    return Cell(*share_parts(matrix.overall, *found.bounds[way].overall))


def _feature_words(found: Trained) -> list[str]:
    seen = [
        f"Support vectors see {plural(len(one.steps), 'difference')} between consecutive dates of "
        f"a band beside the features; gamma of their kernel is {format_number(one.gamma, 5)}."
        for one in (member.vectors for member in found.model.members) if one
    ]  # fmt: skip
    if found.measured == IMPURITY:
        return [
            *seen,
            "Importance by impurity: how much the splits on a feature sort the training samples, "
            "of all splits of the forest. Features that say the same (neighboring dates, related "
            "indices) share it between them, and each looks less important than all of them are; "
            "features of many distinct values get some of it without any use.",
        ]
    return [
        *seen,
        "Importance by shuffling: how much the mean probability of the true class falls on half of "
        "the samples, not trained on, where a feature is shuffled. Of features that say the same "
        "(neighboring dates, related indices) each looks unimportant, as the others stand in for "
        "it; small and negative losses are chance.",
    ]


def _features(found: Trained) -> ReportTable:
    order = np.argsort(-found.importance, kind="stable")[:TOP_FEATURES]
    rows = [
        [str(rank), found.model.features[one], format_number(100.0 * found.importance[one], 2)]
        for rank, one in enumerate(order, start=1)
    ]
    title, unit = ("Share", "%") if found.measured == IMPURITY else ("Loss", "points")
    columns = [Column("Rank"), Column("Feature", numeric=False), Column(title, unit)]
    return ReportTable("Most important features", columns, rows)
