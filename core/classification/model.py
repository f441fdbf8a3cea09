# SPDX-License-Identifier: GPL-3.0-or-later
"""A trained classifier: plain arrays and texts, whatever made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .classes import Classes
from .date_steps import Steps, no_steps

LEAF = -1


@dataclass(frozen=True)
class Forest:
    """All nodes of all trees, one tree after the other, the children of a node after it.

    ``roots`` (trees,) are the first nodes of the trees. For each node: ``feature`` (nodes,) int32,
    ``LEAF`` at leaves; ``threshold`` (nodes,) float32: a sample whose feature (float32) is at most
    that goes to ``left``, else to ``right`` (nodes,) int32. ``shares`` (nodes, classes) float32: of
    leaves, how the training samples in it spread over the classes (sums to 1); rows of inner nodes
    are 0. Thresholds of float64 are rounded down to float32, which sends every float32 value the
    same way.
    """

    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    shares: npt.NDArray[np.float32]


@dataclass(frozen=True)
class SupportVectors:
    """Support-vector machine with the kernel exp(-``gamma`` |x - y|^2), one class against one.

    Features get their ``steps`` (steps, 2) behind them (``date_steps.with_steps``), and both are
    scaled: (value - ``center``) / ``scale``, each (features + steps,) float64. ``vectors`` (support
    vectors, features + steps) float64 are scaled, sorted by class as ``counts``
    (classes,) int64 says. ``weights`` (classes - 1, support vectors): in row j those of a vector of
    class i are for the comparison with the j-th of the other classes. ``intercepts`` (pairs,), of
    (0, 1), (0, 2), ..., (1, 2), ...: positive values of a comparison speak for its first class.
    ``present`` (classes of the machine,) int64: the index of each in the classes of the model.
    ``sharpness``: what scores are multiplied by before they become probabilities.
    """

    center: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    gamma: float
    vectors: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    intercepts: npt.NDArray[np.float64]
    present: npt.NDArray[np.int64]
    sharpness: float = 1.0
    steps: Steps = field(default_factory=no_steps)


@dataclass(frozen=True)
class Member:
    """One estimator of a model, whose class probabilities are averaged with those of the others,
    ``weight`` times: a ``forest``, a machine of support vectors (``vectors``), or an estimator of
    scikit-learn as skops keeps it (``stored``).
    """

    kind: str
    forest: Forest | None = None
    vectors: SupportVectors | None = None
    stored: bytes = b""
    weight: float = 1.0


@dataclass(frozen=True)
class Model:
    """``method`` as the user named it; ``features`` in the order of the forest's columns; the
    ``classes`` it tells apart; ``zone`` it was trained for ("" for everywhere); ``facts``: what
    JSON knows of its making (versions, counts, accuracies, parameters).
    """

    method: str
    features: tuple[str, ...]
    classes: Classes
    members: tuple[Member, ...]
    seed: int = 0
    zone: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
