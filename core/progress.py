# SPDX-License-Identifier: GPL-3.0-or-later
"""How long computations talk to whoever started them: a tiny protocol, free of QGIS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import Protocol, TypeVar

from .errors import Canceled

T = TypeVar("T")


class Progress(Protocol):
    """What a computation may ask of its caller."""

    def report(self, fraction: float, text: str = "") -> None:
        """Tell that ``fraction`` (0 to 1) of the work is done; ``text`` says what comes next."""

    def info(self, text: str) -> None:
        """Tell the user something worth reading in the log."""

    def warn(self, text: str) -> None:
        """Tell the user something that may change how the result is read."""

    def canceled(self) -> bool:
        """Whether the user asked to stop."""


class Silent:
    """A progress that nobody watches: the default of every core function."""

    def report(self, fraction: float, text: str = "") -> None:
        """Ignore."""

    def info(self, text: str) -> None:
        """Ignore."""

    def warn(self, text: str) -> None:
        """Ignore."""

    def canceled(self) -> bool:
        """Never."""
        return False


class Part:
    """The share ``start``..``end`` (fractions of 0 to 1) of a larger progress, given to one step of
    the work.
    """

    def __init__(self, parent: Progress, start: float, end: float) -> None:
        self._parent, self._start, self._span = parent, start, end - start
        self.info, self.warn, self.canceled = parent.info, parent.warn, parent.canceled

    def report(self, fraction: float, text: str = "") -> None:
        """Report ``fraction`` of this part to the parent."""
        self._parent.report(self._start + self._span * fraction, text)


def check(progress: Progress) -> None:
    """Raise ``Canceled`` where the user asked to stop; cheap enough to be called in every loop."""
    if progress.canceled():
        raise Canceled()


def each(items: Iterable[T], progress: Progress, text: str = "") -> Iterator[T]:
    """Yield ``items`` one by one, reporting the true share that is done and stopping where the user
    asks to.

    ``items`` is best a list: for an iterable without a length only cancellation is watched.
    """
    total = len(items) if isinstance(items, Sized) else 0
    for index, item in enumerate(items):
        check(progress)
        if total:
            progress.report(index / total, text)
        yield item
    if total:
        progress.report(1.0)
