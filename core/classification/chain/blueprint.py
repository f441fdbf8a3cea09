# SPDX-License-Identifier: GPL-3.0-or-later
"""What all steps of a chain know: its configuration, its tiles, its variants, and its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...execution.executors import parse_spec
from ...execution.settings import ExecutionSettings
from ...io.dates import listed_dates
from ...io.sources import split_source
from ...io.versions import core_versions
from ...report.document import InputFile, ReportContext
from ..sample_fields import split_column
from .configuration import APART, Configuration
from .keys import FUSION, MAPS, PRIMITIVES, TRAINING
from .tiles import ChainTile

OPTICAL, RADAR, ALL = "optical", "radar", ""
_MB = 1e6
_USUAL_DATES = 20


@dataclass(frozen=True)
class Variant:
    """One model and its map: of a ``run`` (from 0) and of a ``sensor`` ("": all together).
    ``ending``: what its files are told apart by.
    """

    run: int
    sensor: str
    ending: str

    @property
    def words(self) -> str:
        """How the names of its units end."""
        return self.ending.replace("_", " ")

    @property
    def split(self) -> str:
        """The column of the samples that says what trains and what tests."""
        return split_column(self.run)


@dataclass(frozen=True)
class Blueprint:
    """``configuration`` with its ``tiles``; ``zones``: names of the zones; ``execution``: how tiles
    of images are computed, which changes no result.
    """

    configuration: Configuration
    tiles: tuple[ChainTile, ...]
    execution: ExecutionSettings
    zones: tuple[str, ...] = ()

    def step(self, name: str) -> dict[str, Any]:
        """The parameters of a step."""
        return dict(self.configuration.steps[name])

    @property
    def sensors(self) -> tuple[str, ...]:
        """The sensors that have models of their own."""
        return (OPTICAL, RADAR) if self.configuration.sensors == APART else (ALL,)

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All models."""
        many = self.configuration.runs > 1
        return tuple(
            Variant(
                run, sensor,
                (f"_run_{run + 1}" if many else "") + (f"_{sensor}" if sensor else ""),
            )
            for run in range(self.configuration.runs)
            for sensor in self.sensors
        )  # fmt: skip

    @property
    def dates(self) -> int:
        """About how many dates the features have."""
        step = self.step(PRIMITIVES)
        if step["DATES"]:
            return len(listed_dates(str(step["DATES"]), repeated=True, key="DATES"))
        times = [time for tile in self.tiles for time in tile.times]
        if not times:
            return _USUAL_DATES
        days = int((max(times) - min(times)) / np.timedelta64(1, "D"))
        return days // int(step["STEP_DAYS"]) + 1

    def pixels(self, tile: ChainTile | None = None) -> int:
        """Pixels of a tile, or of all."""
        return sum(one.pixels for one in ([tile] if tile else self.tiles))

    def megabytes(self, tile: ChainTile, bytes_per_pixel: float) -> float:
        """Memory that the workers need for parts of a tile, below the cap."""
        workers = max(parse_spec(self.execution.executor).workers, 1)
        part = min(self.execution.tile_size**2, max(tile.pixels, 1))
        needed = workers * part * bytes_per_pixel / _MB
        return min(needed, self.execution.memory_cap_mb)


def primitives_of(tile: ChainTile) -> str:
    """The name of the unit that makes the features of a tile."""
    return f"{PRIMITIVES} {tile.name}"


def training_of(variant: Variant) -> str:
    """The name of the unit that trains a variant."""
    return TRAINING + variant.words


def map_of(variant: Variant) -> str:
    """The name of the unit that gives the map of a variant, of all tiles."""
    return MAPS + variant.words


def fused_run(plan: Blueprint, run: int) -> str:
    """The name of the unit that gives the map of a run: of its sensors, fused where they are
    apart.
    """
    variants = [one for one in plan.variants if one.run == run]
    if len(variants) == 1:
        return map_of(variants[0])
    many = plan.configuration.runs > 1
    return f"{FUSION} run {run + 1}" if many else FUSION


def context_of(title: str, unit_settings: Mapping[str, Any], files: Sequence[str]) -> ReportContext:
    """What a report of a unit says of its making; the manifest has the hashes."""
    places = [(path, Path(split_source(path)[0])) for path in files]
    inputs = [
        InputFile(path, "", place.stat().st_size if place.is_file() else -1)
        for path, place in places
    ]
    return ReportContext(title, dict(unit_settings), inputs, core_versions())
