# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole Sentinel-2 tile of 10980 x 10980 pixels through the real ``qgis_process``: time, CPU
time, peak memory of each part of the run, and an interrupt from the keyboard with a resumed run.

The images are made up: 20 dates of 4 bands (Int16, tiled, DEFLATE) with a season, parcels, noise,
gaps; one date has clouds that nothing masks, one a gain of 12 percent, one lies 2 pixels off. Only
a share of the tile has data, as at the edge of a swath, because fitting all of it takes hours
(``--data 100``; see ``bench_stack``): the rest is read, found to be empty, and written. What
follows on the tiles (the second pass of ``detectanomaliesraster``, merging) goes over all pixels
whatever the share, in the same memory. Noise repeats every 16 pixels, which the compression sees
and the detectors do not: the stack takes some MB of disk. Runs have a low priority (``nice -n
15``).

``bench_full_tile.py [ALGORITHM ...] [--side N] [--dates N] [--data PERCENT] [--folder FOLDER]
[--executor SPEC] [--no-interrupt]``: ``detectanomaliesraster`` where nothing is said;
``detectbreaks``, ``findstablesites`` and ``injectanomalies`` too.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build" / "plugins"))
BANDS = {"blue": 0.06, "red": 0.08, "nir": 0.30, "swir1": 0.22}
WHOLE, DATES, DAYS, PERIOD, PARCEL, STRIP = 10980, 20, 20, 16, 64, 512
SLANT, DATA = 0.3, 1.0
GAIN, MOVED = 1.12, 2  # of one date each; pixels
POLL_S = 0.5
GOAL_MB, GOAL_CANCEL_S = 2000.0, 1.0
PLAN = {
    "injections": [
        {"type": "cloud", "amplitude": 0.6, "date": 4, "extent": 0.1, "seed": 7},
        {"type": "gain", "amplitude": 0.05, "date": 6},
        {"type": "shift", "amplitude": 1.4, "date": 8, "direction_deg": 60.0},
    ]
}


