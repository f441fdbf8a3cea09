# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.aot.interpolation import (
    LABELS,
    METHODS,
    REASONS,
    Spectra,
    interpolate,
    interpolate_aot,
    interpolate_sda,
    quadratic_variants,
    window,
)
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.aeronet import read_aeronet
from calval_toolbox.core.times import parse_times

CHANNELS = (340, 380, 440, 500, 675, 870, 1020, 1640)
EXACT_UM = np.array([0.3403, 0.3799, 0.4395, 0.5008, 0.6751, 0.8698, 1.0193, 1.6396])


def spectra(aod: object, channels: tuple[int, ...] = CHANNELS, angstrom: float = np.nan) -> Spectra:
    values = np.atleast_2d(np.asarray(aod, dtype=float))
    exact = np.tile(EXACT_UM[: len(channels)], (len(values), 1))
    if channels != CHANNELS:
        exact = np.full(values.shape, np.nan)
    return Spectra(channels, values, exact, np.full(len(values), angstrom))


def curved(wavelength_nm: object, curvature: float = -0.4) -> np.ndarray:
    """A spectrum that is exactly a parabola in logarithms; 0.2 at 550 nm."""
    x = np.log(np.asarray(wavelength_nm, dtype=float) / 550.0)
    return 0.2 * np.exp(-1.3 * x + curvature * x**2)


def test_lagrange_mean_of_sao_paulo_is_the_published_column(shared_data: Path) -> None:
    """A study published three parabolas on nominal wavelengths and the mean of those there are."""
    aot = shared_data / "aot"
    with gzip.open(aot / "maiac_c61" / "SP_2015-2017_AERONET_L2.csv.gz", "rt") as stream:
        rows = list(csv.reader(stream))[1:]
    times = parse_times(np.array([row[0] for row in rows]), "%d/%m/%Y %H:%M")
    published = np.array([[np.nan if v == "NA" else float(v) for v in row[1:]] for row in rows])
    ours, when = [], []
    for year in (2015, 2016, 2017):
        name = f"{year}0101_{year}1231_Sao_Paulo.lev20.gz"
        file = read_aeronet(aot / "aeronet_v3" / name)
        ours.append(quadratic_variants(file.aod, file.channels_nm))
        when.append(file.time)
    np.testing.assert_array_equal(np.concatenate(when).astype("datetime64[m]"), times)
    computed = np.concatenate(ours)
    assert len(computed) == 11690
    # Assertion on equal NaN: a variant is missing exactly where one of its channels is.
    np.testing.assert_allclose(computed, published[:, :3], rtol=0, atol=1e-9)
    some = np.isfinite(computed).any(axis=1)
    assert some.sum() == 11618
    np.testing.assert_array_equal(np.isfinite(published[:, -1]), some)
    mean = np.nanmean(computed[some], axis=1)
    np.testing.assert_allclose(mean, published[some, -1], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("method", "mean", "sd", "p99"),
    [
        ("quadratic_nominal", -0.0001, 0.0003, 0.0009),
        ("linear", 0.0022, 0.0028, 0.011),
        ("angstrom", 0.0031, 0.0026, 0.014),
    ],
)
def test_methods_differ_as_measured(
    shared_data: Path, method: str, mean: float, sd: float, p99: float
) -> None:
    """Differences to the default that were found on 37 293 rows of four sites, most not here."""
    differences = []
    for path in sorted((shared_data / "aot" / "aeronet_v3").glob("*.lev20.gz")):
        file = read_aeronet(path)
        given = Spectra(file.channels_nm, file.aod, file.exact_um(), file.angstrom)
        default = interpolate(given, 550.0, "quadratic").aot
        differences.append(interpolate(given, 550.0, method).aot - default)
    d = np.concatenate(differences)
    d = d[np.isfinite(d)]
    assert len(d) == 20389
    assert d.mean() == pytest.approx(mean, abs=0.0005)
    assert d.std() == pytest.approx(sd, abs=0.0003)
    assert np.percentile(np.abs(d), 99) == pytest.approx(p99, rel=0.25)


@pytest.mark.parametrize("target", [345.0, 412.0, 440.0, 490.0, 550.0, 665.0, 865.0, 1240.0])
def test_parabola_is_found_again_at_any_wavelength(target: float) -> None:
    result = interpolate(spectra(curved(EXACT_UM * 1000)), target)
    assert result.aot[0] == pytest.approx(float(curved(target)), rel=1e-10)
    assert LABELS[result.method[0]] == "quadratic"
    assert REASONS[result.reason[0]] == ""


def test_least_squares_is_that_of_numpy() -> None:
    rng = np.random.default_rng(5)
    noisy = curved(EXACT_UM * 1000) * rng.lognormal(0.0, 0.05, (20, 8))
    noisy[3, 4] = np.nan
    result = interpolate(spectra(noisy), 550.0)
    linear = interpolate(spectra(noisy), 550.0, "linear")
    for row in range(20):
        use = np.flatnonzero(np.isfinite(noisy[row]) & np.isin(CHANNELS, (440, 500, 675, 870)))
        x, y = np.log(EXACT_UM[use]), np.log(noisy[row, use])
        fit = np.polynomial.Polynomial.fit(x, y, 2)
        assert result.aot[row] == pytest.approx(np.exp(fit(np.log(0.55))), rel=1e-9)
        line = np.polynomial.Polynomial.fit(x, y, 1)
        assert linear.aot[row] == pytest.approx(np.exp(line(np.log(0.55))), rel=1e-9)


def test_nominal_wavelengths_ignore_the_exact_ones() -> None:
    values = curved(CHANNELS)
    nominal = interpolate(spectra(values), 550.0, "quadratic_nominal").aot[0]
    assert nominal == pytest.approx(0.2, rel=1e-10)
    assert abs(interpolate(spectra(values), 550.0, "quadratic").aot[0] - 0.2) > 1e-5


