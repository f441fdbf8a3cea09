# SPDX-License-Identifier: GPL-3.0-or-later
"""Forests as arrays give what scikit-learn gives, sample by sample."""

import numpy as np
import pytest

from calval_toolbox.core.classification.model import LEAF
from calval_toolbox.core.classification.prediction.traversal import mean_shares, traverse
from calval_toolbox.core.classification.training.grow import forest_of, rounded_down

ensemble = pytest.importorskip("sklearn.ensemble")


def planted(count=400, features=6, seed=0):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(count, features)).astype(np.float32)
    index = (values[:, 0] > 0).astype(int) + 2 * (values[:, 1] + 0.5 * values[:, 2] > 0.4)
    return values, index


@pytest.mark.parametrize("kind", ["ExtraTreesClassifier", "RandomForestClassifier"])
def test_shares_are_those_of_scikit_learn(kind: str) -> None:
    values, index = planted()
    fitted = getattr(ensemble, kind)(20, random_state=1, min_samples_leaf=3).fit(values, index)
    forest = forest_of(fitted, 4)
    fresh = planted(seed=1)[0]
    assert np.allclose(mean_shares(forest, fresh), fitted.predict_proba(fresh), atol=1e-6)
    offsets = np.concatenate([[0], np.cumsum([one.tree_.node_count for one in fitted.estimators_])])
    assert np.array_equal(traverse(forest, fresh), fitted.apply(fresh).T + offsets[:-1, None])


def test_leaves_sum_to_one_and_children_follow() -> None:
    values, index = planted()
    forest = forest_of(ensemble.RandomForestClassifier(5, random_state=1).fit(values, index), 4)
    leaf = forest.feature == LEAF
    assert np.allclose(forest.shares[leaf].sum(axis=1), 1.0)
    assert not forest.shares[~leaf].any()
    place = np.arange(len(leaf))
    assert (forest.left[~leaf] > place[~leaf]).all()
    assert (forest.right[~leaf] > place[~leaf]).all()


def test_classes_that_were_not_trained_have_no_share() -> None:
    values, index = planted()
    kept = index != 2
    fitted = ensemble.ExtraTreesClassifier(5, random_state=1).fit(values[kept], index[kept])
    shares = mean_shares(forest_of(fitted, 5), values)
    assert not shares[:, [2, 4]].any()
    assert np.allclose(shares[:, [0, 1, 3]], fitted.predict_proba(values), atol=1e-6)


def test_thresholds_are_rounded_down() -> None:
    between = float(np.float32(0.1)) - 1e-12  # float32 rounds it up, to the value that goes right
    found = rounded_down(np.array([between, 0.5]))
    assert float(found[0]) < between
    assert found[1] == np.float32(0.5)
