# SPDX-License-Identifier: GPL-3.0-or-later
"""What a configuration may say: the keys of the algorithms, step by step, with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PRIMITIVES, SAMPLES, TRAINING = "computeprimitives", "preparesamples", "trainclassifier"
MAPS, FUSION = "classifytimeseries", "fuseclassifications"
REGULARIZATION, ASSESSMENT = "regularizemap", "assessmap"
STEPS = (PRIMITIVES, SAMPLES, TRAINING, MAPS, FUSION, REGULARIZATION, ASSESSMENT)

# Keys that are said once for the whole chain, or follow from what is said: how they are called
# there ("": nobody says them).
PARAMETERS: dict[str, dict[str, Any]] = {
    PRIMITIVES: {
        "BANDS": "", "MASK_POLICY": "land_cover", "INDICES": "", "START": "", "END": "",
        "STEP_DAYS": 10, "DATES": "", "MAX_GAP_DAYS": 30.0, "RADAR_UNIT": "linear",
        "RADAR_RATIO": False, "EXOGENOUS_RESAMPLING": "auto", "USER_FEATURES": "",
    },
    SAMPLES: {
        "ID_FIELD": "", "DATE_FIELD": "", "TRAIN_RATIO": 0.5, "STRATEGY": "all", "AMOUNT": "",
        "MAX_PER_CLASS": 0, "AUGMENTATION": "none", "AUGMENT_TO": "largest", "JITTER_FACTOR": 10.0,
        "NEIGHBORS": 5, "MOVE": "", "FOLDS": 5, "BLOCK_SIZE_M": 5000.0, "MIN_DISTANCE": 0.0,
        "MINIMUM_VALIDITY": 1,
    },
    TRAINING: {},
    MAPS: {},
    FUSION: {},
    REGULARIZATION: {},
    ASSESSMENT: {},
}  # fmt: skip
SAID_ONCE: dict[str, str] = {
    "PRODUCTS": "products", "RADAR": "radar", "EXOGENOUS": "exogenous", "REFERENCE": "reference",
    "CLASS_FIELD": "class_field", "ZONES": "zones", "ZONE_FIELD": "zone_field", "RUNS": "runs",
    "SEED": "seed",
}  # fmt: skip


def defaults(step: str) -> Mapping[str, Any]:
    """The keys that a configuration may give for a step, with what holds where it does not."""
    return PARAMETERS[step]
