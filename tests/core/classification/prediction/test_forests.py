# SPDX-License-Identifier: GPL-3.0-or-later
"""The packed forest says what the reference traversal and scikit-learn say, with numba or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.classification.model import LEAF, Forest
from calval_toolbox.core.classification.prediction import forests
from calval_toolbox.core.classification.prediction.forest_kernels import BLOCK
from calval_toolbox.core.classification.prediction.forests import forest_shares, forest_votes
from calval_toolbox.core.classification.prediction.packed_forest import packed, sortable
from calval_toolbox.core.classification.prediction.traversal import mean_shares, traverse
from calval_toolbox.core.classification.training.grow import forest_of
from calval_toolbox.core.errors import InputError

ensemble = pytest.importorskip("sklearn.ensemble")
COMPILED = [pytest.param(True, id="numba"), pytest.param(False, id="numpy")]


@pytest.fixture(scope="module")
def crops(shared_data: Path) -> tuple[np.ndarray, np.ndarray]:
    """Real series of 24 crops over 46 dates: features and class indices."""
    with np.load(shared_data / "classification" / "ucr_crop_formosat2_train.npz") as data:
        return data["X"], np.unique(data["y"], return_inverse=True)[1]


@pytest.fixture(scope="module", params=["RandomForestClassifier", "ExtraTreesClassifier"])
def grown(request: pytest.FixtureRequest, crops: Any) -> tuple[Any, Forest]:
    """A forest of scikit-learn, trained on every second series, and its arrays."""
    values, index = crops
    options = {"min_samples_leaf": 3} if request.param.startswith("Random") else {}
    estimator = getattr(ensemble, request.param)(30, random_state=3, **options)
    estimator.fit(values[::2], index[::2])
    return estimator, forest_of(estimator, 24)


@pytest.mark.parametrize("compiled", COMPILED)
def test_labels_are_those_of_scikit_learn(crops: Any, grown: Any, compiled: bool) -> None:
    estimator, forest = grown
    values = crops[0]  # seen and unseen ones
    winner, share = forest_votes(forest, values, compiled)
    assert (winner == estimator.predict(values)).all()
    assert share == pytest.approx(estimator.predict_proba(values).max(axis=1), abs=1e-6)


def test_numba_and_numpy_give_the_same_bits(crops: Any, grown: Any) -> None:
    values, forest = crops[0][: 3 * BLOCK + 5], grown[1]
    reference = mean_shares(forest, values)
    assert (forest_shares(forest, values, True) == reference).all()
    assert (forest_shares(forest, values, False) == reference).all()
    for compiled in (True, False):
        winner, share = forest_votes(forest, values, compiled)
        assert (winner == reference.argmax(axis=1)).all()
        assert (share == reference.max(axis=1)).all()


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1])
def test_any_number_of_samples_in_either_order_of_memory(
    crops: Any, grown: Any, count: int
) -> None:
    values, forest = crops[0], grown[1]
    whole = forest_votes(forest, values[: 2 * BLOCK])[0]
    assert (forest_votes(forest, values[:count])[0] == whole[:count]).all()
    assert (forest_votes(forest, np.asfortranarray(values[:count]))[0] == whole[:count]).all()


def test_numbers_keep_their_order_as_whole_numbers() -> None:
    nextto = np.nextafter(np.float32(0.3), np.float32(1.0))
    tiny = np.float32(1e-45)
    values = np.array(
        [-np.inf, -3e38, -0.3, -tiny, 0.0, tiny, 0.3, nextto, 3e38, np.inf, np.nan], np.float32
    )
    assert (np.diff(sortable(values).astype(np.int64)) > 0).all()
    assert sortable(np.float32([-0.0])) == sortable(np.float32([0.0]))


@pytest.mark.parametrize("compiled", COMPILED)
def test_edges_of_thresholds_zeros_and_what_is_no_number(compiled: bool) -> None:
    """One tree that asks for 0 and then for 2, against the plain comparisons."""
    forest = Forest(
        np.int32([0]), np.int32([0, LEAF, 0, LEAF, LEAF]), np.float32([-0.0, 0, 2.0, 0, 0]),
        np.int32([1, 0, 3, 0, 0]), np.int32([2, 0, 4, 0, 0]),
        np.float32([[0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0.5, 0.5]]),
    )  # fmt: skip
    above = np.nextafter(np.float32(2), np.float32(3))
    values = np.float32([-1, -0.0, 0.0, 1e-45, 2, above, np.inf, -np.inf, np.nan])[:, None]
    leaves = traverse(forest, values)[0]
    assert leaves.tolist() == [1, 1, 1, 3, 3, 4, 4, 1, 4]
    winner, share = forest_votes(forest, values, compiled)
    assert winner.tolist() == [0, 0, 0, 1, 1, 1, 1, 0, 1]  # of equal ones the first
    assert share.tolist() == [1, 1, 1, 1, 1, 0.5, 0.5, 1, 0.5]


def test_siblings_lie_side_by_side_and_leaves_hold(grown: Any) -> None:
    made = packed(grown[1])
    children = (made.nodes & np.uint64(2**made.shift - 1)).astype(np.int64)
    for first, end in zip(made.starts[:-1], made.starts[1:], strict=True):
        own = np.arange(end - first)
        inner = children[first:end] != own
        found = np.sort(
            np.concatenate([children[first:end][inner], children[first:end][inner] + 1])
        )
        assert (found == own[1:]).all()  # each node but the root has one parent


def test_a_tree_too_large_for_its_features_is_refused() -> None:
    nodes = 9
    place = np.arange(nodes, dtype=np.int32)
    inner = place < 4
    forest = Forest(
        np.int32([0]), np.where(inner, 2**30, LEAF).astype(np.int32), np.zeros(nodes, np.float32),
        np.where(inner, 2 * place + 1, 0).astype(np.int32),
        np.where(inner, 2 * place + 2, 0).astype(np.int32), np.ones((nodes, 1), np.float32),
    )  # fmt: skip
    with pytest.raises(InputError, match="A tree of the model has 9 nodes"):
        packed(forest)


def test_a_forest_is_packed_once(crops: Any, grown: Any) -> None:
    forests._packed.cache_clear()
    for _ in range(3):
        forest_votes(grown[1], crops[0][:10], True)
    assert forests._packed.cache_info().misses == 1
