# SPDX-License-Identifier: GPL-3.0-or-later
"""What a chain consists of: units of work with files that come out of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...execution.settings import ExecutionSettings
from ...io.atomic import Staging
from ...progress import Progress

Facts = Mapping[str, Any]
Action = Callable[[], None]


@dataclass(frozen=True)
class Cost:
    """What a unit is expected to take: ``seconds`` of one processor, memory in ``megabytes``."""

    seconds: float = 1.0
    megabytes: float = 100.0


@dataclass(frozen=True)
class Unit:
    """A part of a step that is made as a whole, such as one tile or one run of it.

    ``step``: id of the algorithm that does the same. ``settings``: all that changes the result, as
    JSON knows it. ``files``: outside files that are read; ``uses``: names of the units whose
    results are read. ``outputs``: the files that come out of it, below the folder of the chain, by
    key; there may be more that only the work knows of. ``work`` makes them and returns what is
    worth knowing of them (JSON). ``version``: to be raised where the same settings shall give
    another result.
    """

    name: str
    step: str
    settings: Mapping[str, Any]
    outputs: Mapping[str, str]
    work: Callable[[Work], Facts]
    files: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    cost: Cost = field(default_factory=Cost)
    version: int = 1


class Work:
    """What the work of a unit gets: where its inputs are, and where its outputs go.

    ``made``: the files of earlier units by unit and key, below ``folder``.
    """

    def __init__(
        self,
        unit: Unit,
        made: Mapping[str, Mapping[str, str]],
        folder: Path,
        staging: Staging,
        settings: ExecutionSettings,
        progress: Progress,
    ) -> None:
        self.settings, self.progress = settings, progress
        self.afterward: list[Action] = []  # done once all outputs are in place
        self.outputs = dict(unit.outputs)
        self._unit, self._made, self._folder, self._staging = unit, made, folder, staging
        self._staged: dict[str, Path] = {}

    def output(self, key: str, path: str = "") -> Path:
        """The temporary path that the output ``key`` is written to; ``path`` (below the folder of
        the chain) of one that the unit did not name.
        """
        if path:
            self.outputs[key] = path
        if key not in self._staged:
            self._staged[key] = self._staging.stage(self.final(key))
        return self._staged[key]

    def keep_beside(self, key: str, made: Path, ending: str) -> None:
        """Have the file ``made``, which belongs to the output ``key``, put in place with it, under
        the name of the output and ``ending``.
        """
        made.replace(self.output(f"{key}{ending}", f"{self.outputs[key]}{ending}"))

    def final(self, key: str) -> Path:
        """Where the output ``key`` will be."""
        return self._folder / self.outputs[key]

    def results(self, unit: str) -> dict[str, Path]:
        """The files of an earlier unit by key; only of those that this one says it uses."""
        if unit not in self._unit.uses:
            raise ValueError(f"{self._unit.name} does not say that it uses {unit}")
        return {key: self._folder / path for key, path in self._made[unit].items()}

    def result(self, unit: str, key: str) -> Path:
        """One file of an earlier unit."""
        return self.results(unit)[key]
