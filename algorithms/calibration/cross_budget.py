# SPDX-License-Identifier: GPL-3.0-or-later
"""How results of a cross-calibration are summed up, and the sizes of its budget: parameters."""

from __future__ import annotations

from ...core.calibration.budget_types import Sizes
from ...core.calibration.cross_summaries import Period
from ..base import CalValAlgorithm, Job, make, tr
from .cross_spectral import add_spectral

PERIOD, DRAWS, SEED = "PERIOD", "DRAWS", "SEED"
REFERENCE_UNCERTAINTY, AOT_UNCERTAINTY = "REFERENCE_UNCERTAINTY", "AOT_UNCERTAINTY"
WATER_UNCERTAINTY = "WATER_UNCERTAINTY"


def add_results(algorithm: CalValAlgorithm) -> None:
    """How results are summed up, and the sizes of the uncertainty budget."""
    add_spectral(algorithm)
    algorithm.add(
        make.choice(
            PERIOD, tr("Periods"), tr("Sum up by these besides the whole time."),
            tuple(one.value for one in Period), Period.HALF_YEAR.value, advanced=True,
        ),
        make.number(
            REFERENCE_UNCERTAINTY, tr("Uncertainty of the reference (%)"),
            tr("Standard uncertainty of its calibration, common to its bands."),
            1.0, minimum=0.0, maximum=50.0, advanced=True,
        ),
        make.number(
            AOT_UNCERTAINTY, tr("Uncertainty of the AOT"),
            tr("Standard uncertainty of its level, and of its difference between two dates."),
            0.1, minimum=0.0, maximum=2.0, advanced=True,
        ),
        make.number(
            WATER_UNCERTAINTY, tr("Uncertainty of the water vapor (%)"),
            tr("Standard uncertainty of its level, and of its difference between two dates."),
            20.0, minimum=0.0, maximum=100.0, advanced=True,
        ),
    )  # fmt: skip
    add_draws(algorithm)


def add_draws(algorithm: CalValAlgorithm, least: int = 0) -> None:
    """How often Monte Carlo draws, at ``least``, and with which seed."""
    none = tr("Of the uncertainty budget; 0: no budget.")
    algorithm.add(
        make.number(
            DRAWS, tr("Monte Carlo draws"), none if not least else tr("Of the uncertainty budget."),
            200, minimum=least, maximum=100_000, integer=True, advanced=True,
        ),
        make.number(
            SEED, tr("Seed"), tr("The same seed gives the same draws."),
            0, minimum=0, maximum=2**31 - 1, integer=True, advanced=True,
        ),
    )  # fmt: skip


def sizes_of(job: Job) -> Sizes | None:
    """The sizes of the uncertainty budget, None where none is wanted."""
    if not job[DRAWS]:
        return None
    aot, water = job[AOT_UNCERTAINTY], job[WATER_UNCERTAINTY] / 100.0
    return Sizes(aot, aot, water, water, reference=job[REFERENCE_UNCERTAINTY] / 100.0)
