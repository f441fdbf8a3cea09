# SPDX-License-Identifier: GPL-3.0-or-later
"""Spectral methods against simulated measurements whose spectrum and fine atmosphere are known."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.calibration.atmosphere import Air, Angles, Effects, above
from calval_toolbox.core.calibration.desert import Calibration, Settings, calibrate
from calval_toolbox.core.calibration.matching import Limits
from calval_toolbox.core.calibration.meteo import Meteo, Model
from calval_toolbox.core.calibration.molecular import (
    molecular_effects,
    path_reflectance,
    spherical_albedo,
    transmission,
)
from calval_toolbox.core.calibration.sensor_models import BandModel
from calval_toolbox.core.calibration.site_spectra import (
    EVERY_SITE,
    read_site_spectra,
    spectra_of,
)
from calval_toolbox.core.calibration.smac import coefficients
from calval_toolbox.core.calibration.spectral import Response, Spectrum
from calval_toolbox.core.calibration.toa_integration import integration_factor, scattering
from calval_toolbox.core.calibration.transfer import Side, SpectralMethod
from calval_toolbox.core.calibration.types import Band, Measurements, Sensor
from calval_toolbox.core.calibration.variations import Variation, relative_change
from calval_toolbox.core.errors import InputError

FINE = np.arange(400.0, 1000.5, 1.0)
REFERENCE = (412.0, 443.0, 490.0, 560.0, 620.0, 665.0, 753.0, 865.0)
COUNT = 24
SPLINE, SPECTRUM = SpectralMethod.SPLINE, SpectralMethod.HYPERSPECTRUM
TOA, TOA_SPECTRUM = SpectralMethod.TOA_INTEGRATION, SpectralMethod.TOA_HYPERSPECTRUM
EVERY = (SPLINE, SPECTRUM, TOA, TOA_SPECTRUM)
CHOICE = Settings(Limits(1.0, 1.0), meteo=Meteo(aot=0.0, model=Model.MOLECULAR))


def depth(wavelength_nm: np.ndarray) -> np.ndarray:
    """Optical thickness of molecules at sea level (Hansen and Travis 1974)."""
    um = wavelength_nm / 1000.0
    return 0.008569 * um**-4 * (1.0 + 0.0113 * um**-2 + 0.00013 * um**-4)


def box(center: float, width: float) -> Response:
    return Response(FINE, (np.abs(FINE - center) <= width / 2.0).astype(float), f"{center:g}")


def model(center: float, width: float) -> BandModel:
    """A band of a molecular atmosphere: its thickness is the mean over the band."""
    response = box(center, width)
    numbers = np.zeros(49)
    numbers[27] = response.mean(depth(FINE))
    smac = coefficients(numbers.tolist())
    assert smac.rayleigh_depth[0] == numbers[27]
    return BandModel(f"{center:g}", center, smac, response)


def sky(angles: Angles) -> Effects:
    """The atmosphere at each wavelength (n, wavelengths), without gases."""
    sun, view = (np.cos(np.radians(np.asarray(one)))[:, None] for one in angles[:2])
    turn = np.asarray(angles.relative_azimuth)[:, None]
    thick = np.broadcast_to(depth(FINE), (len(sun), len(FINE)))
    return Effects(
        np.ones_like(thick), transmission(thick, sun) * transmission(thick, view),
        np.stack([path_reflectance(one, sun[:, 0], view[:, 0], turn[:, 0])
                  for one in depth(FINE)], axis=1),
        spherical_albedo(thick),
    )  # fmt: skip


def measured(bands: tuple[BandModel, ...], ground: np.ndarray, gain: float, days: float) -> Side:
    """What a sensor measures over ``ground`` (wavelengths,), integrated at the top."""
    number = np.arange(COUNT)
    angles = Angles(30.0 + 15.0 * np.sin(number), np.full(COUNT, 8.0), np.full(COUNT, 70.0))
    fine = above(sky(angles), ground)
    mean = np.stack([gain * one.response.mean(fine) for one in bands if one.response], axis=1)
    time = np.datetime64("2020-01-01", "ms") + ((5.0 * number + days) * 86_400e3).astype(
        "timedelta64[ms]"
    )
    shape = mean.shape
    rows = {
        "site": np.full(COUNT, "Libya4", dtype=object), "sun_zenith_deg": angles.sun_zenith,
        "sun_azimuth_deg": np.full(COUNT, 120.0),
    }  # fmt: skip
    columns = {
        "mean": mean, "std": 0.01 * mean, "view_zenith_deg": np.full(shape, 8.0),
        "view_azimuth_deg": np.full(shape, 190.0),
    }  # fmt: skip
    sensor = Sensor("X", tuple(Band(one.name, one.wavelength_nm) for one in bands))
    return Side(Measurements(sensor, time, rows, columns), bands)


def calibrated(ground: np.ndarray, center: float, width: float) -> Calibration:
    """A band with a gain of 1.02 against narrow ones of a reference."""
    narrow = tuple(model(one, 6.0) for one in REFERENCE)
    target = measured((model(center, width),), ground, 1.02, 0.1)
    settings = dataclasses.replace(CHOICE, methods=EVERY)
    spectra = {"Libya4": Spectrum(FINE, 0.7 * ground)}
    return calibrate(target, measured(narrow, ground, 1.0, 0.0), settings, spectra)


def errors(result: Calibration) -> dict[SpectralMethod, float]:
    """By how much (percent) each method misses the planted gain."""
    means = result.a_k[:, :, 0].mean(axis=1)
    return {
        name: abs(100.0 * (mean / 1.02 - 1.0))
        for name, mean in zip(result.methods, means, strict=True)
    }


def smooth() -> np.ndarray:
    return 0.15 + 0.4 / (1.0 + np.exp(-(FINE - 560.0) / 60.0))


def test_a_known_spectrum_finds_the_gain_where_the_ground_has_structure() -> None:
    line = 1.0 - 0.12 * np.exp(-0.5 * ((FINE - 700.0) / 12.0) ** 2)
    missed = errors(calibrated(smooth() * line, 700.0, 20.0))
    assert missed[SPECTRUM] < 0.1 < 5.0 < missed[SPLINE]


def test_integration_at_the_top_finds_the_gain_of_a_wide_band() -> None:
    """The ground brightens where the air clears: the product of means is not the mean."""
    missed = errors(calibrated(smooth(), 510.0, 200.0))
    assert missed[TOA_SPECTRUM] < 0.2 < 1.0 < missed[SPECTRUM]
    assert missed[TOA] < 0.2 < 1.0 < missed[SPLINE]


def test_integration_changes_nothing_over_a_ground_of_one_color() -> None:
    narrow, wide = (errors(calibrated(np.full_like(FINE, 0.4), 510.0, w)) for w in (10.0, 200.0))
    assert narrow[TOA] == pytest.approx(narrow[SPLINE], abs=1e-3)
    # What multiple reflection makes of the change of the air is all that is left.
    assert wide[TOA] == pytest.approx(wide[SPLINE], abs=0.15)


def test_the_mean_of_the_band_is_kept() -> None:
    """Only the change across a band is taken from the other bands, not the level."""
    at = np.array([443.0, 490.0, 560.0, 665.0, 865.0, 1610.0])
    laws = [Effects(*np.array([[1.0], [np.exp(-(one / 550.0) ** -2)], [(one / 550.0) ** -4],
                               [0.1 * (one / 550.0) ** -3]])) for one in at]  # fmt: skip
    change = scattering(at.tolist(), laws)
    response = box(500.0, 100.0)
    wavelength, weights = response.nodes()
    assert weights.sum() == pytest.approx(1.0)
    band = Effects(*np.array([[0.9], [0.7], [0.08], [0.12]]))
    fine = change.across(band, wavelength, weights)
    for level, found in zip(band, fine, strict=True):
        assert np.asarray(found @ weights if found.shape[-1] > 1 else found[..., 0]) == (
            pytest.approx(level)
        )
    shape = (wavelength / 550.0) ** -4
    assert fine.path[0] == pytest.approx(0.08 * shape / (shape @ weights), rel=1e-6)
    dark = integration_factor(np.zeros((1, len(wavelength))), band, change, response)
    assert dark == pytest.approx([1.0])


def test_sites_without_a_spectrum_have_no_coefficients() -> None:
    narrow = tuple(model(one, 6.0) for one in REFERENCE)
    target = measured((model(700.0, 20.0),), smooth(), 1.0, 0.1)
    reference = measured(narrow, smooth(), 1.0, 0.0)
    settings = dataclasses.replace(CHOICE, methods=(SPECTRUM,))
    with pytest.raises(InputError, match="none of the sites has one"):
        calibrate(target, reference, settings)
    other = calibrate(target, reference, settings, {"Egypt1": Spectrum(FINE, smooth())})
    assert (other.reason == "no spectrum at the band").all()
    short = {"Libya4": Spectrum(FINE[:280], smooth()[:280])}  # ends at 680 nm
    assert (calibrate(target, reference, settings, short).reason != "").all()
    bare = dataclasses.replace(settings, methods=(SPLINE,))
    assert (calibrate(target, reference, bare).reason == "").all()


def test_spectra_from_tables(tmp_path: Path) -> None:
    path = tmp_path / "sand.txt"
    path.write_text("Name: dune sand\nX Units: Wavelength\n2.5\t40\n0.4\t12.5\n", encoding="utf-8")
    plain = read_site_spectra(path)
    assert list(plain) == [EVERY_SITE]
    assert plain[EVERY_SITE].wavelength_nm == pytest.approx([400.0, 2500.0])
    assert plain[EVERY_SITE].reflectance == pytest.approx([12.5, 40.0])
    path = tmp_path / "sites.csv"
    path.write_text(
        "# remark\nReflectance;Site;wavelength_nm\n0.3;Libya4;900\n0.2;Libya4;400\n"
        "0.5;;400\n0.6;;900\n", encoding="utf-8",
    )  # fmt: skip
    several = spectra_of(read_site_spectra(path), ["Libya4", "Mali1"])
    assert several["Libya4"].reflectance == pytest.approx([0.2, 0.3])
    assert several["Mali1"].reflectance == pytest.approx([0.5, 0.6])
    own = {name: one for name, one in read_site_spectra(path).items() if name}
    assert list(spectra_of(own, ["Libya4", "Mali1"])) == ["Libya4"]
    for text, match in (
        ("site,wavelength,reflectance\nA,400,0.1\nA,x,0.2\n", "Line 3"),
        ("site,wavelength,reflectance\nA,400,0.1\n", r"sand.txt \(A\) needs two"),
        ("nm,rho\n400,0.1\n500,-0.1\n", "a reflectance above 0"),
    ):
        bad = tmp_path / "sand.txt"
        bad.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=match):
            read_site_spectra(bad)
    with pytest.raises(InputError, match="cannot be read"):
        read_site_spectra(tmp_path / "none.csv")


def test_air_at_sea_level_is_that_of_the_simulation() -> None:
    """The test's own sky is the molecular one of a narrow band."""
    angles = Angles(np.array([40.0]), np.array([8.0]), np.array([70.0]))
    band = model(560.0, 2.0)
    assert band.smac is not None
    own = molecular_effects(band.smac, angles, Air(0.0, 0.0, 0.0, 1013.25))
    for mine, fine in zip(own[1:], sky(angles)[1:], strict=True):
        assert fine[0, 160] == pytest.approx(float(np.ravel(mine)[0]), rel=1e-3)


def test_the_other_way_of_interpolating_is_that_of_the_method() -> None:
    """What the budget takes for the interpolation: of a spectrum not the fault of the spline."""
    line = 1.0 - 0.12 * np.exp(-0.5 * ((FINE - 700.0) / 12.0) ** 2)
    result = calibrated(smooth() * line, 700.0, 20.0)
    other = Variation(otherwise=True)
    change = {
        name: abs(relative_change(result, other, number)[0])
        for number, name in enumerate(result.methods)
    }
    monotone = relative_change(result, Variation(method=SpectralMethod.MONOTONE), 0)
    assert change[SPLINE] == pytest.approx(abs(monotone[0]))
    assert change[SPLINE] == pytest.approx(change[TOA], rel=0.05)
    assert 0.0 < change[SPECTRUM] < 0.01
    assert change[SPECTRUM] == pytest.approx(change[TOA_SPECTRUM], rel=0.05)
