# SPDX-License-Identifier: GPL-3.0-or-later
"""Majority filter and fusion of real maps of 4500 x 4000 pixels beside the Orfeo ToolBox.

CPU seconds of both for the same files, written files included; equal pixels are counted. Needs
otb-bin and ../shared/data.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build" / "plugins"))

MAPS = ROOT.parent / "shared" / "data" / "classification" / "formosat2_tempcnn"
GOAL_EQUAL = 0.9999


def theirs(arguments: list[str]) -> float:
    """CPU seconds of a program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(arguments, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(work: Callable[[], object]) -> float:
    """CPU seconds of the second run: the first one compiles."""
    work()
    begin = time.process_time()
    work()
    return time.process_time() - begin


def equal(one: Path, other: Path) -> float:
    """The share of equal pixels."""
    return float(np.mean(gdal.Open(str(one)).ReadAsArray() == gdal.Open(str(other)).ReadAsArray()))


def filter_map(source: str, target: Path, radius: int) -> None:
    """Our majority filter."""
    from calval_toolbox.core.classification.maps.regularize_map import (
        RegularizeRequest,
        regularize_map,
    )
    from calval_toolbox.core.execution.settings import ExecutionSettings

    request, settings = RegularizeRequest(source, radius), ExecutionSettings("threads:1", 1024)
    regularize_map(request, target, "own", target.parent / "t", settings).run.discard()


def fuse(sources: tuple[str, ...], target: Path) -> None:
    """Our majority vote."""
    from calval_toolbox.core.classification.maps.fuse_files import FuseRequest, fuse_files
    from calval_toolbox.core.execution.settings import ExecutionSettings

    targets, settings = {"map": (target, "own")}, ExecutionSettings("threads:1", 1024)
    fuse_files(FuseRequest(sources), targets, target.parent / "t", settings).run.discard()


def main() -> int:
    """Print the figures; 1 where labels differ."""
    if shutil.which("otbcli") is None or not MAPS.is_dir():
        print("otb-bin or the maps are not here: nothing is compared")
        return 0
    shares = []
    first, second = (str(MAPS / f"{name}.tif") for name in ("rf_map", "tempcnn_map"))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        otb, own = folder / "otb.tif", folder / "own.tif"

        for radius in (1, 3):
            peer = theirs(["otbcli_ClassificationMapRegularization", "-io.in", first, "-io.out",
                           str(otb), "uint8", "-ip.radius", str(radius)])  # fmt: skip
            mine = ours(partial(filter_map, first, own, radius))
            shares.append(equal(otb, own))
            print(f"majority filter, radius {radius}: {mine:.2f} s CPU, OTB {peer:.2f} s, "
                  f"equal {100.0 * shares[-1]:.4f} %")  # fmt: skip
        peer = theirs(["otbcli_FusionOfClassifications", "-il", first, second, "-method",
                       "majorityvoting", "-nodatalabel", "0", "-undecidedlabel", "255", "-out",
                       str(otb), "uint8"])  # fmt: skip
        mine = ours(partial(fuse, (first, second), own))
        shares.append(equal(otb, own))
        print(f"majority vote of 2 maps: {mine:.2f} s CPU, OTB {peer:.2f} s, "
              f"equal {100.0 * shares[-1]:.4f} %")  # fmt: skip
    return int(min(shares) < GOAL_EQUAL)


if __name__ == "__main__":
    sys.exit(main())
