# SPDX-License-Identifier: GPL-3.0-or-later
"""Between the parameters of ``compareaot`` and the settings of the panel, in both directions."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...core.aot.expected_errors import DEFAULT_ENVELOPE, EXPECTED_ERRORS
from ...core.aot.types import MatchSettings
from ..command import process_line

ALGORITHM = "calval:compareaot"
OUTPUTS = {"MATCHUPS": ".gpkg", "STATISTICS": ".csv", "REPORT": ".html"}
_TRUE = ("true", "1", "yes")


def _optional(value: Any) -> float | None:
    return None if value in (None, "") else float(value)


def _truth(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() in _TRUE


@dataclass(frozen=True)
class Link:
    """A parameter and the setting it fills: how it is read, and how it is said."""

    field: str
    read: Callable[[Any], Any]


LINKS: dict[str, Link] = {
    "TIME_WINDOW_MIN": Link("time_window_min", float),
    "MIN_OBSERVATIONS": Link("min_observations", int),
    "QUANTITY": Link("quantity", str),
    "ONLY_STABLE": Link("only_stable", _truth),
    "STABLE_SD": Link("stable_sd", float),
    "STABLE_SHARE": Link("stable_share", float),
    "STABLE_MAX_CLOUD": Link("stable_max_cloud", float),
    "STABILITY_WINDOW_MIN": Link("stability_window_min", float),
    "MAX_GAPFILLED": Link("max_gapfilled", _optional),
    "MAX_CLOUD": Link("max_cloud", _optional),
    "MAX_ALTITUDE_DIFFERENCE_M": Link("max_altitude_difference_m", _optional),
    "ALTITUDE_SCALE_M": Link("altitude_scale_m", _optional),
    "DEDUPLICATE": Link("deduplicate", _truth),
    "DROP_SATURATED": Link("drop_saturated", _truth),
    "KEEP_DEFAULT_AOT": Link("keep_default_aot", _truth),
    "LEVEL": Link("level", str),
    "WINDOW_M": Link("window_m", _optional),
}


def settings_of(parameters: Mapping[str, Any]) -> MatchSettings:
    """The settings of a run, from its recorded parameters; what is not recorded has its default."""
    found = {}
    for key, link in LINKS.items():
        if key in parameters:
            found[link.field] = link.read(parameters[key])
    return replace(MatchSettings(), **found)


def envelope_name(parameters: Mapping[str, Any], quantity: str) -> str:
    """The key of the expected error that a run used."""
    named = str(parameters.get("EXPECTED_ERROR", ""))
    return named if named in EXPECTED_ERRORS else DEFAULT_ENVELOPE[quantity]


def command(
    parameters: Mapping[str, Any],
    settings: MatchSettings,
    envelope: str,
    source: str,
    windows: bool = os.name == "nt",
) -> str:
    """The ``qgis_process`` line of a run with these settings, quoted for the shell ("" without
    recorded inputs).

    Outputs go beside the table ``source`` under names of their own, so that nothing is overwritten.
    """
    if not parameters.get("SATELLITE") or not parameters.get("AERONET"):
        return ""
    values = {key: value for key, value in parameters.items() if key not in OUTPUTS}
    standard = MatchSettings()
    for key, link in LINKS.items():
        value = getattr(settings, link.field)
        if key in parameters or value != getattr(standard, link.field):
            values[key] = value
    values["EXPECTED_ERROR"] = envelope
    table = Path(source.split("|")[0])
    for key, suffix in OUTPUTS.items():
        values[key] = str(table.with_name(f"{table.stem}_panel_{key.lower()}{suffix}"))
    return process_line(ALGORITHM, values, windows)
