# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiled run: everything from a tile function to verified tile files and their summaries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..dependencies import available, missing_sentence
from ..errors import CalValError, Canceled, ExecutionError, InputError, OutputError
from ..io.tile_files import read_record, to_json
from ..progress import Progress, Silent
from ..wording import listed
from .engine import Engine
from .executors import TileExecutor, open_executor, parse_spec
from .lock import RunLock
from .manifest import identify
from .settings import ExecutionSettings, Policy
from .store import TileStore
from .tiling import Tile, too_large
from .workers import TileReport, TileTask

if TYPE_CHECKING:
    from .workers import TileFunction

_NAMED = 5  # how many missing tiles a sentence names


@dataclass(frozen=True)
class TileRun:
    """A complete run: every tile is there.

    ``summaries``: what the tile function said of each tile, in the order of ``tiles``; ``kept`` of
    them are of an earlier run. ``checksums``: SHA-256 of each tile's file by name.
    """

    folder: Path
    tiles: tuple[Tile, ...]
    summaries: tuple[dict[str, Any], ...]
    checksums: Mapping[str, str]
    kept: int
    computed: int
    store: TileStore = field(repr=False)

    def discard(self) -> None:
        """Remove the tile files, and the folder where nothing else is in it.

        A folder that another run has taken over in the meantime is left to it.
        """
        try:
            with RunLock(self.folder):
                self.store.empty()
            self.folder.rmdir()
        except (OutputError, OSError):
            return


def tile_folder(output: Path | str) -> Path:
    """Where the tiles of the run that makes ``output`` (its final name) are kept: beside it."""
    path = Path(output).absolute()
    return path.with_name(f"{path.stem}.tiles")


def run_tiles(
    function: TileFunction,
    tiles: Sequence[Tile],
    folder: Path | str,
    parameters: Mapping[str, Any],
    settings: ExecutionSettings | None = None,
    progress: Progress | None = None,
    inputs: Sequence[str] = (),
    tile_mb: float = 0.0,
    policy: Policy | None = None,
) -> TileRun:
    """Compute ``function(tile, parameters)`` for all ``tiles`` into ``folder``.

    ``function``: at the top level of a module, the same result for the same arguments; returns a
    ``TileOutput``. ``parameters``: small plain values that JSON knows (paths as text). ``inputs``:
    files that the function reads; a change of their size or date makes it another run.
    ``tile_mb``: the memory that the largest tile needs at its peak; fewer tiles are computed at a
    time where the memory cap asks for it.

    A run on a folder with finished tiles of the same run computes only the others. Raises
    ``ExecutionError`` with the names of the missing tiles where any is missing in the end,
    ``InputError`` where a tile needs more than the cap or ``settings`` cannot be used,
    ``OutputError`` where the folder is not free or nothing can be written, ``Canceled``. Whatever
    is raised, finished tiles are kept.
    """
    settings, policy = settings or ExecutionSettings(), policy or Policy()
    progress = progress or Silent()
    _check(function, tiles, settings, tile_mb)
    identity = identify(_name(function), parameters, inputs, _layout(tiles))
    store = TileStore(_made(Path(folder)), identity)
    try:
        with RunLock(store.folder):
            kept = store.begin(tiles, settings.resume, progress)
            run = _Run(store, tuple(tiles), progress, kept)
            if store.damaged:
                progress.warn(f"Damaged tiles are computed again: {listed(store.damaged, _NAMED)}.")
            missing = [tile for tile in tiles if tile.name not in kept]
            if missing:
                with _opened(settings.executor, store, bool(kept)) as executor:
                    if executor.in_process and not available("threadpoolctl"):
                        progress.info(missing_sentence(["threadpoolctl"]))
                    window = _window(executor, tile_mb, settings.memory_cap_mb, progress)
                    engine = Engine(
                        executor, window, policy,
                        lambda tile: TileTask(
                            function, tile, parameters, str(store.folder), identity.digest
                        ),
                        run.finished, run.stop, progress,
                    )  # fmt: skip
                    run.compute(engine, missing)
            return run.result(len(kept))
    except CalValError:
        with suppress(OSError):  # it stays where anything is in it
            store.folder.rmdir()
        raise


@contextmanager
def _opened(name: str, store: TileStore, kept: bool) -> Iterator[TileExecutor]:
    """The executor; where it cannot be had and no tile is ``kept``, ``store`` is left empty."""
    with ExitStack() as stack:
        try:
            executor = stack.enter_context(open_executor(name, store.folder))
        except CalValError:
            if not kept:
                store.empty()
            raise
        yield executor


