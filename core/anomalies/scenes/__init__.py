# SPDX-License-Identifier: GPL-3.0-or-later
"""The four-site example: simulated image series with planted anomalies, and their truth."""

from __future__ import annotations

from .compare import Comparison, compare
from .write import FourSites, plan_four_sites, write_four_sites

__all__ = ["Comparison", "FourSites", "compare", "plan_four_sites", "write_four_sites"]
