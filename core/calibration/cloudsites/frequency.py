# SPDX-License-Identifier: GPL-3.0-or-later
"""How often clouds are seen: by cell and month, and in the areas that cells make together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...database.sites import CalibrationSite
from ...io.shapes import joined, overlap
from ...shares import Z_95, score_bounds
from ...table import Table, from_rows
from ...types import AnyArray
from ..pdf_statistics import replicate_weights
from .cells import Cell, cell_name, center, neighbors, outline, turns
from .limits import AreaLimits
from .outcome import SceneOutcome, Stage

ALL = "all"
_REPLICATES = 500
_IN_ZONE = 0.5  # of an area
_FREQUENCY = {
    "cell": "text", "month": "text", "scenes": "int", "candidates": "int", "cloud_scenes": "int",
    "frequency": "float", "frequency_low": "float", "frequency_high": "float",
    "cloud_share": "float", "pixels": "int", "remark": "text",
}  # fmt: skip
_AREAS = {
    "rank": "int", "area": "text", "known_zone": "text", "cells": "int", "longitude": "float",
    "latitude": "float", "scenes": "int", "cloud_scenes": "int", "frequency": "float",
    "frequency_low": "float", "frequency_high": "float", "pixels_per_month": "float",
    "pixels_low": "float", "pixels_high": "float", "months": "int", "best_month": "text",
}  # fmt: skip


@dataclass
class Tally:
    """What was seen somewhere: ``clouds`` and ``seen``: pixels by overpass; ``candidates``:
    overpasses whose bands were read. Tiles of one overpass count once.
    """

    clouds: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    candidates: set[str] = field(default_factory=set)
    months: dict[str, str] = field(default_factory=dict)

    def add(self, one: SceneOutcome, cells: Iterable[Cell]) -> None:
        """Take what one product shows in ``cells``."""
        found = [one.counts.get(cell, (0, 0)) for cell in cells]
        self.clouds[one.overpass] = self.clouds.get(one.overpass, 0) + sum(c for _, c in found)
        self.seen[one.overpass] = self.seen.get(one.overpass, 0) + sum(s for s, _ in found)
        self.months[one.overpass] = month_of(one)
        if one.stage is Stage.BANDS:
            self.candidates.add(one.overpass)

    @property
    def scenes(self) -> int:
        """Overpasses that showed the place."""
        return len(self.clouds)

    @property
    def cloud_scenes(self) -> int:
        """Those that showed deep convective clouds there."""
        return sum(1 for count in self.clouds.values() if count)

    def frequency(self) -> tuple[float, float, float]:
        """The share of scenes with clouds, and Wilson's interval of it (95 %)."""
        share = self.cloud_scenes / self.scenes
        return share, *score_bounds(share, self.scenes, Z_95)


def month_of(one: SceneOutcome) -> str:
    """The month of a scene, as 2020-07."""
    return str(one.time.astype("datetime64[M]"))


def tallies(outcomes: Sequence[SceneOutcome]) -> dict[tuple[Cell, str], Tally]:
    """What was seen in each cell, in each month and in all of them together."""
    found: dict[tuple[Cell, str], Tally] = {}
    for one in in_range(outcomes):
        for cell in one.cells:
            for month in (ALL, month_of(one)):
                found.setdefault((cell, month), Tally()).add(one, [cell])
    return dict(sorted(found.items(), key=lambda item: (item[0][1] != ALL, *item[0][::-1])))


def in_range(outcomes: Sequence[SceneOutcome]) -> list[SceneOutcome]:
    """The products that are observations under the conditions that were asked for."""
    return [one for one in outcomes if one.stage is not Stage.RANGE]


def frequency_table(
    found: Mapping[tuple[Cell, str], Tally], size: float, limits: AreaLimits
) -> Table:
    """A row per cell and month, and per cell for all months together (``ALL``), with its polygon.

    ``scenes``: overpasses seen, ``candidates``: those whose bands were read, ``cloud_scenes``:
    those with clouds; ``frequency`` with Wilson's interval of 95 %; ``cloud_share``: of the pixels
    of the scenes that were read; ``pixels``: clouds; ``remark``: where scenes are few.
    """
    rows = []
    for (cell, month), one in found.items():
        share, low, high = one.frequency()
        seen = sum(one.seen.values())
        rows.append({
            "cell": cell_name(cell, size), "month": month, "scenes": one.scenes,
            "candidates": len(one.candidates), "cloud_scenes": one.cloud_scenes,
            "frequency": share, "frequency_low": low, "frequency_high": high,
            "cloud_share": sum(one.clouds.values()) / seen if seen else None,
            "pixels": sum(one.clouds.values()),
            "remark": few(one.scenes, limits),
        })  # fmt: skip
    table = from_rows(rows, _FREQUENCY, "frequency")
    shapes = [outline(cell, size) for cell, _ in found]
    return Table(table.columns, table.name, _shapes(shapes), "Polygon")


