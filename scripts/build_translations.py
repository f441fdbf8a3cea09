# SPDX-License-Identifier: GPL-3.0-or-later
"""Translations: resources/i18n/*.ts -> *.qm; with --update the texts of the code come first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from repository import ROOT, files

FOLDER = ROOT / "resources" / "i18n"
ROOMS = ("algorithms", "provider", "ui", "connections.py", "i18n.py")


def program(*names: str) -> str | None:
    """The first of the programs that is there."""
    return next((found for name in names if (found := shutil.which(name))), None)


def collect(*targets: Path) -> int:
    """Collect the texts inside tr() into ``targets`` (.ts); translations that exist are kept."""
    tool = program("pylupdate5")
    if tool is None:
        print("pylupdate5 is missing: it comes with pyqt5-dev-tools")
        return 1
    sources = [str(f) for f in files() if f.suffix == ".py" and f.parts[0] in ROOMS]
    # Without line numbers: they would change with every edit of the code.
    command = [tool, "-noobsolete", *sources, "-ts", *(str(target) for target in targets)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    for path in targets:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(x for x in lines if "<location " not in x), encoding="utf-8")
    return code


def release(folder: Path = FOLDER) -> int:
    """Make the files in ``folder`` that QGIS loads; without lrelease the texts stay English."""
    tool = program("lrelease", "/usr/lib/qt5/bin/lrelease")
    if tool is None:
        print("lrelease is missing (qttools5-dev-tools): the texts stay English", file=sys.stderr)
        return 0
    for source in sorted(folder.glob("*.ts")):
        target = source.with_suffix(".qm")
        command = [tool, "-silent", str(source), "-qm", str(target)]
        if subprocess.run(command, check=False).returncode:
            return 1
    return 0


def main(arguments: list[str]) -> int:
    """The exit code."""
    if "--update" in arguments and (code := collect(*sorted(FOLDER.glob("*.ts")))):
        return code
    return release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
