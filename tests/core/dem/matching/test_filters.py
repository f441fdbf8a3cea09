# SPDX-License-Identifier: GPL-3.0-or-later
"""The median and the speckle filter on maps whose result is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem.matching.filters import median_3, speckles
from calval_toolbox.core.dependencies import available

pytest.importorskip("cv2", reason="OpenCV is not installed")
WAYS = [False, pytest.param(True, marks=pytest.mark.skipif(not available("numba"), reason="numba"))]


def holed(seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(40, 50)).astype(np.float32)
    values[rng.random(values.shape) < 0.3] = np.nan
    return values


def test_the_median_is_that_of_the_finite_neighbors() -> None:
    values = holed()
    values[10:25, 10:30] = np.arange(300.0).reshape(15, 20) % 7.0  # whole windows, and equal values
    result = median_3(values)
    padded = np.pad(values, 1, constant_values=np.nan)
    for row, column in np.argwhere(np.isfinite(values)):
        around = padded[row : row + 3, column : column + 3]
        assert result[row, column] == pytest.approx(np.nanmedian(around), abs=1e-6)
    np.testing.assert_array_equal(np.isnan(result), np.isnan(values))


@pytest.mark.skipif(not available("numba"), reason="numba")
def test_both_ways_agree_bit_by_bit() -> None:
    values = holed()
    for step in (0.3, 1.0):
        one, two = (speckles(values, 6, step, compiled) for compiled in (True, False))
        assert 0 < one.sum() < one.size
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("compiled", WAYS)
def test_patches_below_the_size_are_found(compiled: bool) -> None:
    values = np.zeros((30, 30), np.float32)
    values[3:8, 3:8] = 10.0  # 25 pixels: kept
    values[15:19, 3:9] = 10.0  # 24
    values[20, 20] = 1.0  # one step: the same patch
    values[25, 5:8] = np.nan
    found = speckles(values, 25, 1.0, compiled)
    expected = np.zeros(values.shape, bool)
    expected[15:19, 3:9] = True
    np.testing.assert_array_equal(found, expected)
