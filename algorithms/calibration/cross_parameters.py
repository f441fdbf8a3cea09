# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters that the algorithms of cross-calibration over sites share."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...core.calibration.cross_summaries import Period
from ...core.calibration.database_run import CrossRequest
from ...core.calibration.desert import Settings
from ...core.calibration.matching import Limits, Metric, Pairing
from ...core.calibration.meteo import Fill, Meteo, Model
from ...core.calibration.screening import Screening
from ...core.calibration.site_kinds import SiteKind
from ...core.calibration.transfer import SpectralMethod
from ...core.names import split_names
from ..base import CalValAlgorithm, Job, make, tr
from .cross_budget import DRAWS, PERIOD, SEED
from .cross_spectral import methods_of

TARGET_SENSOR, REFERENCE_SENSOR = "TARGET_SENSOR", "REFERENCE_SENSOR"
TARGET_VERSION, REFERENCE_VERSION = "TARGET_VERSION", "REFERENCE_VERSION"
SITES, BANDS, ATMOSPHERE = "SITES", "BANDS", "ATMOSPHERE"
REFERENCE_BANDS = "REFERENCE_BANDS"
FIRST_DAY, LAST_DAY = "FIRST_DAY", "LAST_DAY"
DISTANCE, DAYS, METRIC = "MAX_DISTANCE_DEG", "TIME_WINDOW_DAYS", "METRIC"
RECIPROCITY, PAIRING, MAX_ZENITH = "RECIPROCITY", "PAIRING", "MAX_ZENITH_DEG"
SUN, MODEL, ALTITUDE = "MAX_SUN_DIFFERENCE_DEG", "ATMOSPHERE_MODEL", "ALTITUDE_M"
MAX_SPREAD, MAX_CLOUD, MIN_VALID = "MAX_SPREAD", "MAX_CLOUD", "MIN_VALID"
AOT, OZONE, WATER, FILL = "AOT", "OZONE_DU", "WATER_VAPOR", "METEO_FILL"
MEASURED_PRESSURE, CLIP = "MEASURED_PRESSURE", "CLIP_SIGMAS"


@dataclass(frozen=True)
class Defaults:
    """What differs between kinds of sites."""

    distance_deg: float = 10.0
    sun_deg: float = 90.0
    reciprocity: bool = True  # False: never offered
    max_zenith_deg: float = 75.0
    max_spread: float = 0.06
    aot: float = 0.2
    water: float = 1.5
    altitude_m: float = 0.0
    fill: Fill = Fill.DEFAULT
    model: Model = Model.SMAC
    kind: SiteKind = SiteKind.ANY  # of the sites that are taken where none is named


def max_zenith(text: str, default: float, most: float) -> make.Definition:
    """The largest zenith angle (degrees) that is used."""
    return make.number(
        MAX_ZENITH, tr("Largest zenith angle (degrees)"), text, default, minimum=1.0, maximum=most,
        advanced=True,
    )  # fmt: skip


def max_spread(text: str, default: float, most: float) -> make.Definition:
    """The largest spread over a site that is used."""
    return make.number(
        MAX_SPREAD, tr("Largest spread over the site"), text, default, minimum=0.0, maximum=most,
        advanced=True,
    )  # fmt: skip


def ozone_column(text: str, default: float) -> make.Definition:
    """The ozone that is assumed (DU)."""
    return make.number(
        OZONE, tr("Ozone column (DU)"), text, default, minimum=0.0, maximum=800.0, advanced=True
    )


def keep_run(key: str, text: str) -> make.Definition:
    """Whether the run is kept in the database."""
    return make.switch(key, tr("Keep the run in the database"), text, True, advanced=True)


def target_sensor(label: str = "") -> make.Definition:
    """The sensor that is calibrated, or compared first."""
    return make.string(
        TARGET_SENSOR, label or tr("Sensor to calibrate"),
        tr("Its name in the database, such as S2B/MSI."),
    )  # fmt: skip


