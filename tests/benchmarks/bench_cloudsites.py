# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for clouds: products that their preview stops, against those whose bands are read, and
against reading all bands whole, which is what a search without previews has to do.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from osgeo import gdal

from calval_toolbox.core.calibration.cloudsites.limits import CloudLimits, SceneLimits
from calval_toolbox.core.calibration.cloudsites.run import SearchRequest, search_products
from calval_toolbox.core.calibration.cloudsites.simulate import (
    AGGREGATE_M,
    CLOUD,
    SEA,
    plan_of,
    write_tile,
)
from calval_toolbox.core.database import parse_name

SQUARES = 160  # of 12 pixels of 10 m: 19 km, a thirtieth of the area of a tile
PRODUCTS, GOAL = 3, 10.0
OPEN = SceneLimits(min_cloud_percent=0.0, preview_share=0.0)
LIMITS = CloudLimits(aggregate_m=AGGREGATE_M, cell_deg=0.05)


def write(folder: Path, kind: int, cloud_percent: float) -> list[Path]:
    """Products that show one thing."""
    made = []
    for number in range(PRODUCTS):
        time_of = np.datetime64(f"2024-01-{5 * number + 1:02d}T09:20:31", "ms")
        plan = plan_of(np.full((SQUARES, SQUARES), kind), seed=number, time=time_of,
                       cloud_percent=cloud_percent)  # fmt: skip
        made.append(write_tile(folder, plan, seed=number))
    return made


def searched(products: list[Path], scenes: SceneLimits, folder: Path) -> Callable[[], object]:
    """A search of products into a database of its own."""
    request = SearchRequest([str(one) for one in products], scenes, LIMITS, workers=1)

    def work() -> object:
        path = folder / f"{time.monotonic_ns()}.gpkg"
        return search_products(parse_name(str(path)), request)

    return work


def whole(products: list[Path]) -> None:
    """All bands of the products, as arrays."""
    for product in products:
        for path in product.glob("GRANULE/*/IMG_DATA/*_B*.jp2"):
            gdal.Open(str(path)).ReadAsArray()


def rate(work: Callable[[], object]) -> float:
    """Products per second, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return PRODUCTS / best


def main() -> int:
    """The exit code: 0 where the goal is reached."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Written by another process, so that the memory of this one is that of the searches.
        context = multiprocessing.get_context("spawn")
        made = {"clear": (SEA, 2.0), "dark": (SEA, 50.0), "cloudy": (CLOUD, 100.0)}
        with concurrent.futures.ProcessPoolExecutor(1, context) as pool:
            clear, dark, cloudy = (
                pool.submit(write, folder / label, *what).result() for label, what in made.items()
            )
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
        rates = {
            "clouds measured in 13 bands": rate(searched(cloudy, OPEN, folder)),
        }
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
        rates |= {
            "stopped by metadata": rate(searched(clear, SceneLimits(), folder)),
            "stopped by preview": rate(searched(dark, SceneLimits(), folder)),
            "no preview asked, no cloud": rate(searched(dark, OPEN, folder)),
            "all bands read whole": rate(lambda: whole(cloudy)),
        }
    for label, value in rates.items():
        print(f"{label}: {value:.2f} products/s")
    print(f"largest memory: {before:.0f} MB before the searches, {after:.0f} MB after")
    for label in ("stopped by metadata", "stopped by preview"):
        ratio = rates[label] / rates["all bands read whole"]
        print(f"{label}: {ratio:.0f} x as many as with all bands read (goal {GOAL:.0f})")
    return 0 if rates["stopped by preview"] >= GOAL * rates["all bands read whole"] else 1


if __name__ == "__main__":
    sys.exit(main())
