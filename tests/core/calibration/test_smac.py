# SPDX-License-Identifier: GPL-3.0-or-later
"""SMAC against figures of the public routines, and against itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.calibration import smac
from calval_toolbox.core.calibration.atmosphere import pressure_at
from calval_toolbox.core.calibration.geometry import relative_azimuth_deg
from calval_toolbox.core.calibration.sensor_tables import SHIPPED
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.smac_tables import read_smac_numbers

# File, surface reflectance, sun zenith and azimuth, view zenith and azimuth, pressure, AOT, ozone
# (cm-atm), water vapor, and the TOA reflectance of the public routine in double precision.
CASES = (
    ("MERIS2_DES", 0.228, 10.7, 142.6, 9.3, 23.9, 1013.25, 0.33, 0.429, 3.24, 0.2744613177),
    ("MERIS2_DES", 0.693, 17.2, 193.2, 16.6, 62.2, 1013.25, 0.1, 0.254, 3.72, 0.682140288),
    ("MERIS2_DES", 0.749, 49.4, 288.2, 11.6, 111.5, 700.0, 0.51, 0.383, 3.45, 0.6364190434),
    ("MODIS4_DES", 0.794, 9.8, 218.1, 40.3, 182.1, 1013.25, 0.16, 0.318, 0.54, 0.7319252978),
    ("MODIS4_DES", 0.842, 52.6, 197.1, 18.0, 327.2, 1013.25, 0.47, 0.421, 3.42, 0.6706717249),
    ("MODIS4_DES", 0.467, 27.8, 215.6, 25.9, 58.1, 700.0, 0.26, 0.403, 0.36, 0.4118183325),
    ("VGT2_B3_DES", 0.061, 39.4, 101.0, 32.1, 169.6, 1013.25, 0.29, 0.449, 0.94, 0.0764132571),
    ("VGT2_B3_DES", 0.383, 16.1, 227.8, 16.6, 128.1, 1013.25, 0.6, 0.28, 2.32, 0.3372445246),
    ("VGT2_B3_DES", 0.816, 10.6, 22.2, 13.7, 275.5, 700.0, 0.5, 0.259, 1.46, 0.7505442609),
    ("AATSR_670_DES", 0.176, 30.2, 15.4, 41.8, 322.5, 1013.25, 0.76, 0.384, 3.85, 0.1952906447),
    ("AATSR_670_DES", 0.036, 20.9, 347.8, 46.5, 147.8, 1013.25, 0.76, 0.355, 3.31, 0.0913696323),
    ("AATSR_670_DES", 0.278, 15.5, 159.9, 8.2, 137.4, 700.0, 0.77, 0.283, 0.24, 0.2838718327),
    ("SPOT5_XS4_HRG1_CONT",
     0.059, 14.3, 282.1, 21.8, 104.5, 1013.25, 0.1, 0.445, 1.81, 0.0574474859),
    ("SPOT5_XS4_HRG1_CONT", 0.203, 8.3, 19.9, 10.1, 243.7, 1013.25, 0.14, 0.21, 2.06, 0.1938170428),
    ("SPOT5_XS4_HRG1_CONT", 0.239, 59.9, 44.0, 31.8, 278.6, 700.0, 0.34, 0.447, 2.02, 0.2162023331),
)  # fmt: skip


def band(folder: Path, name: str) -> smac.SmacCoefficients:
    return smac.coefficients(
        read_smac_numbers(folder / "calibration" / "smac_coefs" / f"coef_{name}.dat")[0]
    )


@pytest.mark.parametrize("case", CASES)
def test_direct_equals_the_public_routine(shared_data: Path, case: tuple[float, ...]) -> None:
    name, ground, ts, ps, tv, pv, pressure, aot, ozone, water, expected = case
    angles = smac.Angles(ts, tv, float(relative_azimuth_deg(ps, pv)))
    air = smac.Air(aot, 1000.0 * ozone, water, pressure)
    found = smac.toa_reflectance(ground, band(shared_data, str(name)), angles, air)
    assert float(found) == pytest.approx(expected, abs=2e-10)


def test_inverse_undoes_direct_in_all_bands_of_sentinel_2() -> None:
    rng = np.random.default_rng(8)
    ground = rng.uniform(0.0, 1.0, 500)
    angles = smac.Angles(*(rng.uniform(0.0, top, 500) for top in (65.0, 60.0, 180.0)))
    air = smac.Air(
        rng.uniform(0.0, 1.0, 500), rng.uniform(200.0, 450.0, 500), rng.uniform(0.1, 5.0, 500),
        rng.uniform(600.0, 1030.0, 500),
    )  # fmt: skip
    columns = read_smac_numbers(SHIPPED / "smac" / "Coef_S2A_CONTINENTAL.dat")
    assert len(columns) == 13
    for number, column in enumerate(columns):
        if number in (9, 10):  # B09 and B10 see little or nothing of the ground
            continue
        one = smac.coefficients(column)
        toa = smac.toa_reflectance(ground, one, angles, air)
        assert np.abs(smac.surface_reflectance(toa, one, angles, air) - ground).max() < 1e-9


def test_arrays_equal_single_calls() -> None:
    one = smac.coefficients(read_smac_numbers(SHIPPED / "smac" / "Coef_S2B_CONTINENTAL.dat")[2])
    ground, sun = np.array([0.1, 0.4, 0.7]), np.array([20.0, 40.0, 60.0])
    air = smac.Air(0.2, 300.0, 1.5, 1013.25)
    together = smac.toa_reflectance(ground[:, None], one, smac.Angles(sun, 10.0, 50.0), air)
    assert together.shape == (3, 3)
    alone = smac.toa_reflectance(0.4, one, smac.Angles(60.0, 10.0, 50.0), air)
    assert together[1, 2] == alone


def test_pressure_of_the_standard_atmosphere() -> None:
    # US Standard Atmosphere 1976: 701.1 hPa at 3000 m.
    assert pressure_at(np.array([0.0, 3000.0])) == pytest.approx([1013.25, 701.1], abs=3.0)


@pytest.mark.parametrize(
    ("text", "match"),
    [("1 2\n3 4\n", "2 lines and 4 numbers"), ("a b\n", "other text"), ("", "0 lines")],
)
def test_files_that_are_no_coefficients(tmp_path: Path, text: str, match: str) -> None:
    path = tmp_path / "coef.dat"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=match):
        read_smac_numbers(path)
