# SPDX-License-Identifier: GPL-3.0-or-later
"""The rational polynomial model of a satellite image (RPC00B): ground to image and back.

Image coordinates are (column, row) with the center of the first pixel at (0, 0): GDAL's transformer
gives half a pixel more. Heights are meters above the WGS 84 ellipsoid, longitudes and latitudes
degrees. Source: NIMA, The Compendium of Controlled Extensions for NITF (STDI-0002), RPC00B.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..jit import numba_available
from ..types import FloatArray
from . import rpc_kernels, rpc_numpy

TERMS = 20
VECTOR = 10 + 4 * TERMS
HALF_TURN = 180.0
FEWEST_POINTS = 50_000  # below, compiling takes longer than numpy
_LATTICE = 9  # nodes per axis that the first guess of a localization is fitted on
Numbers = float | npt.ArrayLike


@dataclass(frozen=True)
class RpcModel:
    """Offsets and scales of line (row), sample (column), latitude, longitude (degrees) and height
    (m), and 20 coefficients of each numerator and denominator.

    Normalized image coordinates beyond 1 are no error: crops carry the numbers of the whole scene.
    Raises ``InputError`` where a number is not finite, a scale is zero, or coefficients lack.
    """

    line_offset: float
    sample_offset: float
    latitude_offset: float
    longitude_offset: float
    height_offset: float
    line_scale: float
    sample_scale: float
    latitude_scale: float
    longitude_scale: float
    height_scale: float
    line_numerator: tuple[float, ...]
    line_denominator: tuple[float, ...]
    sample_numerator: tuple[float, ...]
    sample_denominator: tuple[float, ...]

    def __post_init__(self) -> None:
        for name in _COEFFICIENTS:
            if len(getattr(self, name)) != TERMS:
                raise InputError(
                    f"The RPC has {len(getattr(self, name))} coefficients as {_said(name)}, not "
                    f"{TERMS}: the metadata are damaged. Get the image again."
                )
        vector = self.to_vector()
        if not np.isfinite(vector).all():
            raise InputError("The RPC holds values that are no numbers. Get the image again.")
        for name, value in zip(_SCALES, vector[5:10], strict=True):
            if value == 0.0:
                raise InputError(f"The RPC has zero as {_said(name)}. Get the image again.")
        for name in _COEFFICIENTS:
            if not any(getattr(self, name)):
                raise InputError(f"The RPC has only zeros as {_said(name)}. Get the image again.")

    @classmethod
    def from_vector(cls, vector: npt.ArrayLike) -> RpcModel:
        """The model of ``to_vector``; raises ``InputError`` where there are not 90 numbers."""
        values = np.asarray(vector, dtype=np.float64).ravel()
        if len(values) != VECTOR:
            raise InputError(f"An RPC consists of {VECTOR} numbers, not {len(values)}.")
        parts: list[Any] = [float(value) for value in values[:10]]
        parts += [tuple(map(float, part)) for part in values[10:].reshape(4, TERMS)]
        return cls(*parts)

    def to_vector(self) -> FloatArray:
        """Offsets, scales and coefficients (90,) in the order of the fields."""
        values = [getattr(self, field.name) for field in fields(self)]
        return np.concatenate([np.atleast_1d(np.asarray(one, np.float64)) for one in values])

    def project(
        self, lon: Numbers, lat: Numbers, height: Numbers, compiled: bool | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Ground (degrees, m; shapes that go together) to image (columns, rows) of their shape.

        NaN where any of the three is. ``compiled``: by numba (True), numpy (False), or what suits
        the number of points; both agree to 1e-9 px.
        """
        (x, y, z), shape = _flat(lon, lat, height)
        if abs(self.longitude_offset) + abs(self.longitude_scale) > HALF_TURN:
            x = x - 360.0 * np.round((x - self.longitude_offset) / 360.0)
        if not runs_compiled(compiled, len(x)):
            with np.errstate(all="ignore"):
                column, row = rpc_numpy.project_points(self._vector, x, y, z)
        else:
            column, row = np.empty(len(x)), np.empty(len(x))
            rpc_kernels.project_points(self._vector, x, y, z, column, row)
        return column.reshape(shape), row.reshape(shape)

    def locate(
        self, column: Numbers, row: Numbers, height: Numbers, compiled: bool | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Image (pixels) at ``height`` (m) to ground (degrees); shapes as for ``project``.

        Inverts ``project`` to about 1e-9 px; NaN where an input is, or where Newton's method finds
        no such place (far beyond the range of the model). Longitudes go on beyond 180 degrees.
        """
        (x, y, z), shape = _flat(column, row, height)
        if not runs_compiled(compiled, len(x)):
            with np.errstate(all="ignore"):
                lon, lat = rpc_numpy.locate_points(self._vector, self.start, x, y, z)
        else:
            lon, lat = np.empty(len(x)), np.empty(len(x))
            rpc_kernels.locate_points(self._vector, self.start, x, y, z, lon, lat)
        return lon.reshape(shape), lat.reshape(shape)

    def cropped(self, column: float, row: float) -> RpcModel:
        """The model of the part of the image whose first pixel is (``column``, ``row``) of it."""
        return self.shifted(-column, -row)

    def shifted(self, column: float, row: float) -> RpcModel:
        """The model whose image coordinates are these and (``column``, ``row``) more (pixels)."""
        return replace(
            self,
            line_offset=self.line_offset + row,
            sample_offset=self.sample_offset + column,
        )

    def rescaled(self, factor: float) -> RpcModel:
        """The model of the image resampled to ``factor`` times as many pixels along each axis.

        The corner of the first pixel stays where it is, its center does not: GDAL before 3.9
        multiplies the offsets alone, and is half a pixel times 1 - factor wrong. Raises
        ``ValueError`` where ``factor`` is not above zero.
        """
        if not factor > 0.0:
            raise ValueError(f"an image cannot be resampled by {factor}")
        return replace(
            self,
            line_offset=(self.line_offset + 0.5) * factor - 0.5,
            sample_offset=(self.sample_offset + 0.5) * factor - 0.5,
            line_scale=self.line_scale * factor,
            sample_scale=self.sample_scale * factor,
        )

    @cached_property
    def _vector(self) -> FloatArray:
        return self.to_vector()

    @cached_property
    def start(self) -> FloatArray:
        """First guess of a localization (44,): offset and scale of column and row, then cubics of
        the image coordinates and the height for longitude and latitude (normalized), fitted on the
        range of the model; its center where they cannot be fitted.
        """
        nodes = np.linspace(-1.0, 1.0, _LATTICE)
        x, y, z = (axis.ravel() for axis in np.meshgrid(nodes, nodes, nodes))
        v = self._vector
        column, row = self.project(x * v[8] + v[3], y * v[7] + v[2], z * v[9] + v[4], False)
        good = np.isfinite(column) & np.isfinite(row)
        if np.count_nonzero(good) < 2 * TERMS:
            return np.concatenate([[v[1], 1.0, v[0], 1.0], np.zeros(2 * TERMS)])
        middle, half = _middle(column[good])
        center, reach = _middle(row[good])
        terms = rpc_numpy.monomials(
            (column[good] - middle) / half, (row[good] - center) / reach, z[good]
        )
        truth = np.stack([x[good], y[good]], axis=1)
        found = np.linalg.lstsq(terms.T, truth, rcond=None)[0]
        return np.concatenate([[middle, half, center, reach], found[:, 0], found[:, 1]])


_COEFFICIENTS = ("line_numerator", "line_denominator", "sample_numerator", "sample_denominator")
_SCALES = ("line_scale", "sample_scale", "latitude_scale", "longitude_scale", "height_scale")


def _said(name: str) -> str:
    return name.replace("_", " ")


def runs_compiled(compiled: bool | None, points: int) -> bool:
    """Whether so many points go through numba: as ``compiled`` says, else where it pays."""
    if compiled is None:
        return points >= FEWEST_POINTS and numba_available()
    return compiled and numba_available()


def _middle(values: FloatArray) -> tuple[float, float]:
    """Middle and half width (never zero) of a range."""
    low, high = float(values.min()), float(values.max())
    return (low + high) / 2.0, max((high - low) / 2.0, 1e-9)


def _flat(*arrays: Numbers) -> tuple[list[FloatArray], tuple[int, ...]]:
    """Arrays of one shape as contiguous vectors, and that shape."""
    together = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in arrays))
    return [np.ascontiguousarray(one).ravel() for one in together], together[0].shape
