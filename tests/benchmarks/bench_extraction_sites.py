# SPDX-License-Identifier: GPL-3.0-or-later
"""Mean and spread of one band over a site of 20 km: ours and exactextract on the same files."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr

from calval_toolbox.core.calibration.extraction.statistics import BandStatistics, statistics
from calval_toolbox.core.io.band_views import fast_view, full_view
from calval_toolbox.core.io.grids import grid_from_epsg, unproject
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.io.site_pixels import count_sites
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.types import BandSource

PEERS = Path(__file__).resolve().parents[2] / "build" / "bench-venv" / "bin" / "python"
SIZE, LEFT, TOP, EPSG = 4096, 600000.0, 3400020.0, 32636
SITE_M, REPEATS = 20_000.0, 3
GOALS = {"jp2 fast": 10.0, "jp2 full": 1 / 1.2, "tif full": 2.0}
OPTIONS = {
    "jp2": ("JP2OpenJPEG", ["QUALITY=100", "REVERSIBLE=YES", "YCBCR420=NO"]),
    "tif": ("GTiff", ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=DEFLATE"]),
}
# exactextract through rasterio, in the environment of the peers; best of the repeats.
PEER = """
import json, sys, time
from exactextract import exact_extract
path, ring, repeats = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
shape = {"type": "Polygon", "coordinates": [ring]}
shape = {"type": "Feature", "properties": {}, "geometry": shape}
best = None
for _ in range(repeats):
    start = time.perf_counter()
    found = exact_extract(path, [shape], ["mean", "stdev", "count"])
    took = time.perf_counter() - start
    best = took if best is None else min(best, took)
print(json.dumps([best, found[0]["properties"]["mean"]]))
"""


def write_files(folder: Path) -> dict[str, Path]:
    """Dunes with noise, as JPEG 2000 and as tiled GeoTIFF."""
    rng = np.random.default_rng(1)
    rows, columns = np.indices((SIZE, SIZE), dtype=np.float32)
    values = 3500 + 500 * np.sin(columns / 60) * np.cos(rows / 80)
    values += 60 * rng.standard_normal((SIZE, SIZE), dtype=np.float32)
    grid = grid_from_epsg(EPSG, (LEFT, 10.0, 0.0, TOP, 0.0, -10.0), SIZE, SIZE)
    memory = gdal.GetDriverByName("MEM").Create("", SIZE, SIZE, 1, gdal.GDT_UInt16)
    memory.SetProjection(grid.wkt)
    memory.SetGeoTransform(grid.geotransform)
    memory.GetRasterBand(1).WriteArray(values.astype(np.uint16))
    made = {}
    for suffix, (driver, options) in OPTIONS.items():
        made[suffix] = folder / f"band.{suffix}"
        gdal.GetDriverByName(driver).CreateCopy(str(made[suffix]), memory, options=options)
    return made


def site_ring() -> list[tuple[float, float]]:
    """A circle of 20 km across in the middle, in the CRS of the files."""
    middle = (LEFT + SIZE * 5.0, TOP - SIZE * 5.0)
    turns = np.linspace(0.0, 2 * np.pi, 181)
    x, y = middle[0] + SITE_M / 2 * np.cos(turns), middle[1] + SITE_M / 2 * np.sin(turns)
    return [*zip(x[:-1].tolist(), y[:-1].tolist(), strict=True), (float(x[0]), float(y[0]))]


def ours(path: Path, outline: bytes, fast: bool) -> BandStatistics:
    """Our statistics, files opened anew."""
    source = BandSource("B2", str(path), scale=1e-4, nodata=0, saturation=65535)
    with Rasters() as rasters:
        view = (fast_view if fast else full_view)(source, rasters)
        counts = count_sites(view, [outline], rasters, Silent())[0]
    if counts is None:
        raise RuntimeError("the site lies outside")
    return statistics(counts, view)


def best(work: Callable[[], BandStatistics]) -> tuple[float, BandStatistics]:
    """The shortest time of some repeats, and what came out."""
    shortest, found = float("inf"), None
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = work()
        shortest = min(shortest, time.perf_counter() - start)
    if found is None:
        raise RuntimeError("nothing was repeated")
    return shortest, found


def peer(path: Path, ring: list[tuple[float, float]]) -> tuple[float, float]:
    """Seconds and mean of exactextract; NaN where it is not installed."""
    if not PEERS.exists():
        return float("nan"), float("nan")
    command = [str(PEERS), "-c", PEER, str(path), json.dumps(ring), str(REPEATS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"exactextract failed: {done.stderr.strip().splitlines()[-1:]}")
        return float("nan"), float("nan")
    seconds, mean = json.loads(done.stdout)
    return seconds, mean * 1e-4


def main() -> int:
    """The exit code: 0 where all goals are reached, or the peer is not there."""
    ring, good = site_ring(), True
    wkt = grid_from_epsg(EPSG, (0, 1, 0, 0, 0, -1), 1, 1).wkt
    corners = ", ".join(f"{lon} {lat}" for lon, lat in (unproject(wkt, *one) for one in ring))
    outline = bytes(ogr.CreateGeometryFromWkt(f"POLYGON(({corners}))").ExportToWkb(ogr.wkbNDR))
    with tempfile.TemporaryDirectory() as folder:
        for suffix, path in write_files(Path(folder)).items():
            seconds, mean = peer(path, ring)
            print(f"{suffix}: exactextract {seconds:.3f} s, mean {mean:.6f}")
            for mode in ("full", "fast") if suffix == "jp2" else ("full",):
                took, found = best(partial(ours, path, outline, mode == "fast"))
                ratio, off = seconds / took, found.mean / mean - 1.0
                goal = GOALS[f"{suffix} {mode}"]
                reached = not ratio < goal and not abs(off) > 5e-4
                good &= reached
                print(
                    f"{suffix} {mode}: {took:.3f} s, {ratio:.2f} x as fast (goal {goal:.2f}), mean "
                    f"{100 * off:+.4f} % {'ok' if reached else 'MISSED'}"
                )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
