# SPDX-License-Identifier: GPL-3.0-or-later
"""What models are described by, and the parameters that several of them have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
)

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


def given(*keys: str) -> dict[str, tuple[str, str]]:
    """Parameters of a step that are the model's own of the same names."""
    return {key: ("input", key) for key in keys}