def write_images(folder: Path, side: int, dates: int, share: float) -> None:
    """The stack, a GeoTIFF for each date, written strip by strip; ``share`` of it has data."""
    from calval_toolbox.core.io.grids import grid_from_epsg
    from calval_toolbox.core.io.raster_writer import RasterWriter

    grid = grid_from_epsg(32631, (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0), side, side)
    rng = np.random.default_rng(1)
    parcels = rng.uniform(0.7, 1.3, (-(-side // PARCEL), -(-side // PARCEL)))
    for number in range(dates):
        day = np.datetime64("2018-01-03") + DAYS * number
        season = 1.0 + 0.2 * np.cos(2 * np.pi * number * DAYS / 365.25)
        cloudy = number == dates // 2
        gap = rng.random(parcels.shape) < 0.04
        cloud = (rng.random(parcels.shape) < 0.1) & cloudy
        gain = GAIN if number == dates // 3 else 1.0
        moved = MOVED if number == 2 * dates // 3 else 0
        noise = rng.normal(0.0, 0.005, (len(BANDS), PERIOD, PERIOD))
        path = folder / f"i_{str(day).replace('-', '')}.tif"
        layout = ("INTERLEAVE=BAND", "SPARSE_OK=TRUE")
        with RasterWriter(
            path, grid, len(BANDS), "int16", 0, tuple(BANDS), layout=layout
        ) as writer:
            for top in range(0, side, STRIP):
                rows = np.arange(top, min(top + STRIP, side))
                ground = gain * season * parcels
                _write_strip(writer, rows, side, ground, gap, 0.3 * cloud, noise, share, moved)


def _write_strip(
    writer: Any,
    rows: np.ndarray,
    side: int,
    parcels: np.ndarray,
    gap: np.ndarray,
    cloud: np.ndarray,
    noise: np.ndarray,
    share: float,
    moved: int,
) -> None:
    # The slanted edge of a swath, as of a tile that an orbit covers in part; what lies beyond is
    # not stored at all (a sparse file), and read as no data.
    reach = share * side + SLANT * share * (side / 2 - int(rows[0]))
    columns = np.arange(min(max(int(reach) + 1, 1), side))
    outside = columns > share * side + SLANT * share * (side / 2 - rows[:, None])
    last = len(parcels) - 1
    at = np.ix_(
        np.minimum((rows + moved) // PARCEL, last), np.minimum((columns + moved) // PARCEL, last)
    )
    fine = np.ix_(rows % PERIOD, columns % PERIOD)
    for band, level in enumerate(BANDS.values(), start=1):
        # Rounded one by one, so that the noise repeats to the last digit.
        ground = np.rint(1e4 * (level * parcels + cloud)).astype(np.int16)
        grain = np.rint(1e4 * noise[band - 1]).astype(np.int16)
        values = np.where(gap[at] | outside, np.int16(0), ground[at] + grain[fine])
        writer.write(band, values, 0, int(rows[0]))


@dataclass(frozen=True)
class Run:
    """What a run needed (s, MB), how it ended, and how long it took to end after an interrupt."""

    code: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    said: str
    parts: str
    cancel_s: float = float("nan")


class Watch:
    """Looks at a process every ``POLL_S`` from a thread of its own: what it has used, and how many
    tiles are there.
    """

    def __init__(self, pid: int, out: Path) -> None:
        self._pid, self._out = pid, out
        self._seen: list[tuple[float, float, float, int]] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._done.set()
        self._thread.join()

    def parts(self) -> str:
        """The figures until the last tile was there, and after it."""
        if not self._seen:
            return ""
        most = max(one[3] for one in self._seen)
        at = next(place for place, one in enumerate(self._seen) if one[3] == most)
        first, rest = self._seen[: at + 1], self._seen[at:]
        return "; ".join(
            f"{name}: {part[-1][0] - part[0][0]:.0f} s, CPU {part[-1][1] - part[0][1]:.0f} s, "
            f"at most {max(one[2] for one in part):.0f} MB"
            for name, part in ((f"{most} tiles", first), ("what follows", rest))
        )

    def _look(self) -> None:
        tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
        while not self._done.wait(POLL_S):
            try:
                fields = Path(f"/proc/{self._pid}/stat").read_text("ascii").rpartition(")")[2]
            except OSError:
                return  # it has ended
            user, system, pages = (int(fields.split()[at]) for at in (11, 12, 21))
            tiles = len(list(self._out.glob("*.tiles/r*.npz")))
            self._seen.append(
                (time.perf_counter(), (user + system) / tick, pages * page / 2**20, tiles)
            )


def run(command: list[str], out: Path, interrupt_after: int = 0) -> Run:
    """Run a ``command`` that writes into ``out``; ``interrupt_after``: stop it after so many
    tiles.
    """
    with open(out / "log.txt", "w+", encoding="utf-8") as log:
        begin, asked = time.perf_counter(), 0.0
        process = subprocess.Popen(
            ["nice", "-n", str(max(15 - os.nice(0), 0)), *command],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        watch = Watch(process.pid, out)
        if interrupt_after:
            while len(list(out.glob("*.tiles/r*.npz"))) < interrupt_after:
                time.sleep(0.2)
                if process.poll() is not None:
                    watch.stop()
                    raise RuntimeError(Path(log.name).read_text("utf-8"))
            asked = time.perf_counter()
            process.send_signal(signal.SIGINT)
        _, status, used = os.wait4(process.pid, 0)
        end = time.perf_counter()
        watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        said = Path(log.name).read_text("utf-8")
    return Run(
        process.returncode, end - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024.0,
        said, watch.parts(), end - asked if asked else float("nan"),
    )  # fmt: skip


def command_of(algorithm: str, images: Path, out: Path, executor: str) -> list[str]:
    """The command of a run that writes into ``out``."""
    start = [str(ROOT / "scripts" / "qgis_process"), "run", f"calval:{algorithm}"]
    return [*start, *_arguments(algorithm, images, out), f"--EXECUTOR={executor}"]


def _arguments(algorithm: str, images: Path, out: Path) -> list[str]:
    common = [f"--STACK={images}", "--SCALE=0.0001"]
    if algorithm == "injectanomalies":
        (out / "plan.json").write_text(json.dumps(PLAN), "utf-8")
        return [*common, f"--PLAN={out / 'plan.json'}", f"--OUTPUT_FOLDER={out / 'changed'}",
                f"--TRUTH={out / 'truth.csv'}"]  # fmt: skip
    if algorithm == "detectbreaks":
        return [*common, "--START=2018-11-01", "--HARMONICS=1", f"--OUTPUT={out / 'break.tif'}"]
    if algorithm == "findstablesites":
        limits = [f"--MAX_{name}_CV_PERCENT=60" for name in ("TEMPORAL", "SPATIAL", "SPECTRAL")]
        return [*common, "--BRDF=none", "--SIZE_M=300", *limits, "--MAX_TREND_PERCENT_YEAR=90",
                f"--OUTPUT={out / 'stable.tif'}", f"--CANDIDATES={out / 'sites.gpkg'}"]  # fmt: skip
    return [*common, f"--OUTPUT={out / 'types.tif'}", f"--SCORE={out / 'scores.tif'}",
            f"--COUNTS={out / 'counts.tif'}", f"--DATE_TABLE={out / 'dates.csv'}",
            f"--REPORT={out / 'report.html'}"]  # fmt: skip


def measure(algorithm: str, images: Path, folder: Path, executor: str, interrupt: bool) -> bool:
    """Print the figures of one algorithm; whether the goals are met."""
    good, out = True, folder / algorithm
    out.mkdir()
    command = command_of(algorithm, images, out, executor)
    if interrupt and algorithm != "injectanomalies":
        first = run(command, out, interrupt_after=3)
        print(f"  {algorithm}: interrupted after 3 tiles: exit code {first.code} within "
              f"{first.cancel_s:.2f} s, '{sentence(first.said)}'", flush=True)  # fmt: skip
        good = first.code == 1 and first.cancel_s <= GOAL_CANCEL_S
    done = run(command, out)
    kept = re.search(r"\d+ of \d+ tiles are there already", done.said)
    written = sum(one.stat().st_size for one in out.rglob("*") if one.is_file()) / 1e6
    print(f"  {algorithm}: exit code {done.code}, {done.wall_s:.0f} s, CPU {done.cpu_s:.0f} s, "
          f"peak {done.peak_mb:.0f} MB, {written:.0f} MB written"
          f"{', ' + kept.group() if kept else ''}", flush=True)  # fmt: skip
    print(f"    {done.parts}", flush=True)
    if algorithm == "detectanomaliesraster" and not done.code:
        print(f"    {verdicts(out / 'dates.csv')}", flush=True)
    if done.code:
        print(done.said[-2000:])
    return good and done.code == 0 and done.peak_mb <= GOAL_MB


def verdicts(table: Path) -> str:
    """The dates that got layers, with what was found of each image."""
    with open(table, encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if int(row["layer"])]
    return "layers: " + ", ".join(f"{row['time'][:10]} {row['verdict']}" for row in rows)


def sentence(said: str) -> str:
    """The last line that says something about a cancel."""
    return next((one for one in reversed(said.splitlines()) if "ancel" in one), "no sentence")


def main() -> int:
    """Print the table; 0 where the goals are met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("algorithms", nargs="*")
    parser.add_argument("--side", type=int, default=WHOLE)
    parser.add_argument("--dates", type=int, default=DATES)
    parser.add_argument("--data", type=float, default=DATA)
    parser.add_argument("--folder", default=str(ROOT / "build"))
    parser.add_argument("--executor", default="threads")
    parser.add_argument("--no-interrupt", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        images = folder / "images"
        images.mkdir()
        begin = time.perf_counter()
        write_images(images, chosen.side, chosen.dates, chosen.data / 100.0)
        size = sum(one.stat().st_size for one in images.iterdir()) / 1e6
        spent = time.perf_counter() - begin
        shape = f"{chosen.side} x {chosen.side} pixels, {chosen.dates} dates, {len(BANDS)} bands"
        made = f"{chosen.data:g} % with data: {size:.0f} MB, made in {spent:.0f} s"
        print(f"{shape}, {made}", flush=True)
        asked = chosen.algorithms or ["detectanomaliesraster"]
        interrupt = not chosen.no_interrupt
        results = [measure(one, images, folder, chosen.executor, interrupt) for one in asked]
    print(f"  goals: peak at most {GOAL_MB:g} MB, a cancel within {GOAL_CANCEL_S:g} s")
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
