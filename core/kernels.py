# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels compiled by numba where it is installed, and how much is done without it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from .dependencies import available, require


@cache
def compiled(kernel: Callable[..., Any]) -> Callable[..., Any] | None:
    """``kernel`` compiled by numba (without the GIL, kept on disk), None where numba is absent.

    The kernel is a plain module-level function of arrays and numbers; nothing is compiled before
    its first call.
    """
    if not available("numba"):
        return None
    compile_ = require("numba").njit(nogil=True, cache=True)
    made: Callable[..., Any] = compile_(kernel)
    return made
