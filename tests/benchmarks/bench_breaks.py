# SPDX-License-Identifier: GPL-3.0-or-later
"""Break detection: pixels per CPU second beside peers, one thread, and equality with bfast.

BFASTMonitor beside the Python backend of bfast 0.7 (whose break indices must be ours), nrt's MoSum
and zeit; the joint test beside pyxccd's COLD. All get the same simulated pixels: 183 dates of 8
days, 30 % gaps, 2 % clouds that the mask has missed, a break in 30 % of the pixels. Ratios are
those of one run. nrt brings xarray along, pyxccd a loop of Python over pixels, and COLD tests more
(snow, failed masks, seven bands): theirs are the figures of the products, not of the same work.

bfast 0.7 wants numpy < 1.24, and zeit declares packages of several GB that its kernel does not use:
both get environments of their own, made at the first run.
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
MODIS = ROOT.parent / "shared" / "data" / "anomalies" / "bfast_modisraster.tif"
BFAST_GOAL, NRT_GOAL, ZEIT_GOAL = 50.0, 2.0, 1.0
SMALL, MANY, SEVERAL = 900, 10_000, 400

ENVIRONMENTS = {
    "bench-bfast": [
        ["numpy==1.23.5", "pandas<2.1", "scikit-learn<1.4", "scipy<1.12", "matplotlib", "wheel",
         "setuptools<70", "pyopencl==2023.1.4"],
        ["--no-deps", "--no-build-isolation", "bfast==0.7"],
    ],
    "bench-zeit": [
        ["numpy", "pandas", "xarray", "rioxarray", "dask", "scipy"],
        ["--no-deps", "zeit-cdts==2.2.0"],
    ],
}  # fmt: skip

OURS = """
import sys, time
import numpy as np
from calval_toolbox.core.anomalies.breaks.monitor import MonitorSettings, monitor
data = np.load(sys.argv[1])
settings = MonitorSettings(data["start"][()], clock="days", season_days=365.0,
                           screening=sys.argv[3] == "screening")
values, numba = data["values"], sys.argv[3] != "numpy"
monitor(values[:, :50], data["days"], settings, compiled=numba)
best = np.inf
for _ in range(3):
    begin = time.process_time()
    result = monitor(values, data["days"], settings, compiled=numba)
    best = min(best, time.process_time() - begin)
np.save(sys.argv[2], result.break_index)
print(values.shape[1] / best)
"""

BFAST = """
import sys, time, warnings
warnings.simplefilter("ignore")
from datetime import datetime
import numpy as np
from bfast.monitor.python.base import BFASTMonitorPython
data = np.load(sys.argv[1])
when = [datetime.fromisoformat(str(day)) for day in data["days"]]
model = BFASTMonitorPython(datetime.fromisoformat(str(data["start"])), freq=365, k=3, hfrac=0.25,
                           trend=True, level=0.05, period=10)
values = data["values"][:, :, None]
begin = time.process_time()
model.fit(values, when, nan_value=-9999)
spent = time.process_time() - begin
np.save(sys.argv[2], model.breaks.ravel())
print(values.shape[1] / spent)
"""

NRT = """
import sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np, xarray as xr
from nrt.monitor.mosum import MoSum
data = np.load(sys.argv[1])
side = int(round(data["values"].shape[1] ** 0.5))
cube = data["values"].reshape(len(data["days"]), side, side)
times = data["days"].astype("datetime64[ns]")
split = int(np.searchsorted(data["days"], data["start"]))
def run(cube):
    array = xr.DataArray(cube, dims=("time", "y", "x"), coords={"time": times, "y": range(
        cube.shape[1]), "x": range(cube.shape[2])})
    model = MoSum(trend=True, harmonic_order=3, sensitivity=0.05, h=0.25)
    model.fit(array[:split], method="OLS")
    for image, day in zip(cube[split:], data["days"][split:].tolist()):
        import datetime
        model.monitor(array=image, date=datetime.datetime(day.year, day.month, day.day))
run(cube[:, :5, :5])
best = np.inf
for _ in range(3):
    begin = time.process_time()
    run(cube)
    best = min(best, time.process_time() - begin)
print(side * side / best)
"""

ZEIT = """
import sys, time
import numpy as np
from zeit import _core
data = np.load(sys.argv[1])
run = _core.bfastmonitor.fit_bfast_monitor_batch
values = np.ascontiguousarray(data["values"].T, np.float64)
options = dict(start_time=2017.0, monitor_start_time=2020.0, frequency=46, order=3, h=0.25,
               period=10, alpha=0.05, min_valid=10, n_jobs=1)
run(values_array=values[:50], **options)
best = np.inf
for _ in range(3):
    begin = time.process_time()
    run(values_array=values, **options)
    best = min(best, time.process_time() - begin)
