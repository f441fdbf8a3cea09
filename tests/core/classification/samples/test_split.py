# SPDX-License-Identifier: GPL-3.0-or-later
"""Splits by polygon, folds by block, buffers: counted by hand, and laws for any reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sample_world import PIXEL, outline, wkt

from calval_toolbox.core.classification.samples.split import (
    TEST,
    TRAIN,
    UNUSED,
    block_folds,
    sole,
    split_polygons,
    with_buffer,
)
from calval_toolbox.core.io.grids import Grid
from calval_toolbox.core.io.reference_shapes import largest_overlap, near_pairs

GRID = Grid(wkt(), (368000.0, PIXEL, 0.0, 4826000.0, 0.0, -PIXEL), 100, 100)
names = some.lists(
    some.tuples(some.sampled_from(["north", "south"]), some.sampled_from("abcd")),
    min_size=1, max_size=40,
)  # fmt: skip


def texts(values: list[str]) -> np.ndarray:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


@pytest.mark.parametrize(
    ("count", "ratio", "train"),
    [
        (1, 0.5, 1), (2, 0.5, 1), (3, 0.5, 2), (4, 0.5, 2), (5, 0.5, 3), (10, 0.7, 7),
        (10, 0.25, 3), (2, 0.99, 1), (7, 0.01, 1), (3, 1.0, 3), (1, 0.1, 1),
    ],
)  # fmt: skip
def test_counts_by_hand(count: int, ratio: float, train: int) -> None:
    labels = texts(["a"] * count + ["b"] * 4)
    sides = split_polygons(texts([""] * (count + 4)), labels, ratio, 3, 7)
    assert (sides[:count] == TRAIN).sum(axis=0).tolist() == [train] * 3
    assert (sides[:count] == TEST).sum(axis=0).tolist() == [count - train] * 3


@given(names, some.floats(0.05, 0.95), some.integers(0, 9))
def test_both_sides_in_each_zone_and_class_with_two_polygons(
    pairs: list[tuple[str, str]], ratio: float, seed: int
) -> None:
    zones, labels = texts([one for one, _ in pairs]), texts([one for _, one in pairs])
    sides = split_polygons(zones, labels, ratio, 2, seed)
    for zone, label in set(pairs):
        own = sides[(zones == zone) & (labels == label)]
        for run in range(2):
            found = set(own[:, run].tolist())
            assert found == ({TRAIN} if len(own) == 1 else {TRAIN, TEST})


def test_another_class_or_zone_changes_nothing() -> None:
    labels = texts(["a"] * 9 + ["b"] * 5)
    alone = split_polygons(texts(["n"] * 9), labels[:9], 0.5, 4, 3)
    beside = split_polygons(texts(["n"] * 9 + ["s"] * 5), labels, 0.5, 4, 3)
    assert np.array_equal(alone, beside[:9])


def test_runs_are_independent() -> None:
    """Over 4000 runs each of 6 polygons trains half the time, each pair together 1/5 of it, and one
    run says nothing of the next.
    """
    sides = split_polygons(texts([""] * 6), texts(["a"] * 6), 0.5, 4000, 1) == TRAIN
    spread = 4.5 * 0.5 / np.sqrt(4000)
    assert np.abs(sides.mean(axis=1) - 0.5).max() < spread
    together = (sides[:, None, :] & sides[None, :, :]).mean(axis=2)
    pairs = together[np.triu_indices(6, 1)]
    assert np.abs(pairs - 0.2).max() < 4.5 * np.sqrt(0.2 * 0.8 / 4000)
    again = (sides[:, 1:] & sides[:, :-1]).mean(axis=1)
    assert np.abs(again - 0.25).max() < 4.5 * np.sqrt(0.25 * 0.75 / 4000) * 1.2
    # Overlap of two training sets of 3 out of 6: hypergeometric, 1, 9, 9, 1 of 20.
    shared = np.bincount((sides[:, ::2] & sides[:, 1::2]).sum(axis=0), minlength=4) / 2000
    assert shared == pytest.approx([0.05, 0.45, 0.45, 0.05], abs=0.05)


def test_seeds_differ() -> None:
    zones, labels = texts([""] * 40), texts(["a"] * 40)
    one, other = (split_polygons(zones, labels, 0.5, 1, seed) for seed in (1, 2))
    assert not np.array_equal(one, other)
    assert np.array_equal(one, split_polygons(zones, labels, 0.5, 1, 1))


def test_buffer_takes_training_polygons_only() -> None:
    sides = np.array([[TRAIN, TEST], [TEST, TRAIN], [TRAIN, TRAIN], [TEST, TEST]], dtype=np.int8)
    near = np.array([[0, 1], [0, 2]])
    made = with_buffer(sides, near)
    assert made.tolist() == [[UNUSED, TEST], [TEST, UNUSED], [TRAIN, UNUSED], [TEST, TEST]]


def test_distance_is_from_edge_to_edge_in_meters() -> None:
    # Gaps of 3 pixels (30 m) to the right, of 5 pixels (50 m) downwards.
    shapes = [outline((0, 0, 4, 4)), outline((7, 0, 4, 4)), outline((0, 9, 4, 4))]
    assert near_pairs(shapes, 30.1, GRID).tolist() == [[0, 1]]
    assert near_pairs(shapes, 29.9, GRID).tolist() == []
    assert near_pairs(shapes, 50.1, GRID).tolist() == [[0, 1], [0, 2]]
    # From (7, 4) to (4, 9): 3 and 5 pixels, 58.3 m.
    assert near_pairs(shapes, 58.4, GRID).tolist() == [[0, 1], [0, 2], [1, 2]]
    assert near_pairs(shapes, 58.2, GRID).tolist() == [[0, 1], [0, 2]]


def test_distance_in_degrees_is_in_meters_too() -> None:
    """At 60 degrees north a degree of longitude is half as long as one of latitude."""
    step = 0.001
    grid = Grid(wkt(4326), (10.0, step, 0.0, 60.05, 0.0, -step), 100, 100)

    def square(x: float, y: float) -> bytes:
        from calval_toolbox.core.io.geometries import polygon

        return polygon([(x, y), (x + step, y), (x + step, y + step), (x, y + step), (x, y)])

    shapes = [square(10.0, 60.0), square(10.0 + 2 * step, 60.0)]  # 0.001 degrees: 55.6 m
    assert len(near_pairs(shapes, 56.5, grid)) == 1
    assert len(near_pairs(shapes, 54.5, grid)) == 0
    along = [square(10.0, 60.0), square(10.0, 60.0 + 2 * step)]  # 0.001 degrees: 111.2 m
    assert len(near_pairs(along, 112.0, grid)) == 1
    assert len(near_pairs(along, 110.0, grid)) == 0


@given(names, some.integers(2, 6), some.integers(0, 5))
def test_folds_keep_blocks_whole(pairs: list[tuple[str, str]], folds: int, seed: int) -> None:
    labels = texts([one for _, one in pairs])
    rng = np.random.default_rng(len(pairs))
    x, y = rng.uniform(0, 1000, (2, len(pairs)))
    weights = rng.integers(0, 50, len(pairs))
    fold, block = block_folds(x, y, labels, weights, (200.0, 300.0), folds, seed)
    assert fold.min() >= 1
    assert fold.max() <= folds
    cells = np.floor(x / 200.0) * 1000 + np.floor(y / 300.0)
    for cell in np.unique(cells):
        assert len(set(fold[cells == cell].tolist())) == 1
        assert len(set(block[cells == cell].tolist())) == 1


def test_folds_are_balanced_by_class() -> None:
    """20 blocks of one class and 20 of another, equal in size: 4 of each in each of 5 folds."""
    x, y = np.arange(40) * 100.0 + 50.0, np.full(40, 50.0)
    labels = texts(["a", "b"] * 20)
    fold, _ = block_folds(x, y, labels, np.full(40, 30), (100.0, 100.0), 5, 0)
    for label in "ab":
        assert np.bincount(fold[labels == label])[1:].tolist() == [4] * 5


def test_classes_of_one_block_spread_over_the_folds() -> None:
    """Ten classes with a block each, alike in size: two in each of five folds."""
    x, y = np.arange(10) * 100.0 + 50.0, np.full(10, 50.0)
    fold, _ = block_folds(x, y, texts(list("abcdefghij")), np.full(10, 7), (100.0, 100.0), 5, 0)
    assert np.bincount(fold)[1:].tolist() == [2] * 5


def test_class_in_one_place() -> None:
    labels, folds = texts(["a", "a", "b", "b"]), np.array([1, 2, 2, 2])
    assert sole(labels, folds) == {"b": 2}
    assert sole(labels, np.ones(4)) == {}


def test_zone_with_the_largest_part_wins() -> None:
    zones = [outline((0, 0, 10, 10)), outline((10, 0, 10, 10))]
    shapes = [outline((8, 1, 3, 3)), outline((12, 1, 3, 3)), outline((9, 1, 3, 3)),
              outline((50, 50, 2, 2)), outline((20, 0, 2, 2))]  # fmt: skip
    best, several = largest_overlap(shapes, zones)
    assert best.tolist() == [0, 1, 1, -1, -1]  # the last one only touches
    assert several.tolist() == [True, False, True, False, False]
