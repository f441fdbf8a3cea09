# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a single value or name of a parameter, in a sentence.

QGIS itself only says "Incorrect parameter value", and ignores names that it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterNumber,
)

from ..i18n import tr
from .parameters import takes_several

_ALIKE = 0.75
_UNLIMITED = 1e300  # QGIS writes "no limit" as the largest number there is


def value_problem(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], context: QgsProcessingContext
) -> str:
    """The first word or number that its parameter does not take, and what it takes; "" where QGIS's
    own words have to do.
    """
    for definition in algorithm.parameterDefinitions():
        name = definition.name()
        if _is_list(parameters.get(name)) and not _takes_list(definition):
            return tr(
                "{name} takes one value and was given a list ({values}): give it once."
            ).format(name=name, values=", ".join(str(one) for one in parameters[name]))
        if name not in parameters or definition.checkValueIsAcceptable(parameters[name], context):
            continue
        if definition.type() == "enum":
            return _choice_problem(definition, parameters[name])
        if definition.type() == "number":
            return _number_problem(definition, parameters[name])
    return ""


def with_words(algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with the words of choices that were given by their numbers.

    ``qgis_process help`` numbers the options of each choice and says that numbers may be given
    ('1', '1,3'); QGIS itself then takes words only. Where options are numbers themselves, a number
    is the option.
    """
    given = dict(parameters)
    for definition in algorithm.parameterDefinitions():
        name = definition.name()
        if definition.type() == "enum" and given.get(name) is not None:
            given[name] = _words(definition.options(), given[name])
    return given


def _words(options: Sequence[str], value: Any) -> Any:
    """A choice in words: the value itself where it is none of numbers of options."""
    if any(_is_number(one) for one in options):
        return value
    parts = list(value) if _is_list(value) else str(value).split(",")
    numbers = [str(one).strip() for one in parts]
    if not all(one.isdecimal() and int(one) < len(options) for one in numbers):
        return value
    words = [options[int(one)] for one in numbers]
    return words if _is_list(value) else ",".join(words)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def name_problem(algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any]) -> str:
    """A misspelled parameter, and the one that was meant; "" where no name looks like one."""
    known = [definition.name() for definition in algorithm.parameterDefinitions()]
    for name in unknown_names(algorithm, parameters):
        meant = get_close_matches(name.upper(), known, 1, _ALIKE)
        if meant:
            return tr("There is no parameter {name}. Is {meant} meant?").format(
                name=name, meant=meant[0]
            )
    return ""


def unknown_names(algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any]) -> list[str]:
    """Names that are no parameters."""
    known = {definition.name() for definition in algorithm.parameterDefinitions()}
    return [name for name in parameters if name not in known]


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _takes_list(definition: QgsProcessingParameterDefinition) -> bool:
    """A key that is given again on the command line makes a list, whatever the parameter takes."""
    if definition.type() == "string":
        return takes_several(definition)
    if definition.type() in ("enum", "field"):
        return bool(definition.allowMultiple())
    return definition.type() == "multilayer"


def _choice_problem(definition: QgsProcessingParameterDefinition, value: Any) -> str:
    given = [str(one) for one in value] if isinstance(value, list) else str(value).split(",")
    wrong = [one for one in given if one.strip() not in definition.options()]
    return tr("{name} cannot be '{value}'. Choose from: {options}.").format(
        name=definition.name(),
        value=", ".join(wrong or given),
        options=", ".join(definition.options()),
    )


def _number_problem(definition: QgsProcessingParameterDefinition, value: Any) -> str:
    whole = definition.dataType() == QgsProcessingParameterNumber.Type.Integer
    kind = tr("a whole number") if whole else tr("a number")
    return tr("{name} cannot be '{value}'. Give {kind}{limits}.").format(
        name=definition.name(), value=value, kind=kind, limits=_limits(definition)
    )


def _limits(definition: QgsProcessingParameterDefinition) -> str:
    low, high = definition.minimum(), definition.maximum()
    bounded = low > -_UNLIMITED, high < _UNLIMITED
    if definition.dataType() == QgsProcessingParameterNumber.Type.Integer:
        bounded = low > -(2**31), high < 2**31 - 1
    if all(bounded):
        return tr(" from {low} to {high}").format(low=f"{low:g}", high=f"{high:g}")
    if bounded[0]:
        return tr(" of {low} or more").format(low=f"{low:g}")
    return tr(" of {high} or less").format(high=f"{high:g}") if bounded[1] else ""
