# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels that numba compiles at their first call, so that loading a module loads nothing heavy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Generic, ParamSpec, TypeVar

from .dependencies import available, require

P = ParamSpec("P")
R = TypeVar("R")
FEWEST_SERIES = 100
_here = threading.local()


@cache
def numba_available() -> bool:
    """Whether kernels can be compiled; looked up once per process."""
    return available("numba")


def _compiles() -> bool:
    return numba_available() and not getattr(_here, "plain", False)


def worth_compiling(series: int, compiled: bool | None = None) -> bool:
    """Whether to run the compiled way for so many series: ``compiled`` where it says so, else where
    numba is installed and compiling (some 20 s the first time) pays.
    """
    return (series >= FEWEST_SERIES and _compiles()) if compiled is None else compiled


def runs_compiled(compiled: bool | None = None) -> bool:
    """Whether the kernels of images run compiled: not where ``compiled`` is False, or numba is not
    installed. The number of pixels has no say: all tiles of an image have to go the same way.
    """
    return compiled is not False and _compiles()


@contextmanager
def uncompiled() -> Iterator[None]:
    """Do in this thread, inside the block, as where numba is not installed: for so little work that
    compiling would take longer.
    """
    before = getattr(_here, "plain", False)
    _here.plain = True
    try:
        yield
    finally:
        _here.plain = before


_MAKING = threading.RLock()


class Kernel(Generic[P, R]):
    """A function of arrays that is compiled by numba (no GIL, kept on disk) when first called.

    Used as a decorator. Kernels may call each other. Numba knows that its copy on disk, beside the
    file, is stale by the time of the caller's file alone: whoever edits a kernel that another file
    calls touches that one too (an update of the plugin replaces the whole folder). Division by zero
    gives inf or NaN, as in numpy. Where numba is absent the same code runs as plain Python, slowly:
    where that matters, callers ask ``runs_compiled`` or ``worth_compiling`` and take a way through
    numpy. The switch is called ``compiled`` everywhere: True, False, or None for what suits.
    """

    def __init__(self, function: Callable[P, R]) -> None:
        self.python = function
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self._dispatcher: Any = None

    @property
    def compiled(self) -> Any:
        """The dispatcher of numba."""
        if self._dispatcher is None:
            with _MAKING:
                self._dispatcher = self._dispatcher or self._made()
        return self._dispatcher

    @property
    def _numba_type_(self) -> Any:
        """What numba asks of a global that it meets in a kernel: here, the compiled function."""
        return self.compiled._numba_type_

    def _made(self) -> Any:
        numba = require("numba")
        options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
        options["no_cfunc_wrapper"] = True  # for callbacks of C: there are none
        try:
            return numba.njit(cache=True, **options)(self.python)
        except RuntimeError:  # no folder to keep the compiled code in
            return numba.njit(**options)(self.python)

    @property
    def keeps(self) -> bool:
        """Whether there is a folder to keep the compiled code in."""
        return self.compiled.stats.cache_path is not None

    def kept(self, types: str) -> bool:
        """Whether the code for arguments of these ``types`` ("(float64[:, ::1], int64)") is on disk
        and not stale; also where that cannot be told.
        """
        cache = self.compiled._cache
        try:
            key = cache._index_key(parsed_types(types), self.compiled.targetctx.codegen())
            return key in cache._cache_file._load_index()
        except (
            AttributeError,
            TypeError,
        ):  # no folder, or a numba of other inner ways
            return self.keeps

    def compile(self, types: str) -> None:
        """Load the code for arguments of these ``types``, or compile it."""
        self.compiled.compile(parsed_types(types))

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it."""
        result: R = (self.compiled if _compiles() else self.python)(*args, **kwargs)
        return result


def parsed_types(types: str) -> tuple[Any, ...]:
    """Numba's types of "(float64[:, ::1], int64)": it keeps code by what it is asked for, and is
    asked for these when a kernel is called.
    """
    arguments: tuple[Any, ...] = require("numba.core.sigutils").normalize_signature(types)[0]
    return arguments
