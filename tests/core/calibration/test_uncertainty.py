# SPDX-License-Identifier: GPL-3.0-or-later
"""Uncertainty of coefficients: published sensitivities, and Monte Carlo beside the analytic way."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import site_series as series

from calval_toolbox.core.calibration.budget_types import Budget, Contributor, Kind, Sizes
from calval_toolbox.core.calibration.control_variate import corrected_covariance
from calval_toolbox.core.calibration.desert import Calibration, Settings, calibrate
from calval_toolbox.core.calibration.matching import Limits, Pairing
from calval_toolbox.core.calibration.meteo import Shift
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.simulate import Plan, simulate_desert
from calval_toolbox.core.calibration.transfer import Side, SpectralMethod
from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.calibration.uncertainty import budget
from calval_toolbox.core.calibration.variations import Variation, means, relative_change

MODIS = ("MODISA", "Collection_5")
AATSR = ("AATSR", "2nd_Reprocessing")
VGT = ("VEGETATION", "Calibration_1")
BANDS = {
    MODIS: ("466", "554", "646", "857"), AATSR: ("555", "660", "865"), VGT: ("450", "645", "835"),
}  # fmt: skip


def on_both(shift: Shift) -> Variation:
    return Variation(shift, shift)


# Percent of A_k, from an independent implementation on the same files. Its figures for water vapor
# are those of a change on the target's side alone: 0.35, 0.42; 0.08, 0.40, 0.06; 0.37, 1.67.
PUBLISHED = (
    (on_both(Shift(aot=0.2)), {
        MODIS: (0.20, 0.04, -0.01, -0.03), AATSR: (0.03, 0.02, 0.02), VGT: (0.13, 0.02, -0.02),
    }),
    (Variation(target=Shift(aot=0.1)), {
        MODIS: (-0.10, 1.19, 1.55, 1.38), AATSR: (1.63, 1.85, 1.63), VGT: (-0.27, 1.40, 1.30),
    }),
    (on_both(Shift(ozone=0.1)), {
        MODIS: (0.01, 0.01, 0.01, 0.01), AATSR: (0.05, 0.0, 0.0), VGT: (0.0, 0.04, 0.01),
    }),
    (Variation(target=Shift(water=0.5)), {
        MODIS: (0.0, 0.0, 0.35, 0.42), AATSR: (0.08, 0.40, 0.06), VGT: (0.0, 0.37, 1.67),
    }),
    (on_both(Shift(pressure=-0.01)), {
        MODIS: (0.01, 0.01, 0.01, 0.01), AATSR: (0.0, 0.0, 0.0), VGT: (0.01, 0.01, 0.01),
    }),
    (Variation(method=SpectralMethod.MONOTONE), {
        MODIS: (-0.08, -0.25, 0.05, 0.02), AATSR: (0.0, 0.03, 0.01), VGT: (-0.05, 0.04, 0.04),
    }),
    (Variation(response_nm=1.0), {
        MODIS: (-0.31, -0.56, -0.17, -0.01), AATSR: (-0.54, -0.15, 0.0), VGT: (-0.32, -0.16, -0.03),
    }),
)  # fmt: skip


@cache
def result(folder: Path, sensor: tuple[str, str], limits: Limits) -> Calibration:
    target = series.side(folder, "Libya4", *sensor)
    reference = series.side(folder, "Libya4", *series.MERIS)
    return calibrate(target, reference, Settings(limits))


BEST = Limits(pairing=Pairing.BEST_PER_REFERENCE)


@pytest.mark.parametrize("sensor", BANDS)
@pytest.mark.parametrize("row", range(len(PUBLISHED)))
def test_published_sensitivities(shared_data: Path, sensor: tuple[str, str], row: int) -> None:
    variation, published = PUBLISHED[row]
    found = result(shared_data, sensor, BEST)
    columns = [found.bands.index(band) for band in BANDS[sensor]]
    change = relative_change(found, variation)[columns]
    assert np.abs(change - published[sensor]).max() < (0.15 if row == 0 else 0.1)


@pytest.mark.parametrize(
    ("limits", "published"),
    [
        (Limits(5.0, pairing=BEST.pairing), {
            MODIS: (0.28, 0.39, 0.24, -0.07), AATSR: (-0.10, -0.15, 0.02), VGT: (0.10, 0.24, -0.16),
        }),
        (Limits(days=30.0, pairing=BEST.pairing), {
            MODIS: (0.21, 0.03, 0.04, 0.11), AATSR: (-0.12, -0.11, -0.07),
            VGT: (-0.22, -0.12, 0.01),
        }),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sensor", BANDS)
def test_published_effects_of_matching(
    shared_data: Path, sensor: tuple[str, str], limits: Limits,
    published: dict[tuple[str, str], tuple[float, ...]],
) -> None:  # fmt: skip
    wide, other = (result(shared_data, sensor, one) for one in (BEST, limits))
    columns = [wide.bands.index(band) for band in BANDS[sensor]]
    change = 100.0 * (means(other, other.a_k[0]) / means(wide, wide.a_k[0]) - 1.0)[columns]
    assert np.abs(change - published[sensor]).max() < 0.15


@pytest.fixture(scope="module")
def of_aatsr(shared_data: Path) -> tuple[Calibration, Budget]:
    found = result(shared_data, AATSR, Limits())
    tighter = result(shared_data, AATSR, Limits(5.0))
    return found, budget(found, tighter=(tighter,), draws=300, seed=5)


def test_monte_carlo_equals_the_analytic_way(of_aatsr: tuple[Calibration, Budget]) -> None:
    found, both = of_aatsr
    columns = [found.bands.index(band) for band in BANDS[AATSR]]
    for name in both.analytic:
        analytic, sampled = both.analytic[name][columns], both.monte_carlo[name][columns]
        assert np.allclose(sampled, analytic, rtol=0.2, atol=0.005), name
    together = both.combined_monte_carlo[columns]
    assert np.allclose(together, both.combined_analytic[columns], rtol=0.2)
    squares = np.sum([both.analytic[name] ** 2 for name in both.analytic], axis=0)
    assert np.allclose(both.combined_analytic[columns] ** 2, squares[columns])


def test_what_bands_share_is_correlated(of_aatsr: tuple[Calibration, Budget]) -> None:
    """The reference's calibration dominates and is the same in all bands."""
    found, both = of_aatsr
    columns = [found.bands.index(band) for band in BANDS[AATSR]]
    correlation = both.correlation[np.ix_(columns, columns)]
    assert correlation[0, 2] > 0.8
    alone = budget(found, Sizes(0.0, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), draws=300, seed=5)
    assert alone.kinds[Contributor.AOT_DIFFERENCE] is Kind.RANDOM
    assert (alone.analytic[Contributor.REFERENCE][columns] == 0.0).all()


