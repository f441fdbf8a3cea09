# SPDX-License-Identifier: GPL-3.0-or-later
"""Directions of sun and sensor, and how much two observations differ in them."""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, FloatArray


def relative_azimuth_deg(sun: AnyArray | float, view: AnyArray | float) -> FloatArray:
    """The angle between two azimuths (degrees), folded to 0 ... 180: a surface without a direction
    of its own looks the same on either side of the principal plane.
    """
    turn = np.abs(np.asarray(view, dtype=np.float64) - np.asarray(sun, dtype=np.float64)) % 360.0
    folded: FloatArray = np.minimum(turn, 360.0 - turn)
    return folded


def scattering_cosine(
    sun_zenith: AnyArray | float, view_zenith: AnyArray | float, relative_azimuth: AnyArray | float
) -> FloatArray:
    """Cosine of the angle between the directions of the incoming and the scattered light; all
    angles in degrees, those of the azimuth between the directions toward sun and sensor.
    """
    return -phase_cosine(sun_zenith, view_zenith, relative_azimuth)


def phase_cosine(
    sun_zenith: AnyArray | float, view_zenith: AnyArray | float, relative_azimuth: AnyArray | float
) -> FloatArray:
    """Cosine of the angle between the directions toward the sun and toward the sensor (degrees)."""
    s, v = np.radians(sun_zenith), np.radians(view_zenith)
    cosine = np.cos(s) * np.cos(v) + np.sin(s) * np.sin(v) * np.cos(np.radians(relative_azimuth))
    inside: FloatArray = np.clip(cosine, -1.0, 1.0)
    return inside


def mean_azimuth_deg(azimuth: AnyArray) -> FloatArray:
    """The mean of azimuths (..., m) in degrees as that of their unit vectors (...), from 0 to below
    360; unknown ones (NaN) are left out, NaN where all are.
    """
    known = np.isfinite(azimuth)
    angle = np.radians(np.where(known, azimuth, 0.0))
    east, north = (np.sum(known * part(angle), axis=-1) for part in (np.sin, np.cos))
    mean = np.degrees(np.arctan2(east, north))
    mean = np.where(mean < 0.0, mean + 360.0, mean)
    return np.where(known.any(axis=-1), np.where(mean < 360.0, mean, 0.0), np.nan)
