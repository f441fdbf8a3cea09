# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of differences against a peer's printed table and known distributions; the error of a
mean against published values and simulations; waves that are planted, and none where there is none.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem.spatial_error import (
    Correlation,
    fit_correlation,
    least_certain,
    mean_error,
    spherical,
    variogram,
)
from calval_toolbox.core.dem.statistics import binned, by_class, keep_within, statistics_of
from calval_toolbox.core.dem.waves import find_waves
from calval_toolbox.core.io.dem_files import read_dem


def peer_slope(height: Any, north: float) -> Any:
    """The peer's slope: the angle in radians times 100 (it calls that percent), by Horn with
    mirrored edges and distances on a sphere by arc cosines.
    """
    from scipy.ndimage import convolve

    rows, columns = height.shape
    step = 1.0 / 1200.0
    latitude = np.radians(north - step * np.arange(rows))[:, None]
    radius, turn = 6_378_137.0, np.radians(step)
    # An arc cosine near 1 has few digits: a dozen cells at the edges of classes change sides.
    across = radius * np.arccos(
        np.cos(latitude) * np.cos(latitude) * np.cos(turn) + np.sin(latitude) ** 2
    )
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    east = convolve(height, kernel, mode="reflect") / across
    south = convolve(height, kernel.T, mode="reflect") / (radius * turn)
    return 100.0 * np.arctan(np.hypot(east, south) / 8.0)


def test_every_statistic_of_the_peer(shared_data: Path) -> None:
    folder = shared_data / "dem" / "srtm_coregistration"
    reference = read_dem(str(folder / "srtm_ref.tif")).height[5:995, 3:996].astype(np.float64)
    model = read_dem(str(folder / "srtm_blurred_and_shifted.tif")).height[:990, :993]
    # The peer takes reference minus model, without what lies beyond three standard deviations.
    whole = reference - model
    difference = keep_within(whole, 3.0)
    codes, names = binned(peer_slope(reference, 40.0 - 5.0 / 1200.0), (0, 5, 10, 25, 45), "")
    ours = by_class("slope", difference, np.isfinite(reference), codes, names)
    with open(folder / "peer_stats_by_slope.csv", encoding="utf-8") as stream:
        theirs = list(csv.DictReader(stream))
    assert len(ours) == len(theirs) == 5
    for one, other in zip(ours, theirs, strict=True):
        found, cells = one.statistics, float(other["nbpts"])
        # Twelve of 983 070 cells change sides, and the peer's heights are single precision.
        assert found.count / found.completeness == pytest.approx(cells, abs=15)
        assert found.median == pytest.approx(float(other["median"]), abs=1e-5)
        assert found.nmad == pytest.approx(float(other["nmad"]), abs=1e-4)
        assert found.maximum == pytest.approx(float(other["max"]), abs=2e-4)
        assert found.minimum == pytest.approx(float(other["min"]), abs=2e-4)
        for name, ours_value in (
            ("mean", found.mean), ("std", found.std), ("rmse", found.rmse),
        ):  # fmt: skip
            assert ours_value == pytest.approx(float(other[name]), abs=1e-3), (one.name, name)
    # Its 90 % are those of all cells, outliers included, around their mean.
    rows = by_class("slope", whole, np.isfinite(reference), codes, names)
    for one, other in zip(rows, theirs, strict=True):
        assert one.statistics.le90_unbiased == pytest.approx(float(other["percentil_90"]), abs=1e-3)


def test_mixture_with_outliers() -> None:
    """95 % N(0, 0.3) and 5 % N(0, 3): std 0.73, NMAD 0.318, LE90 0.563, LE95 0.763."""
    rng = np.random.default_rng(0)
    values = rng.normal(0.0, 0.3, 2_000_000)
    values[:100_000] *= 10.0
    found = statistics_of(values, (1.0,), 4_000_000)
    assert found.std == pytest.approx(0.73, abs=0.005)
    assert found.nmad == pytest.approx(0.318, abs=0.002)
    assert found.le90 == pytest.approx(0.563, abs=0.003)
    assert found.le95 == pytest.approx(0.763, abs=0.006)
    assert found.above[1.0] == pytest.approx(0.0378, abs=0.001)
    assert found.completeness == 0.5
    moved = statistics_of(values + 5.0)
    assert moved.le90_unbiased == pytest.approx(found.le90_unbiased)
    assert moved.le90 > 5.0
    assert moved.rmse == pytest.approx(np.hypot(found.std, found.mean + 5.0))
    assert statistics_of(np.empty(0)).count == 0


def test_classes_have_their_edges() -> None:
    codes, names = binned(np.array([[-1.0, 0.0, 4.9, 5.0, 99.0, np.nan]]), (0, 5), "m")
    assert codes.tolist() == [[-1, 0, 0, 1, 1, -2]]
    assert names == {-1: "below 0 m", 0: "0 to 5 m", 1: "5 m and more"}


def test_effective_cells_are_no_more_than_there_are() -> None:
    """Odd cells that the fitted model knows nothing of: variance of 100, sill of 1."""
    found = mean_error(Correlation(0.5, (0.5,), (20.0,)), 400, 100.0, total=100.0)
    assert found.effective == 400.0
    assert found.error == pytest.approx(0.5)


