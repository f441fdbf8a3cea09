# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts on images: what is planted at the four simulated sites, and what it is called.

Three draws of each site, from seeds that nothing was tuned on; see ``core.anomalies.scenes.trial``.
"""

from __future__ import annotations

import sys

from calval_toolbox.core.anomalies.scenes.settings import SITES
from calval_toolbox.core.anomalies.scenes.trial import (
    TRIAL_BANDS,
    TRIAL_NM,
    Planting,
    draw_trial,
)
from calval_toolbox.core.anomalies.spatial.confusion import Confusion
from calval_toolbox.core.anomalies.spatial.tiles import score_values
from calval_toolbox.core.anomalies.spatial.verdict import vote_dates

SEEDS = (5101, 5102, 5103)
SETS = (
    (
        Planting("gain", 0.10), Planting("gain", -0.20), Planting("offset", 0.03),
        Planting("offset", -0.05), Planting("aot_under", 0.35), Planting("aot_over", 0.20),
        Planting("shift", 0.5), Planting("stripes", 0.03), Planting("thin_cloud", 0.10),
        Planting("cloud", 0.5), Planting("wrong_date"),
    ),
    (
        Planting("gain", -0.10), Planting("gain", 0.05), Planting("offset", -0.02),
        Planting("offset", 0.08), Planting("aot_under", 0.20), Planting("aot_over", 0.45),
        Planting("shift", 1.2), Planting("stripes", 0.02), Planting("thin_cloud", 0.05),
        Planting("cloud", 0.6, 0.1), Planting("shadow", 0.7, 0.15),
        Planting("thin_cloud", 0.12, 0.5),
    ),
)  # fmt: skip
LEAST_RIGHT, MOST_MISNAMED, MOST_FALSE = 0.60, 0.05, 0.01


def main() -> int:
    """Print a table for each site and one for all; 1 where a goal is missed."""
    every = Confusion()
    for site in [one.name for one in SITES]:
        own = Confusion()
        for seed in SEEDS:
            for number, plantings in enumerate(SETS):
                trial = draw_trial(site, seed + 10 * number, plantings)
                tile = score_values(trial.values, trial.masks, trial.times, TRIAL_NM)
                votes = vote_dates(
                    [tile.summary], trial.times, TRIAL_BANDS, TRIAL_NM, orbits=trial.orbits
                )
                own.add(votes, trial.planted)
                every.add(votes, trial.planted)
        print(f"\n{site}\n{own.text()}", flush=True)
    print(f"\nAll sites\n{every.text()}")
    good = (
        every.right() >= LEAST_RIGHT * every.total()
        and every.misnamed <= MOST_MISNAMED * every.total()
        and every.false.total() <= MOST_FALSE * every.good
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
