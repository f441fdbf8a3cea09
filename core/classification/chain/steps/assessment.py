# SPDX-License-Identifier: GPL-3.0-or-later
"""How good the maps are: that of each run by its test samples, and the final one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....io.atomic import write_text
from ....io.confusion_files import write_confusion
from ....io.tables import read_source, read_table, write_table
from ....report.map_accuracy import accuracy_report
from ...accuracy.assess_files import AssessRequest, Columns, assess
from ...accuracy.assess_tables import assessment_table
from ...accuracy.assessment import Assessment
from ...sample_fields import POLYGON, split_column
from ..blueprint import Blueprint, context_of, fused_run
from ..keys import ASSESSMENT, SAMPLES
from ..units import Cost, Facts, Unit, Work
from .maps import MAP

CONFUSION, REPORT, TABLE = "confusion", "report", "table"
_COST = Cost(5.0, 300.0)


def assessment_units(plan: Blueprint, final: str) -> Iterator[Unit]:
    """A unit for each run, and one for the map of the unit ``final``; none of a run where all
    polygons train.
    """
    tested = plan.step(SAMPLES)["TRAIN_RATIO"] < 1.0
    runs = range(plan.configuration.runs) if tested else range(0)
    units = [_of_run(plan, run) for run in runs]
    yield from units
    if plan.configuration.validation:
        yield _of_validation(plan, final)
    elif units:
        yield _over_runs(plan, final, [one.name for one in units])


def run_name(plan: Blueprint, run: int) -> str:
    """The name of the unit that assesses a run."""
    return f"{ASSESSMENT} run {run + 1}"


def _of_run(plan: Blueprint, run: int) -> Unit:
    told = plan.configuration
    split = split_column(run)
    source = fused_run(plan, run)
    settings = {"CLASS_FIELD": told.class_field, "SPLIT_FIELD": split}

    def work(given: Work) -> Facts:
        table = read_table(
            given.result(SAMPLES, "samples"), columns=(told.class_field, split, POLYGON)
        )
        request = AssessRequest(
            str(given.result(source, MAP)), table,
            Columns(told.class_field, "", split, POLYGON),
        )  # fmt: skip
        found = assess(request, given.progress)
        return _written(given, found, settings, (), f"Accuracy of run {run + 1}")

    return Unit(
        run_name(plan, run), ASSESSMENT, settings, _outputs(f"accuracy/run_{run + 1}"), work, (),
        (SAMPLES, source), _COST,
    )  # fmt: skip


def _of_validation(plan: Blueprint, final: str) -> Unit:
    told = plan.configuration
    settings = plan.step(ASSESSMENT) | {"CLASS_FIELD": told.class_field}

    def work(given: Work) -> Facts:
        request = AssessRequest(
            str(given.result(final, MAP)), read_source(told.validation), Columns(told.class_field),
            design=settings["DESIGN"],
        )  # fmt: skip
        found = assess(request, given.progress)
        return _written(given, found, settings, (told.validation,), "Accuracy of the map")

    return Unit(
        ASSESSMENT, ASSESSMENT, settings, _outputs("accuracy/map"), work, (told.validation,),
        (final,), _COST,
    )  # fmt: skip


def _over_runs(plan: Blueprint, final: str, runs: list[str]) -> Unit:
    settings = plan.step(ASSESSMENT)

    def work(given: Work) -> Facts:
        confusions = tuple(str(given.result(name, CONFUSION)) for name in runs)
        request = AssessRequest(
            str(given.result(final, MAP)), confusions=confusions, design=settings["DESIGN"],
        )  # fmt: skip
        found = assess(request, given.progress)
        return _written(given, found, settings, (), "Accuracy over runs")

    return Unit(
        ASSESSMENT, ASSESSMENT, settings, _outputs("accuracy/map"), work, (), (*runs, final), _COST
    )


def _outputs(stem: str) -> dict[str, str]:
    return {CONFUSION: f"{stem}.csv", TABLE: f"{stem}_by_class.csv", REPORT: f"{stem}.html"}


def _written(
    given: Work,
    found: Assessment,
    settings: Mapping[str, Any],
    files: tuple[str, ...],
    title: str,
) -> Facts:
    for note in found.notes:
        given.progress.warn(note)
    write_confusion(given.output(CONFUSION), found.confusion, given.final(CONFUSION).name)
    write_table(assessment_table(found), given.output(TABLE), shown=given.final(TABLE).name)
    context = context_of(title, settings, files)
    write_text(given.output(REPORT), accuracy_report(found, context, None))
    one, runs = found.confusion, found.runs
    low, high = found.adjusted_bounds
    return {
        "oa": one.overall if runs is None else runs.overall.value,
        "kappa": one.kappa if runs is None else runs.kappa.value,
        "macro_f1": one.macro_f1 if runs is None else runs.macro_f1.value,
        "oa_half_width": None if runs is None else runs.overall.half_width,
        "oa_by_area": found.overall_adjusted, "oa_by_area_low": low, "oa_by_area_high": high,
        "samples": one.total, "notes": list(found.notes),
    }  # fmt: skip
