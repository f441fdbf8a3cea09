# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed of time series: gap filling beside numpy.interp, smoothing, a whole stack, extraction."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

from calval_toolbox.core.dependencies import available
from calval_toolbox.core.io.dated_rasters import StackOptions, stack_products
from calval_toolbox.core.io.stacks import stack_of
from calval_toolbox.core.series.extraction import SeriesSettings, extract_series
from calval_toolbox.core.series.gap_filling import fill_linear
from calval_toolbox.core.series.regular_rasters import RasterTargets, write_regular
from calval_toolbox.core.series.regularize import GapFilling, regular_times, regularize
from calval_toolbox.core.sites import Site

DATES, BANDS, PIXELS, MASKED = 36, 10, 160_000, 0.4
GOAL_MVALUES, GOAL_SECONDS, ONE_DN = 250.0, 1.0, 1e-4
REPEATS = 5
LAYOUT = ["TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=DEFLATE"]


def best(work: Callable[[], Any], clock: Callable[[], float], repeats: int = REPEATS) -> float:
    """The shortest of several runs, in seconds of ``clock``."""
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


@dataclass(frozen=True)
class Series:
    """Random reflectances with masked dates, and the dates to fill."""

    values: np.ndarray
    clear: np.ndarray
    days: np.ndarray
    out_days: np.ndarray

    def part(self, pixels: int) -> Series:
        """The first pixels only."""
        values = np.ascontiguousarray(self.values[:, :, :pixels])
        return Series(
            values, np.ascontiguousarray(self.clear[:, :pixels]), self.days, self.out_days
        )

    def filled(self, compiled: bool | None = None) -> np.ndarray:
        """Linear interpolation, held at both ends as numpy.interp does."""
        return fill_linear(self.values, self.clear, self.days, self.out_days, np.inf, compiled)

    def interp(self) -> np.ndarray:
        """numpy.interp for each pixel and band; a pixel that is never clear stays empty."""
        out = np.full((len(self.out_days), *self.values.shape[1:]), np.nan, dtype=np.float32)
        for pixel in range(self.values.shape[2]):
            own = self.clear[:, pixel]
            if not own.any():
                continue
            days, values = self.days[own], self.values[own, :, pixel]
            for band in range(values.shape[1]):
                out[:, band, pixel] = np.interp(self.out_days, days, values[:, band])
        return out


def make() -> Series:
    """36 irregular dates of a year, 10 bands, 40 % masked."""
    rng = np.random.default_rng(1)
    days = np.sort(rng.choice(365, DATES, replace=False)).astype(np.float64)
    return Series(
        rng.random((DATES, BANDS, PIXELS), dtype=np.float32) * 0.6,
        rng.random((DATES, PIXELS)) > MASKED,
        days,
        np.linspace(0.0, 364.0, DATES),
    )


def gap_filling() -> bool:
    """The table of speeds; whether the goals are met."""
    series = make()
    small, smaller = series.part(40_000), series.part(1_000)
    truth = smaller.interp()
    error = float(np.nanmax(np.abs(smaller.filled() - truth)))
    equal = np.array_equal(np.isnan(smaller.filled()), np.isnan(truth))
    speeds = {"numpy.interp per pixel and band": (smaller.interp, smaller)}
    speeds["ours, numpy"] = (lambda: small.filled(False), small)
    if available("numba"):
        smaller.filled()
        speeds["ours, numba"] = (series.filled, series)
    print(f"Linear gap filling, {DATES} dates in and out, {BANDS} bands, {MASKED:.0%} masked:")
    print("  million values out per CPU second, one thread")
    found: dict[str, float] = {}
    for name, (work, data) in speeds.items():
        size = data.values.shape[1] * data.values.shape[2] * len(data.out_days)
        found[name] = size / best(work, time.process_time) / 1e6
        print(f"  {name:34s}{found[name]:8.1f}  x {found[name] / next(iter(found.values())):.1f}")
    print(f"  largest difference from numpy.interp {error:.1e} (allowed {ONE_DN:g})")
    for method in ("whittaker", "savitzky_golay"):
        part = series.part(4_000)
        settings = GapFilling(method)
        run = partial(regularize, part.values, part.clear, part.days, part.out_days, settings)
        run()
        size = BANDS * part.values.shape[2] * len(part.out_days)
        print(f"  {method:34s}{size / best(run, time.process_time, 3) / 1e6:8.1f}")
    fast = found.get("ours, numba")
    return equal and error <= ONE_DN and (fast is None or fast >= GOAL_MVALUES)


