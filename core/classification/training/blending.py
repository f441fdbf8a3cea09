# SPDX-License-Identifier: GPL-3.0-or-later
"""How much each of two estimators counts in their mean."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .folds import random_folds, spatial_folds

USUAL_WEIGHT = 0.4  # of the second, where there are too few samples to find out
_WEIGHTS = np.arange(8) / 10.0
_FOLDS = 4


def inner_folds(
    index: npt.NDArray[np.int64], group: npt.NDArray[np.int64] | None, seed: int
) -> npt.NDArray[np.int64] | None:
    """Folds (n,) inside the training samples, groups held together where they are known; None where
    no class has as many samples as there are folds, or all samples lie together.
    """
    if np.bincount(index).max() < _FOLDS:
        return None
    if group is None:
        return random_folds(index, _FOLDS, seed)
    return spatial_folds(index, group, _FOLDS, seed)


def best_weight(
    first: npt.NDArray[np.float32],
    second: npt.NDArray[np.float32],
    index: npt.NDArray[np.int64],
) -> float:
    """The weight (0 to 0.7) of the ``second`` shares (n, classes) by which the mean is right most
    often; scores of neighboring weights are averaged, as single samples decide them otherwise.
    """
    right = [
        float(np.mean(((1.0 - weight) * first + weight * second).argmax(axis=1) == index))
        for weight in _WEIGHTS
    ]
    padded = np.pad(right, 1, mode="edge")
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3.0
    # Rounded: the order of sums must not decide between equal scores. The first is the smallest.
    return float(_WEIGHTS[int(np.round(smooth, 9).argmax())])
