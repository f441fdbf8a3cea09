# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in a worker: one tile computed and written, with the libraries kept to one thread.

Nothing heavy is imported at the top, so that the limits are set before the libraries load.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from ..dependencies import available, require

if TYPE_CHECKING:
    from ..io.tile_files import Stamp
    from .tiling import Tile, TileOutput

    TileFunction = Callable[[Tile, Mapping[str, Any]], TileOutput]

PINNED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "GDAL_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
}
_kept: list[Any] = []
_lock = Lock()
_blocks: list[None] = []  # that are open
_pools: list[Any] = []  # what gives them back in the end


class Flag(Protocol):
    """A ``threading.Event``, as far as a worker asks it."""

    def is_set(self) -> bool:
        """Whether the result is no longer wanted."""


@dataclass(frozen=True)
class TileTask:
    """All that a worker needs: plain values only."""

    function: TileFunction
    tile: Tile
    parameters: Mapping[str, Any]
    folder: str
    run: str


@dataclass(frozen=True)
class TileReport:
    """What a worker sends back: never the arrays. ``error`` is empty where all went well.

    ``hopeless``: the tile could not be written, so that no other one can be either.
    """

    name: str
    stamp: Stamp | None = None
    seconds: float = 0.0
    error: str = ""
    trace: str = ""
    hopeless: bool = False


def compute_tile(task: TileTask, unwanted: Flag | None = None) -> TileReport:
    """Compute a tile and write its file; what is raised on the way is reported, not raised.

    ``unwanted``: set by a caller in the same process once it no longer waits: then nothing is
    written any more.
    """
    from ..errors import OutputError

    start = time.perf_counter()
    if unwanted is None:
        pin_libraries()  # a process of its own, which may not be one that we have started
    pin_thread()
    try:
        output = task.function(task.tile, task.parameters)
        arrays = checked(task.tile, output)
        if unwanted is not None and unwanted.is_set():
            return TileReport(task.tile.name, error="no longer wanted")
        try:
            stamp = _write(task, arrays, output)
        except OutputError as error:
            return TileReport(task.tile.name, error=str(error), hopeless=True)
    except Exception as error:
        return TileReport(task.tile.name, error=_said(error), trace=traceback.format_exc())
    return TileReport(task.tile.name, stamp, time.perf_counter() - start)


def checked(tile: Tile, output: TileOutput) -> dict[str, Any]:
    """The arrays of ``output`` as (bands, rows, columns); raises ``ValueError`` where one does not
    fit the tile or has a type that no raster takes.
    """
    from ..io.raster_writer import GDAL_TYPES

    arrays = {}
    for name, values in output.arrays.items():
        if values.shape[-2:] != (tile.own.height, tile.own.width) or values.ndim not in (2, 3):
            raise ValueError(f"{name} has the shape {values.shape} on the pixels {tile.own}")
        if values.dtype.name not in GDAL_TYPES:
            raise ValueError(f"{name} has the type {values.dtype}, which no raster takes")
        arrays[name] = values[None] if values.ndim == 2 else values
    return arrays


def pin_process(parent: int) -> None:
    """Prepare a worker process: libraries on one thread, the parent alone answers an interrupt
    from the keyboard, and the worker ends when the ``parent`` (its process id) does.
    """
    import signal
    import threading

    pin_libraries()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":  # elsewhere the id of a parent that has died stays the same
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def pin_libraries() -> None:
    """Keep all libraries of this process to one thread, whether loaded or not; once is enough."""
    if _kept:
        return
    os.environ.update(PINNED)
    _kept.append(limited_pools())


def pin_thread() -> None:
    """Keep numba and OpenCV to one thread, where they are loaded by now."""
    numba = sys.modules.get("numba")
    if numba is not None and hasattr(numba, "set_num_threads"):
        numba.set_num_threads(1)
    cv2 = sys.modules.get("cv2")
    if cv2 is not None and cv2.getNumThreads() != 1:
        cv2.setNumThreads(1)


def limited_pools() -> Any:
    """Limit the thread pools of libraries that are loaded already; what is returned can undo it
    (``restore_original_limits``). None where threadpoolctl is not installed: a BLAS that shares a
    product of matrices between its threads then adds in an order that depends on how many are idle,
    and the last digit is not the same in each run.
    """
    if not available("threadpoolctl"):
        return None
    return require("threadpoolctl").threadpool_limits(limits=1)


@contextmanager
def single_threaded(modules: Iterable[str] = ()) -> Iterator[None]:
    """Keep the thread pools of libraries to one thread inside the block, those of the ``modules``
    too, which are loaded where they are installed.

    What is solved here are very many systems of some ten unknowns: a BLAS that hands each of them
    to threads that have to be woken takes some thirty times the processor's time of one that does
    not. Blocks may overlap, in threads too: the last one that ends gives the pools back.
    """
    for module in modules:
        if available(module):
            require(module)
    with _lock:
        if not _blocks:
            _pools.append(limited_pools())
        _blocks.append(None)
    try:
        yield
    finally:
        with _lock:
            _blocks.pop()
            limited = _pools.pop() if not _blocks else None
            if limited is not None:
                limited.restore_original_limits()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _write(task: TileTask, arrays: Mapping[str, Any], output: TileOutput) -> Stamp:
    from ..io.tile_files import SUFFIX, write_tile

    record = {"tile": task.tile.name, "run": task.run, "summary": dict(output.summary)}
    path = Path(task.folder) / f"{task.tile.name}{SUFFIX}"
    return write_tile(path, arrays, record, output.lists)


def _said(error: Exception) -> str:
    """An error in one sentence: those for users as they are, others with their kind."""
    from ..errors import CalValError

    return str(error) if isinstance(error, CalValError) else f"{type(error).__name__}: {error}"
