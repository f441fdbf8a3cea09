# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated reflectance series of four sites: a desert, crops, a city and a savanna.

Each site has a mean spectrum, a season and noise of three kinds that change bands together
(aerosol, brightness, vegetation) and of one that does not; clouds come in runs (a Markov chain).
Means, seasons and noise are orders of magnitude of such surfaces, not measurements.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..series.types import CLEAR, TimeSeries
from ..types import BoolArray, Flag, FloatArray, TimeArray
from .harmonics import YEAR_DAYS
from .physics import cloud_over

BANDS = ("B02", "B03", "B04", "B8A", "B11", "B12")
WAVELENGTHS_NM = (490.0, 560.0, 665.0, 865.0, 1610.0, 2200.0)
START = np.datetime64("2019-01-02T10:30", "ms")
REVISIT_DAYS, YEARS = 5, 4
_STAY_CLOUDY = 2.0 / 3.0  # three dates on average
_LOADINGS = np.array(
    [
        [1.0, 0.85, 0.7, 0.5, 0.2, 0.1],  # aerosol that the correction left
        [0.7, 0.8, 0.9, 1.0, 1.0, 0.95],  # brightness: view and sun directions
        [-0.3, -0.1, -0.6, 1.0, -0.3, -0.6],  # state of the vegetation
    ]
)


@dataclass(frozen=True)
class SimulatedSite:
    """A kind of ground: per band the ``mean``, the half ``season`` (both reflectance) and ``noise``
    (standard deviation, reflectance); ``peak`` is the day of year of the season's top, ``second``
    the share of a half-yearly wave; ``shares`` weigh aerosol, brightness, vegetation and
    independent noise. ``phi`` (0 to below 1) is the correlation of the noise of dates that follow
    each other, 5 days apart (autoregressive, first order).
    """

    name: str
    longitude: float
    latitude: float
    mean: tuple[float, ...]
    season: tuple[float, ...]
    noise: tuple[float, ...]
    peak: float
    second: float
    shares: tuple[float, float, float, float]
    phi: float = 0.0


