# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tile folder holds: the run that it belongs to, and a checksum for each finished tile.

The file is one JSON object a line: the run first, with the places of its tiles, then the tiles in
the order of their finishing.
A line that a crash has cut is ignored: its tile is looked at itself.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import OutputError
from ..io.atomic import not_written, write_text
from ..io.tile_files import Stamp, to_json
from ..version import plugin_version

NAME = "manifest.jsonl"
FORMAT = 1


@dataclass(frozen=True)
class Identity:
    """What makes two runs the same: function, parameters, state of the inputs, tiles, version."""

    values: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of all of it."""
        return hashlib.sha256(to_json(self.values).encode()).hexdigest()

    def difference(self, other: Identity) -> str:
        """The first things that differ, for a sentence."""
        mine, theirs = _flat(self.values), _flat(other.values)
        names = [key for key in sorted({*mine, *theirs}) if mine.get(key) != theirs.get(key)]
        told = [f"{key}: {_short(theirs.get(key))} before, {_short(mine.get(key))} now"
                for key in names[:3]]  # fmt: skip
        return "; ".join(told) + (f"; and {len(names) - 3} more" if len(names) > 3 else "")


def identify(
    function: str, parameters: Mapping[str, Any], inputs: Sequence[str], layout: str
) -> Identity:
    """The identity of a run.

    ``inputs``: files whose size and time of change belong to it; others (``/vsi`` paths, folders)
    count by name. ``layout``: a text that is the same for the same tiles.
    """
    values = {
        "function": function,
        "parameters": dict(parameters),
        "inputs": {str(path): file_state(str(path)) for path in inputs},
        "tiles": layout,
        "version": plugin_version(),
        "format": FORMAT,
    }
    return Identity(json.loads(to_json(values)))


class Manifest:
    """The manifest of ``folder``, in memory and in its file; ``places``: column, row, width and
    height of all tiles of the run by their names.
    """

    def __init__(
        self,
        folder: Path,
        identity: Identity,
        stamps: dict[str, Stamp],
        places: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self.path = folder / NAME
        self.identity, self.stamps, self.places = identity, stamps, dict(places or {})

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """The manifest of ``folder``; None where there is none that can be understood."""
        try:
            lines = (folder / NAME).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return None
        found = [line for line in map(_parsed, lines) if line]
        if not found or "run" not in found[0]:
            return None
        stamps = {
            str(line["tile"]): Stamp(str(line["sha256"]), int(line["bytes"]))
            for line in found[1:]
            if {"tile", "sha256", "bytes"} <= line.keys()
        }
        return cls(folder, Identity(found[0]["run"]), stamps, found[0].get("places"))

    def rewrite(self) -> None:
        """Write the file anew, in one step; raises ``OutputError``."""
        lines = [to_json({"run": self.identity.values, "places": self.places})]
        lines += [_line(name, stamp) for name, stamp in self.stamps.items()]
        part = self.path.with_name(f".{NAME}.part")
        write_text(part, "\n".join(lines) + "\n", NAME)
        os.replace(part, self.path)

    def append(self, name: str, stamp: Stamp) -> None:
        """Add a finished tile; raises ``OutputError``.

        Nothing waits for the disk here: a line lost with the computer's power is made up for by
        the tile itself, which is on the disk.
        """
        try:
            with open(self.path, "ab") as stream:
                stream.write((_line(name, stamp) + "\n").encode())
        except OSError as error:
            raise not_written(NAME) from error
        self.stamps[name] = stamp


def other_run(folder: Path, mine: Identity, theirs: Identity) -> OutputError:
    """That the folder belongs to a run with other parameters, and what to do."""
    return OutputError(
        f"{folder} holds tiles of a run with other parameters ({mine.difference(theirs)}). Give "
        "the parameters of that run, choose another output, or switch resuming off to start again."
    )


def _line(name: str, stamp: Stamp) -> str:
    return to_json({"tile": name, "sha256": stamp.sha256, "bytes": stamp.bytes})


def _parsed(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def file_state(path: str) -> list[int]:
    """Size and time of change of a file, by which a change shows; nothing for what is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return []
    return [found.st_size, found.st_mtime_ns] if os.path.isfile(path) else []


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if key in ("parameters", "inputs"):
            flat |= dict(value)
        else:
            flat[key] = value
    return flat


def _short(value: Any) -> str:
    text = to_json(value)
    return text if len(text) <= 60 else text[:57] + "..."
