# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole detection on a table of time series: each site by itself, then all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..dependencies import require
from ..errors import InputError
from ..progress import Part, Progress, Silent, check, each
from ..series.long_table import SeriesColumns
from ..series.table import series_from_table
from ..series.types import TimeSeries
from ..table import Table
from ..types import AnyArray
from .common_dates import DATE_WINDOW_DAYS, LEVEL, CommonDate, common_dates, level_notes
from .common_steps import STEP_DAYS, common_steps
from .detect import REASONS, Detection, DetectionSettings, detect
from .mask_check import MaskAgreement, mask_agreement
from .places import NEAR_KM, Place, find_places
from .step_dates import SENSOR, CommonStep
from .steps import SensorLevel, sensor_levels


@dataclass(frozen=True)
class SiteTests:
    """What is sought over all sites and over time.

    ``level``: chance (0 to 1) of any false common date, and false discovery rate of steps.
    ``window_days``: how far apart the dates of two sites may be that count as one. ``steps``:
    whether lasting changes are sought, each ``step_days`` days. ``near_km``: sites that are nearer
    have one vote together.
    """

    level: float = LEVEL
    window_days: float = DATE_WINDOW_DAYS
    steps: bool = True
    step_days: int = STEP_DAYS
    near_km: float = NEAR_KM

    def __post_init__(self) -> None:
        if not 0.0 < self.level < 1.0:
            raise InputError(f"LEVEL is a rate between 0 and 1, not {self.level}.")
        if self.window_days < 0.0 or self.step_days < 1:
            raise InputError("WINDOW_DAYS must not be negative, and STEP_DAYS be 1 or more.")
        if self.near_km < 0.0:
            raise InputError(f"NEAR_KM is a distance of 0 or more, not {self.near_km}.")


@dataclass(frozen=True)
class AnomalyRun:
    """Everything that was found in a table: per site ``series``, ``detections``, ``masks`` (how the
    mask of the table agrees) and ``common`` (texts (n,): ``sensor`` for dates that sites share);
    over sites ``dates`` and ``steps``; ``sensors``: levels between the sensors of a site.
    """

    settings: DetectionSettings
    tests: SiteTests
    series: tuple[TimeSeries, ...]
    detections: tuple[Detection, ...]
    masks: tuple[MaskAgreement, ...]
    common: tuple[AnyArray, ...]
    dates: tuple[CommonDate, ...]
    steps: tuple[CommonStep, ...]
    sensors: tuple[SensorLevel, ...]

    @property
    def observations(self) -> int:
        """Dates of all sites, masked and untested ones too."""
        return sum(len(one) for one in self.series)

    @property
    def tested(self) -> int:
        """Dates that were tested."""
        return sum(int(one.tested.sum()) for one in self.detections)

    @property
    def anomalies(self) -> int:
        """Dates that were flagged."""
        return sum(int(one.flagged.sum()) for one in self.detections)

    @property
    def false_alarm_expected(self) -> float:
        """How many would be flagged if no date had an anomaly."""
        return sum(one.false_alarm_expected for one in self.detections)

    @property
    def chance(self) -> float:
        """Probability of as many flagged dates or more if no date had an anomaly (Poisson)."""
        if not self.anomalies:
            return 1.0
        special = require("scipy.special")
        return float(special.pdtrc(self.anomalies - 1, self.false_alarm_expected))

    @property
    def sensor_differences(self) -> tuple[SensorLevel, ...]:
        """The ``sensors`` that differ from their reference: the chance that any of them is listed
        where none differs is below the level of the tests (Bonferroni).
        """
        level = self.tests.level / max(len(self.sensors), 1)
        return tuple(one for one in self.sensors if one.level.p_value < level)

    @property
    def places(self) -> list[Place]:
        """Which sites have one vote together."""
        return find_places(self.series, self.detections, self.tests.near_km)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about single sites, and about a level that shared dates cannot reach."""
        tests = self.tests
        level = level_notes(self.series, self.detections, tests.level, tests.near_km)
        return (*(note for one in self.detections for note in one.notes), *level)


def find_anomalies(
    table: Table,
    columns: SeriesColumns | None = None,
    value_scale: float = 1.0,
    settings: DetectionSettings | None = None,
    tests: SiteTests | None = None,
    progress: Progress | None = None,
) -> AnomalyRun:
    """Find and name the anomalies of all sites of ``table`` (see ``series_from_table``, which also
    says what is refused), and what the sites have in common.

    A site whose series is too short is kept, with a note and no tested date. Raises ``InputError``
    where no date of any site can be tested.
    """
    settings, tests = settings or DetectionSettings(), tests or SiteTests()
    progress = progress or Silent()
    check(progress)
    series = series_from_table(table, columns, value_scale)
    share = 0.4 if tests.steps else 0.9
    detections = [
        detect(one, settings)
        for one in each(series, Part(progress, 0.0, share), "Detecting anomalies")
    ]
    _require_tested(series, detections)
    dates = common_dates(series, detections, tests.level, tests.window_days, tests.near_km)
    steps: list[CommonStep] = []
    if tests.steps:
        part = Part(progress, share, 0.95)
        steps = common_steps(series, detections, tests.level, tests.step_days, part, tests.near_km)
    sensors = [
        level for one, found in zip(series, detections, strict=True)
        for level in sensor_levels(one, found)
    ]  # fmt: skip
    progress.report(1.0)
    return AnomalyRun(
        settings,
        tests,
        tuple(series),
        tuple(detections),
        tuple(mask_agreement(s, d) for s, d in zip(series, detections, strict=True)),
        tuple(common_marks(series, detections, dates, tests)),
        tuple(dates),
        tuple(steps),
        tuple(sensors),
    )


def _require_tested(series: Sequence[TimeSeries], detections: Sequence[Detection]) -> None:
    """Raise ``InputError`` where no date of any site was tested, with why that is most often so."""
    if any(one.tested.any() for one in detections):
        return
    clear = [one.clear for one in series]
    found = np.concatenate([one.status[at] for one, at in zip(detections, clear, strict=True)])
    states, counts = np.unique(found.astype(str), return_counts=True)
    why = REASONS[str(states[counts.argmax()])] if len(states) else REASONS["masked"]
    sites = f"any of the {len(series)} sites" if len(series) > 1 else "the one site"
    raise InputError(
        f"No date could be tested at {sites}: {why}. The longest series has "
        f"{max(int(one.sum()) for one in clear)} clear observation(s). Give longer series, or a "
        "mask that leaves more of them."
    )


def common_marks(
    series: Sequence[TimeSeries],
    detections: Sequence[Detection],
    dates: Sequence[CommonDate],
    tests: SiteTests,
) -> list[AnyArray]:
    """Texts (n,) per site: ``sensor`` where one of the common ``dates`` of the site is near, and
    the date itself is off its model at the level of the test.
    """
    marks = []
    for one, found in zip(series, detections, strict=True):
        mark = np.full(len(one), "", dtype=object)
        days = one.times.astype("datetime64[D]")
        with np.errstate(invalid="ignore"):
            odd = found.tested & (found.p_value < tests.level)
        for date in dates:
            if one.site in date.sites:
                near = np.abs((days - date.time) / np.timedelta64(1, "D")) <= tests.window_days
                mark[near & odd] = SENSOR
        marks.append(mark)
    return marks
