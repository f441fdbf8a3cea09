# SPDX-License-Identifier: GPL-3.0-or-later
"""How much each feature matters to a classifier."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...progress import Progress, each
from ...types import FloatArray
from .members import Fitted
from .training_set import TrainingSet
from .validation import shares_of

_MOST_ROWS = 400  # shuffled at a time: enough to tell the first features from the last


def shuffled_loss(
    fitted: Fitted, samples: TrainingSet, held: npt.NDArray[np.int64], seed: int, progress: Progress
) -> FloatArray:
    """How much the mean probability of the true class falls where a feature is shuffled among the
    ``held`` samples (indices, not trained on), for each feature (features,); negative values are
    chance. Shares of right answers would tell single samples only.

    Source: L. Breiman 2001 (10.1023/A:1010933404324), section 10, with probabilities for votes.
    """
    rng = np.random.default_rng(seed)
    rows = rng.permutation(held)[:_MOST_ROWS]
    values, index = samples.values[rows], samples.index[rows]
    whole = _mean_true(fitted, samples, values, index)
    loss = np.zeros(values.shape[1])
    for place in each(list(range(values.shape[1])), progress):
        shuffled = values.copy()
        shuffled[:, place] = rng.permutation(values[:, place])
        loss[place] = whole - _mean_true(fitted, samples, shuffled, index)
    return loss


def _mean_true(
    fitted: Fitted,
    samples: TrainingSet,
    values: npt.NDArray[np.float32],
    index: npt.NDArray[np.int64],
) -> float:
    shares = shares_of(fitted, samples.classes, values)
    return float(shares[np.arange(len(index)), index].mean(dtype=np.float64))
