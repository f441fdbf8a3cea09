# SPDX-License-Identifier: GPL-3.0-or-later
"""A model for each run and sensor, and for each zone where there are some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ....errors import InputError
from ....io.atomic import write_text
from ....io.confusion_files import write_confusion
from ....io.model_files import write_model
from ....io.tables import read_table
from ....names import split_names
from ....report.classifier import classifier_report
from ...sample_fields import ZONE
from ...training.members import Recipe
from ...training.sample_columns import feature_columns
from ...training.train import Trained, train, train_zones, zone_file
from ...training.training_set import Columns, TrainingSet, training_set
from ..blueprint import RADAR, Blueprint, Variant, context_of, training_of
from ..keys import SAMPLES, TRAINING
from ..units import Cost, Facts, Unit, Work

RADAR_FEATURES = ("VV_*", "VH_*", "HH_*", "HV_*", "VHVV_*")
MODEL = "model"  # begins the keys of all models of a unit
CONFUSION = "confusion"  # of cross-validation, by places where that can be
_SECONDS = 30.0


def training_units(plan: Blueprint) -> Iterator[Unit]:
    """A unit for each variant."""
    for variant in plan.variants:
        yield _unit(plan, variant)


def _unit(plan: Blueprint, variant: Variant) -> Unit:
    told = plan.configuration
    settings = plan.step(TRAINING) | {
        "CLASS_FIELD": told.class_field, "ZONE_FIELD": ZONE if told.zones else "",
        "SPLIT_FIELD": variant.split, "SEED": told.seed + variant.run, "sensor": variant.sensor,
    }  # fmt: skip
    stem = f"model{variant.ending}"

    def work(given: Work) -> Facts:
        samples = _samples(given, settings)
        recipe = Recipe(settings["METHOD"], settings["TREES"], settings["SEED"])
        found = train(samples, recipe, settings["FOLDS"], given.progress)
        zones = _zones(samples, recipe, settings["FOLDS"], given) if told.zones else []
        for note in found.notes:
            given.progress.warn(note)
        write_model(given.output(MODEL), found.model)
        for one in zones:
            name = zone_file(stem, one.model.zone)
            write_model(given.output(f"{MODEL} {one.model.zone}", f"models/{name}"), one.model)
        # Masses of belief are made of it: the test samples shall not see it.
        write_confusion(given.output(CONFUSION), found.best, given.final(CONFUSION).name)
        context = context_of("Classifier", settings, ())
        write_text(given.output("report"), classifier_report(found, zones, context))
        return _facts(found, zones)

    return Unit(
        training_of(variant), TRAINING, settings,
        {
            MODEL: f"models/{stem}.npz", "report": f"models/{stem}.html",
            CONFUSION: f"models/confusion{variant.ending}.csv",
        },
        work, (), (SAMPLES,), Cost(_SECONDS, 1000.0),
    )  # fmt: skip


def _samples(given: Work, settings: Mapping[str, Any]) -> TrainingSet:
    """The samples of the earlier step, with the features of the variant's sensor."""
    table = read_table(given.result(SAMPLES, "samples"), progress=given.progress)
    label, split = settings["CLASS_FIELD"], settings["SPLIT_FIELD"]
    named = feature_columns(table, split_names(settings["FEATURE_FIELDS"]), [label, ZONE, split])
    features = of_sensor(named, settings["sensor"])
    columns = Columns(label, features, settings["ZONE_FIELD"], split, settings["BLOCK_SIZE_M"])
    return training_set(table, columns)


def _zones(samples: TrainingSet, recipe: Recipe, folds: int, given: Work) -> list[Trained]:
    zones, notes = train_zones(samples, recipe, folds, given.progress)
    for note in notes:
        given.progress.warn(note)
    if not zones:
        raise InputError(
            "No zone has enough samples for a model of its own. Leave zones out of the "
            "configuration, or give more reference polygons."
        )
    return zones


def of_sensor(features: Sequence[str], sensor: str) -> list[str]:
    """The features of one sensor; all of them for ""."""
    if not sensor:
        return list(features)
    radar = [one for one in features if any(fnmatchcase(one, form) for form in RADAR_FEATURES)]
    return radar if sensor == RADAR else [one for one in features if one not in radar]


def _facts(found: Trained, zones: list[Trained]) -> Facts:
    return {
        "samples": found.count, "features": len(found.model.features),
        "oa_random": found.random.overall,
        "oa_spatial": None if found.spatial is None else found.spatial.overall,
        "oa_test": None if found.test is None else found.test.overall,
        "zones": [one.model.zone for one in zones], "notes": list(found.notes),
    }  # fmt: skip
