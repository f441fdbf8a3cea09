# SPDX-License-Identifier: GPL-3.0-or-later
"""The budget over clouds: contributors against what planted errors do, and both ways of adding."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from test_clouds import BANDS, GAINS, SENSOR, side

from calval_toolbox.core.calibration.atmosphere import Air, Angles
from calval_toolbox.core.calibration.budget_types import Contributor, Kind
from calval_toolbox.core.calibration.cloud_response import moved_band
from calval_toolbox.core.calibration.cloud_tables import (
    cloud_budget_table,
    cloud_run,
    cloud_uncertainties,
)
from calval_toolbox.core.calibration.cloud_uncertainty import CloudSizes
from calval_toolbox.core.calibration.clouds import (
    MAIN,
    CloudCalibration,
    CloudSettings,
    calibrate_clouds,
)
from calval_toolbox.core.calibration.molecular import molecular_effects
from calval_toolbox.core.calibration.spectral import Response
from calval_toolbox.core.calibration.transfer import Side
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.report.clouds import clouds_report
from calval_toolbox.core.report.document import ReportContext

OZONE, TOP = Contributor.OZONE_COMMON, Contributor.CLOUD_TOP
REFERENCE, SPECTRUM = Contributor.REFERENCE_BAND, Contributor.CLOUD_SPECTRUM
SCATTER, RESPONSE = Contributor.CLOUD_SCATTER, Contributor.RESPONSE
ANGLES = Angles(np.array([22.0]), np.array([6.0]), np.array([90.0]))


def settings(**sizes: float) -> CloudSettings:
    return CloudSettings("B04", replicates=400, sizes=CloudSizes(**sizes))


@pytest.fixture(scope="module")
def clouds() -> Side:
    return side(1, 1500)


@pytest.fixture(scope="module")
def found(clouds: Side) -> CloudCalibration:
    return calibrate_clouds(clouds, settings())


def change(clouds: Side, found: CloudCalibration, other: CloudCalibration) -> np.ndarray:
    """By how many percent the medians of another calibration differ."""
    pairs = zip(found.bands, other.bands, strict=True)
    return np.array([100.0 * (two.a_k[MAIN] / one.a_k[MAIN] - 1.0) for one, two in pairs])


def test_contributors_are_what_planted_errors_make(clouds: Side, found: CloudCalibration) -> None:
    """The same clouds calibrated with a shifted input, by the calibration itself."""
    made, plain = found.budget, settings()
    assert made is not None
    wrong = clouds.measurements.with_columns(ozone_du=clouds.measurements["ozone_du"] * 1.03)
    ozone = calibrate_clouds(replace(clouds, measurements=wrong), plain)
    assert np.abs(change(clouds, found, ozone)) == pytest.approx(made.analytic[OZONE], abs=0.01)
    top = calibrate_clouds(clouds, replace(plain, top_hpa=230.0))
    assert np.abs(change(clouds, found, top)) == pytest.approx(made.analytic[TOP], abs=0.02)
    # The band in the blue: 50 hPa make about 0.1 %.
    assert made.analytic[TOP][0] == pytest.approx(0.11, abs=0.04)
    # 3 % too much in the reference band: all ratios fall by it but for a small rest.
    mean = clouds.measurements["mean"].copy()
    mean[:, 2] *= 1.03
    bright = replace(clouds, measurements=clouds.measurements.with_columns(mean=mean))
    shifted = calibrate_clouds(bright, plain)
    rest = 100.0 * (1.03 * (1.0 + change(clouds, found, shifted) / 100.0) - 1.0)
    assert np.abs(rest) == pytest.approx(made.analytic[REFERENCE], abs=0.03)
    assert (made.analytic[REFERENCE] < 0.6).all()


def test_ozone_acts_through_the_gas_transmission_of_both_bands(
    clouds: Side, found: CloudCalibration
) -> None:
    """A brighter or darker reference band counts against each band: what they differ by is left."""
    assert found.budget is not None

    def change(name: str) -> float:
        smac = next(one.smac for one in clouds.bands if one.name == name)
        angles = Angles(np.array([22.0]), np.array([6.0]), np.array([90.0]))
        gas = [molecular_effects(smac, angles, Air(0.0, du, 0.0, 180.0)).gas[0]
               for du in (270.0, 270.0 * 1.03)]  # fmt: skip
        return 100.0 * float(np.log(gas[1] / gas[0]))

    for band, value in zip(found.budget.bands, found.budget.analytic[OZONE], strict=True):
        assert value == pytest.approx(abs(change(band) - change("B04")), abs=0.01), band
    # Chappuis absorption peaks near 600 nm: there is little of it at 490 nm, next to none at 865.
    assert change("B03") < change("B04") < change("B02") < change("B8A") <= 0.0


def test_a_moved_band_sees_other_molecules_and_other_ozone() -> None:
    """In the green the air thins out by four times what the wavelength grows, ozone takes more."""
    plain = next(one for one in side(1, 40).bands if one.name == "B03")
    moved = moved_band(plain, 1.0)
    assert plain.smac is not None
    assert moved.smac is not None
    assert moved.wavelength_nm == plain.wavelength_nm + 1.0
    depth = moved.smac.rayleigh_depth[0] / plain.smac.rayleigh_depth[0]
    assert depth == pytest.approx((1.0 + 1.0 / plain.wavelength_nm) ** -4.08, rel=2e-4)
    taken = [
        float(np.log(molecular_effects(one.smac, ANGLES, Air(0.0, 270.0, 0.0, 180.0)).gas[0]))
        for one in (plain, moved) if one.smac is not None
    ]  # fmt: skip
    assert 1.01 < taken[1] / taken[0] < 1.03
    box = Response(np.array([540.0, 580.0]), np.ones(2), "box")
    wide = moved_band(replace(plain, response=box), 1.0)
    assert wide.response is not None
    assert wide.effective_nm == pytest.approx(561.0)
    assert moved_band(plain, 0.0) is plain


def test_the_response_counts_of_each_band_and_of_the_reference(
    clouds: Side, found: CloudCalibration
) -> None:
    """Against calibrations with a band moved by hand. That the table of a response is not there
    makes no coefficient, and so none of its uncertainty.
    """
    assert found.budget is not None
    names = [one.name for one in clouds.bands]
    assert all(one.response is None for one in clouds.bands)

    def with_moved(*moved: str) -> np.ndarray:
        bands = tuple(moved_band(one, 0.5) if one.name in moved else one for one in clouds.bands)
        other = calibrate_clouds(replace(clouds, bands=bands), settings())
        return change(clouds, found, other)

    own = with_moved(*(name for name in names if name != "B04"))
    expected = np.hypot(own, with_moved("B04"))
    assert found.budget.analytic[RESPONSE] == pytest.approx(expected, rel=0.15, abs=0.002)
    assert 0.03 < found.budget.analytic[RESPONSE].max() < 0.15
    box = Response(np.array([550.0, 570.0]), np.ones(2), "box")
    green = tuple(replace(one, response=box) if one.name == "B03" else one for one in clouds.bands)
    listed = calibrate_clouds(replace(clouds, bands=green), settings())
    assert change(clouds, found, listed) == pytest.approx(0.0, abs=1e-9)
    assert listed.budget is not None
    # Only the slope of the curves over the box is another than at its middle.
    ratio = listed.budget.analytic[RESPONSE] / found.budget.analytic[RESPONSE]
    assert ((ratio > 0.5) & (ratio < 2.0)).all()
    sure = calibrate_clouds(clouds, settings(response_nm=0.0))
    assert sure.budget is not None
    assert RESPONSE not in sure.budget.analytic


def test_analytic_and_monte_carlo_agree(clouds: Side, found: CloudCalibration) -> None:
    made = found.budget
    assert made is not None
    assert list(made.analytic) == [OZONE, RESPONSE, TOP, REFERENCE, SCATTER]
    for name, values in made.analytic.items():
        assert made.monte_carlo[name] == pytest.approx(values, rel=0.1, abs=0.003), name
    assert made.combined_monte_carlo == pytest.approx(made.combined_analytic, rel=0.05)
    assert (made.error < 0.1 * made.combined_monte_carlo).all()
    squares = sum(values**2 for values in made.analytic.values())
    assert made.combined_analytic == pytest.approx(np.sqrt(squares))
    errors = [100.0 * one.error[MAIN] / one.a_k[MAIN] for one in found.bands]
    assert made.analytic[SCATTER] == pytest.approx(errors)
    assert (made.kinds[SCATTER], made.kinds[TOP]) == (Kind.RANDOM, Kind.SYSTEMATIC)


def test_what_has_no_size_is_not_in_it_and_told(clouds: Side, found: CloudCalibration) -> None:
    page = clouds_report(found, SENSOR.name, ReportContext("Clouds"))
    assert "Not in the budget: how white the clouds are" in page
    assert "pressure at the cloud top" in page
    blue, budget = found.bands[0], found.budget
    assert budget is not None
    half = 2.0 * blue.a_k[MAIN] * budget.combined_monte_carlo[0] / 100.0
    assert f"{blue.a_k[MAIN]:.4f} ± {half:.4f} (k = 2)" in page
    assert half > 2.2 * blue.error[MAIN]
    assert "nan" not in re.sub(r'"data:[^"]*"', "", page).lower()
    given = calibrate_clouds(clouds, settings(spectrum=0.005))
    assert given.budget is not None
    assert given.budget.analytic[SPECTRUM] == pytest.approx([0.5] * 4)
    wider = np.hypot(found.budget.combined_monte_carlo, 0.5)
    assert given.budget.combined_monte_carlo == pytest.approx(wider, rel=0.05)
    assert "how white the clouds are" not in clouds_report(given, "S", ReportContext("Clouds"))
    none = calibrate_clouds(
        clouds, CloudSettings("B04", replicates=0, sizes=CloudSizes(0.0, 0.0, 0.0, 0.0, 0.0))
    )
    assert none.budget is not None
    assert not none.budget.analytic
    assert none.budget.combined_monte_carlo == pytest.approx([0.0] * 4)


def test_a_single_month_has_no_scatter(clouds: Side) -> None:
    time = np.datetime64("2024-01-01", "ms") + np.arange(1500) * np.timedelta64(20, "m")
    one = replace(clouds, measurements=replace(clouds.measurements, time=time))
    found = calibrate_clouds(one, settings())
    assert found.budget is not None
    assert SCATTER not in found.budget.analytic
    assert np.isfinite(found.budget.combined_monte_carlo).all()
    page = clouds_report(found, SENSOR.name, ReportContext("Clouds"))
    assert "the scatter of the clouds, which takes clouds of two months" in page


def test_tables_and_run(clouds: Side, found: CloudCalibration) -> None:
    table = cloud_budget_table(found)
    assert len(table) == 4 * 6
    assert set(table["method"]) == {"median"}
    combined = table.select(table["contributor"] == "combined")
    of = cloud_uncertainties(found)
    assert dict(zip(combined["band"], combined["monte_carlo_percent"], strict=True)) == of
    run = cloud_run(found, clouds, {})
    assert len(run.contributions) == 4 * 5
    whole = run.summaries.select(np.isfinite(run.summaries["uncertainty"]))
    assert set(whole["method"]) == {"median"}
    assert 100.0 * whole["uncertainty"] / whole["mean"] == pytest.approx(list(of.values()))


def test_bands_beyond_the_white_range_are_refused(clouds: Side, found: CloudCalibration) -> None:
    """B11 is measured over the clouds, and no coefficient is made of it."""
    assert "B11" in [one.name for one in BANDS]
    mean = clouds.measurements["mean"].copy()
    mean[:, 5] = 0.3 * mean[:, 2]
    measured = replace(clouds, measurements=clouds.measurements.with_columns(mean=mean))
    given = calibrate_clouds(measured, settings())
    assert [one.band for one in given.bands] == [one.band for one in found.bands]
    (note,) = given.notes
    assert note.startswith("Not calibrated: B11 (16")
    assert "ice absorbs" in note
    assert note in clouds_report(given, SENSOR.name, ReportContext("Clouds"))
    with pytest.raises(InputError, match=r"B11 \(16.. nm\) cannot be the reference.*visible"):
        calibrate_clouds(measured, replace(settings(), reference_band="B11"))
    assert GAINS["B02"] == pytest.approx(given.bands[0].a_k[MAIN], abs=0.003)
