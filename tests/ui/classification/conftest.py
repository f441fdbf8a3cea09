# SPDX-License-Identifier: GPL-3.0-or-later
"""A case of land cover on disk, and panels that show it."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest


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
