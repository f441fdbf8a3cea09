# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the repository: what git knows, or everything where this is no clone."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {".git", "build", "__pycache__"}


def files() -> list[Path]:
    """Tracked and new files, without ignored ones, sorted, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        names = [Path(name) for name in done.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        names = [name for name in names if not NOT_OURS & set(name.parts)]
    return sorted({name for name in names if (ROOT / name).is_file()})


def commit_time() -> int:
    """Seconds since 1970 of the last commit; a fixed day where this is no clone."""
    command = ["git", "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return int(done.stdout.strip())
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 1_767_225_600
