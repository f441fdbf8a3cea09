# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a run: its tiles, its manifest, and what of an earlier run can be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..errors import Canceled, OutputError
from ..io.tile_files import PART, SUFFIX, Stamp, stamp_of, unpack
from ..progress import Progress
from .lock import NAME as LOCK
from .manifest import NAME as MANIFEST
from .manifest import Identity, Manifest, other_run
from .tiling import Tile

_READERS = 4


class TileStore:
    """The tile folder ``folder`` of the run ``identity``; its lock must be held."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        self.folder, self.identity = folder, identity
        self.manifest = Manifest(folder, identity, {})
        self.damaged: list[str] = []

    def path(self, tile: Tile) -> Path:
        """The file of a tile."""
        return self.folder / f"{tile.name}{SUFFIX}"

    def begin(self, tiles: Sequence[Tile], resume: bool, progress: Progress) -> set[str]:
        """Names of the tiles that are finished; all else that an earlier run left is removed.

        Raises ``OutputError`` where the folder belongs to another run (and ``resume`` is wanted)
        or to something else, ``Canceled`` where the user asks to stop.
        """
        self.remove_parts()
        found = Manifest.read(self.folder)
        if found is None:
            self._refuse_strangers()
        elif not resume:
            self.empty()
        elif found.identity.digest != self.identity.digest:
            raise other_run(self.folder, self.identity, found.identity)
        else:
            self.manifest.stamps = found.stamps
        kept = self._survey(tiles, progress)
        self.manifest.stamps = kept
        self.manifest.places = {tile.name: [*vars(tile.own).values()] for tile in tiles}
        self.manifest.rewrite()
        return set(kept)

    def remove_parts(self) -> None:
        """Remove what was being written when a run ended."""
        for part in self.folder.glob(f".*{PART}"):
            part.unlink(missing_ok=True)

    def settle(self, tiles: Sequence[Tile]) -> None:
        """Bring manifest and folder together once no worker is left.

        A worker may have been ended between putting its tile in place and saying so: such a tile
        is entered. Where nothing can be entered (the disk is full), the next run finds it itself.
        """
        self.remove_parts()
        try:
            for tile in tiles:
                if tile.name not in self.manifest.stamps and self.path(tile).exists():
                    stamp = self._look(tile)
                    if stamp is not None:
                        self.manifest.append(tile.name, stamp)
        except OutputError:
            return

    def empty(self) -> None:
        """Remove the tiles and the manifest, nothing else."""
        self.remove_parts()
        for path in [*self.folder.glob(f"r*_c*{SUFFIX}"), self.folder / MANIFEST]:
            path.unlink(missing_ok=True)

    def _refuse_strangers(self) -> None:
        """Nothing may be in the folder that no run has written."""
        for path in self.folder.iterdir():
            if path.name not in (LOCK, MANIFEST):
                raise OutputError(
                    f"{self.folder} holds other files ({path.name}), but no manifest of a run. "
                    "Choose another output, or empty the folder."
                )

    def _survey(self, tiles: Sequence[Tile], progress: Progress) -> dict[str, Stamp]:
        """Checksums of the finished tiles, each of which is read; damaged ones are removed."""
        kept = {}
        with ThreadPoolExecutor(_READERS) as readers:
            look: Callable[[Tile], Stamp | None] = self._look
            try:
                for tile, stamp in zip(tiles, readers.map(look, tiles), strict=True):
                    if progress.canceled():
                        raise Canceled(f"Canceled by the user; {self.folder} is kept.")
                    if stamp is not None:
                        kept[tile.name] = stamp
            except BaseException:
                readers.shutdown(cancel_futures=True)
                raise
        return kept

    def _look(self, tile: Tile) -> Stamp | None:
        """The checksum of a finished tile; None where it is missing or damaged."""
        try:
            data = self.path(tile).read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            data = b""
        found, known = stamp_of(data), self.manifest.stamps.get(tile.name)
        if found == known or (known is None and self._ours(tile, data)):
            return found
        self.damaged.append(tile.name)
        self.path(tile).unlink(missing_ok=True)
        return None

    def _ours(self, tile: Tile, data: bytes) -> bool:
        """Whether a tile that the manifest does not know is complete and of this run: the crash
        came after it was put in place and before it was entered.
        """
        try:
            _, record = unpack(data)
        except ValueError:
            return False
        return record.get("tile") == tile.name and record.get("run") == self.identity.digest
