# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ``resources/models/aot_validation.model3``: import, extraction, comparison and ranking.

Run it after a parameter of these algorithms has changed:
``QT_QPA_PLATFORM=offscreen PYTHONPATH=build/plugins build/venv/bin/python scripts/make_model.py``.
The model is made through QGIS's own classes, so that it is valid; its text is sorted by QGIS.
"""

from __future__ import annotations

import os
import sys
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
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QPointF

import calval_toolbox

TARGET = Path(__file__).resolve().parent.parent / "resources" / "models" / "aot_validation.model3"
Source = QgsProcessingModelChildParameterSource
Flag = QgsProcessingParameterDefinition.Flag
POLICIES = ("none", "clouds", "clear_land", "strict")

# child -> (algorithm, its parameters, outputs of the model: key of the child -> label). QGIS makes
# the key of a model's output from its label: "Site ranking" becomes ``site_ranking``.
CHILDREN: dict[str, tuple[str, dict[str, tuple[str, str]], dict[str, str]]] = {
    "aeronet": (
        "calval:importaeronet",
        {"INPUT": ("input", "AERONET_FILES")},
        {"OUTPUT": "AERONET observations"},
    ),
    "satellite": (
        "calval:extractaot",
        {
            "PRODUCTS": ("input", "PRODUCTS"),
            "SITES": ("aeronet", "OUTPUT"),
            "WINDOWS_M": ("input", "WINDOWS_M"),
            "MASK_POLICY": ("input", "MASK_POLICY"),
        },
        {"OUTPUT": "Satellite AOT"},
    ),
    "comparison": (
        "calval:compareaot",
        {
            "SATELLITE": ("satellite", "OUTPUT"),
            "AERONET": ("aeronet", "OUTPUT"),
            "TIME_WINDOW_MIN": ("input", "TIME_WINDOW_MIN"),
        },
        {"MATCHUPS": "Match-ups", "STATISTICS": "Statistics", "REPORT": "Validation report"},
    ),
    "ranking": (
        "calval:rankaeronetsites",
        {"MATCHUPS": ("comparison", "MATCHUPS")},
        {"OUTPUT": "Site ranking", "REPORT": "Ranking report"},
    ),
}


def inputs() -> list[QgsProcessingParameterDefinition]:
    """What the user gives."""
    files = QgsProcessing.SourceType.TypeFile
    kind = QgsProcessingParameterNumber.Type.Double
    described = [
        (
            QgsProcessingParameterMultipleLayers(
                "AERONET_FILES", "AERONET files or folders", files
            ),
            "Files of AERONET Version 3 as downloaded, or folders of them.",
        ),
        (
            QgsProcessingParameterMultipleLayers("PRODUCTS", "Products", files),
            "L2A product folders or archives, or folders that hold them.",
        ),
        (
            QgsProcessingParameterString("WINDOWS_M", "Window widths (m)", "1000,5000,20000"),
            "Full widths of square windows centered on the site, in meters.",
        ),
        (
            QgsProcessingParameterEnum(
                "MASK_POLICY", "Mask policy", POLICIES, False, "clouds", False, True
            ),
            "Which pixels are left out.",
        ),
        (
            QgsProcessingParameterNumber(
                "TIME_WINDOW_MIN", "Time window (minutes)", kind, 30.0, False, 0.0, 1440.0
            ),
            "Minutes before and after the overpass within which photometer values are averaged.",
        ),
    ]
    for definition, text in described:
        definition.setHelp(text)
    return [definition for definition, _ in described]


def build() -> QgsProcessingModelAlgorithm:
    """The model."""
    model = QgsProcessingModelAlgorithm("AOT validation against AERONET", "AOT validation", "aot")
    for row, definition in enumerate(inputs()):
        component = QgsProcessingModelParameter(definition.name())
        component.setPosition(QPointF(150.0, 80.0 + 90.0 * row))
        model.addModelParameter(definition, component)
    model.setParameterOrder([definition.name() for definition in inputs()])
    for column, (name, described) in enumerate(CHILDREN.items()):
        model.addChildAlgorithm(child(name, *described, QPointF(450.0 + 280.0 * column, 240.0)))
    model.setHelpContent(
        {
            "ALG_DESC": "Imports AERONET files, extracts AOT of L2A products at their sites, "
            "compares both, and ranks the sites by how reliably they agree.",
        }
    )
    model.updateDestinationParameters()
    return model


def child(
    name: str,
    algorithm: str,
    sources: dict[str, tuple[str, str]],
    outputs: dict[str, str],
    position: QPointF,
) -> QgsProcessingModelChildAlgorithm:
    """One step of the model."""
    step = QgsProcessingModelChildAlgorithm(algorithm)
    step.setChildId(name)
    definition = step.algorithm()
    if definition is None:
        raise SystemExit(f"{algorithm} is not registered: the model cannot be made.")
    step.setDescription(definition.displayName())
    step.setPosition(position)
    for key, (origin, what) in sources.items():
        source = (
            Source.fromModelParameter(what)
            if origin == "input"
            else Source.fromChildOutput(origin, what)
        )
        step.addParameterSources(key, [source])
    for parameter in definition.parameterDefinitions():
        if parameter.name() not in sources and not parameter.isDestination():
            default: Any = Source.fromStaticValue(parameter.defaultValue())
            step.addParameterSources(parameter.name(), [default])
    made = {}
    for row, (key, label) in enumerate(outputs.items()):
        output = QgsProcessingModelOutput(label, label)
        output.setChildId(name)
        output.setChildOutputName(key)
        output.setPosition(QPointF(position.x(), 420.0 + 70.0 * row))
        optional = definition.parameterDefinition(key).flags() & Flag.FlagOptional
        output.setMandatory(not optional)
        made[label] = output
    step.setModelOutputs(made)
    return step


def main() -> int:
    """Write the model; 0 where QGIS finds nothing wrong with it."""
    application = QgsApplication([], False)
    application.initQgis()
    plugin = calval_toolbox.classFactory(None)
    plugin.initProcessing()
    model = build()
    good, problems = model.validate()
    for problem in problems:
        print(problem, file=sys.stderr)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    good = good and model.toFile(str(TARGET))
    plugin.unload()
    application.exitQgis()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
