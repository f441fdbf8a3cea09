# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of simulated example data: claimed by a note, and only then ever cleared."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from ..errors import OutputError

NOTE = "README.txt"


def claim(folder: Path, first_line: str, owned: Iterable[str]) -> None:
    """Make ``folder``, or clear it of earlier example data; nothing else is ever removed.

    The data are known by ``first_line`` at the beginning of their note. ``owned``: names of the
    files and folders below ``folder`` that they consist of. Raises ``OutputError`` where ``folder``
    holds anything else or cannot be made.
    """
    note = folder / NOTE
    if folder.exists() and any(folder.iterdir()):
        if not note.is_file() or not note.read_text("utf-8", "replace").startswith(first_line):
            raise OutputError(
                f"{folder} already holds other files. Choose an empty folder for the demonstration."
            )
        clear(folder, owned)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(first_line, "utf-8")
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror}. Choose another.") from error


def clear(folder: Path, owned: Iterable[str]) -> None:
    """Remove the files and folders ``owned`` from ``folder``, and nothing else."""
    for name in owned:
        _remove(folder / name)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
