# SPDX-License-Identifier: GPL-3.0-or-later
"""A small case of land cover whose signatures, confusion and differences are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.model import LEAF, Forest, Member, Model
from calval_toolbox.core.io.class_rasters import write_classes
from calval_toolbox.core.io.geometries import points
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.model_files import write_model
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import write_table
from calval_toolbox.core.table import Table

GRID = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), 60, 40)
DAYS = np.arange("2019-01", "2020-01", dtype="datetime64[M]").astype("datetime64[D]")
CLASSES = Classes(
    (
        LandClass(1, "forest", "#00664a"), LandClass(3, "maize", "#e69f00"),
        LandClass(7, "water", "#0072b2"),
    )
)  # fmt: skip
LEVELS = {1: 0.8, 3: 0.5, 7: -0.2}  # of NDVI by code, before the seasons
NOISE = 0.02
FILLED = 4  # the date that is gap-filled everywhere
WRONG = 6  # test samples of maize that the map calls forest


def season(code: int) -> np.ndarray:
    """NDVI of a class by date."""
    phase = np.arange(len(DAYS)) * 2.0 * np.pi / len(DAYS)
    return LEVELS[code] + (0.2 if code == 3 else 0.02) * np.sin(phase)


def truth() -> np.ndarray:
    """Codes of the pixels: three stripes."""
    codes = np.full(GRID.shape if hasattr(GRID, "shape") else (40, 60), 1, dtype=np.uint8)
    codes[:, 20:40], codes[:, 40:] = 3, 7
    return codes


def write_case(folder: Path) -> dict[str, str]:
    """Write everything; paths by name: stack, days, map, second, confidence, samples, model."""
    paths = {
        name: str(folder / f"{name}.tif")
        for name in ("stack", "days", "map", "second", "confidence")
    }
    rng = np.random.default_rng(7)
    codes = truth()
    ndvi = np.zeros((len(DAYS), *codes.shape), dtype=np.float32)
    for code in LEVELS:
        ndvi[:, codes == code] = season(code)[:, None]
    ndvi += rng.normal(0.0, NOISE, ndvi.shape).astype(np.float32)
    stamps = [str(day).replace("-", "") for day in DAYS]
    names = tuple(f"B4_{stamp}" for stamp in stamps) + tuple(f"NDVI_{stamp}" for stamp in stamps)
    red = [np.float32(0.1) + 0.0 * one for one in ndvi]
    write_raster(paths["stack"], [*red, *ndvi], GRID, -9999.0, names)
    gaps = np.zeros((len(DAYS), *codes.shape), dtype=np.int16)
    gaps[FILLED] = 12
    write_raster(paths["days"], list(gaps), GRID, -1, tuple(str(day) for day in DAYS))
    mapped = codes.copy()
    mapped[:10, 20:30] = 1  # maize that is called forest
    mapped[0, 0] = 0
    second = mapped.copy()
    second[30:, :10] = 3
    for name, values in (("map", mapped), ("second", second)):
        write_raster(paths[name], [values], GRID, 0, ("class",))
        write_classes(paths[name], CLASSES)
    sure = np.full(codes.shape, 90, dtype=np.uint8)
    write_raster(paths["confidence"], [sure], GRID, 255, ("confidence (percent)",))
    paths["samples"] = str(folder / "samples.gpkg")
    _write_samples(paths["samples"], codes, ndvi, names)
    paths["model"] = str(folder / "model.npz")
    _write_model(paths["model"], names)
    return paths


def _write_samples(path: str, codes: np.ndarray, ndvi: np.ndarray, names: tuple[str, ...]) -> None:
    """20 training and 20 test samples of each class, and 5 made ones; of the test samples of
    maize, six lie where the map says forest.
    """
    rows, columns, split, origin = [], [], [], []
    for first in (0, 20, 40):
        for place in range(45):
            test = 20 <= place < 40
            row = place % 10 if test and place < 20 + WRONG else 12 + place % 25
            rows.append(row)
            columns.append(first + (place % 9 if first == 20 and row < 10 else place % 18 + 1))
            split.append("test" if test else "train")
            origin.append("smote" if place >= 40 else "reference")
    at = np.array(rows), np.array(columns)
    left, width, _, top, _, height = GRID.geotransform
    values = ndvi[:, at[0], at[1]]
    table: dict[str, np.ndarray] = {
        "cover": np.array(
            [{1: "forest", 3: "maize", 7: "water"}[one] for one in codes[at]], object
        ),
        "polygon": np.arange(len(rows)) // 5,
        "zone": np.full(len(rows), "", dtype=object),
        "split": np.array(split, dtype=object),
        "fold": np.arange(len(rows)) % 5,
        "origin": np.array(origin, dtype=object),
    }
    for number, name in enumerate(names):
        one = values[number - len(DAYS)] if number >= len(DAYS) else np.full(len(rows), 0.1)
        table[name] = np.where(np.array(origin) == "smote", 9.0, one)  # must never be seen
    x, y = left + (at[1] + 0.5) * width, top + (at[0] + 0.5) * height
    write_table(Table(table, "samples", points(x, y), wkt=GRID.wkt), path)


def _write_model(path: str, names: tuple[str, ...]) -> None:
    forest = Forest(
        np.array([0], np.int32), np.array([0, LEAF, LEAF], np.int32),
        np.array([0.5, 0.0, 0.0], np.float32), np.array([1, 0, 0], np.int32),
        np.array([2, 0, 0], np.int32), np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32),
    )  # fmt: skip
    facts = {
        "samples": 60, "folds": [5, 5], "places": "polygons (column 'polygon')",
        "overall_accuracy": {"random": 0.95, "spatial": 0.85, "test": 0.9},
        "confusions": {
            "random": [[20, 0, 0], [2, 17, 1], [0, 0, 20]],
            "spatial": [[18, 2, 0], [5, 14, 1], [0, 1, 19]],
            "test": [[20, 0, 0], [6, 14, 0], [0, 0, 20]],
        },
        "importance": {name: 0.5 / (place + 1) for place, name in enumerate(names)},
        "importance_by": "impurity",
    }  # fmt: skip
    write_model(
        path, Model("extra_trees", names, CLASSES, (Member("forest", forest),), facts=facts)
    )
