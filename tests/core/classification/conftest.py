# SPDX-License-Identifier: GPL-3.0-or-later
"""Real samples, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from calval_toolbox.core.classification.training.training_set import (
    Columns,
    TrainingSet,
    training_set,
)
from calval_toolbox.core.io.tables import read_table


@pytest.fixture(scope="session")
def real_samples(shared_data: Path) -> dict[str, TrainingSet]:
    """Samples of Mato Grosso (MODIS, 9 classes) and of a Sentinel-2 tile (3 classes)."""
    names = {
        "mato_grosso": "matogrosso_mod13q1_9classes_train",
        "sentinel2": "s2_T20LKP_2018_2019_samples_train",
    }
    folder = shared_data / "classification"
    return {
        key: training_set(read_table(folder / f"{name}.csv.gz"), Columns("label"))
        for key, name in names.items()
    }
