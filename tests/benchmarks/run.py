# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the benchmarks, each in an interpreter of its own: run.py [NAME ...].

Peers run in the same run, in an environment of their own (build/bench-venv). Where that cannot be
made, the benchmarks print our own figures only.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEERS = ROOT / "build" / "bench-venv"
REQUIREMENTS = HERE / "requirements.txt"


def make_peers() -> None:
    """Install the peers, unless they are there already."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = PEERS / ".complete"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("[bench] making build/bench-venv for the peers", flush=True)
    # Not from the plugin's environment: the peers bring another numpy.
    commands = [
        ["/usr/bin/python3", "-m", "venv", "--clear", str(PEERS)],
        [str(PEERS / "bin" / "pip"), "install", "-q", "-r", str(REQUIREMENTS)],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"[bench] without peers: {done.stderr.strip().splitlines()[-1:]}", flush=True)
            return
    stamp.write_text(wanted)


def run(path: Path) -> bool:
    """Run one benchmark, which prints its own figures."""
    print(f"\n[bench] {path.stem.removeprefix('bench_')}", flush=True)
    start = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "build" / "plugins")}
    # The logs of peers stay out of the repository.
    work = ROOT / "build" / "bench"
    work.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(path)]
    code = subprocess.run(command, cwd=work, env=environment, check=False).returncode
    print(f"[bench] {'done' if code == 0 else 'FAILED'} in {time.monotonic() - start:.0f} s")
    return code == 0


def main(names: list[str]) -> int:
    """The exit code: 0 where every benchmark ran and reached its numbers."""
    chosen = [p for p in sorted(HERE.glob("bench_*.py")) if not names or p.stem[6:] in names]
    if not chosen:
        print("there are:", ", ".join(p.stem[6:] for p in sorted(HERE.glob("bench_*.py"))))
        return 2
    make_peers()
    results = [run(path) for path in chosen]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
