# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration as ``make demo`` runs it: it ends well, and what was planted is found."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_demonstration_finds_what_was_planted(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "demo.py"), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # three campaigns and the difference of two of them
    assert done.stdout.count("holds it") == 4
    assert "misses it" not in done.stdout
    assert "1 cannot be read" in done.stdout
    assert "Plugins > CalVal Toolbox > Load example data" in done.stdout
    sites = re.findall(r"^  (\w+) +\d+ +0\.\d+ +0\.\d+ +\[.*tier \d$", done.stdout, re.MULTILINE)
    assert sorted(sites) == ["Beijing", "Birdsville", "Ouarzazate", "Toulouse"]
    assert sites[-1] == "Ouarzazate"
    for name in ("sentinel2_validation.html", "site_ranking.html", "spot4_spot5.html"):
        assert "</html>" in (tmp_path / name).read_text("utf-8")
    pictures = list((tmp_path / "pictures").glob("*.svg"))
    assert len(pictures) >= 10
    assert all("</svg>" in path.read_text("utf-8") for path in pictures)


def test_an_interrupt_ends_it_with_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-u", str(ROOT / "scripts" / "demo.py"), str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        assert run.stdout is not None
        seen = ""
        while "[1/8]" not in seen:
            seen += run.stdout.read(1)
        run.send_signal(signal.SIGINT)
        rest = run.stdout.read()
        run.wait(600)
    assert run.returncode == 130
    assert "Interrupted" in rest
    assert "Traceback" not in rest


def test_unknown_options_are_no_folders(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "demo.py"), "--help"],
        cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Usage: demo.py" in done.stdout
    assert list(tmp_path.iterdir()) == []
