# SPDX-License-Identifier: GPL-3.0-or-later
"""What products are called in the database, and how many are read at a time."""

from __future__ import annotations

from ...core.calibration.extraction.threads import WORKERS as USUAL_WORKERS
from ..base import CalValAlgorithm, make, tr

SENSOR, VERSION, WORKERS = "SENSOR", "VERSION", "WORKERS"


def add_product_names(algorithm: CalValAlgorithm, version_text: str) -> None:
    """Add the names of sensor and version (``version_text``: its help) and the number of products
    at a time, as advanced parameters.
    """
    algorithm.add(
        make.string(
            SENSOR, tr("Sensor"),
            tr(
                "Name of the sensor, such as S2A/MSI, where the metadata do not say it; empty: "
                "as they say."
            ),
            optional=True, advanced=True,
        ),
        make.string(VERSION, tr("Version"), version_text, optional=True, advanced=True),
        make.number(
            WORKERS, tr("Products at a time"),
            tr(
                "1 to 16 products are read at once; each needs about 220 MB of memory, the usual 2 "
                "about 440 MB."
            ),
            USUAL_WORKERS, minimum=1, maximum=16, integer=True, advanced=True,
        ),
    )  # fmt: skip
