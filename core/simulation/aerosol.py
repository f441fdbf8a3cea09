# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated aerosol over a site and the photometer that sees it: the truth of demonstrations.

All numbers made here are simulated; they resemble the climates they are named after and measure
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import FloatArray, TimeArray

# Exact wavelengths differ from the nominal ones in every photometer; these are typical of CIMEL.
NOMINAL_NM = (1640, 1020, 870, 675, 500, 440, 380, 340)
EXACT_UM = (1.6399, 1.0198, 0.8701, 0.6749, 0.5004, 0.4409, 0.3801, 0.3399)

SYNOPTIC_HOURS = 60.0
LOCAL_HOURS = 3.0
LOCAL_SHARE = 0.06  # share of the variance of ln(AOT) that changes within hours


@dataclass(frozen=True)
class AerosolClimate:
    """The aerosol of a site: AOT at 550 nm is log-normal around a seasonal median.

    ``median_aot``: yearly median. ``log_sd``: standard deviation of ln(AOT) around the season.
    ``season_amplitude`` of ln(AOT), largest in ``season_peak_month`` (1 to 12). ``angstrom`` with
    ``angstrom_sd`` between days. ``curvature``: second-order term of ln(AOT) in ln(wavelength).
    ``water_vapor_cm`` with its seasonal amplitude ``water_vapor_amplitude`` of the logarithm,
    largest in ``water_vapor_peak_month``.
    """

    median_aot: float
    log_sd: float
    season_amplitude: float
    season_peak_month: float
    angstrom: float
    angstrom_sd: float = 0.15
    curvature: float = -0.15
    water_vapor_cm: float = 1.5
    water_vapor_amplitude: float = 0.4
    water_vapor_peak_month: float = 7.5


@dataclass(frozen=True)
class AerosolSeries:
    """The true state of the air at ``time`` (n,): AOT at 550 nm, Angstrom exponent, curvature,
    water vapor (cm).
    """

    time: TimeArray
    aot_550: FloatArray
    angstrom: FloatArray
    curvature: float
    water_vapor_cm: FloatArray

    def at(self, wavelength_um: FloatArray) -> FloatArray:
        """AOT (n, k) at ``wavelength_um`` (k,): ln AOT is a parabola in ln(wavelength), exact at
        0.55 um.

        Model: O'Neill et al. (2001) and Schuster et al. (2006, 10.1029/2005JD006328), second order.
        """
        log = np.log(np.asarray(wavelength_um, dtype=np.float64) / 0.55)[np.newaxis, :]
        exponent = -self.angstrom[:, np.newaxis] * log + self.curvature * log**2
        return np.asarray(self.aot_550[:, np.newaxis] * np.exp(exponent), dtype=np.float64)


def simulate_aerosol(
    climate: AerosolClimate, times: TimeArray, rng: np.random.Generator
) -> AerosolSeries:
    """The air at ``times`` (n,), ascending: autocorrelated over days (weather) and over hours
    (local sources).
    """
    hours = (
        (times - times[0]).astype("timedelta64[s]").astype(np.float64) / 3600.0
        if len(times)
        else np.zeros(0)
    )
    weather = _ornstein_uhlenbeck(hours, SYNOPTIC_HOURS, rng)
    local = _ornstein_uhlenbeck(hours, LOCAL_HOURS, rng)
    noise = np.sqrt(1.0 - LOCAL_SHARE) * weather + np.sqrt(LOCAL_SHARE) * local
    seasonal = climate.season_amplitude * _season(times, climate.season_peak_month)
    vapor = climate.water_vapor_amplitude * _season(times, climate.water_vapor_peak_month)
    vapor = vapor + 0.2 * _ornstein_uhlenbeck(hours, SYNOPTIC_HOURS, rng)
    angstrom = climate.angstrom + climate.angstrom_sd * _ornstein_uhlenbeck(
        hours, SYNOPTIC_HOURS, rng
    )
    return AerosolSeries(
        time=times,
        aot_550=climate.median_aot * np.exp(seasonal + climate.log_sd * noise),
        angstrom=angstrom,
        curvature=climate.curvature,
        water_vapor_cm=climate.water_vapor_cm * np.exp(vapor),
    )


def observe(series: AerosolSeries, noise: float, rng: np.random.Generator) -> FloatArray:
    """AOT (n, 8) that a photometer reports at ``EXACT_UM``, with a calibration-like noise common to
    all channels.

    ``noise`` is the standard deviation at air mass 1 (0.01 is the figure usually quoted for field
    instruments).
    """
    common = rng.normal(0.0, noise, (len(series.time), 1))
    return np.asarray(series.at(np.array(EXACT_UM)) + common, dtype=np.float64)


def _season(times: TimeArray, peak_month: float) -> FloatArray:
    day = (
        times.astype("datetime64[D]") - times.astype("datetime64[Y]").astype("datetime64[D]")
    ).astype(np.float64)
    return np.asarray(
        np.cos(2.0 * np.pi * (day / 365.25 - (peak_month - 0.5) / 12.0)), dtype=np.float64
    )


def _ornstein_uhlenbeck(
    hours: FloatArray, scale_hours: float, rng: np.random.Generator
) -> FloatArray:
    """A stationary Gaussian process (n,) of unit variance whose correlation decays over
    ``scale_hours``.
    """
    steps = rng.normal(size=len(hours))
    keep = np.exp(-np.diff(hours) / scale_hours)
    values = np.empty(len(hours))
    state = 0.0
    for index, step in enumerate(steps):
        rho = keep[index - 1] if index else 0.0
        state = rho * state + np.sqrt(1.0 - rho * rho) * step
        values[index] = state
    return values
