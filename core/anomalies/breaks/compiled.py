# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels that numba compiles at their first call, and that run as plain Python without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

from ...dependencies import available, require

P = ParamSpec("P")
R = TypeVar("R")

COMPILED = available("numba")  # found out without importing it


class Compiled(Generic[P, R]):
    """A function of arrays and numbers, used as a decorator; kernels may call each other.

    Compiled without the interpreter's lock and kept on disk between runs; not with ``fastmath``,
    which would drop the tests for NaN. Loading a module compiles nothing and imports nothing.
    """

    def __init__(self, function: Callable[P, R]) -> None:
        self.python = function
        self.__doc__ = function.__doc__
        self._dispatcher: Any = None

    @property
    def dispatcher(self) -> Any:
        """The function as numba has compiled it."""
        if self._dispatcher is None:
            options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
            numba = require("numba")
            try:
                self._dispatcher = numba.njit(cache=True, **options)(self.python)
            except RuntimeError:  # no folder to keep the compiled code in
                self._dispatcher = numba.njit(**options)(self.python)
        return self._dispatcher

    @property
    def _numba_type_(self) -> Any:
        """What numba asks of a global that it meets in a kernel: here, the compiled function."""
        return self.dispatcher._numba_type_

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it."""
        result: R = (self.dispatcher if COMPILED else self.python)(*args, **kwargs)
        return result
