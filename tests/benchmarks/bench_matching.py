# SPDX-License-Identifier: GPL-3.0-or-later
"""Dense matching: megapixels x disparities per CPU second, one thread, beside peers.

All get the same simulated pair of 1 Mpx with a range of 51 px (smooth relief with boxes, noise):
our three matchers with all their checks and filters; OpenCV's StereoSGBM alone; and libsgm (the
library of Pandora and CARS), which gets our cost volume and aggregates it, beside our aggregation
of the same volume: the sums have to be equal. The goals are 1 CPU second for the pair
and 300 MB for a tile of 512 px.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PEER_PYTHON = ROOT / "build" / "bench-venv" / "bin" / "python"
sys.path.insert(0, str(ROOT / "tests" / "core" / "dem" / "matching"))
SIZE, LOW, HIGH = 1000, -25, 25
WORK = SIZE * SIZE * (HIGH - LOW + 1) / 1e6
GOAL_CPU_SECONDS = 1.0
GOAL_TILE_MB = 300.0

TIMED = """
import sys, time
import numpy as np
def fastest(call):
    best = np.inf
    for _ in range(3):
        begin = time.process_time()
        result = call()
        best = min(best, time.process_time() - begin)
    return best, result
"""

OURS = """
from calval_toolbox.core.dem.matching.match import MatchSettings, match_pair
data = np.load(sys.argv[1])
settings = MatchSettings(sys.argv[3], compiled=False if sys.argv[4] == "numpy" else None)
left, right = data["left"], data["right"]
match_pair(left[:40], right[:40], -25, 25, settings)
best, found = fastest(lambda: match_pair(left, right, -25, 25, settings))
np.save(sys.argv[2], found.disparity)
print(best)
"""

AGGREGATION = """
from calval_toolbox.core.dem.matching.sgm import Penalties, aggregate
volume = np.load(sys.argv[1])
aggregate(volume[:40], Penalties(12, 48), 48)
best, sums = fastest(lambda: aggregate(volume, Penalties(12, 48), 48))
np.save(sys.argv[2], sums)
print(best)
"""

OPENCV = """
import cv2
cv2.setNumThreads(1)
from calval_toolbox.core.dem.matching.opencv import P1, P2, stretched
data = np.load(sys.argv[1])
left, right = (stretched(np.pad(data[side], ((0, 0), (64, 64)))) for side in ("left", "right"))
matcher = cv2.StereoSGBM_create(-25, 64, 5, P1, P2, 1, 63, 0, 25, 1, cv2.StereoSGBM_MODE_HH)
best, found = fastest(lambda: matcher.compute(left, right))
found = found[:, 64:-64].astype(np.float32) / 16
np.save(sys.argv[2], np.where(found < -25, np.nan, found))
print(best)
"""

LIBSGM = """
from c_libsgm import sgm_api
volume = np.ascontiguousarray(np.load(sys.argv[1]).transpose(0, 2, 1))
rows, columns, _ = volume.shape
p1, p2 = (np.full((rows, columns, 8), p, np.uint8) for p in (12, 48))
ways = np.array([[0, 1], [1, 0], [1, 1], [1, -1], [0, -1], [-1, 0], [-1, -1], [-1, 1]], np.int32)
one = np.ones((rows, columns), np.float32)
best, found = fastest(lambda: sgm_api(volume, p1, p2, ways, 255, one, False, False))
np.save(sys.argv[2], found["cv"].transpose(0, 2, 1).astype(np.uint16))
print(best)
"""

# The peak is reset before the match: compiling takes more than a tile does.
MEMORY = """
import numpy as np
from calval_toolbox.core.dem.matching.match import MatchSettings, margin_px, match_pair
def megabytes(key):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1e3
settings = MatchSettings()
size = 512 + 2 * margin_px(settings)
image = np.random.default_rng(0).normal(size=(size, size)).astype(np.float32)
match_pair(image[:40], image[:40], -25, 25, settings)
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
before = megabytes("VmRSS")
match_pair(image, image, -25, 25, settings)
print(megabytes("VmHWM") - before)
"""


def run(name: str, python: Path | str, code: str, *arguments: object) -> float:
    """The number that ``code`` prints, NaN where it could not be run."""
    if not Path(python).exists():
        print(f"{name:32s} could not be run: there is no {Path(python).relative_to(ROOT)}")
        return float("nan")
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "build/plugins"),
            **dict.fromkeys(threads, "1"),
        },
    )
    if done.returncode:
        print(f"{name:32s} could not be run: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        return float("nan")
    return float(done.stdout.split()[-1])


def matched(name: str, folder: Path, truth: object, code: str, *arguments: object) -> float:
    """Run and judge one matcher; its CPU seconds."""
    out = folder / "found.npy"
    seconds = run(name, sys.executable, TIMED + code, folder / "pair.npz", out, *arguments)
    if np.isfinite(seconds):
        wrong = (np.load(out) - truth.disparity)[10:-10, 40:-40]
        wrong[truth.hidden[10:-10, 40:-40]] = np.nan
        good = np.isfinite(wrong)
        values = wrong[good]
        nmad = 1.4826 * np.median(abs(values - np.median(values)))
        print(
            f"{name:32s} {seconds:7.3f} CPU s {WORK / seconds:8.0f} Mpx x px/s  NMAD {nmad:.3f} px"
            f"  > 1 px {100 * (abs(values) > 1).mean():.2f} %  matched {100 * good.mean():.1f} %",
            flush=True,
        )
    return seconds


def aggregations(folder: Path, truth: object) -> bool:
    """Ours and libsgm's of one volume; whether the sums are equal."""
    from calval_toolbox.core.dem.matching.census import census
    from calval_toolbox.core.dem.matching.costs import cost_volume
    from calval_toolbox.core.dem.matching.values import Candidates

    inner = (slice(3, -3), slice(40, -40))
    one, two = census(truth.left), census(truth.right)
    volume = cost_volume(one, (two,), Candidates(LOW, HIGH))[inner[0], :, inner[1]]
    np.save(folder / "volume.npy", volume)
    work = volume.size / 1e6
    names = ("aggregation alone, ours", "aggregation alone, libsgm")
    outs = (folder / "ours.npy", folder / "theirs.npy")
    ours = run(names[0], sys.executable, TIMED + AGGREGATION, folder / "volume.npy", outs[0])
    peer = run(names[1], PEER_PYTHON, TIMED + LIBSGM, folder / "volume.npy", outs[1])
    for name, seconds in zip(names, (ours, peer), strict=True):
        print(f"{name:32s} {seconds:7.3f} CPU s {work / seconds:8.0f} Mpx x px/s")
    if np.isnan(peer):
        return True
    same = (np.load(outs[0]) == np.load(outs[1])).mean()
    print(f"ratio to libsgm {peer / ours:.1f} (no goal); {100 * same:.4f} % of the sums are equal")
    return bool(same == 1.0)


