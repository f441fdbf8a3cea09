# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples of all tiles and all runs, in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ....io.atomic import write_text
from ....io.tables import read_source, write_table
from ....report.samples import samples_report
from ...samples.reference import ReferenceFields
from ...samples.run import SampleTask, prepare_samples
from ...samples.settings import settings_from
from ..blueprint import Blueprint, context_of, primitives_of
from ..keys import SAMPLES
from ..units import Cost, Facts, Unit, Work

_SECONDS = 20.0


def samples_unit(plan: Blueprint) -> Unit:
    """The unit that makes the samples of all tiles."""
    told = plan.configuration
    settings = plan.step(SAMPLES) | {
        "CLASS_FIELD": told.class_field, "ZONE_FIELD": told.zone_field, "RUNS": told.runs,
        "SEED": told.seed,
    }  # fmt: skip
    files = tuple(one for one in (told.reference, told.zones, *told.other_years) if one)

    def work(given: Work) -> Facts:
        stacks = [given.results(primitives_of(tile)) for tile in plan.tiles]
        task = SampleTask(
            (*(str(one["features"]) for one in stacks), *told.other_years),
            read_source(told.reference, progress=given.progress),
            ReferenceFields(told.class_field, settings["ID_FIELD"], settings["DATE_FIELD"]),
            settings_from(settings),
            read_source(told.zones, progress=given.progress) if told.zones else None,
            told.zone_field,
            _clear(stacks, len(told.other_years)) if settings["MIN_DATES"] else (),
            by_order=bool(told.other_years),
        )
        found = prepare_samples(task, given.progress)
        for note in found.notes:
            given.progress.warn(note)
        table = found.table
        if table is None:  # of a check only
            raise ValueError("no samples were asked for")
        write_table(table, given.output("samples"), "samples", shown="samples.gpkg")
        write_table(found.summary, given.output("summary"), shown="samples_by_class.csv")
        context = context_of("Samples", settings, files)
        write_text(given.output("report"), samples_report(task, found, context))
        return {
            "samples": len(table), "train": found.train_count, "test": found.count("test"),
            "classes": list(found.reference.classes.labels), "notes": list(found.notes),
        }  # fmt: skip

    return Unit(
        SAMPLES, SAMPLES, settings,
        {
            "samples": "samples/samples.gpkg", "summary": "samples/samples_by_class.csv",
            "report": "samples/samples.html",
        },
        work, files, tuple(primitives_of(tile) for tile in plan.tiles),
        Cost(_SECONDS, 500.0),
    )  # fmt: skip


def _clear(stacks: Sequence[Mapping[str, Path]], others: int) -> tuple[str, ...]:
    """Rasters of clear dates: of ``others``, which are of other years, none is known."""
    return (*(str(one["clear"]) for one in stacks), *[""] * others)
