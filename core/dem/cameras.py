# SPDX-License-Identifier: GPL-3.0-or-later
"""A simple pushbroom camera above the WGS 84 ellipsoid: the views of simulated stereo scenes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import FloatArray
from .rpc import RpcModel
from .rpc_fit import fit_rpc

SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1.0 / 298.257223563
_NODES = (15, 15, 7)


@dataclass(frozen=True)
class Pushbroom:
    """A line of detectors that flies straight and looks at one place.

    ``lon``, ``lat`` (degrees), ``height`` (m): the place seen at the center of the image.
    ``toward``: where the sensor stands from there, in meters to the east and to the north per meter
    of height (so the difference of two of them is B/H). ``heading_deg``: where rows go, clockwise
    from north; columns go to the left of it, as 180 degrees gives south and east. ``gsd_m``: a
    pixel on the ground at the center. ``altitude_m``: of the sensor above the place.
    """

    lon: float
    lat: float
    height: float
    toward: tuple[float, float]
    heading_deg: float = 190.0
    gsd_m: float = 0.5
    columns: int = 512
    rows: int = 512
    altitude_m: float = 700_000.0

    def project(
        self, lon: FloatArray, lat: FloatArray, height: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Ground (n,: degrees, degrees, m) to image (columns, rows; first center at 0, 0)."""
        place = self._local(lon, lat, height)
        sensor = self.altitude_m * np.array([*self.toward, 1.0])
        heading = np.radians(self.heading_deg)
        along = np.array([np.sin(heading), np.cos(heading), 0.0])
        aside = np.array([-along[1], along[0], 0.0])
        distance = float(np.linalg.norm(sensor))
        looking = -sensor / distance
        # A detector sees a plane that holds the line of sight and the line of detectors.
        normal: FloatArray = np.cross(looking, aside)
        normal = normal / (normal @ along)
        rows = normal @ (place - sensor[:, None]) / self.gsd_m
        ray = place - sensor[:, None] - along[:, None] * rows * self.gsd_m
        across: FloatArray = aside - (aside @ looking) * looking
        across = across / (across @ aside)
        columns = distance * (across @ ray) / (looking @ ray) / self.gsd_m
        return columns + (self.columns - 1) / 2.0, rows + (self.rows - 1) / 2.0

    def rpc(self, low: float, high: float) -> RpcModel:
        """The RPC fitted on what the image sees, and a tenth around, from ``low`` to ``high`` m."""
        tilt = max(abs(one) for one in self.toward)
        reach = 0.6 * max(self.columns, self.rows) * self.gsd_m * np.sqrt(2.0)
        reach += tilt * max(abs(high - self.height), abs(low - self.height))
        east, north = reach / self._meters()[0], reach / self._meters()[1]
        axes = (
            np.linspace(self.lon - east, self.lon + east, _NODES[0]),
            np.linspace(self.lat - north, self.lat + north, _NODES[1]),
            np.linspace(low, high, _NODES[2]),
        )
        lon, lat, height = (one.ravel() for one in np.meshgrid(*axes))
        return fit_rpc(lon, lat, height, *self.project(lon, lat, height))

    def _meters(self) -> tuple[float, float]:
        """Length of a degree of longitude and of latitude here, roughly."""
        degree = np.radians(1.0) * SEMI_MAJOR_M
        return degree * float(np.cos(np.radians(self.lat))), degree

    def _local(self, lon: FloatArray, lat: FloatArray, height: FloatArray) -> FloatArray:
        """East, north and up (3, n) of places, in meters from the place looked at."""
        center = geocentric(np.array([self.lon]), np.array([self.lat]), np.array([self.height]))
        x, y = np.radians(self.lon), np.radians(self.lat)
        turn = np.array([
            [-np.sin(x), np.cos(x), 0.0],
            [-np.sin(y) * np.cos(x), -np.sin(y) * np.sin(x), np.cos(y)],
            [np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)],
        ])  # fmt: skip
        return np.asarray(turn @ (geocentric(lon, lat, height) - center))


def geocentric(lon: FloatArray, lat: FloatArray, height: FloatArray) -> FloatArray:
    """Cartesian coordinates (3, n: m from the middle of the Earth) of places (degrees, m)."""
    x, y = np.radians(lon), np.radians(lat)
    square = FLATTENING * (2.0 - FLATTENING)
    radius = SEMI_MAJOR_M / np.sqrt(1.0 - square * np.sin(y) ** 2)
    return np.stack([
        (radius + height) * np.cos(y) * np.cos(x),
        (radius + height) * np.cos(y) * np.sin(x),
        (radius * (1.0 - square) + height) * np.sin(y),
    ])  # fmt: skip
