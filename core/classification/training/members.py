# SPDX-License-Identifier: GPL-3.0-or-later
"""Training of the estimators that models consist of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...errors import InputError
from ...types import FloatArray
from ..date_steps import Steps
from ..model import Member
from ..prediction.stored import store
from ..prediction.support_vectors import NARROWNESS, fit_vectors
from .blending import USUAL_WEIGHT, best_weight, clearly_best, held_shares, inner_folds
from .grow import forest_of

EXTRA_TREES, RANDOM_FOREST, SVM = "extra_trees", "random_forest", "svm"
HIST_GRADIENT, ENSEMBLE = "hist_gradient", "ensemble"
METHODS = (EXTRA_TREES, RANDOM_FOREST, SVM, HIST_GRADIENT, ENSEMBLE)
TREES = 300
_INNER_TREES = 100  # to find weights: their scores need no more
_MOST = 8_000  # samples to find them by: training of support vectors takes the square of the time
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
    steps: Steps | None = None,
) -> Fitted:
    """Train on ``values`` (n, features), finite, and the index (n,) of the class of each; samples
    of one ``group`` (n,) lie together, None where that is not known; ``steps`` (steps, 2) are the
    features that are consecutive dates of a band (``date_steps.steps_of``).

    Extremely randomized trees: P. Geurts et al. 2006 (10.1007/s10994-006-6226-1); random forest:
    L. Breiman 2001 (10.1023/A:1010933404324). Support vectors see the steps beside the features.
    The ensemble is the mean of the probabilities of extremely randomized trees and of support
    vectors, weighted by what cross-validation inside these samples finds best.
    Raises ``InputError`` for less than two classes.
    """
    if len(np.unique(index)) < 2:
        raise InputError("All samples are of one class: a classifier needs two or more.")
    if recipe.method == HIST_GRADIENT:
        return Fitted((Member(HIST_GRADIENT, stored=store(_boosted(recipe, values, index))),))
    if recipe.method in (EXTRA_TREES, RANDOM_FOREST):
        forest, importance = _forest(recipe, class_count, values, index)
        return Fitted((forest,), importance)
    narrowness, weight = _decided(recipe, values, index, class_count, group, steps)
    if recipe.method == SVM:
        return Fitted((_machine(steps, narrowness, values, index),))
    forest, importance = _forest(recipe, class_count, values, index)
    if weight == 0.0:
        return Fitted((forest,), importance)
    vectors = replace(_machine(steps, narrowness, values, index), weight=weight)
    return Fitted((replace(forest, weight=1.0 - weight), vectors), importance)


def _decided(
    recipe: Recipe,
    values: npt.NDArray[np.float32],
    index: npt.NDArray[np.int64],
    class_count: int,
    group: npt.NDArray[np.int64] | None,
    steps: Steps | None,
) -> tuple[float, float]:
    """The narrowness of the kernel of support vectors, and their weight beside trees in an
    ensemble, by which they are right most often on samples that they were not trained on: by folds
    inside the training samples, or ``_MOST`` of them.
    """
    some = np.sort(np.random.default_rng(recipe.seed).permutation(len(index))[:_MOST])
    values, index, group = values[some], index[some], None if group is None else group[some]
    trials = [partial(_machine, steps, one) for one in NARROWNESS]
    if recipe.method == ENSEMBLE:
        few = replace(recipe, trees=min(recipe.trees, _INNER_TREES))
        trials.append(partial(_trees, few, class_count))
    folds = inner_folds(index, group, recipe.seed)
    shares = held_shares(trials, values, index, class_count, folds)
    if shares is None:
        return NARROWNESS[0], USUAL_WEIGHT
    best = clearly_best(shares[: len(NARROWNESS)], index)
    # With no trees among the trials these are their own company, and the weight is not used.
    return NARROWNESS[best], best_weight(shares[-1], shares[best], index)


def _machine(
    steps: Steps | None,
    narrowness: float,
    values: npt.NDArray[np.float32],
    index: npt.NDArray[np.int64],
) -> Member:
    return Member(SVM, vectors=fit_vectors(values, index, steps, narrowness))


def _trees(
    recipe: Recipe,
    class_count: int,
    values: npt.NDArray[np.float32],
    index: npt.NDArray[np.int64],
) -> Member:
    return _forest(recipe, class_count, values, index)[0]


def _forest(
    recipe: Recipe,
    class_count: int,
    values: npt.NDArray[np.float32],
    index: npt.NDArray[np.int64],
) -> tuple[Member, FloatArray]:
    """The forest of ``recipe``, and the importance (features,) of the features to it."""
    grown = _grown(recipe, values, index)
    kind = RANDOM_FOREST if recipe.method == RANDOM_FOREST else EXTRA_TREES
    importance = np.asarray(grown.feature_importances_, dtype=np.float64)
    return Member(kind, forest=forest_of(grown, class_count)), importance


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
