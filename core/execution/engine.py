# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that keeps workers busy: a bounded number of tiles in flight, retries, time limits."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass

from ..errors import ExecutionError, OutputError
from ..progress import Progress
from .executors import TileExecutor
from .settings import Policy
from .tiling import Tile
from .workers import TileReport, TileTask, compute_tile

POLL_S = 0.1
_LEAVE_S = 0.5  # how long a canceled run waits for tiles that are just being written
_DIED = "the worker process died (was it ended, or out of memory?)"


@dataclass
class _Flight:
    """A tile that a worker has."""

    tile: Tile
    unwanted: threading.Event
    since: float | None  # None: it still waits for a worker


class Engine:
    """Computes tiles on an executor.

    ``window``: how many may be in flight; ``task_of`` makes the task of a tile; ``finished`` is
    called in this thread with each report of a finished tile; ``stop`` raises where the user asks
    to stop. After ``run``, ``failed`` has the last report of each tile that could not be computed
    and ``untried`` the names of those that were not tried to the end.
    """

    def __init__(
        self,
        executor: TileExecutor,
        window: int,
        policy: Policy,
        task_of: Callable[[Tile], TileTask],
        finished: Callable[[Tile, TileReport], None],
        stop: Callable[[], None],
        progress: Progress,
    ) -> None:
        self._executor, self._window, self._policy = executor, window, policy
        self._task_of, self._finished, self._stop = task_of, finished, stop
        self._progress = progress
        self._waiting: deque[Tile] = deque()
        # Tiles that were in flight when a worker died: computed one by one to find the guilty one.
        self._suspects: deque[Tile] = deque()
        self._flying: dict[Future[TileReport], _Flight] = {}
        self._tries: Counter[str] = Counter()
        self._seconds: list[float] = []
        self.failed: dict[str, TileReport] = {}
        self.untried: list[str] = []

    def run(self, tiles: Sequence[Tile]) -> None:
        """Compute ``tiles``; raises ``OutputError`` where none can be written any more,
        ``ExecutionError`` where the executor is lost, and whatever ``stop`` raises.
        """
        self._waiting.extend(tiles)
        try:
            while self._waiting or self._suspects or self._flying:
                self._stop()
                self._launch()
                done, _ = wait(self._flying, timeout=POLL_S, return_when=FIRST_COMPLETED)
                for future in done:
                    self._land(future)
                self._expire()
        except BaseException:
            self._leave()
            raise

    def _launch(self) -> None:
        """Send tiles off until the window is full; suspects fly alone."""
        while self._suspects or self._waiting:
            full = 1 if self._suspects else self._window
            if len(self._flying) >= full:
                return
            tile = (self._suspects or self._waiting).popleft()
            unwanted = threading.Event()
            extra = (unwanted,) if self._executor.in_process else ()
            try:
                future = self._executor.submit(compute_tile, self._task_of(tile), *extra)
            except BrokenExecutor:
                self._waiting.appendleft(tile)
                self._break(_DIED)
                return
            since = None if self._executor.tells_running else time.monotonic()
            self._flying[future] = _Flight(tile, unwanted, since)

    def _land(self, future: Future[TileReport]) -> None:
        """Take what came back of a tile."""
        if future not in self._flying:  # taken together with another one
            return
        error = CancelledError() if future.cancelled() else future.exception()
        lost = self._executor.lost(error) if error is not None else ""
        if lost:
            raise ExecutionError(lost)
        if isinstance(error, BrokenExecutor):
            self._break(_DIED)
            return
        flight = self._flying.pop(future)
        if error is not None:
            said = f"{type(error).__name__}: {error}"
            self._fail(flight.tile, TileReport(flight.tile.name, error=said))
            return
        self._take(flight.tile, future.result())

    def _take(self, tile: Tile, report: TileReport) -> None:
        if report.hopeless:
            raise OutputError(report.error)
        if report.error:
            self._fail(tile, report)
            return
        self._seconds.append(report.seconds)
        self._finished(tile, report)

    def _fail(self, tile: Tile, report: TileReport) -> None:
        """Try a tile again, later than the others, or give it up."""
        self._tries[tile.name] += 1
        if self._tries[tile.name] < self._policy.tries and not self.untried:
            # Later than the others; but where nothing has ever succeeded, at once, to learn soon
            # whether anything can.
            if self._seconds:
                self._waiting.append(tile)
            else:
                self._waiting.appendleft(tile)
            return
        self.failed[tile.name] = report
        self._progress.warn(f"Tile {tile.name} cannot be computed: {report.error}")
        if len(self.failed) >= self._policy.hopeless and not self._seconds:
            self.untried += [tile.name for tile in (*self._suspects, *self._waiting)]
            self._suspects.clear()
            self._waiting.clear()

    def _break(self, reason: str) -> None:
        """Workers are gone, with all that is in flight: get others, and find the guilty tile."""
        flights = list(self._flying.items())
        self._flying.clear()
        self._executor.restart()
        lost = []
        for future, flight in flights:
            if _returned(future):
                self._take(flight.tile, future.result())
            else:
                future.cancel()
                lost.append(flight.tile)
        self._progress.warn(
            f"{self._executor.name}: {reason}; {len(lost)} tile(s) are computed again."
        )
        if len(lost) == 1:
            self._fail(lost[0], TileReport(lost[0].name, error=reason))
        else:
            self._suspects.extend(lost)

    def _expire(self) -> None:
        """Give up tiles that take far longer than the others."""
        now, limit = time.monotonic(), self._limit_s()
        for future, flight in list(self._flying.items()):
            if flight.since is None:
                flight.since = now if future.running() else None
                continue
            if now - flight.since <= limit or future.done():
                continue
            reason = f"no result within {limit:.3g} s"
            if not self._executor.in_process:
                self._break(reason)
                return
            del self._flying[future]
            flight.unwanted.set()
            self._executor.replace(future)
            self._fail(flight.tile, TileReport(flight.tile.name, error=reason))

    def _limit_s(self) -> float:
        if not self._seconds:
            return self._policy.first_timeout_s
        usual = self._policy.timeout_factor * statistics.median(self._seconds[-1000:])
        return max(usual, self._policy.timeout_floor_s)

    def _leave(self) -> None:
        """Stop without waiting for tiles in work, and without letting them write any more."""
        try:
            for future, flight in self._flying.items():
                flight.unwanted.set()
                future.cancel()
            if self._executor.in_process:
                wait(self._flying, timeout=_LEAVE_S)
            for future, flight in self._flying.items():
                if _returned(future) and not future.result().error:
                    self._finished(flight.tile, future.result())
        finally:
            self._executor.kill()


def _returned(future: Future[TileReport]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
