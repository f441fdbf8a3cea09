# SPDX-License-Identifier: GPL-3.0-or-later
"""Forests walked through in plain numpy: the reference of every faster way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..model import LEAF, Forest


def traverse(forest: Forest, values: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
    """The leaf (index of its node) that each sample of ``values`` (n, features) reaches in each
    tree: (trees, n). NaN goes right, as every comparison with it is false.
    """
    samples = np.arange(len(values))
    leaves = np.empty((len(forest.roots), len(values)), dtype=np.int32)
    for tree, root in enumerate(forest.roots):
        node = np.full(len(values), root, dtype=np.int32)
        moving = samples[forest.feature[node] != LEAF]
        while len(moving):
            here = node[moving]
            value = values[moving, forest.feature[here]]
            left = value <= forest.threshold[here]
            node[moving] = np.where(left, forest.left[here], forest.right[here])
            moving = moving[forest.feature[node[moving]] != LEAF]
        leaves[tree] = node
    return leaves


def mean_shares(forest: Forest, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Class probabilities (n, classes): the mean over the trees of the shares of the leaves."""
    total = np.zeros((len(values), forest.shares.shape[1]))
    for leaves in traverse(forest, values):
        total += forest.shares[leaves]
    mean: npt.NDArray[np.float32] = (total / max(len(forest.roots), 1)).astype(np.float32)
    return mean