@pytest.mark.parametrize(("reach", "error", "effective"), [(50.0, 0.0447, 500), (500.0, 0.447, 5)])
def test_published_errors_of_a_mean(reach: float, error: float, effective: float) -> None:
    """A disk of radius 500 m, cells of 1 m, sill 1."""
    found = mean_error(Correlation(0.0, (1.0,), (reach,)), 785_398, 1.0)
    assert found.error == pytest.approx(error, abs=0.0005)
    assert found.effective == pytest.approx(effective, rel=0.002)


def correlated(seed: int, size: int, sigma: float) -> Any:
    from scipy.ndimage import gaussian_filter

    noise = np.random.default_rng(seed).normal(size=(size, size))
    smooth = gaussian_filter(noise, sigma, mode="wrap")
    return smooth / np.sqrt(np.mean(gaussian_filter(noise, sigma, mode="wrap") ** 2))


def test_variogram_of_a_known_field() -> None:
    field = 2.0 * correlated(1, 500, 6.0) + np.random.default_rng(2).normal(0, 1.0, (500, 500))
    field[100:150, 100:200] = np.nan
    for robust in (True, False):
        found = variogram(field, (10.0, 10.0), robust)
        # Gaussian filter of s cells: correlation exp(-(d / 2 s)^2), plus 1 m2 of white noise.
        truth = 1.0 + 4.0 * (1.0 - np.exp(-((found.distance / 120.0) ** 2)))
        near = found.distance < 1000.0
        assert np.abs(found.semivariance / truth - 1.0)[near].max() < 0.2
    model = fit_correlation(found)
    assert model is not None
    assert model.total == pytest.approx(5.0, rel=0.2)
    assert np.abs(model.semivariance(found.distance) / found.semivariance - 1.0).max() < 0.25
    assert spherical(np.array([0.0, 50.0, 100.0, 300.0]), 100.0).tolist() == [0.0, 0.6875, 1.0, 1.0]


def test_error_covers_means_of_correlated_fields() -> None:
    scores, naive = [], []
    for seed in range(40):
        whole = 3.0 * correlated(seed, 600, 8.0)
        part = whole[200:350, 200:350]
        model = fit_correlation(variogram(part, (1.0, 1.0), seed=seed))
        assert model is not None
        scores.append(part.mean() / mean_error(model, part.size, 1.0).error)
        naive.append(part.mean() / (part.std() / np.sqrt(part.size)))
    assert 0.7 < np.std(scores) < 1.5
    assert np.std(naive) > 10.0


def test_error_of_a_mean_with_walls() -> None:
    """Patches that are far off, as beside walls, are no correlation over the whole area."""
    scores, errors = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        field = 0.2 * correlated(seed, 300, 2.0)
        for row, column in rng.integers(0, 295, (60, 2)):
            field[row : row + 5, column : column + 5] += rng.choice([-9.0, 9.0])
        both = [variogram(field, (0.5, 0.5), robust, seed) for robust in (False, True)]
        found = least_certain(both, field.var(), field.size, 0.25)
        assert found is not None
        errors.append(found[1].error)
        scores.append(field.mean() / errors[-1])
    assert 0.7 < np.std(scores) < 1.5
    assert max(errors) < 4.0 * min(errors)


def test_walls_do_not_hide_what_all_cells_share() -> None:
    """A faint error over hundreds of cells, under patches that are far off."""
    scores = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        field = 0.2 * correlated(seed, 600, 50.0)[150:450, 150:450]
        field += rng.normal(0.0, 0.1, field.shape)
        for row, column in rng.integers(0, 295, (60, 2)):
            field[row : row + 5, column : column + 5] += rng.choice([-9.0, 9.0])
        both = [variogram(field, (0.5, 0.5), robust, seed) for robust in (False, True)]
        found = least_certain(both, field.var(), field.size, 0.25)
        assert found is not None
        scores.append(field.mean() / found[1].error)
    assert 0.4 < np.std(scores) < 1.6


def test_wave_is_found_with_period_and_size() -> None:
    rng = np.random.default_rng(3)
    field = rng.normal(0.0, 2.0, (400, 300)) + 0.01 * np.arange(400)[:, None]
    field += 0.5 * np.sin(2.0 * np.pi * np.arange(300) / 17.0)[None, :]
    field[50:90, 20:60] = np.nan
    rows, columns = find_waves(field, (30.0, 10.0))
    assert not rows.significant
    assert columns.significant
    assert columns.period == pytest.approx(17.0, rel=0.04)
    assert columns.period_m == pytest.approx(510.0, rel=0.04)
    assert columns.amplitude == pytest.approx(0.5, rel=0.2)


def test_noise_has_no_waves() -> None:
    found = 0
    for seed in range(40):
        fields = np.random.default_rng(seed).normal(size=(120, 100)), correlated(seed, 128, 3.0)
        found += sum(wave.significant for field in fields for wave in find_waves(field, (1.0, 1.0)))
    assert found <= 6  # of 160 at a level of 1 %
    flat = find_waves(np.zeros((64, 64)), (1.0, 1.0))
    assert not any(wave.significant for wave in flat)
