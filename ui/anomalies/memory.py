# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel remembers over a restart, and the command that reproduces what it shows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from ...core.anomalies.harmonics import MAX_HARMONICS
from ...core.anomalies.labels import ALL_TYPES
from ...core.series.guess import Reading
from ...core.series.long_table import SeriesColumns
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
        **reading_state(model.inputs.reading if model.inputs else Reading()),
    }


def reading_state(reading: Reading) -> dict[str, Any]:
    """How the table was read, empty for one with our own columns."""
    if reading == Reading():
        return {}
    return {"columns": asdict(reading.columns), "scale": reading.scale}


def reading_of(state: Mapping[str, Any]) -> Reading | None:
    """How the table of ``state`` is to be read, None where that is to be found out."""
    columns, scale = state.get("columns"), state.get("scale", 1.0)
    known = {one.name for one in fields(SeriesColumns)}
    if not isinstance(columns, dict) or not isinstance(scale, int | float) or not scale > 0:
        return None
    texts = {key: str(value) for key, value in columns.items() if key in known}
    return Reading(SeriesColumns(**texts), float(scale))


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
    values |= _reading_parameters(inputs.reading)
    settings = model.settings
    values["HARMONICS"] = "auto" if settings.harmonics is None else str(settings.harmonics)
    values["THRESHOLD"] = settings.threshold
    table = Path(inputs.source.split("|")[0])
    for key, suffix in OUTPUTS.items():
        values[key] = str(table.with_name(f"{table.stem}_panel_{key.lower()}{suffix}"))
    return process_line(ALGORITHM, values, windows)


def _reading_parameters(reading: Reading) -> dict[str, Any]:
    """The parameters of the algorithm that say how a table is read; those of our own are left to
    its defaults.
    """
    columns, own = reading.columns, SeriesColumns()
    said = {
        "SITE_FIELD": (columns.site, own.site),
        "TIME_FIELD": (columns.time, own.time),
        "TIME_FORMAT": (columns.time_format, own.time_format),
        "BAND_FIELD": (columns.band, own.band),
        "VALUE_FIELD": (columns.value, own.value),
        "MASK_FIELD": (columns.mask, own.mask),
        "CLEAR_VALUES": (columns.mask_clear, own.mask_clear),
        "VALUE_SCALE": (reading.scale, 1.0),
    }
    return {key: value for key, (value, standard) in said.items() if value != standard}
