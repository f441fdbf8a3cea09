# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the models of ``resources/models``: AOT validation, anomalies of time series, land cover.

Run it after a parameter of these algorithms has changed:
``QT_QPA_PLATFORM=offscreen PYTHONPATH=build/plugins build/venv/bin/python scripts/make_model.py``.
The models are made through QGIS's own classes, so that they are valid; QGIS sorts their text.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

# Qt orders attributes by a random number unless told otherwise, before it makes its first table.
os.environ["QT_HASH_SEED"] = "0"

from model_chains import anomalies, aot, land_cover
from model_chains.parts import Chain, Step
from qgis.core import (
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtCore import QPointF

import calval_toolbox

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "models"
Source = QgsProcessingModelChildParameterSource
Flag = QgsProcessingParameterDefinition.Flag
CHAINS = (aot.CHAIN, anomalies.CHAIN, land_cover.CHAIN)


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
