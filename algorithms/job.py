# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of an algorithm: its plain inputs, its progress, and its outputs until they are put in
place.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..core.errors import InputError
from ..core.io.atomic import Staging, write_text
from ..core.io.tables import write_table
from ..core.progress import Part
from ..core.report.document import InputFile, ReportContext
from ..core.table import Table
from ..i18n import tr
from . import provenance, styling
from .feedback import FeedbackProgress
from .inputs import describe


class Job:
    """What ``compute`` works with.

    ``job[KEY]`` is the plain value of a parameter. Outputs go through ``write_table``,
    ``write_text`` and ``stage``: they appear together when the run has succeeded, each with its
    provenance beside it.
    """

    def __init__(
        self,
        algorithm_id: str,
        values: dict[str, Any],
        input_keys: list[str],
        progress: FeedbackProgress,
        staging: Staging,
    ) -> None:
        self.values = values
        self.progress = progress
        self._staging = staging
        self._outputs: dict[str, Path] = {}
        self._staged: dict[str, Path] = {}
        self._styles: dict[Path, str] = {}
        self._made_styles: dict[Path, str] = {}
        self._folders: dict[str, Path] = {}
        self._recorded: list[Path] = []
        self._afterward: list[Callable[[], None]] = []
        self.record: dict[str, Any] = {
            "algorithm": algorithm_id,
            "started": provenance.now(),
            "parameters": describe(values),
            "inputs": provenance.describe_inputs(values, input_keys, progress),
            "versions": provenance.versions(),
        }

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def wanted(self, key: str) -> bool:
        """Whether the user asked for the output ``key``."""
        return bool(self.values[key])

    def first_wanted(self, *keys: str) -> str:
        """What the user gave for the first wanted one of the outputs ``keys``; raises
        ``InputError`` where none is wanted.
        """
        for key in keys:
            if self.wanted(key):
                return str(self.values[key])
        raise InputError(
            tr("Say where at least one result goes: {keys}.").format(keys=", ".join(keys))
        )

    def stage(self, key: str, style: str = "") -> Path:
        """The temporary path under which the output ``key`` is written; ``style`` names its layer
        style.
        """
        final = Path(self.values[key]).absolute()
        self._outputs[key] = final
        if style:
            self._styles[final] = style
        self._staged[key] = self._staging.stage(final)
        return self._staged[key]

    def staged(self, key: str) -> Path:
        """The temporary path that ``stage`` gave for the output ``key``."""
        return self._staged[key]

    def stage_inside(self, key: str, path: Path) -> Path:
        """The temporary path under which ``path``, a file inside the folder that the parameter
        ``key`` names, is written; the provenance of all of them lies beside the folder.
        """
        self._folders[key] = Path(self.values[key]).absolute()
        return self._staging.stage(path)

    def stage_beside(self, path: Path) -> Path:
        """The temporary path under which ``path``, a further file beside an output, is written: the
        provenance of the output holds for it.
        """
        return self._staging.stage(path)

    def keep_beside(self, key: str, made: Path, ending: str) -> None:
        """Have the file ``made``, which belongs to the output ``key``, put in place with it, under
        the name of the output and ``ending``.
        """
        final = Path(self.values[key]).absolute()
        made.replace(self._staging.stage(final.with_name(final.name + ending)))

    def afterward(self, action: Callable[[], None]) -> None:
        """Have ``action`` done once all outputs are in place, and not at all where the run fails:
        tiles are discarded so, which a run that fails goes on from the next time.
        """
        self._afterward.append(action)

    def clean_up(self) -> None:
        """Do what was put off until all outputs are in place."""
        for action in self._afterward:
            action()

    def write_table(self, key: str, table: Table, style: str = "") -> None:
        """Write ``table`` to the output ``key``, where the user asked for it."""
        if not self.wanted(key):
            return
        # Writing is a share of what is left: how large a share, only the disk knows.
        done = self.progress.done
        part = Part(self.progress, done, (1.0 + done) / 2.0)
        final = Path(self.values[key])
        write_table(table, self.stage(key, style), final.stem, part, final.name)

    def dress(self, key: str, style: str) -> None:
        """Give the output ``key`` a layer style made for it: the text of the style itself."""
        self._made_styles[Path(self.values[key]).absolute()] = style

    def dress_inside(self, key: str, path: Path, style: str) -> None:
        """Give ``path``, a layer inside the folder that the parameter ``key`` names, a style made
        for it.
        """
        self._folders[key] = Path(self.values[key]).absolute()
        self._made_styles[path] = style

    def record_inside(self, key: str, path: Path) -> None:
        """Have the record of the run written beside ``path``, a file inside the folder that the
        parameter ``key`` names, too: one that people take out of it.
        """
        self._folders[key] = Path(self.values[key]).absolute()
        self._recorded.append(path)

    def write_text(self, key: str, text: str) -> None:
        """Write ``text`` (an HTML report) to the output ``key``, where the user asked for it."""
        if self.wanted(key):
            write_text(self.stage(key), text, Path(self.values[key]).name)

    def context(self, title: str) -> ReportContext:
        """What a report says of the run that made it."""
        inputs = [
            InputFile(entry["path"], provenance.digest(entry), int(entry.get("bytes", -1)))
            for entry in self.record["inputs"]
        ]
        return ReportContext(title, self.record["parameters"], inputs, self.record["versions"])

    def finish(self, results: dict[str, Any]) -> dict[str, Any]:
        """Stage styles and provenance of all outputs; returns results and the outputs' paths."""
        finite = {key: plain(value) for key, value in results.items()}
        styles = self._own_styles()
        self.record |= {
            "finished": provenance.now(),
            "outputs": {key: str(path) for key, path in (self._outputs | self._folders).items()},
            "results": finite,
            "styles": {p.name: styling.digest(text.encode()) for p, text in styles.items()},
        }
        beside = {
            provenance.side_car(path): provenance.to_json(self.record)
            for path in (*(self._outputs | self._folders).values(), *self._recorded)
        }
        beside |= styles
        for path, text in beside.items():
            write_text(self._staging.stage(path), text, path.name)
        return {**finite, **{key: str(path) for key, path in self._outputs.items()}}

    def _home(self, output: Path) -> Path:
        """What the provenance of ``output`` lies beside: itself, or the folder that it lies in."""
        if output in self._outputs.values():
            return output
        return next((one for one in self._folders.values() if one in output.parents), output)

    def _own_styles(self) -> dict[Path, str]:
        """The styles to be written; a style of somebody else's making is left as it is."""
        found: dict[Path, str] = {}
        texts = {path: styling.style_text(name) for path, name in self._styles.items()}
        for output, text in (texts | self._made_styles).items():
            path = styling.style_path(output)
            if styling.is_foreign(path, provenance.side_car(self._home(output))):
                self.progress.warn(
                    tr("{path} is not a style of this toolbox: it was left as it is. Remove it to "
                       "get the toolbox's own style.").format(path=path)
                )  # fmt: skip
                continue
            found[path] = text
        return found


def plain(value: Any) -> Any:
    """A number as Python's own type, None for what is not finite (JSON knows no NaN)."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
