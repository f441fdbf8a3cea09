# SPDX-License-Identifier: GPL-3.0-or-later
"""Support vectors as arrays decide as those of scikit-learn do."""

from itertools import combinations

import numpy as np
import pytest

from calval_toolbox.core.classification.prediction.support_vectors import (
    PENALTY,
    STEP_WEIGHT,
    decisions,
    fit_vectors,
    vector_shares,
    votes_of,
)

svm = pytest.importorskip("sklearn.svm")


def planted(classes, count=300):
    rng = np.random.default_rng(classes)
    values = (rng.normal(size=(count, 5)) * [1, 10, 0.1, 1, 3]).astype(np.float32)
    values[:, 4] = 7.0  # a feature that never changes must not divide by zero
    mixed = values[:, 0] + 0.3 * np.abs(values[:, 1])
    return values, np.digitize(mixed, np.quantile(mixed, np.arange(1, classes) / classes))


@pytest.mark.parametrize(("classes", "steps"), [(2, []), (3, []), (6, []), (3, [[1, 0], [3, 2]])])
def test_decisions_are_those_of_scikit_learn(classes: int, steps: list[list[int]]) -> None:
    values, index = planted(classes)
    vectors = fit_vectors(values, index, np.array(steps, dtype=np.int32).reshape(-1, 2), 4.0)
    changes = [values[:, later] - values[:, earlier] for later, earlier in steps]
    seen = np.column_stack([values, *changes]).astype(np.float64)
    spread = seen.std(axis=0)
    spread[4] = 1.0
    spread[5:] /= STEP_WEIGHT
    scaled = (seen - seen.mean(axis=0)) / spread
    gamma = 4.0 / (5 + len(steps))
    machine = svm.SVC(C=PENALTY, gamma=gamma, decision_function_shape="ovo").fit(scaled, index)
    expected = machine.decision_function(scaled)
    expected = -expected[:, None] if classes == 2 else expected
    assert np.allclose(decisions(vectors, values), expected, atol=1e-9)


def test_shares_of_absent_classes_are_zero_and_rows_sum_to_one() -> None:
    values, index = planted(3)
    shares = vector_shares(fit_vectors(values, np.array([1, 2, 5])[index]), values, 7)
    assert not shares[:, [0, 3, 4, 6]].any()
    assert np.allclose(shares.sum(axis=1), 1.0, atol=1e-6)
    assert (shares.argmax(axis=1) == np.array([1, 2, 5])[index]).mean() > 0.9


def test_block_size_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    values, index = planted(3)
    vectors = fit_vectors(values, index)
    whole = vector_shares(vectors, values, 3)
    monkeypatch.setattr("calval_toolbox.core.classification.prediction.support_vectors._BLOCK", 7)
    assert np.array_equal(vector_shares(vectors, values, 3), whole)


def test_votes_share_one_per_pair_and_follow_the_sign() -> None:
    rng = np.random.default_rng(1)
    found = rng.normal(0.0, 3.0, (50, 6))
    votes = votes_of(found, 4, 1e6)
    counted = np.zeros((50, 4))
    for place, (one, other) in enumerate(combinations(range(4), 2)):
        winner = np.where(found[:, place] > 0, one, other)
        counted[np.arange(50), winner] += 1
    assert np.allclose(votes, counted)
    assert np.allclose(votes_of(found, 4, 0.5).sum(axis=1), 6.0)
