# SPDX-License-Identifier: GPL-3.0-or-later
"""An interrupt of the real ``qgis_process`` is answered at once, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.tables import write_table
from calval_toolbox.core.table import Table

ROWS = 60_000


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A satellite and a photometer table that keep the comparison busy for a long time."""
    folder = tmp_path_factory.mktemp("busy")
    start = np.datetime64("2000-01-01T10:00", "ms")
    time = start + np.arange(ROWS) * np.timedelta64(100, "m")
    aot = np.random.default_rng(1).gamma(2.0, 0.1, ROWS)
    site = np.full(ROWS, "A", dtype=object)
    write_table(Table({"site": site, "time": time, "aot_mean": aot}), folder / "satellite.csv")
    write_table(Table({"site": site, "time": time, "aot": aot + 0.01}), folder / "aeronet.csv")
    return folder


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_interrupt(tables: Path, repo_root: Path, tmp_path: Path, sent: signal.Signals) -> None:
    arguments = {
        "SATELLITE": tables / "satellite.csv",
        "AERONET": tables / "aeronet.csv",
        "MIN_OBSERVATIONS": 1,
        "BOOTSTRAP": 20_000,
        "MATCHUPS": tmp_path / "m.gpkg",
        "REPORT": tmp_path / "r.html",
    }
    command = [str(repo_root / "scripts" / "qgis_process"), "run", "calval:compareaot"]
    command += [f"--{key}={value}" for key, value in arguments.items()]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ)
    ) as run:
        _wait_for(run, "Statistics of the groups")
        run.send_signal(sent)
        rest = run.stdout.read() if run.stdout else ""
        run.wait(600)
    assert run.returncode == 1
    assert "Canceled by the user; no output of this step was kept." in rest
    assert list(tmp_path.iterdir()) == []
    assert "Writing the report" not in rest  # it stopped where it was, not at the end


def _wait_for(run: subprocess.Popen[str], text: str) -> None:
    assert run.stdout is not None
    seen = ""
    while text not in seen:
        letter = run.stdout.read(1)
        assert letter, f"ended before '{text}':\n{seen}"
        seen += letter
