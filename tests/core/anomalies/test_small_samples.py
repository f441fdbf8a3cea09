# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure noise in short series: as many dates are below the threshold as it says."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies import small_samples
from calval_toolbox.core.anomalies.harmonics import design, harmonics_for, years
from calval_toolbox.core.anomalies.scores import prior_correlation, score
from calval_toolbox.core.anomalies.small_samples import calibrated
from calval_toolbox.core.anomalies.spatial.codes import UNTESTED
from calval_toolbox.core.anomalies.spatial.pixels import PixelSettings, score_pixels
from calval_toolbox.core.types import FloatArray

NM = np.array([490.0, 665.0, 865.0, 1610.0, 560.0, 2200.0])
THRESHOLD = 0.001
STEP_DAYS = {20: 20, 30: 15, 40: 10, 80: 5}
MARGIN = 0.15  # of the rate that is said


def noise(seed: int, dates: int, bands: int, pixels: int, shared: float) -> tuple[FloatArray, ...]:
    """Times and values of a season with noise, whose correlation is a share of the prior."""
    rng = np.random.default_rng(seed)
    prior = prior_correlation(NM[:bands])
    root = np.linalg.cholesky(shared * prior + (1.0 - shared) * np.eye(bands))
    days = STEP_DAYS[dates] * np.arange(dates) * np.timedelta64(1, "D")
    times = np.datetime64("2018-01-03", "ms") + days
    season = 0.2 + 0.05 * np.cos(2.0 * np.pi * years(times))
    white = np.einsum("ab,nbp->nap", root, rng.standard_normal((dates, bands, pixels)))
    return times, season[:, None, None] + 0.01 * white


def rate(values: FloatArray, clear: FloatArray, times: FloatArray) -> tuple[float, float]:
    """Flagged pixels of all dates over those expected, and the error of that by chance."""
    found = score_pixels(values, clear, years(times), NM[: values.shape[1]],
                         PixelSettings(threshold=THRESHOLD))  # fmt: skip
    tested = found.best != UNTESTED
    expected = THRESHOLD * tested.sum()
    return float((tested & (found.best > 0)).sum() / expected), float(expected**-0.5)


@pytest.mark.parametrize(
    ("dates", "bands", "gaps", "shared"),
    [(20, 1, 0.0, 0.0), (20, 4, 0.05, 1.0), (30, 1, 0.3, 0.0), (30, 6, 0.0, 1.0),
     (40, 4, 0.3, 0.5), (80, 1, 0.0, 0.0)],
)  # fmt: skip
def test_noise_is_flagged_as_often_as_is_said(
    dates: int, bands: int, gaps: float, shared: float
) -> None:
    times, values = noise(3, dates, bands, 600_000 // dates, shared)
    clear = np.random.default_rng(4).random((dates, values.shape[2])) >= gaps
    ratio, error = rate(values, clear, times)
    assert abs(ratio - 1.0) < MARGIN + error


def test_without_the_factor_it_is_flagged_several_times_as_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the factor is there for, and that the test above can fail."""
    monkeypatch.setattr(small_samples, "inflation", lambda counts, *_: np.ones(len(counts)))
    times, values = noise(5, 30, 1, 5000, 0.0)
    assert rate(values, np.ones((30, 5000), bool), times)[0] > 3.0


@pytest.mark.parametrize("level", [0.01, 1e-4])
def test_it_holds_at_the_threshold_that_is_asked_for(level: float) -> None:
    times, values = noise(6, 30, 1, 60_000, 0.0)
    t, clear = years(times), np.ones((30, 60_000), bool)
    prior = prior_correlation(NM[:1])
    made = score(design(t, harmonics_for(30)), values, clear, prior)
    found = calibrated(made, t, clear, harmonics_for(30), prior, level)
    ratio = (found.p_value < level).mean() / level
    assert abs(ratio - 1.0) < 0.2 + (level * clear.size) ** -0.5
    factor = made.distance / found.distance
    assert factor.min() == pytest.approx(factor.max())


def test_long_series_need_no_factor() -> None:
    t = np.linspace(-4.0, 4.0, 400)
    rng = np.random.default_rng(8)
    values, clear = rng.normal(0.2, 0.01, (400, 1, 1)), np.ones((400, 1), bool)
    made = score(design(t, 3), values, clear, np.ones((1, 1)))
    found = calibrated(made, t, clear, 3, np.ones((1, 1)), 0.001)
    assert 0.97 < made.distance[0, 0] / found.distance[0, 0] < 1.06
