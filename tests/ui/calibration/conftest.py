# SPDX-License-Identifier: GPL-3.0-or-later
"""Coefficients of a simulated calibration, and a panel that shows them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(calibrated_once: Path, tmp_path: Path) -> Path:
    """A copy of the database and the table that a test may change."""
    return Path(shutil.copytree(calibrated_once, tmp_path / "own calibration"))


@pytest.fixture
def make_calibration_panel(on_screen: Callable[..., Any]) -> Callable[..., Any]:
    """Makes panels of calibrations that are on the screen."""
    from calval_toolbox.ui.calibration.panel import CalibrationPanel

    def make(width: int = 1000, height: int = 800, **options: Any) -> Any:
        return on_screen(CalibrationPanel, width, height, **options)

    return make


@pytest.fixture
def calibration_panel(make_calibration_panel: Any, folder: Path) -> Any:
    """A panel that shows the table."""
    panel = make_calibration_panel()
    panel.open(str(folder / "coefficients.gpkg"))
    panel.flush()
    return panel
