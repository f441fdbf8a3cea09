# SPDX-License-Identifier: GPL-3.0-or-later
"""What is too slow for a moving slider: intervals of the statistics, the ranking of the sites."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...core.aot.filters import headline_window
from ...core.progress import Progress
from ..tasks import Runner
from ..text import tr
from .model import AotModel, Figures, figures_of
from .ranking import RankingPlot

BOOTSTRAPS = 1000  # as the algorithm draws by default: panel and report say the same
RANK_BOOTSTRAPS = 1000


class Background:
    """Computes for the state that ``model`` has now; answers for a state that has passed are
    dropped.
    """

    def __init__(self, model: AotModel, runner: Runner) -> None:
        self._model, self._runner = model, runner
        self._ranked_for: object = None

    def intervals(
        self, show: Callable[[Figures], None], failed: Callable[[Exception], None]
    ) -> None:
        """Statistics with intervals, given to ``show``."""
        model, matchups = self._model, self._model.matchups
        if matchups is None:
            return
        site, envelope = model.site, model.envelope

        def current() -> bool:
            return model.matchups is matchups and (model.site, model.envelope) == (site, envelope)

        self._runner.run(
            tr("Intervals of the statistics"),
            lambda progress: figures_of(matchups, site, envelope, BOOTSTRAPS, progress),
            lambda figures: show(figures) if current() else None,
            lambda error: failed(error) if current() else None,
        )

    def ranking(self, plot: RankingPlot) -> None:
        """Rank the sites and show them in ``plot``, unless it shows the present ranking already."""
        model, matchups = self._model, self._model.matchups
        if matchups is None or self._ranked_for is matchups:
            return
        self._ranked_for = matchups
        settings, size = model.settings, headline_window(matchups)
        plot.set_state(tr("Ranking the sites…"))

        def work(progress: Progress) -> Any:
            from ...core.aot.ranking import RankSettings, rank_sites

            chosen = RankSettings(
                n_bootstrap=RANK_BOOTSTRAPS, window_m=size if math.isfinite(size) else None
            )
            return rank_sites(model.matched(settings), chosen, progress)

        def show(ranking: Any) -> None:
            if self._ranked_for is matchups:
                plot.set_ranking(ranking)

        def fail(error: Exception) -> None:
            if self._ranked_for is matchups:
                plot.set_state(str(error))
                plot.failed.emit(str(error))

        self._runner.run(tr("Rank the sites"), work, show, fail)
