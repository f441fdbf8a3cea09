#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ``resources/anomalies/small_samples.csv``: what keeps the rate of false alarms right where
there are few dates. Some ten minutes of CPU time; ``WORKERS`` processes share them.

Usage: PYTHONPATH=build/plugins build/venv/bin/python scripts/make_small_samples.py [WORKERS]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from calval_toolbox.core.anomalies.noise_simulation import DRAWS, Point, simulated_factors

FILE = Path(__file__).resolve().parent.parent / "resources" / "anomalies" / "small_samples.csv"
BANDS, FEWER_BANDS = (1, 2, 3, 4, 6, 12), (1, 3, 6)
# Clear dates by harmonics: those that choose so many by themselves, closely; others coarsely.
AUTOMATIC = {2: (20, 18, 23), 3: (24, 30, 40, 60, 110, 250)}
CHOSEN = {2: (45, 150), 3: (18,), 1: (18, 40, 150), 0: (18, 40, 150)}
SHORT_UP_TO = 30  # with more dates the ends of a series do not matter
CELLS, FEWER_CELLS = 200_000, 60_000
# Of the fewest dates that are common it matters most how they lie: more drawings of them.
CLOSELY, MANY_DRAWS = ((2, 20),), 100
HEAD = (
    "harmonics,dates,bands,dense,short,share,cells,unevenness,"
    "distance_0.01,distance_0.001,distance_0.0001,laws_0.01,laws_0.001,laws_0.0001"
)


def points() -> Iterator[tuple[Point, int]]:
    """All points of the table, each with the dates x pixels that are simulated for it."""
    for grid, cells in ((AUTOMATIC, CELLS), (CHOSEN, FEWER_CELLS)):
        for harmonics, counts in grid.items():
            some = BANDS if harmonics in AUTOMATIC else FEWER_BANDS
            for dates, bands in product(counts, some):
                for dense, share in product((False, True), (1, 0)) if bands > 1 else ((False, 1),):
                    yield Point(harmonics, dates, bands, dense, False, share), cells
                # By how much the factor is larger depends little on the correlation.
                if grid is AUTOMATIC and dates <= SHORT_UP_TO:
                    yield Point(harmonics, dates, bands, False, True, 1), cells


def row(task: tuple[Point, int]) -> str:
    """A line of the file."""
    point, cells = task
    closely = (point.harmonics, point.dates) in CLOSELY
    found = simulated_factors(point, cells, draws=MANY_DRAWS if closely else DRAWS)
    place = [str(int(value)) for value in vars(point).values()]
    numbers = [found.unevenness, *found.distance, *found.laws]
    return ",".join([*place, str(cells), *(f"{number:.4f}" for number in numbers)])


def main() -> None:
    """Simulate, and write the file once all is there."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    part, lines = FILE.with_suffix(".part"), []
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else os.cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool, part.open("w", encoding="utf-8") as file:
        for line in pool.map(row, points()):
            lines.append(line)
            file.write(line + "\n")
            file.flush()
    lines.sort(key=lambda line: [int(cell) for cell in line.split(",")[:6]])
    FILE.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    part.unlink()


if __name__ == "__main__":
    main()
