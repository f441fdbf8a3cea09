# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model file says of its training: accuracies by way of validation, important features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..classes import Classes
from ..confusion import Confusion
from ..model import Model
from ..training.train import CONFUSIONS

WAYS = ("random", "spatial", "test")
TOP = 20


@dataclass(frozen=True)
class ModelView:
    """``overall`` accuracies (0 to 1) by way of ``WAYS``, as far as there are; ``confusions``: the
    same, empty where the model was trained by a version that did not keep them. ``importance``: the
    most important features, the first ones first, ``measured`` by ``impurity`` or ``shuffling``.
    ``folds`` of random and spatial cross-validation; ``places``: what says which samples lie
    together; ``samples``: how many it was trained on.
    """

    method: str
    zone: str
    classes: Classes
    overall: dict[str, float]
    confusions: dict[str, Confusion]
    importance: dict[str, float]
    measured: str
    folds: tuple[int, int]
    places: str
    samples: int


def model_view(model: Model) -> ModelView:
    """The facts of ``model``; those that it lacks are empty."""
    facts = model.facts
    count = len(model.classes)
    confusions = {}
    for way, rows in dict(facts.get(CONFUSIONS) or {}).items():
        counts = np.asarray(rows, dtype=np.float64)
        if way in WAYS and counts.shape == (count, count):
            confusions[way] = Confusion(model.classes, counts)
    accuracies = dict(facts.get("overall_accuracy") or {})
    overall = {way: float(accuracies[way]) for way in WAYS if way in accuracies}
    ordered = sorted(dict(facts.get("importance") or {}).items(), key=lambda one: -one[1])
    folds = [int(one) for one in facts.get("folds") or (0, 0)]
    return ModelView(
        model.method, model.zone, model.classes, overall, confusions, dict(ordered[:TOP]),
        str(facts.get("importance_by", "")), (folds[0], folds[-1]), str(facts.get("places", "")),
        int(facts.get("samples", 0)),
    )  # fmt: skip
