# SPDX-License-Identifier: GPL-3.0-or-later
"""Training as a whole: cross-validation that does not leak, models that are the same again."""

from dataclasses import fields, replace

import numpy as np
import pytest

from calval_toolbox.core.classification.classes import classes_of
from calval_toolbox.core.classification.prediction.predict import probabilities
from calval_toolbox.core.classification.prediction.stored import restore, store
from calval_toolbox.core.classification.training.blending import (
    best_weight,
    clearly_best,
    inner_folds,
)
from calval_toolbox.core.classification.training.folds import random_folds, spatial_folds
from calval_toolbox.core.classification.training.importance import shuffled_loss
from calval_toolbox.core.classification.training.members import METHODS, Recipe, fit
from calval_toolbox.core.classification.training.sample_places import Places
from calval_toolbox.core.classification.training.train import (
    train,
    train_zones,
    zone_file,
)
from calval_toolbox.core.classification.training.training_set import TrainingSet
from calval_toolbox.core.classification.training.validation import predicted
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.progress import Silent

pytest.importorskip("sklearn")
pytest.importorskip("skops")


def planted(count=240, seed=0, groups=12) -> TrainingSet:
    """Three classes that the first feature tells apart, and six features of noise."""
    rng = np.random.default_rng(seed)
    index = np.arange(count) % 3
    values = rng.normal(size=(count, 7)).astype(np.float32)
    values[:, 0] += 4.0 * index
    return TrainingSet(
        tuple(f"B{place}_20190101" for place in range(7)),
        classes_of(["oak", "water", "wheat"]),
        values,
        index,
        np.zeros(count, dtype=bool),
        np.zeros(count, dtype=bool),
        np.full(count, "", dtype=object),
        Places(
            np.arange(count) // 3 % groups, "polygon", "polygons", np.full((count, 2), np.nan),
            np.full(count, "", dtype=object),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_what_was_planted(method: str) -> None:
    samples = planted()
    found = train(samples, Recipe(method, 15), 3, Silent())
    fresh = planted(seed=1)
    shares = probabilities(found.model, fresh.values)
    assert np.allclose(shares.sum(axis=1), 1.0, atol=1e-5)
    assert (shares.argmax(axis=1) == fresh.index).mean() > 0.9
    assert 0.85 < found.random.overall <= 1.0
    assert 0.85 < found.spatial.overall <= 1.0
    assert found.random.total == found.spatial.total == len(samples)
    assert found.importance.argmax() == 0
    assert found.test is None
    assert len({one.color for one in found.model.classes.items}) == 3


def test_neighbors_that_are_alike_show_in_the_spatial_score_only() -> None:
    """Labels by chance, with groups of near copies: nothing can be learned but the copies."""
    rng = np.random.default_rng(2)
    groups, copies = 40, 6
    index = np.repeat(rng.integers(0, 2, groups), copies)
    values = np.repeat(rng.normal(size=(groups, 5)), copies, axis=0)
    base = planted(groups * copies)
    samples = replace(
        base, index=index, values=(values + rng.normal(0, 0.01, values.shape)).astype(np.float32),
        features=base.features[:5], classes=classes_of(["oak", "water"]),
        places=replace(base.places, group=np.repeat(np.arange(groups), copies)),
    )  # fmt: skip
    found = train(samples, Recipe(trees=30), 5, Silent())
    assert found.random.overall > 0.97
    assert found.spatial.overall < 0.7


def test_test_rows_and_made_rows_stay_out_of_training_and_validation() -> None:
    samples = planted()
    wrong = samples.index.copy()
    test, made = np.arange(240) >= 180, np.arange(240) < 30
    wrong[test] = (wrong[test] + 1) % 3  # a model that had seen them would get some right
    found = train(
        replace(samples, index=wrong, test=test, made=made), Recipe(trees=30), 3, Silent()
    )
    assert found.count == 180
    assert found.random.total == found.spatial.total == 150
    assert found.test.total == 60
    assert found.test.overall < 0.1
    assert found.random.overall > 0.9


def test_same_seed_same_model_on_any_number_of_threads() -> None:
    samples = planted()

    # A border across all features, which support vectors find more easily than trees.
    slanted = (samples.values[:, 1:].sum(axis=1) > 0.0).astype(np.int64)

    def members(seed, jobs):
        return fit(Recipe("ensemble", 10, seed, jobs), samples.values, slanted, 2).members

    one, two, other = members(4, 1), members(4, 3), members(5, 1)
    assert [m.kind for m in one] == [m.kind for m in two] == ["extra_trees", "svm"]
    for first, second in ((one[0].forest, two[0].forest), (one[1].vectors, two[1].vectors)):
        for field in fields(first):
            assert np.array_equal(getattr(first, field.name), getattr(second, field.name))
    assert [m.weight for m in one] == [m.weight for m in two]
    assert not np.array_equal(one[0].forest.threshold, other[0].forest.threshold)


def test_folds_hold_groups_together_and_classes_even() -> None:
    rng = np.random.default_rng(5)
    index = np.repeat([0, 1, 2], [60, 30, 30])
    group = rng.integers(0, 25, 120)
    folds = spatial_folds(index, group, 5, 1)
    assert all(len(np.unique(folds[group == one])) == 1 for one in np.unique(group))
    assert len(np.unique(folds)) == 5
    assert spatial_folds(index, np.zeros(120, dtype=int), 5, 1) is None
    assert len(np.unique(spatial_folds(index, group % 2, 5, 1))) == 2
    even = random_folds(index, 5, 1)
    assert np.array_equal(np.bincount(even[index == 1]), [6] * 5)
    assert not np.array_equal(even, random_folds(index, 5, 2))


def test_too_few_samples_are_said() -> None:
    with pytest.raises(InsufficientDataError, match="6 samples to train on, 2 at most of a class"):
        train(planted(6), Recipe(trees=5), 5, Silent())
    with pytest.raises(InputError, match="of one class"):
        fit(Recipe(), planted().values, np.zeros(240, dtype=int), 3)


def test_zones_have_models_of_their_own() -> None:
    samples = planted()
    zone = np.array(["north"] * 120 + ["south"] * 114 + ["tiny"] * 4 + [""] * 2, dtype=object)
    values = samples.values.copy()
    values[120:, 0] *= -1.0  # the rule of the south is the other way round
    samples = replace(samples, zone=zone, values=values)
    zones, notes = train_zones(samples, Recipe(trees=20), 3, Silent())
    assert [one.model.zone for one in zones] == ["north", "south"]
    assert len(notes) == 1
    assert "No model for zone tiny" in notes[0]
    for place, rows in enumerate((slice(0, 120), slice(120, 234))):
        own = probabilities(zones[place].model, values[rows]).argmax(axis=1)
        other = probabilities(zones[1 - place].model, values[rows]).argmax(axis=1)
        assert (own == samples.index[rows]).mean() > 0.95
        assert (other == samples.index[rows]).mean() < 0.6


def test_names_of_zone_files() -> None:
    assert zone_file("model", "Pays d'Oc / 2") == "model_Pays_d_Oc_2.npz"
    samples = planted()
    zone = np.array(["a b", "a_b"] * (len(samples) // 2), dtype=object)
    with pytest.raises(InputError, match="would share a file"):
        train_zones(replace(samples, zone=zone), Recipe(trees=2), 3, Silent())


def test_shuffling_tells_the_feature_that_matters() -> None:
    samples = planted()
    fitted = fit(Recipe("svm"), samples.values[:120], samples.index[:120], 3)
    loss = shuffled_loss(fitted, samples, np.arange(120, 240), 0, Silent())
    assert loss[0] > 0.2
    assert np.abs(loss[1:]).max() < 0.05


def test_stored_estimators_of_other_types_are_refused() -> None:
    from sklearn.preprocessing import FunctionTransformer

    with pytest.raises(InputError, match="types that are not known"):
        restore(store(FunctionTransformer(shuffled_loss)))
    with pytest.raises(InputError, match="damaged"):
        restore(b"no archive")


# Overall accuracy of OTB's random forest on test halves of these data that are kept apart: 0.9145
# and 0.8774. The halves here are cut from the training files, where all methods fare otherwise;
# the random forest of scikit-learn, which fares as OTB's does, is the measure.
@pytest.mark.parametrize(("name", "ensemble_gain"), [("mato_grosso", 0.005), ("sentinel2", -0.02)])
def test_real_samples_are_told_apart_better_than_by_a_random_forest(
    real_samples: dict[str, TrainingSet], name: str, ensemble_gain: float
) -> None:
    samples = real_samples[name]
    by_block = spatial_folds(samples.index, samples.places.group, 2, 7)
    accuracy = {}
    for method, trees in (("random_forest", 100), ("extra_trees", 100), ("ensemble", 100)):
        right = 0
        for held in (by_block == 0, by_block == 1):
            fitted = fit(
                Recipe(method, trees, 1), samples.values[~held], samples.index[~held],
                len(samples.classes), samples.places.group[~held], samples.steps,
            )  # fmt: skip
            found = predicted(fitted, samples.classes, samples.values[held])
            right += int((found == samples.index[held]).sum())
        accuracy[method] = right / len(samples)
    assert accuracy["extra_trees"] >= accuracy["random_forest"] - 0.005, accuracy
    assert accuracy["ensemble"] >= accuracy["random_forest"] + ensemble_gain, accuracy


def test_weights_follow_the_better_of_two() -> None:
    rng = np.random.default_rng(0)
    index = rng.integers(0, 3, 300)
    good = np.eye(3, dtype=np.float32)[index] * 0.5 + 0.1
    bad = rng.random((300, 3)).astype(np.float32)
    assert best_weight(good, bad, index) == 0.0
    assert best_weight(bad, good, index) >= 0.6
    assert inner_folds(np.array([0, 0, 1, 1, 1]), None, 0) is None
    assert set(inner_folds(index, None, 0)) == {0, 1, 2, 3}


def test_a_setting_is_left_only_for_a_clearly_better_one() -> None:
    index = np.zeros(400, dtype=np.int64)
    truth, other = np.eye(2, dtype=np.float32)
    shares = np.tile(truth, (4, 400, 1))
    shares[0, :100] = other  # a quarter wrong
    shares[1, 1:101] = other  # as many
    shares[2, :97], shares[2, 100:102] = other, other  # better by one, three against two
    assert clearly_best(shares[:3], index) == 0
    shares[3, :90] = other
    assert clearly_best(shares, index) == 3


def test_support_vectors_find_how_narrow_their_kernel_is() -> None:
    """Stripes of one class, finer than the usual kernel; and a plain border."""
    rng = np.random.default_rng(4)
    values = rng.uniform(-1.0, 1.0, (500, 2)).astype(np.float32)
    for index, expected in ((values[:, 0] > 0.0, 1.0), (np.sin(14.0 * values[:, 0]) > 0.0, 4.0)):
        fitted = fit(Recipe("svm", seed=1), values, index.astype(np.int64), 2)
        assert fitted.members[0].vectors.gamma * 2 == expected


def test_the_interval_of_test_samples_is_of_their_polygons() -> None:
    """Some polygons are mostly wrong here: 20 polygons know some 20 things, not 400."""
    samples = planted(800)
    polygon = np.arange(800) // 20
    test = polygon >= 20
    values = samples.values.copy()
    values[test & (polygon % 4 == 3), 0] -= 8.0  # whole polygons that look like others
    named = replace(
        samples, values=values, test=test, places=replace(samples.places, polygon=polygon)
    )
    found = train(named, Recipe("extra_trees", trees=10), 2, Silent())
    assert found.test is not None
    assert "test" in found.bounds
    assert {name: one.polygons for name, one in found.bounds.items()} == {
        "random": 20, "spatial": 20, "test": 20,
    }  # fmt: skip
    low, high = found.bounds["test"].overall
    assert low < found.test.overall < high
    share, count = found.test.overall, found.test.total
    assert high - low > 2.0 * 2.0 * 1.96 * np.sqrt(share * (1.0 - share) / count)
    nameless = replace(named, places=samples.places)
    alone = train(nameless, Recipe("extra_trees", trees=10), 2, Silent())
    assert {one.polygons for one in alone.bounds.values()} == {0}
    # Classes are known as badly as their polygons, and a large one is named.
    wider = [np.diff(one.bounds["test"].recall)[:, 0] for one in (found, alone)]
    assert (wider[0] > 1.5 * wider[1]).all()
    assert not found.largest[1].share.max() > 0.5
    merged = np.where(test, np.minimum(polygon, 24), polygon)
    one_big = replace(named, places=replace(samples.places, polygon=merged.astype(str)))
    notes = train(one_big, Recipe("extra_trees", trees=2), 2, Silent()).notes
    assert any("in polygon 24)" in note and "test samples" in note for note in notes)
