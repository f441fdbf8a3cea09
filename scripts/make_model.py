# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the models of ``resources/models``: AOT validation, anomalies of time series, land cover.

Run it after a parameter of these algorithms has changed:
``QT_QPA_PLATFORM=offscreen PYTHONPATH=build/plugins build/venv/bin/python scripts/make_model.py``.
The models are made through QGIS's own classes, so that they are valid; QGIS sorts their text.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Qt orders attributes by a random number unless told otherwise, before it makes its first table.
os.environ["QT_HASH_SEED"] = "0"

from qgis.core import (
    QgsApplication,
    QgsProcessing,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QPointF

import calval_toolbox

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "models"
Source = QgsProcessingModelChildParameterSource
Flag = QgsProcessingParameterDefinition.Flag
REFLECTANCES = "B2,B3,B4,B8,B11,B12"
POLICIES = ("none", "clouds", "clear_land", "strict")


@dataclass(frozen=True)
class Step:
    """One algorithm of a model.

    ``sources``: parameter -> (``input`` or step, its key), a fixed switch, or an expression, for
    defaults that differ from those of the algorithm: QGIS shows the defaults of a model in its
    dialog, but does not apply them elsewhere. ``outputs``: key -> label. QGIS makes the key of a
    model's output from its label: "Site ranking" becomes ``site_ranking``. ``row``: 0 for the upper
    chain of steps, 1 for the lower one.
    """

    algorithm: str
    sources: dict[str, tuple[str, str] | bool | str]
    outputs: dict[str, str]
    row: int = 0


@dataclass(frozen=True)
class Chain:
    """A model: its names, its help, what the user gives (with help), its steps."""

    file: str
    title: str
    group: str
    about: str
    inputs: Callable[[], list[tuple[QgsProcessingParameterDefinition, str]]]
    steps: dict[str, Step]


def products() -> tuple[QgsProcessingParameterDefinition, str]:
    """The parameter PRODUCTS and its help."""
    return (
        QgsProcessingParameterMultipleLayers(
            "PRODUCTS", "Products", QgsProcessing.SourceType.TypeFile
        ),
        "L2A product folders or archives, or folders that hold them.",
    )


def policy() -> tuple[QgsProcessingParameterDefinition, str]:
    """The parameter MASK_POLICY and its help."""
    return (
        QgsProcessingParameterEnum(
            "MASK_POLICY", "Mask policy", POLICIES, False, "clouds", False, True
        ),
        "Which pixels are left out.",
    )


def number(
    key: str, label: str, default: float, low: float, high: float, whole: bool = False
) -> QgsProcessingParameterDefinition:
    """A number from ``low`` to ``high``, real or ``whole``."""
    types = QgsProcessingParameterNumber.Type
    kind = types.Integer if whole else types.Double
    return QgsProcessingParameterNumber(key, label, kind, default, False, low, high)


def aot_inputs() -> list[tuple[QgsProcessingParameterDefinition, str]]:
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


def anomaly_inputs() -> list[tuple[QgsProcessingParameterDefinition, str]]:
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


def land_cover_inputs() -> list[tuple[QgsProcessingParameterDefinition, str]]:
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


def given(*keys: str) -> dict[str, tuple[str, str]]:
    """Parameters of a step that are the model's own of the same names."""
    return {key: ("input", key) for key in keys}


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


CHAINS = (
    Chain(
        "aot_validation",
        "AOT validation against AERONET",
        "AOT validation",
        "Imports AERONET files, extracts AOT of L2A products at their sites, compares both, and "
        "ranks the sites by how reliably they agree.",
        aot_inputs,
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
    ),
    Chain(
        "timeseries_anomalies",
        "Anomalies of L2A time series",
        "Time-series anomalies",
        "Extracts reflectance series of L2A products at sites, finds the dates that are off and "
        "names what is wrong with them; and seeks, on steady ground of several regions, the "
        "lasting changes that come from sensor or processor.",
        anomaly_inputs,
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
    ),
    Chain(
        "land_cover",
        "Land-cover map of one tile",
        "Land cover",
        "Computes features of a year of L2A products of one tile, takes samples in reference "
        "polygons, trains a classifier, maps the tile without single pixels, and assesses the map "
        "by the polygons that were left for tests. Several tiles, zones, radar and runs: see the "
        "land-cover chain.",
        land_cover_inputs,
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
    ),
)  # fmt: skip


def build(chain: Chain) -> QgsProcessingModelAlgorithm:
    """The model."""
    model = QgsProcessingModelAlgorithm(chain.title, chain.group, chain.file)
    described = chain.inputs()
    for row, (definition, text) in enumerate(described):
        definition.setHelp(text)
        component = QgsProcessingModelParameter(definition.name())
        component.setPosition(QPointF(150.0, 80.0 + 90.0 * row))
        model.addModelParameter(definition, component)
    model.setParameterOrder([definition.name() for definition, _ in described])
    columns = [0, 0]
    for name, step in chain.steps.items():
        place = QPointF(450.0 + 280.0 * columns[step.row], 240.0 + 480.0 * step.row)
        columns[step.row] += 1
        model.addChildAlgorithm(child(name, step, place))
    model.setHelpContent({"ALG_DESC": chain.about})
    model.updateDestinationParameters()
    return model


def child(name: str, plan: Step, position: QPointF) -> QgsProcessingModelChildAlgorithm:
    """One step of the model."""
    step = QgsProcessingModelChildAlgorithm(plan.algorithm)
    step.setChildId(name)
    definition = step.algorithm()
    if definition is None:
        raise SystemExit(f"{plan.algorithm} is not registered: the model cannot be made.")
    step.setDescription(definition.displayName())
    step.setPosition(position)
    for key, source in plan.sources.items():
        step.addParameterSources(key, [_source(source)])
    for parameter in definition.parameterDefinitions():
        if parameter.name() not in plan.sources and not parameter.isDestination():
            default: Any = Source.fromStaticValue(parameter.defaultValue())
            step.addParameterSources(parameter.name(), [default])
    made = {}
    for row, (key, label) in enumerate(plan.outputs.items()):
        output = QgsProcessingModelOutput(label, label)
        output.setChildId(name)
        output.setChildOutputName(key)
        output.setPosition(QPointF(position.x(), position.y() + 180.0 + 70.0 * row))
        optional = definition.parameterDefinition(key).flags() & Flag.FlagOptional
        output.setMandatory(not optional)
        made[label] = output
    step.setModelOutputs(made)
    return step


def _source(given: tuple[str, str] | bool | str) -> QgsProcessingModelChildParameterSource:
    if isinstance(given, bool):
        return Source.fromStaticValue(given)
    if isinstance(given, str):
        return Source.fromExpression(given)
    origin, what = given
    return (
        Source.fromModelParameter(what)
        if origin == "input"
        else Source.fromChildOutput(origin, what)
    )


def main() -> int:
    """Write the models; 0 where QGIS finds nothing wrong with them."""
    application = QgsApplication([], False)
    application.initQgis()
    plugin = calval_toolbox.classFactory(None)
    plugin.initProcessing()
    FOLDER.mkdir(parents=True, exist_ok=True)
    good = all([write(chain) for chain in CHAINS])
    plugin.unload()
    application.exitQgis()
    return 0 if good else 1


def write(chain: Chain) -> bool:
    """Write one model; False where QGIS finds something wrong with it."""
    model = build(chain)
    good, problems = model.validate()
    for problem in problems:
        print(f"{chain.file}: {problem}", file=sys.stderr)
    return bool(good and model.toFile(str(FOLDER / f"{chain.file}.model3")))


if __name__ == "__main__":
    sys.exit(main())
