# SPDX-License-Identifier: GPL-3.0-or-later
"""From surface reflectances in the bands of one sensor to those in the bands of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..types import AnyArray, FloatArray

# How far (nm) beyond the outermost reference bands a spline is still followed.
REACH_NM = 60.0


@dataclass(frozen=True)
class Response:
    """A spectral response: wavelengths (nm, rising) and relative responses, of any scale.

    Raises ``InputError`` (naming ``name``) where it has fewer than two samples, falls in
    wavelength, or is nowhere positive.
    """

    wavelength_nm: FloatArray
    response: FloatArray
    name: str = "response"

    def __post_init__(self) -> None:
        wavelength, response = self.wavelength_nm, self.response
        if len(wavelength) < 2 or len(wavelength) != len(response):
            raise InputError(f"The spectral response {self.name} has fewer than two samples.")
        if not (np.diff(wavelength) > 0.0).all():
            raise InputError(f"The wavelengths of the response {self.name} do not rise.")
        if not (np.isfinite(response).all() and self.weights.sum() > 0.0):
            raise InputError(f"The spectral response {self.name} is nowhere positive.")

    @property
    def weights(self) -> FloatArray:
        """Weights of the samples in an integral over wavelength (trapezoids), not normalized."""
        widths = np.zeros(len(self.wavelength_nm))
        steps = np.diff(self.wavelength_nm)
        widths[:-1] += steps / 2.0
        widths[1:] += steps / 2.0
        weights: FloatArray = widths * self.response
        return weights

    @property
    def effective_nm(self) -> float:
        """The effective wavelength: the mean, weighted by the response."""
        return float(np.average(self.wavelength_nm, weights=self.weights))

    def mean(self, values: AnyArray, irradiance: AnyArray | None = None) -> FloatArray:
        """The band's mean of ``values`` (..., samples), weighted by the response and, where given,
        by the solar ``irradiance`` (samples,).
        """
        weights = self.weights if irradiance is None else self.weights * irradiance
        mean: FloatArray = values @ weights / weights.sum()
        return mean

    def shifted(self, shift_nm: float) -> Response:
        """The same response at wavelengths that are ``shift_nm`` longer."""
        return Response(self.wavelength_nm + shift_nm, self.response, self.name)

    def nodes(self, count: int = 32) -> tuple[FloatArray, FloatArray]:
        """At most ``count`` wavelengths (nm) and weights (their sum is 1) that stand for the
        response: for integrals of what changes slowly, with fewer samples.
        """
        weights = self.weights / self.weights.sum()
        edges = np.linspace(self.wavelength_nm[0], self.wavelength_nm[-1], count + 1)
        place = np.searchsorted(edges, self.wavelength_nm, side="right").clip(1, count) - 1
        whole = np.bincount(place, weights, count)
        used = whole > 0.0
        centers = np.bincount(place, weights * self.wavelength_nm, count)[used] / whole[used]
        return np.asarray(centers), np.asarray(whole[used], dtype=np.float64)

    def covered(self, first_nm: float, last_nm: float) -> float:
        """The share of the response between two wavelengths, from 0 to 1."""
        inside = (self.wavelength_nm >= first_nm) & (self.wavelength_nm <= last_nm)
        return float(self.weights[inside].sum() / self.weights.sum())


@dataclass(frozen=True)
class Spectrum:
    """The reflectance of a site by wavelength (nm, rising), of which the shape is used."""

    wavelength_nm: FloatArray
    reflectance: FloatArray
    name: str = "spectrum"

    def near(self, wavelength_nm: AnyArray) -> FloatArray:
        """The reflectance at other wavelengths; outside, that of the nearest end."""
        return np.interp(wavelength_nm, self.wavelength_nm, self.reflectance)

    def covers(self, response: Response) -> bool:
        """Whether 99 % of a response lie within the spectrum."""
        return response.covered(self.wavelength_nm[0], self.wavelength_nm[-1]) >= 0.99


def through_points(
    wavelength_nm: FloatArray, reflectance: FloatArray, response: Response, monotone: bool = False
) -> FloatArray:
    """Band means of cubic splines through surface reflectances.

    ``reflectance`` (n, b) at the effective wavelengths (b,), rising; the means are (n,). The spline
    ends with its third derivative ("not a knot"), or with ``monotone`` is one that has no extremes
    between the points (PCHIP). NaN where more than 1 % of the response lies farther than
    ``REACH_NM`` from the points: nothing is known there.
    """
    if not monotone:
        # A spline is linear in its points: one product serves all observations.
        return np.asarray(reflectance @ spline_weights(wavelength_nm, response))
    from scipy.interpolate import PchipInterpolator

    at = _within_reach(wavelength_nm, response)
    if at is None:
        return np.full(len(reflectance), np.nan)
    return response.mean(PchipInterpolator(wavelength_nm, reflectance, axis=1)(at))


def spline_weights(wavelength_nm: FloatArray, response: Response) -> FloatArray:
    """What each point (b,) of a cubic spline adds to a band's mean; NaN as ``through_points``."""
    from scipy.interpolate import CubicSpline

    at = _within_reach(wavelength_nm, response)
    if at is None:
        return np.full(len(wavelength_nm), np.nan)
    return response.mean(CubicSpline(wavelength_nm, np.eye(len(wavelength_nm)), axis=1)(at))


