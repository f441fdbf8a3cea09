# SPDX-License-Identifier: GPL-3.0-or-later
"""The advanced parameters of tiled algorithms, as QGIS reads them."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.core import QgsProcessingContext

from calval_toolbox.algorithms import inputs
from calval_toolbox.algorithms import parameters as make
from calval_toolbox.algorithms.base import CalValAlgorithm
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.execution.settings import ExecutionSettings


class Tiled(CalValAlgorithm):
    """Only the parameters."""

    ID, TAGS = "tiled", ()

    def define(self) -> None:
        self.add(*make.execution(tile_size=256))


@pytest.fixture
def settings(qgis_app: Any) -> Any:
    algorithm = Tiled()
    algorithm.initAlgorithm()

    def read(given: dict[str, Any]) -> ExecutionSettings:
        values = inputs.resolve(algorithm, given, QgsProcessingContext())
        return make.execution_settings(values)

    return read


def test_defaults_and_given_values(settings: Any) -> None:
    assert settings({}) == ExecutionSettings("threads", 256, 2000.0, True)
    given = {"EXECUTOR": "processes:2", "TILE_SIZE": 1024, "MEMORY_CAP_MB": 500, "RESUME": False}
    assert settings(given) == ExecutionSettings("processes:2", 1024, 500.0, False)


def test_a_bad_executor_is_told_before_the_run(settings: Any) -> None:
    with pytest.raises(InputError, match="'turbo' is unknown. Use threads"):
        settings({"EXECUTOR": "turbo"})


def test_they_are_advanced_and_explained(qgis_app: Any) -> None:
    definitions = make.execution()
    keys = [definition.name() for definition in definitions]
    assert keys == ["EXECUTOR", "TILE_SIZE", "MEMORY_CAP_MB", "RESUME"]
    for definition in definitions:
        assert definition.flags() & make.Definition.Flag.FlagAdvanced
        assert len(definition.help()) > 60