print(len(values) / best)
"""

# What a user waits for at the very first call: the compiler, with nothing kept on disk.
FIRST = """
import os, sys, tempfile, time
with tempfile.TemporaryDirectory() as folder:
    os.environ["NUMBA_CACHE_DIR"] = folder
    import numpy as np
    from calval_toolbox.core.anomalies.breaks.joint import detect_breaks
    data = np.load(sys.argv[1])
    values = np.where(data["counts"] > -9000, data["counts"] / 1e4, np.nan)
    begin = time.process_time()
    detect_breaks(values[:, :, :1], data["days"])
    print(time.process_time() - begin)
"""

JOINT = """
import sys, time
import numpy as np
from calval_toolbox.core.anomalies.breaks.joint import detect_breaks
data = np.load(sys.argv[1])
values = np.where(data["counts"] > -9000, data["counts"] / 1e4, np.nan)
nanometers = np.array([480.0, 560.0, 660.0, 860.0, 1610.0, 2200.0])
detect_breaks(values[:, :, :3], data["days"], nanometers)
best = np.inf
for _ in range(2):
    begin = time.process_time()
    result = detect_breaks(values, data["days"], nanometers)
    best = min(best, time.process_time() - begin)
np.save(sys.argv[2], (result.probability >= 1.0).any(axis=1))
print(values.shape[2] / best)
"""

COLD = """
import sys, time
import numpy as np
from pyxccd import cold_detect
data = np.load(sys.argv[1])
counts = data["counts"].astype(np.int64)
days = data["days"].astype(np.int64) + 719163
found = np.zeros(counts.shape[2], bool)
begin = time.process_time()
for pixel in range(counts.shape[2]):
    clear = counts[:, 0, pixel] > -9000
    bands = [np.ascontiguousarray(band) for band in counts[clear, :, pixel].T]
    count = int(clear.sum())
    segments = cold_detect(days[clear], *bands, np.full(count, 2900), np.zeros(count, np.int64))
    found[pixel] = (segments["change_prob"] == 100).any()
spent = time.process_time() - begin
np.save(sys.argv[2], found)
print(counts.shape[2] / spent)
"""


def simulate(pixels: int, bands: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reflectance (183, bands, pixels), days (183,), and which pixels (pixels,) have a break."""
    rng = np.random.default_rng(seed)
    days = np.datetime64("2017-01-01") + 8 * np.arange(183)
    t = 8 * np.arange(183)[:, None, None] / 365.25
    level = np.array([0.3, 0.04, 0.07, 0.06, 0.2, 0.12])[:bands, None]
    swing = np.array([0.06, 0.01, 0.015, 0.01, 0.03, 0.02])[:bands, None]
    noise = np.array([0.015, 0.008, 0.008, 0.008, 0.012, 0.01])[:bands, None]
    step = np.array([-0.12, 0.02, 0.03, 0.04, 0.05, 0.06])[:bands, None]
    values = level + 0.002 * t + swing * np.cos(2 * np.pi * (t - rng.random(pixels)))
    values = values + noise * rng.standard_normal(values.shape)
    broken = rng.random(pixels) < 0.3
    at = rng.integers(140, 170, pixels)
    values += step * (broken & (np.arange(183)[:, None] >= at))[:, None, :]
    clouds = (rng.random((183, pixels)) < 0.02) * rng.uniform(0.1, 0.4, (183, pixels))
    values += clouds[:, None, :]
    gaps = rng.random((183, pixels)) < 0.3
    return np.where(gaps[:, None, :], np.nan, values), days, broken


def environment(name: str) -> Path:
    """The interpreter of a peer's environment under build, made at the first run."""
    folder = ROOT / "build" / name
    stamp = folder / ".complete"
    if not stamp.exists():
        print(f"making build/{name}", flush=True)
        commands = [["/usr/bin/python3", "-m", "venv", "--clear", str(folder)]]
        pip = str(folder / "bin" / "pip")
        commands += [[pip, "install", "-q", *packages] for packages in ENVIRONMENTS[name]]
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"without it: {done.stderr.strip().splitlines()[-1:]}", flush=True)
                break
        else:
            stamp.touch()
    return folder / "bin" / "python"