def _within_reach(wavelength_nm: FloatArray, response: Response) -> FloatArray | None:
    """The samples of a response, those far outside the points moved nearer; None where there are
    too many of these or too few points.
    """
    reach = wavelength_nm[0] - REACH_NM, wavelength_nm[-1] + REACH_NM
    if len(wavelength_nm) < 4 or response.covered(*reach) < 0.99:
        return None
    return np.asarray(np.clip(response.wavelength_nm, *reach))


def curve_through_points(
    wavelength_nm: FloatArray, reflectance: FloatArray, at: FloatArray, monotone: bool = False
) -> FloatArray:
    """The spline of ``through_points`` itself (n, m), at wavelengths ``at`` (nm); beyond
    ``REACH_NM`` from the points it stays as it is there. Needs four points.
    """
    from scipy.interpolate import CubicSpline, PchipInterpolator

    at = np.clip(at, wavelength_nm[0] - REACH_NM, wavelength_nm[-1] + REACH_NM)
    if monotone:
        return np.asarray(PchipInterpolator(wavelength_nm, reflectance, axis=1)(at))
    unit = CubicSpline(wavelength_nm, np.eye(len(wavelength_nm)), axis=1)(at)
    return np.asarray(reflectance @ unit)


def through_spectrum(
    wavelength_nm: FloatArray,
    reflectance: FloatArray,
    responses: tuple[Response, ...],
    response: Response,
    spectrum: Spectrum,
    smooth: bool = False,
) -> FloatArray:
    """Band means of a site's spectrum, stretched to pass through surface reflectances.

    The ratio of what is measured to the band mean of the ``spectrum`` in each reference band (with
    its own response) changes slowly with the wavelength: it is interpolated linearly (``smooth``:
    by a monotone cubic) and kept constant beyond the outermost bands; the spectrum keeps its
    details between them. Shapes as in ``through_points``; reference bands that the spectrum does
    not cover are not used. NaN where it does not cover the target's response (99 % of it) or fewer
    than two reference bands.
    """
    if not spectrum.covers(response):
        return np.full(len(reflectance), np.nan)
    return response.mean(
        curve_through_spectrum(
            wavelength_nm, reflectance, responses, response.wavelength_nm, spectrum, smooth
        )
    )


def curve_through_spectrum(
    wavelength_nm: FloatArray,
    reflectance: FloatArray,
    responses: tuple[Response, ...],
    at: FloatArray,
    spectrum: Spectrum,
    smooth: bool = False,
) -> FloatArray:
    """The stretched spectrum of ``through_spectrum`` itself (n, m), at wavelengths ``at`` (nm);
    NaN where fewer than two reference bands are covered.
    """
    known = np.array([spectrum.covers(one) for one in responses])
    if known.sum() < 2:
        return np.full((len(reflectance), len(at)), np.nan)
    own = np.array([
        one.mean(spectrum.near(one.wavelength_nm))
        for one, covered in zip(responses, known, strict=True) if covered
    ])  # fmt: skip
    ratio, points = reflectance[:, known] / own, wavelength_nm[known]
    if not smooth:
        return np.asarray(ratio @ _linear(points, at) * spectrum.near(at))
    from scipy.interpolate import PchipInterpolator

    stretch = PchipInterpolator(points, ratio, axis=1)(np.clip(at, points[0], points[-1]))
    return np.asarray(stretch * spectrum.near(at))


def _linear(points: FloatArray, at: FloatArray) -> FloatArray:
    """Weights (b, m) of linear interpolation between points (b,), constant outside."""
    unit = np.eye(len(points))
    return np.stack([np.interp(at, points, row) for row in unit])
