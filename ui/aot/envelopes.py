# SPDX-License-Identifier: GPL-3.0-or-later
"""Expected errors as people read them."""

from __future__ import annotations

from ...core.aot.types import ExpectedError
from ..text import tr


def envelope_formula(envelope: ExpectedError) -> str:
    """What follows the plus-minus sign, such as ``0.05 + 15 %``."""
    parts = f"{envelope.offset:g}", f"{100 * envelope.slope:g} %"
    return f"max({parts[0]}, {parts[1]})" if envelope.maximum else " + ".join(parts)


def envelope_text(envelope: ExpectedError) -> str:
    """An expected error in one line: name and formula."""
    names = {
        "dark_target": tr("Dark Target"),
        "sentinel2": tr("Sentinel-2"),
        "gaw_goal": tr("GAW goal"),
        "gaw_threshold": tr("GAW threshold"),
        "gcos": tr("GCOS"),
        "water_vapor": tr("Sentinel-2"),
    }
    return f"{names.get(envelope.name, envelope.name)}: ± {envelope_formula(envelope)}"
