# SPDX-License-Identifier: GPL-3.0-or-later
"""Support-vector machines as plain arrays: trained by scikit-learn, applied by numpy.

Every pair of classes has its own machine (one against one). Platt's probabilities are not used:
they are fitted by an inner cross-validation that leaves rare classes next to nothing. The decision
values of the pairs vote instead, each with its logistic function, and the sums of votes become
probabilities by softmax.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...types import FloatArray
from ..date_steps import Steps, no_steps, with_steps
from ..model import SupportVectors

PENALTY = 10.0  # C
STEP_WEIGHT = 0.5  # of differences from date to date, beside the values
NARROWNESS = (1.0, 4.0)  # gamma times features and steps
SHARPNESS = 8.0  # of a vote: at a decision value of 0.5, half of the margin, it is 0.98
_BLOCK = 512  # samples at a time: the kernel matrix stays small


def fit_vectors(
    values: npt.NDArray[np.float32],
    index: npt.NDArray[np.int64],
    steps: Steps | None = None,
    narrowness: float = NARROWNESS[0],
) -> SupportVectors:
    """Train on ``values`` (n, features) and the index of the class of each, two classes at least.

    Features are scaled to mean 0 and standard deviation 1, their ``steps`` (steps, 2), which come
    after them, to ``STEP_WEIGHT``; gamma is ``narrowness`` / (features + steps). Source: C. Cortes
    and V. Vapnik 1995 (10.1007/BF00994018).
    """
    svm = require("sklearn.svm")
    steps = no_steps() if steps is None else steps
    wide = with_steps(values, steps)
    center, scale = _scaling(wide)
    scale[values.shape[1] :] /= STEP_WEIGHT
    gamma = narrowness / wide.shape[1]
    scaled = (wide - center) / scale
    machine: Any = svm.SVC(C=PENALTY, gamma=gamma, decision_function_shape="ovo")
    machine.fit(scaled, index)
    # Of two classes scikit-learn turns the sign: positive speaks for the second.
    sign = -1.0 if len(machine.classes_) == 2 else 1.0
    return SupportVectors(
        center,
        scale,
        gamma,
        np.asarray(machine.support_vectors_, dtype=np.float64),
        np.asarray(machine.n_support_, dtype=np.int64),
        sign * np.asarray(machine.dual_coef_, dtype=np.float64),
        sign * np.asarray(machine.intercept_, dtype=np.float64),
        np.asarray(machine.classes_, dtype=np.int64),
        SHARPNESS,
        steps,
    )


def vector_shares(
    vectors: SupportVectors, values: npt.NDArray[np.float32], class_count: int
) -> npt.NDArray[np.float32]:
    """Class probabilities (n, classes) of ``values`` (n, features); 0 for untrained classes."""
    shares = np.zeros((len(values), class_count), dtype=np.float32)
    for start in range(0, len(values), _BLOCK):
        rows = slice(start, start + _BLOCK)
        votes = votes_of(decisions(vectors, values[rows]), len(vectors.present), vectors.sharpness)
        votes = np.exp(votes - votes.max(axis=1, keepdims=True))
        shares[rows, vectors.present] = votes / votes.sum(axis=1, keepdims=True)
    return shares


def decisions(vectors: SupportVectors, values: npt.NDArray[np.float32]) -> FloatArray:
    """Decision values (n, pairs) of the pairs (0, 1), (0, 2), ..., (1, 2), ...; positive ones speak
    for the first class of the pair.
    """
    kernel = _kernel(vectors, values)
    ends = np.cumsum(vectors.counts)
    parts = [
        kernel[:, end - count : end] @ vectors.weights[:, end - count : end].T
        for end, count in zip(ends, vectors.counts, strict=True)
    ]
    found = np.empty((len(values), len(vectors.intercepts)))
    for place, (one, other) in enumerate(combinations(range(len(parts)), 2)):
        found[:, place] = parts[one][:, other - 1] + parts[other][:, one]
    return found + vectors.intercepts


def votes_of(found: FloatArray, count: int, sharpness: float) -> FloatArray:
    """Sums of votes (n, ``count``) of decision values (n, pairs): of each pair, both classes share
    one vote.
    """
    for_first = 0.5 + 0.5 * np.tanh(0.5 * sharpness * found)  # the logistic function, unspillable
    votes = np.zeros((len(found), count))
    for place, (one, other) in enumerate(combinations(range(count), 2)):
        votes[:, one] += for_first[:, place]
        votes[:, other] += 1.0 - for_first[:, place]
    return votes


def _kernel(vectors: SupportVectors, values: npt.NDArray[np.float32]) -> FloatArray:
    scaled = (with_steps(values, vectors.steps) - vectors.center) / vectors.scale
    # In place: the matrix is larger than what it is made of, and memory is what it waits for.
    kernel: FloatArray = scaled @ vectors.vectors.T
    kernel *= -2.0
    kernel += (scaled**2).sum(axis=1)[:, None] + (vectors.vectors**2).sum(axis=1)
    np.maximum(kernel, 0.0, out=kernel)
    kernel *= -vectors.gamma
    np.exp(kernel, out=kernel)
    return kernel


def _scaling(values: npt.NDArray[np.float32]) -> tuple[FloatArray, FloatArray]:
    wide = values.astype(np.float64)
    scale = wide.std(axis=0)
    scale[scale == 0.0] = 1.0
    return wide.mean(axis=0), scale