SITES = {
    site.name: site
    for site in (
        SimulatedSite(
            "Morocco", -5.6, 30.9,
            (0.14, 0.22, 0.33, 0.42, 0.52, 0.47), (0.004, 0.006, 0.009, 0.012, 0.015, 0.012),
            (0.006, 0.006, 0.007, 0.008, 0.010, 0.010), 190.0, 0.1, (0.30, 0.35, 0.0, 0.35),
        ),
        SimulatedSite(
            "Toulouse", 1.37, 43.5,
            (0.06, 0.09, 0.09, 0.30, 0.24, 0.15), (0.012, 0.010, 0.030, -0.10, 0.035, 0.040),
            (0.010, 0.011, 0.014, 0.025, 0.022, 0.020), 260.0, 0.35, (0.15, 0.25, 0.35, 0.25),
        ),
        SimulatedSite(
            "Beijing", 116.4, 39.9,
            (0.10, 0.12, 0.13, 0.20, 0.20, 0.17), (0.006, 0.006, 0.010, -0.030, 0.010, 0.012),
            (0.010, 0.010, 0.011, 0.014, 0.015, 0.014), 20.0, 0.2, (0.35, 0.25, 0.15, 0.25),
        ),
        SimulatedSite(
            "Australia", 131.0, -14.2,
            (0.05, 0.08, 0.11, 0.24, 0.28, 0.19), (0.006, 0.008, 0.020, -0.035, 0.040, 0.045),
            (0.008, 0.009, 0.010, 0.015, 0.016, 0.015), 270.0, 0.15, (0.20, 0.30, 0.25, 0.25),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class SimulatedStack:
    """Pixels of one site: ``times`` (n,), ``values`` (n, k, pixels), ``clear`` (n, pixels) as a
    mask says, and ``contaminated`` (n, pixels): dates the mask calls clear, which hold a cloud.
    """

    site: SimulatedSite
    times: TimeArray
    values: FloatArray
    clear: BoolArray
    contaminated: BoolArray


def noise_correlation(site: SimulatedSite) -> FloatArray:
    """Correlation (k, k) of the bands' noise of a site."""
    shares = np.array(site.shares)
    scaled = _LOADINGS / np.linalg.norm(_LOADINGS, axis=1, keepdims=True) * np.sqrt(len(BANDS))
    matrix = (scaled.T * shares[:3]) @ scaled + shares[3] * np.eye(len(BANDS))
    power = np.sqrt(np.diag(matrix))
    return np.asarray(matrix / np.outer(power, power))


def season(site: SimulatedSite, times: TimeArray) -> FloatArray:
    """Reflectance (n, k) without noise."""
    year = times.astype("datetime64[Y]").astype(times.dtype)
    phase = ((times - year) / np.timedelta64(1, "D") - site.peak) / YEAR_DAYS * 2.0 * np.pi
    wave = np.cos(phase) + site.second * np.cos(2.0 * phase + 0.7)
    return np.asarray(np.array(site.mean) + wave[:, None] * np.array(site.season))


def cloudy_runs(rng: np.random.Generator, dates: int, pixels: int, share: float) -> BoolArray:
    """Clouds (dates, pixels) in runs of three dates on average, ``share`` (0 to 0.75) in all."""
    become = share * (1.0 - _STAY_CLOUDY) / (1.0 - share)
    draws = rng.random((dates, pixels))
    state = np.empty((dates, pixels), bool)
    state[0] = draws[0] < share
    for i in range(1, dates):
        state[i] = draws[i] < np.where(state[i - 1], _STAY_CLOUDY, become)
    return state


def persistent(noise: FloatArray, phi: float) -> FloatArray:
    """``noise`` (dates, ...), independent in time, made autoregressive: each date holds ``phi``
    times the one before, with the same variance throughout. ``phi`` 0 to below 1.
    """
    result = noise.copy()
    for i in range(1, len(noise) if phi else 0):
        result[i] = phi * result[i - 1] + np.sqrt(1.0 - phi**2) * noise[i]
    return result


def simulate_stack(
    site: SimulatedSite,
    pixels: int,
    seed: int,
    gaps: float = 0.3,
    contamination: float = 0.0,
    years: float = YEARS,
) -> SimulatedStack:
    """Simulate ``pixels`` independent series, one date each 5 days.

    ``gaps`` is the share of masked dates, which hold clouds; ``contamination`` the share of the
    other dates with a cloud that the mask misses (optical thickness 0.3 to 8). The same ``seed``
    gives the same values.
    """
    rng = np.random.default_rng(seed)
    dates = int(round(years * YEAR_DAYS / REVISIT_DAYS))
    times = START + np.arange(dates) * REVISIT_DAYS * np.timedelta64(1, "D")
    factor = np.linalg.cholesky(noise_correlation(site)) * 1.0
    noise = persistent(factor @ rng.normal(size=(dates, len(BANDS), pixels)), site.phi)
    values = season(site, times)[..., None] + np.array(site.noise)[:, None] * noise
    cloudy = cloudy_runs(rng, dates, pixels, gaps)
    missed = ~cloudy & (rng.random((dates, pixels)) < contamination)
    thickness = np.exp(rng.uniform(np.log(0.3), np.log(8.0), (dates, pixels)))
    thickness = np.where(cloudy, 4.0 * thickness, thickness)
    date, pixel = np.nonzero(cloudy | missed)
    values[date, :, pixel] = cloud_over(
        values[date, :, pixel], np.array(WAVELENGTHS_NM), thickness[date, pixel]
    )
    return SimulatedStack(site, times, values, ~cloudy, missed)


def simulate_series(
    site: SimulatedSite,
    seed: int,
    gaps: float = 0.3,
    contamination: float = 0.0,
    years: float = YEARS,
) -> tuple[TimeSeries, BoolArray]:
    """One pixel as a ``TimeSeries`` with the satellites S2A and S2B in turns, and which dates (n,)
    hold a cloud that the mask misses. See ``simulate_stack``.
    """
    stack = simulate_stack(site, 1, seed, gaps, contamination, years)
    count = len(stack.times)
    state = np.where(stack.clear[:, 0], CLEAR, Flag.CLOUD.value)
    sensor = np.where(np.arange(count) % 2, "S2B", "S2A")
    days = np.datetime_as_string(stack.times, unit="D")
    series = TimeSeries(
        site.name,
        stack.times,
        BANDS,
        np.array(WAVELENGTHS_NM),
        stack.values[..., 0],
        state,
        sensor,
        np.full(count, "51"),
        np.char.add(f"{site.name}_", days),
        site.longitude,
        site.latitude,
    )
    return series, stack.contaminated[:, 0]
