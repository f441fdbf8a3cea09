# SPDX-License-Identifier: GPL-3.0-or-later
"""Spectra of sites are of the ground: those of the top of the atmosphere are told from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.calibration.site_spectra import (
    oxygen_depth,
    read_site_spectra,
    unproven,
)
from calval_toolbox.core.calibration.spectral import Spectrum
from calval_toolbox.core.errors import InputError

FINE = np.arange(400.0, 1000.5, 1.0)
SAND = 0.1 + 0.4 * (1.0 - np.exp(-(FINE - 400.0) / 180.0))
LEAF = 0.05 + 0.45 / (1.0 + np.exp(-(FINE - 715.0) / 12.0))


def through_air(ground: np.ndarray) -> np.ndarray:
    """With an oxygen band that takes half of the light at its deepest."""
    return np.asarray(ground * (1.0 - 0.5 * np.exp(-0.5 * ((FINE - 761.0) / 2.5) ** 2)))


def write(path: Path, wavelength_nm: np.ndarray, values: np.ndarray) -> Path:
    rows = [f"{at:.1f};{value:.6f}" for at, value in zip(wavelength_nm, values, strict=True)]
    path.write_text("\n".join(["wavelength;reflectance", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize("ground", [SAND, LEAF])
@pytest.mark.parametrize("step", [1, 5, 10])
def test_air_above_the_ground_is_found(tmp_path: Path, ground: np.ndarray, step: int) -> None:
    """Also where a spectrum is resolved to 10 nm only; soil and leaves show nothing."""
    kernel = np.ones(step) / step
    at = FINE[step:-step][::step]
    plain, seen = (
        np.convolve(one, kernel, mode="same")[step:-step][::step]
        for one in (ground, through_air(ground))
    )
    assert abs(oxygen_depth(Spectrum(at, plain))) < 0.03
    assert oxygen_depth(Spectrum(at, seen)) > 0.12
    assert len(read_site_spectra(write(tmp_path / "ground.csv", at, plain))) == 1
    with pytest.raises(InputError, match=r"seen.csv was taken through .* at 760 nm.*HYPERSPEC"):
        read_site_spectra(write(tmp_path / "seen.csv", at, seen))


def test_what_cannot_show_it_is_told() -> None:
    """Without samples in the oxygen band, or beside it."""
    coarse = Spectrum(np.array([400.0, 700.0, 900.0]), np.array([0.1, 0.4, 0.5]), "coarse")
    short = Spectrum(FINE[:366], SAND[:366], "to 765 nm")
    whole = Spectrum(FINE, SAND, "whole")
    assert np.isnan(oxygen_depth(coarse))
    assert unproven({"A": coarse, "B": whole, "C": short, "D": coarse}) == ("coarse", "to 765 nm")


@pytest.mark.parametrize("site", ["Libya4", "DomeC", "Uyuni", "TuzGolu", "Amazon"])
def test_real_spectra_of_the_top_of_the_atmosphere_are_refused(
    shared_data: Path, site: str
) -> None:
    path = shared_data / "calibration" / "desert_model" / f"TOA_spectrum_{site}.txt.gz"
    with pytest.raises(InputError, match="taken through the atmosphere: [5-9]. % are missing"):
        read_site_spectra(path)
