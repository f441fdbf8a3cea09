# SPDX-License-Identifier: GPL-3.0-or-later
"""What is simulated at each of the four sites, and the anomalies planted there, by date."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_DAY, LAST_DAY = "2018-01-03", "2020-12-31"
# Two neighboring orbits three days apart, each seen by both satellites: a cycle of 50 days.
CYCLE = ((0, "SENTINEL2A", 0), (13, "SENTINEL2A", 1), (25, "SENTINEL2B", 0), (38, "SENTINEL2B", 1))
CYCLE_DAYS = 50
STEP_DAY = "2020-02-15"
STEP_GAIN = 0.12
VERSIONS = ("3-0", "3-1")  # of the processor, before and after the step
SENTINEL2B_GAIN = -0.004


@dataclass(frozen=True)
class Planted:
    """One anomaly: ``type`` and ``amplitude`` as in ``Injection``, on the image nearest to ``day``
    (ISO). ``other_day``: the image that a wrong date is exchanged with. ``cover``: only the largest
    parcel of that cover.
    """

    type: str
    day: str
    amplitude: float
    duration: int = 1
    extent: float = 1.0
    bands: tuple[str, ...] = ()
    direction_deg: float = 0.0
    period_px: float = 4.0
    other_day: str = ""
    cover: str = ""
    note: str = ""


@dataclass(frozen=True)
class SiteSettings:
    """One site; its place, tile and air are those of ``simulation.places``.

    ``noise``: standard deviation of the reflectance at 490, 840 and 2200 nm; ``tile_share``: share
    of its variance that is common to the whole image. ``haze_noise``: by how much more (relative)
    per AOT. ``cloudy``, ``lost``: chance per month that an image has clouds, and that it is so
    overcast that no product is made. ``directional``: relative difference between the two orbits.
    ``wetness``: largest darkening of wet soil. ``over_masked``: chance that bright ground is taken
    for cloud. ``swath_edge``: share of the image outside the swath of the second orbit.
    """

    name: str
    noise: tuple[float, float, float]
    tile_share: float
    haze_noise: float
    cloudy: tuple[float, ...]
    lost: tuple[float, ...]
    directional: float
    wetness: float
    orbits: tuple[int, int]
    over_masked: float = 0.0
    swath_edge: float = 0.0
    planted: tuple[Planted, ...] = ()


_STEP = Planted(
    "step", STEP_DAY, STEP_GAIN, 0, note="change of the processor, at all sites on the same date"
)

SITES: tuple[SiteSettings, ...] = (
    SiteSettings(
        "Toulouse", (0.010, 0.022, 0.016), 0.30, 0.3,
        (0.55, 0.50, 0.50, 0.45, 0.45, 0.35, 0.25, 0.25, 0.30, 0.40, 0.55, 0.55),
        (0.12, 0.08, 0.05, 0.05, 0.05, 0.0, 0.0, 0.0, 0.0, 0.05, 0.12, 0.15),
        0.030, 0.05, (51, 8),
        planted=(
            Planted("thin_cloud", "2018-03-20", 0.15, extent=0.6),
            Planted("shadow", "2018-05-10", 0.75, extent=0.15, note="of a cloud outside"),
            Planted("cloud", "2018-07-05", 0.70, extent=0.10, note="opaque, absent from the mask"),
            Planted("aot_over", "2018-08-15", 0.45),
            Planted("wrong_date", "2018-10-20", 1.0, other_day="2019-05-05"),
            Planted("gain", "2019-02-20", 0.25),
            Planted("aot_under", "2019-04-05", 0.45),
            Planted("harvest", "2019-06-05", 0.9, 3, cover="wheat", note="mown green"),
            Planted("offset", "2019-07-20", 0.08),
            _STEP,
            Planted("cloud", "2020-08-01", 0.4, extent=0.05, note="small, absent from the mask"),
        ),
    ),
    SiteSettings(
        "Beijing", (0.009, 0.014, 0.013), 0.35, 0.8,
        (0.15, 0.20, 0.25, 0.30, 0.35, 0.50, 0.60, 0.55, 0.35, 0.25, 0.20, 0.15),
        (0.0, 0.0, 0.0, 0.05, 0.05, 0.20, 0.30, 0.25, 0.05, 0.0, 0.0, 0.0),
        0.030, 0.02, (75, 132),
        planted=(
            Planted("aot_under", "2018-03-10", 0.60, note="haze"),
            Planted("cloud", "2018-04-25", 0.70, extent=0.10, note="opaque, absent from the mask"),
            Planted("aot_over", "2018-10-05", 0.50),
            Planted("thin_cloud", "2018-11-05", 0.16, extent=0.5),
            Planted("snow", "2019-01-20", 0.7, 2, extent=0.7),
            Planted("gain", "2019-03-01", -0.30),
            Planted("shadow", "2019-05-20", 0.75, extent=0.15, note="of a cloud outside"),
            Planted("shift", "2019-09-20", 1.2, direction_deg=60.0),
            Planted("offset", "2019-11-25", -0.08),
            _STEP,
        ),
    ),
    SiteSettings(
        "Ouarzazate", (0.006, 0.009, 0.010), 0.40, 0.0,
        (0.15, 0.15, 0.20, 0.15, 0.10, 0.08, 0.08, 0.10, 0.15, 0.20, 0.20, 0.15),
        (0.02,) * 12,
        0.015, 0.0, (94, 137), over_masked=0.35,
        planted=(
            Planted("cloud", "2018-03-01", 0.65, extent=0.10, note="opaque, absent from the mask"),
            Planted("aot_under", "2018-05-15", 0.50, note="dust"),
            Planted("thin_cloud", "2018-09-30", 0.10, extent=0.5),
            Planted("shadow", "2018-12-20", 0.60, extent=0.12, note="of a cloud outside"),
            Planted(
                "stripes", "2019-03-15", 0.02, bands=("B4",), direction_deg=194.0, period_px=6.0
            ),
            Planted("gain", "2019-06-01", 0.03, note="smaller than the noise"),
            Planted("aot_over", "2019-08-20", 0.50),
            Planted("offset", "2019-10-25", 0.05),
            _STEP,
        ),
    ),
    SiteSettings(
        "Birdsville", (0.007, 0.012, 0.013), 0.40, 0.0,
        (0.45, 0.45, 0.35, 0.15, 0.12, 0.10, 0.10, 0.08, 0.10, 0.15, 0.25, 0.35),
        (0.50, 0.50, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.05, 0.20),
        0.020, 0.10, (45, 2), swath_edge=0.06,
        planted=(
            Planted("thin_cloud", "2018-04-08", 0.12, extent=0.5),
            Planted("cloud", "2018-06-15", 0.65, extent=0.10, note="opaque, absent from the mask"),
            Planted("aot_under", "2018-09-10", 0.30, note="smoke"),
            Planted("shadow", "2018-11-15", 0.60, extent=0.15, note="of a cloud outside"),
            Planted("aot_over", "2019-04-25", 0.40),
            Planted("gain", "2019-06-20", 0.20),
            Planted("offset", "2019-09-02", -0.06),
            Planted("fire", "2019-10-10", 0.9, 0, extent=0.28, note="scar, grows back slowly"),
            _STEP,
        ),
    ),
)  # fmt: skip
