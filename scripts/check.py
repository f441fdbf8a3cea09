# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every check of the code and sums up: 0 findings are wanted, and suppressions are findings.

Usage: check.py [NAME ...] with names of ``CHECKS``; without names all of them run.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = ["__init__.py", "connections.py", "i18n.py", "core", "algorithms", "provider", "ui"]
PYTHON = [sys.executable, "-m"]

CHECKS: dict[str, list[str]] = {
    "ruff": [*PYTHON, "ruff", "check", "--quiet", "."],
    "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
    "mypy": [*PYTHON, "mypy", "--no-error-summary"],
    "flake8": [*PYTHON, "flake8"],
    "bandit": [*PYTHON, "bandit", "-c", "pyproject.toml", "--ignore-nosec", "-q", "-r", *PLUGIN],
    "secrets": [sys.executable, "scripts/check_secrets.py"],
    "words": [sys.executable, "scripts/check_words.py"],
    "layers": [*PYTHON, "pytest", "-q", "-p", "no:cacheprovider", "tests/test_layers.py"],
}


def run(name: str) -> bool:
    """Run one check, show its words only where it has found something."""
    start = time.monotonic()
    done = subprocess.run(CHECKS[name], cwd=ROOT, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    print(f"[check] {name:8s} {'ok' if good else 'FAILED'}  {time.monotonic() - start:.1f} s")
    if not good:
        print(done.stdout + done.stderr)
    return good


def main(names: list[str]) -> int:
    """The exit code: 0 where all checks are good."""
    unknown = sorted(set(names) - set(CHECKS))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are: {', '.join(CHECKS)}")
        return 2
    results = [run(name) for name in names or CHECKS]
    print(f"[check] {sum(results)} of {len(results)} checks without findings")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
