# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``qgis_process`` lines that make what the panel and its plots show.

Outputs go beside the table under names of their own, so that nothing is overwritten, and databases
are left as they are. Every function gives "" where the run is not known.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..command import process_line
from ..records import is_database_source, split_source
from .inputs import CLOUDS, PREFIX, Inputs, Study
from .model import SEASON, SITE_OFFSETS, CalibrationModel

OUTPUTS = {"OUTPUT": ".gpkg", "SUMMARY": ".csv", "REPORT": ".html"}
STUDY_OUTPUTS = {"OUTPUT": ".gpkg", "CORRELATION": ".csv", "REPORT": ".html"}
PLAIN_OUTPUTS = {"OUTPUT": ".gpkg", "REPORT": ".html"}
NEEDED = ("DATABASE", "TARGET_SENSOR", "REFERENCE_SENSOR")
CLOUDS_NEEDED = ("DATABASE", "TARGET_SENSOR", "REFERENCE_BAND")
KNOWN = (f"{PREFIX}calibratedesert", f"{PREFIX}calibrateantarctic")
UPDATE = f"{PREFIX}updatecalibration"
WINDOWS = os.name == "nt"


def calibration(model: CalibrationModel, windows: bool = WINDOWS) -> str:
    """A calibration with the sites, period and limits of ``model``."""
    inputs = model.inputs
    if inputs is None:
        return ""
    if inputs.algorithm == CLOUDS:
        return clouds(model, windows)
    if not _has(inputs, KNOWN, NEEDED):
        return ""
    choice = model.choice
    limits = {
        "MAX_DISTANCE_DEG": choice.distance_deg, "TIME_WINDOW_DAYS": choice.days,
        "CLIP_SIGMAS": choice.clip_sigmas,
    }  # fmt: skip
    own = {key: one for key, one in limits.items() if one is not None and math.isfinite(one)}
    return _line(inputs, {**_where_and_when(model), **own}, OUTPUTS, windows)


def clouds(model: CalibrationModel, windows: bool = WINDOWS) -> str:
    """A calibration over clouds with the sites and the period of ``model``."""
    inputs = model.inputs
    if inputs is None or not _has(inputs, (CLOUDS,), CLOUDS_NEEDED):
        return ""
    return _line(inputs, _where_and_when(model), PLAIN_OUTPUTS, windows)


def trend(model: CalibrationModel, windows: bool = WINDOWS) -> str:
    """The models of the trend of the band that is shown, fitted to what the run accepts."""
    inputs = model.inputs
    if inputs is None or inputs.run < 0 or not inputs.parameters.get("DATABASE"):
        return ""
    values = {
        "DATABASE": inputs.parameters["DATABASE"], "RUN": inputs.run, "BANDS": model.band,
        "MODEL": model.trend_model.value, "SITE_OFFSETS": SITE_OFFSETS, "SEASON": SEASON,
        "HOLDOUT": 0, "WRITE": False,
        **_outputs(inputs.source, _stem(inputs), f"trend_{model.band}", PLAIN_OUTPUTS),
    }  # fmt: skip
    return process_line(UPDATE, values, windows)


def budget(model: CalibrationModel, windows: bool = WINDOWS) -> str:
    """The budget that is shown: that of the table that was opened, or of the run."""
    if model.budget is not None:
        return _study(model.budget, STUDY_OUTPUTS, windows)
    inputs = model.inputs
    if inputs is None or not len(inputs.budget.table) or not _has(inputs, KNOWN, NEEDED):
        return ""
    return _line(inputs, {}, OUTPUTS, windows)


def impact(model: CalibrationModel, windows: bool = WINDOWS) -> str:
    """The study of the impact of clouds that is shown."""
    return _study(model.impact, PLAIN_OUTPUTS, windows) if model.impact is not None else ""


def _has(inputs: Inputs, algorithms: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    return inputs.algorithm in algorithms and all(inputs.parameters.get(key) for key in keys)


def _where_and_when(model: CalibrationModel) -> dict[str, Any]:
    choice = model.choice
    found = {} if choice.sites is None else {"SITES": ",".join(sorted(choice.sites))}
    days = {"FIRST_DAY": choice.first, "LAST_DAY": choice.last}
    return {**found, **{key: str(day) for key, day in days.items() if day is not None}}


def _line(
    inputs: Inputs, changes: Mapping[str, Any], outputs: Mapping[str, str], windows: bool
) -> str:
    values = {key: value for key, value in inputs.parameters.items() if key not in OUTPUTS}
    values |= {**changes, "KEEP_RUN": False}
    values |= _outputs(inputs.source, _stem(inputs), "panel", outputs)
    return process_line(inputs.algorithm, values, windows)


def _study(study: Study, outputs: Mapping[str, str], windows: bool) -> str:
    if not study.algorithm or not study.parameters.get("DATABASE"):
        return ""
    values = {key: value for key, value in study.parameters.items() if key not in outputs}
    stem = Path(split_source(study.source)[0]).stem
    values |= _outputs(study.source, stem, "panel", outputs)
    return process_line(study.algorithm, values, windows)


def _stem(inputs: Inputs) -> str:
    if is_database_source(inputs.source):
        return f"calibration_run{inputs.run}"
    stem = Path(split_source(inputs.source)[0]).stem
    return stem if inputs.ids is None else f"{stem}_run{inputs.run}"


def _outputs(source: str, stem: str, what: str, outputs: Mapping[str, str]) -> dict[str, str]:
    """Files beside the source; of a database on a server in the present folder."""
    folder = Path() if is_database_source(source) else Path(split_source(source)[0]).parent
    return {
        key: str(folder / f"{stem}_{what}_{key.lower()}{suffix}") for key, suffix in outputs.items()
    }
