# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel remembers over a restart, as plain JSON values; and notes about the files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...core.execution.manifest import NAME
from ..text import tr
from .controls import SHOWN_MATCHERS
from .histogram import HistogramPlot
from .model import ElevationModel
from .profile import ProfilePlot


def state_of(model: ElevationModel, opened: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Files, choices, line and pixel."""
    return {
        "opened": {kind: list(paths) for kind, paths in opened.items()},
        "checked": model.shown(), "line": model.line, "model": model.model,
        "reference": model.reference, "pair": list(model.pair), "matcher": model.matcher,
        "whole_range": model.whole_range, "pixel": model.pixel, "folder": model.folder,
    }  # fmt: skip


def recall(
    model: ElevationModel, opened: dict[str, dict[str, str]], state: Mapping[str, Any]
) -> None:
    """Put back what ``state`` says of files that are still there."""
    for kind, paths in dict(state.get("opened", {})).items():
        if kind in opened:
            opened[kind] |= {one: Path(one).name for one in paths if Path(one).is_file()}
    model.checked = [str(one) for one in state.get("checked", [])]
    model.recalled = bool(model.checked)
    model.model, model.reference = str(state.get("model", "")), str(state.get("reference", ""))
    pair = [str(one) for one in state.get("pair", [])]
    if len(pair) == 2:
        model.pair = (pair[0], pair[1])
    line, pixel = state.get("line"), state.get("pixel")
    if line and len(line) == 2:
        model.line = ([float(one) for one in line[0]], [float(one) for one in line[1]])
    if pixel and len(pixel) == 2:
        model.pixel = (float(pixel[0]), float(pixel[1]))
    if state.get("matcher") in SHOWN_MATCHERS:
        model.matcher = str(state["matcher"])
    model.whole_range = bool(state.get("whole_range", False))
    folder = str(state.get("folder", ""))
    model.folder = folder if folder and (Path(folder) / NAME).is_file() else ""


def profile_notes(model: ElevationModel) -> str:
    """What is odd about the models of the profile, "" for nothing."""
    notes = [note for one in model.profiles for note in one.notes]
    known = {one.vertical for one in model.profiles}
    if len(known) > 1:
        none = tr("none stated")
        names = ", ".join(
            f"{model.name(one.path)}: {one.vertical or none}" for one in model.profiles
        )
        notes.append(
            tr(
                "The models state different vertical references ({}): heights are shown as they "
                "are."
            ).format(names)
        )  # fmt: skip
    if len(model.checked) > len(model.shown()):
        notes.append(tr("Only the first {} models are drawn.").format(len(model.shown())))
    return " ".join(notes)


def notes(model: ElevationModel, plot: str) -> str:
    """What is odd about what a plot (by its name) shows, "" for nothing."""
    if plot == ProfilePlot.name:
        return profile_notes(model)
    if plot == HistogramPlot.name and model.differences is not None:
        return " ".join(model.differences.pair.notes)
    return ""
