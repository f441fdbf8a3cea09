# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that cannot be asked to stop, done beside the thread that the user can ask."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import wait
from types import TracebackType
from typing import ParamSpec, TypeVar

from ..progress import Progress, check
from .threads import Threads

P = ParamSpec("P")
T = TypeVar("T")

_ASKED_S = 0.1


class Background:
    """A thread for one call after the other, for the length of a ``with`` block.

    While it works, the ``progress`` is asked whether to stop. A call that is given up goes on to
    its end, unheeded; it must not write anything.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress, self._threads = progress, Threads(1)

    def __enter__(self) -> Background:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.__exit__(kind, error, trace)

    def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``function`` returns or raises; ``Canceled`` soon after the user asked to stop."""
        future = self._threads.submit(function, *args, **kwargs)
        while not wait([future], timeout=_ASKED_S).done:
            check(self._progress)
        return future.result()
