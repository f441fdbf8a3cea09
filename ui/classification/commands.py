# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``qgis_process`` lines behind what the panel shows.

A matrix is computed anew by the assessment of the map. Samples and classifiers come with the record
of the run that made them, which the line repeats with outputs of its own; those of a chain are made
by it, up to their step, in another folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...core.classification.chain.origin import chain_of, fair_splits
from ...core.classification.sample_fields import POLYGON
from ...core.classification.views.sample_view import ALL, TEST
from ...core.io.land_cover_layers import CLASSES
from ..command import process_line
from ..records import read_record, split_source
from ..text import tr
from .model import SAMPLES, LandCoverModel

ASSESS, PREPARE, TRAIN = (
    f"calval:{name}" for name in ("assessmap", "preparesamples", "trainclassifier")
)
CHAIN = "calval:landcoverchain"
WINDOWS = os.name == "nt"
_OUTPUTS = {
    PREPARE: {"OUTPUT": "_again.gpkg"},
    TRAIN: {"OUTPUT_MODEL": "_again.npz", "REPORT": "_again.html"},
}
_OUTPUT_KEYS = {"OUTPUT", "OUTPUT_MODEL", "REPORT", "CONFUSION", "SUMMARY"}


def assess_line(model: LandCoverModel, windows: bool = WINDOWS) -> str:
    """The assessment of the map with the samples of the matrix; "" without both, or where the
    algorithm would count other samples: it knows the test samples, or all that there are.
    """
    path, source, view = model.chosen[CLASSES], model.chosen[SAMPLES], model.view
    if not path or view is None:
        return ""
    if model.side != TEST and not (model.side == ALL and view.real.all()):
        return ""
    splits = fair_splits(path, list(view.sides)) if model.side == TEST else ()
    base = Path(path)
    values = {
        "MAP": path, "REFERENCE": source, "CLASS_FIELD": model.class_field,
        "SPLIT_FIELD": splits, "POLYGON_FIELD": POLYGON,
        "OUTPUT": str(base.with_name(f"{base.stem}_accuracy.csv")),
        "CONFUSION": str(base.with_name(f"{base.stem}_confusion.csv")),
        "REPORT": str(base.with_name(f"{base.stem}_accuracy.html")),
    }  # fmt: skip
    return process_line(ASSESS, values, windows)


def samples_line(model: LandCoverModel, windows: bool = WINDOWS) -> str:
    """The run or the chain that made the samples; "" where its record is lost."""
    return _again(split_source(model.chosen[SAMPLES])[0], PREPARE, windows)


def train_line(model: LandCoverModel, windows: bool = WINDOWS) -> str:
    """The run or the chain that made the classifier; "" where its record is lost."""
    return _again(model.model_path, TRAIN, windows)


def _again(path: str, algorithm: str, windows: bool) -> str:
    record = read_record(path) if path else {}
    parameters: Mapping[str, Any] = record.get("parameters") or {}
    if record.get("algorithm") != algorithm or not parameters:
        return _of_chain(path, windows) if path else ""
    base = Path(path)
    values = {key: value for key, value in parameters.items() if key not in _OUTPUT_KEYS}
    values |= {
        key: str(base.with_name(base.stem + end)) for key, end in _OUTPUTS[algorithm].items()
    }
    return process_line(algorithm, values, windows)


def _of_chain(path: str, windows: bool) -> str:
    """The chain that a file is a result of, run once more up to the step of the file; "" where it
    is of none.
    """
    found = chain_of(path)
    if found is None or not found[0].configuration:
        return ""
    state, unit = found
    values = {
        "CONFIGURATION": json.dumps(state.configuration, ensure_ascii=False),
        "OUTPUT_FOLDER": str(state.folder.with_name(f"{state.folder.name}_again")),
        "LAST_STEP": state.records[unit].step,
    }  # fmt: skip
    return process_line(CHAIN, values, windows)


def copied(line: str) -> str:
    """What is said once a line is on the clipboard."""
    if CHAIN in line:
        return tr("The command of the chain, up to this step, is on the clipboard.")
    return tr("The command is on the clipboard.")


def no_command(plot: str) -> str:
    """Why there is no line for a plot, by its name."""
    if plot == "land_cover_comparison":
        return tr("No algorithm makes this table: export it instead.")
    if plot == "land_cover_confusion":
        return tr("Choose samples, a map and the side test: assessmap counts test samples.")
    return tr(
        "The record of the run (.provenance.json) is not beside the file: the command is not known."
    )
