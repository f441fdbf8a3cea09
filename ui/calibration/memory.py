# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel remembers over a restart, and the command that reproduces what it shows."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..command import process_line
from ..records import split_source
from .controls import ERRORS, most
from .model import CalibrationModel

OUTPUTS = {"OUTPUT": ".gpkg", "SUMMARY": ".csv", "REPORT": ".html"}
NEEDED = ("DATABASE", "TARGET_SENSOR", "REFERENCE_SENSOR")
KNOWN = ("calval:calibratedesert", "calval:calibrateantarctic")


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
    return True


def command(model: CalibrationModel, windows: bool = os.name == "nt") -> str:
    """The ``qgis_process`` line of a calibration with the sites, period and limits of ``model``; ""
    where the run that made the coefficients is not known.

    Outputs go beside the table under names of their own, so that nothing is overwritten, and the
    database is left as it is.
    """
    inputs = model.inputs
    if inputs is None or inputs.algorithm not in KNOWN:
        return ""
    if not all(inputs.parameters.get(key) for key in NEEDED):
        return ""
    values = {key: value for key, value in inputs.parameters.items() if key not in OUTPUTS}
    choice = model.choice
    if choice.sites is not None:
        values["SITES"] = ",".join(sorted(choice.sites))
    limits = {
        "MAX_DISTANCE_DEG": choice.distance_deg, "TIME_WINDOW_DAYS": choice.days,
        "CLIP_SIGMAS": choice.clip_sigmas,
    }  # fmt: skip
    values |= {key: one for key, one in limits.items() if one is not None and math.isfinite(one)}
    days = {"FIRST_DAY": choice.first, "LAST_DAY": choice.last}
    values |= {key: str(day) for key, day in days.items() if day is not None}
    values["KEEP_RUN"] = False
    table = Path(split_source(inputs.source)[0])
    name = table.stem if inputs.ids is None else f"{table.stem}_run{inputs.run}"
    for key, suffix in OUTPUTS.items():
        values[key] = str(table.with_name(f"{name}_panel_{key.lower()}{suffix}"))
    return process_line(inputs.algorithm, values, windows)


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
