# SPDX-License-Identifier: GPL-3.0-or-later
"""What a classifier makes of samples that it was not trained on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...progress import Progress, each
from ...types import BoolArray
from ..accuracy.cluster_intervals import ClusterIntervals, cluster_intervals
from ..classes import Classes
from ..confusion import Confusion, confusion_of
from ..model import Model
from ..prediction.predict import probabilities
from .folds import random_folds, spatial_folds
from .members import Fitted, Recipe, fit
from .training_set import TrainingSet


def cross_validate(
    samples: TrainingSet, recipe: Recipe, folds: npt.NDArray[np.int64], progress: Progress
) -> Confusion:
    """The matrix of all samples, each predicted by a classifier that was trained on the other
    ``folds`` (n,). A class that those lack counts as wrong.
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
        fitted = fit(recipe, samples.values[~held], samples.index[~held], count, known_groups)
        mapped[held] = predicted(fitted, samples.classes, samples.values[held])
    return confusion_of(samples.classes, samples.index, mapped)


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
) -> tuple[Confusion, Confusion | None, tuple[int, int]]:
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


def tested(
    fitted: Fitted, samples: TrainingSet, rows: BoolArray, seed: int
) -> tuple[Confusion | None, ClusterIntervals | None]:
    """The matrix of the test ``rows`` (n,), and its intervals from a bootstrap over polygons; None
    without any test samples, or without (enough) polygons among them.
    """
    if not rows.any():
        return None, None
    index, polygon = samples.index[rows], samples.places.polygon
    mapped = predicted(fitted, samples.classes, samples.values[rows])
    found = confusion_of(samples.classes, index, mapped)
    if polygon is None:
        return found, None
    count = len(samples.classes)
    return found, cluster_intervals(count, index, mapped, polygon[rows], np.zeros(count), seed)
