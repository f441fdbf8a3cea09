# SPDX-License-Identifier: GPL-3.0-or-later
"""An interrupt of the real ``qgis_process`` while it starts, and while a long tile is computed: a
sentence and exit code 1, never a crash, a silent end, or a run that goes on.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

SLOW = """
import time
from pathlib import Path
class Slow:
    def __init__(self):
        Path({marker!r}).touch()
        for _ in range(600):
            time.sleep(0.1)
    def initProcessing(self):
        pass
def classFactory(iface):
    return Slow()
"""


def test_interrupt_before_the_run_has_begun(repo_root: Path, tmp_path: Path) -> None:
    profile, marker = tmp_path / "profile", tmp_path / "loading"
    home = profile / "profiles" / "default"
    plugin = home / "python" / "plugins" / "zz_slow"
    plugin.mkdir(parents=True)
    (plugin / "__init__.py").write_text(SLOW.format(marker=str(marker)))
    (plugin / "metadata.txt").write_text(
        "[general]\nname=Slow\nqgisMinimumVersion=3.40\ndescription=Slow\nversion=1\n"
        "author=A\nemail=a@example.org\nhasProcessingProvider=yes\n"
    )
    (home / "QGIS").mkdir()
    (home / "QGIS" / "QGIS3.ini").write_text("[PythonPlugins]\ncalval_toolbox=true\nzz_slow=true\n")
    command = [str(repo_root / "scripts" / "qgis_process"), "run", "calval:checkinstallation"]
    code, said, needed = _stopped(
        command, marker, {**os.environ, "CALVAL_PROFILE": str(profile)}, signal.SIGINT
    )
    assert code == 1, said
    assert "Canceled by the user before the run began" in said
    assert needed.clock < 12.0  # of 60 that loading the other plugin takes


class Needed(NamedTuple):
    """Seconds on the clock, and of CPU: the same however busy the machine is."""

    clock: float
    cpu: float


def _stopped(
    command: list[str], marker: Path, env: dict[str, str], sent: signal.Signals
) -> tuple[int, str, Needed]:
    """Exit code, what was said, and what it took to end a process that gets ``sent`` when
    ``marker`` is there.
    """
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env
    ) as process:
        assert process.stdout is not None
        while not marker.exists():
            time.sleep(0.02)
            assert process.poll() is None, process.stdout.read()
        begun = _cpu_seconds(process.pid)
        before, asked = _of_children(), time.monotonic()
        process.send_signal(sent)
        said = process.stdout.read()
        process.wait(600)
    needed = Needed(time.monotonic() - asked, _of_children() - before - begun)
    return process.returncode, said, needed


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _of_children() -> float:
    """CPU seconds of the processes that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_interrupt_during_a_tile_that_takes_long(repo_root: Path, tmp_path: Path) -> None:
    """The one tile takes far longer than anybody waits for it at the end of the process."""
    images, rng = tmp_path / "images", np.random.default_rng(1)
    images.mkdir()
    grid = grid_from_epsg(32631, (4e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), 700, 700)
    for day in np.datetime64("2018-01-03") + 24 * np.arange(40):
        values = [rng.normal(level, 60.0, (700, 700)).astype(np.int16) for level in (800, 3000)]
        path = images / f"i_{str(day).replace('-', '')}.tif"
        write_raster(path, values, grid, names=("red", "nir"))
    command = [str(repo_root / "scripts" / "qgis_process"), "run", "calval:detectanomaliesraster"]
    command += [f"--STACK={images}", "--SCALE=0.0001", "--TILE_SIZE=512", "--EXECUTOR=threads:2",
                "--MEMORY_CAP_MB=20000", f"--OUTPUT={tmp_path / 'types.tif'}"]  # fmt: skip
    code, said, needed = _stopped(
        command, tmp_path / "types.tiles" / "manifest.jsonl", dict(os.environ), signal.SIGINT
    )
    assert code == 1, said
    assert "Canceled by the user; 0 of 4 tiles are kept" in said
    assert needed.cpu < 3.0  # the tile alone takes far more
    assert sorted(path.name for path in tmp_path.iterdir()) == ["images", "types.tiles"]


LEFT = """
import atexit, sys, time
sys.path.insert(0, {plugins!r})
from calval_toolbox.core.execution.threads import Threads, end_at_once
threads = Threads(1)
work = threads.submit(time.sleep, 60)
while not (work.running() or work.done()):
    time.sleep(0.01)
time.sleep(0.2)
threads.kill()
atexit.register(print, "late")  # as of numba, which comes after the threads were made
threads.kill()
sys.stdout.write("all that was said")
{ending}
"""


def test_threads_in_work_do_not_hold_a_command_and_come_first(repo_root: Path) -> None:
    program = LEFT.format(plugins=str(repo_root / "build" / "plugins"), ending="end_at_once(7)")
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 7, done.stderr
    assert done.stdout == "all that was said"
    assert time.monotonic() - begin < 12.0  # of 60


def test_without_a_tile_in_work_nothing_is_cut_short(repo_root: Path) -> None:
    program = LEFT.format(plugins=str(repo_root / "build" / "plugins"), ending="end_at_once(7)")
    program = program.replace("time.sleep, 60", "time.sleep, 0.01")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert "late" in done.stdout
