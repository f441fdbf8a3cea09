# SPDX-License-Identifier: GPL-3.0-or-later
"""Forests of scikit-learn as plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ...types import AnyArray, FloatArray
from ..model import LEAF, Forest


def forest_of(estimator: Any, class_count: int) -> Forest:
    """The trees of a fitted ``RandomForestClassifier`` or ``ExtraTreesClassifier``.

    It has to be trained on indices of classes (0 to ``class_count`` - 1), of which some may be
    absent: their shares are 0.
    """
    present = np.asarray(estimator.classes_, dtype=np.int64)
    trees = [_arrays(one.tree_, present, class_count) for one in estimator.estimators_]
    return joined(trees)


def joined(trees: Sequence[Forest]) -> Forest:
    """One forest of several, in their order."""
    sizes = [len(one.feature) for one in trees]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    return Forest(
        _whole([one.roots + start for one, start in zip(trees, starts, strict=True)]),
        _whole([one.feature for one in trees]),
        np.concatenate([one.threshold for one in trees]),
        _whole([_moved(one, one.left, start) for one, start in zip(trees, starts, strict=True)]),
        _whole([_moved(one, one.right, start) for one, start in zip(trees, starts, strict=True)]),
        np.concatenate([one.shares for one in trees]),
    )


def rounded_down(thresholds: FloatArray) -> npt.NDArray[np.float32]:
    """The largest float32 that is not above each threshold: ``x <= t`` is the same for all float32
    values ``x``.
    """
    nearest = thresholds.astype(np.float32)
    below = np.nextafter(nearest, np.float32(-np.inf))
    down: npt.NDArray[np.float32] = np.where(
        nearest.astype(np.float64) > thresholds, below, nearest
    )
    return down


def _arrays(tree: Any, present: npt.NDArray[np.int64], class_count: int) -> Forest:
    leaf = tree.children_left == -1
    values = np.asarray(tree.value, dtype=np.float64)[:, 0, :]
    shares = np.zeros((len(leaf), class_count), dtype=np.float32)
    # Fractions since scikit-learn 1.3, counts before: both are divided by their sum.
    shares[:, present] = values / values.sum(axis=1, keepdims=True)
    shares[~leaf] = 0.0
    threshold = rounded_down(np.where(leaf, 0.0, tree.threshold))
    return Forest(
        np.zeros(1, dtype=np.int32),
        np.where(leaf, LEAF, tree.feature).astype(np.int32),
        threshold,
        np.where(leaf, LEAF, tree.children_left).astype(np.int32),
        np.where(leaf, LEAF, tree.children_right).astype(np.int32),
        shares,
    )


def _moved(forest: Forest, children: AnyArray, start: np.int64) -> AnyArray:
    moved: AnyArray = np.where(forest.feature == LEAF, LEAF, children + start)
    return moved


def _whole(parts: Sequence[AnyArray]) -> npt.NDArray[np.int32]:
    return np.concatenate(parts).astype(np.int32)
