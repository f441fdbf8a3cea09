# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel remembers over a restart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.calibration.parameter_update import Model
from .controls import ERRORS, most
from .model import CalibrationModel


def state_of(model: CalibrationModel) -> dict[str, Any]:
    """Table, selection and limits that ``model`` shows."""
    choice = model.choice
    return {
        "source": model.inputs.source if model.inputs else "",
        "sites": None if choice.sites is None else sorted(choice.sites),
        "bands": model.bands,
        "band": model.band,
        "method": choice.method,
        "distance_deg": _finite(choice.distance_deg),
        "days": _finite(choice.days),
        "clip_sigmas": choice.clip_sigmas,
        "first": None if choice.first is None else str(choice.first),
        "last": None if choice.last is None else str(choice.last),
        "errors": model.errors,
        "stacked": model.stacked,
        "trend_model": model.trend_model.value,
        **studies_of(model),
    }


def recall(model: CalibrationModel, state: Mapping[str, Any]) -> bool:
    """Put everything back; False where ``state`` is of another table. What is not there any more
    is ignored.
    """
    if model.inputs is None or state.get("source") != model.inputs.source:
        return False
    rows = model.rows
    sites = [one for one in state.get("sites") or () if one in model.sites]
    model.bands = most([one for one in state.get("bands", []) if one in rows.bands]) or model.bands
    model.band = str(state.get("band")) if state.get("band") in rows.bands else model.bands[0]
    method = state.get("method")
    model.set_choice(
        replace(
            model.choice,
            sites=frozenset(sites) or None,
            method=method if method in rows.distinct("method") else model.choice.method,
            distance_deg=_limit(state.get("distance_deg")),
            days=_limit(state.get("days")),
            clip_sigmas=_positive(state.get("clip_sigmas")),
            first=_day(state.get("first")),
            last=_day(state.get("last")),
        )
    )
    errors = state.get("errors")
    model.errors = errors if errors in ERRORS else model.errors
    model.stacked = bool(state.get("stacked", True))
    tried = state.get("trend_model")
    model.trend_model = Model(tried) if tried in [one.value for one in Model] else Model.AUTO
    return True


def studies_of(model: CalibrationModel) -> dict[str, str]:
    """The sources of the studies that ``model`` shows, by what they are of."""
    found = {"impact": model.impact, "budget": model.budget}
    return {key: study.source for key, study in found.items() if study is not None}


def studies_in(state: Mapping[str, Any]) -> list[str]:
    """The sources of the studies that a ``state`` names."""
    return [str(state[key]) for key in ("impact", "budget") if state.get(key)]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _positive(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and math.isfinite(value) and value > 0 else None


def _limit(value: Any) -> float:
    found = _positive(value)
    return math.inf if found is None else found


def _day(value: Any) -> np.datetime64 | None:
    try:
        return np.datetime64(str(value), "D") if value else None
    except ValueError:
        return None
