# SPDX-License-Identifier: GPL-3.0-or-later
"""What a classifier makes of samples that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...progress import Progress, each
from ...types import BoolArray
from ..accuracy.sample_intervals import SampleIntervals, sample_intervals
from ..classes import Classes
from ..confusion import Confusion, confusion_of
from ..model import Model
from ..prediction.predict import probabilities
from .folds import random_folds, spatial_folds
from .members import Fitted, Recipe, fit
from .training_set import TrainingSet


@dataclass(frozen=True)
class Scored:
    """The confusion ``matrix`` of samples, and its ``bounds``, over polygons where they are
    known.
    """

    matrix: Confusion
    bounds: SampleIntervals


def cross_validate(
    samples: TrainingSet, recipe: Recipe, folds: npt.NDArray[np.int64], progress: Progress
) -> Scored:
    """How all samples are mapped, each by a classifier that was trained on the other ``folds``
    (n,). A class that those lack counts as wrong.
    """
    mapped = np.zeros(len(samples), dtype=np.int64)
    count = len(samples.classes)
    for fold in each(list(np.unique(folds)), progress):
        held = folds == fold
        known = np.unique(samples.index[~held])
        if len(known) < 2:
            mapped[held] = known[0]
            continue
        known_groups = samples.places.group[~held] if samples.places.kind else None
        fitted = fit(
            recipe, samples.values[~held], samples.index[~held], count, known_groups, samples.steps
        )  # fmt: skip
        mapped[held] = predicted(fitted, samples.classes, samples.values[held])
    return _scored(samples, mapped)


def predicted(
    fitted: Fitted, classes: Classes, values: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    """The index of the most probable class of each row of ``values`` (n, features)."""
    found: npt.NDArray[np.int64] = shares_of(fitted, classes, values).argmax(axis=1)
    return found


def shares_of(
    fitted: Fitted, classes: Classes, values: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Class probabilities (n, classes) of each row of ``values`` (n, features)."""
    names = tuple(str(place) for place in range(values.shape[1]))
    return probabilities(Model("", names, classes, fitted.members), values)


def random_and_spatial(
    samples: TrainingSet, recipe: Recipe, folds: int, progress: tuple[Progress, Progress]
) -> tuple[Scored, Scored | None, tuple[int, int]]:
    """Both cross-validations of samples that are all to train on and all real; how many folds each
    had (0: there is no spatial one, as it is not known which samples lie together).
    """
    by_chance = random_folds(samples.index, folds, recipe.seed)
    first = cross_validate(samples, recipe, by_chance, progress[0])
    by_place = None
    if samples.places.kind:
        by_place = spatial_folds(samples.index, samples.places.group, folds, recipe.seed)
    if by_place is None:
        return first, None, (folds, 0)
    second = cross_validate(samples, recipe, by_place, progress[1])
    return first, second, (folds, len(np.unique(by_place)))


def tested(fitted: Fitted, samples: TrainingSet, rows: BoolArray) -> Scored | None:
    """How the test ``rows`` (n,) are mapped; None without any."""
    if not rows.any():
        return None
    mapped = predicted(fitted, samples.classes, samples.values[rows])
    return _scored(samples.select(rows), mapped)


def _scored(samples: TrainingSet, mapped: npt.NDArray[np.int64]) -> Scored:
    index, count = samples.index, len(samples.classes)
    bounds = sample_intervals(count, index, mapped, samples.places.polygon)
    return Scored(confusion_of(samples.classes, index, mapped), bounds)
