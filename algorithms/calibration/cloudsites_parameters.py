# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of the search for deep convective clouds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.calibration.cloudsites.limits import AreaLimits, CloudLimits, SceneLimits
from ..base import CalValAlgorithm, make, tr
from . import cross_parameters as cross

CELL, CLOUD_PERCENT, SUN = "CELL_SIZE_DEG", "MIN_CLOUD_PERCENT", "MAX_SUN_ZENITH_DEG"
SOUTH, NORTH = "MIN_LATITUDE", "MAX_LATITUDE"
BRIGHTNESS, COLOR, SHARE = "PREVIEW_BRIGHTNESS", "PREVIEW_COLOR", "PREVIEW_SHARE"
CIRRUS, REFLECTANCE, MAX_COLOR = "MIN_CIRRUS", "MIN_REFLECTANCE", "MAX_COLOR"
MIN_ICE, MAX_ICE = "MIN_ICE_RATIO", "MAX_ICE_RATIO"
SPREAD, AGGREGATE = "MAX_SPREAD", "AGGREGATE_M"
MIN_SCENES, MIN_FREQUENCY = "MIN_SCENES", "MIN_FREQUENCY"


def cell_size() -> make.Definition:
    """The side of the cells."""
    return make.number(
        CELL,
        tr("Cell size (degrees)"),
        tr(
            "Side of the cells in which clouds are counted and measured, 0.005 to 10. Each "
            "cell with clouds becomes a site of the database."
        ),
        0.25,
        minimum=0.005,
        maximum=10.0,
    )


def add_scenes(algorithm: CalValAlgorithm) -> None:
    """Add which products are looked at."""
    algorithm.add(
        make.number(
            CLOUD_PERCENT, tr("Least cloud percentage"),
            tr("Of the product's own metadata, 0 to 100; products with less are not opened."),
            10.0, minimum=0.0, maximum=100.0, advanced=True,
        ),
        make.number(
            SUN, tr("Largest sun zenith angle (degrees)"),
            tr("In the middle of the product, 1 to 80; lower suns are no observation at all."),
            40.0, minimum=1.0, maximum=80.0, advanced=True,
        ),
        make.string(
            cross.FIRST_DAY, tr("First day"), tr("As 2020-01-31 (UTC); empty: no limit."),
            optional=True, advanced=True,
        ),
        make.string(
            cross.LAST_DAY, tr("Last day"),
            tr("As 2020-06-30 (UTC), included; empty: no limit."), optional=True,
            advanced=True,
        ),
        make.number(
            SOUTH, tr("Southernmost latitude (degrees)"),
            tr("Of the middle of a product, -90 to 90."),
            -35.0, minimum=-90.0, maximum=90.0, advanced=True,
        ),
        make.number(
            NORTH, tr("Northernmost latitude (degrees)"),
            tr("Of the middle of a product, -90 to 90."),
            35.0, minimum=-90.0, maximum=90.0, advanced=True,
        ),
    )  # fmt: skip


def add_preview(algorithm: CalValAlgorithm) -> None:
    """Add what a preview must show, as advanced parameters."""
    algorithm.add(
        make.number(
            BRIGHTNESS, tr("Preview: least brightness"),
            tr(
                "Of the darkest color of a pixel, as a share of full scale (0 to 1). Previews "
                "of Sentinel-2 are white from a reflectance of 0.36 on."
            ),
            0.98, minimum=0.0, maximum=1.0, advanced=True,
        ),
        make.number(
            COLOR, tr("Preview: largest color"),
            tr("Difference of the colors of a pixel, as a share of the brightest (0 to 1)."),
            0.05, minimum=0.0, maximum=1.0, advanced=True,
        ),
        make.number(
            SHARE, tr("Preview: least share"),
            tr(
                "Share of the pixels that must be bright and white (0 to 1); 0 reads the bands "
                "of every product."
            ),
            0.01, minimum=0.0, maximum=1.0, advanced=True,
        ),
    )  # fmt: skip