def add_sensors(
    algorithm: CalValAlgorithm, first: str = "", second: str = "", about: str = ""
) -> None:
    """Which sensors, sites and dates; ``first``, ``second``, ``about``: other names and help."""
    algorithm.add(
        target_sensor(first),
        make.string(
            REFERENCE_SENSOR, second or tr("Reference sensor"),
            about or tr(
                "Its name in the database. Its spectrum needs four or more bands outside gas "
                "absorption."
            ),
        ),
        make.string(
            BANDS, tr("Bands to calibrate"),
            tr(
                "Bands of the sensor to calibrate, separated by commas; empty: all with values and "
                "coefficients. Leave out those that saturate over the site."
            ),
            optional=True, advanced=True, several=True,
        ),
        make.string(
            REFERENCE_BANDS, tr("Bands of the reference"),
            tr(
                "Bands of the reference sensor that its spectrum passes through, separated by "
                "commas; empty: all outside gas absorption. Leave out those that saturate over the "
                "site: they falsify the spectrum."
            ),
            optional=True, advanced=True, several=True,
        ),
        make.string(
            REFERENCE_VERSION, tr("Version of the reference"),
            version_help(), optional=True, advanced=True, several=True,
        ),
    )  # fmt: skip
    add_choice(algorithm)


def version_help() -> str:
    """What is said about the version of a sensor."""
    return tr(
        "Version of its processing, several separated by commas; needed where the database holds "
        "several of the chosen sites and days."
    )


def add_choice(algorithm: CalValAlgorithm) -> None:
    """Which sites, version and dates of a sensor, and the folder of tables."""
    algorithm.add(
        make.string(
            SITES, tr("Sites"),
            tr("Names of sites, separated by commas; empty: all whose type fits the method."),
            optional=True, several=True,
        ),
        make.string(
            TARGET_VERSION, tr("Version of the sensor to calibrate"),
            version_help(), optional=True, advanced=True, several=True,
        ),
        make.string(
            FIRST_DAY, tr("First day"), tr("As 2020-01-31 (UTC); empty: no limit."),
            optional=True, advanced=True,
        ),
        make.string(
            LAST_DAY, tr("Last day"), tr("As 2020-06-30 (UTC), included; empty: no limit."),
            optional=True, advanced=True,
        ),
        make.path(
            ATMOSPHERE, tr("Folder of SMAC and response tables"),
            tr(
                "Searched with all below it for the files that sensor_tables.csv names; empty: the "
                "shipped tables (Sentinel-2, continental aerosol). Two sensors need tables of the "
                "same aerosol model."
            ),
            folder=True, optional=True,
        ),
    )  # fmt: skip


def add_matching(algorithm: CalValAlgorithm, defaults: Defaults) -> None:
    """How alike two observations must be."""
    algorithm.add(
        make.number(
            DISTANCE, tr("Largest difference of geometry (degrees)"),
            tr("By the chosen metric; smaller is more alike and gives fewer pairs."),
            defaults.distance_deg, minimum=0.01, maximum=60.0,
        ),
        make.number(
            DAYS, tr("Time window (days)"),
            tr("Largest time between the two observations of a pair; more than 0."),
            3.0, minimum=0.001, maximum=10_000.0,
        ),
        make.choice(
            METRIC, tr("Metric"),
            tr(
                "amc: sqrt(dSZA² + dVZA² + dRAA²/4), with the relative azimuth folded to 0-180. "
                "directions: angle between the sun directions plus that between the views."
            ),
            tuple(one.value for one in Metric), Metric.AMC.value, advanced=True,
        ),
        make.number(
            SUN, tr("Largest difference of the sun zenith (degrees)"),
            tr("Besides the metric: snow changes strongly with the height of the sun."),
            defaults.sun_deg, minimum=0.01, maximum=90.0, advanced=defaults.reciprocity,
        ),
        make.choice(
            PAIRING, tr("Pairing"),
            tr(
                "one_to_one: closest pairs first, no observation twice. best_per_reference, "
                "best_per_target: the closest partner of each. all: every pair within the limits."
            ),
            tuple(one.value for one in Pairing), Pairing.ONE_TO_ONE.value, advanced=True,
        ),
        max_zenith(
            tr("Of sun and view in either observation; SMAC is fitted up to about 65."),
            defaults.max_zenith_deg, 89.0,
        ),
    )  # fmt: skip
    if defaults.reciprocity:
        algorithm.add(
            make.switch(
                RECIPROCITY, tr("Reciprocal geometries"),
                tr("Let sun and view be exchanged: true of sand, not of snow."), True,
                advanced=True,
            )
        )  # fmt: skip


