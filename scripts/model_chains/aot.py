# SPDX-License-Identifier: GPL-3.0-or-later
"""The validation of AOT against AERONET."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from .parts import Chain, Step, given, number, policy, products


def inputs() -> list[tuple[QgsProcessingParameterDefinition, str]]:
    """What the validation of AOT is given."""
    return [
        (
            QgsProcessingParameterMultipleLayers(
                "AERONET_FILES", "AERONET files or folders", QgsProcessing.SourceType.TypeFile
            ),
            "Files of AERONET Version 3 as downloaded, or folders of them.",
        ),
        products(),
        (
            QgsProcessingParameterString("WINDOWS_M", "Window widths (m)", "1000,5000,20000"),
            "Full widths of square windows centered on the site, in meters.",
        ),
        policy(),
        (
            number("TIME_WINDOW_MIN", "Time window (minutes)", 30.0, 0.0, 1440.0),
            "Minutes before and after the overpass within which photometer values are averaged.",
        ),
    ]


CHAIN = Chain(
    "aot_validation",
    "AOT validation against AERONET",
    "AOT validation",
    "Imports AERONET files, extracts AOT of L2A products at their sites, compares both, and "
    "ranks the sites by how reliably they agree.",
    inputs,
    {
        "aeronet": Step(
            "calval:importaeronet",
            {"INPUT": ("input", "AERONET_FILES")},
            {"OUTPUT": "AERONET observations"},
        ),
        "satellite": Step(
            "calval:extractaot",
            {"SITES": ("aeronet", "OUTPUT"), **given("PRODUCTS", "WINDOWS_M", "MASK_POLICY")},
            {"OUTPUT": "Satellite AOT"},
        ),
        "comparison": Step(
            "calval:compareaot",
            {
                "SATELLITE": ("satellite", "OUTPUT"),
                "AERONET": ("aeronet", "OUTPUT"),
                **given("TIME_WINDOW_MIN"),
            },
            {
                "MATCHUPS": "Match-ups",
                "STATISTICS": "Statistics",
                "REPORT": "Validation report",
            },
        ),
        "ranking": Step(
            "calval:rankaeronetsites",
            {"MATCHUPS": ("comparison", "MATCHUPS")},
            {"OUTPUT": "Site ranking", "REPORT": "Ranking report"},
        ),
    },
)  # fmt: skip
