# SPDX-License-Identifier: GPL-3.0-or-later
"""What a map was made of: the manifest of its chain, or the records of the runs of single steps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...errors import InputError
from ..sample_fields import SPLIT
from .keys import FUSION, MAPS, REGULARIZATION, TRAINING
from .state import NAME, Record, State

_DEEPEST = 3  # a file of a chain lies in a folder of its folder, or of a tile's
_RECORD = ".provenance.json"
_MADE_OF = {FUSION: "MAPS", MAPS: "MODELS", REGULARIZATION: "MAP"}
_PREFIX = "calval:"


def chain_of(path: Path | str) -> tuple[State, str] | None:
    """The chain that a file is a result of, and the unit that made it; None where it is of none."""
    place = Path(path).absolute()
    for folder in place.parents[:_DEEPEST]:
        if not (folder / NAME).is_file():
            continue
        try:
            state = State.read(folder)
        except InputError:
            return None
        inside = place.relative_to(folder).as_posix()
        for name, record in state.records.items():
            if inside in record.files.values():
                return state, name
    return None


def splits_of(path: Path | str) -> tuple[str, ...]:
    """The columns of the samples that say what the models of a map, or a model, were trained on:
    one for each run that is in it. () where it is not known of all of them.
    """
    found = _splits(Path(path))
    return tuple(sorted(found or ()))


def fair_splits(path: Path | str, columns: Sequence[str]) -> tuple[str, ...]:
    """Those of the ``columns`` of splits that all have to say ``test`` of a sample that a map may
    be judged by: of the runs that are in it; all of them where those are not known.
    """
    own = splits_of(path)
    known = bool(own) and set(own) <= set(columns)
    return tuple(one for one in columns if one in own) if known else tuple(columns)


def _splits(path: Path) -> set[str] | None:
    """None where it is not known."""
    chain = chain_of(path)
    if chain is not None:
        state, name = chain
        return _of_unit(state, state.records[name]) or None
    made = _record(path)
    parameters: dict[str, Any] = made.get("parameters") or {}
    step = str(made.get("algorithm", "")).removeprefix(_PREFIX)
    if step == TRAINING:
        return {str(parameters.get("SPLIT_FIELD") or SPLIT)}
    sources = parameters.get(_MADE_OF.get(step, ""), [])
    found: set[str] = set()
    for source in [sources] if isinstance(sources, str) else sources:
        own = _splits(Path(str(source)))
        if own is None:
            return None
        found |= own
    return found or None


def _of_unit(state: State, record: Record) -> set[str]:
    values = record.identity.values
    if record.step == TRAINING:
        return {str(values["parameters"]["SPLIT_FIELD"])}
    outputs = state.outputs()
    used = {outputs[key][0] for key in values["inputs"] if key in outputs}
    return {split for name in used for split in _of_unit(state, state.records[name])}


def _record(path: Path) -> dict[str, Any]:
    """The record beside a file; empty where there is none."""
    try:
        found = json.loads(path.with_name(path.name + _RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