def main() -> int:
    """Print the table; 1 where a goal is missed."""
    from planted_pairs import boxes, pair, sine

    truth = pair(sine(SIZE, SIZE) + boxes(SIZE, SIZE), 5)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as name:
        folder = Path(name)
        np.savez(folder / "pair.npz", left=truth.left, right=truth.right)
        ours = matched("ours, census_sgm", folder, truth, OURS, "census_sgm", "")
        matched("ours, census_sgm_half_pixel", folder, truth, OURS, "census_sgm_half_pixel", "")
        matched("ours, opencv_sgbm", folder, truth, OURS, "opencv_sgbm", "")
        matched("ours, census_sgm without numba", folder, truth, OURS, "census_sgm", "numpy")
        peer = matched("OpenCV StereoSGBM, HH", folder, truth, OPENCV)
        print(f"ratio to OpenCV {peer / ours:.2f} (no goal)")
        good = aggregations(folder, truth)
    tile = run("memory", sys.executable, MEMORY)
    print(
        f"a tile of 512 px with its margins, 51 px of range: {tile:.0f} MB (goal {GOAL_TILE_MB:g})"
    )
    print(f"1 Mpx with 51 px of range: {ours:.2f} CPU s (goal {GOAL_CPU_SECONDS:g})")
    return int(not (good and ours <= GOAL_CPU_SECONDS and tile <= GOAL_TILE_MB))


if __name__ == "__main__":
    sys.exit(main())
