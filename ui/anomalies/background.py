# SPDX-License-Identifier: GPL-3.0-or-later
"""What is too slow for a moving slider: dates that sites share, and writing to tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...core.anomalies.common_dates import common_dates
from ...core.anomalies.detect import ROBUST, Detection, detect
from ...core.anomalies.site_residuals import site_residuals
from ...core.anomalies.verdicts import keep_verdict
from ...core.progress import Progress, each
from ...core.series.long_table import SeriesColumns
from ...core.series.types import TimeSeries
from ...core.table import Table
from ...core.types import AnyArray, FloatArray, TimeArray
from ..records import split_source
from ..tasks import Runner
from ..text import tr
from .inputs import Entry
from .model import SeriesModel
from .tracks import Track

Show = Callable[[TimeArray], None]
MEMORY = "layer:"


class Background:
    """Computes for the state that ``model`` has now; answers for a state that has passed are
    dropped.
    """

    def __init__(self, model: SeriesModel, runner: Runner) -> None:
        self._model, self._runner = model, runner

    def common_dates(self, show: Show) -> None:
        """Dates on which two of the shown sites or more are off their models, given to ``show``."""
        model = self._model
        sites, settings = tuple(model.shown), model.settings
        series = [model.series(site) for site in sites]
        if len(sites) < 2:
            show(np.empty(0, dtype="datetime64[ms]"))
            return
        found = [model.detection(site) for site in sites]

        def done(times: TimeArray) -> None:
            if tuple(model.shown) == sites and model.settings == settings:
                show(times)

        self._runner.run(
            tr("Dates that sites share"),
            lambda _progress: np.array(
                [one.time for one in common_dates(series, found)], dtype="datetime64[ms]"
            ),
            done,
            lambda _error: None,
        )

    def site_residuals(
        self, show: Callable[[Table, str], None], failed: Callable[[str], None]
    ) -> None:
        """All sites on the chosen date, in the first of the shown bands, given to ``show`` with a
        title.
        """
        model = self._model
        if model.chosen is None:
            return
        site, row = model.chosen
        time, band = model.series(site).times[row], model.bands[0]
        settings = replace(model.settings, methods=(ROBUST,))
        series = [entry.series for entry in model.entries.values()]
        known = [model.known_detection(one.site) for one in series]
        wanted = (model.chosen, model.settings, band)

        def work(progress: Progress) -> tuple[Table, list[Detection]]:
            found = [
                detect(one, settings, progress) if own is None else own
                for one, own in zip(each(series, progress), known, strict=True)
            ]
            z = [_z_of(one, own, band) for one, own in zip(series, found, strict=True)]
            return site_residuals(series, found, z, time, band), found

        def done(result: tuple[Table, list[Detection]]) -> None:
            table, found = result
            if wanted == (model.chosen, model.settings, model.bands[0]):
                model.keep_detections(found, wanted[1])
                day = str(time.astype("datetime64[D]"))
                show(table, tr("z of {band}, {date}").format(band=band, date=day))

        self._runner.run(tr("Residuals of all sites"), work, done, lambda error: failed(str(error)))

    def keep_verdict(
        self, verdict: str, done: Callable[[str], None], failed: Callable[[str], None]
    ) -> None:
        """Write ``verdict`` on the selected dates, or on the chosen one, into their table; ``done``
        gets the table's source, ``failed`` a sentence.
        """
        model, dates = self._model, self._model.judged_dates()
        if not dates:
            return
        entries = {site: model.entries[site] for site, _ in dates}
        sources = {entry.source for entry in entries.values()}
        if any(not one or one.startswith(MEMORY) for one in sources):
            failed(
                tr("This series is in no file, so there is no place for a verdict. Save it first.")
            )
            return
        (source,) = sources
        path, layer = split_source(source)
        rows, sites, times = _table_rows(entries, dates)
        columns = model.inputs.reading.columns if model.inputs is not None else SeriesColumns()

        def kept(_nothing: None) -> None:
            for site, row in dates:
                if site in model.entries and model.entries[site].source == source:
                    model.set_verdict(site, row, verdict)
            done(source)

        self._runner.run(
            tr("Keep the verdict"),
            lambda _progress: keep_verdict(path, layer, rows, sites, times, verdict, columns),
            kept,
            lambda error: failed(str(error)),
        )


def _z_of(series: TimeSeries, found: Detection, band: str) -> FloatArray:
    track = Track.of(series, band, 0, "")
    return np.full(len(series), np.nan) if track is None else track.z(found)


def _table_rows(
    entries: Mapping[str, Entry], dates: Sequence[tuple[str, int]]
) -> tuple[AnyArray, AnyArray, TimeArray]:
    """Rows of the table (r,) that hold ``dates``, with site and time of each."""
    rows: list[int] = []
    sites: list[str] = []
    times: list[np.datetime64] = []
    for site, date in dates:
        own = entries[site].rows[date]
        own = own[own >= 0].tolist()
        rows += own
        sites += [site] * len(own)
        times += [entries[site].series.times[date]] * len(own)
    return np.array(rows), np.array(sites, dtype=object), np.array(times, "datetime64[ms]")
