# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parameters of the land-cover steps may be: the one table of their words and ranges, for
the algorithms of the steps and for the chain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypedDict

from ..io.exogenous_files import CHOICES as RESAMPLINGS
from ..io.products.masks import POLICIES
from ..io.radar_files import UNITS
from .accuracy.area_accuracy import DESIGNS
from .chain.keys import ASSESSMENT, FUSION, MAPS, PRIMITIVES, REGULARIZATION, SAMPLES, TRAINING
from .maps.fusion import MASSES
from .maps.fusion import METHODS as FUSIONS
from .maps.majority import SHAPES
from .samples.settings import AUGMENTATIONS, STRATEGIES
from .training.members import METHODS

CONNECTIONS = ("4", "8")  # neighbors of a pixel
_ALIKE = 0.6


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``, both allowed; None: no end."""

    low: float
    high: float | None = None

    @property
    def words(self) -> str:
        """The range, in words."""
        return f"{self.low:g} or more" if self.high is None else f"{self.low:g} to {self.high:.10g}"

    def holds(self, value: float) -> bool:
        """Whether a finite number lies within."""
        return math.isfinite(value) and self.low <= value <= (
            math.inf if self.high is None else self.high
        )


class Bounds(TypedDict):
    """The keywords of a number of an algorithm."""

    minimum: float
    maximum: float | None


# Words are lists, in the order of the dialogs. Parameters that are not here take anything of their
# kind, or are read by what makes the step.
ALLOWED: Mapping[str, Mapping[str, tuple[str, ...] | Range]] = {
    PRIMITIVES: {
        "MASK_POLICY": tuple(POLICIES), "STEP_DAYS": Range(1, 3660), "MAX_GAP_DAYS": Range(0),
        "RADAR_UNIT": UNITS, "EXOGENOUS_RESAMPLING": RESAMPLINGS,
    },
    SAMPLES: {
        "TRAIN_RATIO": Range(0.001, 1), "STRATEGY": STRATEGIES, "MAX_PER_CLASS": Range(0),
        "AUGMENTATION": AUGMENTATIONS, "JITTER_FACTOR": Range(0.01), "NEIGHBORS": Range(1, 1000),
        "FOLDS": Range(2, 100), "BLOCK_SIZE_M": Range(0.001), "MIN_DISTANCE": Range(0),
        "MIN_DATES": Range(0),
    },
    TRAINING: {
        "METHOD": METHODS, "TREES": Range(1, 5000), "FOLDS": Range(2, 20), "BLOCK_SIZE_M": Range(0),
    },
    MAPS: {"BLEND_WIDTH_M": Range(0)},
    FUSION: {"METHOD": FUSIONS, "MASS": MASSES, "UNDECIDED": Range(0, 65535)},
    REGULARIZATION: {
        "MAJORITY_RADIUS": Range(0, 50), "SHAPE": SHAPES, "MINIMUM_PIXELS": Range(0, 1_000_000),
        "MINIMUM_AREA": Range(0), "CONNECTEDNESS": CONNECTIONS, "SIMPLIFY_PIXELS": Range(0, 100),
        "SMOOTH_TURNS": Range(0, 5),
    },
    ASSESSMENT: {"DESIGN": DESIGNS},
}  # fmt: skip


def within(step: str, key: str) -> Bounds:
    """The ends of the range of the number ``key`` of ``step``."""
    found = ALLOWED[step][key]
    if not isinstance(found, Range):
        raise TypeError(f"{key} of {step} is no number")
    return {"minimum": found.low, "maximum": found.high}


def refusal(step: str, key: str, value: Any) -> str:
    """Why ``key`` of ``step`` cannot be ``value`` (of the right kind), in a sentence; "" where it
    can.
    """
    found = ALLOWED[step].get(key)
    if found is None or (found.holds(value) if isinstance(found, Range) else value in found):
        return ""
    if isinstance(found, Range):
        kind = "a whole number" if isinstance(value, int) else "a number"
        return f"{key} of {step} cannot be {value:g}: give {kind}, {found.words}."
    meant = get_close_matches(str(value).casefold(), found, 1, _ALIKE)
    hint = f" Is '{meant[0]}' meant?" if meant else ""
    return f"{key} of {step} cannot be '{value}': give one of {', '.join(found)}.{hint}"
