# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of ``compareaot``: inputs, columns of foreign tables, filters, outputs."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterDefinition

from ..base import make, tr

Definitions = list[QgsProcessingParameterDefinition]

SATELLITE, AERONET, QUANTITY = "SATELLITE", "AERONET", "QUANTITY"
TIME_WINDOW_MIN, MIN_OBSERVATIONS, EXPECTED_ERROR = (
    "TIME_WINDOW_MIN",
    "MIN_OBSERVATIONS",
    "EXPECTED_ERROR",
)
SITE_FIELD, TIME_FIELD, AOT_FIELD = "SITE_FIELD", "TIME_FIELD", "AOT_FIELD"
TIME_FORMAT, SITE_NAME = "TIME_FORMAT", "SITE_NAME"
AERONET_SITE_FIELD, AERONET_TIME_FIELD = "AERONET_SITE_FIELD", "AERONET_TIME_FIELD"
AERONET_AOT_FIELD, AERONET_TIME_FORMAT = "AERONET_AOT_FIELD", "AERONET_TIME_FORMAT"
AERONET_SITE_NAME = "AERONET_SITE_NAME"
BOOTSTRAP, SEED = "BOOTSTRAP", "SEED"
ENVELOPES = ("dark_target", "sentinel2", "gcos", "gaw_goal", "gaw_threshold")

# Field of MatchSettings -> parameter
SETTINGS = {
    "quantity": QUANTITY,
    "time_window_min": TIME_WINDOW_MIN,
    "min_observations": MIN_OBSERVATIONS,
    "level": "LEVEL",
    "max_gapfilled": "MAX_GAPFILLED",
    "max_cloud": "MAX_CLOUD",
    "only_stable": "ONLY_STABLE",
    "stability_window_min": "STABILITY_WINDOW_MIN",
    "stable_sd": "STABLE_SD",
    "stable_share": "STABLE_SHARE",
    "stable_max_cloud": "STABLE_MAX_CLOUD",
    "max_altitude_difference_m": "MAX_ALTITUDE_DIFFERENCE_M",
    "altitude_scale_m": "ALTITUDE_SCALE_M",
    "drop_saturated": "DROP_SATURATED",
    "keep_default_aot": "KEEP_DEFAULT_AOT",
    "deduplicate": "DEDUPLICATE",
    "window_m": "WINDOW_M",
}


def inputs() -> Definitions:
    """What most users set."""
    return [
        make.table(SATELLITE, tr("Satellite table"), tr(
            "One row per overpass and site (and window): the output of 'Extract AOT at sites', or "
            "any table with a time and a value; see the advanced parameters for other column "
            "names, other time formats and tables without a site column.")),
        make.table(AERONET, tr("AERONET table"), tr(
            "Photometer observations: the output of 'Import AERONET observations', or any table "
            "with site, time and value.")),
        make.choice(QUANTITY, tr("Quantity"), tr(
            "aot: aerosol optical thickness (no unit). water_vapor: columnar water vapor, cm "
            "(= g/cm2)."), ["aot", "water_vapor"], "aot"),
        make.number(TIME_WINDOW_MIN, tr("Time window (minutes)"), tr(
            "Photometer observations up to this many minutes before and after the overpass are "
            "averaged. A wider window buys match-ups and costs accuracy."), 30.0, 0.0, 1440.0),
        make.number(MIN_OBSERVATIONS, tr("Least number of photometer observations"), tr(
            "Overpasses with fewer observations in the time window are rejected."), 2, 1,
            integer=True),
        make.choice(EXPECTED_ERROR, tr("Expected error"), tr(
            "Envelope of which the share of match-ups is reported: dark_target 0.05 + 0.15 AOT, "
            "sentinel2 0.03 + 0.10 AOT, gcos max(0.03, 10 %), gaw_goal 0.02 + 0.05 AOT, "
            "gaw_threshold 0.03 + 0.20 AOT. Water vapor always uses 0.2 cm + 10 %."),
            list(ENVELOPES), "dark_target"),
    ]  # fmt: skip