def test_random_errors_average_out_and_systematic_ones_do_not(shared_data: Path) -> None:
    few, many = (
        budget(result(shared_data, AATSR, Limits(days=days)), draws=20) for days in (0.5, 3.0)
    )
    band = few.bands.index("660")
    counts = [
        len(result(shared_data, AATSR, Limits(days=days)).kept(0, band)) for days in (0.5, 3.0)
    ]
    random, common = Contributor.AOT_DIFFERENCE, Contributor.REFERENCE
    expected = np.sqrt(counts[0] / counts[1])
    assert many.analytic[random][band] / few.analytic[random][band] == pytest.approx(
        expected, rel=0.15
    )
    assert many.analytic[common][band] == pytest.approx(few.analytic[common][band], rel=0.01)


def test_draws_of_any_seed_give_one_number() -> None:
    """Few draws are as good as many, and their stated error tells how good."""
    tables = SensorTables()
    names = (("B02", 490.0), ("B03", 560.0), ("B04", 665.0), ("B8A", 865.0), ("B11", 1610.0))
    sides = []
    for number, name in enumerate(("S2B/MSI", "S2A/MSI")):
        sensor = Sensor(name, tuple(Band(*one) for one in names))
        plan = Plan(days=730, revisit_days=10.0, offset_days=2.0 * number)
        models = tables.bands(sensor)
        sides.append(Side(simulate_desert(sensor, models, plan, seed=number), models))
    found = calibrate(*sides, Settings(Limits(days=3.0), bands=("B04",)))
    many = budget(found, draws=200, seed=99)
    for seed in range(3):
        few = budget(found, draws=50, seed=seed)
        away = few.combined_monte_carlo / many.combined_monte_carlo - 1.0
        error = np.hypot(few.error, many.error) / many.combined_monte_carlo
        assert np.abs(away).max() < 0.02
        assert np.abs(away).max() < 4.0 * error.max()
        assert error.max() < 0.03


def test_a_control_variate_keeps_the_covariance() -> None:
    """Planted: a curved function of two inputs, of known covariance by 100 times the draws."""
    rng = np.random.default_rng(1)

    def curved(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        linear = z @ np.array([[1.0, 0.5], [0.2, -0.4]])
        return linear + 0.05 * z[:, :1] * z[:, 1:] + 0.01 * z**3, linear

    known = np.array([[1.04, 0.42], [0.42, 0.41]])
    truth = np.cov(curved(rng.standard_normal((400_000, 2)))[0], rowvar=False)
    spread, claimed = [], []
    for _ in range(100):
        covariance, error = corrected_covariance(*curved(rng.standard_normal((200, 2))), known)
        spread.append(np.sqrt(np.diag(covariance)))
        claimed.append(error)
    assert np.mean(spread, axis=0) == pytest.approx(np.sqrt(np.diag(truth)), rel=0.02)
    assert np.mean(claimed, axis=0) == pytest.approx(np.std(spread, axis=0), rel=0.4)
    assert (np.std(spread, axis=0) < 0.5 / np.sqrt(400.0)).all()


def test_a_band_without_response_is_less_certain(shared_data: Path) -> None:
    """AATSR at 555 nm: its response lies at 560 nm, the nominal wavelength makes 2.8 % of error,
    which one and a half standard uncertainties of the response hold.
    """
    with_it = series.side(shared_data, "Libya4", "AATSR", "2nd_Reprocessing")
    without = replace(with_it, bands=tuple(replace(one, response=None) for one in with_it.bands))
    meris = series.side(shared_data, "Libya4", *series.MERIS)
    settings = Settings(bands=("555",))
    right, wrong = (calibrate(side, meris, settings) for side in (with_it, without))
    budgets = [budget(one, draws=20) for one in (right, wrong)]
    off = 100.0 * abs(np.nanmean(wrong.a_k[0]) / np.nanmean(right.a_k[0]) - 1.0)
    known, unknown = (float(one.analytic[Contributor.RESPONSE][0]) for one in budgets)
    assert off == pytest.approx(2.8, abs=0.4)
    assert known < 0.5
    assert off / 2.0 < unknown < 1.5 * off
