# SPDX-License-Identifier: GPL-3.0-or-later
"""Cross-calibration on real series of Libya-4 and Dome C, and of planted biases in them."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import site_series as series

from calval_toolbox.core.calibration import desert
from calval_toolbox.core.calibration.desert import Calibration, Settings, calibrate
from calval_toolbox.core.calibration.matching import Limits
from calval_toolbox.core.calibration.meteo import Fill, Meteo, Model
from calval_toolbox.core.calibration.screening import Screening
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.simulate import Plan, simulate_desert
from calval_toolbox.core.calibration.summary import Summary, summarize
from calval_toolbox.core.calibration.transfer import Side, SpectralMethod
from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.errors import InputError, InsufficientDataError

ROOT = Path(__file__).resolve().parents[3]
# Coefficient and standard deviation of one pair (percent) against MERIS over Libya-4, from an
# independent implementation on the same files.
TABLE = {
    ("MODISA", "Collection_5"): {
        "466": (0.9828, 1.14), "554": (0.9847, 1.07), "646": (0.9873, 0.92), "857": (0.9835, 0.94),
    },
    ("AATSR", "2nd_Reprocessing"): {
        "555": (1.0308, 0.62), "660": (1.0242, 0.67), "865": (1.0264, 0.57),
    },
    ("VEGETATION", "Calibration_1"): {
        "450": (0.9630, 1.60), "645": (0.9392, 1.06), "835": (0.9421, 1.15),
    },
}  # fmt: skip
SNOW = Settings(
    Limits(5.0, 3.0, reciprocity=False),
    Screening(max_spread=0.02, max_zenith_deg=88.0),
    Meteo(aot=0.02, water_g_cm2=0.1),
)


@cache
def sides(folder: Path, site: str, sensor: str, version: str) -> tuple[Side, Side]:
    return series.side(folder, site, sensor, version), series.side(folder, site, *series.MERIS)


def summary(result: Calibration, target: Side, band: str, method: int = 0) -> Summary:
    column = result.bands.index(band)
    kept = result.kept(method, column)
    times = target.measurements.time[result.pairs.target[kept]]
    return summarize(times, result.a_k[method, kept, column])


@pytest.mark.parametrize("sensor", TABLE)
def test_published_coefficients_over_libya_4(shared_data: Path, sensor: tuple[str, str]) -> None:
    target, reference = sides(shared_data, "Libya4", *sensor)
    result = calibrate(target, reference, Settings())
    for band, (coefficient, scatter) in TABLE[sensor].items():
        found = summary(result, target, band)
        assert found.mean == pytest.approx(coefficient, rel=0.003)
        assert 100.0 * found.sd / found.mean == pytest.approx(scatter, rel=0.2)
        assert found.count > 150
    assert "761" not in result.reference_bands
    assert "900" not in result.reference_bands


def test_bands_of_modis_agree(shared_data: Path) -> None:
    target, reference = sides(shared_data, "Libya4", "MODISA", "Collection_5")
    result = calibrate(target, reference, Settings())
    means = [summary(result, target, band).mean for band in ("466", "554", "646", "857")]
    assert max(means) - min(means) < 0.006


def test_snow_and_sand_agree(shared_data: Path) -> None:
    """AATSR against MERIS at 865 nm, over two sites of opposite nature."""
    sensor = ("AATSR", "2nd_Reprocessing")
    sand, snow = (sides(shared_data, site, *sensor) for site in ("Libya4", "DomeC"))
    on_sand = summary(calibrate(*sand, Settings()), sand[0], "865")
    on_snow = summary(calibrate(*snow, SNOW), snow[0], "865")
    assert on_snow.median == pytest.approx(on_sand.median, rel=0.003)
    assert on_snow.count > 60


def test_the_page_of_help_gives_what_the_defaults_find_over_snow(shared_data: Path) -> None:
    """Means and scatter of one pair at 555, 660 and 865 nm."""
    page = (ROOT / "help" / "calibrateantarctic.md").read_text("utf-8")
    text = page[page.index("AATSR against MERIS") :]
    told = [float(one) for one in re.findall(r"(1\.\d{3}) \(\d{3} nm\)", text)]
    scatter = re.search(r"scatter of one pair of (\S+), (\S+) and (\S+) %", text)
    assert scatter is not None
    limits = Limits(5.0, reciprocity=False, max_zenith_deg=82.0, sun_deg=2.0)
    air = Meteo(aot=0.02, water_g_cm2=0.05, fill=Fill.PARTNER, model=Model.MOLECULAR)
    settings = Settings(limits, Screening(0.02, max_zenith_deg=82.0), air)
    target, reference = sides(shared_data, "DomeC", "AATSR", "2nd_Reprocessing")
    found = calibrate(target, reference, settings)
    for band, mean, sd in zip(("555", "660", "865"), told, scatter.groups(), strict=True):
        one = summary(found, target, band)
        assert one.mean == pytest.approx(mean, abs=0.0006), band
        assert 100.0 * one.sd / one.mean == pytest.approx(float(sd), abs=0.06), band


def test_two_bands_are_no_spectrum(shared_data: Path) -> None:
    target, reference = sides(shared_data, "Libya4", "AATSR", "2nd_Reprocessing")
    with pytest.raises(InputError, match=r"names 2 bands \(560, 665\): a spectrum needs 4 or more"):
        calibrate(target, reference, Settings(reference_bands=("560", "665")))


def test_every_observation_has_its_pair_or_its_reason(shared_data: Path) -> None:
    target, reference = sides(shared_data, "Libya4", "AATSR", "2nd_Reprocessing")
    result = calibrate(target, reference, Settings())
    for unused, rows in (
        (result.unused_target, result.pairs.target),
        (result.unused_reference, result.pairs.reference),
    ):
        assert sorted(np.flatnonzero(unused == "")) == sorted(rows)
    outliers = result.reason == desert.OUTLIER
    assert 0 < outliers.sum() < 0.05 * outliers.size
    known = np.isfinite(result.measured)
    assert (result.reason[0][~known] == desert.UNKNOWN).all()


def with_gain(folder: Path, bias: float, drift: float) -> Summary:
    """Every other observation of MERIS with another gain, against those in between."""
    whole = series.side(folder, "Libya4", *series.MERIS)
    odd, even = (
        whole.measurements.select(np.arange(n, len(whole.measurements), 2)) for n in (0, 1)
    )
    years = (odd.time - np.datetime64("2007-01-01")) / np.timedelta64(1, "D") / 365.25
    noise = np.random.default_rng(3).normal(0.0, 0.002, odd["mean"].shape)
    odd = odd.with_columns(mean=odd["mean"] * (1.0 + bias + drift * years[:, None] + noise))
    target, reference = (dataclasses.replace(whole, measurements=one) for one in (odd, even))
    found = summary(calibrate(target, reference, Settings(Limits(days=40.0))), target, "665")
    assert found.count >= 20
    return found


def test_planted_bias_and_drift_are_found(shared_data: Path) -> None:
    plain = with_gain(shared_data, 0.0, 0.0)
    biased, drifting = with_gain(shared_data, 0.005, 0.0), with_gain(shared_data, 0.0, 0.005)
    assert plain.mean == pytest.approx(1.0, abs=4.0 * plain.sem)
    assert biased.mean - plain.mean == pytest.approx(0.005, abs=0.001)
    change = drifting.slope_pct_per_year - plain.slope_pct_per_year
    assert change == pytest.approx(0.5, abs=0.1)


def test_the_spectral_methods_stand_side_by_side(shared_data: Path) -> None:
    target, reference = sides(shared_data, "Libya4", "AATSR", "2nd_Reprocessing")
    methods = (SpectralMethod.SPLINE, SpectralMethod.MONOTONE)
    result = calibrate(target, reference, Settings(methods=methods))
    for band in ("555", "660", "865"):
        spline, monotone = (summary(result, target, band, number) for number in (0, 1))
        assert spline.mean != monotone.mean
        assert monotone.mean == pytest.approx(spline.mean, rel=0.002)


def test_no_pair_says_why(shared_data: Path) -> None:
    target, reference = sides(shared_data, "Libya4", "AATSR", "2nd_Reprocessing")
    with pytest.raises(InsufficientDataError, match="no partner within the limits"):
        calibrate(target, reference, Settings(Limits(0.001, 0.01)))


def test_a_sensor_without_tables_is_refused(shared_data: Path) -> None:
    target, reference = sides(shared_data, "Libya4", "AATSR", "2nd_Reprocessing")
    bare = dataclasses.replace(
        target, bands=tuple(dataclasses.replace(band, smac=None) for band in target.bands)
    )
    with pytest.raises(InputError, match="No band of AATSR that is asked for"):
        calibrate(bare, reference, Settings())
    with pytest.raises(InputError, match="a spectrum needs 4 or more"):
        calibrate(reference, bare, Settings())


def test_no_pair_names_the_screening_that_rejects() -> None:
    """A cloud share of a whole product above 0 rejects clear sites: geometry is not to blame."""
    sides = []
    for seed, name in ((1, "S2B/MSI"), (2, "S2A/MSI")):
        sensor = Sensor(name, tuple(Band(f"B0{n}", at) for n, at in enumerate(
            (490.0, 560.0, 665.0, 783.0, 865.0))))  # fmt: skip
        models = SensorTables().bands(sensor)
        sides.append(Side(simulate_desert(sensor, models, Plan(days=100), seed=seed), models))
    sides[0].measurements["cloud_fraction"][:] = 0.0004
    with pytest.raises(InsufficientDataError) as raised:
        calibrate(sides[0], sides[1], Settings())
    text = str(raised.value)
    assert "most frequent reason is 'cloudy'" in text
    assert "raise MAX_CLOUD (now 0)" in text
    assert "wider geometry" not in text
