# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of widgets share: one application, a match-up table, a panel that shows it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _sibling(name: str) -> ModuleType:
    """A helper module of this folder, under a name of its own."""
    full = f"calval_ui_tests_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, Path(__file__).parent / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """The maker of match-ups with known content."""
    return _sibling("made")


@pytest.fixture(scope="session")
def land() -> ModuleType:
    """The maker of a case of land cover with known content."""
    return _sibling("made_land_cover")


@pytest.fixture
def least(app: Any) -> ModuleType:
    """The module with the least panel."""
    return _sibling("least_panel")


@pytest.fixture(scope="session")
def app(qgis_app: Any) -> Any:
    """The application that widgets need."""
    return qgis_app


@pytest.fixture
def case(tmp_path: Path, made: ModuleType) -> Path:
    """A match-up table with its inputs and the record of its run beside it."""
    return made.write_case(tmp_path)


@pytest.fixture(scope="session")
def detected_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The detections of the demo of time series, as a table."""
    from calval_toolbox.core.anomalies.demo import write_demo_series

    path = tmp_path_factory.mktemp("series") / "detected.gpkg"
    write_demo_series(path)
    return path


@pytest.fixture
def errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    """Exceptions inside Qt's slots, which Qt would swallow; the test fails if there are any."""
    caught: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, value, trace: caught.append(value))
    yield caught
    assert not caught, caught


@pytest.fixture
def on_screen(app: Any, errors: list[BaseException]) -> Iterator[Callable[..., Any]]:
    """Makes widgets of a class that are on the screen, and takes them away after the test."""
    shown: list[Any] = []

    def make(kind: type[Any], width: int, height: int, **options: Any) -> Any:
        widget = kind(**options)
        widget.resize(width, height)
        widget.show()
        app.processEvents()
        shown.append(widget)
        return widget

    yield make
    for widget in shown:
        widget.hide()
        widget.deleteLater()
    app.processEvents()


@pytest.fixture
def make_panel(on_screen: Callable[..., Any]) -> Callable[..., Any]:
    """Makes panels of AOT that are on the screen."""
    from calval_toolbox.ui.aot.panel import AotPanel

    def make(width: int = 1000, height: int = 760, **options: Any) -> Any:
        return on_screen(AotPanel, width, height, **options)

    return make


@pytest.fixture
def panel(make_panel: Any, case: Path) -> Any:
    """A panel that shows ``case``."""
    shown = make_panel()
    shown.open(str(case))
    shown.flush()
    return shown


@pytest.fixture(scope="session")
def calibrated_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a calibration database, and the coefficients of its run as a table with the
    record of the run beside it.
    """
    import json

    from calval_toolbox.core.calibration.demo import REFERENCE, TARGET, write_demo

    folder = tmp_path_factory.mktemp("calibration")
    database, table = folder / "calibration.gpkg", folder / "coefficients.gpkg"
    write_demo(database, table)
    record = {
        "algorithm": "calval:calibratedesert",
        "parameters": {
            "DATABASE": str(database), "TARGET_SENSOR": TARGET, "REFERENCE_SENSOR": REFERENCE,
            "SITES": "", "MAX_DISTANCE_DEG": 10.0, "OUTPUT": str(table), "DRAWS": 100,
        },
        "results": {"RUN_ID": 1},
    }  # fmt: skip
    Path(f"{table}.provenance.json").write_text(json.dumps(record), encoding="utf-8")
    return folder
