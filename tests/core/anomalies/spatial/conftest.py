# SPDX-License-Identifier: GPL-3.0-or-later
"""Two simulated sites, written as products, and what the detector makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.anomalies.scenes import plan_four_sites
from calval_toolbox.core.anomalies.scenes.plan import SitePlan
from calval_toolbox.core.anomalies.scenes.targets import targets
from calval_toolbox.core.anomalies.scenes.write import write_image
from calval_toolbox.core.anomalies.spatial.rasters import (
    AnomalyReport,
    AnomalySettings,
    detect_anomaly_rasters,
    open_anomaly_task,
)
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.series.extract_files import Source

BANDS = ("B2", "B3", "B4", "B8A", "B11", "B12")


@dataclass(frozen=True)
class Detected:
    """A site with its planted anomalies, and what was found."""

    plan: SitePlan
    products: Path
    report: AnomalyReport
    types: np.ndarray
    scores: np.ndarray
    counts: np.ndarray

    def date(self, kind: str, which: int = 0) -> int:
        """The first date of a planted anomaly."""
        return [one.date for one in self.plan.injections if one.type == kind][which]

    def layer(self, date: int) -> np.ndarray:
        """The types of a date that matters."""
        return self.types[self.report.layers.index(date)]


@pytest.fixture(scope="session")
def detected(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Detected]:
    """Writes a site of the four-site example and runs the detector on it, once."""
    known: dict[str, Detected] = {}
    plans = {plan.settings.name: plan for plan in plan_four_sites()}

    def find(name: str) -> Detected:
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            plan = plans[name]
            places = targets(plan)
            for number in range(len(plan.images)):
                write_image(folder / "products", plan, number, places)
            known[name] = _run(plan, folder)
        return known[name]

    return find


def _run(plan: SitePlan, folder: Path) -> Detected:
    source = Source((str(folder / "products"),))
    task, _ = open_anomaly_task(source, BANDS, "clouds", AnomalySettings())
    paths = {name: folder / f"{name}.tif" for name in ("type", "score", "counts")}
    report = detect_anomaly_rasters(
        task, {name: (path, path.name) for name, path in paths.items()}, folder / "out.tiles",
        ExecutionSettings("threads:2", 64),
    )  # fmt: skip
    types, scores, counts = (gdal.Open(str(path)).ReadAsArray() for path in paths.values())
    return Detected(plan, folder / "products", report, np.atleast_3d(types), scores, counts)
