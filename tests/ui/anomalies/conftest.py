# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of time series with planted anomalies, and a panel that shows it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calval_toolbox.core.anomalies.demo import demo_sites
from calval_toolbox.core.io.tables import write_table
from calval_toolbox.core.series.table import table_from_series


@pytest.fixture
def detected(detected_once: Path, tmp_path: Path) -> Path:
    """A copy of the detections that a test may change."""
    return Path(shutil.copy(detected_once, tmp_path / "detected series.gpkg"))


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """The series of the demo as extraction writes them: nothing detected yet."""
    path = tmp_path / "plain.gpkg"
    write_table(table_from_series([one.series for one in demo_sites()]), path)
    return path


@pytest.fixture
def make_series_panel(on_screen: Callable[..., Any]) -> Callable[..., Any]:
    """Makes panels of time series that are on the screen."""
    from calval_toolbox.ui.anomalies.panel import SeriesPanel

    def make(width: int = 1000, height: int = 800, **options: Any) -> Any:
        return on_screen(SeriesPanel, width, height, **options)

    return make


@pytest.fixture
def series_panel(make_series_panel: Any, detected: Path) -> Any:
    """A panel that shows ``detected``."""
    panel = make_series_panel()
    panel.open(str(detected))
    panel.flush()
    return panel