class _Run:
    """The progress of a run, and what is said at its end."""

    def __init__(
        self, store: TileStore, tiles: tuple[Tile, ...], progress: Progress, kept: set[str]
    ) -> None:
        self._store, self._tiles, self._progress = store, tiles, progress
        self._all = sum(tile.pixels for tile in tiles)
        self._done = sum(tile.pixels for tile in tiles if tile.name in kept)
        if kept:
            progress.info(f"{len(kept)} of {len(tiles)} tiles are there already.")

    def finished(self, tile: Tile, report: TileReport) -> None:
        """Enter a finished tile."""
        if report.stamp is not None:
            self._store.manifest.append(tile.name, report.stamp)
        self._done += tile.pixels
        self._progress.report(self._done / self._all, "Computing tiles")

    def stop(self) -> None:
        """Raise ``Canceled`` where the user asks to stop."""
        if self._progress.canceled():
            raise Canceled()

    def compute(self, engine: Engine, missing: Sequence[Tile]) -> None:
        """Compute the missing tiles; whatever is raised says what is kept."""
        self._progress.report(self._done / self._all, "Computing tiles")
        try:
            self._run_engine(engine, missing)
        except Canceled as error:
            raise Canceled(f"Canceled by the user; {self._kept()}") from error
        except CalValError as error:
            raise type(error)(f"{error} {self._kept()[0].upper()}{self._kept()[1:]}") from error
        except KeyboardInterrupt:
            self._progress.warn(f"Interrupted; {self._kept()}")
            raise
        if engine.failed:
            raise self._failure(engine)

    def _run_engine(self, engine: Engine, missing: Sequence[Tile]) -> None:
        """Run to the end or not; either way the folder and its manifest agree afterward."""
        try:
            engine.run(missing)
        finally:
            self._store.settle(missing)

    def result(self, kept: int) -> TileRun:
        """The complete run."""
        stamps = self._store.manifest.stamps
        summaries = tuple(
            dict(read_record(self._store.path(tile))["summary"]) for tile in self._tiles
        )
        return TileRun(
            self._store.folder, self._tiles, summaries,
            {tile.name: stamps[tile.name].sha256 for tile in self._tiles},
            kept, len(self._tiles) - kept, self._store,
        )  # fmt: skip

    def _kept(self) -> str:
        count = len(self._store.manifest.stamps)
        return (
            f"{count} of {len(self._tiles)} tiles are kept in {self._store.folder}. Run again with "
            "the same parameters to compute only the others."
        )

    def _failure(self, engine: Engine) -> ExecutionError:
        names = tuple(sorted((*engine.failed, *engine.untried)))
        first = next(iter(engine.failed.values()))
        tried = f" ({len(engine.untried)} of them were not tried)" if engine.untried else ""
        kept = self._kept()
        error = ExecutionError(
            f"{len(names)} of {len(self._tiles)} tiles are missing{tried}: "
            f"{listed(names, _NAMED)}. The first reason: {first.error.rstrip('.')}. "
            f"{kept[0].upper()}{kept[1:]}",
            names,
        )
        error.__cause__ = _InWorker(first.trace) if first.trace else None
        return error


class _InWorker(Exception):
    """Where a tile failed, as the worker told it."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def _check(
    function: TileFunction, tiles: Sequence[Tile], settings: ExecutionSettings, tile_mb: float
) -> None:
    parse_spec(settings.executor)
    if "<" in getattr(function, "__qualname__", "<"):
        raise ValueError(f"{function} is not at the top level of a module: workers cannot find it")
    if not tiles or len({tile.name for tile in tiles}) != len(tiles):
        raise ValueError("there must be tiles, each with a place of its own")
    if tile_mb > settings.memory_cap_mb:
        side = max(max(tile.own.width, tile.own.height) for tile in tiles)
        raise InputError(too_large(tile_mb, settings.memory_cap_mb, side))


def _window(executor: TileExecutor, tile_mb: float, cap_mb: float, progress: Progress) -> int:
    """How many tiles may be in flight: enough to keep all workers busy, unless memory forbids."""
    at_once = int(cap_mb // tile_mb) if tile_mb > 0.0 else executor.together
    if at_once >= executor.together:
        return 2 * executor.workers
    progress.warn(
        f"Only {at_once} of {executor.together} workers are used: a tile needs about "
        f"{tile_mb:.0f} MB, cap {cap_mb:g} MB. Smaller tiles or a higher cap use more of them."
    )
    return max(at_once, 1)


def _made(folder: Path) -> Path:
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {folder} cannot be made ({error.strerror}). Choose another output."
        ) from error
    return folder


def _name(function: TileFunction) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _layout(tiles: Sequence[Tile]) -> str:
    places = [(*vars(tile.own).values(), *vars(tile.outer).values()) for tile in tiles]
    return f"{len(tiles)} tiles, {hashlib.sha256(to_json(places).encode()).hexdigest()[:16]}"