def test_angstrom_method_and_what_stands_in_for_500_nm() -> None:
    values = curved(EXACT_UM * 1000, 0.0)
    for missing in ((), (500,), (500, 440)):
        aod = np.where(np.isin(CHANNELS, missing), np.nan, values)
        result = interpolate(spectra(aod, angstrom=1.3), 550.0, "angstrom")
        assert result.aot[0] == pytest.approx(0.2, rel=1e-12)
        assert LABELS[result.method[0]] == "angstrom"
    wrong = interpolate(spectra(values, angstrom=1.0), 550.0, "angstrom").aot[0]
    assert wrong == pytest.approx(values[3] * (550.0 / 500.8) ** -1.0)
    outside = interpolate(spectra(values, angstrom=1.3), 412.0, "angstrom")
    assert np.isnan(outside.aot[0])
    assert "Angstrom" in REASONS[outside.reason[0]]


@pytest.mark.parametrize("method", METHODS)
def test_aod_that_is_not_positive_is_kept_and_labeled(method: str) -> None:
    aod = curved(CHANNELS) / 50.0
    aod[3:5] = 0.002, -0.001  # 500 and 675 nm
    result = interpolate(spectra(aod), 550.0, method)
    x0, x1 = (500.0, 675.0) if method == "quadratic_nominal" else (500.8, 675.1)
    expected = 0.002 + (550.0 - x0) / (x1 - x0) * -0.003
    assert result.aot[0] == pytest.approx(expected, rel=1e-9)
    assert LABELS[result.method[0]] == "linear_nonpositive"


def test_negative_aod_with_an_exponent_stays_with_the_angstrom_method() -> None:
    aod = curved(CHANNELS)
    aod[3] = -0.003
    result = interpolate(spectra(aod, angstrom=1.3), 550.0, "angstrom")
    assert result.aot[0] == pytest.approx(-0.003 * (550.0 / 500.8) ** -1.3)


@pytest.mark.parametrize(
    ("present", "method", "reason"),
    [
        ((440, 870), "quadratic", "too few channels"),
        ((440, 870), "linear", ""),
        ((440, 500, 340), "quadratic", "one side"),
        ((675, 870), "linear", "one side"),
        ((440, 500, 675), "quadratic", ""),
        ((500, 675, 870), "quadratic", ""),
        ((), "quadratic", "one side"),
    ],
)
def test_rows_that_cannot_be_interpolated_say_why(
    present: tuple[int, ...], method: str, reason: str
) -> None:
    aod = np.where(np.isin(CHANNELS, present), curved(EXACT_UM * 1000, 0.0), np.nan)
    result = interpolate(spectra(aod), 550.0, method)
    assert reason in REASONS[result.reason[0]]
    if reason:
        assert np.isnan(result.aot[0])
        assert LABELS[result.method[0]] == "none"
    else:
        assert result.aot[0] == pytest.approx(0.2, rel=1e-9)
        assert LABELS[result.method[0]] == method


def test_neighboring_channels_stand_in_for_the_standard_ones() -> None:
    """Ocean-color instruments have 443, 490 and 667 nm, at their own wavelengths."""
    channels = (412, 443, 490, 532, 667, 870)
    result = interpolate(spectra(curved(channels), channels), 550.0)
    assert result.aot[0] == pytest.approx(0.2, rel=1e-10)
    both = (440, 443, 500, 675, 870)
    aod = curved(both)
    aod[1] = 9.0  # 443 nm must not be taken where 440 nm is there
    assert interpolate(spectra(aod, both), 550.0).aot[0] == pytest.approx(0.2, rel=1e-10)


def test_sda_moves_its_total_with_its_exponent() -> None:
    given = Spectra((500,), np.array([[0.3], [-0.01], [0.3]]), np.full((3, 1), np.nan),
                    np.array([1.1, 1.1, np.nan]))  # fmt: skip
    result = interpolate_sda(given, 550.0)
    np.testing.assert_allclose(result.aot[:2], np.array([0.3, -0.01]) * 1.1**-1.1, rtol=1e-12)
    assert np.isnan(result.aot[2])
    assert [LABELS[code] for code in result.method] == ["angstrom_sda", "angstrom_sda", "none"]
    assert np.isnan(interpolate_sda(given, 865.0).aot).all()


def test_plain_arrays_recognize_their_channels() -> None:
    aod = np.tile(curved(EXACT_UM * 1000), (3, 1))
    np.testing.assert_allclose(interpolate_aot(aod, EXACT_UM), 0.2, rtol=1e-10)
    by_rows = interpolate_aot(aod, np.tile(EXACT_UM, (3, 1)), 550.0, "linear")
    assert by_rows == pytest.approx(interpolate(spectra(aod), 550.0, "linear").aot)
    exponent = np.full(3, 1.3)
    moved = interpolate_aot(aod, EXACT_UM, 550.0, "angstrom", exponent)
    assert moved == pytest.approx(aod[:, 3] * (550.0 / 500.8) ** -1.3)


def test_window_and_its_limits() -> None:
    assert window(550.0) == (440, 500, 675, 870)
    assert window(412.0) == (340, 380, 440, 500)
    assert window(865.0) == (440, 500, 675, 870)
    assert window(1020.0) == (675, 870, 1020, 1640)
    for outside in (300.0, 2100.0):
        with pytest.raises(InputError, match="340 to 1640 nm"):
            window(outside)
    with pytest.raises(InputError, match="quadratic, quadratic_nominal, linear, angstrom"):
        interpolate(spectra(curved(CHANNELS)), 550.0, "cubic")