def columns() -> Definitions:
    """How foreign tables are read."""
    time_help = tr(
        "How times are written, in the terms of strptime (%Y%j%H%M, %d/%m/%Y %H:%M ...). Empty for "
        "ISO 8601. Times are UTC.")  # fmt: skip
    name_help = tr(
        "The site of all rows, for a table without a site column; where given, a site column is "
        "not looked at.")  # fmt: skip
    return [
        make.field(SITE_FIELD, tr("Site column"), tr("Satellite column with the name of the site."),
                   SATELLITE, "site", optional=True, advanced=True),
        make.field(TIME_FIELD, tr("Time column"), tr("Satellite column with the time, UTC."),
                   SATELLITE, "time", optional=True, advanced=True),
        make.field(AOT_FIELD, tr("Value column"), tr(
            "Satellite column with the value. The default means aot_mean for AOT and "
            "water_vapor_mean_cm for water vapor."), SATELLITE, "aot_mean", optional=True,
            advanced=True),
        make.string(TIME_FORMAT, tr("Time format"), time_help, optional=True, advanced=True),
        make.string(SITE_NAME, tr("Site name"), name_help, optional=True, advanced=True),
        make.field(AERONET_SITE_FIELD, tr("AERONET site column"), tr(
            "AERONET column with the name of the site."), AERONET, "site", optional=True,
            advanced=True),
        make.field(AERONET_TIME_FIELD, tr("AERONET time column"), tr(
            "AERONET column with the time, UTC."), AERONET, "time", optional=True, advanced=True),
        make.field(AERONET_AOT_FIELD, tr("AERONET value column"), tr(
            "AERONET column with the value. The default means aot for AOT and water_vapor_cm for "
            "water vapor."), AERONET, "aot", optional=True, advanced=True),
        make.string(AERONET_TIME_FORMAT, tr("AERONET time format"), time_help, optional=True,
                    advanced=True),
        make.string(AERONET_SITE_NAME, tr("AERONET site name"), name_help, optional=True,
                    advanced=True),
    ]  # fmt: skip


