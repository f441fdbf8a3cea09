# SPDX-License-Identifier: GPL-3.0-or-later
"""The land-cover map of one tile."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
)

from .parts import Chain, Step, given, number, products


def inputs() -> list[tuple[QgsProcessingParameterDefinition, str]]:
    """What a land-cover map is made of."""
    kinds = [QgsProcessing.SourceType.TypeVector]
    any_type = QgsProcessingParameterField.DataType.Any
    return [
        products(),
        (
            QgsProcessingParameterFeatureSource("REFERENCE", "Reference polygons", kinds),
            "Polygons of known class; half of those of each class train, the others test.",
        ),
        (
            QgsProcessingParameterField(
                "CLASS_FIELD", "Class field", "class", "REFERENCE", any_type
            ),
            "Column of the class, a text or a whole number.",
        ),
        (
            number("STEP_DAYS", "Step (days)", 10, 1, 3660, whole=True),
            "From one date of the features to the next.",
        ),
    ]


CHAIN = Chain(
    "land_cover",
    "Land-cover map of one tile",
    "Land cover",
    "Computes features of a year of L2A products of one tile, takes samples in reference "
    "polygons, trains a classifier, maps the tile without single pixels, and assesses the map "
    "by the polygons that were left for tests. Several tiles, zones, radar and runs: see the "
    "land-cover chain.",
    inputs,
    {
        "primitives": Step(
            "calval:computeprimitives",
            {"MAX_GAP_DAYS": "366", **given("PRODUCTS", "STEP_DAYS")},
            {"OUTPUT": "Features", "QUALITY": "Days to clear"},
        ),
        "samples": Step(
            "calval:preparesamples",
            {"STACK": ("primitives", "OUTPUT"), **given("REFERENCE", "CLASS_FIELD")},
            {"OUTPUT": "Samples", "REPORT": "Sample report"},
        ),
        "classifier": Step(
            "calval:trainclassifier",
            {"SAMPLES": ("samples", "OUTPUT"), **given("CLASS_FIELD")},
            {"OUTPUT_MODEL": "Model", "REPORT": "Training report"},
        ),
        "classification": Step(
            "calval:classifytimeseries",
            {"STACK": ("primitives", "OUTPUT"), "MODELS": ("classifier", "OUTPUT_MODEL")},
            {"OUTPUT": "Classification", "OUTPUT_CONFIDENCE": "Confidence"},
            1,
        ),
        "regularization": Step(
            "calval:regularizemap",
            {"MAP": ("classification", "OUTPUT")},
            {"OUTPUT": "Map"},
            1,
        ),
        "accuracy": Step(
            "calval:assessmap",
            {
                "MAP": ("regularization", "OUTPUT"), "REFERENCE": ("samples", "OUTPUT"),
                "SPLIT_FIELD": "'split'", "POLYGON_FIELD": "'polygon'", **given("CLASS_FIELD"),
            },
            {"OUTPUT": "Accuracy by class", "REPORT": "Accuracy report"},
            1,
        ),
    },
)  # fmt: skip
