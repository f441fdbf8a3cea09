# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demonstrations share: steps through the real ``qgis_process``, announced and timed."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calval_toolbox.core.table import Table

ROOT = Path(__file__).resolve().parent.parent


class Demo:
    """One run: the data under ``data``, results beside them."""

    def __init__(self, folder: Path, steps: int) -> None:
        self.folder = folder
        self.steps = steps
        self.number = 0

    def out(self, name: str) -> str:
        """The path of a result."""
        return str(self.folder / name)

    def say(self, text: str) -> float:
        """Announce a step; returns when it began."""
        self.number += 1
        print(f"[{self.number}/{self.steps}] {text} ...", end="", flush=True)
        return time.perf_counter()

    def run(self, text: str, algorithm: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """Run an algorithm or a model through ``qgis_process``, JSON in and out."""
        begin = self.say(text)
        done = subprocess.run(
            [str(ROOT / "scripts" / "qgis_process"), "run", algorithm, "-"],
            input=json.dumps({"inputs": inputs}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f" failed.\n{done.stderr}")
        print(f" {time.perf_counter() - begin:.1f} s")
        results: dict[str, Any] = json.loads(done.stdout)["results"]
        return results


def read(path: str) -> Table:
    """A table that was made."""
    from calval_toolbox.core.io.tables import read_table

    return read_table(path)


def pictures(folder: Path) -> list[Path]:
    """Take the figures out of the reports, as SVG files."""
    target = folder / "pictures"
    target.mkdir(exist_ok=True)
    made = []
    for report in sorted(folder.glob("*.html")):
        found = re.findall(
            r'<img src="data:image/svg\+xml;base64,([^"]+)"', report.read_text("utf-8")
        )
        for number, data in enumerate(found, start=1):
            path = target / f"{report.stem}_{number}.svg"
            path.write_bytes(base64.b64decode(data))
            made.append(path)
    return made


def from_here(path: Path) -> str:
    """The path as seen from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
