# SPDX-License-Identifier: GPL-3.0-or-later
"""What is too slow for a moving slider: dates that sites share, and writing to tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...core.anomalies.multisite import common_dates
from ...core.anomalies.verdicts import keep_verdict
from ...core.types import TimeArray
from ..records import split_source
from ..tasks import Runner
from ..text import tr
from .model import SeriesModel

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

    def keep_verdict(
        self, verdict: str, done: Callable[[str], None], failed: Callable[[str], None]
    ) -> None:
        """Write ``verdict`` on the chosen date into its table; ``done`` gets the table's source,
        ``failed`` a sentence.
        """
        model = self._model
        if model.chosen is None:
            return
        site, row = model.chosen
        entry = model.entries[site]
        if not entry.source or entry.source.startswith(MEMORY):
            failed(
                tr("This series is in no file, so there is no place for a verdict. Save it first.")
            )
            return
        path, layer = split_source(entry.source)
        rows, time = entry.rows[row], entry.series.times[row]

        def kept(_nothing: None) -> None:
            if model.entries.get(site) is not None and model.entries[site].source == entry.source:
                model.set_verdict(site, row, verdict)
            done(entry.source)

        self._runner.run(
            tr("Keep the verdict"),
            lambda _progress: keep_verdict(path, layer, rows[rows >= 0], site, time, verdict),
            kept,
            lambda error: failed(str(error)),
        )