def add_screening(algorithm: CalValAlgorithm, defaults: Defaults) -> None:
    """Which observations are used at all."""
    algorithm.add(
        max_spread(
            tr("Standard deviation by mean; uneven scenes hold clouds or shadows."),
            defaults.max_spread, 10.0,
        ),
        make.number(
            MAX_CLOUD, tr("Largest cloud fraction"), tr("Where it is known; from 0 to 1."),
            0.0, minimum=0.0, maximum=1.0, advanced=True,
        ),
        make.number(
            MIN_VALID, tr("Least valid fraction"),
            tr("Share of the site with values, where it is known; from 0 to 1."),
            0.95, minimum=0.0, maximum=1.0, advanced=True,
        ),
        make.number(
            CLIP, tr("Outliers (standard deviations)"),
            tr(
                "Coefficients farther from a line in time, with a level for each site, are "
                "rejected, again until none is; around a constant below half a year."
            ),
            3.0, minimum=1.0, maximum=100.0, advanced=True,
        ),
    )  # fmt: skip


def add_atmosphere(algorithm: CalValAlgorithm, defaults: Defaults) -> None:
    """What is assumed of the air where nothing is measured."""
    algorithm.add(
        make.number(
            AOT, tr("AOT at 550 nm"), tr("Where an observation does not state it; from 0 to 5."),
            defaults.aot, minimum=0.0, maximum=5.0, advanced=True,
        ),
        ozone_column(tr("Where an observation does not state it."), 300.0),
        make.number(
            WATER, tr("Water vapor (g/cm²)"), tr("Where an observation does not state it."),
            defaults.water, minimum=0.0, maximum=10.0, advanced=True,
        ),
        make.choice(
            FILL, tr("Unknown ozone, water vapor and AOT"),
            tr(
                "default: the values above. partner: those of the other observation of the pair, "
                "where it states them."
            ),
            tuple(one.value for one in Fill), defaults.fill.value, advanced=True,
        ),
        make.number(
            ALTITUDE, tr("Altitude (m)"),
            tr("Of sites whose altitude the database does not state: gives the pressure."),
            defaults.altitude_m, minimum=-500.0, maximum=9000.0, advanced=True,
        ),
        make.choice(
            MODEL, tr("Atmosphere"),
            tr(
                "smac: the coefficients, with aerosol, for zenith angles up to about 65 degrees. "
                "molecular: molecules and gases only, for low sun over high, clean sites."
            ),
            tuple(one.value for one in Model), defaults.model.value, advanced=True,
        ),
        make.switch(
            MEASURED_PRESSURE, tr("Pressure as stated"),
            tr(
                "Take the pressure that observations state as that at the ground; else that of the "
                "standard atmosphere at the altitude of the site. Many files state the pressure at "
                "sea level: do not use it for high sites."
            ),
            False, advanced=True,
        ),
    )  # fmt: skip


def settings_of(job: Job, defaults: Defaults, spectral: bool = True) -> Settings:
    """The settings that the user has chosen; ``spectral``: among them the spectral methods."""
    limits = Limits(
        job[DISTANCE], job[DAYS], Metric(job[METRIC]),
        job[RECIPROCITY] if defaults.reciprocity else False, job[MAX_ZENITH],
        Pairing(job[PAIRING]), job[SUN],
    )  # fmt: skip
    screening = Screening(
        job[MAX_SPREAD], job[MAX_CLOUD], job[MIN_VALID], max_zenith_deg=job[MAX_ZENITH]
    )
    meteo = Meteo(
        job[AOT], job[OZONE], job[WATER], Fill(job[FILL]),
        measured_pressure=job[MEASURED_PRESSURE], model=Model(job[MODEL]),
    )  # fmt: skip
    methods = methods_of(job) if spectral else (SpectralMethod.SPLINE,)
    return Settings(
        limits, screening, meteo, methods, split_names(job[BANDS]), job[CLIP],
        reference_bands=split_names(job[REFERENCE_BANDS]),
    )  # fmt: skip


def request_of(
    job: Job, summed: bool = True, drawn: bool = True, kind: SiteKind = SiteKind.ANY
) -> CrossRequest:
    """What to calibrate against what; ``summed``: by periods; ``drawn``: with a budget; ``kind``:
    of the sites that are taken where none is named.
    """
    request = CrossRequest(
        job[TARGET_SENSOR], job[REFERENCE_SENSOR], split_names(job[SITES]), job[TARGET_VERSION],
        job[REFERENCE_VERSION], job[FIRST_DAY], job[LAST_DAY], job[ATMOSPHERE],
        altitude_m=job[ALTITUDE], bands=split_names(job[BANDS]), kind=kind,
    )  # fmt: skip
    if drawn:
        request = replace(request, draws=job[DRAWS], seed=job[SEED])
    return replace(request, period=Period(job[PERIOD])) if summed else request
