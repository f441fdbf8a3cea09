# SPDX-License-Identifier: GPL-3.0-or-later
"""How a tiled run is executed: what the user chooses, and what is fixed by policy."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import InputError

SMALLEST_TILE, LARGEST_TILE = 64, 16384


@dataclass(frozen=True)
class ExecutionSettings:
    """The user's choice.

    ``executor``: see ``executors.open_executor``. ``tile_size``: side of a square tile, pixels
    (64 to 16384). ``memory_cap_mb``: the most memory (MB) that the tiles in work on one machine may
    need together. ``resume``: keep the finished tiles of an earlier run with the same parameters.
    Raises ``InputError`` where a value cannot be used.
    """

    executor: str = "threads"
    tile_size: int = 512
    memory_cap_mb: float = 2000.0
    resume: bool = True

    def __post_init__(self) -> None:
        if not SMALLEST_TILE <= self.tile_size <= LARGEST_TILE:
            raise InputError(
                f"The tile size is {self.tile_size} pixels. Choose a number between "
                f"{SMALLEST_TILE} and {LARGEST_TILE}."
            )
        if not (math.isfinite(self.memory_cap_mb) and self.memory_cap_mb > 0.0):
            raise InputError(
                f"The memory cap is {self.memory_cap_mb:g} MB. Choose a number above 0."
            )


@dataclass(frozen=True)
class Policy:
    """What a run does about tiles that fail or do not come back.

    ``tries``: how often a tile is started before it counts as missing. A tile that takes longer
    than ``timeout_factor`` times the median of the finished ones (but at least ``timeout_floor_s``)
    is given up and tried again; while none has finished the limit is ``first_timeout_s``. Once
    ``hopeless`` tiles have failed for good and none has succeeded, the rest is not tried.
    """

    tries: int = 3
    timeout_factor: float = 10.0
    timeout_floor_s: float = 120.0
    first_timeout_s: float = 3600.0
    hopeless: int = 5
