# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of classes as outputs: their names and colors go with them."""

from __future__ import annotations

from pathlib import Path

from ...core.classification.classes import Classes
from ...core.io.class_rasters import SIDE_FILE, with_colors, write_classes
from ..base import Job
from ..styling import class_style


def keep_classes(job: Job, key: str, classes: Classes) -> None:
    """Add ``classes`` to the raster that was written for the output ``key``: color table, names,
    attribute table (in a file beside it) and layer style.
    """
    side = write_classes(job.staged(key), classes, Path(job[key]).name)
    job.keep_beside(key, side, SIDE_FILE)
    job.dress(key, class_style(with_colors(classes)))
