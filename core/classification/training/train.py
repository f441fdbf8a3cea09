# SPDX-License-Identifier: GPL-3.0-or-later
"""Training as a whole: models, what they are worth, and what is to be known of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...dependencies import require
from ...errors import InputError
from ...progress import Part, Progress, check
from ...types import FloatArray
from ...version import plugin_version
from ..accuracy.sample_intervals import SampleIntervals
from ..class_colors import colored
from ..confusion import Confusion
from ..dominance import Largest, dominated, largest_polygons
from ..feature_ranges import RANGES, training_ranges
from ..model import Model
from .folds import random_folds
from .importance import shuffled_loss
from .members import Fitted, Recipe, fit
from .sample_places import doubts
from .training_set import TrainingSet
from .validation import random_and_spatial, tested

IMPURITY, SHUFFLING = "impurity", "shuffling"
CONFUSIONS = "confusions"  # in the facts of a model: counts by reference (row) and predicted class
_TOP = 30  # features whose importance the model file keeps
_UNFIT = re.compile(r"[^\w-]+")


@dataclass(frozen=True)
class Trained:
    """A ``model`` with its matrices: ``random`` and ``spatial`` cross-validation on the training
    samples, ``test`` of the test samples (None where there is none); ``folds`` of both
    cross-validations; ``count`` training samples and ``made`` ones of augmentation among them;
    ``importance`` (features,) as ``measured`` says; ``bounds`` of the matrices, by their names;
    ``largest``: polygons with most training and most test samples of each class, none where no
    polygons are known; ``passed_over``: as of ``TrainingSet``.
    """

    model: Model
    random: Confusion
    spatial: Confusion | None
    test: Confusion | None
    folds: tuple[int, int]
    count: int
    made: int
    importance: FloatArray
    measured: str
    places: str
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    bounds: Mapping[str, SampleIntervals] = field(default_factory=dict)
    largest: tuple[Largest, ...] = ()
    passed_over: tuple[str, ...] = ()

    @property
    def best(self) -> Confusion:
        """The matrix to judge by: of spatial cross-validation, of the random one without it."""
        return self.spatial or self.random


def train(samples: TrainingSet, recipe: Recipe, folds: int, progress: Progress) -> Trained:
    """Train on all training samples and say what the result is worth.

    Cross-validation uses training samples that are real: rows that augmentation made are near
    copies of others, and would stand on both sides. Raises ``InputError`` for one class only,
    ``InsufficientDataError`` for too few samples.
    """
    classes = colored(samples.classes)
    samples = replace(samples, classes=classes)
    real = samples.select(~samples.test & ~samples.made)
    parts = (Part(progress, 0.0, 0.4), Part(progress, 0.4, 0.8))
    random, spatial, counts = random_and_spatial(real, recipe, folds, parts)
    check(progress)
    rows = ~samples.test
    group = samples.places.group[rows] if samples.places.kind else None
    fitted = fit(
        recipe, samples.values[rows], samples.index[rows], len(classes), group, samples.steps
    )
    check(progress)
    importance, measured = _importance(fitted, real, recipe, Part(progress, 0.9, 1.0))
    test = tested(fitted, samples, samples.test)
    largest = _largest(samples)
    scored = {"random": random, "spatial": spatial, "test": test}
    found = Trained(
        Model(recipe.method, samples.features, classes, fitted.members, recipe.seed),
        random.matrix, spatial.matrix if spatial else None, test.matrix if test else None, counts,
        int(rows.sum()), int(samples.made.sum()), importance, measured, real.places.what,
        dict(zip(classes.labels, map(int, samples.counts), strict=True)),
        (
            *samples.notes, *doubts(real.places, real.index, classes.labels),
            *_spatial_note(real, counts), *_one_polygon(largest, classes.labels),
        ),
        {name: one.bounds for name, one in scored.items() if one}, largest,
        samples.passed_over,
    )  # fmt: skip
    return replace(found, model=replace(
        found.model, facts=_facts(found, recipe) | {RANGES: training_ranges(samples.values[rows])}
    ))  # fmt: skip


def train_zones(
    samples: TrainingSet, recipe: Recipe, folds: int, progress: Progress
) -> tuple[list[Trained], list[str]]:
    """A classifier for each zone, trained on the samples in it alone; sentences on zones that have
    none, as they hold too few samples or classes: the model of all samples serves there.

    Raises ``InputError`` where two zones would be kept in one file.
    """
    found, notes = [], []
    zones = sorted({str(one) for one in samples.zone} - {""})
    _check_names(zones)
    for place, zone in enumerate(zones):
        part = Part(progress, place / len(zones), (place + 1) / len(zones))
        inside = samples.select(samples.zone == zone)
        real = np.bincount(inside.index[~inside.test & ~inside.made], minlength=1)
        if (real > 0).sum() < 2 or real.max() < folds:
            notes.append(
                f"No model for zone {zone}: it needs samples of two classes, and {folds} of one. "
                "The model of all samples serves there."
            )
            continue
        one = train(replace(inside, notes=()), recipe, folds, part)
        found.append(replace(one, model=replace(one.model, zone=zone)))
    return found, notes


def zone_file(stem: str, zone: str) -> str:
    """The name of the model file of a zone, beside that of all samples."""
    return f"{stem}_{_UNFIT.sub('_', zone)}.npz"


def _check_names(zones: list[str]) -> None:
    """Raise ``InputError`` where two zones would be kept in one file."""
    names: dict[str, str] = {}
    for zone in zones:
        name = zone_file("", zone).casefold()
        if name in names:
            raise InputError(
                f"The zones '{names[name]}' and '{zone}' would share a file: rename one of them."
            )
        names[name] = zone


def _importance(
    fitted: Fitted, real: TrainingSet, recipe: Recipe, progress: Progress
) -> tuple[FloatArray, str]:
    if fitted.importance is not None:
        return fitted.importance, IMPURITY
    held = random_folds(real.index, 2, recipe.seed) == 1
    known = real.index[~held]
    if len(np.unique(known)) < 2:
        return np.zeros(len(real.features)), SHUFFLING
    half = fit(recipe, real.values[~held], known, len(real.classes), None, real.steps)
    return shuffled_loss(half, real, np.flatnonzero(held), recipe.seed, progress), SHUFFLING


def _largest(samples: TrainingSet) -> tuple[Largest, ...]:
    """Of the samples that train, and of those that test."""
    polygon = samples.places.polygon
    if polygon is None:
        return ()
    sides = (~samples.test & ~samples.made, samples.test)
    count = len(samples.classes)
    return tuple(largest_polygons(samples.index[one], polygon[one], count) for one in sides)


def _one_polygon(largest: tuple[Largest, ...], labels: Sequence[str]) -> list[str]:
    words = ("training samples of a class", "test samples of a class")
    return [
        note for one, what in zip(largest, words, strict=False)
        for note in dominated(one, labels, what)
    ]  # fmt: skip


def _spatial_note(real: TrainingSet, folds: tuple[int, int]) -> list[str]:
    if folds[1]:
        return []
    why = (
        "all samples lie in one group"
        if real.places.kind
        else "the samples have no coordinates, polygons or folds"
    )
    return [
        f"No spatial cross-validation: {why}. The random score is mostly too good, as neighbors "
        "are alike."
    ]


def _facts(found: Trained, recipe: Recipe) -> dict[str, Any]:
    top = np.argsort(-found.importance, kind="stable")[:_TOP]
    ways = (("random", found.random), ("spatial", found.spatial), ("test", found.test))
    known = {name: one for name, one in ways if one is not None}
    return {
        "trees": recipe.trees,
        "weights": {one.kind: round(one.weight, 3) for one in found.model.members},
        "kernels": [
            {"gamma": one.gamma, "date_steps": len(one.steps)}
            for one in (member.vectors for member in found.model.members)
            if one
        ],
        "samples": found.count,
        "samples_by_class": dict(found.counts),
        "overall_accuracy": {name: round(one.overall, 4) for name, one in known.items()},
        CONFUSIONS: {name: one.counts.astype(int).tolist() for name, one in known.items()},
        "folds": list(found.folds),
        "places": found.places,
        "importance": {
            found.model.features[one]: round(float(found.importance[one]), 5) for one in top
        },
        "importance_by": found.measured,
        "versions": {
            "plugin": plugin_version(),
            "numpy": np.__version__,
            "scikit-learn": str(require("sklearn").__version__),
        },
    }
