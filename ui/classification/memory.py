# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel remembers over a restart, as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...core.classification.views.sample_view import SIDES
from ..records import is_there
from .model import KINDS, LandCoverModel

Opened = dict[str, dict[str, str]]


def state_of(model: LandCoverModel, opened: Opened) -> dict[str, Any]:
    """Files and choices."""
    chosen = {**model.chosen, **model.wanted}
    return {
        "opened": {kind: list(paths) for kind, paths in opened.items() if paths},
        "wanted": {kind: source for kind, source in chosen.items() if source},
        "field": model.class_field, "band": model.band, "checked": model.checked,
        "place": model.place, "side": model.side, "model": model.model_path,
    }  # fmt: skip


def recall(model: LandCoverModel, opened: Opened, state: Mapping[str, Any]) -> None:
    """Put back what ``state`` says of files that are still there."""
    for kind, paths in dict(state.get("opened") or {}).items():
        if kind in opened:
            opened[kind] |= {one: Path(one).name for one in paths if is_there(one)}
    model.wanted = {str(kind): str(one) for kind, one in dict(state.get("wanted") or {}).items()}
    model.chosen, model.second = dict.fromkeys(KINDS, ""), ""  # taken as wanted where offered
    model.class_field, model.band = str(state.get("field", "")), str(state.get("band", ""))
    checked, place = state.get("checked"), state.get("place")
    model.checked = None if checked is None else [str(one) for one in checked]
    if place and len(place) == 2:
        model.place = (float(place[0]), float(place[1]))
    if state.get("side") in SIDES:
        model.side = str(state["side"])
    path = str(state.get("model", ""))
    model.model_path = path if path and Path(path).is_file() else ""
