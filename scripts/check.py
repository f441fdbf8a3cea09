# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every check of the code and sums up: 0 findings are wanted, and suppressions are findings.

Usage: check.py [NAME ...] with names of ``CHECKS``; without names all of them run, one per core at
a time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = ["__init__.py", "connections.py", "i18n.py", "core", "algorithms", "provider", "ui"]
PYTHON = [sys.executable, "-m"]

# Those that take longest come first, so that no core waits for them at the end.
CHECKS: dict[str, list[str]] = {
    "flake8": [*PYTHON, "flake8", "--jobs", "1"],
    "secrets": [sys.executable, "scripts/check_secrets.py"],
    "mypy": [*PYTHON, "mypy", "--no-error-summary"],
    "layers": [*PYTHON, "pytest", "-q", "-p", "no:cacheprovider", "tests/test_layers.py"],
    "bandit": [*PYTHON, "bandit", "-c", "pyproject.toml", "--ignore-nosec", "-q", "-r", *PLUGIN],
    "words": [sys.executable, "scripts/check_words.py"],
    "ruff": [*PYTHON, "ruff", "check", "--quiet", "."],
    "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
}


def run(name: str) -> tuple[bool, str]:
    """Run one check: whether it is good, and its words, in full only where there are findings."""
    start = time.monotonic()
    done = subprocess.run(CHECKS[name], cwd=ROOT, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    said = f"[check] {name:8s} {'ok' if good else 'FAILED'}  {time.monotonic() - start:.1f} s"
    return good, said if good else f"{said}\n{done.stdout}{done.stderr}"


def main(names: list[str]) -> int:
    """The exit code: 0 where all checks are good."""
    unknown = sorted(set(names) - set(CHECKS))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are: {', '.join(CHECKS)}")
        return 2
    results = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for good, said in pool.map(run, names or CHECKS):
            print(said, flush=True)
            results.append(good)
    print(f"[check] {sum(results)} of {len(results)} checks without findings")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
