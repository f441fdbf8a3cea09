# SPDX-License-Identifier: GPL-3.0-or-later
"""How the AOT reports call quantities, envelopes, filters, groups and fitted lines."""

from __future__ import annotations

from collections.abc import Mapping

from ..aot.types import ExpectedError, Summary

ENVELOPES: Mapping[str, str] = {
    "dark_target": "Dark Target expected error",
    "sentinel2": "Sentinel-2 requirement",
    "gaw_goal": "GAW goal",
    "gaw_threshold": "GAW threshold",
    "gcos": "GCOS requirement",
    "water_vapor": "Sentinel-2 requirement",
}
FITS: Mapping[str, str] = {
    "ols": "Ordinary least squares",
    "deming": "Deming",
    "theil_sen": "Theil-Sen",
}
FILTERS: Mapping[str, str] = {
    "all": "All satellite observations",
    "no_retrieval": "With a satellite value",
    "implausible": "Plausible satellite value",
    "time_unknown": "Time of day known",
    "no_site": "At a site of the reference",
    "no_reference_in_window": "AERONET inside the time window",
    "level": "Quality level",
    "too_few_observations": "Enough AERONET observations",
    "default_aot": "No default AOT",
    "saturated": "Not clipped",
    "gap_filled": "Gap-filled share",
    "cloudy": "Cloud share",
    "unstable": "Stable atmosphere",
    "altitude": "Altitude difference",
    "duplicate": "One row per overpass",
}
SEASONS: Mapping[str, str] = {
    "DJF": "DJF (Dec–Feb)",
    "MAM": "MAM (Mar–May)",
    "JJA": "JJA (Jun–Aug)",
    "SON": "SON (Sep–Nov)",
}


def quantity_name(quantity: str) -> str:
    """The quantity in running text."""
    return "water vapor" if quantity == "water_vapor" else "AOT"


def axis_unit(quantity: str) -> str:
    """The unit on axes, where AOT says that it has none."""
    return "cm" if quantity == "water_vapor" else "unitless"


def table_unit(quantity: str) -> str:
    """The unit behind numbers and in table heads; "" for AOT."""
    return "cm" if quantity == "water_vapor" else ""


def decimals(quantity: str) -> int:
    """Decimal places of values without interval: a tenth of the photometer's own uncertainty."""
    return 2 if quantity == "water_vapor" else 3


def symbol(quantity: str) -> str:
    """The quantity in formulas."""
    return "w" if quantity == "water_vapor" else "\u03c4"


def envelope_name(envelope: ExpectedError) -> str:
    """The name of an envelope as a reader knows it."""
    return ENVELOPES.get(envelope.name, envelope.name.replace("_", " "))


def envelope_text(envelope: ExpectedError, quantity: str) -> str:
    """The envelope as formula: ``±(0.05 + 0.15 τ)`` or ``±max(0.03, 0.1 τ)``."""
    slope = f"{envelope.slope:g}\u00a0{symbol(quantity)}"
    if envelope.maximum:
        return f"±max({envelope.offset:g},\u00a0{slope})"
    return f"±({envelope.offset:g}\u00a0+\u00a0{slope})"


def group_name(summary: Summary) -> str:
    """The name of a group in tables and on axes."""
    if summary.grouping == "season":
        return SEASONS.get(summary.group, summary.group)
    if summary.grouping == "aot_bin":
        return summary.group.replace("-", "\u2013").replace(">= ", "\u2265\u00a0")
    return summary.group
