# SPDX-License-Identifier: GPL-3.0-or-later
"""What a chain has made so far: ``chain.json`` in its folder, written in one step after each unit.

It is the manifest of the results too: settings, states of the inputs, hashes, seeds and versions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...execution.manifest import Identity, file_state
from ...io.atomic import Staging, write_text
from ...io.fingerprints import Fingerprint, fingerprint, is_intact
from ...io.sources import split_source
from ...io.tile_files import to_json
from ...io.versions import core_versions
from .units import Facts, Unit

NAME = "chain.json"
FORMAT = 1


@dataclass(frozen=True)
class Record:
    """A unit that was made: of what (``identity``), what came out (``files`` by key, below the
    folder, their ``outputs``, and ``facts``), in how many ``seconds``, when, by which versions.
    """

    step: str
    identity: Identity
    files: Mapping[str, str]
    outputs: Mapping[str, Fingerprint]
    facts: Facts
    seconds: float = 0.0
    finished: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass
class State:
    """All that is known of the chain in ``folder``; ``configuration`` as the last run had it."""

    folder: Path
    records: dict[str, Record]
    configuration: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> State:
        """What ``folder`` holds; raises ``InputError`` where its manifest is not understood."""
        path = folder / NAME
        if not path.is_file():
            return cls(folder, {})
        try:
            found = json.loads(path.read_text("utf-8"))
            records = {name: _record(values) for name, values in found["units"].items()}
            return cls(folder, records, found.get("configuration", {}))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path} is damaged or of another program. Remove it to start the chain again, or "
                "choose another folder."
            ) from error

    def write(self) -> None:
        """Write the manifest; raises ``OutputError``, and then the earlier one is still there."""
        units = {name: _plain(record) for name, record in self.records.items()}
        text = json.dumps(
            {"format": FORMAT, "configuration": self.configuration, "units": units}, indent=1
        )
        with Staging() as staging:
            write_text(staging.stage(self.folder / NAME), text + "\n", NAME)

    def outputs(self) -> dict[str, tuple[str, str]]:
        """Unit and hash of all outputs, by what the identities of other units call them."""
        return {
            f"{name}/{key}": (name, one.sha256)
            for name, record in self.records.items()
            for key, one in record.outputs.items()
        }

    def enter(
        self, unit: Unit, identity: Identity, files: Mapping[str, str], facts: Facts, seconds: float
    ) -> None:
        """Enter a unit whose ``files`` are in place, and write the manifest; a unit of an earlier
        configuration that had one of them is not there any more.
        """
        taken = set(files.values())
        for name in [one for one, each in self.records.items() if taken & set(each.files.values())]:
            if name != unit.name:
                del self.records[name]
        made = {key: fingerprint(self.folder / path) for key, path in files.items()}
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        plain = json.loads(to_json(facts))
        self.records[unit.name] = Record(
            unit.step, identity, dict(files), made, plain, seconds, now, core_versions()
        )
        self.write()

    def identity(self, unit: Unit) -> Identity:
        """Of what ``unit`` would be made now; the units that it uses must be there."""
        used = {
            f"{name}/{key}": one.sha256
            for name in unit.uses
            for key, one in self.records[name].outputs.items()
        }
        values = {
            "function": unit.step,
            "version": unit.version,
            "parameters": dict(unit.settings),
            "inputs": {path: file_state(split_source(path)[0]) for path in unit.files} | used,
        }
        return Identity(json.loads(to_json(values)))

    def is_there(self, unit: Unit) -> bool:
        """Whether the unit was made, and all that came out of it is as it was written."""
        record = self.records.get(unit.name)
        return record is not None and not self.damaged(unit, record)

    def damaged(self, unit: Unit, record: Record) -> str:
        """The first file of a unit that is not there as it was written; "" where all are."""
        for key, path in {**unit.outputs, **record.files}.items():
            known = record.outputs.get(key)
            if known is None or not is_intact(self.folder / path, known):
                return path
        return ""


def _record(values: Mapping[str, Any]) -> Record:
    outputs = {key: Fingerprint(**one) for key, one in values["outputs"].items()}
    return Record(**{**values, "identity": Identity(values["identity"]), "outputs": outputs})


def _plain(record: Record) -> dict[str, Any]:
    return {**asdict(record), "identity": record.identity.values}
