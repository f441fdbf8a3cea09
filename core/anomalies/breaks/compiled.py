# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles kernels where numba is installed; without it they run as plain Python.

Modules that use ``compiled`` are imported where they are called and not before, because importing
numba takes its time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from ...dependencies import available

P = ParamSpec("P")
R = TypeVar("R")

COMPILED = available("numba")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` compiled by numba, free of the interpreter's lock, kept on disk between runs.

    Not with ``fastmath``: it would drop the tests for NaN.
    """
    if not COMPILED:
        return function
    import numba

    return cast(Callable[P, R], numba.njit(nogil=True, cache=True)(function))
