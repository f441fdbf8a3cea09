# SPDX-License-Identifier: GPL-3.0-or-later
"""Three sites in the made-up Sentinel-2 tile, measured into a database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from made_l1c import outline

from calval_toolbox.core.calibration.extraction.run import (
    ExtractionRequest,
    ExtractionResult,
    extract_sites,
)
from calval_toolbox.core.calibration.types import Measurements
from calval_toolbox.core.database import open_database, parse_name
from calval_toolbox.core.database.measurements import load_measurements
from calval_toolbox.core.database.sites import CalibrationSite

LEFT_SITE, MIDDLE, RIGHT_SITE = (100, 100, 400, 400), (400, 400, 700, 700), (600, 100, 900, 400)


def site(name: str, place: tuple[int, int, int, int]) -> CalibrationSite:
    return CalibrationSite(name, "desert", 34.1, 30.7, outline(*place))


SITES = (site("left", LEFT_SITE), site("middle", MIDDLE), site("right", RIGHT_SITE))


def extract(
    database: Path | str,
    products: Sequence[Path],
    sites: Sequence[CalibrationSite] = SITES,
    **more: Any,
) -> ExtractionResult:
    paths = [str(path) for path in products]
    return extract_sites(parse_name(str(database)), ExtractionRequest(paths, sites, **more))


def rows(database: Path | str, sensor: str = "S2A/MSI") -> Measurements:
    with open_database(str(database)) as db:
        return load_measurements(db, sensor)
