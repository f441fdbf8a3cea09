# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on training and test samples."""

from __future__ import annotations

import numpy as np

from ..classification.sample_fields import split_column
from ..classification.samples.run import NOT_DRAWN, SampleReport, SampleTask
from ..classification.samples.split import TEST, TRAIN
from ..wording import plural
from . import samples_figures as figures
from .assemble import assemble
from .document import Cell, Column, Headline, ReportContext, ReportTable, Section
from .figures import drawn
from .largest_polygon import largest_cell
from .numbers import format_count

_MOST_ROWS = 60
LIMITS = (
    "Pixels of one polygon are alike: what counts for an accuracy is the number of test polygons, "
    "not that of test pixels.",
    "Test polygons beside training polygons make accuracies optimistic: compare with spatial "
    "cross-validation (the column fold), or set MIN_DISTANCE.",
    "Samples that were copied or made (replicate, jitter, smote, moved) train only. Leave them out "
    "of every test (the column origin).",
    "Reference polygons are seldom a random sample of the area: shares of classes among the "
    "samples say nothing about areas on the map.",
)
SOURCES = (
    "Roberts et al. 2017, cross-validation by spatial blocks: DOI 10.1111/ecog.02881",
    "Le Rest et al. 2014, buffers around test places: DOI 10.1111/geb.12161",
    "Chawla et al. 2002, SMOTE: DOI 10.1613/jair.953",
)


def samples_report(task: SampleTask, found: SampleReport, context: ReportContext) -> str:
    """The report (HTML text). Raises ``MissingPackageError`` where jinja2 is absent; without
    matplotlib it has no figures.
    """
    sections = [
        Section("Polygons and samples by class", _counted(task), drawn(lambda: figures.bars(found)),
                [_by_class(found)]),
        Section("Where the polygons are", _placed(task), drawn(lambda: figures.places(found)),
                [_folds(found)]),
        Section("Runs", (), (), [_runs(found)] if task.settings.runs > 1 else ()),
        Section("What was left out", (), (), _left_out(found)),
        Section("Features", (_features(found),)),
    ]  # fmt: skip
    subtitle = f"{plural(len(task.reference), 'reference polygon')}, {task.reference.name}"
    return assemble(
        context, subtitle, headline(task, found), sections, LIMITS, SOURCES, found.notes
    )


def headline(task: SampleTask, found: SampleReport) -> list[Headline]:
    """How many samples there are, which classes can be validated, and what was left out."""
    train, test = found.count("train"), found.count("test")
    more = found.count("moved") + found.count("augmented")
    classes = len(found.reference.classes)
    added = f"{format_count(more)} moved or made samples train besides." if more else ""
    if task.check_only:
        added = "A check only: no feature was read and no sample written."
    lines = [
        Headline(
            "Pixels" if task.check_only else "Samples",
            f"{format_count(train)} train, {format_count(test)} test",
            f"{plural(classes, 'class', 'classes')}, {plural(len(found.reference), 'polygon')}",
            added, "" if train and test else "caution",
        ),
        _validation(found),
    ]  # fmt: skip
    lost = len(found.reference.left_out)
    pixels = sum(count for reason, count in found.left_out.items() if reason != NOT_DRAWN)
    lines.append(
        Headline("Left out", f"{plural(lost, 'polygon')}, {plural(pixels, 'pixel')}",
                 f"of {plural(len(task.reference), 'polygon')}",
                 "The reasons are listed below." if lost or pixels else "All could be used.",
                 "caution" if lost or pixels else "good")
    )  # fmt: skip
    return lines


def _validation(found: SampleReport) -> Headline:
    first = found.summary.select(found.summary["run"] == 0)
    own = first.select(first["polygons"] > 0)
    able = (own["train_polygons"] > 0) & (own["test_polygons"] > 0)
    count, whole = int(able.sum()), len(own)
    verdict = "Each has polygons on both sides." if count == whole else (
        "The others have no polygon on one side (marked in the table)."
    )  # fmt: skip
    zones = set(found.reference.zones.tolist()) - {""}
    what = "classes in zones" if zones else "classes"
    return Headline("Can be validated", f"{count} of {whole} {what}",
                    f"run 0 of {found.sides.shape[1]}", verdict,
                    "good" if count == whole else "caution")  # fmt: skip


def _counted(task: SampleTask) -> list[str]:
    settings = task.settings
    said = [
        f"Whole polygons go to training ({100.0 * settings.train_ratio:.0f} % of each class"
        f"{' and zone' if task.zones is not None else ''}) or to the test, drawn with seed "
        f"{settings.seed}. Training takes {settings.words}; tests take all pixels"
        + (f", both at most {settings.most} of a class and zone." if settings.most else ".")
    ]
    if settings.distance_m > 0.0:
        said.append(
            f"Training polygons closer than {settings.distance_m:g} m to a test polygon are not "
            "used."
        )
    return said


