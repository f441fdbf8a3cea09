# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses, spectra, and the way from the bands of one sensor to those of another."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from calval_toolbox.core.calibration.sensor_tables import SHIPPED, SensorTables
from calval_toolbox.core.calibration.spectral import (
    Response,
    Spectrum,
    spline_weights,
    through_points,
    through_spectrum,
)
from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.errors import InputError, TableError
from calval_toolbox.core.io.response_tables import read_spectral_table

FINE = np.arange(400.0, 1000.5, 1.0)
POINTS = np.array([412.0, 443.0, 490.0, 560.0, 620.0, 665.0, 753.0, 865.0])


def gauss(center: float, width: float = 10.0) -> Response:
    return Response(FINE, np.exp(-0.5 * ((FINE - center) / width) ** 2), f"{center:g}")


def ground(wavelength: np.ndarray) -> np.ndarray:
    """A smooth desert."""
    return 0.15 + 0.4 / (1.0 + np.exp(-(wavelength - 560.0) / 60.0))


def test_band_means_and_effective_wavelength() -> None:
    band = gauss(600.0)
    assert band.effective_nm == pytest.approx(600.0, abs=1e-6)
    assert band.mean(np.stack([FINE, np.ones_like(FINE)])) == pytest.approx([600.0, 1.0])
    # A second moment by hand: center squared and variance.
    assert band.mean(FINE**2) == pytest.approx(600.0**2 + 100.0, rel=1e-6)
    assert band.shifted(2.5).effective_nm == pytest.approx(602.5, abs=1e-6)
    weighted = band.mean(FINE, irradiance=FINE)
    assert weighted == pytest.approx((600.0**2 + 100.0) / 600.0, rel=1e-6)


def test_samples_of_unequal_steps_count_by_their_width() -> None:
    uneven = Response(np.array([500.0, 510.0, 511.0]), np.array([1.0, 1.0, 1.0]))
    # The integral of x over 500 to 511 by trapezoids, by its length.
    assert uneven.effective_nm == pytest.approx((505.0 * 10.0 + 510.5) / 11.0)


def test_spline_follows_a_smooth_ground() -> None:
    surface = np.stack([ground(POINTS), 1.1 * ground(POINTS)])
    for center in (466.0, 554.0, 646.0, 857.0):
        band = gauss(center)
        expected = band.mean(ground(FINE))
        for monotone in (False, True):
            found = through_points(POINTS, surface, band, monotone)
            assert found == pytest.approx([expected, 1.1 * expected], rel=0.005)
        plain = CubicSpline(POINTS, surface, axis=1)(np.clip(FINE, 352.0, 925.0))
        assert through_points(POINTS, surface, band) == pytest.approx(band.mean(plain))
        assert surface @ spline_weights(POINTS, band) == pytest.approx(band.mean(plain))


def test_nothing_is_known_far_from_the_points() -> None:
    surface = ground(POINTS)[None]
    assert np.isnan(through_points(POINTS, surface, gauss(980.0))).all()
    assert np.isnan(through_points(POINTS[:3], surface[:, :3], gauss(450.0))).all()


def test_a_spectrum_keeps_its_details() -> None:
    """An absorption line between the points: the spline cannot know it, the spectrum can."""
    line = 1.0 - 0.3 * np.exp(-0.5 * ((FINE - 700.0) / 8.0) ** 2)
    truth = ground(FINE) * line
    responses = tuple(gauss(center) for center in POINTS)
    surface = np.stack([[one.mean(truth) for one in responses]])
    band = gauss(700.0)
    expected = band.mean(truth)
    known = Spectrum(FINE, 1.7 * truth)  # its level does not matter
    assert through_spectrum(POINTS, surface, responses, band, known)[0] == pytest.approx(
        expected, rel=1e-6
    )
    assert abs(through_points(POINTS, surface, band)[0] / expected - 1.0) > 0.1
    short = Spectrum(FINE[:200], truth[:200])
    assert np.isnan(through_spectrum(POINTS, surface, responses, band, short)).all()


@pytest.mark.parametrize(
    ("wavelength", "response", "match"),
    [
        ([500.0], [1.0], "fewer than two"),
        ([500.0, 490.0], [1.0, 1.0], "do not rise"),
        ([500.0, 510.0], [0.0, 0.0], "nowhere positive"),
        ([500.0, 510.0], [np.nan, 1.0], "nowhere positive"),
    ],
)
def test_responses_that_are_none(
    wavelength: list[float], response: list[float], match: str
) -> None:
    with pytest.raises(InputError, match=match):
        Response(np.array(wavelength), np.array(response), "B1")


