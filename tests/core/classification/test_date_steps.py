# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps from date to date: of which features they are, and that shapes are told by them."""

import numpy as np
import pytest

from calval_toolbox.core.classification.classes import classes_of
from calval_toolbox.core.classification.date_steps import no_steps, steps_of, with_steps
from calval_toolbox.core.classification.training.members import Recipe, fit
from calval_toolbox.core.classification.training.validation import shares_of


def test_steps_follow_the_dates_of_each_band_whatever_the_order() -> None:
    names = ("B4_20190111", "elevation", "B4_20190101", "NDVI_2", "B4_20190121", "NDVI_10", "B8")
    assert steps_of(names).tolist() == [[0, 2], [4, 0], [5, 3]]
    assert steps_of(("elevation", "B8", "VV_20190101")).shape == (0, 2)
    assert steps_of(("NDVI", "NDVI_20190101", "band_1", "band_2")).shape == (0, 2)


def test_steps_come_after_the_features_later_minus_earlier() -> None:
    values = np.array([[1.0, 5.0, 2.0], [0.5, 0.0, -1.0]], dtype=np.float32)
    steps = np.array([[1, 0], [2, 1]], dtype=np.int32)
    expected = [[1.0, 5.0, 2.0, 4.0, -3.0], [0.5, 0.0, -1.0, -0.5, -1.0]]
    assert with_steps(values, steps).tolist() == expected
    assert with_steps(np.asfortranarray(values), steps).dtype == np.float32
    assert with_steps(values, no_steps()) is values


def test_support_vectors_tell_shapes_by_steps_that_values_hide() -> None:
    """The level of a curve says nothing of its class, and changes more than its shape does."""
    pytest.importorskip("sklearn")
    rng = np.random.default_rng(3)
    index, shape = np.arange(200) % 2, (200, 24)
    bend = np.where(index[:, None] == 1, 0.5, -0.5) * np.cos(np.pi * np.arange(24))
    drift = np.cumsum(rng.normal(0.0, 2.0, shape), axis=1)
    values = (bend + rng.normal(0.0, 0.2, shape) + drift).astype(np.float32)
    steps = steps_of([f"NDVI_{date:02d}" for date in range(24)])
    right = {}
    for name, seen in (("values", None), ("steps", steps)):
        fitted = fit(Recipe("svm"), values[:100], index[:100], 2, None, seen)
        shares = shares_of(fitted, classes_of(["falling", "rising"]), values[100:])
        right[name] = float((shares.argmax(axis=1) == index[100:]).mean())
    assert right["steps"] > right["values"] + 0.04, right