def write_images(folder: Path, dates: int, bands: int, size: int, single: bool) -> list[str]:
    """Dated, tiled images; with ``single`` a file per band."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    values = np.random.default_rng(2).integers(1, 6000, (size, size)).astype(np.int16)
    paths = []
    first = np.datetime64("2018-01-01")
    for date in range(dates):
        day = str(first + np.timedelta64(5 * date, "D")).replace("-", "")
        groups = (
            [[f"B{b + 1}"] for b in range(bands)]
            if single
            else [[f"B{b + 1}" for b in range(bands)]]
        )
        for names in groups:
            label = f"_{names[0]}" if single else ""
            path = folder / f"image_{day}{label}.tif"
            made = gdal.GetDriverByName("GTiff").Create(
                str(path), size, size, len(names), gdal.GDT_Int16, LAYOUT
            )
            made.SetProjection(reference.ExportToWkt())
            made.SetGeoTransform((368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0))
            for index, name in enumerate(names, start=1):
                made.GetRasterBand(index).WriteArray(values)
                made.GetRasterBand(index).SetDescription(name)
            paths.append(str(path))
    return paths


def extraction() -> bool:
    """Seconds for 200 dates x 10 bands x 1 point, files with all bands and files per band."""
    good = True
    print("Extraction of 1 point from 200 dates x 10 bands of tiled TIFF, seconds")
    for single in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            paths = write_images(Path(folder), 200, 10, 512, single)
            start = time.perf_counter()
            products = stack_products(paths, StackOptions(scale=1e-4))
            found_dates = time.perf_counter() - start
            site = Site("P", 1.3955, 43.5635)
            run = partial(extract_series, products, [site], SeriesSettings())
            if len(run().rows) != 2000:
                raise RuntimeError("the benchmark did not extract what it should")
            took = best(run, time.perf_counter, 3)
            busy = best(run, time.process_time, 3)
        good &= took <= GOAL_SECONDS
        kind = "2000 files of one band" if single else "200 files of 10 bands"
        print(f"  {kind:26s}{took:6.2f}   (CPU of all threads: {busy:.2f}; finding the dates of "
              f"the files: {found_dates:.2f})")  # fmt: skip
    print(f"  goal at most {GOAL_SECONDS:g} s")
    return good


def whole_stack() -> None:
    """CPU seconds of reading, filling and writing a stack of rasters."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in").mkdir()
        paths = write_images(Path(folder) / "in", 36, 4, 1024, False)
        stack = stack_of(stack_products(paths, StackOptions(scale=1e-4)))
        times = regular_times(stack.times[0], stack.times[-1], 5)
        targets = RasterTargets(Path(folder) / "o.tif", Path(folder) / "q.tif")
        start = time.process_time()
        write_regular(stack, times, GapFilling(), targets, Path(folder) / "tiles")
        took = time.process_time() - start
    size = 1024 * 1024 * 4 * len(times)
    print(f"Whole stack, 36 dates x 4 bands x 1024 x 1024, read, filled and written compressed: "
          f"{took:.1f} CPU s, {size / took / 1e6:.1f} million values per CPU second")  # fmt: skip


def main() -> int:
    """Print the tables; 0 where the goals are met."""
    good = gap_filling()
    good &= extraction()
    whole_stack()
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
