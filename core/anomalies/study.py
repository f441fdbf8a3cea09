# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole sensitivity study, and its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..io.tables import points
from ..progress import Part, Progress, Silent
from ..shares import Z_95, score_bounds
from ..table import Table, from_rows
from ..types import FloatArray
from .ingredients import Change, Rule, changes, second_opinions, shared_dates
from .inject import KINDS
from .sensitivity import Cell, StudySettings, study
from .simulate import SITES

_KEYS = {"site": "text", "gaps": "float", "contamination": "float", "type": "text",
         "configuration": "text"}  # fmt: skip
_POD = {
    "amplitude": "float", "unit": "text", "planted": "int", "pod": "float", "pod_low": "float",
    "pod_high": "float", "pod_equal_far": "float", "pod_blue": "float", "named_right": "float",
}  # fmt: skip
_CELL = {
    "far": "float", "clear_tested": "int", "precision": "float", "recall": "float",
    "average_precision": "float", "mda50": "float", "mda50_low": "float", "mda50_high": "float",
    "mda90": "float", "mda90_low": "float", "mda90_high": "float",
}  # fmt: skip


@dataclass(frozen=True)
class Study:
    """The ``cells`` of the grid, the ``changes`` between its configurations, and (empty where they
    were not asked for, or there is one site only) the ``shared`` dates and second ``opinions``.
    """

    settings: StudySettings
    cells: tuple[Cell, ...]
    changes: tuple[Change, ...]
    shared: tuple[Rule, ...]
    opinions: tuple[Rule, ...]

    @property
    def first(self) -> list[Cell]:
        """The cells of the first configuration."""
        return [c for c in self.cells if c.configuration == self.cells[0].configuration]

    @property
    def far(self) -> float:
        """False alarms per clear date of the first configuration."""
        tested = sum(cell.clear_tested for cell in self.first)
        return sum(cell.far * cell.clear_tested for cell in self.first) / max(1, tested)

    @property
    def mda90(self) -> float:
        """Median MDA90 of the first configuration over the types whose amplitude is reflectance;
        NaN where there are none.
        """
        values = [c.curve.mda90 for c in self.first if KINDS[c.kind] == "reflectance"]
        return float(np.median(values)) if values else float("nan")

    @property
    def named_right(self) -> float:
        """Share of the detected anomalies with their right name, first configuration; NaN where
        none was detected.
        """
        detected = sum(sum(cell.confusion.values()) for cell in self.first)
        right = sum(cell.confusion.get(cell.kind, 0) for cell in self.first)
        return right / detected if detected else float("nan")

    @property
    def best(self) -> str:
        """The configuration with the largest POD at equal false alarms, at the largest
        contamination.
        """
        worst = max(one.contamination for one in self.changes)
        these = [one for one in self.changes if one.contamination == worst]
        return max(these, key=lambda one: one.pod_equal_far).configuration


def run_study(
    settings: StudySettings | None = None, rules: bool = True, progress: Progress | None = None
) -> Study:
    """Run the grid of ``settings``; with ``rules`` also the test over sites and the opinions."""
    settings, progress = settings or StudySettings(), progress or Silent()
    share = 0.8 if rules else 1.0
    cells = study(settings, Part(progress, 0.0, share))
    shared: list[Rule] = []
    opinions: list[Rule] = []
    if rules:
        if len(settings.sites) > 1:
            shared = shared_dates(settings, Part(progress, 0.8, 0.85))
        opinions = second_opinions(settings, progress=Part(progress, 0.85, 1.0))
    found = changes(cells, seed=settings.seed)
    return Study(settings, tuple(cells), tuple(found), tuple(shared), tuple(opinions))


def table_of_study(found: Study, name: str = "sensitivity") -> Table:
    """One row per cell and amplitude, at the place of the simulated site.

    ``amplitude`` as injected, in ``unit``. ``pod`` with its 95 % bounds (Wilson), ``pod_equal_far``
    at 0.002 false alarms, ``pod_blue`` of raw blue at the detector's own rate of false alarms,
    ``named_right`` of the detected ones. Of the whole cell: ``far`` per clear date out of
    ``clear_tested``, ``precision``, ``recall``, ``average_precision``, ``mda50`` and ``mda90`` with
    95 % bounds (bootstrap of pixels), empty where the curve does not rise.
    """
    rows = [row for cell in found.cells for row in _rows(cell)]
    table = from_rows(rows, {**_KEYS, **_POD, **_CELL}, name)
    return _placed(table, name)


def table_of_confusion(found: Study, name: str = "confusion") -> Table:
    """One row per cell and name: how ``often`` the detected ones of a ``type`` were ``named`` so,
    and their ``share``.
    """
    rows = [
        {**_key(cell), "named": named, "often": count,
         "share": count / sum(cell.confusion.values())}
        for cell in found.cells
        for named, count in sorted(cell.confusion.items(), key=lambda pair: -pair[1])
    ]  # fmt: skip
    kinds = {**_KEYS, "named": "text", "often": "int", "share": "float"}
    return _placed(from_rows(rows, kinds, name), name)


def _key(cell: Cell) -> dict[str, Any]:
    return {
        "site": cell.site, "gaps": cell.gaps, "contamination": cell.contamination,
        "type": cell.kind, "configuration": cell.configuration,
    }  # fmt: skip


def _rows(cell: Cell) -> list[dict[str, Any]]:
    curve = cell.curve
    whole = {
        **_key(cell),
        "unit": KINDS[cell.kind],
        "far": cell.far, "clear_tested": cell.clear_tested, "precision": cell.precision,
        "recall": cell.recall, "average_precision": cell.average_precision,
        "mda50": curve.mda50, "mda50_low": curve.mda50_interval[0],
        "mda50_high": curve.mda50_interval[1], "mda90": curve.mda90,
        "mda90_low": curve.mda90_interval[0], "mda90_high": curve.mda90_interval[1],
    }  # fmt: skip
    low, high = pod_bounds(cell)
    rows = []
    for i, amplitude in enumerate(cell.amplitudes):
        rows.append(
            {
                **whole,
                "amplitude": float(amplitude), "planted": int(cell.counts[i]),
                "pod": float(cell.pod[i]), "pod_low": float(low[i]), "pod_high": float(high[i]),
                "pod_equal_far": float(cell.pod_equal_far[i]),
                "pod_blue": float(cell.pod_blue[i]), "named_right": float(cell.named_right[i]),
            }
        )  # fmt: skip
    return rows


def pod_bounds(cell: Cell) -> tuple[FloatArray, FloatArray]:
    """95 % bounds (a,) and (a,) of the POD of a cell (Wilson); NaN where nothing was planted."""
    bounds = [
        score_bounds(float(pod), int(count), Z_95) if count else (np.nan, np.nan)
        for pod, count in zip(cell.pod, cell.counts, strict=True)
    ]
    low, high = np.array(bounds).T
    return low, high


def _placed(table: Table, name: str) -> Table:
    places = [SITES[site] for site in table["site"]]
    longitude = np.array([one.longitude for one in places], dtype=np.float64)
    latitude = np.array([one.latitude for one in places], dtype=np.float64)
    return Table(table.columns, name, points(longitude, latitude))
