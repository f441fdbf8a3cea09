# SPDX-License-Identifier: GPL-3.0-or-later
"""The sun stands where others print it."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.simulation.sun import solar_zenith_deg, sun_angles_deg


def test_solar_zenith_equals_what_aeronet_prints() -> None:
    # two rows of a real level 2.0 file of Sao Paulo
    times = np.array(["2016-01-05T10:13:33", "2016-01-05T10:16:09"], dtype="datetime64[ms]")
    angles = solar_zenith_deg(times, -46.734983, -23.5615)
    assert angles == pytest.approx([67.742973, 67.171296], abs=0.15)


def test_azimuth_equals_the_example_of_the_solar_position_algorithm() -> None:
    # Reda & Andreas (2004, 10.1016/j.solener.2003.12.003): 50.11162 and 194.34024 degrees
    time = np.array(["2003-10-17T19:30:30"], dtype="datetime64[ms]")
    zenith, azimuth = sun_angles_deg(time, -105.1786, 39.742476)
    assert zenith[0] == pytest.approx(50.11162, abs=0.3)
    assert azimuth[0] == pytest.approx(194.34024, abs=0.3)


def test_south_of_the_equator_the_noon_sun_is_north() -> None:
    time = np.array(["2019-06-21T02:40:00"], dtype="datetime64[ms]")
    azimuth = sun_angles_deg(time, 139.346, -25.899)[1][0]
    assert min(azimuth, 360.0 - azimuth) < 5.0
