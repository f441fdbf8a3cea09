# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Landsat 8 and 9 and the sun stood when a pixel was seen, from the angle coefficient file.

The file (``*_ANG.txt``) has the positions of the satellite and the sun by time, and for each band
and sensor chip assembly (SCA) rational polynomials that lead from the pixel to the line in which it
was seen, which is a time. Source: USGS, Solar Illumination and Sensor Viewing Angle Coefficient
Files; that the two agree is checked against its own MEAN_SAT_VECTOR in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...errors import ProductError
from ...types import AnyArray, FloatArray
from ..grids import unproject

_ENTRY = re.compile(r"^\s*(\w+)\s*=\s*(\([^)]*\)|[^\n]*)", re.MULTILINE)
_MAJOR_M, _SQUARE = 6378137.0, 6.69437999014e-3  # WGS 84: half axis, eccentricity squared
_LEAST_POINTS = 4


@dataclass(frozen=True)
class Chip:
    """One SCA: means that are taken off, and coefficients of line and sample."""

    l1t: FloatArray
    l1r: FloatArray
    line: tuple[FloatArray, FloatArray]
    sample: tuple[FloatArray, FloatArray]

    def place(self, line: FloatArray, sample: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Line and sample of the raw image for those of the map (n,), at the mean height."""
        down, right = line - self.l1t[0], sample - self.l1t[1]
        return (
            _ratio(down, right, *self.line) + self.l1r[0],
            _ratio(down, right, *self.sample) + self.l1r[1],
        )


@dataclass(frozen=True)
class BandTiming:
    """``start``, ``step``: seconds since the epoch of the file; ``samples``: of each SCA."""

    start: float
    step: float
    samples: int
    pixel_m: float
    height_m: float
    chips: tuple[Chip, ...]


@dataclass(frozen=True)
class LandsatGeometry:
    """``times`` (k,), ``satellite`` (k, 3) in meters and ``sun`` (k, 3), both earth-fixed;
    ``corner``: x and y of the center of the upper left pixel.
    """

    times: FloatArray
    satellite: FloatArray
    sun_times: FloatArray
    sun: FloatArray
    corner: FloatArray
    bands: Mapping[str, BandTiming]

    def vectors(
        self, band: str, x: FloatArray, y: FloatArray, wkt: str
    ) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
        """Unit-height vectors (east, north) toward the satellite and toward the sun at places (n,)
        in the CRS ``wkt``, as ``angle_grids.direction_of`` takes them.
        """
        timing = self.bands[band]
        moments = self._moments(timing, x, y)
        places = np.array([unproject(wkt, *place) for place in zip(x, y, strict=True)])
        longitude, latitude = np.radians(places).T
        ground = _earth_fixed(longitude, latitude, timing.height_m)
        satellite = _track(self.times, self.satellite, moments) - ground
        sun = _track(self.sun_times, self.sun, moments)
        return _local(satellite, longitude, latitude), _local(sun, longitude, latitude)

    def _moments(self, timing: BandTiming, x: FloatArray, y: FloatArray) -> FloatArray:
        """When each place was seen."""
        sample = (x - self.corner[0]) / timing.pixel_m
        line = (self.corner[1] - y) / timing.pixel_m
        best = np.full(len(x), np.inf)
        seen = np.zeros(len(x))
        for chip in timing.chips:
            raw_line, raw_sample = chip.place(line, sample)
            # Within the chip 0; beyond its ends how far, so that the nearest one counts.
            off = np.maximum(np.maximum(-raw_sample, raw_sample - timing.samples), 0.0)
            better = off < best
            best[better], seen[better] = off[better], raw_line[better]
        return np.asarray(timing.start + timing.step * seen)


def landsat_geometry(text: str, where: str) -> LandsatGeometry | None:
    """The geometry of an angle coefficient file; None for those of other instruments, which have
    no times of lines. Raises ``ProductError`` where the file is damaged.
    """
    entries = {key: value for key, value in _ENTRY.findall(text)}
    numbers = sorted(set(re.findall(r"BAND(\d\d)_LINE_TIME", text)))
    if not numbers or "EPHEMERIS_ECEF_X" not in entries:
        return None

    def values(key: str) -> FloatArray:
        try:
            return np.array([float(one) for one in entries[key].strip("() \n").split(",")])
        except (KeyError, ValueError) as error:
            raise ProductError(
                f"{where} does not state {key}, or not in numbers. Get the product again."
            ) from error

    epoch, sun_epoch = (
        float(values(f"{name}_EPOCH_SECONDS")[0]) for name in ("EPHEMERIS", "SOLAR")
    )
    satellite, sun = (
        np.stack([values(f"{name}_ECEF_{axis}") for axis in "XYZ"], axis=-1)
        for name in ("EPHEMERIS", "SOLAR")
    )
    return LandsatGeometry(
        values("EPHEMERIS_TIME"), satellite, values("SAMPLE_TIME") + sun_epoch - epoch, sun,
        values("UL_CORNER"), {f"B{int(one)}": _timing(values, f"BAND{one}") for one in numbers},
    )  # fmt: skip


def _timing(values: Callable[[str], FloatArray], band: str) -> BandTiming:
    chips = []
    for number in values(f"{band}_SCA_LIST"):
        head = f"{band}_SCA{int(number):02d}"
        parts = [values(f"{head}_{name}_COEF")
                 for name in ("LINE_NUM", "LINE_DEN", "SAMP_NUM", "SAMP_DEN")]  # fmt: skip
        chips.append(
            Chip(
                values(f"{head}_MEAN_L1T_LINE_SAMP"), values(f"{head}_MEAN_L1R_LINE_SAMP"),
                (parts[0], parts[1]), (parts[2], parts[3]),
            )
        )  # fmt: skip
    start, step, samples, pixel, height = (
        float(values(f"{band}_{name}")[0])
        for name in ("START_TIME", "LINE_TIME", "NUM_L1R_SAMPS", "PIXEL_SIZE", "MEAN_HEIGHT")
    )
    return BandTiming(start, step, int(samples), pixel, height, tuple(chips))


def _ratio(down: FloatArray, right: FloatArray, above: FloatArray, below: FloatArray) -> FloatArray:
    """The rational polynomial in line, sample, (height) and their product."""
    upper = above[0] + above[1] * down + above[2] * right + above[4] * down * right
    lower = 1.0 + below[0] * down + below[1] * right + below[3] * down * right
    return np.asarray(upper / lower)


def _track(times: FloatArray, places: FloatArray, moments: FloatArray) -> FloatArray:
    """Places (n, 3) at moments: a cubic through the four nearest points in time."""
    first = np.clip(np.searchsorted(times, moments) - 2, 0, len(times) - _LEAST_POINTS)
    nodes = first[:, None] + np.arange(_LEAST_POINTS)
    weights = np.ones(nodes.shape)
    for one in range(_LEAST_POINTS):
        for other in range(_LEAST_POINTS):
            if one != other:
                gap = times[nodes[:, one]] - times[nodes[:, other]]
                weights[:, one] *= (moments - times[nodes[:, other]]) / gap
    return np.asarray((places[nodes] * weights[:, :, None]).sum(axis=1))


def _earth_fixed(longitude: FloatArray, latitude: FloatArray, height_m: float) -> FloatArray:
    radius = _MAJOR_M / np.sqrt(1.0 - _SQUARE * np.sin(latitude) ** 2)
    across = (radius + height_m) * np.cos(latitude)
    return np.stack(
        [
            across * np.cos(longitude),
            across * np.sin(longitude),
            (radius * (1.0 - _SQUARE) + height_m) * np.sin(latitude),
        ],
        axis=-1,
    )


def _local(
    vectors: FloatArray, longitude: FloatArray, latitude: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """East and north parts of earth-fixed vectors (n, 3), for an upward part of 1."""
    x, y, z = vectors.T
    outward: AnyArray = x * np.cos(longitude) + y * np.sin(longitude)
    east = -x * np.sin(longitude) + y * np.cos(longitude)
    north = z * np.cos(latitude) - outward * np.sin(latitude)
    up = outward * np.cos(latitude) + z * np.sin(latitude)
    return np.asarray(east / up), np.asarray(north / up)
