# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator keeps what it promises, and injection plants what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.anomalies.inject import KINDS, inject, physical_change
from calval_toolbox.core.anomalies.physics import cloud_over, wrong_aot
from calval_toolbox.core.anomalies.simulate import (
    SITES,
    WAVELENGTHS_NM,
    noise_correlation,
    season,
    simulate_series,
    simulate_stack,
)
from calval_toolbox.core.errors import InputError, InsufficientDataError

NM = np.array(WAVELENGTHS_NM)
DARK, BRIGHT = np.full((1, 6), 0.03), np.full((1, 6), 0.6)


@pytest.mark.parametrize("site", SITES.values(), ids=lambda site: site.name)
def test_noise_is_as_described(site) -> None:
    stack = simulate_stack(site, 300, 3, gaps=0.0)
    noise = (stack.values - season(site, stack.times)[..., None]).transpose(1, 0, 2).reshape(6, -1)
    np.testing.assert_allclose(noise.std(axis=1), site.noise, rtol=0.02)
    np.testing.assert_allclose(np.corrcoef(noise), noise_correlation(site), atol=0.02)
    assert (season(site, stack.times) > 0.0).all()


@pytest.mark.parametrize("gaps", [0.3, 0.6])
def test_clouds_come_in_runs(gaps: float) -> None:
    stack = simulate_stack(SITES["Toulouse"], 500, 4, gaps=gaps, contamination=0.03)
    cloudy = ~stack.clear
    assert cloudy.mean() == pytest.approx(gaps, abs=0.01)
    assert cloudy[1:][cloudy[:-1]].mean() == pytest.approx(2.0 / 3.0, abs=0.01)
    assert stack.contaminated[stack.clear].mean() == pytest.approx(0.03, abs=0.003)
    assert not stack.contaminated[cloudy].any()
    assert stack.values[:, 0][cloudy].mean() > 0.3


def test_the_same_seed_gives_the_same_series() -> None:
    first, missed = simulate_series(SITES["Morocco"], 5, contamination=0.05)
    second, _ = simulate_series(SITES["Morocco"], 5, contamination=0.05)
    other, _ = simulate_series(SITES["Morocco"], 6, contamination=0.05)
    np.testing.assert_array_equal(first.values, second.values)
    assert (first.values != other.values).all()
    assert len(first) == 292
    assert set(first.sensor) == {"S2A", "S2B"}
    assert missed.any()


def test_noise_that_persists_is_autoregressive() -> None:
    site = replace(SITES["Beijing"], phi=0.7)
    stack = simulate_stack(site, 300, 3, gaps=0.0)
    noise = stack.values - season(site, stack.times)[..., None]
    np.testing.assert_allclose(noise.std(axis=(0, 2)), site.noise, rtol=0.03)
    for lag in (1, 3):
        r = (noise[lag:] * noise[:-lag]).mean(axis=(0, 2)) / noise.var(axis=(0, 2))
        np.testing.assert_allclose(r, 0.7**lag, atol=0.03)


def test_aerosol_brightens_dark_ground_and_darkens_bright_ground() -> None:
    error = np.array([0.2])
    dark, bright = wrong_aot(DARK, NM, error) - DARK, wrong_aot(BRIGHT, NM, error) - BRIGHT
    assert (dark > 0.0).all()
    assert (bright < 0.0).all()
    assert (np.diff(dark[0]) < 0.0).all()  # blue most
    np.testing.assert_allclose(wrong_aot(DARK, NM, np.zeros(1)), DARK, atol=1e-12)
    over = wrong_aot(DARK, NM, -error) - DARK
    np.testing.assert_allclose(over, -dark, rtol=0.5)
    assert over[0, 0] < -0.01


def test_thick_cloud_hides_the_ground() -> None:
    thick = np.array([300.0])
    over_dark, over_bright = cloud_over(DARK, NM, thick), cloud_over(BRIGHT, NM, thick)
    np.testing.assert_allclose(over_dark, over_bright, atol=0.03)
    assert over_dark[0, 0] > 0.9
    assert over_dark[0, 5] < 0.75


