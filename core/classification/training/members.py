# SPDX-License-Identifier: GPL-3.0-or-later
"""Training of the estimators that models consist of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...errors import InputError
from ...types import FloatArray
from ..model import Member
from ..prediction.predict import member_shares
from ..prediction.stored import store
from ..prediction.support_vectors import fit_vectors
from .blending import USUAL_WEIGHT, best_weight, inner_folds
from .grow import forest_of

EXTRA_TREES, RANDOM_FOREST, SVM = "extra_trees", "random_forest", "svm"
HIST_GRADIENT, ENSEMBLE = "hist_gradient", "ensemble"
METHODS = (EXTRA_TREES, RANDOM_FOREST, SVM, HIST_GRADIENT, ENSEMBLE)
TREES = 300
_INNER_TREES = 100  # to find weights: their scores need no more
_CANDIDATES = 4.0  # features tried at a split, times the square root of their number


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
    group: npt.NDArray[np.int64] | None = None,
) -> Fitted:
    """Train on ``values`` (n, features), finite, and the index (n,) of the class of each; samples
    of one ``group`` (n,) lie together, None where that is not known.

    Extremely randomized trees: P. Geurts et al. 2006 (10.1007/s10994-006-6226-1); random forest:
    L. Breiman 2001 (10.1023/A:1010933404324). The ensemble is the mean of the probabilities of
    extremely randomized trees and of support vectors, weighted by what
    cross-validation inside these samples finds best.
    Raises ``InputError`` for less than two classes.
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
    weight = _vector_weight(recipe, values, index, class_count, group)
    if weight == 0.0:
        return Fitted((forest,), importance)
    vectors = Member(SVM, vectors=fit_vectors(values, index), weight=weight)
    return Fitted((replace(forest, weight=1.0 - weight), vectors), importance)


def _vector_weight(
    recipe: Recipe,
    values: npt.NDArray[np.float32],
    index: npt.NDArray[np.int64],
    class_count: int,
    group: npt.NDArray[np.int64] | None,
) -> float:
    """The weight of the support vectors by which the two together are right most often on samples
    that neither was trained on: by folds inside the training samples.
    """
    folds = inner_folds(index, group, recipe.seed)
    if folds is None:
        return USUAL_WEIGHT
    shares = np.zeros((2, len(index), class_count), dtype=np.float32)
    for fold in range(int(folds.max()) + 1):
        held = folds == fold
        if len(np.unique(index[~held])) < 2:
            return USUAL_WEIGHT
        for place, method in enumerate((EXTRA_TREES, SVM)):
            one = Recipe(method, min(recipe.trees, _INNER_TREES), recipe.seed, recipe.jobs)
            (member,) = fit(one, values[~held], index[~held], class_count).members
            shares[place, held] = member_shares(member, values[held], class_count)
    return best_weight(shares[0], shares[1], index)


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
