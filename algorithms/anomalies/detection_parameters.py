# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters that say how anomalies are sought."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterDefinition

from ...core.anomalies.detect import LOWER, ROBUST, SYMMETRIC, DetectionSettings
from ...core.anomalies.harmonics import MAX_HARMONICS
from ...core.anomalies.opinions import OPINIONS
from ..base import CalValAlgorithm, Job, make, tr

HARMONICS, THRESHOLD, METHODS, NOISE_SCALE = (
    "HARMONICS", "THRESHOLD", "METHODS", "NOISE_SCALE",
)  # fmt: skip
AUTO = "auto"


def threshold() -> QgsProcessingParameterDefinition:
    """THRESHOLD, which everybody looks at."""
    return make.number(
        THRESHOLD, tr("Threshold (p-value)"),
        tr(
            "A date (in images: a pixel of a date) whose p-value is below is an anomaly: 0.001 "
            "means one false alarm in a thousand good ones. Smaller finds less and is wrong less "
            "often."
        ),
        0.001, minimum=1e-12, maximum=0.5,
    )  # fmt: skip


def harmonics() -> QgsProcessingParameterDefinition:
    """HARMONICS; see ``harmonics_of``."""
    return make.choice(
        HARMONICS, tr("Harmonics"),
        tr(
            "Waves of the year in the seasonal model, 0 to 3; auto: as many as the number of clear "
            "dates of each series or pixel allows (12 for one, 18 for two, 24 for three)."
        ),
        (AUTO, *(str(count) for count in range(MAX_HARMONICS + 1))), AUTO, advanced=True,
    )  # fmt: skip


def noise_scale(key: str) -> QgsProcessingParameterDefinition:
    """The parameter ``key``: SYMMETRIC or LOWER."""
    return make.choice(
        key, tr("Scale of the noise"),
        tr(
            "symmetric: from all residuals; lower: from those below the model, for masks that let "
            "a third of the clouds or more through."
        ),
        (SYMMETRIC, LOWER), SYMMETRIC, advanced=True,
    )  # fmt: skip


def add_detection(algorithm: CalValAlgorithm) -> None:
    """Add the model and the methods, as advanced parameters."""
    algorithm.add(
        harmonics(),
        make.choice(
            METHODS, tr("Methods"),
            tr(
                "robust, the joint score of all bands, always decides; the others are second "
                "opinions that are reported with each date and raise no alarm."
            ),
            (ROBUST, *OPINIONS), [ROBUST, *OPINIONS], several=True, advanced=True,
        ),
        noise_scale(NOISE_SCALE),
    )  # fmt: skip


def harmonics_of(job: Job) -> int | None:
    """The number of waves that was chosen, None for auto."""
    chosen = job[HARMONICS]
    return None if chosen == AUTO else int(chosen)


def settings_of(job: Job) -> DetectionSettings:
    """The settings that were chosen."""
    return DetectionSettings(
        harmonics=harmonics_of(job),
        threshold=job[THRESHOLD],
        methods=tuple(dict.fromkeys((ROBUST, *job[METHODS]))),
        scale=job[NOISE_SCALE],
    )
