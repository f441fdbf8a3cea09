# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel remembers over a restart, as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from ...core.aot.expected_errors import EXPECTED_ERRORS
from .model import AotModel


def state_of(model: AotModel) -> dict[str, Any]:
    """Table, filters, expected error and site that ``model`` shows."""
    return {
        "source": model.inputs.source if model.inputs else "",
        "settings": asdict(model.settings),
        "envelope": model.envelope.name,
        "site": model.site,
    }


def recall(model: AotModel, state: Mapping[str, Any]) -> bool:
    """Put filters, expected error and site back; False where ``state`` is of another table.

    Names that this version does not know are ignored.
    """
    if model.inputs is None or state.get("source") != model.inputs.source:
        return False
    known = asdict(model.settings)
    stored = {key: value for key, value in state.get("settings", {}).items() if key in known}
    model.apply(replace(model.settings, **{**stored, "quantity": model.settings.quantity}))
    if state.get("envelope") in EXPECTED_ERRORS:
        model.envelope = EXPECTED_ERRORS[str(state["envelope"])]
    site = str(state.get("site", ""))
    model.site = site if site in model.sites else ""
    return True
