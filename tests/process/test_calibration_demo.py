# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration of calibration: what was planted is found within what is claimed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(
    r"^  (B\w+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) %/year"
    r" +([-+][\d.]+) +([\d.]+)$",
    re.MULTILINE,
)
CLOUDS = re.compile(r"^  (B\w+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)$", re.MULTILINE)


def test_the_demonstration_finds_what_was_planted(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "demo.py"), "--calibration", str(tmp_path)],
        capture_output=True, text=True, timeout=1800, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    rows = ROW.findall(done.stdout)
    assert [row[0] for row in rows] == ["B02", "B03", "B04", "B05", "B07", "B8A", "B11"]
    # Errors are printed as k = 2: three standard errors, because one of 21 may well miss two.
    for _, planted, desert, error, double, double_error, drift, slope, claimed in rows:
        assert abs(float(desert) - float(planted)) <= 1.5 * float(error)
        assert float(double) == pytest.approx(float(planted), abs=0.006)
        assert abs(float(double) - float(planted)) <= 1.5 * float(double_error)
        assert abs(float(slope) - float(drift)) <= 1.5 * float(claimed)
    clouds = CLOUDS.findall(done.stdout)
    assert [row[0] for row in clouds] == ["B02", "B03", "B05", "B07", "B8A"]
    for row in clouds:
        planted, median, mean = float(row[1]), float(row[3]), float(row[4])
        assert median == pytest.approx(planted, abs=0.004)
        assert mean == pytest.approx(planted, abs=0.002)
    for name in ("desert.html", "ratios.html", "budget.html", "clouds.html"):
        assert "</html>" in (tmp_path / name).read_text("utf-8")
