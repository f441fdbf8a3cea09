# SPDX-License-Identifier: GPL-3.0-or-later
"""Strategies counted by hand; copies, noise and SMOTE: what they may come from, and where."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from calval_toolbox.core.classification.samples.augment import (
    augmented,
    in_turn,
    moved,
    smote,
)
from calval_toolbox.core.classification.samples.draw import draw, thin
from calval_toolbox.core.classification.samples.settings import (
    Move,
    SampleSettings,
    read_amounts,
    read_moves,
)
from calval_toolbox.core.classification.samples.split import TEST, TRAIN, UNUSED
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.polygon_pixels import PixelPlaces

# 10 samples of a, 30 of b, 4 of c train; 6 of each test.
LABELS = np.array(["a"] * 16 + ["b"] * 36 + ["c"] * 10, dtype=object)
SIDES = np.array(
    [[TRAIN]] * 10 + [[TEST]] * 6 + [[TRAIN]] * 30 + [[TEST]] * 6 + [[TRAIN]] * 4 + [[TEST]] * 6,
    dtype=np.int8,
)
ZONES = np.full(len(LABELS), "", dtype=object)


@pytest.mark.parametrize(
    ("settings", "train", "test"),
    [
        ({}, (10, 30, 4), 6),
        ({"strategy": "equal"}, (4, 4, 4), 6),
        ({"strategy": "equal", "amount": 8.0}, (8, 8, 4), 6),
        ({"strategy": "percent", "amount": 25.0}, (3, 8, 1), 6),
        ({"strategy": "percent", "amount": 1.0}, (1, 1, 1), 6),
        ({"strategy": "counts", "amounts": {"a": 2, "b": 0}}, (2, 0, 4), 6),
        ({"most": 5}, (5, 5, 4), 5),
        ({"strategy": "equal", "amount": 8.0, "most": 3}, (3, 3, 3), 3),
    ],
)
def test_strategies(settings: dict[str, object], train: tuple[int, ...], test: int) -> None:
    drawn = draw(ZONES, LABELS, SIDES, SampleSettings(**settings))[:, 0]
    counts = tuple(int((drawn[LABELS == one] == TRAIN).sum()) for one in "abc")
    assert counts == train
    assert [int((drawn[LABELS == one] == TEST).sum()) for one in "abc"] == [test] * 3
    assert not ((drawn != UNUSED) & (drawn != SIDES[:, 0])).any()


def test_draws_are_fair_and_seeded() -> None:
    settings = [SampleSettings(strategy="percent", amount=50.0, seed=seed) for seed in range(400)]
    taken = np.array([draw(ZONES, LABELS, SIDES, one)[:10, 0] == TRAIN for one in settings])
    assert (taken.sum(axis=1) == 5).all()
    assert np.abs(taken.mean(axis=0) - 0.5).max() < 4.5 * 0.5 / 20.0
    again = draw(ZONES, LABELS, SIDES, settings[3])[:10, 0] == TRAIN
    assert np.array_equal(again, taken[3])


def places(counts: list[int]) -> PixelPlaces:
    polygon = np.repeat(np.arange(len(counts)), counts)
    rows = np.arange(len(polygon))
    return PixelPlaces(0 * rows, rows, rows, 10.0 * rows + 5.0, 4e6 - 10.0 * rows, polygon)


def test_thinning_by_polygon() -> None:
    pixels, keys = places([7, 3, 20]), np.array([11, 22, 33])
    kept = thin(pixels, keys, 5, 1)
    assert np.bincount(kept.polygon).tolist() == [5, 3, 5]
    assert len(thin(pixels, keys, 0, 1)) == 30
    # In parts, in another order, or beside other polygons: the same pixels.
    order = np.random.default_rng(0).permutation(30)
    parts = [thin(pixels.select(part), keys, 5, 1).row for part in (order[:11], order[11:])]
    again = thin(pixels.select(np.concatenate(parts)), keys, 5, 1)
    assert sorted(again.row.tolist()) == kept.row.tolist()
    last = pixels.select(pixels.polygon == 2)
    assert thin(last, keys, 5, 1).row.tolist() == kept.row[8:].tolist()


def test_thinning_is_fair() -> None:
    """Of 20 pixels 5, with 2000 seeds: each in a quarter of the draws, pairs as by chance."""
    pixels, keys = places([20]), np.array([33])
    taken = np.zeros((2000, 20), dtype=bool)
    for seed in range(2000):
        taken[seed, thin(pixels, keys, 5, seed).row] = True
    assert np.abs(taken.mean(axis=0) - 0.25).max() < 4.5 * np.sqrt(0.25 * 0.75 / 2000)
    together = (taken.T.astype(float) @ taken)[np.triu_indices(20, 1)] / 2000
    chance = 5 * 4 / (20 * 19)
    assert np.abs(together - chance).max() < 5.0 * np.sqrt(chance * (1 - chance) / 2000)


clouds = some.integers(2, 30).flatmap(
    lambda count: some.tuples(
        some.just(count), some.integers(1, 6), some.integers(0, 1000), some.integers(1, 3)
    )
)


@given(clouds)
def test_smote_lies_between_two_neighbors(cloud: tuple[int, int, int, int]) -> None:
    count, neighbors, seed, folds = cloud
    rng = np.random.default_rng(seed)
    features = rng.normal(0, 1, (count, 3)).astype(np.float32) * [1.0, 100.0, 0.01]
    features = features.astype(np.float32)
    fold = rng.integers(0, folds, count)
    base, made = smote(features, fold, 25, neighbors, rng)
    if not len(base):
        assert np.bincount(fold).max() < 2
        return
    assert len(base) == len(made) == 25
    scale = features.astype(np.float64).std(axis=0, ddof=1)
    for one, sample in zip(base, made, strict=True):
        rows = np.flatnonzero((fold == fold[one]) & (np.arange(count) != one))
        distance = np.linalg.norm((features[rows] - features[one]) / scale, axis=1)
        near = rows[distance <= np.sort(distance)[min(neighbors, len(rows)) - 1] * (1 + 1e-6)]
        assert any(on_segment(sample, features[one], features[other], scale) for other in near)


def on_segment(sample: np.ndarray, one: np.ndarray, other: np.ndarray, scale: np.ndarray) -> bool:
    line, there = (other - one) / scale, (sample - one) / scale
    gap = float(there @ line / (line @ line))
    return -1e-5 <= gap <= 1 + 1e-5 and bool(np.allclose(there, gap * line, atol=1e-4))


def test_smote_fills_the_whole_line() -> None:
    """Between two samples the places are uniform: mean 1/2, variance 1/12."""
    features = np.array([[0.0], [1.0]], dtype=np.float32)
    _, made = smote(features, np.zeros(2, np.int64), 4000, 5, np.random.default_rng(0))
    assert made.mean() == pytest.approx(0.5, abs=0.02)
    assert made.var() == pytest.approx(1 / 12, abs=0.005)


def test_smote_of_equal_samples_is_that_sample() -> None:
    features = np.full((4, 2), 3.0, dtype=np.float32)
    base, made = smote(features, np.zeros(4, np.int64), 8, 2, np.random.default_rng(0))
    assert len(base) == 8
    assert (made == 3.0).all()


def test_each_is_repeated_as_often_as_any_other() -> None:
    counts = np.bincount(in_turn(7, 24, np.random.default_rng(0)))
    assert sorted(set(counts.tolist())) == [3, 4]


def training() -> tuple[np.ndarray, np.ndarray]:
    rows = np.flatnonzero(SIDES[:, 0] == TRAIN)
    features = np.random.default_rng(1).normal(5.0, 2.0, (len(LABELS), 4)).astype(np.float32)
    return rows, features


@pytest.mark.parametrize("kind", ["replicate", "jitter", "smote"])
def test_augmentation_balances_and_uses_training_samples_only(kind: str) -> None:
    rows, features = training()
    folds = np.ones(len(LABELS), dtype=np.int64)
    settings = SampleSettings(augmentation=kind)
    made, notes = augmented(ZONES[rows], LABELS, folds, rows, features, settings, 0)
    assert notes == []
    assert set(made.base.tolist()) <= set(rows.tolist())
    counts = {one: int((LABELS[made.base] == one).sum()) for one in "abc"}
    assert counts == {"a": 20, "b": 0, "c": 26}
    assert set(made.origin.tolist()) == {kind}
    if kind == "replicate":
        assert np.array_equal(made.features, features[made.base])
    else:
        assert not np.array_equal(made.features, features[made.base])


def test_noise_is_the_spread_of_the_class_by_the_factor() -> None:
    rng = np.random.default_rng(4)
    labels = np.array(["a"] * 50, dtype=object)
    features = (rng.normal(0, 1, (50, 2)) * [1.0, 50.0]).astype(np.float32)
    settings = SampleSettings(augmentation="jitter", augment_to=5050, jitter=4.0)
    none = np.full(50, "", dtype=object)
    rows = np.arange(50)
    made, _ = augmented(none, labels, np.ones(50, np.int64), rows, features, settings, 0)
    assert len(made) == 5000
    noise = made.features - features[made.base]
    wanted = features.std(axis=0, ddof=1) / 4.0
    assert noise.std(axis=0) == pytest.approx(wanted, rel=0.05)
    assert np.abs(noise.mean(axis=0)) == pytest.approx([0, 0], abs=4.5 * wanted.max() / 70.0)


def test_targets_by_class_and_number() -> None:
    rows, features = training()
    folds = np.ones(len(LABELS), dtype=np.int64)
    for options, wanted in (
        ({"augment_to": 12}, {"a": 2, "b": 0, "c": 8}),
        ({"augment_amounts": {"c": 7}}, {"a": 0, "b": 0, "c": 3}),
    ):
        settings = SampleSettings(augmentation="replicate", **options)
        made, _ = augmented(ZONES[rows], LABELS, folds, rows, features, settings, 0)
        assert {one: int((LABELS[made.base] == one).sum()) for one in "abc"} == wanted


def test_smote_without_neighbors_repeats_and_says_so() -> None:
    rows, features = training()
    folds = np.arange(len(LABELS))
    settings = SampleSettings(augmentation="smote")
    made, notes = augmented(ZONES[rows], LABELS, folds, rows, features, settings, 0)
    assert set(made.origin.tolist()) == {"replicate"}
    assert len(notes) == 2
    assert "class a" in notes[0]


def test_more_made_samples_than_fit_into_memory() -> None:
    rows, features = training()
    folds = np.ones(len(LABELS), dtype=np.int64)
    settings = SampleSettings(augmentation="replicate", augment_to=100_000_000)
    with pytest.raises(InputError, match="AUGMENT_TO"):
        augmented(ZONES[rows], LABELS, folds, rows, features, settings, 0)


def test_only_what_is_asked_for_moves() -> None:
    rows, features = training()
    zones = np.where(np.arange(len(LABELS)) % 2, "north", "south").astype(object)
    moves = (Move("north", "south", "b", 6), Move("south", "north", "c", None))
    made, notes = moved(moves, zones, LABELS, rows, features, 0, 0)
    assert notes == []
    first, last = made.base[:6], made.base[6:]
    assert (zones[first] == "north").all()
    assert (LABELS[first] == "b").all()
    assert len(set(first.tolist())) == 6
    assert made.zone.tolist() == ["south"] * 6 + ["north"] * 2
    assert sorted(last.tolist()) == sorted(
        row for row in rows if LABELS[row] == "c" and zones[row] == "south"
    )
    assert set(made.base.tolist()) <= set(rows.tolist())
    assert np.array_equal(made.features, features[made.base])
    many = moved((Move("north", "south", "c", 99),), zones, LABELS, rows, features, 0, 0)
    assert len(many[0]) == 2
    assert "has 2 training samples of c; 99 are asked for by south" in many[1][0]


def test_amounts_and_moves_as_users_write_them() -> None:
    assert read_amounts(" wheat=500, winter maize = 3", "AMOUNT") == {
        "wheat": 500, "winter maize": 3,
    }  # fmt: skip
    assert read_moves("n,s,wheat,5; s, n ,b,all\n") == (
        Move("n", "s", "wheat", 5), Move("s", "n", "b", None),
    )  # fmt: skip


def test_names_with_commas_and_equals_signs() -> None:
    assert read_amounts('{"blé, dur": 500, "a=b;c": 3}', "AMOUNT") == {"blé, dur": 500, "a=b;c": 3}
    told = (Move("n", "s", "blé, dur", 5), Move("n", "s", "x;y", None))
    assert read_moves("n,s,blé, dur,5") == told[:1]
    assert read_moves('[["n", "s", "blé, dur", 5], ["n", "s", "x;y", "all"]]') == told
    for text in ('{"wheat": -1}', '{"wheat": "x"}', '{"wheat": 1', '{"wheat": true}'):
        with pytest.raises(InputError, match="AMOUNT"):
            read_amounts(text, "AMOUNT")
    for text in ('[["n", "s", "x"]]', '["n"]', "[1", "[[]]"):
        with pytest.raises(InputError, match="MOVE"):
            read_moves(text)


@pytest.mark.parametrize("text", ["wheat", "wheat=", "=3", "wheat=-3", "wheat=2,wheat=3", "a=1.5"])
def test_amounts_that_are_none(text: str) -> None:
    with pytest.raises(InputError, match="AMOUNT"):
        read_amounts(text, "AMOUNT")


@pytest.mark.parametrize("text", ["n,s,wheat", "n,s,wheat,few", "n,n,wheat,3", "n,s,wheat,-1"])
def test_moves_that_are_none(text: str) -> None:
    with pytest.raises(InputError, match="MOVE"):
        read_moves(text)
