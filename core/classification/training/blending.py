# SPDX-License-Identifier: GPL-3.0-or-later
"""What cross-validation inside the training samples decides: how much each of two estimators counts
in their mean, and which of several settings is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from ..model import Member
from ..prediction.predict import member_shares
from .folds import random_folds, spatial_folds

USUAL_WEIGHT = 0.4  # of the second, where there are too few samples to find out
_WEIGHTS = np.arange(8) / 10.0
_FOLDS = 4

Values = npt.NDArray[np.float32]
Index = npt.NDArray[np.int64]
Trial = Callable[[Values, Index], Member]


def inner_folds(index: Index, group: Index | None, seed: int) -> Index | None:
    """Folds (n,) inside the training samples, groups held together where they are known; None where
    no class has as many samples as there are folds, or all samples lie together.
    """
    if np.bincount(index).max() < _FOLDS:
        return None
    if group is None:
        return random_folds(index, _FOLDS, seed)
    return spatial_folds(index, group, _FOLDS, seed)


def held_shares(
    trials: Sequence[Trial], values: Values, index: Index, class_count: int, folds: Index | None
) -> npt.NDArray[np.float32] | None:
    """The class probabilities (trials, n, classes) that each of the ``trials`` gives the samples of
    a fold when it is trained on the others; None without ``folds``, or where that leaves one class.
    """
    if folds is None:
        return None
    shares = np.zeros((len(trials), len(index), class_count), dtype=np.float32)
    for fold in range(int(folds.max()) + 1):
        held = folds == fold
        if len(np.unique(index[~held])) < 2:
            return None
        for place, trial in enumerate(trials):
            member = trial(values[~held], index[~held])
            shares[place, held] = member_shares(member, values[held], class_count)
    return shares


def best_weight(
    first: npt.NDArray[np.float32], second: npt.NDArray[np.float32], index: Index
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


def clearly_best(shares: npt.NDArray[np.float32], index: Index) -> int:
    """The place of that of the ``shares`` (settings, n, classes) which is right most often among
    those that beat the first one by more than the standard error of the difference; else 0.

    A choice between equals would follow single samples. Source of the rule of one standard error:
    L. Breiman et al. 1984, Classification and Regression Trees (10.1201/9781315139470), 3.4.3.
    """
    right = (shares.argmax(axis=2) == index).astype(np.float64)
    gains = right - right[0]
    error = gains.std(axis=1) / np.sqrt(len(index))
    clear = gains.mean(axis=1) > error
    return int(np.where(clear, gains.mean(axis=1), 0.0).argmax())
