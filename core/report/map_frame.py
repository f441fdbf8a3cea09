# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a map of a report lies: kilometers from a corner whose coordinates its axes tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..dem.cells import cell_sides
from ..io.grids import Grid


@dataclass(frozen=True)
class MapFrame:
    """How a map is drawn: its ``width`` and ``height`` (km), and the words of its axes."""

    width: float
    height: float
    xlabel: str
    ylabel: str

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, right, bottom, top, as matplotlib takes them."""
        return 0.0, self.width, 0.0, self.height

    def label(self, axes: Any) -> None:
        """Name the axes of a map; no grid lines are drawn over it."""
        axes.set(xlabel=self.xlabel, ylabel=self.ylabel)
        axes.grid(visible=False)


def map_frame(grid: Grid) -> MapFrame:
    """The frame of a map of all cells of ``grid``, counted from its south-western corner."""
    east, north = cell_sides(grid).mean()
    west, south = grid.bounds()[:2]
    reference = grid.reference()
    if reference.IsGeographic():
        corner = f"{west:.4f}°", f"{south:.4f}°"
    else:
        corner = f"{west:.10g} {grid.unit}", f"{south:.10g} {grid.unit}"
    code = reference.GetAuthorityCode(None)
    name = f"{reference.GetAuthorityName(None)}:{code}" if code else reference.GetName()
    return MapFrame(
        grid.width * east / 1e3, grid.height * north / 1e3, f"km east of {corner[0]}, {name}",
        f"km north of {corner[1]}",
    )  # fmt: skip
