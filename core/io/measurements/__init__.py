# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of measurements over calibration sites: SADE lines, DIMITRI-like CSV, long CSV, NetCDF."""

from __future__ import annotations

from .files import (
    FORMATS,
    SUFFIXES,
    chosen_format,
    find_format,
    read_measurements,
    write_measurements,
)
from .hints import Hints, bands_from_table

__all__ = [
    "FORMATS", "SUFFIXES", "Hints", "bands_from_table", "chosen_format", "find_format",
    "read_measurements", "write_measurements",
]  # fmt: skip
