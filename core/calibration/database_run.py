# SPDX-License-Identifier: GPL-3.0-or-later
"""A cross-calibration of what is in the calibration database, its results kept there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..database import Database
from ..database.measurements import load_measurements
from ..database.runs import save_run
from ..database.sites import load_sites
from ..errors import InsufficientDataError
from ..progress import Part, Progress, Silent
from ..times import parse_day
from .cross_run import CrossRun, cross_calibrate
from .cross_summaries import Period
from .cross_tables import database_run
from .desert import Settings
from .sensor_tables import SensorTables
from .types import Measurements
from .uncertainty import Sizes


@dataclass(frozen=True)
class CrossRequest:
    """What to calibrate against what: names as in the database; empty ``sites`` and versions are
    all; days as ISO dates, both included ("": no limit).
    """

    target: str
    reference: str
    sites: Sequence[str] = ()
    target_version: str = ""
    reference_version: str = ""
    first_day: str = ""
    last_day: str = ""
    atmosphere: str = ""
    period: Period = Period.WHOLE
    draws: int = 200
    seed: int = 0


def calibrate_from(
    db: Database,
    request: CrossRequest,
    settings: Settings,
    sizes: Sizes | None,
    progress: Progress | None = None,
) -> CrossRun:
    """Load what is asked for and calibrate; errors of the database, and as ``cross_calibrate``."""
    progress = progress or Silent()
    tables = SensorTables(request.atmosphere)
    loaded = [
        _load(db, request, request.target, request.target_version),
        _load(db, request, request.reference, request.reference_version),
    ]
    progress.report(0.2, "Measurements loaded")
    altitudes = {
        site.name: site.altitude_m for site in load_sites(db) if math.isfinite(site.altitude_m)
    }
    return cross_calibrate(
        loaded[0], loaded[1], tables, altitudes, settings, request.period, sizes, request.draws,
        request.seed, progress=Part(progress, 0.2, 1.0),
    )  # fmt: skip


def keep(db: Database, run: CrossRun, method: str, parameters: Mapping[str, Any]) -> int:
    """Keep a run in the database; returns its number."""
    return save_run(db, database_run(run, method, parameters))


def places_of(db: Database) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the sites in the database."""
    return {site.name: (site.longitude, site.latitude) for site in load_sites(db)}


def _load(db: Database, request: CrossRequest, sensor: str, version: str) -> Measurements:
    first = parse_day(request.first_day, "FIRST_DAY") if request.first_day else None
    last = parse_day(request.last_day, "LAST_DAY") if request.last_day else None
    if last is not None:
        last = last + np.timedelta64(86_399_999, "ms")
    found = load_measurements(
        db, sensor, request.sites, (first, last), (version,) if version else ()
    )
    if not len(found):
        limits = [*request.sites, *(text for text in (version, request.first_day) if text)]
        raise InsufficientDataError(
            f"The database {db.name} has no measurements of {sensor} for "
            f"{', '.join(limits) or 'any site'}. Import or extract them first, or widen sites, "
            "version and period."
        )
    return found
