# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up products with exact names, metadata and masks: for demonstrations and tests, never real.

``Scene`` says what a product shows; each writer puts it into one format and returns its path.
"""

from __future__ import annotations

from .synthetic_common import Scene
from .synthetic_landsat import write_landsat
from .synthetic_muscate import write_l3a, write_muscate
from .synthetic_n2a import write_n2a
from .synthetic_native import write_native
from .synthetic_safe import SafeStyle, write_safe

__all__ = [
    "SafeStyle",
    "Scene",
    "write_l3a",
    "write_landsat",
    "write_muscate",
    "write_n2a",
    "write_native",
    "write_safe",
]
