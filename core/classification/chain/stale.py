# SPDX-License-Identifier: GPL-3.0-or-later
"""Results whose map was made anew without them: out of the way, so that nobody takes them for its
own.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ...io.fingerprints import is_intact
from .keys import ASSESSMENT, REGULARIZATION
from .state import State

ASIDE = "stale"  # the folder for them, in that of the chain
# What says something of a map, or is one once more. Models, maps of further runs and the like stay
# for a configuration that asks for them again.
_STEPS = (REGULARIZATION, ASSESSMENT)


def put_aside(state: State) -> list[str]:
    """Move what was made of files that are others now into the folder ``ASIDE``, and forget it;
    returns the paths, below the folder of the chain. A file that cannot be moved stays.
    """
    stale = _stale(state)
    gone = [state.records.pop(name) for name in stale]
    kept = {path for record in state.records.values() for path in record.files.values()}
    moved = [
        path for record in gone for key, path in record.files.items()
        if path not in kept and is_intact(state.folder / path, record.outputs[key])
        and _moved(state.folder, path)
    ]  # fmt: skip
    if stale:
        state.write()
    return moved


def _stale(state: State) -> list[str]:
    """The units of ``_STEPS`` that something which they were made of is gone for, has another
    content now, or is stale itself.
    """
    now, found = state.outputs(), list[str]()
    for name in sorted(state.records, key=lambda one: one == ASSESSMENT):  # made of the others
        record = state.records[name]
        used = record.identity.values["inputs"]  # of the chain's own files the hash, a text
        old = any(
            key not in now or now[key][1] != known or now[key][0] in found
            for key, known in used.items() if isinstance(known, str)
        )  # fmt: skip
        if old and record.step in _STEPS:
            found.append(name)
    return found


def _moved(folder: Path, path: str) -> bool:
    """Move a file with its style and its record; whether that could be done."""
    old, new = folder / path, folder / ASIDE / path
    with suppress(OSError):
        new.parent.mkdir(parents=True, exist_ok=True)
        old.replace(new)
        for beside in (old.with_suffix(".qml"), old.with_name(f"{old.name}.provenance.json")):
            if beside.is_file():
                beside.replace(new.with_name(beside.name))
        return True
    return False
