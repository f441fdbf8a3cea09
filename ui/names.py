# SPDX-License-Identifier: GPL-3.0-or-later
"""What all panels call times and bands, and which marks and colors stand for the first, second, ...
of things that have none of their own (bands, sites, sensors).
"""

from __future__ import annotations

import numpy as np
from qgis.PyQt.QtGui import QColor

from ..core.report import palette
from .text import NOTHING, number, tr
from .theme import mix

MARKS = ("o", "s", "t1", "d", "p", "h", "t", "star")  # as pyqtgraph calls them


def mark_of(place: int) -> str:
    """The mark of what is at a ``place`` in its list."""
    return MARKS[place % len(MARKS)]


def track_color(place: int, dark: bool = False) -> QColor:
    """The color of what is at a ``place`` in its list, on a light or ``dark`` background."""
    color = QColor(palette.TRACKS[place % len(palette.TRACKS)])
    return mix(color, QColor("#FFFFFF"), 0.35) if dark else color


def when(time: np.datetime64) -> str:
    """A time as people read it, UTC."""
    if np.isnat(time):
        return NOTHING
    return str(time.astype("datetime64[m]")).replace("T", " ")


def band_name(band: str, wavelength_nm: float) -> str:
    """A band with its wavelength, unless that is its name."""
    if not np.isfinite(wavelength_nm) or band == f"{wavelength_nm:.0f}":
        return band
    return tr("{band} ({nm} nm)").format(band=band, nm=number(wavelength_nm, 0))
