# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole Sentinel-2 tile of 10980 x 10980 pixels and 60 features through the real
``qgis_process``: CPU seconds and peak memory of ``classifytimeseries``, and what the confidence
costs beside the class alone.

The features are the real series of 24 crops (46 FORMOSAT-2 dates, and their first 14 once more)
with small noise, in a strip of 512 lines (Int16 with a scale) that a virtual raster repeats down
the tile: the disk holds 0.6 GB, and the forest sees as many pixels as a tile has.

``bench_classify_tile.py [--side N] [--folder FOLDER] [--executor SPEC]``
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from bench_full_tile import Run, run
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build" / "plugins"))
CROPS = ROOT.parent / "shared" / "data" / "classification" / "ucr_crop_formosat2_train.npz"
WHOLE, FEATURES, STRIP, SCALE = 10980, 60, 512, 1e-3
GOAL_MB, GOAL_EXTRA = 4096.0, 0.05
NAMES = tuple(f"f_{number:02d}" for number in range(FEATURES))


def series() -> tuple[np.ndarray, np.ndarray]:
    """Features (samples, 60) and the class of each sample."""
    with np.load(CROPS) as data:
        values, classes = data["X"], data["y"]
    return np.hstack([values, values[:, : FEATURES - values.shape[1]]]), classes


def write_model(path: Path, values: np.ndarray, classes: np.ndarray) -> None:
    """The classifier that ``trainclassifier`` makes where nothing is said, without its tests."""
    from sklearn.ensemble import ExtraTreesClassifier

    from calval_toolbox.core.classification.classes import classes_of
    from calval_toolbox.core.classification.model import Member, Model
    from calval_toolbox.core.classification.training.grow import forest_of
    from calval_toolbox.core.io import model_files

    known = classes_of(classes)
    index = known.index_of(classes)
    trees = ExtraTreesClassifier(100, random_state=0).fit(values, index)
    member = Member("extra_trees", forest_of(trees, len(known)))
    model_files.write_model(path, Model("extra_trees", NAMES, known, (member,)))


def write_stack(folder: Path, values: np.ndarray, side: int) -> Path:
    """The virtual raster of the tile, and the strip that it repeats."""
    from calval_toolbox.core.io.grids import grid_from_epsg
    from calval_toolbox.core.io.raster_writer import RasterWriter

    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(values), (STRIP, side))
    place = (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0)
    strip, grid = folder / "strip.tif", grid_from_epsg(32631, place, side, STRIP)
    with RasterWriter(strip, grid, FEATURES, "int16", -32768, NAMES) as writer:
        for band in range(FEATURES):
            shown = values[:, band][drawn] + rng.normal(0.0, 0.01, drawn.shape)
            writer.write(band + 1, np.rint(shown / SCALE).astype(np.int16), 0, 0)
    return _repeated(strip, folder / "stack.vrt", grid.wkt, place, side)


def _repeated(strip: Path, path: Path, wkt: str, place: tuple[float, ...], side: int) -> Path:
    made = gdal.GetDriverByName("VRT").Create(str(path), side, side, 0)
    made.SetProjection(wkt)
    made.SetGeoTransform(place)
    for number, name in enumerate(NAMES, 1):
        made.AddBand(gdal.GDT_Int16)
        band = made.GetRasterBand(number)
        band.SetDescription(name)
        band.SetNoDataValue(-32768)
        band.SetScale(SCALE)
        sources = {
            f"source_{row}": f"<SimpleSource><SourceFilename>{strip}</SourceFilename>"
            f"<SourceBand>{number}</SourceBand>"
            f'<SrcRect xOff="0" yOff="0" xSize="{side}" ySize="{min(STRIP, side - row)}"/>'
            f'<DstRect xOff="0" yOff="{row}" xSize="{side}" ySize="{min(STRIP, side - row)}"/>'
            "</SimpleSource>"
            for row in range(0, side, STRIP)
        }
        band.SetMetadata(sources, "new_vrt_sources")
    made = None
    return path


def classify(folder: Path, stack: Path, executor: str, *more: str) -> Run:
    """Run ``classifytimeseries`` and print its figures."""
    out = folder / f"out_{len(list(folder.glob('out_*')))}"
    out.mkdir()
    options = [f"--STACK={stack}", f"--MODELS={folder / 'model.npz'}", f"--EXECUTOR={executor}"]
    outputs = [f"--OUTPUT={out / 'map.tif'}", *(f"--{key}={out / key.lower()}.tif" for key in more)]
    start = [str(ROOT / "scripts" / "qgis_process"), "run", "calval:classifytimeseries", "--"]
    done = run([*start, *(one.removeprefix("--") for one in options + outputs)], out)
    print(f"  {' and '.join(('class', *more)):<32} exit code {done.code}, {done.wall_s:.0f} s, CPU "
          f"{done.cpu_s:.1f} s, peak {done.peak_mb:.0f} MB", flush=True)  # fmt: skip
    if done.code:
        print(done.said[-2000:])
    return done


def main() -> int:
    """Print the figures; 0 where the goals are met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--side", type=int, default=WHOLE)
    parser.add_argument("--folder", default=str(ROOT / "build"))
    parser.add_argument("--executor", default="threads:2")
    chosen = parser.parse_args()
    if not CROPS.is_file():
        print(f"skipped: the real series are not there ({CROPS})")
        return 0
    gdal.UseExceptions()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        values, classes = series()
        write_model(folder / "model.npz", values, classes)
        stack = write_stack(folder, values, chosen.side)
        print(f"{chosen.side} x {chosen.side} pixels, {FEATURES} features, 24 classes, 100 trees")
        runs = [classify(folder, stack, chosen.executor, *more)
                for more in ((), ("OUTPUT_CONFIDENCE",))]  # fmt: skip
    extra = runs[1].cpu_s / runs[0].cpu_s - 1.0
    print(f"  confidence costs {100.0 * extra:.1f} % (goal: peak at most {GOAL_MB:g} MB, "
          f"{100.0 * GOAL_EXTRA:g} %)")  # fmt: skip
    good = all(one.code == 0 and one.peak_mb <= GOAL_MB for one in runs)
    return int(not good or extra > GOAL_EXTRA)


if __name__ == "__main__":
    sys.exit(main())