def test_tables_in_many_spellings(tmp_path: Path) -> None:
    texts = {
        "a.txt": "Wavelength;Response\n500.1; 0.2\n500.2;0.4\n",
        "b.tsv": "nm\tB1\tB2\n500.1\t0.2\t1\n500.2\t0.4\t2\n",
        "c.dat": "# remark\n0.5001 0.2\n0.5002 0.4 # another\n",
        "d.csv": "500.2,0.4\n500.1,0.9\n500.1,0.2\n",
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        wavelength, values, names = read_spectral_table(path)
        assert wavelength == pytest.approx([500.1, 500.2])
        assert values[:, 0] == pytest.approx([0.2, 0.4])
        assert names == {"b.tsv": ("B1", "B2"), "a.txt": ("Response",)}.get(name, ("1",))
    packed = tmp_path / "a.txt.gz"
    packed.write_bytes(gzip.compress(texts["a.txt"].encode()))
    assert read_spectral_table(packed)[1][:, 0] == pytest.approx([0.2, 0.4])
    for text, match in (("x\n", "no table"), ("1 2\n3\n", "no table"), ("1 2\nx y\n", "Line 2")):
        (tmp_path / "bad.txt").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=match):
            read_spectral_table(tmp_path / "bad.txt")


def test_shipped_tables_of_sentinel_2() -> None:
    bands = tuple(Band(name, 0.0) for name in ("B02", "B8A", "B10", "B99"))
    tables = SensorTables()
    found = tables.bands(Sensor("s2a_msi", bands))
    assert [one.smac is not None for one in found] == [True, True, True, False]
    assert [one.window for one in found] == [True, True, False, False]
    assert found[0].wavelength_nm == 490.0
    assert any("no SMAC coefficients of B99" in note for note in tables.notes)
    tables = SensorTables()
    tables.bands(Sensor("S2A/MSI", bands), asked=("B02",))
    assert not any("B99" in note for note in tables.notes)


def test_bands_of_products_and_of_tables_are_the_same() -> None:
    """Metadata of Sentinel-2 say B2, names of files B02; B0 is a band of its own."""
    for first, second in (("B2", "B02"), ("B10", "B10"), ("B8A", "B8A")):
        pair = [SensorTables().bands(Sensor("S2A/MSI", (Band(name, 490.0),)))[0]
                for name in (first, second)]  # fmt: skip
        assert pair[0].smac is not None
        assert pair[0].smac == pair[1].smac
    assert SensorTables().bands(Sensor("S2A/MSI", (Band("B0", 490.0),)))[0].smac is None


def test_a_list_of_the_user_comes_first(tmp_path: Path) -> None:
    source = (SHIPPED / "smac" / "Coef_S2B_CONTINENTAL.dat").read_text(encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "mine.dat").write_text(source, encoding="utf-8")
    (tmp_path / "rsr.csv").write_text("nm,red\n660,0\n670,1\n680,0\n", encoding="utf-8")
    head = "sensor,band,wavelength_nm,smac,smac_column,response,response_column\n"
    path = tmp_path / "sensor_tables.csv"
    path.write_text(head + "S2A/MSI,B04,670,mine.dat,4,rsr.csv,red\n", encoding="utf-8")
    sensor = Sensor("S2A/MSI", (Band("B04", 665.0), Band("B03", 560.0)))
    red, green = SensorTables(tmp_path).bands(sensor)
    twin = SensorTables().bands(Sensor("S2B/MSI", (Band("B04", 665.0),)))[0]
    assert red.smac == twin.smac
    assert red.effective_nm == pytest.approx(670.0)
    assert green.smac is not None
    for line, match in (
        ("S2A/MSI,B04,670,mine.dat,99,,\n", r"13 band\(s\), not 99"),
        ("S2A/MSI,B04,670,mine.dat,4,rsr.csv,blue\n", "no column 'blue'. Its columns are: red"),
        ("S2A/MSI,B04,red,mine.dat,4,,\n", "Line 2"),
    ):
        path.write_text(head + line, encoding="utf-8")
        with pytest.raises(TableError, match=match):
            SensorTables(tmp_path).bands(sensor)
    path.write_text("sensor,band\n", encoding="utf-8")
    with pytest.raises(TableError, match="lacks the column"):
        SensorTables(tmp_path)