def speed(
    name: str,
    python: str | Path,
    code: str,
    *arguments: object,
    unit: str = "pixels per CPU second",
) -> float:
    """Print and return the number that ``code`` prints last; NaN where it cannot be run."""
    if not Path(python).exists():
        print(f"{name:28s} could not be run: there is no {Path(python).relative_to(ROOT)}")
        return float("nan")
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    one = dict.fromkeys(threads, "1")
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT / "build",
        env={**os.environ, "PYTHONPATH": str(ROOT / "build" / "plugins"), **one},
    )
    if done.returncode:
        print(f"{name:28s} could not be run: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        return float("nan")
    rate = float(done.stdout.split()[-1])
    print(f"{name:28s} {rate:10,.0f} {unit}", flush=True)
    return rate


def modis(folder: Path) -> Path | None:
    """The real MODIS stack that comes with the R package bfast, or None where it is not there."""
    if not MODIS.exists():
        return None
    from osgeo import gdal

    raster = gdal.Open(str(MODIS))
    names = [raster.GetRasterBand(i + 1).GetDescription() for i in range(raster.RasterCount)]
    days = np.array([name[1:].replace(".", "-") for name in names], "datetime64[D]")
    values = raster.ReadAsArray().reshape(len(days), -1)
    path = folder / "modis.npz"
    np.savez(path, values=values, days=days, start=np.datetime64("2009-01-01"))
    return path


def equality(folder: Path, path: Path, name: str, bfast: Path) -> tuple[bool, float, float]:
    """Whether our break indices are bfast's, and the two rates."""
    ours, theirs = folder / "ours.npy", folder / "theirs.npy"
    rate = speed(f"ours, {name}", sys.executable, OURS, path, ours, "plain")
    peer = speed(f"bfast, {name}", bfast, BFAST, path, theirs)
    if np.isnan(peer) or np.isnan(rate):
        return True, rate, peer
    same = np.load(ours) == np.load(theirs)
    kinds = np.load(theirs)
    print(
        f"{name}: {same.sum()} of {same.size} break indices equal to bfast's "
        f"({(kinds >= 0).sum()} breaks, {(kinds == -1).sum()} none, {(kinds == -2).sum()} too few)"
    )
    return bool(same.all()), rate, peer


def monitoring(folder: Path) -> bool:
    """Print the table of BFASTMonitor; whether its goals are reached."""
    for name, count, seed in (("few", SMALL, 1), ("many", MANY, 2)):
        values, days, _ = simulate(count, 1, seed)
        start = np.datetime64("2020-01-01")
        # bfast computes with values of single precision.
        single = values[:, 0, :].astype(np.float32)
        np.savez(folder / f"{name}.npz", values=single, days=days, start=start)
    bfast = environment("bench-bfast")
    good, _, peer = equality(folder, folder / "few.npz", f"{SMALL} random pixels", bfast)
    real = modis(folder)
    if real:
        good &= equality(folder, real, "MODIS, 25 pixels", bfast)[0]
    many, out = folder / "many.npz", folder / "out.npy"
    ours = speed(f"ours, {MANY:,} pixels", sys.executable, OURS, many, out, "plain")
    speed("ours, with screening", sys.executable, OURS, many, out, "screening")
    speed("ours, without numba", sys.executable, OURS, many, out, "numpy")
    nrt = speed("nrt MoSum OLS", PEER_PYTHON, NRT, many)
    zeit = speed("zeit bfast_monitor", environment("bench-zeit"), ZEIT, many)
    for name, rate, goal in (
        ("bfast", peer, BFAST_GOAL),
        ("nrt", nrt, NRT_GOAL),
        ("zeit", zeit, ZEIT_GOAL),
    ):
        print(f"ratio to {name} {ours / rate:.1f} (goal {goal:g})")
        # A peer that is not installed gives NaN, and no comparison with NaN is true.
        good &= not ours / rate < goal
    return good


def joint(folder: Path) -> None:
    """Print the table of the joint test."""
    values, days, broken = simulate(SEVERAL, 6, 3)
    order = [1, 2, 3, 0, 4, 5]
    counts = np.where(np.isnan(values), -9999, np.round(values * 1e4)).astype(np.int16)[:, order]
    path = folder / "bands.npz"
    np.savez(path, counts=counts, days=days)
    rates = []
    for name, python, code in (
        ("ours, joint test, 6 bands", sys.executable, JOINT),
        ("pyxccd COLD, 7 bands", PEER_PYTHON, COLD),
    ):
        out = folder / "found.npy"
        rates.append(speed(name, python, code, path, out))
        if not np.isnan(rates[-1]):
            found = np.load(out)
            print(f"  found {found[broken].mean():.3f}, false {found[~broken].mean():.3f}")
    print(f"ratio to pyxccd {rates[0] / rates[1]:.1f} (no goal)")
    name = "ours, very first call"
    speed(name, sys.executable, FIRST, path, unit="CPU seconds to compile and test a pixel")


def main() -> int:
    """Print the tables; 1 where a goal is missed."""
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as name:
        folder = Path(name)
        good = monitoring(folder)
        joint(folder)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
