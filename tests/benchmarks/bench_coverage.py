# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the 95 % intervals hold the truth, for few and many site-months, beside percentiles.

Match-ups with a known truth are simulated again and again: each month shifts the satellite by an
effect of its own, each match-up by noise of the same size, the photometer by its own uncertainty.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = (6, 8, 12, 24, 48)
ROWS = 4  # match-ups a month, on average
RUNS, REPLICATES = 400, 400
BIAS, MONTH_SD, NOISE_SD, PHOTOMETER_SD = 0.02, 0.05, 0.05, 0.015
GOALS = {"accuracy": (0.90, 6), "precision": (0.85, 8), "uncertainty": (0.85, 8)}
LARGEST = 0.99
PLACES = (
    *("accuracy", "precision", "uncertainty", "mae", "median", "nmad"),
    *("correlation", "rank_correlation", "ols", "deming", "theil_sen", "ee", "ee (Wilson)"),
)


def simulated(blocks: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Photometer, satellite and time of one campaign at one site."""
    count = 1 + rng.poisson(ROWS - 1, blocks)
    month = np.repeat(np.arange(blocks), count)
    aot = np.exp(rng.normal(-1.8, 0.6, len(month)))
    shift = rng.normal(BIAS, MONTH_SD, blocks)[month]
    return {
        "x": aot + rng.normal(0.0, PHOTOMETER_SD, len(month)),
        "y": aot + shift + rng.normal(0.0, NOISE_SD, len(month)),
        "time": np.datetime64("2015-01", "M") + month,
    }


def summary(data: dict[str, np.ndarray], replicates: int, seed: int) -> Any:
    """The statistics of one campaign, as the toolbox makes them."""
    from calval_toolbox.core.aot.statistics import summarize_rows
    from calval_toolbox.core.aot.types import MatchUps

    count = len(data["x"])
    every = np.ones(count, dtype=bool)
    empty = np.full(count, "", dtype=object)
    matchups = MatchUps(
        np.full(count, "A", dtype=object),
        data["time"].astype("datetime64[ms]"),
        data["y"],
        data["x"],
        np.full(count, 3),
        np.full(count, 0.01),
        np.zeros(count),
        every,
        every,
        empty,
    )
    return summarize_rows(matchups, every, n_bootstrap=replicates, seed=seed)


def intervals(one: Any) -> dict[str, Any]:
    """The intervals of a summary by name."""
    found = {key: getattr(one, key) for key in PLACES[:8]}
    found |= {key: one.regressions[key].slope for key in ("ols", "deming", "theil_sen")}
    share = one.fractions["ee"]
    return found | {"ee": share.block or share.within, "ee (Wilson)": share.within}


def truth(rng: np.random.Generator) -> dict[str, float]:
    """The figures of a campaign that never ends."""
    long = [simulated(4000, rng) for _ in range(5)]
    each = [summary(one, 0, 0) for one in long]
    found = {key: float(np.mean([intervals(one)[key].value for one in each])) for key in PLACES}
    spread = math.sqrt(MONTH_SD**2 + NOISE_SD**2 + PHOTOMETER_SD**2)
    exact = {"accuracy": BIAS, "median": BIAS, "precision": spread, "nmad": spread, "deming": 1.0}
    return found | exact | {"uncertainty": math.hypot(spread, BIAS)}


def coverage(blocks: int, known: dict[str, float], rng: np.random.Generator) -> dict[str, float]:
    """The share of campaigns of ``blocks`` months whose interval holds the truth."""
    hits = dict.fromkeys(PLACES, 0)
    for seed in range(RUNS):
        found = intervals(summary(simulated(blocks, rng), REPLICATES, seed))
        for key, one in found.items():
            hits[key] += one.low <= known[key] <= one.high
    return {key: hit / RUNS for key, hit in hits.items()}


def missed(table: dict[int, dict[str, float]]) -> list[str]:
    """What does not reach the goals."""
    found = []
    for key, (least, first) in GOALS.items():
        for blocks, row in table.items():
            if (blocks >= first and row[key] < least) or row[key] > LARGEST:
                found.append(f"{key} with {blocks} months: {row[key]:.3f}")
    return found


def main() -> int:
    """Print the table; 1 where an interval of bias, sd or RMSE misses its goal."""
    sys.path.insert(0, str(ROOT / "build" / "plugins"))
    rng = np.random.default_rng(7)
    known = truth(rng)
    table = {blocks: coverage(blocks, known, rng) for blocks in BLOCKS}
    say = sys.stdout.write
    say(f"coverage of the 95 % intervals, {RUNS} campaigns of about {ROWS} match-ups a month\n")
    say(f"  {'months':18s}{''.join(f'{blocks:7d}' for blocks in BLOCKS)}\n")
    for key in PLACES:
        say(f"  {key:18s}{''.join(f'{table[blocks][key]:7.3f}' for blocks in BLOCKS)}\n")
    failures = missed(table)
    say("".join(f"  missed: {one}\n" for one in failures))
    return int(bool(failures))


if __name__ == "__main__":
    raise SystemExit(main())