@pytest.mark.parametrize("kind", ["cloud", "thin_cloud", "aot_under", "aot_over"])
def test_amplitude_is_the_largest_change(kind: str) -> None:
    rho = np.array([site.mean for site in SITES.values()])
    changed, parameter = physical_change(kind, rho, NM, np.full(4, 0.04))
    np.testing.assert_allclose(np.abs(changed - rho).max(axis=1), 0.04, atol=1e-6)
    assert (parameter > 0.0).all()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_truth_is_what_was_changed(kind: str) -> None:
    series, _ = simulate_series(SITES["Toulouse"], 7)
    amplitude = 150.0 if kind == "wrong_date" else 0.05
    changed, truth = inject(series, kind, amplitude, count=4, duration=2, seed=8)
    difference = changed.values - series.values
    np.testing.assert_allclose(difference[truth.index], truth.change, atol=1e-12)
    untouched = np.setdiff1d(np.arange(len(series)), truth.index)
    assert (difference[untouched] == 0.0).all()
    assert (np.abs(truth.change).max(axis=1) > 0.0).sum() >= len(
        truth.index
    ) - 1  # a drift starts at 0
    if kind not in ("step", "drift"):
        assert len(truth.index) == 8
        assert series.clear[truth.index].all()
    again = inject(series, kind, amplitude, count=4, duration=2, seed=8)[0]
    np.testing.assert_array_equal(changed.values, again.values)


def test_wrong_date_is_another_date_of_the_series() -> None:
    series, _ = simulate_series(SITES["Toulouse"], 9)
    changed, truth = inject(series, "wrong_date", 120.0, count=3, seed=1)
    for i, days in zip(truth.index, truth.parameter, strict=True):
        moved = series.times[i] + np.timedelta64(round(days), "D")
        np.testing.assert_array_equal(changed.values[i], series.values[series.times == moved][0])
        assert abs(abs(days) - 120.0) < 40.0


def test_a_wrong_date_is_never_the_date_itself() -> None:
    series, _ = simulate_series(SITES["Toulouse"], 9, gaps=0.0)
    _, truth = inject(series, "wrong_date", 2.0, count=5, seed=1)
    assert (truth.parameter != 0.0).all()
    assert (np.abs(truth.change).max(axis=1) > 0.0).all()
    sparse = series.select(np.flatnonzero(series.clear)[::8])
    with pytest.raises(InsufficientDataError, match="no other clear date"):
        inject(sparse, "wrong_date", 2.0, count=5, seed=1)


@pytest.mark.parametrize("kind", ["step", "drift", "wrong_date", "cloud"])
def test_order_of_the_dates_does_not_matter(kind: str) -> None:
    series, _ = simulate_series(SITES["Toulouse"], 9)
    order = np.random.default_rng(2).permutation(len(series))
    amplitude = 120.0 if kind == "wrong_date" else 0.05
    plain, _ = inject(series, kind, amplitude, count=4, seed=3)
    mixed, truth = inject(series.select(order), kind, amplitude, count=4, seed=3)
    np.testing.assert_allclose(mixed.values, plain.values[order], rtol=1e-12)
    if kind in ("step", "drift"):
        before = np.setdiff1d(np.arange(len(series)), truth.index)
        assert mixed.times[before].max() < truth.time.min()


@pytest.mark.parametrize("amplitude", [-0.05, 0.0, 0.9])
def test_amplitudes_out_of_reach_or_of_the_wrong_sign_are_refused(amplitude: float) -> None:
    series, _ = simulate_series(SITES["Morocco"], 9)
    with pytest.raises(InputError, match="cannot change" if amplitude > 0 else "must be positive"):
        inject(series, "cloud", amplitude)


def test_bad_injections_are_refused() -> None:
    series, _ = simulate_series(SITES["Toulouse"], 10)
    with pytest.raises(InputError, match="unknown"):
        inject(series, "meteor", 0.1)
    with pytest.raises(InsufficientDataError, match="do not fit"):
        inject(series, "cloud", 0.1, count=500)
    with pytest.raises(InputError, match="The wavelengths of B02, B03, .* are unknown"):
        inject(replace(series, wavelengths_nm=np.full(6, np.nan)), "cloud", 0.1)
