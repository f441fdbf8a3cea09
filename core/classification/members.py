# SPDX-License-Identifier: GPL-3.0-or-later
"""Training of the estimators that models consist of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..dependencies import require
from ..errors import InputError
from ..types import FloatArray
from .grow import forest_of
from .model import Member
from .stored import store
from .support_vectors import fit_vectors

EXTRA_TREES, RANDOM_FOREST, SVM = "extra_trees", "random_forest", "svm"
HIST_GRADIENT, ENSEMBLE = "hist_gradient", "ensemble"
METHODS = (EXTRA_TREES, RANDOM_FOREST, SVM, HIST_GRADIENT, ENSEMBLE)
TREES = 300
_CANDIDATES = 4.0  # features tried at a split, times the square root of their number
VECTOR_WEIGHT = 1.0  # of the support vectors in the ensemble, the forest has 1


@dataclass(frozen=True)
class Recipe:
    """``method``: one of ``METHODS``; ``trees`` of forests, or rounds of boosting / 3; ``seed``:
    the same model for the same one, on any number of ``jobs`` (threads, -1: one per core).
    """

    method: str = EXTRA_TREES
    trees: int = TREES
    seed: int = 0
    jobs: int = -1


@dataclass(frozen=True)
class Fitted:
    """``members`` of a model; ``importance`` (features,) of the forest in them (sums to 1), None
    where there is none.
    """

    members: tuple[Member, ...]
    importance: FloatArray | None = None


def fit(
    recipe: Recipe,
    values: npt.NDArray[np.float32],
    index: npt.NDArray[np.int64],
    class_count: int,
) -> Fitted:
    """Train on ``values`` (n, features), finite, and the index (n,) of the class of each.

    Extremely randomized trees: P. Geurts et al. 2006 (10.1007/s10994-006-6226-1); random forest:
    L. Breiman 2001 (10.1023/A:1010933404324). The ensemble is the mean of the probabilities of
    extremely randomized trees and of support vectors. Raises ``InputError`` for less than two
    classes.
    """
    if len(np.unique(index)) < 2:
        raise InputError("All samples are of one class: a classifier needs two or more.")
    if recipe.method == SVM:
        return Fitted((Member(SVM, vectors=fit_vectors(values, index)),))
    if recipe.method == HIST_GRADIENT:
        return Fitted((Member(HIST_GRADIENT, stored=store(_boosted(recipe, values, index))),))
    grown = _grown(recipe, values, index)
    kind = RANDOM_FOREST if recipe.method == RANDOM_FOREST else EXTRA_TREES
    forest = Member(kind, forest=forest_of(grown, class_count))
    importance = np.asarray(grown.feature_importances_, dtype=np.float64)
    if recipe.method != ENSEMBLE:
        return Fitted((forest,), importance)
    vectors = Member(SVM, vectors=fit_vectors(values, index), weight=VECTOR_WEIGHT)
    return Fitted((forest, vectors), importance)


def _grown(recipe: Recipe, values: npt.NDArray[np.float32], index: npt.NDArray[np.int64]) -> Any:
    ensemble = require("sklearn.ensemble")
    common: dict[str, Any] = {"random_state": recipe.seed, "n_jobs": recipe.jobs}
    if recipe.method == RANDOM_FOREST:
        return ensemble.RandomForestClassifier(recipe.trees, **common).fit(values, index)
    tried = min(max(round(_CANDIDATES * values.shape[1] ** 0.5), 1), values.shape[1])
    grown = ensemble.ExtraTreesClassifier(recipe.trees, max_features=tried, **common)
    return grown.fit(values, index)


def _boosted(recipe: Recipe, values: npt.NDArray[np.float32], index: npt.NDArray[np.int64]) -> Any:
    ensemble = require("sklearn.ensemble")
    rounds = max(recipe.trees // 3, 1)
    boosted = ensemble.HistGradientBoostingClassifier(
        max_iter=rounds, early_stopping=False, random_state=recipe.seed
    )
    boosted.fit(values, index)
    vars(boosted).pop("_feature_subsample_rng", None)  # of training alone; skops cannot keep it
    return boosted
