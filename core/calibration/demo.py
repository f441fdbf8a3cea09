# SPDX-License-Identifier: GPL-3.0-or-later
"""A small example with known content: two simulated sensors over three deserts, one of them with a
gain in each band and a drift in the blue, calibrated against the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..database import Database, open_database
from ..database.measurements import save_measurements
from ..io.atomic import Staging
from ..io.tables import write_table
from ..progress import Progress, Silent, check
from .budget_types import Sizes
from .cross_run import CrossRun
from .cross_summaries import Period
from .cross_tables import results_table
from .database_run import CrossRequest, calibrate_from, keep, places_of
from .desert import Settings
from .matching import Limits
from .sensor_tables import SensorTables
from .simulate import Plan, simulate_desert
from .types import Band, Sensor

SITES = ("Libya4", "Algeria3", "Mauritania1")
REFERENCE, TARGET = "S2A/MSI", "S2B/MSI"
BANDS = {"B02": 490.0, "B03": 560.0, "B04": 665.0, "B07": 783.0, "B8A": 865.0}
GAINS: Mapping[str, float] = {"B02": 1.012, "B03": 1.004, "B04": 0.99, "B07": 1.0, "B8A": 0.995}
DRIFTS: Mapping[str, float] = {"B02": -0.006}  # per year
DAYS, REVISIT_DAYS = 1461, 10.0
METHOD = "calibratedesert"


def write_demo(
    database: str | Path, results: str | Path, progress: Progress | None = None
) -> CrossRun:
    """Make the ``database`` with the measurements and the run, and the table of its ``results``;
    files that are there are replaced. Raises ``OutputError``.
    """
    progress = progress or Silent()
    with Staging() as staging:
        path, table = staging.stage(database), staging.stage(results)
        with open_database(str(path), create=True) as db:
            for number, site in enumerate(SITES):
                check(progress)
                progress.report(0.1 * number, site)
                _simulate(db, site, number)
            request = CrossRequest(TARGET, REFERENCE, period=Period.HALF_YEAR, draws=100)
            run = calibrate_from(db, request, Settings(Limits(days=3.0)), Sizes(), progress)
            keep(db, run, METHOD, {"TARGET_SENSOR": TARGET, "REFERENCE_SENSOR": REFERENCE})
            write_table(results_table(run, places_of(db)), table, Path(results).stem)
    return run


def _simulate(db: Database, site: str, number: int) -> None:
    tables = SensorTables()
    bands = tuple(Band(name, at) for name, at in BANDS.items())
    for late, name in enumerate((REFERENCE, TARGET)):
        sensor = Sensor(name, bands)
        plan = Plan(
            days=DAYS, revisit_days=REVISIT_DAYS, offset_days=2.0 * late,
            gains=GAINS if late else {}, drifts=DRIFTS if late else {},
        )  # fmt: skip
        made = simulate_desert(sensor, tables.bands(sensor), plan, site, 10 * number + late)
        save_measurements(db, made)