def filters() -> Definitions:
    """Which match-ups are accepted; every filter keeps the rejected rows with their reason."""
    return [
        make.choice("LEVEL", tr("AERONET level"), tr(
            "any: of each overpass the best level that has enough observations, never mixed. 1.5 "
            "or 2.0: only that level (level 2.0 has its final calibration)."),
            ["any", "1.5", "2.0"], "any", advanced=True),
        make.number("MAX_GAPFILLED", tr("Largest gap-filled share"), tr(
            "Share (0 to 1) of the window whose AOT may be interpolated; 0.2 and 0.6 are usual. "
            "Empty: no limit."), None, 0.0, 1.0, optional=True, advanced=True),
        make.number("MAX_CLOUD", tr("Largest cloud share"), tr(
            "Share (0 to 1) of the window that may be cloudy. Empty: no limit."), None, 0.0, 1.0,
            optional=True, advanced=True),
        make.switch("ONLY_STABLE", tr("Only stable conditions"), tr(
            "Rejects overpasses around which the photometer varies by more than the two bounds "
            "below (standard deviation), or whose neighborhood is too cloudy. Otherwise stable "
            "and unstable are reported apart."),
            advanced=True),
        make.number("STABLE_SD", tr("Stable: largest standard deviation"), tr(
            "Conditions are stable where the photometer's standard deviation is at most this "
            "(AOT without unit, water vapor in cm) or at most the share below."), 0.02, 0.0,
            advanced=True),
        make.number("STABLE_SHARE", tr("Stable: largest relative standard deviation"), tr(
            "Share (0 to 1) of the photometer's mean; the larger of the two bounds counts."),
            0.1, 0.0, 1.0, advanced=True),
        make.number("STABLE_MAX_CLOUD", tr("Stable: largest cloud share of the neighborhood"), tr(
            "Share (0 to 1) of the largest satellite window of 10 km or more that may be cloudy; "
            "1: any. Without such a window the photometer decides alone."),
            0.2, 0.0, 1.0, advanced=True),
        make.number("STABILITY_WINDOW_MIN", tr("Window of stability (minutes)"), tr(
            "Minutes before and after the overpass in which the photometer's standard deviation "
            "is taken."), 60.0, 1.0, 1440.0, advanced=True),
        make.number("MAX_ALTITUDE_DIFFERENCE_M", tr("Largest altitude difference (m)"), tr(
            "Between pixel and photometer, meters; 200 is usual. Empty: no limit."), None, 0.0,
            optional=True, advanced=True),
        make.number("ALTITUDE_SCALE_M", tr("Scale height of the altitude correction (m)"), tr(
            "Moves the photometer's value to the pixel's altitude by exp(-dz / H); H is 1500 to "
            "2500 m for aerosol. Empty: no correction."), None, 100.0, optional=True,
            advanced=True),
        make.switch("DROP_SATURATED", tr("Reject clipped values"), tr(
            "Rejects windows with pixels at the product's largest value (AOT 1.275 in 8-bit "
            "products)."), True, advanced=True),
        make.switch("KEEP_DEFAULT_AOT", tr("Keep default values"), tr(
            "Uses windows that hold the constant AOT which some processors write where they could "
            "not retrieve any. Otherwise they are rejected (default_aot)."), False, advanced=True),
        make.switch("DEDUPLICATE", tr("One row per site and overpass"), tr(
            "Overlapping tiles of one datatake show the same site: the row with most valid pixels "
            "is used, the others are rejected as duplicates."), True, advanced=True),
        make.number("WINDOW_M", tr("Satellite window of the figures (m)"), tr(
            "Where the table has windows of several sizes: the size that the figures use (the "
            "nearest one present). Empty: the middle one. All sizes are compared in the "
            "statistics table."), None, 0.0, optional=True, advanced=True),
        make.number(BOOTSTRAP, tr("Bootstrap replicates"), tr(
            "Number of resamplings of site-months for the 95 % intervals; 0 for none."), 1000, 0,
            100000, integer=True, advanced=True),
        make.number(SEED, tr("Seed"), tr(
            "Start of the random numbers: the same seed gives the same intervals."), 0, 0,
            integer=True, advanced=True),
    ]  # fmt: skip


def outputs() -> Definitions:
    """Tables and report."""
    statistics = make.table_output("STATISTICS", tr("Statistics"), tr(
        "One row per group (overall, site, season, stability, aot_bin, sensor, window), with "
        "intervals."), optional=True)  # fmt: skip
    statistics.setCreateByDefault(True)
    return [
        make.table_output("MATCHUPS", tr("Match-ups"), tr(
            "One point per satellite row, accepted or rejected with the reason."), points=True),
        statistics,
        make.report_output("REPORT", tr("Report"), tr(
            "Self-contained page with the answer, figures, tables, parameters and inputs.")),
    ]  # fmt: skip


def numbers() -> list[tuple[str, str]]:
    """Number outputs, for later steps of a model: those of the group "overall"."""
    return [
        ("COUNT", tr("Accepted match-ups")),
        ("REJECTED_COUNT", tr("Rejected rows (of the window that is used)")),
        ("BIAS", tr("Bias: mean of satellite - AERONET")),
        ("STD", tr("Standard deviation of the differences")),
        ("RMSE", tr("Root mean square difference")),
        ("MAE", tr("Mean absolute difference")),
        ("CORRELATION", tr("Pearson correlation")),
        ("EE_PERCENT", tr("Share within the expected error (%)")),
        ("GCOS_PERCENT", tr("Share within the GCOS requirement (%)")),
        ("SLOPE_DEMING", tr("Slope of the Deming line")),
    ]
