# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel remembers over a restart, and the command that reproduces what it shows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...core.anomalies.harmonics import MAX_HARMONICS
from ...core.anomalies.labels import ALL_TYPES
from ..command import process_line
from .model import SeriesModel

ALGORITHM = "calval:detectanomalies"
OUTPUTS = {"OUTPUT": ".gpkg", "ANOMALIES": ".gpkg", "REPORT": ".html"}
LEFT_OUT = "STEPS"  # an output of the run that need not be written


def state_of(model: SeriesModel) -> dict[str, Any]:
    """Table, sites, bands, filters and settings that ``model`` shows."""
    settings = model.settings
    return {
        "source": model.inputs.source if model.inputs else "",
        "site": model.site,
        "shown": model.shown,
        "bands": model.bands,
        "stacked": model.stacked,
        "hidden": sorted(model.hidden),
        "types_off": sorted(set(ALL_TYPES) - model.types),
        "harmonics": settings.harmonics,
        "threshold": settings.threshold,
    }


def recall(model: SeriesModel, state: Mapping[str, Any]) -> bool:
    """Put everything back; False where ``state`` is of another table. What is not there any more
    is ignored.
    """
    if model.inputs is None or state.get("source") != model.inputs.source:
        return False
    sites = [one for one in state.get("shown", []) if one in model.entries]
    model.shown = sites or model.shown
    model.pick(str(state.get("site", "")))
    offered = model.offered_bands()
    model.bands = [one for one in state.get("bands", []) if one in offered] or model.bands
    model.stacked = bool(state.get("stacked", True))
    model.hidden = {str(one) for one in state.get("hidden", [])}
    model.types = set(ALL_TYPES) - {str(one) for one in state.get("types_off", [])}
    harmonics, threshold = state.get("harmonics"), state.get("threshold")
    if harmonics is None or harmonics in range(MAX_HARMONICS + 1):
        model.settings = replace(model.settings, harmonics=harmonics)
    if isinstance(threshold, float) and 0.0 < threshold < 1.0:
        model.settings = replace(model.settings, threshold=threshold)
    return True


def command(model: SeriesModel, windows: bool = os.name == "nt") -> str:
    """The ``qgis_process`` line of a detection with the settings of ``model``; "" where what is
    shown is in no file.

    Outputs go beside the table under names of their own, so that nothing is overwritten.
    """
    inputs = model.inputs
    if inputs is None or not Path(inputs.source.split("|")[0]).is_file():
        return ""
    values: dict[str, Any] = {
        key: value for key, value in inputs.parameters.items() if key not in (*OUTPUTS, LEFT_OUT)
    }
    # A table of detections is one of time series too: without a record it is taken itself.
    values.setdefault("INPUT", inputs.source)
    settings = model.settings
    values["HARMONICS"] = "auto" if settings.harmonics is None else str(settings.harmonics)
    values["THRESHOLD"] = settings.threshold
    table = Path(inputs.source.split("|")[0])
    for key, suffix in OUTPUTS.items():
        values[key] = str(table.with_name(f"{table.stem}_panel_{key.lower()}{suffix}"))
    return process_line(ALGORITHM, values, windows)
