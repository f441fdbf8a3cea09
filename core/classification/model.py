# SPDX-License-Identifier: GPL-3.0-or-later
"""A trained classifier: plain arrays and texts, whatever made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .classes import Classes

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
class Member:
    """One estimator of a model, whose class probabilities are averaged with those of the others:
    a ``forest``, or an estimator of scikit-learn as skops keeps it (``stored``).
    """

    kind: str
    forest: Forest | None = None
    stored: bytes = b""


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
