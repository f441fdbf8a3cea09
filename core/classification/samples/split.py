# SPDX-License-Identifier: GPL-3.0-or-later
"""Polygons to training and test, and to folds of spatial blocks: a polygon is never on both sides.

Blocks: Roberts et al. 2017 (10.1111/ecog.02881); buffers around test places: Le Rest et al. 2014
(10.1111/geb.12161).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ...types import AnyArray, BoolArray, FloatArray
from .settings import random_numbers

UNUSED, TRAIN, TEST = 0, 1, 2
IntArray = npt.NDArray[np.int64]


def groups_of(zones: AnyArray, labels: AnyArray) -> Iterator[tuple[str, str, IntArray]]:
    """Zone, class and rows of each zone and class that occur in the texts ``zones``, ``labels``
    (n,), in alphabetical order.
    """
    names = sorted(set(zip(zones.tolist(), labels.tolist(), strict=True)))
    places = {name: place for place, name in enumerate(names)}
    pairs = zip(zones.tolist(), labels.tolist(), strict=True)
    numbers = np.array([places[pair] for pair in pairs], dtype=np.int64)
    order = np.argsort(numbers, kind="stable")
    cuts = np.searchsorted(numbers[order], np.arange(len(names) + 1))
    for place, (zone, label) in enumerate(names):
        yield zone, label, order[cuts[place] : cuts[place + 1]]


def split_polygons(
    zones: AnyArray, labels: AnyArray, ratio: float, runs: int, seed: int
) -> npt.NDArray[np.int8]:
    """``TRAIN`` or ``TEST`` (polygons, runs) of polygons of ``zones`` and classes ``labels`` (n,).

    In each zone and class, ``ratio`` of the polygons train, rounded (half up), but at least one
    and not all; a single one trains, and the class cannot be validated there. A ratio of 1 leaves
    no test. Each run, zone and class draws by itself.
    """
    sides = np.full((len(labels), runs), TEST, dtype=np.int8)
    for zone, label, rows in groups_of(zones, labels):
        count = len(rows)
        most = count if count == 1 or ratio >= 1.0 else count - 1
        train = min(max(int(np.floor(count * ratio + 0.5)), 1), most)
        for run in range(runs):
            order = random_numbers(seed, "split", run, zone, label).permutation(count)
            sides[rows[order[:train]], run] = TRAIN
    return sides


def with_buffer(sides: npt.NDArray[np.int8], near: IntArray) -> npt.NDArray[np.int8]:
    """``sides`` (polygons, runs) where training polygons ``near`` (pairs, 2) a test polygon are
    ``UNUSED``.
    """
    kept = sides.copy()
    for first, second in ((near[:, 0], near[:, 1]), (near[:, 1], near[:, 0])):
        for run in range(sides.shape[1]):
            crossing = (sides[first, run] == TRAIN) & (sides[second, run] == TEST)
            kept[first[crossing], run] = UNUSED
    return kept


def block_folds(
    x: FloatArray, y: FloatArray, labels: AnyArray, weights: IntArray, side: tuple[float, float],
    folds: int, seed: int,
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """Fold (polygons,), 1 to ``folds``, and block of polygons with centers ``x``, ``y`` (n,).

    Blocks are squares with ``side`` (in units of x and y); all polygons of one are in one fold. The
    largest block goes first, each to the fold in which its classes are rarest so far, counted by
    ``weights`` (samples of each polygon); of such folds, to the emptiest. Where blocks are
    fewer than folds, some folds are empty.
    """
    cells = np.stack([np.floor(x / side[0]), np.floor(y / side[1])], axis=1)
    _, blocks = np.unique(cells, axis=0, return_inverse=True)
    blocks = blocks.reshape(-1)
    names, classes = np.unique(labels.astype(str), return_inverse=True)
    counts = np.zeros((blocks.max(initial=-1) + 1, len(names)))
    np.add.at(counts, (blocks, classes), np.maximum(weights, 1))
    shares = counts / np.maximum(counts.sum(axis=0), 1.0)
    ties = random_numbers(seed, "folds").permutation(len(shares))
    order = np.lexsort((ties, -shares.sum(axis=1)))
    fold_of, filled = np.zeros(len(shares), np.int64), np.zeros((folds, len(names)))
    sizes = np.zeros(folds)
    for block in order:
        cost = np.round(((filled + shares[block]) ** 2 - filled**2).sum(axis=1), 12)
        # Of folds that are as good, the emptiest: a class of one block goes where there is room.
        fold = int(np.lexsort((sizes, cost))[0])
        sizes[fold] += counts[block].sum()
        fold_of[block] = fold
        filled[fold] += shares[block]
    return fold_of[blocks] + 1, blocks


def sole(labels: AnyArray, groups: AnyArray, known: BoolArray | None = None) -> dict[str, object]:
    """The classes of ``labels`` (n,) that live in one of several ``groups`` (n,), with that group;
    nothing where there is one group only.
    """
    mask = np.ones(len(labels), np.bool_) if known is None else known
    if len(set(groups[mask].tolist())) < 2:
        return {}
    found = {}
    for label in sorted(set(labels[mask].tolist())):
        own = set(groups[mask & (labels == label)].tolist())
        if len(own) == 1:
            found[label] = own.pop()
    return found
