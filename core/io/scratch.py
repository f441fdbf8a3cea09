# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrays that are larger than memory should be, kept in a file without a name."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import OutputError
from ..types import AnyArray

IN_MEMORY = 64_000_000  # bytes


def scratch(shape: tuple[int, int], dtype: str, value: Any, folder: Path) -> AnyArray:
    """An array full of ``value``: in memory where it is small, else mapped to a file in ``folder``
    that goes with the array. Raises ``OutputError`` where the disk has no room for it.
    """
    size = shape[0] * shape[1] * np.dtype(dtype).itemsize
    if size <= IN_MEMORY:
        return np.full(shape, value, dtype=dtype)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            # Room is taken now: a mapped file that outgrows its disk would end the process.
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            made = np.memmap(file, dtype=dtype, mode="r+", shape=shape)
    except OSError as error:
        raise OutputError(
            f"{folder} has no room for {size / 1e6:.0f} MB of intermediate results "
            f"({error.strerror}). Free some, or write to another disk."
        ) from error
    for row in range(0, shape[0], 1024):
        made[row : row + 1024] = value
    return made