def add_clouds(algorithm: CalValAlgorithm) -> None:
    """Add what counts as a deep convective cloud, as advanced parameters."""
    algorithm.add(
        make.number(
            CIRRUS, tr("Least reflectance at 1.38 µm"),
            tr("B10 of Sentinel-2 (0 to 1): what lies below water vapor is dark there."),
            0.3, minimum=0.0, maximum=1.5, advanced=True,
        ),
        make.number(
            REFLECTANCE, tr("Least reflectance"),
            tr("In the near infrared, B8A of Sentinel-2 (0 to 1.5)."),
            0.7, minimum=0.0, maximum=1.5, advanced=True,
        ),
        make.number(
            MIN_ICE, tr("Least ratio of ice"),
            tr("1.6 µm by near infrared, B11 by B8A: snow on the ground has less."),
            0.15, minimum=0.0, maximum=2.0, advanced=True,
        ),
        make.number(
            MAX_ICE, tr("Largest ratio of ice"),
            tr("1.6 µm by near infrared, B11 by B8A: clouds of water have more."),
            0.5, minimum=0.0, maximum=2.0, advanced=True,
        ),
        make.number(
            MAX_COLOR, tr("Largest departure from white"),
            tr("Of blue by red, B2 by B4, from 1."),
            0.1, minimum=0.001, maximum=1.0, advanced=True,
        ),
        make.number(
            SPREAD, tr("Largest unevenness"),
            tr(
                "Standard deviation by mean of 3 x 3 pixels of the search, in red and near "
                "infrared."
            ),
            0.03, minimum=0.0001, maximum=1.0, advanced=True,
        ),
        make.number(
            AGGREGATE, tr("Pixels of the search (m)"),
            tr(
                "Bands are averaged over squares of this side, rounded to whole pixels of the "
                "coarsest band: 60 to 20000 m."
            ),
            1000.0, minimum=60.0, maximum=20_000.0, advanced=True,
        ),
    )  # fmt: skip


def add_areas(algorithm: CalValAlgorithm) -> None:
    """Add which cells become areas, as advanced parameters."""
    algorithm.add(
        make.number(
            MIN_SCENES, tr("Least scenes of an area"),
            tr("Cells that were seen less often make no areas; 1 or more."),
            5, minimum=1, maximum=100_000, integer=True, advanced=True,
        ),
        make.number(
            MIN_FREQUENCY, tr("Least frequency of an area"),
            tr("Share of the scenes with clouds (0 to 1) from which on cells make areas."),
            0.05, minimum=0.0, maximum=1.0, advanced=True,
        ),
    )  # fmt: skip


def add_draws(algorithm: CalValAlgorithm) -> None:
    """Add the bootstrap, as advanced parameters."""
    algorithm.add(
        make.number(
            cross.DRAWS, tr("Monte Carlo draws"),
            tr("Of overpasses, for the errors of the statistics; 20 or more."),
            200, minimum=20, maximum=10_000, integer=True, advanced=True,
        ),
        make.number(
            cross.SEED, tr("Seed"), tr("The same seed gives the same draws."),
            0, minimum=0, maximum=2**31 - 1, integer=True, advanced=True,
        ),
    )  # fmt: skip


def limits_of(values: Mapping[str, Any]) -> tuple[SceneLimits, CloudLimits]:
    """What was chosen, out of a run or of the values of the parameters."""
    scenes = SceneLimits(
        values[cross.FIRST_DAY], values[cross.LAST_DAY], values[SOUTH],
        values[NORTH], values[SUN], values[CLOUD_PERCENT],
        values[BRIGHTNESS], values[COLOR], values[SHARE],
    )  # fmt: skip
    clouds = CloudLimits(
        values[CIRRUS], values[REFLECTANCE], values[MIN_ICE],
        values[MAX_ICE], values[MAX_COLOR], values[SPREAD],
        values[AGGREGATE], values[CELL],
    )  # fmt: skip
    return scenes, clouds


def area_limits_of(values: Mapping[str, Any]) -> AreaLimits:
    """Which cells become areas, as was chosen."""
    return AreaLimits(values[MIN_SCENES], values[MIN_FREQUENCY])
