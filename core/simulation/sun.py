# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sun stands."""

from __future__ import annotations

import numpy as np

from ..types import FloatArray, TimeArray


def sun_angles_deg(
    times: TimeArray, longitude: float, latitude: float
) -> tuple[FloatArray, FloatArray]:
    """Solar zenith and azimuth (n,) in degrees, azimuth clockwise from north; times UTC.

    Good to about 0.3 degree, as the series does not follow the cycle of leap years (azimuth worse
    where the sun is near the zenith).

    Method: declination and equation of time by Spencer (1971), Fourier series representation.
    """
    seconds = (times - times.astype("datetime64[D]")).astype("timedelta64[s]").astype(np.float64)
    year_start = times.astype("datetime64[Y]").astype("datetime64[D]")
    day = (times.astype("datetime64[D]") - year_start).astype(np.float64)
    angle = 2.0 * np.pi * (day + seconds / 86400.0 - 0.5) / 365.0
    declination = (
        0.006918 - 0.399912 * np.cos(angle) + 0.070257 * np.sin(angle) - 0.006758 * np.cos(2 *
        angle) + 0.000907 * np.sin(2 * angle) - 0.002697 * np.cos(3 * angle) + 0.00148 * np.sin(3 *
        angle)
    )  # fmt: skip
    equation = 229.18 * (
        0.000075 + 0.001868 * np.cos(angle) - 0.032077 * np.sin(angle)
        - 0.014615 * np.cos(2 * angle) - 0.040849 * np.sin(2 * angle)
    )  # fmt: skip
    hour_angle = np.deg2rad((seconds / 60.0 + equation + 4.0 * longitude) / 4.0 - 180.0)
    phi = np.deg2rad(latitude)
    cosine = np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(
        hour_angle
    )
    zenith = np.rad2deg(np.arccos(np.clip(cosine, -1.0, 1.0)))
    east = -np.cos(declination) * np.sin(hour_angle)
    north = np.sin(declination) * np.cos(phi) - np.cos(declination) * np.cos(hour_angle) * np.sin(
        phi
    )
    return zenith, np.rad2deg(np.arctan2(east, north)) % 360.0


def solar_zenith_deg(times: TimeArray, longitude: float, latitude: float) -> FloatArray:
    """Solar zenith angle (n,) in degrees; see ``sun_angles_deg``."""
    return sun_angles_deg(times, longitude, latitude)[0]
