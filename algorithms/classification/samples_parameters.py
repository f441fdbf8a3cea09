# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters that say how samples are split, drawn, augmented and moved."""

from __future__ import annotations

from ...core.classification.chain.keys import SAMPLES
from ...core.classification.limits import within
from ...core.classification.samples.settings import (
    ALL,
    AUGMENTATIONS,
    LARGEST,
    NONE,
    STRATEGIES,
)
from ..base import CalValAlgorithm, make, tr

TRAIN_RATIO, RUNS, SEED = "TRAIN_RATIO", "RUNS", "SEED"
STRATEGY, AMOUNT, MAX_PER_CLASS = "STRATEGY", "AMOUNT", "MAX_PER_CLASS"
AUGMENTATION, AUGMENT_TO = "AUGMENTATION", "AUGMENT_TO"
JITTER_FACTOR, NEIGHBORS, MOVE = "JITTER_FACTOR", "NEIGHBORS", "MOVE"
FOLDS, BLOCK_SIZE_M, MIN_DISTANCE = "FOLDS", "BLOCK_SIZE_M", "MIN_DISTANCE"
MIN_DATES = "MIN_DATES"


def add_split(algorithm: CalValAlgorithm) -> None:
    """Add TRAIN_RATIO and STRATEGY, which everybody looks at."""
    algorithm.add(
        make.number(
            TRAIN_RATIO, tr("Share that trains"),
            tr(
                "Share of the polygons of each class and zone that train, above 0 to 1; the others "
                "test. 1: all train, nothing is left for tests."
            ),
            0.5, **within(SAMPLES, TRAIN_RATIO),
        ),
        make.choice(
            STRATEGY, tr("Strategy"),
            tr(
                "Which pixels of the training polygons are taken: all; equal: the same number of "
                "each class; percent: a share of each class; counts: a number by class (AMOUNT)."
            ),
            STRATEGIES, ALL,
        ),
    )  # fmt: skip


def add_details(algorithm: CalValAlgorithm) -> None:
    """Add the advanced parameters of ``settings_from``."""
    algorithm.add(*_drawing(), *_augmenting(), *_spacing())


def _drawing() -> tuple[make.Definition, ...]:
    return (
        make.number(
            RUNS, tr("Runs"),
            tr(
                "How many splits are drawn, each by itself: columns split, split_1, split_2 and so "
                "on. Accuracies of several runs tell how much the split matters."
            ),
            1, minimum=1, maximum=100, integer=True, advanced=True,
        ),
        make.number(
            SEED, tr("Seed"),
            tr("Whole number, 0 or more; the same seed draws the same samples."),
            0, minimum=0, maximum=2_147_483_647, integer=True, advanced=True,
        ),
        make.string(
            AMOUNT, tr("Amount"),
            tr(
                "Of the strategy. equal: samples of each class and zone (empty: as many as the "
                "smallest class); percent: more than 0 to 100; counts: as wheat=500,maize=300, "
                "classes that are not named keep all."
            ),
            optional=True, advanced=True, several=True,
        ),
        make.number(
            MAX_PER_CLASS, tr("Most samples per class"),
            tr(
                "At most so many training samples and so many test samples of each class and zone, "
                "and so many pixels of one polygon; 0: no limit."
            ),
            0, integer=True, advanced=True, **within(SAMPLES, MAX_PER_CLASS),
        ),
    )  # fmt: skip


def _augmenting() -> tuple[make.Definition, ...]:
    return (
        make.choice(
            AUGMENTATION, tr("Augmentation"),
            tr(
                "More training samples for rare classes. replicate: copies; jitter: copies with "
                "noise; smote: points on the line between a sample and a neighbor of its class."
            ),
            AUGMENTATIONS, NONE, advanced=True,
        ),
        make.string(
            AUGMENT_TO, tr("Augment to"),
            tr(
                "Training samples that each class gets in each zone: largest (as many as the "
                "largest class there), a number, or numbers by class as wheat=500,maize=300."
            ),
            LARGEST, advanced=True, several=True,
        ),
        make.number(
            JITTER_FACTOR, tr("Jitter factor"),
            tr(
                "Noise of jitter: the standard deviation of each feature in the class, divided by "
                "this (more than 0): 10 adds noise of a tenth."
            ),
            10.0, advanced=True, **within(SAMPLES, JITTER_FACTOR),
        ),
        make.number(
            NEIGHBORS, tr("Neighbors"),
            tr("Of smote: how many nearest samples of the class a partner is drawn from, from 1."),
            5, integer=True, advanced=True, **within(SAMPLES, NEIGHBORS),
        ),
        make.string(
            MOVE, tr("Samples of other zones"),
            tr(
                "Training samples copied from one zone to another, as source zone,destination "
                "zone,class,count; several between semicolons. The count may be all."
            ),
            optional=True, advanced=True,
        ),
    )  # fmt: skip


def _spacing() -> tuple[make.Definition, ...]:
    return (
        make.number(
            FOLDS, tr("Spatial folds"),
            tr("Folds for spatial cross-validation, 2 or more: the column fold, from 1."),
            5, integer=True, advanced=True, **within(SAMPLES, FOLDS),
        ),
        make.number(
            BLOCK_SIZE_M, tr("Block size (m)"),
            tr(
                "Side of the square blocks that folds are made of, in meters, more than 0: larger "
                "than the distance over which places are alike."
            ),
            5000.0, advanced=True, **within(SAMPLES, BLOCK_SIZE_M),
        ),
        make.number(
            MIN_DISTANCE, tr("Distance from tests (m)"),
            tr(
                "Training polygons that are closer than this to a test polygon are not used, in "
                "meters from edge to edge; 0: all are."
            ),
            0.0, advanced=True, **within(SAMPLES, MIN_DISTANCE),
        ),
        make.number(
            MIN_DATES, tr("Fewest clear dates"),
            tr("Pixels seen on fewer clear dates (VALIDITY) are left out, 0 or more."),
            1, integer=True, advanced=True, **within(SAMPLES, MIN_DATES),
        ),
    )  # fmt: skip
