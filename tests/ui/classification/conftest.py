# SPDX-License-Identifier: GPL-3.0-or-later
"""A case of land cover on disk, and panels that show it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

NAME = "calval_ui_tests_made_land_cover"


@pytest.fixture(scope="session")
def land() -> ModuleType:
    """The maker of the case."""
    if NAME not in sys.modules:
        file = Path(__file__).with_name("made_land_cover.py")
        spec = importlib.util.spec_from_file_location(NAME, file)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[NAME] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[NAME])
    return sys.modules[NAME]


@pytest.fixture(scope="session")
def files(land: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files of the case, by name."""
    found: dict[str, str] = land.write_case(tmp_path_factory.mktemp("land"))
    return found


@pytest.fixture
def land_cover(on_screen: Callable[..., Any]) -> Callable[..., Any]:
    """Makes panels of land cover that are on the screen."""
    from calval_toolbox.ui.classification.panel import LandCoverPanel

    def make(width: int = 1000, height: int = 850, **options: Any) -> Any:
        return on_screen(LandCoverPanel, width, height, **options)

    return make


@pytest.fixture
def shown(land_cover: Callable[..., Any], files: dict[str, str]) -> Any:
    """A panel that was offered the whole case."""
    panel = land_cover()
    panel.offer(
        {
            "samples": {files["samples"]: "samples"}, "stack": {files["stack"]: "stack"},
            "days": {files["days"]: "days"}, "confidence": {files["confidence"]: "confidence"},
            "classes": {files["map"]: "map", files["second"]: "second"},
        }
    )  # fmt: skip
    panel.offer_models([files["model"]])
    return panel