def _by_class(found: SampleReport) -> ReportTable:
    first = found.summary.select(found.summary["run"] == 0)
    zoned = bool(set(first["zone"].tolist()) - {""})
    columns = [Column("Zone", numeric=False)] if zoned else []
    columns += [
        Column("Class", numeric=False, long=True), Column("Polygons"), Column("Polygons", "train"),
        Column("Polygons", "test"), Column("Pixels"), Column("Samples", "train"),
        Column("Samples", "test"), Column("Moved"), Column("Made"),
    ]  # fmt: skip
    rows: list[list[str | Cell]] = []
    for at in range(len(first)):
        row: list[str | Cell] = [str(first["zone"][at])] if zoned else []
        row += [str(first["class"][at]), format_count(first["polygons"][at])]
        row += [_side(int(first[key][at]), int(first["polygons"][at]))
                for key in ("train_polygons", "test_polygons")]  # fmt: skip
        row.append(format_count(first["pixels"][at]))
        row += [largest_cell(format_count(first[key][at]), float(first[f"{key}_largest"][at]))
                for key in ("train", "test")]  # fmt: skip
        row += [format_count(first[key][at]) for key in ("moved", "augmented")]
        rows.append(row)
    note = (
        "Run 0. A class without polygons on one side cannot be validated in that zone. Below the "
        "samples: the share of the largest polygon, marked where it is more than half."
    )
    return ReportTable("", columns, rows[:_MOST_ROWS], _cut(note, len(rows)))


def _side(count: int, polygons: int) -> str | Cell:
    return format_count(count) if count or not polygons else Cell("0", "", "caution")


def _cut(note: str, rows: int) -> str:
    more = rows - _MOST_ROWS
    return f"{note} {more} more rows are in the summary table." if more > 0 else note


def _placed(task: SampleTask) -> list[str]:
    return [
        f"Folds for spatial cross-validation are made of square blocks of "
        f"{task.settings.block_m:g} m; all polygons with their center in a block are in one fold."
    ]


def _folds(found: SampleReport) -> ReportTable:
    folds = sorted(set(found.folds.tolist()))
    labels = found.reference.classes.labels
    columns = [Column("Class", numeric=False, long=True), *(Column(f"Fold {one}") for one in folds)]
    rows: list[list[str | Cell]] = []
    for label in labels:
        own = found.reference.labels == label
        counts = [int(found.pixels[own & (found.folds == one)].sum()) for one in folds]
        rows.append([label, *(format_count(one) for one in counts)])
    note = "Pixels by class and spatial fold."
    return ReportTable("", columns, rows[:_MOST_ROWS], note)


def _runs(found: SampleReport) -> ReportTable:
    rows: list[list[str | Cell]] = []
    for run in range(found.sides.shape[1]):
        own = found.summary.select(found.summary["run"] == run)
        sides = [int(np.count_nonzero(found.sides[:, run] == side)) for side in (TRAIN, TEST)]
        sums = [int(own[key].sum()) for key in ("train", "test", "moved", "augmented")]
        rows.append([str(run), split_column(run), *(format_count(one) for one in (*sides, *sums))])
    columns = [
        Column("Run"), Column("Column", numeric=False), Column("Polygons", "train"),
        Column("Polygons", "test"), Column("Samples", "train"), Column("Samples", "test"),
        Column("Moved"), Column("Made"),
    ]  # fmt: skip
    return ReportTable("", columns, rows)


def _left_out(found: SampleReport) -> list[ReportTable]:
    lost = found.reference.left_out
    tables = []
    pixels: list[list[str | Cell]] = [
        [reason, format_count(count)] for reason, count in found.left_out.items() if count
    ]
    if pixels:
        columns = [Column("Pixels", numeric=False), Column("Count")]
        note = "Pixels of several polygons are counted once for each."
        tables.append(ReportTable("", columns, pixels, note))
    if lost:
        columns = [Column("Polygon", numeric=False), Column("Class", numeric=False, long=True),
                   Column("Zone", numeric=False), Column("Why", numeric=False)]  # fmt: skip
        rows = [[one.polygon, one.label, one.zone, one.reason] for one in lost[:_MOST_ROWS]]
        more = len(lost) - _MOST_ROWS
        tables.append(ReportTable("", columns, rows, f"{more} more." if more > 0 else ""))
    return tables


def _features(found: SampleReport) -> str:
    names = list(found.features)
    shown = names if len(names) <= 12 else [*names[:6], "…", *names[-3:]]
    return f"{plural(len(names), 'feature')}: {', '.join(shown)}."
