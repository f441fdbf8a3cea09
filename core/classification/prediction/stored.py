# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimators of scikit-learn as bytes, without pickle: only types that are known are made again."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...errors import InputError
from ...wording import listed

# What gradient-boosted trees consist of beside what skops knows by itself.
_KNOWN = frozenset(
    {
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.link.MultinomialLogit",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn._loss.loss.HalfMultinomialLoss",
        "sklearn._loss._loss.CyHalfBinomialLoss",
        "sklearn._loss._loss.CyHalfMultinomialLoss",
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    }
)


def store(estimator: Any) -> bytes:
    """``estimator`` as bytes (skops)."""
    data: bytes = require("skops.io").dumps(estimator)
    return data


def restore(data: bytes) -> Any:
    """The estimator of ``data``; raises ``InputError`` where it holds types that are not known."""
    skops = require("skops.io")
    try:
        unknown = sorted(set(skops.get_untrusted_types(data=data)) - _KNOWN)
    except Exception as error:  # of a damaged archive skops raises whatever its parser meets
        raise InputError("The stored estimator of the model is damaged. Train it again.") from error
    if unknown:
        raise InputError(
            f"The model holds types that are not known and might run code: {listed(unknown, 3)}. "
            "It is not opened. Train the model here."
        )
    return skops.loads(data, trusted=sorted(_KNOWN))


def stored_shares(
    estimator: Any, values: npt.NDArray[np.float32], class_count: int
) -> npt.NDArray[np.float32]:
    """Class probabilities (n, classes) of an estimator trained on indices of classes."""
    shares = np.zeros((len(values), class_count), dtype=np.float32)
    shares[:, np.asarray(estimator.classes_, dtype=np.int64)] = estimator.predict_proba(values)
    return shares
