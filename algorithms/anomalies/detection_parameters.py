# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters that say how anomalies are sought."""

from __future__ import annotations

from ...core.anomalies.detect import LOWER, ROBUST, SYMMETRIC, DetectionSettings
from ...core.anomalies.harmonics import MAX_HARMONICS
from ...core.anomalies.opinions import OPINIONS
from ..base import CalValAlgorithm, Job, make, tr

HARMONICS, THRESHOLD, METHODS, SCALE = "HARMONICS", "THRESHOLD", "METHODS", "SCALE"
AUTO = "auto"


def add_threshold(algorithm: CalValAlgorithm) -> None:
    """Add the threshold, which everybody looks at."""
    algorithm.add(
        make.number(
            THRESHOLD, tr("Threshold (p-value)"),
            tr(
                "A date whose p-value is below is an anomaly: 0.001 means one false alarm in a "
                "thousand good dates. Smaller finds less and is wrong less often."
            ),
            0.001, minimum=1e-12, maximum=0.5,
        )
    )  # fmt: skip


def add_detection(algorithm: CalValAlgorithm) -> None:
    """Add the model and the methods, as advanced parameters."""
    algorithm.add(
        make.choice(
            HARMONICS, tr("Harmonics"),
            tr(
                "Waves of the year in the seasonal model, 0 to 3; auto: as many as the number of "
                "clear dates allows (12 for one, 18 for two, 24 for three)."
            ),
            (AUTO, *(str(count) for count in range(MAX_HARMONICS + 1))), AUTO, advanced=True,
        ),
        make.choice(
            METHODS, tr("Methods"),
            tr(
                "robust, the joint score of all bands, always decides; the others are second "
                "opinions that are reported with each date and raise no alarm."
            ),
            (ROBUST, *OPINIONS), [ROBUST, *OPINIONS], several=True, advanced=True,
        ),
        make.choice(
            SCALE, tr("Scale of the noise"),
            tr(
                "symmetric: from all residuals; lower: from those below the model, for masks that "
                "let a third of the clouds or more through."
            ),
            (SYMMETRIC, LOWER), SYMMETRIC, advanced=True,
        ),
    )  # fmt: skip


def settings_of(job: Job) -> DetectionSettings:
    """The settings that were chosen."""
    harmonics = job[HARMONICS]
    return DetectionSettings(
        harmonics=None if harmonics == AUTO else int(harmonics),
        threshold=job[THRESHOLD],
        methods=tuple(dict.fromkeys((ROBUST, *job[METHODS]))),
        scale=job[SCALE],
    )
