# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be tested for breaks, and how: one description for rasters and tables, and for workers
in other processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...errors import InputError
from ...types import FloatArray, TimeArray
from .joint import BreakSettings
from .joint import check_settings as check_joint
from .monitor import MonitorSettings
from .monitor import check_settings as check_monitor

BFASTMONITOR, JOINT = "bfastmonitor", "joint"
METHODS = (BFASTMONITOR, JOINT)


@dataclass(frozen=True)
class BreakPlan:
    """A test for breaks.

    ``method``: ``bfastmonitor`` tests one value per date (a band or an index) by ``monitor``;
    ``joint`` all bands together by ``joint``. ``start``: the first date whose break counts, None
    for the whole series (only with ``joint``). ``wavelengths_nm`` (b,) of the bands that the joint
    test gets, NaN where unknown.
    """

    method: str
    start: np.datetime64 | None = None
    monitor: MonitorSettings | None = None
    joint: BreakSettings = BreakSettings()
    wavelengths_nm: tuple[float, ...] = ()

    def check(self, times: TimeArray) -> None:
        """Raise ``InputError`` where the settings cannot be, or do not fit dates ``times`` (n,)."""
        if self.method not in METHODS:
            raise InputError(f"There is no method '{self.method}': choose {' or '.join(METHODS)}.")
        if self.method == JOINT:
            check_joint(self.joint, len(self.wavelengths_nm), self.waves)
        elif self.monitor is None:
            raise InputError("Monitoring needs its START: the first date that may hold a break.")
        else:
            check_monitor(self.monitor, times)

    @property
    def waves(self) -> FloatArray:
        """The wavelengths (b,)."""
        return np.array(self.wavelengths_nm, dtype=np.float64)

    def to_plain(self) -> dict[str, Any]:
        """The plan as values that JSON knows."""
        return {
            "method": self.method,
            "start": _text(self.start),
            "monitor": None if self.monitor is None else _plain(asdict(self.monitor)),
            "joint": _plain(asdict(self.joint)),
            # JSON knows no NaN.
            "wavelengths_nm": [nm if np.isfinite(nm) else None for nm in self.wavelengths_nm],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> BreakPlan:
        """The plan that ``to_plain`` described."""
        monitor, joint = plain["monitor"], dict(plain["joint"])
        if monitor is not None:
            monitor = dict(monitor)
            monitor |= {key: _day(monitor[key]) for key in ("start", "history_start")}
        for key in ("bands", "screening_bands", "valid"):
            joint[key] = None if joint[key] is None else tuple(joint[key])
        waves = tuple(float("nan") if nm is None else float(nm) for nm in plain["wavelengths_nm"])
        return cls(
            plain["method"],
            _day(plain["start"]),
            None if monitor is None else MonitorSettings(**monitor),
            BreakSettings(**joint),
            waves,
        )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _text(value) if isinstance(value, np.datetime64) else value
        for key, value in values.items()
    }


def _text(day: np.datetime64 | None) -> str | None:
    return None if day is None else str(day.astype("datetime64[D]"))


def _day(text: str | None) -> np.datetime64 | None:
    return None if text is None else np.datetime64(text, "D")
