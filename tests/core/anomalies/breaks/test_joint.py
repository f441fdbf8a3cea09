# SPDX-License-Identifier: GPL-3.0-or-later
"""The joint test: real pixels whose breaks are published, planted breaks, bad input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core import jit
from calval_toolbox.core.anomalies.breaks.joint import (
    BreakResult,
    BreakSettings,
    detect_breaks,
    detect_breaks_in_series,
)
from calval_toolbox.core.anomalies.breaks.joint_fit import (
    fit_bands,
    lasso,
    noise_of_differences,
    screen_out,
)
from calval_toolbox.core.anomalies.harmonics import design
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.series.types import TimeSeries

NANOMETERS = np.array([480.0, 560.0, 660.0, 860.0, 1610.0, 2200.0])
DAYS = np.datetime64("2017-01-01") + 8 * np.arange(183)
STEP = np.array([0.02, 0.03, 0.04, -0.12, 0.05, 0.06])


def simulate(pixels: int, seed: int, clouds: float = 0.02):
    """Values (183, 6, pixels), and the index of the break of each pixel."""
    rng = np.random.default_rng(seed)
    t = 8 * np.arange(183)[:, None, None] / 365.25
    level = np.array([0.04, 0.07, 0.06, 0.3, 0.2, 0.12])[:, None]
    swing = np.array([0.01, 0.015, 0.01, 0.06, 0.03, 0.02])[:, None]
    noise = np.array([0.008, 0.008, 0.008, 0.015, 0.012, 0.01])[:, None]
    values = level + swing * np.cos(2 * np.pi * (t - 0.5))
    values = values + noise * rng.standard_normal((183, 6, pixels))
    at = rng.integers(90, 160, pixels)
    values += STEP[:, None] * (np.arange(183)[:, None] >= at)[:, None, :]
    cloud = (rng.random((183, pixels)) < clouds) * rng.uniform(0.1, 0.4, (183, pixels))
    values += cloud[:, None, :]
    return np.where((rng.random((183, pixels)) < 0.3)[:, None, :], np.nan, values), at


def real(folder: Path, name: str) -> TimeSeries:
    """A pixel of a CSV file: ordinal, six bands in 1e-4, temperature, CFMask."""
    head = 0 if name.startswith(("lcmap", "pyxccd_spectral")) else 1
    table = np.genfromtxt(
        folder / "anomalies" / f"{name}.csv", delimiter=",", skip_header=head, encoding="utf-8-sig"
    )
    count = len(table)
    words = np.array(["clear", "clear", "cloud_shadow", "snow", "cloud", "nodata"])
    state = words[np.minimum(table[:, 8], 5).astype(int)]
    times = (table[:, 0].astype(np.int64) - 719_163).astype("datetime64[D]")
    blank = np.full(count, "")
    return TimeSeries(
        name, times.astype("datetime64[ms]"), ("blue", "green", "red", "nir", "swir1", "swir2"),
        NANOMETERS, table[:, 1:7] * 1e-4, state, blank, blank, blank,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Published with the pixels: a break of 2013-06-21, and a fire of 2024-03-23.
        ("pyxccd_spectral_336_3980_obs", ["2013-06-21"]),
        ("pyxccd_1_hls_sc", ["2024-03-23"]),
        # Beetles that kill slowly, and a forest before it is logged: COLD finds nothing either.
        ("pyxccd_2_mpb_co_landsat", []),
        ("pyxccd_7_logging_hls_w0", []),
        ("lcmap_sample_2", ["1987-12-17"]),
    ],
)
def test_breaks_of_real_pixels(shared_data: Path, name: str, expected: list[str]) -> None:
    found = detect_breaks_in_series(real(shared_data, name))
    assert found.breaks().astype(str).tolist() == expected


@pytest.mark.parametrize(
    ("name", "magnitude", "rmse"),
    [
        (
            "pyxccd_spectral_336_3980_obs",
            [0.000155719, -0.002845802, 0.007339143, -0.039901464, 0.079316483, 0.091938772],
            [0.014269427, 0.013706396, 0.014520531, 0.017860487, 0.013950142, 0.010883503],
        ),
        (
            "pyxccd_1_hls_sc",
            [0.021141411, 0.014912526, 0.024563804, -0.091299434, 0.015790214, 0.077213292],
            [0.003551098, 0.004713931, 0.005080256, 0.013623243, 0.01454616, 0.00958815],
        ),
    ],
)
def test_sizes_of_real_breaks_stay(
    shared_data: Path, name: str, magnitude: list[float], rmse: list[float]
) -> None:
    # What the kernels gave when they were written with products of matrices.
    found = detect_breaks_in_series(real(shared_data, name))
    assert found.probability[0, 0] == 1.0
    np.testing.assert_allclose(found.magnitude[0, 0], magnitude, rtol=0.0, atol=2e-9)
    np.testing.assert_allclose(found.rmse[0, 0], rmse, rtol=0.0, atol=2e-9)


def test_breaks_of_a_pixel_that_changes_often(shared_data: Path) -> None:
    found = detect_breaks_in_series(real(shared_data, "lcmap_test_3657_3610_observations"))
    # COLD's on the same file; ours has another, of the same month as one that CCDC has.
    cold = np.array(["1993-06-17", "2003-07-15", "2007-06-08", "2011-04-24"], "datetime64[D]")
    for day in cold:
        assert np.abs(found.breaks() - day).min() <= np.timedelta64(8, "D")
    assert len(found.breaks()) <= 6


def test_model_is_near_that_of_the_reference(shared_data: Path) -> None:
    series = real(shared_data, "lcmap_test_3657_3610_observations")
    series = series.select(series.clear & (np.abs(series.values - 0.5) < 0.5).all(axis=1))
    table = np.loadtxt(
        shared_data / "anomalies" / "lcmap_test_3657_3610_coefficients.csv", delimiter=","
    )
    # The days of CCDC's models count from the year 0; the longest has 79 of our observations.
    reference = next(table[i : i + 8] for i in range(0, len(table), 8) if table[i, 0] == 728385)
    day = series.times.astype("datetime64[D]").astype(np.int64) + 719_163.0 + 366.0
    inside = (day >= reference[0, 0]) & (day <= reference[0, 1])
    day, values = day[inside], series.values[inside]
    t = day / 365.25
    spikes, madogram = np.zeros(len(t), bool), np.empty(6)
    noise_of_differences(t, values, len(t), madogram)
    screen_out(t, values, 0, len(t), np.array([1, 4]), madogram, 4.89, spikes)
    day, t, values = day[~spikes], t[~spikes], values[~spikes]
    columns, models, errors = design(t, 3), np.zeros((6, 8)), np.empty(values.shape)
    columns[:, 1] = day
    expected = columns @ reference[:, 2:8] * 1e-4
    columns[:, 1] = t - t.mean()
    fit_bands(columns, values, 0, len(t), 8, 0.0001, models, errors)
    noise = np.sqrt(np.mean(errors**2, axis=0))
    assert len(t) > 60
    # Each drops other observations as spikes: near means well within the noise, in each band.
    difference = np.sqrt(np.mean((columns @ models.T - expected) ** 2, axis=0))
    assert (difference < 0.6 * noise).all()
    assert (noise <= np.sqrt(np.mean((values - expected) ** 2, axis=0))).all()


def test_planted_breaks_are_found_on_their_date() -> None:
    values, at = simulate(200, 41)
    found = detect_breaks(values, DAYS, NANOMETERS)
    first = found.break_time[:, 0]
    assert (found.probability[:, 0] == 1.0).mean() > 0.99
    error = (first - DAYS[at]).astype("timedelta64[D]").astype(int)
    assert np.median(error) == 0
    assert np.mean(np.abs(error) <= 24) >= 0.97
    np.testing.assert_allclose(np.nanmedian(found.magnitude[:, 0], axis=0), STEP, atol=0.006)


def test_stable_pixels_have_no_break() -> None:
    values, at = simulate(300, 42, clouds=0.03)
    values -= STEP[:, None] * (np.arange(183)[:, None] >= at)[:, None, :]
    found = detect_breaks(values, DAYS, NANOMETERS)
    assert np.mean((found.probability >= 1.0).any(axis=1)) <= 0.01
    assert (found.segment_count == 1).all()
    # The clouds are not in the noise.
    assert np.median(found.rmse[:, 0, 3]) == pytest.approx(0.015, rel=0.2)


def test_break_at_the_end_is_only_begun() -> None:
    values, at = simulate(1, 43, clouds=0.0)
    values -= STEP[:, None] * (np.arange(183)[:, None] >= at)[:, None, :]
    clear = np.flatnonzero(np.isfinite(values[:, 0, 0]))
    values[clear[-3] :] += STEP[:, None]
    found = detect_breaks(values, DAYS, NANOMETERS)
    assert found.probability[0, 0] == pytest.approx(0.5)
    assert found.break_time[0, 0] == DAYS[clear[-3]]
    assert len(found.breaks()) == 0


def test_plain_python_gives_what_the_kernel_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    values, _ = simulate(2, 44)
    ours = detect_breaks(values, DAYS, NANOMETERS)
    monkeypatch.setattr(jit, "numba_available", lambda: False)
    plain = detect_breaks(values, DAYS, NANOMETERS)
    for name in ("segment_count", "observation_count", "count"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(plain, name))
    np.testing.assert_array_equal(ours.break_time, plain.break_time)
    for name in ("magnitude", "rmse", "coefficients"):
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), atol=1e-9)


def test_lasso_is_the_minimum() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(60, 4)) * np.array([1.0, 0.2, 3.0, 1.0])
    x[:, 3] += 0.8 * x[:, 0]
    y = x @ np.array([0.5, 0.0, -0.2, 0.01]) + rng.normal(0.0, 0.3, 60)
    x, y = x - x.mean(axis=0), y - y.mean()
    gram, right, found = x.T @ x / 60, x.T @ y / 60, np.zeros(5)
    lasso(gram, right, 0.05, found)
    found = found[1:]
    slope = right - gram @ found  # optimal: at the penalty where not 0, below it elsewhere
    limit = 0.05 * x.std(axis=0)
    zero = found == 0.0
    assert zero.any()
    assert not zero.all()
    np.testing.assert_allclose(slope[~zero], (np.sign(found) * limit)[~zero], atol=1e-6)
    assert (np.abs(slope[zero]) <= limit[zero]).all()


def same(one: BreakResult, other: BreakResult) -> None:
    np.testing.assert_array_equal(one.break_time, other.break_time)
    np.testing.assert_array_equal(one.segment_count, other.segment_count)


def test_order_of_dates_does_not_matter() -> None:
    values, _ = simulate(5, 45)
    shuffle = np.random.default_rng(1).permutation(183)
    same(
        detect_breaks(values, DAYS, NANOMETERS),
        detect_breaks(values[shuffle], DAYS[shuffle], NANOMETERS),
    )


def test_observations_of_one_day_count_once() -> None:
    values, _ = simulate(5, 46)
    twice = np.concatenate([values - 0.001, values + 0.001])
    same(
        detect_breaks(values, DAYS, NANOMETERS),
        detect_breaks(twice, np.tile(DAYS, 2), NANOMETERS),
    )


def test_poor_pixels_have_no_segment() -> None:
    values = np.full((183, 6, 3), np.nan)
    values[:, :, 1] = 0.2
    values[:11, :, 2] = 0.2
    found = detect_breaks(values, DAYS, NANOMETERS)
    assert found.segment_count.tolist() == [0, 1, 0]
    assert found.observation_count.tolist() == [0, 183, 11]
    assert np.isnat(found.break_time).all()
    assert (found.rmse[1, 0] < 1e-6).all()


def test_bands_are_chosen_by_wavelength() -> None:
    values, _ = simulate(1, 47)
    assert detect_breaks(values, DAYS, NANOMETERS).tested == (1, 2, 3, 4, 5)
    assert detect_breaks(values, DAYS).tested == (0, 1, 2, 3, 4, 5)
    settings = BreakSettings(bands=(3,), screening_bands=(1,))
    assert detect_breaks(values, DAYS, NANOMETERS, settings).tested == (3,)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (BreakSettings(bands=(6,)), "Band 6 is not among the 6 bands"),
        (BreakSettings(probability=1.0), "probability"),
        (BreakSettings(consecutive=1), "2 or more consecutive"),
    ],
)
def test_settings_that_cannot_be_are_sentences(settings: BreakSettings, words: str) -> None:
    with pytest.raises(InputError, match=words):
        detect_breaks(simulate(1, 1)[0], DAYS, NANOMETERS, settings)


def test_bands_that_are_not_tested_cost_no_dates() -> None:
    values, _ = simulate(6, 49)
    plain = detect_breaks(values, DAYS, NANOMETERS)
    odd = values.copy()
    odd[::4, 0] = -0.001  # blue over water
    empty = values.copy()
    empty[:, 0] = np.nan
    for other in (detect_breaks(odd, DAYS, NANOMETERS), detect_breaks(empty, DAYS, NANOMETERS)):
        assert (other.observation_count == plain.observation_count).all()
        np.testing.assert_array_equal(other.segment_count, plain.segment_count)
        np.testing.assert_array_equal(other.break_time, plain.break_time)
        np.testing.assert_allclose(other.rmse[:, :, 1:], plain.rmse[:, :, 1:])
    assert (plain.segment_count > 0).all()
    assert np.isnan(detect_breaks(empty, DAYS, NANOMETERS).rmse[:, :, 0]).all()


def test_a_tested_band_without_values_is_a_sentence() -> None:
    values, _ = simulate(2, 50)
    values[:, 3] = np.nan
    with pytest.raises(InputError, match="Band 3, counted from 0, has no values"):
        detect_breaks(values, DAYS, NANOMETERS)


def test_series_without_a_clear_observation_is_a_sentence(shared_data: Path) -> None:
    series = real(shared_data, "lcmap_sample_2")
    cloudy = series.select(series.mask_state == "cloud")
    with pytest.raises(InputError, match="lcmap_sample_2 has no clear observation"):
        detect_breaks_in_series(cloudy)
