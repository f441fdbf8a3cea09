# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up products with exact names, metadata and masks: food for demonstrations and tests, never
real data.

``Scene`` says what a product shows; each writer puts it into one format and returns the product's
folder.
"""

from __future__ import annotations

from .synthetic_common import Scene
from .synthetic_muscate import write_l3a, write_muscate
from .synthetic_n2a import write_n2a

__all__ = ["Scene", "write_l3a", "write_muscate", "write_n2a"]
