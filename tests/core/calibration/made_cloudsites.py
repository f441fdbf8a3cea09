# SPDX-License-Identifier: GPL-3.0-or-later
"""Searches of small simulated tiles with planted clouds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calval_toolbox.core.calibration.cloudsites.limits import CloudLimits
from calval_toolbox.core.calibration.cloudsites.run import (
    SearchRequest,
    SearchResult,
    search_products,
)
from calval_toolbox.core.calibration.cloudsites.simulate import AGGREGATE_M, CLOUD, SEA
from calval_toolbox.core.database import parse_name

LIMITS = CloudLimits(aggregate_m=AGGREGATE_M, cell_deg=0.005)
# What is needed to find clouds and to look at what has no preview.
FEW = ("B1", "B2", "B4", "B8A", "B10", "B11")


def classes(cloud: bool = True, size: int = 12) -> np.ndarray:
    """A tile of sea, with a cloud of 8 x 8 squares in it or not."""
    made = np.full((size, size), SEA)
    if cloud:
        made[2:10, 2:10] = CLOUD
    return made


def search(database: Path | str, products: Sequence[Path], **more: Any) -> SearchResult:
    request = SearchRequest([str(one) for one in products], **{"clouds": LIMITS, **more})
    return search_products(parse_name(str(database)), request)


def day(text: str) -> np.datetime64:
    return np.datetime64(f"{text}T09:20:31", "ms")
