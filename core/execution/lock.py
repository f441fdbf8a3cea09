# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time on one output.

The lock is held by the operating system, which frees it when its holder dies in whatever way; the
file says who that is. A lock of another computer is believed, because its holder cannot be looked
at from here.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from ..errors import OutputError

NAME = "run.lock"
_FAR = 1 << 30  # Windows locks bytes against reading: one that no file has
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


class RunLock:
    """The lock of the tile folder ``folder``; use it as a context manager.

    Raises ``OutputError`` naming host, process and time of the holder where another run has it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._descriptor = -1

    def __enter__(self) -> RunLock:
        self._descriptor = self._open()
        try:
            self._take()
        except BaseException:
            os.close(self._descriptor)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            os.ftruncate(self._descriptor, 0)
            if os.name == "posix":
                self.path.unlink(missing_ok=True)
        finally:
            os.close(self._descriptor)
        if os.name != "posix":  # no open file can be removed there, also by others who wait for it
            with suppress(OSError):
                self.path.unlink(missing_ok=True)

    def _open(self) -> int:
        """A descriptor of the file that is locked and still in its folder."""
        while True:
            try:
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            except OSError as error:
                raise OutputError(
                    f"{self.path} cannot be written ({error.strerror}). Choose another output."
                ) from error
            if not _lock(descriptor):
                holder = _holder(descriptor)
                os.close(descriptor)
                raise self._refusal(holder)
            # The holder before us may have removed the file between our opening and our locking.
            if _same_file(descriptor, self.path):
                return descriptor
            os.close(descriptor)

    def _take(self) -> None:
        holder = _holder(self._descriptor)
        # On this computer a lock that could be taken has a dead holder.
        if holder and holder.get("host") != socket.gethostname():
            raise self._refusal(holder)
        mine = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "since": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, json.dumps(mine).encode())

    def _refusal(self, holder: dict[str, Any]) -> OutputError:
        who = f"process {holder.get('pid', '?')} on {holder.get('host', '?')}"
        return OutputError(
            f"Another run is working on this output: {who}, since {holder.get('since', '?')}. "
            f"Wait for it or choose another output. If it is no longer there, remove {self.path}."
        )


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _holder(descriptor: int) -> dict[str, Any]:
    """What the file says; empty where it says nothing that can be understood."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        found = json.loads(os.read(descriptor, 4096))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _lock(descriptor: int) -> bool:
    """Whether the system gave us the lock; where it knows none, the file alone decides."""
    try:
        _system_lock()(descriptor)
    except OSError as error:
        return error.errno not in _HELD
    return True


def _system_lock() -> Callable[[int], None]:
    if sys.platform == "win32":
        import msvcrt

        def lock(descriptor: int) -> None:
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

        return lock
    import fcntl

    return lambda descriptor: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
