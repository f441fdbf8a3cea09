# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading whole products, and packing them into archives."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import numpy as np

from calval_toolbox.core.io.products.masks import read_flags
from calval_toolbox.core.io.rasters import Rasters, Window
from calval_toolbox.core.types import BandSource, Flag, Product


def whole(source: BandSource) -> Window:
    """All pixels of a band."""
    with Rasters() as rasters:
        grid = rasters.grid(source.uri)
        longitude, latitude = np.mean(np.array(grid.ring()[:4]), axis=0)
        window = rasters.window(source.uri, source.band, longitude, latitude, 1e6)
    assert window is not None
    assert window.shape == (grid.height, grid.width)
    return window


def values(source: BandSource) -> np.ndarray:
    """All physical values of a band."""
    window = whole(source)
    with Rasters() as rasters:
        return rasters.source(source, window)


def flags(product: Product, source: BandSource) -> dict[Flag, np.ndarray]:
    """All flags on the grid of a band."""
    return read_flags(product, whole(source))


def zipped(product: Path, archive: Path, inside: str = "") -> Path:
    """``product`` as a zip archive, its folder below ``inside``."""
    with zipfile.ZipFile(archive, "a") as file:
        for path in sorted(product.rglob("*")):
            file.write(path, f"{inside}{product.name}/{path.relative_to(product).as_posix()}")
    return archive


def tarred(product: Path, archive: Path, flat: bool = False, pax: bool = False) -> Path:
    """``product`` as a tar archive (compressed by its suffix); ``flat`` without its folder; ``pax``
    with the names that Python and BSD write.
    """
    mode = "w" if archive.name.endswith(".tar") else "w:gz"
    kind = tarfile.PAX_FORMAT if pax else tarfile.GNU_FORMAT
    with tarfile.open(archive, mode, format=kind) as file:
        for path in sorted(product.iterdir()):
            file.add(path, path.name if flat else f"{product.name}/{path.name}")
    return archive
