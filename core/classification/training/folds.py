# SPDX-License-Identifier: GPL-3.0-or-later
"""Folds of cross-validation: at random, and by groups of samples that lie together."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...errors import InsufficientDataError
from ...wording import plural

FEWEST = 2


def random_folds(index: npt.NDArray[np.int64], count: int, seed: int) -> npt.NDArray[np.int64]:
    """The fold (0 to ``count`` - 1) of each sample, classes (n,) spread evenly over the folds.

    Raises ``InsufficientDataError`` where no class has ``count`` samples.
    """
    largest = int(np.bincount(index).max(initial=0))
    if largest < count:
        raise InsufficientDataError(
            f"{plural(len(index), 'sample')} to train on, {largest} at most of a class: too few "
            f"for {count} folds. Give more samples, or lower the number of folds (FOLDS)."
        )
    splitter = require("sklearn.model_selection").StratifiedKFold
    return _folds(splitter(count, shuffle=True, random_state=seed), index, None)


def spatial_folds(
    index: npt.NDArray[np.int64], group: npt.NDArray[np.int64], count: int, seed: int
) -> npt.NDArray[np.int64] | None:
    """The fold of each sample (n,), all samples of a ``group`` (n,) in the same, classes as even as
    that allows; fewer folds where there are fewer groups, None where there is one group only.
    """
    count = min(count, len(np.unique(group)), int(np.bincount(index).max(initial=0)))
    if count < FEWEST:
        return None
    splitter = require("sklearn.model_selection").StratifiedGroupKFold
    return _folds(splitter(count, shuffle=True, random_state=seed), index, group)


def _folds(
    splitter: Any, index: npt.NDArray[np.int64], group: npt.NDArray[np.int64] | None
) -> npt.NDArray[np.int64]:
    folds = np.zeros(len(index), dtype=np.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # rare classes: told in our own words
        for fold, (_, held) in enumerate(splitter.split(np.zeros(len(index)), index, group)):
            folds[held] = fold
    return folds
