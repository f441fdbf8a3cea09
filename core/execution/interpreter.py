# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python that worker processes can run.

Inside QGIS ``sys.executable`` is another program: QGIS itself on Windows and macOS, the first
``python3`` on the path under ``qgis_process``. So only files that are named like an interpreter are
tried, and each must prove that it is the same Python with the same libraries.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ..errors import ExecutionError

LIMIT_S = 10.0
_NAMED = re.compile(r"python(\d+(\.\d+)?)?(\.exe)?", re.IGNORECASE)
# Run by the candidate: the module search path of this process goes in, versions come out.
_PROBE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); import numpy, osgeo.gdal; "
    "from calval_toolbox.core.io.versions import core_versions; "
    "assert 'qgis' not in sys.modules; print(json.dumps(core_versions()))"
)


def find_interpreter(candidates: Sequence[str] | None = None) -> str:
    """The path of a Python interpreter that has the versions of this process and can import the
    toolbox without QGIS.

    ``candidates``: what to try, instead of the usual places. Takes ten seconds at the most; raises
    ``ExecutionError`` that says what was tried and why it will not do.
    """
    return _find(tuple(usual_places() if candidates is None else candidates), tuple(sys.path))


def usual_places() -> list[str]:
    """Where the interpreter of this process may be: existing files that are named like one."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folders = [Path(prefix) / sub for prefix in (sys.prefix, sys.exec_prefix, sys.base_prefix)
               for sub in ("bin", "Scripts", ".")]  # fmt: skip
    folders.append(Path(sysconfig.get_path("scripts")))
    names = (f"python{version}", "python3", "python.exe", "python3.exe")
    found = [sys.executable or ""]
    found += [str(folder / name) for folder in folders for name in names]
    usable = [path for path in found if _NAMED.fullmatch(Path(path).name) and _runs(path)]
    return list(dict.fromkeys(usable))


def talk_to(interpreter: str, code: str, argument: object) -> subprocess.Popen[str]:
    """Start ``interpreter`` on ``code``, with ``argument`` as JSON in ``sys.argv[1]``: a process
    that reads lines and answers by lines. Raises ``OSError`` where it cannot be started.
    """
    return subprocess.Popen(
        [interpreter, "-c", code, json.dumps(argument)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


@lru_cache(maxsize=8)
def _find(candidates: tuple[str, ...], search_path: tuple[str, ...]) -> str:
    end = time.monotonic() + LIMIT_S
    reasons = []
    for path in candidates:
        reason = _objection(path, search_path, end - time.monotonic())
        if not reason:
            return path
        reasons.append(f"{path}: {reason}")
    told = "; ".join(reasons) or "none was found beside the libraries of this program"
    raise ExecutionError(
        f"Worker processes need a Python interpreter like the one in use ({told}). Use the "
        "executor 'threads' instead."
    )


def _objection(path: str, search_path: tuple[str, ...], seconds: float) -> str:
    """Why ``path`` cannot run the workers; "" where it can."""
    if seconds <= 0.0:
        return "not tried, the time was up"
    if not _NAMED.fullmatch(Path(path).name):
        return "not named like a Python interpreter"  # starting it might open a window
    try:
        done = subprocess.run(
            [path, "-c", _PROBE, json.dumps(search_path)],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return f"did not answer within {LIMIT_S:g} s"
    except OSError as error:
        return f"cannot be started ({error.strerror})"
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"ended with code {done.returncode}"
    return _differences(done.stdout)


def _differences(answer: bytes) -> str:
    from ..io.versions import core_versions

    try:
        theirs = json.loads(answer)
    except ValueError:
        return "answered something that is no version"
    return version_differences(core_versions(), theirs)


def version_differences(mine: dict[str, str], theirs: dict[str, str]) -> str:
    """What differs between two results of ``core_versions``; "" where nothing does."""
    return ", ".join(
        f"{name} {theirs.get(name, 'missing')} instead of {version}"
        for name, version in mine.items()
        if theirs.get(name) != version
    )


def _runs(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)
