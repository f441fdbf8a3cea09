# SPDX-License-Identifier: GPL-3.0-or-later
"""Normalized differences of bands found by their wavelengths."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.series.indices import INDICES, index_bands, index_sigma, index_values

SENTINEL = np.array([490.0, 560.0, 665.0, 865.0, 1610.0, 2200.0])


@pytest.mark.parametrize(
    ("name", "waves", "expected"),
    [
        ("NDVI", SENTINEL, (3, 2)),
        ("NDVI", np.array([645.0, 858.0]), (1, 0)),
        ("NBR", SENTINEL, (3, 5)),
        ("NDSI", SENTINEL, (1, 4)),
        ("NDRE", SENTINEL, None),  # red is not the red edge
        ("NDRE", np.array([665.0, 704.0, 865.0]), (2, 1)),
        ("NDVI", np.array([np.nan, np.nan]), None),
    ],
)
def test_bands_are_found_by_wavelength(
    name: str, waves: np.ndarray, expected: tuple[int, int] | None
) -> None:
    assert index_bands(INDICES[name], waves) == expected


def test_values_and_where_there_are_none() -> None:
    spectra = np.array([[0.05, 0.45], [0.0, 0.0], [np.nan, 0.3], [-0.2, 0.1]])
    np.testing.assert_allclose(index_values(spectra, (1, 0)), [0.8, np.nan, np.nan, np.nan])


@pytest.mark.parametrize("correlated", [-0.5, 0.0, 0.8])
def test_sigma_is_that_of_simulated_noise(correlated: float) -> None:
    rng = np.random.default_rng(1)
    noise = np.array([0.004, 0.006])
    correlation = np.array([[1.0, correlated], [correlated, 1.0]])
    draws = rng.multivariate_normal([0.08, 0.3], correlation * np.outer(noise, noise), 40_000)
    expected = float(np.std(index_values(draws, (1, 0))))
    sigma = index_sigma(np.array([[0.08, 0.3]]), (1, 0), noise, correlation)
    assert sigma[0] == pytest.approx(expected, rel=0.03)
