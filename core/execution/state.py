# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a tiled run has come: read from its folder, while it runs or after it has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..io.tile_files import SUFFIX, Stamp, read_record, read_tile
from .lock import NAME as LOCK
from .manifest import NAME, Manifest
from .tiling import Rectangle

FOLDERS = "*.tiles"  # as ``runner.tile_folder`` calls them
EMPTY_KEY = "empty"  # of a summary: a sentence that says why nothing is in a tile
_FULL = 0.25  # bytes a pixel: what is compressed better may be a tile of nothing


class TileState(StrEnum):
    """What is known of a tile."""

    DONE = "done"
    EMPTY = "empty"  # computed, and nothing is in it, as where nothing matches
    MISSING = "missing"


@dataclass(frozen=True)
class TileView:
    """A tile of a run: its ``place`` (pixels), and what the tile function said of it."""

    name: str
    place: Rectangle
    state: TileState
    summary: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RunState:
    """All tiles of the run in ``folder``; ``function`` and ``parameters``: what computes them.
    ``size``: columns and rows of the raster they cover.
    """

    folder: Path
    function: str
    parameters: Mapping[str, Any]
    tiles: tuple[TileView, ...]
    stamps: Mapping[str, Stamp]

    def count(self, state: TileState) -> int:
        """How many tiles are in a state."""
        return sum(one.state is state for one in self.tiles)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows that the tiles cover."""
        columns = [one.place.column + one.place.width for one in self.tiles]
        rows = [one.place.row + one.place.height for one in self.tiles]
        return max(columns, default=0), max(rows, default=0)


def read_state(folder: Path | str, before: RunState | None = None) -> RunState:
    """How far the run in ``folder`` has come; ``before``: what was read earlier, whose tiles are
    not looked at again.

    Raises ``InputError`` where the folder holds no run, as after a run that ended well: its tiles
    are removed once the raster is complete.
    """
    folder = Path(folder)
    manifest = Manifest.read(folder)
    if manifest is None:
        raise InputError(
            f"{folder} holds no tiles of a run. They are removed when a run has ended well; "
            "choose the folder of a run that is at work, was stopped or failed (NAME.tiles, beside "
            "its output)."
        )
    known = {one.name: one for one in before.tiles} if before is not None else {}
    old = before.stamps if before is not None else {}
    tiles = []
    for name, values in sorted(manifest.places.items()):
        place, stamp = Rectangle(*(int(one) for one in values)), manifest.stamps.get(name)
        if stamp is not None and name in known and old.get(name) == stamp:
            tiles.append(known[name])
        else:
            tiles.append(_looked_at(folder, name, place, stamp))
    identity = manifest.identity.values
    return RunState(
        folder, str(identity.get("function", "")), dict(identity.get("parameters", {})),
        tuple(tiles), dict(manifest.stamps),
    )  # fmt: skip


def find_runs(folders: Iterable[Path | str]) -> list[Path]:
    """The folders of tiles in some folders, that of the latest run first; an algorithm of several
    steps has one for each in its own.
    """
    found = {}
    for folder in {Path(one) for one in folders}:
        try:
            for pattern in (f"{FOLDERS}/{NAME}", f"{FOLDERS}/*/{NAME}"):
                for manifest in folder.glob(pattern):
                    found[manifest.parent] = manifest.stat().st_mtime
        except OSError:
            continue
    return sorted(found, key=lambda one: -found[one])


def run_name(folder: Path | str) -> str:
    """The folder of a run, with that of its algorithm where it is one of several steps."""
    path = Path(folder)
    own = path.match(FOLDERS)
    return path.name if own else f"{path.parent.name}/{path.name}"


def is_running(folder: Path | str) -> bool:
    """Whether a run may be at work in ``folder``: its lock is there."""
    return (Path(folder) / LOCK).exists()


def _looked_at(folder: Path, name: str, place: Rectangle, stamp: Stamp | None) -> TileView:
    if stamp is None:
        return TileView(name, place, TileState.MISSING)
    path = folder / f"{name}{SUFFIX}"
    try:
        summary = dict(read_record(path).get("summary", {}))
        empty = bool(summary.get(EMPTY_KEY))
        if not empty and stamp.bytes < _FULL * place.width * place.height:
            empty = _is_empty(path)
    except InputError:  # removed or damaged since: to be computed again
        return TileView(name, place, TileState.MISSING)
    return TileView(name, place, TileState.EMPTY if empty else TileState.DONE, summary)


def _is_empty(path: Path) -> bool:
    """Whether no array of decimals of a tile holds a number, though there is one."""
    floats = [one for one in read_tile(path)[0].values() if one.dtype.kind == "f"]
    return bool(floats) and not any(np.isfinite(one).any() for one in floats)
