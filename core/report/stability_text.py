# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on stable sites in words."""

from __future__ import annotations

import numpy as np

from ..calibration.stability.run import StabilityReport, StabilityTask
from ..calibration.stability.settings import BandRule, Removal
from .document import Headline
from .numbers import format_count, format_number
from .stability_tables import share_passed

LIMITS = (
    "One direction of sun and view is taken for the whole image on each date. Across wide swaths "
    "the view zenith changes within the image: what is left of that is in the temporal CV.",
    "Standard errors hold for residuals that are independent from date to date. Weather that lasts "
    "longer than the interval of the dates makes them, and that of the trend, too small.",
    "Reflectance at the top of the atmosphere varies with aerosol, water vapor and ozone too: a "
    "series corrected for the atmosphere tells more of the ground, less of what a sensor sees.",
    "Clouds that the mask misses are left out where they are few. A mask that misses most of them, "
    "or takes bright sand for cloud, spoils clear frequency and CVs.",
    "The pixels of a site share their dates and their weather: standard errors of their means are "
    "those of one pixel. The series of the whole site, in the table by band, has its own.",
    "A candidate is a place to look at, not yet a calibration site: see its altitude, its rain and "
    "its dunes, and follow it with more sensors.",
)
SOURCES = (
    "Cosnefroy, Leroy and Briottet 1996, selection of desert sites: DOI "
    "10.1016/0034-4257(95)00211-1",
    "Helder, Basnet and Morstad 2010, optimized search for invariant sites: DOI 10.5589/m10-085",
    "Bacour et al. 2019, sites at scales of 20 and 100 km: DOI 10.3390/rs11101166",
    "Tuli et al. 2019, temporal stability of sites: DOI 10.3390/rs11121502",
    "Roujean, Leroy and Deschamps 1992, kernels: DOI 10.1029/92JD01411",
    "Lucht, Schaaf and Strahler 2000, Ross-Li kernels: DOI 10.1109/36.841980",
    "Holland and Welsch 1977, robust regression: DOI 10.1080/03610927708827533",
)
_REMOVALS = {
    Removal.ROSS_LI: "Ross-Thick and Li-Sparse reciprocal kernels of the directions",
    Removal.ROUJEAN: "Roujean's kernels of the directions",
    Removal.SEASON: "one harmonic of the year",
    Removal.NONE: "nothing",
}


def subtitle(task: StabilityTask) -> str:
    """What was looked at."""
    times, grid = task.stack.times, task.stack.grid
    first, last = (np.datetime_as_string(t, unit="D") for t in (times.min(), times.max()))
    size = f"{grid.width} x {grid.height} pixels of {_pixel(task)}"
    return f"{len(task.stack)} dates, {first} to {last}, {size}, bands {_bands(task)}"


def headline(task: StabilityTask, found: StabilityReport) -> list[Headline]:
    """The answer in three lines."""
    table = found.table
    sizes = f"squares of {_km(task.scale.size_m)}"
    lines = [
        Headline(
            "Candidate sites", format_count(len(table)), sizes,
            f"{format_number(float(table.floats('area_km2').sum()), 0)} km\u00b2 in all."
            if len(table) else "No place of that size passes all criteria.",
            "good" if len(table) else "caution",
        )
    ]  # fmt: skip
    if len(table):
        lines.append(Headline(
            "Best candidate", f"score {format_number(float(table['score'][0]), 2)}",
            str(table["site"][0]),
            f"temporal CV {format_number(float(table['temporal_cv_percent'][0]), 1)} %, spatial CV "
            f"{format_number(float(table['spatial_cv_percent'][0]), 1)} %, "
            f"{format_number(float(table['clear_dates'][0]), 0)} clear dates; 1 is the limit.",
        ))  # fmt: skip
    removal, asked = task.settings.removal, task.asked
    lines.append(Headline(
        "Pixels that pass", share_passed(found), f"n = {format_count(found.tested)} measured",
        f"Taken off the series: {_REMOVALS[removal]}."
        + (" Angles are missing: the view direction was NOT removed." if removal is not asked
           else ""),
        "caution" if removal is not asked else "",
    ))  # fmt: skip
    return lines


def candidates(task: StabilityTask, found: StabilityReport) -> list[str]:
    """What a candidate is."""
    tolerance = f"{task.settings.tolerance_percent:g}\u00a0%"
    text = (
        f"A candidate is a connected place that holds a square of {_km(task.scale.size_m)} of "
        f"which at most {tolerance} of the pixels fail. Candidates are ordered by the mean score "
        "of their pixels. The layer of candidates can be given to 'Extract calibration sites' as "
        "it is (column site)."
    )
    if len(found.table):
        return [text]
    return [
        text,
        "There is none. The maps and the table below say which criterion refuses most: a smaller "
        "SIZE_M or a wider limit finds places that are nearly as good.",
    ]


def maps(task: StabilityTask) -> list[str]:
    """Which bands the maps are of."""
    rule = "the worst band" if task.settings.rule is BandRule.WORST else "the mean of the bands"
    return [
        f"Of each pixel {rule} is shown; the raw CV is that of the band that varies most. Spatial "
        f"CV in a moving window of {_window(task)}."
    ]


def failures(found: StabilityReport) -> list[str]:
    """What the table is of."""
    untested = found.pixels - found.tested
    text = f"{format_count(untested)} of {format_count(found.pixels)} pixels were not measured: "
    return [text + "too few clear dates, or no window around them."] if untested else []


def model(task: StabilityTask) -> list[str]:
    """What the model is."""
    trend = " and a linear trend" if task.settings.trend else ""
    return [f"The model of each pixel and band: a mean, {_REMOVALS[task.settings.removal]}{trend}."]


def method(task: StabilityTask) -> list[str]:
    """The definitions, in short."""
    rest = [
        "Temporal CV: standard deviation of what the model leaves of the clear dates, by the mean "
        "reflectance; fitted robustly, residuals beyond three standard deviations do not count.",
        "Spatial CV: standard deviation of the mean reflectance (under the same directions for all "
        "pixels) in the moving window, by its mean.",
        "Spectral CV: what is left of the relative residuals once the mean over the bands is taken "
        "off each date; the root mean square of the CVs of all band ratios by the root of 2.",
        "Clear frequency: dates on which all bands are seen, by all dates.",
        "Score: each criterion by its limit (clear frequency: the limit by it); the largest "
        "counts. At 1 and below a pixel passes.",
    ]
    return rest if len(task.stack.bands) > 1 else [rest[0], rest[1], *rest[3:]]


def _km(meters: float) -> str:
    return f"{meters / 1000.0:.3g}\u00a0km" if meters >= 1000.0 else f"{meters:.3g}\u00a0m"


def _window(task: StabilityTask) -> str:
    """The window as it was counted, in whole pixels."""
    rows, columns = task.scale.window
    east, north = task.scale.pixel_m
    return f"{_km(columns * east)} x {_km(rows * north)} ({columns} x {rows} pixels)"


def _pixel(task: StabilityTask) -> str:
    return f"{sum(task.scale.pixel_m) / 2.0:.3g}\u00a0m"


def _bands(task: StabilityTask) -> str:
    return ", ".join(task.stack.bands)
