# SPDX-License-Identifier: GPL-3.0-or-later
"""Forests laid out for speed: eight bytes a node, siblings side by side, tree after tree.

Branch-free traversal of packed nodes, several samples at a time: Asadi, Lin and de Vries 2014
(10.1109/TKDE.2013.73).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..model import LEAF, Forest

_PACKED_BITS = 32
_HIGHEST = np.uint32(0xFFFF_FFFF)
_SIGN = np.uint32(0x8000_0000)


@dataclass(frozen=True)
class PackedForest:
    """``nodes`` (nodes,): the upper half is the threshold as ``sortable``, the lower one the
    feature (above ``shift`` bits) and the place of the left child in its tree; the right child
    follows it. Leaves are their own children, whatever the value. ``starts`` (trees + 1,): where
    trees begin. ``leaf`` (nodes,): the class of a leaf of one class alone, else -1 - the row of
    ``shares`` (rows, classes).
    """

    nodes: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    leaf: npt.NDArray[np.int32]
    shares: npt.NDArray[np.float32]
    shift: int

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return sum(one.nbytes for one in (self.nodes, self.starts, self.leaf, self.shares))


def packed(forest: Forest) -> PackedForest:
    """``forest`` in the layout of the kernel; raises ``InputError`` where a tree has more nodes
    than fit beside the features (over 4 million nodes at 1000 features).
    """
    features = int(forest.feature.max(initial=0)) + 1
    shift = _PACKED_BITS - max(1, int(features - 1).bit_length())
    trees = [_ordered(forest, root) for root in forest.roots]
    order = np.concatenate([one for one, _ in trees])
    child = np.concatenate([one for _, one in trees])
    starts = np.cumsum([0, *(len(one) for one, _ in trees)]).astype(np.int64)
    if np.diff(starts).max() > 2**shift:
        raise InputError(
            f"A tree of the model has {np.diff(starts).max()} nodes, too many beside {features} "
            "features. Train with fewer features or fewer samples."
        )
    inner = forest.feature[order] != LEAF
    key = np.where(inner, sortable(forest.threshold[order]), _HIGHEST).astype(np.uint64)
    feature = np.where(inner, forest.feature[order], 0).astype(np.uint64)
    low = np.bitwise_or(np.left_shift(feature, np.uint64(shift)), child.astype(np.uint64))
    nodes = np.bitwise_or(np.left_shift(key, np.uint64(_PACKED_BITS)), low)
    leaf, rows = _leaves(forest.shares[order], inner)
    return PackedForest(nodes, starts, leaf, rows, shift)


def sortable(values: npt.NDArray[np.float32]) -> npt.NDArray[np.uint32]:
    """Whole numbers in the order of ``values`` (float32, any shape); NaN comes last, after
    infinity, so that it is above every threshold.
    """
    bits = np.ascontiguousarray(values + np.float32(0.0)).view(np.uint32)  # no -0.0
    ordered = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    return np.where(np.isnan(values), _HIGHEST, ordered).astype(np.uint32)


def _ordered(forest: Forest, root: np.int32) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The nodes of a tree level by level, siblings side by side, and the place of the left child
    of each, its own place for leaves.
    """
    level = np.array([root], dtype=np.int64)
    order, children, start = [], [], 0
    while len(level):
        inner = forest.feature[level] != LEAF
        child = start + np.arange(len(level))
        start += len(level)
        child[inner] = start + 2 * np.arange(np.count_nonzero(inner))
        order.append(level)
        children.append(child)
        parents = level[inner]
        level = np.stack([forest.left[parents], forest.right[parents]], axis=1).ravel()
        level = level.astype(np.int64)
    return np.concatenate(order), np.concatenate(children)


def _leaves(
    shares: npt.NDArray[np.float32], inner: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    best = shares.argmax(axis=1)
    mixed = ~inner & (shares[np.arange(len(shares)), best] != 1.0)
    leaf = best.astype(np.int32)
    leaf[mixed] = -1 - np.arange(np.count_nonzero(mixed), dtype=np.int32)
    rows = np.ascontiguousarray(shares[mixed])
    return leaf, rows if len(rows) else np.zeros((1, shares.shape[1]), dtype=np.float32)