def few(scenes: int, limits: AreaLimits) -> str:
    """A remark where a frequency rests on too few scenes."""
    if scenes >= limits.min_scenes:
        return ""
    return f"only {scenes} scene{'' if scenes == 1 else 's'}: the interval is wide"


@dataclass(frozen=True)
class Area:
    """Cells that lie side by side and are clouded often; ``pixels`` (expected number of cloud
    pixels per month, and its interval of 95 % by a bootstrap of overpasses, NaN of a single one);
    ``zone``: the shipped search area in which more than half of it lies, "" = in none.
    """

    cells: tuple[Cell, ...]
    tally: Tally
    pixels: tuple[float, float, float]
    months: int
    best_month: str
    zone: str


def find_areas(
    outcomes: Sequence[SceneOutcome],
    found: Mapping[tuple[Cell, str], Tally],
    size: float,
    limits: AreaLimits,
    zones: Sequence[CalibrationSite],
) -> list[Area]:
    """The areas, the one with the most cloud pixels per month first."""
    often = [
        cell for (cell, month), one in found.items()
        if month == ALL and one.scenes >= limits.min_scenes and one.cloud_scenes
        and one.frequency()[0] >= limits.min_frequency
    ]  # fmt: skip
    areas = [_area(tuple(group), outcomes, size, zones) for group in neighbors(often, size)]
    return sorted(areas, key=lambda one: (-one.pixels[0], one.cells))


def _area(
    cells: tuple[Cell, ...], outcomes: Sequence[SceneOutcome], size: float,
    zones: Sequence[CalibrationSite],
) -> Area:  # fmt: skip
    tally = Tally()
    for one in in_range(outcomes):
        shown = [cell for cell in cells if cell in one.cells]
        if shown:
            tally.add(one, shown)
    months = sorted(set(tally.months.values()))
    by_month = {
        month: sum(n for key, n in tally.clouds.items() if tally.months[key] == month)
        for month in months
    }
    counts = np.array(list(tally.clouds.values()), dtype=np.float64)
    sums = replicate_weights(np.arange(len(counts)), _REPLICATES, 0) @ counts / len(months)
    # One overpass says nothing of how others would differ from it.
    low, high = np.percentile(sums[1:], [2.5, 97.5]) if len(counts) > 1 else (np.nan, np.nan)
    return Area(
        cells, tally, (float(sums[0]), float(low), float(high)), len(months),
        max(by_month, key=lambda key: by_month[key]), _zone(cells, size, zones),
    )  # fmt: skip


def _zone(cells: Sequence[Cell], size: float, zones: Sequence[CalibrationSite]) -> str:
    """The zone in which more than half of an area lies, "" where none holds as much."""
    shapes = [outline(cell, size) for cell in cells]
    for one in zones:
        shape = one.outline
        if shape and np.mean([overlap(cell, shape) for cell in shapes]) > _IN_ZONE:
            return one.name
    return ""


def area_table(areas: Sequence[Area], size: float) -> Table:
    """A row per area with its polygon, ranked by ``pixels_per_month``."""
    rows = []
    for rank, one in enumerate(areas, start=1):
        share, low, high = one.tally.frequency()
        longitude, latitude = _middle(one.cells, size)
        rows.append({
            "rank": rank, "area": area_name(one, size), "known_zone": one.zone,
            "cells": len(one.cells), "longitude": longitude, "latitude": latitude,
            "scenes": one.tally.scenes, "cloud_scenes": one.tally.cloud_scenes,
            "frequency": share, "frequency_low": low, "frequency_high": high,
            "pixels_per_month": one.pixels[0], "pixels_low": one.pixels[1],
            "pixels_high": one.pixels[2], "months": one.months, "best_month": one.best_month,
        })  # fmt: skip
    table = from_rows(rows, _AREAS, "areas")
    shapes = [
        joined([
            outline(cell, size, turn)
            for cell, turn in zip(one.cells, turns(one.cells, size), strict=True)
        ])
        for one in areas
    ]  # fmt: skip
    return Table(table.columns, table.name, _shapes(shapes), "Polygon")


def _middle(cells: Sequence[Cell], size: float) -> tuple[float, float]:
    """Longitude (-180 to 180) and latitude of the middle of side by side cells."""
    places = np.array([center(cell, size) for cell in cells])
    longitude = float(np.mean(places[:, 0] + turns(cells, size)))
    return (longitude + 180.0) % 360.0 - 180.0, float(places[:, 1].mean())


def area_name(one: Area, size: float) -> str:
    """What an area is called: by its first cell, which stays while products are added."""
    return cell_name(one.cells[0], size)


def _shapes(shapes: Sequence[bytes]) -> AnyArray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = list(shapes)
    return out
