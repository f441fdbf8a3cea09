# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies of time series."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterString,
)

from .parts import Chain, Step, given, number, policy, products

REFLECTANCES = "B2,B3,B4,B8,B11,B12"


def inputs() -> list[tuple[QgsProcessingParameterDefinition, str]]:
    """What the detection of anomalies is given."""
    kinds = [QgsProcessing.SourceType.TypeVector]
    return [
        products(),
        (
            QgsProcessingParameterFeatureSource("SITES", "Sites", kinds),
            "Points or polygons to look at, with a column 'site' or 'name'.",
        ),
        (
            QgsProcessingParameterFeatureSource("STEADY_SITES", "Steady sites", kinds),
            "One place of steady ground for each region, two regions or more: what changes on the "
            "same date at several of them comes from sensor or processor.",
        ),
        (
            QgsProcessingParameterString("BANDS", "Bands", REFLECTANCES),
            "Names separated by commas. Bands that say the same make the test weaker.",
        ),
        policy(),
        (
            number("THRESHOLD", "Threshold (p-value)", 0.001, 1e-12, 0.5),
            "0.001 means one false alarm in a thousand good dates.",
        ),
    ]


def extraction(sites: str, label: str, row: int = 0) -> Step:
    """Series at the places of the input ``sites``."""
    return Step(
        "calval:extracttimeseries",
        {
            "SITES": ("input", sites),
            "BANDS": f"coalesce(@BANDS, '{REFLECTANCES}')",
            **given("PRODUCTS", "MASK_POLICY"),
        },
        {"OUTPUT": label},
        row,
    )


def detection(series: str, seek_steps: bool, outputs: dict[str, str], row: int = 0) -> Step:
    """Anomalies of the output of the step ``series``."""
    return Step(
        "calval:detectanomalies",
        {"INPUT": (series, "OUTPUT"), "SEEK_STEPS": seek_steps, **given("THRESHOLD")},
        outputs,
        row,
    )


CHAIN = Chain(
    "timeseries_anomalies",
    "Anomalies of L2A time series",
    "Time-series anomalies",
    "Extracts reflectance series of L2A products at sites, finds the dates that are off and "
    "names what is wrong with them; and seeks, on steady ground of several regions, the "
    "lasting changes that come from sensor or processor.",
    inputs,
    {
        "series": extraction("SITES", "Time series"),
        "detection": detection(
            "series", False,
            {"OUTPUT": "Observations", "ANOMALIES": "Anomalies", "REPORT": "Anomaly report"},
        ),
        "steady": extraction("STEADY_SITES", "Steady series", 1),
        "changes": detection(
            "steady", True,
            {
                "OUTPUT": "Steady observations", "ANOMALIES": "Steady anomalies",
                "STEPS": "Lasting changes", "REPORT": "Change report",
            },
            1,
        ),
    },
)  # fmt: skip
