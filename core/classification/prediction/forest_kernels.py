# SPDX-License-Identifier: GPL-3.0-or-later
"""Forests walked through without branches: a block of samples in the cache, tree by tree, all
samples one step at a time, so that none waits for another one's memory. Those that have arrived in
a leaf are dropped from the list after every fourth step: paths differ in length by a factor of two.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...jit import Kernel

BLOCK = 512
STEPS = 3  # between two looks at which samples still move
_LOW = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)
_NONE = np.uint64(0)
_ONE = np.uint64(1)
_HIGHEST = np.uint32(0xFFFF_FFFF)
_SIGN = np.uint32(0x8000_0000)
_NUMBER = np.uint32(0x7FFF_FFFF)
_INFINITE = np.uint32(0x7F80_0000)


@Kernel
def sort_block(bits: Any, start: int, count: int, keys: Any) -> None:
    """``packed_forest.sortable`` of samples ``start`` to ``start + count`` of ``bits`` (features,
    n), the bits of float32, into ``keys``: the features of a sample follow each other.
    """
    features = bits.shape[0]
    for feature in range(features):
        for place in range(count):
            value = bits[feature, start + place]
            if (value & _NUMBER) > _INFINITE:
                key = _HIGHEST
            elif value & _SIGN:
                key = _SIGN if value == _SIGN else np.uint32(~value)
            else:
                key = np.uint32(value | _SIGN)
            keys[place * features + feature] = key


@Kernel
def add_block(
    nodes: Any, starts: Any, leaf: Any, shares: Any, shift: Any, keys: Any, features: int,
    count: int, total: Any,
) -> None:  # fmt: skip
    """``total`` (``BLOCK``, classes): the sum over the trees of the shares of the leaves that
    ``count`` samples reach.
    """
    # Unsigned places throughout: numba looks at every signed one whether it counts from the end.
    total[:] = 0.0
    mask = (_ONE << shift) - _ONE
    width = np.uint64(features)
    here = np.empty(BLOCK, np.uint32)
    moving = np.empty(BLOCK, np.uint32)
    for tree in range(len(starts) - 1):
        root = np.uint64(starts[tree])
        for place in range(count):
            here[place] = 0
            moving[place] = place
        left: Any = np.uint64(count)
        while left > _NONE:
            for _ in range(STEPS):
                for turn in range(left):
                    at = np.uint64(moving[turn])
                    node = nodes[root + np.uint64(here[at])]
                    key = np.uint64(keys[at * width + ((node & _LOW) >> shift)])
                    here[at] = np.uint32((node & mask) + np.uint64(key > (node >> _HALF)))
            still: Any = _NONE
            for turn in range(left):
                at = np.uint64(moving[turn])
                before = here[at]
                node = nodes[root + np.uint64(before)]
                key = np.uint64(keys[at * width + ((node & _LOW) >> shift)])
                after = np.uint32((node & mask) + np.uint64(key > (node >> _HALF)))
                here[at] = after
                moving[still] = np.uint32(at)
                still += np.uint64(after != before)
            left = still
        for place in range(count):
            found = leaf[root + np.uint64(here[place])]
            if found >= 0:
                total[place, found] += 1.0
            else:
                row = np.uint64(-1 - found)
                for one in range(total.shape[1]):
                    total[place, one] += shares[row, one]


@Kernel
def winners(
    bits: Any, nodes: Any, starts: Any, leaf: Any, shares: Any, shift: Any, winner: Any, share: Any
) -> None:
    """``winner`` (n,): the class of the largest mean share (the first one of equal ones) of samples
    ``bits`` (features, n); ``share`` (n,) float32: that share.
    """
    features, samples = bits.shape
    trees, classes = len(starts) - 1, shares.shape[1]
    keys = np.empty(BLOCK * features, np.uint32)
    total = np.empty((BLOCK, classes))
    for start in range(0, samples, BLOCK):
        count = min(BLOCK, samples - start)
        sort_block(bits, start, count, keys)
        add_block(nodes, starts, leaf, shares, shift, keys, features, count, total)
        for place in range(count):
            best, most = 0, np.float32(-1.0)
            for one in range(classes):
                mean = np.float32(total[place, one] / trees)
                if mean > most:
                    best, most = one, mean
            winner[start + place] = best
            share[start + place] = most


@Kernel
def means(
    bits: Any, nodes: Any, starts: Any, leaf: Any, shares: Any, shift: Any, mean: Any
) -> None:
    """``mean`` (n, classes) float32: the mean over the trees of the shares of the leaves."""
    features, samples = bits.shape
    trees, classes = len(starts) - 1, shares.shape[1]
    keys = np.empty(BLOCK * features, np.uint32)
    total = np.empty((BLOCK, classes))
    for start in range(0, samples, BLOCK):
        count = min(BLOCK, samples - start)
        sort_block(bits, start, count, keys)
        add_block(nodes, starts, leaf, shares, shift, keys, features, count, total)
        for place in range(count):
            for one in range(classes):
                mean[start + place, one] = np.float32(total[place, one] / trees)
