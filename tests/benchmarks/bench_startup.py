# SPDX-License-Identifier: GPL-3.0-or-later
"""Start-up of ``qgis_process list`` with the plugin enabled, beside QGIS without it."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPEATS = 9
GOAL = 1.15


def profile(folder: Path, enabled: bool) -> dict[str, str]:
    """An environment with a QGIS profile of its own, the plugin enabled in it or not."""
    ini = folder / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    ini.parent.mkdir(parents=True)
    ini.write_text(f"[PythonPlugins]\ncalval_toolbox={str(enabled).lower()}\n")
    packages = next((ROOT / "build" / "venv" / "lib").glob("python3*/site-packages"))
    environment = {**os.environ, "PATH": f"/usr/bin:/bin:{os.environ['PATH']}"}
    # As on a user's machine: modules are compiled once, not at every start.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment | {
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(folder),
        "QGIS_PLUGINPATH": str(ROOT / "build" / "plugins"),
        "PYTHONPATH": str(packages),
        "PYTHONPYCACHEPREFIX": str(folder / "cache"),
        "XDG_RUNTIME_DIR": str(folder),
    }


def start(environment: dict[str, str]) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and number of our algorithms of one start."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    done = subprocess.run(
        ["qgis_process", "list"], env=environment, capture_output=True, text=True, check=True
    )
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stdout.count("\tcalval:")


def main() -> int:
    """Start both in turn, so that a busy machine hits both alike."""
    folder = Path(tempfile.mkdtemp())
    bare, ours = profile(folder / "bare", False), profile(folder / "ours", True)
    counts = [start(environment)[2] for environment in (bare, ours, bare, ours)]
    pairs = [(start(bare), start(ours)) for _ in range(REPEATS)]
    shutil.rmtree(folder)
    print(f"  algorithms listed: {counts[0]} without, {counts[1]} with the plugin")
    ratios = []
    for index, name in enumerate(("wall", "CPU")):
        without = statistics.median(one[index] for one, _ in pairs)
        with_it = statistics.median(two[index] for _, two in pairs)
        ratios.append(with_it / without)
        print(f"  {name}: {without:.3f} s without, {with_it:.3f} s with, ratio {ratios[-1]:.3f}")
    print(f"  goal: at most {GOAL}")
    return 0 if counts[1] > counts[0] == 0 and min(ratios) <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
