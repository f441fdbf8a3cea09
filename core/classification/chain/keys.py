# SPDX-License-Identifier: GPL-3.0-or-later
"""What a configuration may say: the keys of the algorithms, step by step, with their defaults."""

from __future__ import annotations

from typing import Any

PRIMITIVES, SAMPLES, TRAINING = "computeprimitives", "preparesamples", "trainclassifier"
MAPS, FUSION = "classifytimeseries", "fuseclassifications"
REGULARIZATION, ASSESSMENT = "regularizemap", "assessmap"
STEPS = (PRIMITIVES, SAMPLES, TRAINING, MAPS, FUSION, REGULARIZATION, ASSESSMENT)

# Defaults are those of the algorithms, but for two: a map is to have a class everywhere, so the
# first and the last clear value are held without a limit, and maps of several runs that tie are
# settled by their confidence.
PARAMETERS: dict[str, dict[str, Any]] = {
    PRIMITIVES: {
        "BANDS": "", "MASK_POLICY": "land_cover", "INDICES": "", "START": "", "END": "",
        "STEP_DAYS": 10, "DATES": "", "MAX_GAP_DAYS": 366.0, "RADAR_UNIT": "linear",
        "RADAR_RATIO": False, "EXOGENOUS_RESAMPLING": "auto", "USER_FEATURES": "",
        "DATE_PATTERN": "", "BAND_DATES": "", "MASK_BAND": "", "MASK_CLEAR": "0", "SCALE": None,
        "OFFSET": None, "NODATA": None,
    },
    SAMPLES: {
        "ID_FIELD": "", "DATE_FIELD": "", "TRAIN_RATIO": 0.5, "STRATEGY": "all", "AMOUNT": "",
        "MAX_PER_CLASS": 0, "AUGMENTATION": "none", "AUGMENT_TO": "largest", "JITTER_FACTOR": 10.0,
        "NEIGHBORS": 5, "MOVE": "", "FOLDS": 5, "BLOCK_SIZE_M": 5000.0, "MIN_DISTANCE": 0.0,
        "MIN_DATES": 1,
    },
    TRAINING: {
        "FEATURE_FIELDS": "", "METHOD": "extra_trees", "TREES": 300, "FOLDS": 5,
        "BLOCK_SIZE_M": 0.0,
    },
    MAPS: {"BLEND_WIDTH_M": 0.0},
    FUSION: {
        "METHOD": "confidence_weighted", "MASS": "precision", "UNDECIDED": 255,
        "NODATA_VOTES": True,
    },
    REGULARIZATION: {
        "MAJORITY_RADIUS": 1, "SHAPE": "circle", "MINIMUM_PIXELS": 0, "MINIMUM_AREA": 0.0,
        "CONNECTEDNESS": "4", "SIMPLIFY_PIXELS": 0.8, "SMOOTH_TURNS": 0,
    },
    ASSESSMENT: {"DESIGN": "none"},
}  # fmt: skip
# Keys that are said once for the whole chain, and how they are called there.
SAID_ONCE: dict[str, str] = {
    "PRODUCTS": "products", "STACK": "stack", "RADAR": "radar", "EXOGENOUS": "exogenous",
    "REFERENCE": "reference",
    "CLASS_FIELD": "class_field", "ZONES": "zones", "ZONE_FIELD": "zone_field", "RUNS": "runs",
    "SEED": "seed",
}  # fmt: skip
