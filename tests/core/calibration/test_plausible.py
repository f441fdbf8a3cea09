# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements that cannot be are kept and rejected; those in another unit are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.calibration.plausible import check_units, implausible, implausible_notes
from calval_toolbox.core.calibration.screening import IMPOSSIBLE, Screening, reasons
from calval_toolbox.core.calibration.types import Band, Measurements, Sensor
from calval_toolbox.core.database.exchange import ImportRequest, import_files
from calval_toolbox.core.database.names import parse_name
from calval_toolbox.core.errors import InputError

SENSOR = Sensor("MERIS", (Band("412", 412.0), Band("865", 865.0), Band("3700", 3700.0)))


def good(count: int = 6) -> Measurements:
    """Plain measurements of two bands of reflectance and a thermal one in kelvin."""
    time = np.datetime64("2005-03-01T09:00", "ms") + np.arange(count) * np.timedelta64(1, "D")
    bands = {
        "mean": np.tile([0.25, 0.45, 301.0], (count, 1)),
        "std": np.tile([0.004, 0.006, 2.4], (count, 1)),
        "view_zenith_deg": np.full((count, 3), 12.0),
        "view_azimuth_deg": np.full((count, 3), 100.0),
    }  # fmt: skip
    rows = {
        "sun_zenith_deg": np.full(count, 30.0), "sun_azimuth_deg": np.full(count, 140.0),
        "ozone_du": np.full(count, 300.0), "site": np.full(count, "Libya4", dtype=object),
    }  # fmt: skip
    return Measurements(SENSOR, time, rows, bands)


def broken(name: str, value: float, band: int = 0) -> Measurements:
    """The same with one value of row 2 replaced."""
    made = good()
    values = made[name].copy()
    values[(2, band) if values.ndim == 2 else 2] = value
    return made.with_columns(**{name: values})


def test_brightness_temperatures_and_unknown_values_are_plausible() -> None:
    assert not implausible(good()).any()
    assert implausible_notes(good()) == ()
    check_units(good())
    assert not implausible(broken("aot", np.nan)).any()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mean", 31.2), ("mean", -0.2), ("std", -0.003), ("count", -5.0), ("sun_zenith_deg", 400.0),
        ("view_zenith_deg", 95.0), ("ozone_du", -999.0), ("saturated_fraction", 1.5),
    ],
)  # fmt: skip
def test_value_that_cannot_be_rejects_its_row(name: str, value: float) -> None:
    rows = broken(name, value)
    expected = [False, False, True, False, False, False]
    assert implausible(rows).tolist() == expected
    found = reasons(rows, np.array([0, 1]), Screening(), 0.5)
    assert (found == IMPOSSIBLE).tolist() == expected
    assert (
        f"1 measurement of MERIS with values that cannot be: {name}" in implausible_notes(rows)[0]
    )


def test_only_the_bands_in_use_are_judged() -> None:
    rows = broken("mean", 31.2, band=1)
    assert not implausible(rows, np.array([0])).any()
    assert implausible(rows, np.array([0, 1])).sum() == 1


def test_percent_and_micrometers_are_refused() -> None:
    rows = good()
    with pytest.raises(InputError, match=r"band 412 of MERIS are above 25\. .* divide percent"):
        check_units(rows.with_columns(mean=rows["mean"] * 100.0))
    micrometers = Sensor(
        "MERIS", tuple(Band(one.name, one.wavelength_nm / 1e3) for one in SENSOR.bands)
    )
    with pytest.raises(InputError, match=r"band 412 of MERIS is 0\.412 nm\. Give .* nanometers"):
        check_units(Measurements(micrometers, rows.time, rows.rows, rows.by_band))


def test_import_keeps_the_rest_and_refuses_percent(tmp_path: Path) -> None:
    lines = ["site,sensor,time,band,wavelength_nm,mean,sun_zenith_deg"]
    lines += [f"Libya4,TEST,2005-03-0{day}T09:00:00Z,412,412,{value},30"
              for day, value in enumerate((0.25, 31.2, 0.26), start=1)]  # fmt: skip
    path, database = tmp_path / "rows.csv", tmp_path / "calibration.gpkg"
    path.write_text("\n".join(lines))
    result = import_files(parse_name(str(database)), ImportRequest([path]))
    assert result.added == 3
    assert any("rows.csv: 1 measurement of TEST with values that cannot be: mean of band 412 31.2"
               in note for note in result.notes)  # fmt: skip
    path.write_text("\n".join(lines).replace("0.25", "25.0").replace("0.26", "26.0"))
    before = database.read_bytes()
    with pytest.raises(InputError, match=r"rows\.csv: Half of the reflectances of band 412"):
        import_files(parse_name(str(database)), ImportRequest([path]))
    assert database.read_bytes() == before
