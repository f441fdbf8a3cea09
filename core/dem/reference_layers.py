# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of a reference elevation model, written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..io.dem_files import NODATA
from ..io.dem_reference import Strip, write_heights, write_layer
from ..progress import Part, Progress
from ..types import AnyArray
from .canvas import Fill
from .reference import ReferenceDem
from .terrain_strips import LAYERS, strips

Place = tuple[Path, str]  # temporary name, final name
_KINDS: dict[str, tuple[str, str, float | None]] = {
    "source": ("source", "uint8", 0), "fill": ("fill", "uint8", None),
    "quality": ("expected error", "float32", NODATA), "slope": ("slope", "float32", NODATA),
    "aspect": ("aspect", "float32", NODATA), "hillshade": ("hillshade", "uint8", 0),
}  # fmt: skip


def write_layers(
    made: ReferenceDem, heights: Place, layers: Mapping[str, Place], progress: Progress
) -> None:
    """Write the heights, and the ``layers`` by name: source, fill, quality, slope, aspect,
    hillshade. Raises ``OutputError`` where one cannot be written completely.
    """
    canvas = made.canvas
    share = 1.0 / (len(layers) + 1)
    write_heights(
        *heights, canvas.grid, canvas.height, made.vertical, Part(progress, 0.0, share)
    )  # fmt: skip
    names = {
        str(number): source.name for number, source in enumerate(made.sources, start=1)
    }  # fmt: skip
    items = {
        "source": names,
        "fill": {str(int(code)): code.name.lower() for code in Fill},
    }
    for at, (name, (path, shown)) in enumerate(layers.items(), start=1):
        part = Part(progress, at * share, (at + 1) * share)
        write_layer(
            path, shown, canvas.grid, _KINDS[name], _strip(made, name), part, items.get(name)
        )


def _strip(made: ReferenceDem, name: str) -> Strip:
    canvas = made.canvas
    if name in LAYERS:
        return strips(canvas.height, canvas.grid, name)
    values: AnyArray = {
        "source": canvas.source, "fill": canvas.fill, "quality": canvas.error,
    }[name]  # fmt: skip

    def strip(row: int, rows: int) -> AnyArray:
        return values[row : row + rows]

    return strip
