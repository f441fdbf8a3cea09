# SPDX-License-Identifier: GPL-3.0-or-later
"""Points per second and core of rational polynomials: ours beside GDAL's transformer and rpcm.

All of them work on the same points (CPU time, best of three) with the model of a real crop; what
they find is compared too. Rpcm runs where it can be imported in build/bench-venv (its dependency
for terrain heights is not needed here).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
POINTS = 1_000_000
FEWER = 100_000  # GDAL takes points as Python objects, which are not what is timed
GOAL_LOCALIZED, GOAL_PROJECTED = 11.2e6, 45.5e6  # points/s, of a prototype on two cores
PEER = """
import json, sys, time, types
sys.modules.setdefault("srtm4", types.ModuleType("srtm4"))
import numpy as np
from rpcm.rpc_model import RPCModel
given = json.load(sys.stdin)
model = RPCModel(given["metadata"])
column, row, height = np.load(given["points"])
def seconds(call):
    took = []
    for _ in range(3):
        start = time.process_time()
        found = call()
        took.append(time.process_time() - start)
    return min(took), found
locate, (lon, lat) = seconds(lambda: model.localization(column, row, height))
project, (x, y) = seconds(lambda: model.projection(lon, lat, height))
np.save(given["points"], np.array([lon, lat, x, y]))
print(json.dumps([locate, project]))
"""


def samples() -> Any:
    """The models that the tests use too."""
    sys.path.insert(0, str(ROOT / "tests" / "core" / "dem"))
    import dem_samples

    return dem_samples


def points(count: int) -> Any:
    """Columns, rows and heights (3, count) within the crop."""
    rng = np.random.default_rng(5)
    return np.stack([rng.uniform(0, 1023, count), rng.uniform(0, 1023, count),
                     rng.uniform(1000, 2600, count)])  # fmt: skip


def best(call: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of the fastest of three calls, after one that may compile, and what it gives."""
    call()
    took = []
    for _ in range(3):
        start = time.process_time()
        found = call()
        took.append(time.process_time() - start)
    return min(took), found


def show(name: str, locate: float, project: float, count: int, text: str = "") -> None:
    """One line."""
    print(f"  {name:14s} {count / locate / 1e6:8.2f} {count / project / 1e6:8.2f}  {text}")


def rpcm(column: Any, row: Any, height: Any) -> tuple[list[float], Any] | None:
    """Seconds and results of rpcm, None where it is not there."""
    python = ROOT / "build" / "bench-venv" / "bin" / "python"
    file = Path("rpc_points.npy")
    np.save(file, np.stack([column, row, height]))
    given = {"metadata": samples().REUNION_1, "points": str(file)}
    if not python.exists():
        return None
    done = subprocess.run([str(python), "-c", PEER], input=json.dumps(given), text=True,
                          capture_output=True, check=False)  # fmt: skip
    found = np.load(file)
    file.unlink()
    return None if done.returncode else (json.loads(done.stdout), found)


def main() -> int:
    """Print the table; 0 where the goals are met."""
    one = samples().model(samples().REUNION_1)
    column, row, height = points(POINTS)
    print(f"Million points/s, one core{'':4s} localized projected")
    good = True
    places = one.locate(column, row, height)
    for name, compiled in (("ours, numba", True), ("ours, numpy", False)):
        locate, found = best(lambda way=compiled: one.locate(column, row, height, way))
        project, back = best(lambda way=compiled: one.project(*places, height, way))
        error = max(np.abs(back[0] - column).max(), np.abs(back[1] - row).max())
        show(name, locate, project, POINTS, f"round trip {error:.1e} px")
        if compiled:
            good = POINTS / locate >= GOAL_LOCALIZED and POINTS / project >= GOAL_PROJECTED
    fewer = slice(0, FEWER)
    transformer = samples().gdal_transformer(one)
    pixels = np.stack([column + 0.5, row + 0.5, height], axis=1)[fewer].tolist()
    ground = np.stack([*places, height], axis=1)[fewer].tolist()
    locate, _ = best(lambda: transformer.TransformPoints(False, pixels))
    project, found = best(lambda: transformer.TransformPoints(True, ground))
    error = np.abs(np.array(found[0])[:, 0] - 0.5 - column[fewer]).max()
    show("GDAL", locate, project, FEWER, f"with its Python lists; differs by {error:.1e} px")
    peer = rpcm(column, row, height)
    if peer is None:
        print("  rpcm           not installed")
    else:
        error = np.abs(peer[1][:2] - np.stack(places)).max()
        show("rpcm", *peer[0], POINTS, f"differs by {error:.1e} degrees")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
