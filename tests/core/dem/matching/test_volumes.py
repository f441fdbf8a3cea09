# SPDX-License-Identifier: GPL-3.0-or-later
"""Census, costs and paths against definitions written out, and the compiled way against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem.matching.census import census
from calval_toolbox.core.dem.matching.confidence import confidence
from calval_toolbox.core.dem.matching.costs import QUARTER, between, cost_volume, right_codes
from calval_toolbox.core.dem.matching.sgm import PENALTIES, Penalties, aggregate
from calval_toolbox.core.dem.matching.subpixel import parabola, v_fit
from calval_toolbox.core.dem.matching.values import NO_COST, NO_SUM, Candidates
from calval_toolbox.core.dem.matching.winners import winners
from calval_toolbox.core.dependencies import available
from calval_toolbox.core.errors import InputError

WAYS = [False, pytest.param(True, marks=pytest.mark.skipif(not available("numba"), reason="numba"))]


def random_image(rows: int = 30, columns: int = 40, seed: int = 0) -> Any:
    values = np.random.default_rng(seed).integers(0, 50, (rows, columns)).astype(np.float32)
    values[12, 9] = np.nan
    return values


def random_costs(seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    costs = rng.integers(0, 49, (70, 9, 150)).astype(np.uint8)  # more than a block of rows
    costs[rng.random(costs.shape) < 0.1] = NO_COST
    costs[5:20, :, 7:40] = NO_COST
    return costs


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize("size", [5, 7])
def test_a_code_has_a_bit_for_each_darker_neighbor(size: int, compiled: bool) -> None:
    image, half = random_image(), size // 2
    codes = census(image, size, compiled)
    for row, column in ((half, half), (20, 21), (29 - half, 39 - half)):
        window = image[row - half : row + half + 1, column - half : column + half + 1].ravel()
        bits = "".join(
            str(int(v < image[row, column])) for v in np.delete(window, window.size // 2)
        )
        assert codes.valid[row, column]
        assert int(codes.codes[row, column]) == int(bits, 2)
    assert codes.bits == size * size - 1


@pytest.mark.parametrize("compiled", WAYS)
def test_codes_know_no_nan_no_edge_and_no_single_value(compiled: bool) -> None:
    image = random_image()
    image[20:27, 20:27] = 4095.0
    valid = census(image, 7, compiled).valid
    expected = np.zeros(image.shape, bool)
    expected[3:-3, 3:-3] = True
    expected[9:16, 6:13] = False
    expected[23, 23] = False
    np.testing.assert_array_equal(valid, expected)


def test_codes_ignore_gain_and_offset() -> None:
    image = random_image()
    one, two = census(image), census(3 * image + 100)
    np.testing.assert_array_equal(one.codes, two.codes)


@pytest.mark.parametrize("compiled", WAYS)
def test_costs_are_the_bits_that_differ(compiled: bool) -> None:
    left, right = random_image(), random_image(30, 45, 1)
    one, two = census(left, 7, compiled), right_codes(right, 7, 1, compiled)
    volume = cost_volume(one, two, Candidates(-3, 4), compiled)
    assert volume.shape == (30, 8, 40)
    assert volume.dtype == np.uint8
    for row, column, d in ((20, 20, -3), (22, 30, 0), (5, 12, 4)):
        a, b = int(one.codes[row, column]), int(two[0].codes[row, column - d])
        assert volume[row, d + 3, column] == (a ^ b).bit_count()
    both = one.valid[:, 5:40] & two[0].valid[:, 3:38]
    np.testing.assert_array_equal(volume[:, 5, 5:40] == NO_COST, ~both)  # d = 2


def test_quarters_are_exact_for_a_cubic() -> None:
    x = np.arange(12.0)
    image = np.broadcast_to(x**3 - 4 * x**2 + x, (3, 12)).astype(np.float32)
    for weights, shift in ((QUARTER, 0.25), (QUARTER[::-1], 0.75)):
        at = x[1:-2] + shift
        values = between(image, weights)
        np.testing.assert_allclose(values[1, 1:-2], at**3 - 4 * at**2 + at, rtol=1e-4, atol=1e-4)
        assert np.isnan(values[:, [0, -1, -2]]).all()


def test_two_steps_meet_the_quarters() -> None:
    candidates = Candidates(-2, 3, 2)
    for index in range(candidates.count):
        phase, shift = candidates.place(index)
        assert candidates.first + index / 2 == shift - (0.25, 0.75)[phase]
    assert (candidates.first, candidates.count) == (-2.25, 12)


def slow_path(costs: Any, fill: int, p1: int, p2: int, step: tuple[int, int]) -> Any:
    """Equation 13 of Hirschmueller 2008, pixel by pixel."""
    filled = np.where(costs == NO_COST, fill, costs).astype(int)
    rows, count, columns = costs.shape
    paths = np.zeros(costs.shape, int)
    down, right = step
    for row in range(rows)[:: -1 if down < 0 else 1]:
        for column in range(columns)[:: -1 if right < 0 else 1]:
            before = (row - down, column - right)
            cost = filled[row, :, column]
            if not (0 <= before[0] < rows and 0 <= before[1] < columns):
                paths[row, :, column] = cost
                continue
            last = paths[before[0], :, before[1]]
            sides = np.full(count + 2, 10_000)
            sides[1:-1] = last
            change = np.minimum(sides[:-2], sides[2:]) + p1
            best = np.minimum(np.minimum(last, change), last.min() + p2)
            paths[row, :, column] = cost + best - last.min()
    return paths


@pytest.mark.parametrize("compiled", WAYS)
def test_sums_are_those_of_the_equation(compiled: bool) -> None:
    costs = random_costs()[:20, :, 30:52]
    ways = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
    expected = sum(slow_path(costs, 24, 12, 40, way) for way in ways)
    expected = np.where(costs == NO_COST, NO_SUM, expected)
    np.testing.assert_array_equal(aggregate(costs, PENALTIES[7, 1], 48, compiled), expected)


@pytest.mark.skipif(not available("numba"), reason="numba")
@pytest.mark.parametrize("steps", [1, 2])
def test_compiled_and_numpy_agree_bit_by_bit(steps: int) -> None:
    costs = random_costs()[:, :8]
    slow, fast = (aggregate(costs, PENALTIES[7, 1], 48, way) for way in (False, True))
    np.testing.assert_array_equal(slow, fast)
    candidates = Candidates(-2, -2 + 8 // steps - 1, steps)
    for one, two in zip(
        winners(slow, candidates, 140, 1.0, False),
        winners(slow, candidates, 140, 1.0, True),
        strict=True,
    ):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(
        confidence(slow, 48, steps, compiled=False), confidence(slow, 48, steps, compiled=True)
    )


@pytest.mark.parametrize(
    ("small", "large", "said"), [(20, 10, "in order"), (-1, 10, "in order"), (60, 150, "too large")]
)
def test_penalties_that_cannot_be_are_refused(small: int, large: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        aggregate(random_costs(), Penalties(small, large), 48)


def test_refinements_find_the_lowest_point_of_their_own_curve() -> None:
    at = np.linspace(-0.45, 0.45, 7)
    lines = [abs(i - at) * 30.0 for i in (-1, 0, 1)]
    np.testing.assert_allclose(v_fit(*lines), at, atol=1e-12)
    curves = [(i - at) ** 2 * 30.0 for i in (-1, 0, 1)]
    np.testing.assert_allclose(parabola(*curves), at, atol=1e-12)
    flat = np.ones(2)
    assert (v_fit(flat, flat, flat) == 0).all()


def test_confidence_is_one_over_the_width_whatever_the_range() -> None:
    sums = np.full((1, 40, 3), 2000, np.uint16)
    sums[0, 10, 0] = 100  # one candidate
    sums[0, 10:14, 1] = 100  # four
    sums[0, :, 2] = NO_SUM
    wide, narrow = confidence(sums, 48, 1)[0], confidence(sums[:, 5:20], 48, 1)[0]
    np.testing.assert_allclose(wide[:2], [1, 1 / 4])
    np.testing.assert_array_equal(wide, narrow)
    assert np.isnan(wide[2])
    np.testing.assert_allclose(confidence(sums, 48, 2)[0, 1], 1 / 2)  # of half a pixel each
