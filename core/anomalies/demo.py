# SPDX-License-Identifier: GPL-3.0-or-later
"""A small example with known content: series of the four simulated sites with planted anomalies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..io.atomic import Staging
from ..io.tables import write_table
from ..progress import Progress, Silent, check
from ..series.types import TimeSeries
from ..types import AnyArray
from .common_dates import common_dates
from .detect import detect
from .inject import inject
from .run import SiteTests, common_marks
from .simulate import SITES, simulate_series
from .tables import table_of_detections

# kind, amplitude (see ``inject.KINDS``), how many
PLANTED = (
    ("cloud", 0.15, 2), ("thin_cloud", 0.06, 3), ("shadow", 0.6, 2), ("aot_under", 0.05, 2),
    ("aot_over", 0.04, 2), ("wrong_date", 120.0, 1),
)  # fmt: skip
SHARED_DATE = np.datetime64("2021-07-25", "D")  # clear at all sites, and at all of them a gain
SHARED_GAIN = 1.25


@dataclass(frozen=True)
class DemoSite:
    """A ``series`` and what was planted: ``truth`` (n,), "" where nothing was."""

    series: TimeSeries
    truth: AnyArray


def demo_sites(seed: int = 7) -> list[DemoSite]:
    """The four sites; at all of them the date nearest to ``SHARED_DATE`` has a gain. The same
    ``seed`` gives the same values.
    """
    return [_site(name, seed + place) for place, name in enumerate(SITES)]


def _site(name: str, seed: int) -> DemoSite:
    series, missed = simulate_series(SITES[name], seed, gaps=0.3, contamination=0.0)
    truth = np.where(missed, "cloud", "").astype(object)
    for place, (kind, amplitude, count) in enumerate(PLANTED):
        series, injection = inject(series, kind, amplitude, count, seed=100 * seed + place)
        truth[injection.index] = kind
    apart = np.abs((series.times - SHARED_DATE) / np.timedelta64(1, "D"))
    row = int(np.where(series.clear & (truth == ""), apart, np.inf).argmin())
    values = series.values.copy()
    values[row] *= SHARED_GAIN
    truth[row] = "gain"
    return DemoSite(replace(series, values=values), truth)


def write_demo_series(path: str | Path, progress: Progress | None = None) -> None:
    """Write the detections in the demo as a long table of points; raises ``OutputError``."""
    progress = progress or Silent()
    sites = [one.series for one in demo_sites()]
    check(progress)
    found = [detect(one) for one in sites]
    progress.report(0.4)
    marks = common_marks(sites, found, common_dates(sites, found), SiteTests())
    with Staging() as staging:
        target = staging.stage(path)
        table = table_of_detections(sites, found, marks, "time series")
        write_table(table, target, Path(path).stem, progress, path)
