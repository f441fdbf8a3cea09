# SPDX-License-Identifier: GPL-3.0-or-later
"""Gap filling against numpy.interp, a dense solution of the smoother, scipy, and planted curves."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.dependencies import available
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.series.gap_filling import days_to_clear, fill_linear
from calval_toolbox.core.series.regularize import (
    GapFilling,
    check_settings,
    regular_times,
    regularize,
)
from calval_toolbox.core.series.whittaker import fill_whittaker

NUMBA = [False, True] if available("numba") else [False]


def data(dates: int = 40, bands: int = 3, pixels: int = 300, clear: float = 0.6):
    """Random series whose masked values are absurd, so that one that is used is seen."""
    rng = np.random.default_rng(7)
    values = rng.uniform(0.0, 0.6, (dates, bands, pixels)).astype(np.float32)
    good = rng.random((dates, pixels)) < clear
    good[:, 0] = False
    good[:, 1] = False
    good[dates // 2, 1] = True
    values[:, :, 2:] = np.where(good[:, None, 2:], values[:, :, 2:], 99.0)
    days = np.sort(rng.choice(np.arange(0.0, 365.0), dates, replace=False)) + 0.4
    return values, good, days, np.arange(-20.0, 390.0, 5.0)


@pytest.mark.parametrize("compiled", NUMBA)
def test_linear_is_numpy_interp_within_a_ten_thousandth(compiled: bool) -> None:
    values, clear, days, out_days = data()
    filled = fill_linear(values, clear, days, out_days, np.inf, compiled)
    for pixel in range(1, values.shape[2]):
        own = clear[:, pixel]
        for band in range(values.shape[1]):
            truth = np.interp(out_days, days[own], values[own, band, pixel].astype(np.float64))
            assert np.abs(filled[:, band, pixel] - truth).max() < 1e-6
    assert np.isnan(filled[:, :, 0]).all(), "a pixel that is never clear has no value"


@pytest.mark.parametrize("compiled", NUMBA)
def test_ends_are_held_as_long_as_allowed(compiled: bool) -> None:
    values = np.array([0.1, 0.9, 0.3], dtype=np.float32).reshape(3, 1, 1)
    clear = np.array([[True], [False], [True]])
    days, out = np.array([10.0, 20.0, 30.0]), np.arange(0.0, 45.0, 5.0)
    filled = fill_linear(values, clear, days, out, 5.0, compiled)[:, 0, 0]
    nan = np.nan
    assert filled == pytest.approx([nan, 0.1, 0.1, 0.15, 0.2, 0.25, 0.3, 0.3, nan], nan_ok=True)


@pytest.mark.skipif(not available("numba"), reason="numba is not installed")
@pytest.mark.parametrize("method", ["linear", "whittaker", "savitzky_golay"])
def test_numba_and_numpy_give_the_same(method: str) -> None:
    values, clear, days, out_days = data()
    settings = GapFilling(method)
    one = regularize(values, clear, days, out_days, settings, compiled=True)
    two = regularize(values, clear, days, out_days, settings, compiled=False)
    assert np.allclose(one[0], two[0], rtol=0, atol=1e-7, equal_nan=True)
    assert np.array_equal(one[1], two[1])


@pytest.mark.parametrize("compiled", NUMBA)
@pytest.mark.parametrize("smoothing", [1.0, 100.0, 10_000.0])
def test_whittaker_is_the_dense_solution(smoothing: float, compiled: bool) -> None:
    """The normal equations of Eilers 2003, set up and solved as full matrices."""
    values, clear, days, _ = data(pixels=20)
    out_days = np.arange(0.0, 365.0)
    filled = fill_whittaker(values, clear, days, out_days, np.inf, smoothing, compiled)
    differences = np.diff(np.eye(365), n=2, axis=0)
    penalty = smoothing * differences.T @ differences
    at = np.floor(days).astype(int)
    for pixel in range(2, 20):
        weight, series = np.zeros(365), np.zeros(365)
        own = clear[:, pixel]
        weight[at[own]] = 1.0
        series[at[own]] = values[own, 1, pixel]
        truth = np.linalg.solve(np.diag(weight) + penalty, series)
        first, last = at[own].min(), at[own].max()
        inner = slice(first, last + 1)
        assert filled[inner, 1, pixel] == pytest.approx(truth[inner], abs=1e-6)
        assert (filled[:first, 1, pixel] == filled[first, 1, pixel]).all(), "held at the ends"


def test_whittaker_with_one_clear_date_holds_it() -> None:
    values, clear, days, out_days = data()
    filled, _ = regularize(values, clear, days, out_days, GapFilling("whittaker", 30.0))
    near = np.abs(out_days - days[20]) <= 30.0
    assert np.isnan(filled[~near, 0, 1]).all()
    assert filled[near, 0, 1] == pytest.approx(values[20, 0, 1])


@pytest.mark.parametrize("method", ["linear", "whittaker", "savitzky_golay"])
@pytest.mark.parametrize("compiled", NUMBA)
def test_day_of_the_first_and_last_clear_date_is_held_without_any_gap(
    method: str, compiled: bool
) -> None:
    """Seen at 10:30 (and 13:00 at the end); the regular dates are midnights."""
    values = np.array([0.1, 0.2, 0.3], dtype=np.float32).reshape(3, 1, 1)
    days, out = np.array([1.4375, 2.4375, 4.5417]), np.arange(0.0, 7.0)
    settings = GapFilling(method, 0.0, smoothing=1e-6, window=3, order=1)
    filled, _ = regularize(values, np.ones((3, 1), bool), days, out, settings, compiled)
    there = np.isfinite(filled[:, 0, 0])
    assert there.tolist() == [False, True, True, True, True, False, False]
    if method != "savitzky_golay":
        assert filled[1, 0, 0] == pytest.approx(0.1, abs=1e-4)


@pytest.mark.parametrize("compiled", NUMBA)
def test_savitzky_golay_ends_are_held_as_long_as_allowed(compiled: bool) -> None:
    values, days = np.full((3, 1, 1), 0.2, dtype=np.float32), np.array([10.0, 15.0, 20.0])
    settings = GapFilling("savitzky_golay", 3.0, window=5, order=1)
    out = np.arange(0.0, 31.0)
    filled, _ = regularize(values, np.ones((3, 1), bool), days, out, settings, compiled)
    assert np.isfinite(filled[:, 0, 0]).tolist() == (np.abs(out - 15.0) <= 8.0).tolist()


def test_whittaker_counts_a_day_once_however_often_it_was_seen() -> None:
    """The dense solution with weight 1 for the mean of the two observations of day 10."""
    values = np.array([0.1, 0.2, 0.6, 0.1], dtype=np.float32).reshape(4, 1, 1)
    days, out = np.array([0.0, 10.2, 10.8, 20.0]), np.arange(0.0, 21.0)
    filled = fill_whittaker(values, np.ones((4, 1), bool), days, out, 1.0, 100.0)
    differences = np.diff(np.eye(21), n=2, axis=0)
    weight, series = np.zeros(21), np.zeros(21)
    weight[[0, 10, 20]], series[[0, 10, 20]] = 1.0, (0.1, 0.4, 0.1)
    truth = np.linalg.solve(np.diag(weight) + 100.0 * differences.T @ differences, series)
    assert filled[:, 0, 0] == pytest.approx(truth, abs=1e-6)


def test_whittaker_averages_observations_of_one_day() -> None:
    values = np.array([0.1, 0.3, 0.4, 0.4], dtype=np.float32).reshape(4, 1, 1)
    days = np.array([0.2, 0.8, 10.0, 20.0])
    filled = fill_whittaker(values, np.ones((4, 1), bool), days, np.array([0.0]), 1.0, 1e-6)
    assert filled[0, 0, 0] == pytest.approx(0.2, abs=1e-4)


def test_smoothers_recover_a_planted_season() -> None:
    """Noise of 0.02 on a season: the smooth curves come nearer to the truth than the line."""
    rng = np.random.default_rng(3)
    days = np.arange(0.0, 730.0, 5.0)
    out_days = np.arange(0.0, 725.0, 5.0)

    def season(t: np.ndarray) -> np.ndarray:
        return 0.3 + 0.1 * np.sin(2 * np.pi * t / 365.25)

    noise = rng.normal(0, 0.02, (len(days), 1, 50))
    values = (season(days)[:, None, None] + noise).astype(np.float32)
    clear = rng.random((len(days), 50)) < 0.7
    errors = {}
    for method in ("linear", "whittaker", "savitzky_golay"):
        settings = GapFilling(method, 400.0, smoothing=1e5, window=15)
        filled, _ = regularize(values, clear, days, out_days, settings)
        errors[method] = float(np.sqrt(np.mean((filled - season(out_days)[:, None, None]) ** 2)))
    assert errors["whittaker"] < 0.5 * errors["linear"]
    assert errors["savitzky_golay"] < 0.6 * errors["linear"]


def test_savitzky_golay_keeps_a_parabola() -> None:
    days = np.arange(0.0, 100.0, 10.0)
    values = (0.1 + 1e-5 * days**2).astype(np.float32).reshape(-1, 1, 1)
    filled, _ = regularize(
        values, np.ones((10, 1), bool), days, days, GapFilling("savitzky_golay", window=5)
    )
    assert filled[:, 0, 0] == pytest.approx(values[:, 0, 0], abs=1e-6)


def test_days_to_the_nearest_clear_date() -> None:
    values, clear, days, out_days = data()
    result = days_to_clear(clear, days, out_days)
    for pixel in (1, 2, 50, 299):
        own = days[clear[:, pixel]]
        truth = np.abs(out_days[:, None] - own[None, :]).min(axis=1)
        assert result[:, pixel] == pytest.approx(truth, abs=1e-4)
    assert np.isinf(result[:, 0]).all()


def test_bands_with_gaps_of_their_own_are_filled_apart() -> None:
    days = np.array([0.0, 10.0, 20.0])
    for gap in (0, 1):
        values = np.full((3, 2, 1), 0.2, dtype=np.float32)
        values[1, gap] = np.nan
        values[2, gap] = 0.4
        filled, quality = regularize(values, np.ones((3, 1), bool), days, days, GapFilling())
        assert filled[1, gap, 0] == pytest.approx(0.3)
        assert filled[1, 1 - gap, 0] == pytest.approx(0.2)
        assert quality[:, 0] == pytest.approx([0, 10, 0]), "of the band where it is farthest"


def test_two_observations_of_one_moment() -> None:
    values = np.array([0.1, 0.2, 0.3], dtype=np.float32).reshape(3, 1, 1)
    days, clear = np.array([0.0, 5.0, 5.0]), np.array([[True], [True], [True]])
    filled, _ = regularize(values, clear, days, np.array([0.0, 5.0, 6.0]), GapFilling())
    assert filled[:, 0, 0] == pytest.approx([0.1, 0.3, 0.3])


def test_regular_times() -> None:
    times = regular_times(np.datetime64("2020-02-20T10:50"), np.datetime64("2020-03-11T09:00"), 10)
    assert times.astype(str).tolist() == [
        f"{day}T00:00:00.000" for day in ("2020-02-20", "2020-03-01", "2020-03-11")
    ]


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        ("2020-02-01", "2020-01-01", "lies before the start"),
        ("1900-01-01", "2020-01-01", "more than 10000"),
    ],
)
def test_impossible_grids_are_a_sentence(start: str, end: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        regular_times(np.datetime64(start), np.datetime64(end), 1)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (GapFilling("cubic"), "no method 'cubic'"),
        (GapFilling("savitzky_golay", window=6), "has to be odd"),
        (GapFilling("savitzky_golay", window=3, order=3), "larger than the order"),
        (GapFilling("savitzky_golay", window=31), "longer than the series"),
        (GapFilling("whittaker", smoothing=0.0), "more than 0"),
        (GapFilling(max_gap_days=-1.0), "0 or more"),
    ],
)
def test_impossible_settings_are_a_sentence(settings: GapFilling, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        check_settings(settings, 30)
