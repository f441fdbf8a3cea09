# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels made ready beside other work: loaded from disk, or compiled by several processes.

numba compiles one kernel after the other, whatever the number of threads. So the first run after
an installation gets helpers: processes that compile into the folder where numba keeps what it has
compiled, from which this process loads it. Where there can be none, all is compiled here.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..dependencies import require
from ..jit import Kernel, runs_compiled
from ..progress import Progress, check
from .executors import parse_spec
from .interpreter import talk_to, usual_places
from .threads import Threads
from .workers import pin_process

if TYPE_CHECKING:
    from subprocess import Popen

# Kernels by their place below ``core`` and the types of their arguments. A group is compiled by one
# process: two that keep the same function for other types at the same time overwrite each other.
Job = tuple[str, str]
Group = tuple[Job, ...]

MOST_HELPERS = 3  # each takes half a second of a processor before it can begin
FEWEST_GROUPS = 3  # that have to be compiled; for fewer a helper comes too late
LIMIT_S = 60.0  # for a group; then a helper counts as lost
_ASKED_S = 0.1
_CORE = (__package__ or "").rpartition(".")[0]
_HELPER = (
    "import json, sys; sys.path[:], parent = json.loads(sys.argv[1]); "
    f"from {__name__} import serve; serve(parent)"
)


class Ahead:
    """Makes the kernels of ``groups`` ready in a thread, with up to ``workers`` processes.

    ``groups``: best those first that take longest. With fewer than two workers, or without numba,
    nothing is done, and kernels are compiled when they are called.
    """

    def __init__(self, groups: Sequence[Group], workers: int) -> None:
        self._groups, self._helpers_at_most = tuple(groups), min(workers - 1, MOST_HELPERS)
        self._queue: deque[Group] = deque()
        self._stopped = threading.Event()
        self._helpers: list[_Helper] = []
        self._threads = Threads(1, limited=False) if workers > 1 and runs_compiled() else None
        self._future = self._threads.submit(self._prepare) if self._threads else None

    def wait(self, progress: Progress) -> None:
        """Wait until all is ready; raises ``Canceled`` soon after the user asked to stop, and what
        compiling here raised.
        """
        while self._future is not None and not wait([self._future], timeout=_ASKED_S).done:
            check(progress)
        if self._future is not None:
            self._future.result()

    def stop(self) -> None:
        """End the helpers at once; the kernel that is compiled here is the last one."""
        self._stopped.set()
        self._queue.clear()
        for helper in list(self._helpers):
            helper.kill()
        if self._threads is not None:
            self._threads.kill()

    def _prepare(self) -> None:
        missing = [group for group in self._groups if not all(_kept(*job) for job in group)]
        self._queue.extend(missing)
        if len(missing) >= FEWEST_GROUPS and all(kernel_at(one[0][0]).keeps for one in missing):
            self._start()
        while self._queue and not self._stopped.is_set():
            with suppress(IndexError):  # a helper was faster
                _compile(self._queue.popleft())
        for helper in list(self._helpers):
            helper.end()
        for group in self._groups:
            if self._stopped.is_set():
                return
            _compile(group)  # loads it, where a helper has compiled it

    def _start(self) -> None:
        interpreter = next(iter(usual_places()), None)
        for _ in range(self._helpers_at_most if interpreter else 0):
            if not self._stopped.is_set():
                self._helpers.append(_Helper(str(interpreter), self._queue))
        if self._stopped.is_set():  # meanwhile
            self.stop()


@contextmanager
def ready_ahead(groups: Sequence[Group], executor: str) -> Iterator[Ahead]:
    """Make kernels ready beside what is done in the block, which asks for them by ``Ahead.wait``.

    With an ``executor`` of several threads; other processes load or compile what they need.
    """
    spec = parse_spec(executor)
    ahead = Ahead(groups, spec.workers if spec.kind == "threads" else 0)
    try:
        yield ahead
    finally:
        ahead.stop()


def kernel_at(place: str) -> Kernel[Any, Any]:
    """The kernel that is called "module.name" below ``core``."""
    module, _, name = place.rpartition(".")
    found: Kernel[Any, Any] = getattr(import_module(f"{_CORE}.{module}"), name)
    return found


def serve(parent: int) -> None:
    """Be a helper of the process ``parent``: say who it is, then compile one group after the
    other, and say so.
    """
    pin_process(parent)
    _say(_identity())
    for line in sys.stdin:
        group = json.loads(line)
        _compile(group)
        _say(group)


class _Helper:
    """A process that compiles groups of the ``queue``, and the thread that talks to it."""

    def __init__(self, interpreter: str, queue: deque[Group]) -> None:
        self._queue, self._since = queue, 0.0
        self._process: Popen[str] | None = None
        with suppress(OSError):
            self._process = talk_to(interpreter, _HELPER, [sys.path, os.getpid()])
        self._thread = threading.Thread(target=self._feed, name="calval helper", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait for the group it compiles, if any, and end it."""
        while self._thread.is_alive() and self._since and not self._late:
            self._thread.join(_ASKED_S)
        self.kill()
        self._thread.join()

    @property
    def _late(self) -> bool:
        return time.monotonic() - self._since >= LIMIT_S

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()

    def _feed(self) -> None:
        """Hand it groups as long as there are any and it answers; what it leaves is done here."""
        if self._process is None:
            return
        # Outside, as closing the pipe of a process that has died raises, too.
        with suppress(OSError, ValueError), self._process as process:
            with suppress(OSError, ValueError, IndexError):
                if _heard(process) == _identity():
                    while True:
                        group = self._queue.popleft()
                        self._since = time.monotonic()
                        if not _asked(process, group):
                            break
                        self._since = 0.0
            process.kill()
        self._since = 0.0


def _asked(process: Popen[str], group: Group) -> bool:
    """Whether ``process`` has compiled ``group``."""
    if process.stdin is None:
        return False
    process.stdin.write(json.dumps(group) + "\n")
    process.stdin.flush()
    return bool(_heard(process) == [list(job) for job in group])


def _heard(process: Popen[str]) -> Any:
    """Its next line; raises ``ValueError`` where that is none of ours, or it has ended."""
    return json.loads(process.stdout.readline() if process.stdout is not None else "")


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _identity() -> dict[str, str]:
    """What has to be the same for one process to load what another one has compiled."""
    modules = {name: require(name) for name in ("numba", "llvmlite", "numpy")}
    versions = {name: str(module.__version__) for name, module in modules.items()}
    return versions | {"python": sys.version, "file": __file__}


def _kept(place: str, types: str) -> bool:
    return kernel_at(place).kept(types)


def _compile(group: Sequence[Sequence[str]]) -> None:
    for place, types in group:
        kernel_at(place).compile(types)
