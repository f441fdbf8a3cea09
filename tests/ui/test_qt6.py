# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel under PyQt6, in a program of its own with a stand-in for ``qgis.PyQt``."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtGui import QImage


@pytest.mark.skipif(importlib.util.find_spec("PyQt6") is None, reason="PyQt6 is not installed")
def test_panel_runs_under_qt6(repo_root: Path, case: Path, tmp_path: Path, made: Any) -> None:
    picture = tmp_path / "qt6.png"
    done = subprocess.run(
        [
            sys.executable, str(Path(__file__).with_name("qt6_standin.py")),
            str(repo_root / "build" / "plugins"), str(case), str(picture),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout)
    assert report["qt"] == "PyQt6"
    assert report["modules"] == []
    assert report["before"] == 180
    kept = made.matchups()
    assert report["after"] == int((kept.extra["gapfilled_fraction"] <= 0.3).sum())
    assert report["shown"] == str(report["after"])
    assert report["site"] == "Beijing"
    assert "--MAX_GAPFILLED=0.3" in report["command"]
    image = QImage(str(picture))
    assert image.width() >= 1000
    colors = {
        image.pixel(x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)
    }
    assert len(colors) > 40
