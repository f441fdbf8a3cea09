# SPDX-License-Identifier: GPL-3.0-or-later
"""Tile functions that workers find under their name, and runs that scripts start."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from calval_toolbox.core.execution.tiling import Tile, TileOutput
from calval_toolbox.core.io.rasters import Rasters


def running_mean(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """Mean of 3 x 3 pixels of each date of a stack, and how many dates are clear."""
    outer, stack = tile.outer, []
    with Rasters() as rasters:
        for path in parameters["stack"]:
            stack.append(rasters.read(path, 1, outer.column, outer.row, outer.width, outer.height))
    values = np.stack(stack).astype(np.float32)
    padded = np.pad(values, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows, columns = values.shape[1:]
    shifted = [padded[:, r : r + rows, c : c + columns] for r in range(3) for c in range(3)]
    mean = np.mean(shifted, axis=0, dtype=np.float32)
    own = tile.crop(values)
    clear = own > parameters["threshold"]
    time.sleep(parameters.get("sleep", 0.0))
    return TileOutput(
        {"mean": tile.crop(mean), "clear": clear.sum(axis=0).astype(np.uint8), "any": clear.any(0)},
        {"clear_by_date": clear.sum(axis=(1, 2)), "largest": own.max()},
    )


def coordinates(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """Column and row numbers; ``parameters`` says what goes wrong, and where."""
    own = tile.own
    _misbehave(tile, parameters)
    rows, columns = np.mgrid[own.row : own.row + own.height, own.column : own.column + own.width]
    position = np.stack([columns, rows]).astype(np.int32)
    return TileOutput({"position": position}, {"pid": 0, "sum": int(position.sum())})


def _misbehave(tile: Tile, parameters: Mapping[str, Any]) -> None:
    time.sleep(parameters.get("sleep", 0.0))
    wanted = parameters.get("at") in (None, tile.name)
    marker = Path(parameters.get("marker", "/nonexistent"))
    if wanted and parameters.get("raise"):
        raise ValueError(f"planted in {tile.name}")
    if wanted and parameters.get("hang"):
        if not parameters.get("hang_once") or not marker.exists():
            marker.touch()
            time.sleep(parameters["hang"])
    if wanted and parameters.get("kill") == "always":
        os.kill(os.getpid(), signal.SIGKILL)
    if wanted and parameters.get("kill") == "once" and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if parameters.get("log"):
        with open(parameters["log"], "a", encoding="utf-8") as stream:
            stream.write(f"{tile.name} {os.getpid()}\n")


def incompressible(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """Noise that fills a disk."""
    generator = np.random.default_rng(tile.own.row * 100_003 + tile.own.column)
    return TileOutput({"noise": generator.random((tile.own.height, tile.own.width))}, {})


_at_work: list[str] = []


def busy(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """Notes how many tiles are computed at the same time in this process."""
    _at_work.append(tile.name)
    with open(parameters["log"], "a", encoding="utf-8") as stream:
        stream.write(f"{len(_at_work)}\n")
    time.sleep(0.05)
    _at_work.remove(tile.name)
    return TileOutput({"zero": np.zeros((tile.own.height, tile.own.width), np.uint8)})


def environment(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """How many threads the libraries of this worker use."""
    from osgeo import gdal

    summary: dict[str, Any] = {"pid": os.getpid(), "gdal": gdal.GetConfigOption("GDAL_NUM_THREADS")}
    summary["variables"] = {k: v for k, v in os.environ.items() if k.endswith("_NUM_THREADS")}
    if parameters.get("numba"):
        import numba

        summary["numba"] = numba.get_num_threads()
    return TileOutput({"zero": np.zeros((tile.own.height, tile.own.width), np.uint8)}, summary)
