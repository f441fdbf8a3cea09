# SPDX-License-Identifier: GPL-3.0-or-later
"""Match-ups, statistics, bootstrap: 20 sites x 10 years x 1000 overpasses, beside plain pandas.

The peer is what such scripts mostly do: one label slice of a DataFrame per overpass for the means,
and one resampled DataFrame per bootstrap replicate. It runs in build/bench-venv (pandas) in the
same run; without that environment only our own figures are printed. Peer loops run on a share of
the work and are scaled up.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PEER_PYTHON = ROOT / "build" / "bench-venv" / "bin" / "python"
SITES, YEARS, OVERPASSES, PER_YEAR, REPLICATES = 20, 10, 1000, 8000, 1000
LIMIT_S = 10.0

PEER = """
import sys, time
import numpy as np, pandas as pd
data = np.load(sys.argv[1])
begin = time.process_time()
frames = {}
reference = pd.DataFrame({"site": data["rsite"], "aot": data["raot"]},
                         index=pd.to_datetime(data["rtime"]))
for site, frame in reference.groupby("site"):
    frames[site] = frame["aot"].sort_index()
prepared = time.process_time() - begin
half, rows = pd.Timedelta(minutes=30), []
share = 40
begin = time.process_time()
for site, when, value in zip(data["ssite"][::share], pd.to_datetime(data["stime"][::share]),
                             data["saot"][::share]):
    window = frames[site].loc[when - half:when + half]
    if len(window) >= 2:
        rows.append((site, when, value, window.mean()))
matching = (time.process_time() - begin) * share + prepared
pairs = pd.DataFrame(rows, columns=["site", "time", "satellite", "reference"])
full = pd.concat([pairs] * share, ignore_index=True)
full["block"] = full["site"].astype(str) + full["time"].dt.strftime("%Y%m")
blocks = {name: part for name, part in full.groupby("block")}
names, rng, count = list(blocks), np.random.default_rng(0), 10
begin = time.process_time()
for _ in range(count):
    drawn = pd.concat([blocks[names[i]] for i in rng.integers(0, len(names), len(names))])
    d = drawn["satellite"] - drawn["reference"]
    d.mean(), d.std(), (d ** 2).mean() ** 0.5, d.abs().mean(), d.median()
    drawn["satellite"].corr(drawn["reference"])
    np.polyfit(drawn["reference"], drawn["satellite"], 1)
bootstrap = (time.process_time() - begin) / count * 1000
print(matching, bootstrap)
"""


def simulated(seed: int = 7) -> dict[str, np.ndarray]:
    """Photometers that observe in daylight, and overpasses with an error (all sorted by site)."""
    rng = np.random.default_rng(seed)
    start = np.datetime64("2010-01-01", "ms").astype(np.int64)
    days, rows = 365 * YEARS, PER_YEAR * YEARS
    day_ms = 86_400_000
    rtime = np.sort(rng.integers(0, days, (SITES, rows)), axis=1) * day_ms
    rtime = np.sort(rtime + rng.integers(9 * 3_600_000, 15 * 3_600_000, (SITES, rows)), axis=1)
    # Each overpass is near a photometer observation, as on a clear day.
    pick = np.sort(rng.integers(0, rows, (SITES, OVERPASSES)), axis=1)
    stime = np.take_along_axis(rtime, pick, axis=1) + rng.integers(-600_000, 600_000, pick.shape)
    raot = np.exp(rng.normal(-1.8, 0.6, rtime.shape))
    saot = np.take_along_axis(raot, pick, axis=1) * 0.9 + rng.normal(0.01, 0.05, pick.shape)
    name = np.array([f"Site_{i:02d}" for i in range(SITES)])
    return {
        "rsite": np.repeat(name, rows),
        "rtime": (start + rtime.ravel()).astype("datetime64[ms]"),
        "raot": raot.ravel(),
        "ssite": np.repeat(name, OVERPASSES),
        "stime": (start + stime.ravel()).astype("datetime64[ms]"),
        "saot": saot.ravel(),
    }


def ours(data: dict[str, np.ndarray]) -> tuple[float, float, int, int]:
    """CPU seconds of matching and of statistics with intervals; accepted rows and groups."""
    sys.path.insert(0, str(ROOT / "build" / "plugins"))
    from calval_toolbox.core.aot.matchup import match
    from calval_toolbox.core.aot.statistics import summarize
    from calval_toolbox.core.aot.types import Observations

    satellite = Observations(data["ssite"].astype(object), data["stime"], data["saot"])
    reference = Observations(data["rsite"].astype(object), data["rtime"], data["raot"])
    begin = time.process_time()
    matchups = match(satellite, reference)
    middle = time.process_time()
    groups = summarize(matchups, n_bootstrap=REPLICATES)
    end = time.process_time()
    return middle - begin, end - middle, int(matchups.accepted.sum()), len(groups)


def peer(data: dict[str, np.ndarray]) -> tuple[float, float] | None:
    """CPU seconds of the pandas script for the same work; None without its environment."""
    if not PEER_PYTHON.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.npz"
        np.savez(path, **data)
        run = subprocess.run(
            [str(PEER_PYTHON), "-c", PEER, str(path)], capture_output=True, text=True, check=False
        )
    if run.returncode:
        sys.stdout.write(f"  peer failed: {run.stderr.strip().splitlines()[-1:]}\n")
        return None
    matching, bootstrap = map(float, run.stdout.split())
    return matching, bootstrap


def main() -> int:
    """Print both; 1 where our own total is above the goal of 10 CPU seconds."""
    data = simulated()
    matching, statistics, accepted, groups = ours(data)
    total = matching + statistics
    say = sys.stdout.write
    say(f"match-up of {len(data['saot'])} overpasses with {len(data['raot'])} observations\n")
    say(f"  ours: match {matching:.2f} s, statistics of {groups} groups x {REPLICATES} replicates ")
    say(f"{statistics:.2f} s CPU ({accepted} accepted), total {total:.2f} s (goal {LIMIT_S:g})\n")
    found = peer(data)
    if found is None:
        say("  peer: not run (no build/bench-venv with pandas)\n")
    else:
        say(f"  pandas: match {found[0]:.2f} s, bootstrap of the overall group alone, fewer ")
        say(f"statistics: {found[1]:.2f} s CPU\n")
        say(f"  ratio pandas / ours: match {found[0] / matching:.0f}, ")
        say(f"statistics {found[1] / statistics:.1f}\n")
    return int(total > LIMIT_S)


if __name__ == "__main__":
    raise SystemExit(main())
