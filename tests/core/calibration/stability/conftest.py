# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated desert of the tests, in memory and as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from calval_toolbox.core.calibration.stability.simulate import (
    Plan,
    Scene,
    simulate_scene,
    write_scene,
)


@pytest.fixture(scope="session")
def scene() -> Scene:
    return simulate_scene(Plan(dates=45, step_days=24.0))


@pytest.fixture(scope="session")
def desert(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scene's ``images`` and ``angles.csv``."""
    folder = tmp_path_factory.mktemp("desert")
    write_scene(folder, scene)
    return folder
