# SPDX-License-Identifier: GPL-3.0-or-later
"""Shifts of images and their intervals: planted ones, in smooth ground, with gaps."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.inject_shift import shift_image
from calval_toolbox.core.anomalies.spatial.registration import Shift, shift_of, shift_sums
from calval_toolbox.core.anomalies.spatial.shift_error import shift_error
from calval_toolbox.core.anomalies.spatial.tiles import score_values
from calval_toolbox.core.anomalies.spatial.verdict import vote_dates
from calval_toolbox.core.simulation.fields import smooth_noise

SIDE, BORDER, DRAWS = 72, 10, 80
WEIGHTS = np.array([2500.0])


def draw(seed: int, shift: np.ndarray, gap: float = 0.0, model_noise: float = 0.01) -> Shift:
    """A smooth field as NDVI has it, moved by ``shift``, with noise of pixels and of fields."""
    rng = np.random.default_rng(seed)
    large = 0.4 + 0.15 * smooth_noise((SIDE + 2 * BORDER,) * 2, 5.0, rng)
    inner = slice(BORDER, -BORDER)
    moved = shift_image(large[None], *shift)[0] if shift.any() else large
    noise = [0.02 * rng.normal(size=(SIDE, SIDE)), 0.02 * smooth_noise((SIDE, SIDE), 8.0, rng)]
    observed = moved[inner, inner] + sum(noise)
    expected = large[inner, inner] + model_noise * rng.normal(size=(SIDE, SIDE))
    cloud = smooth_noise((SIDE, SIDE), 10.0, rng)
    used = cloud >= np.quantile(cloud, gap)
    found = shift_of([shift_sums(observed[None], expected[None], used, WEIGHTS)])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("length", "gap", "model_noise"),
    [(0.2, 0.0, 0.01), (0.5, 0.0, 0.04), (1.0, 0.0, 0.01), (0.5, 0.4, 0.01)],
)
def test_shifts_are_unbiased_and_intervals_hold(
    length: float, gap: float, model_noise: float
) -> None:
    inside, whole, along = [], [], []
    for seed in range(DRAWS):
        turn = np.pi / 2.0 * (seed % 4) + 0.3 * (seed % 3)
        shift = length * np.array([np.cos(turn), np.sin(turn)])
        found = draw(1000 + seed, shift, gap, model_noise)
        off = np.array([found.rows, found.columns])
        inside += list(np.abs(off - shift) <= found.error.half_widths())
        low, high = found.interval
        whole.append(low <= length <= high)
        along.append(float(off @ shift) / length**2)
    assert np.mean(along) == pytest.approx(1.0, abs=0.03)
    assert 0.90 <= np.mean(inside) <= 0.99
    assert 0.88 <= np.mean(whole) <= 1.0


def test_images_in_place_have_uniform_chances() -> None:
    found = [draw(5000 + seed, np.zeros(2)) for seed in range(200)]
    p = np.array([one.p_value for one in found])
    assert 0.01 < (p < 0.05).mean() < 0.1
    assert (p < 0.001).mean() < 0.015
    assert np.mean([one.interval[0] > 0.0 for one in found]) < 0.1


def test_tiles_together_are_as_the_whole() -> None:
    """An error falls with the square root of the area; parts without contrast change nothing."""
    rng = np.random.default_rng(3)
    answers = rng.normal(50.0, 5.0, (16, 1, 1)) * np.eye(2)
    cells = rng.normal(0.0, 1.0, (16, 2))
    cells -= cells.mean(axis=0)
    one = shift_error(cells, answers)
    four = shift_error(np.tile(cells, (4, 1)), np.tile(answers, (4, 1, 1)))
    assert four.rows == pytest.approx(one.rows / 4.0, rel=0.1)
    assert four.freedom > one.freedom
    empty = np.zeros((9, 2)), np.zeros((9, 2, 2))
    more = shift_error(np.concatenate((cells, empty[0])), np.concatenate((answers, empty[1])))
    assert more.rows == pytest.approx(one.rows)
    assert more.freedom == pytest.approx(one.freedom)
    few = shift_error(cells[:3], answers[:3])
    assert np.isnan([*few.interval(0.3, 0.1), few.p_value(0.3, 0.1)]).all()


def test_noise_alone_has_no_shift() -> None:
    rng = np.random.default_rng(4)
    flat = 0.3 + np.zeros((1, SIDE, SIDE))
    seen, used = flat + rng.normal(0.0, 0.01, flat.shape), np.ones((SIDE, SIDE), bool)
    assert shift_of([shift_sums(seen, flat, used, WEIGHTS)]) is None


def test_models_that_follow_a_date_do_not_shorten_its_shift() -> None:
    """Few dates for so many waves: each date makes a fifth of its own expectation."""
    rng = np.random.default_rng(6)
    times = np.datetime64("2019-01-01", "ms") + 20 * np.arange(40) * np.timedelta64(1, "D")
    large = 0.4 + 0.1 * smooth_noise((SIDE + 2 * BORDER,) * 2, 5.0, rng)
    inner = slice(BORDER, -BORDER)
    planted = {5: (0.5, 0.0), 20: (0.0, -0.5), 34: (-0.4, 0.3)}
    images = []
    for date in range(40):
        moved = shift_image(large[None], *planted.get(date, (0.0, 0.0)))[0][inner, inner]
        images.append(moved + rng.normal(0.0, 0.02, (SIDE, SIDE)))
    values = np.array(images, np.float32)[:, None]
    clear = np.ones((40, SIDE, SIDE), bool)
    tile = score_values(values, (clear, ~clear, ~clear), times, np.array([np.nan]))
    votes = vote_dates([tile.summary], times, ("NDVI",), np.array([np.nan]), harmonics=None)
    ratio = []
    for date, one in planted.items():
        shift = votes[date].shift
        assert shift is not None
        ratio.append((shift.rows * one[0] + shift.columns * one[1]) / (one[0] ** 2 + one[1] ** 2))
        assert votes[date].kind == "shift"
        assert votes[date].p_value == shift.p_value < 1e-3
        low, high = votes[date].interval
        assert low < 0.5 < high + 0.02
    assert np.mean(ratio) == pytest.approx(1.0, abs=0.05)
    named = [date for date, one in enumerate(votes) if one.kind != "none"]
    assert named == list(planted)
