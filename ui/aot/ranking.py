# SPDX-License-Identifier: GPL-3.0-or-later
"""The ranking of AERONET sites: score with its interval, tier by color, one row per site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg

from ...core.aot.types import Ranking, SiteRank
from ...core.report.palette import tier_color
from ...core.types import AnyArray
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import interval, number, percent, tr
from ..widgets import label
from .model import AotModel


class RankingPlot(PlotFrame):
    """Sites from best to worst; clicking one picks it."""

    name = "aot_site_ranking"

    def __init__(self, model: AotModel) -> None:
        self._model = model
        self.ranking: Ranking | None = None
        super().__init__(tr("Reliability of the sites"))
        self.plot = self.add_plot("", tr("Typical error E (AOT, 90 % interval; smaller is better)"))
        self.plot.getViewBox().invertY(True)
        self.plot.getViewBox().setMouseEnabled(x=True, y=False)
        self.bars = items.add_curve(self.plot, bounds=True)
        self.marks = items.add_points(self.plot, 12)
        self.notes = label()
        self.layout().addWidget(self.notes)
        self.ready()
        self.set_state(tr("The ranking is computed when this page is shown."))

    def set_ranking(self, ranking: Ranking) -> None:
        """Show ``ranking``."""
        self.ranking = ranking
        unranked = [f"{one.site} ({one.not_ranked})" for one in ranking.sites if one.not_ranked]
        lines = list(ranking.notes[:2])
        if unranked:
            lines.append(tr("Not ranked: {}.").format(", ".join(unranked)))
        self.notes.setText("\n".join(lines))
        self.draw()
        self.fit()

    def set_state(self, sentence: str) -> None:
        """Show no ranking, and why."""
        self.ranking = None
        self.notes.setText(sentence)
        self.draw()

    def _ranked(self) -> list[SiteRank]:
        return (
            []
            if self.ranking is None
            else [one for one in self.ranking.sites if not one.not_ranked]
        )

    def draw(self) -> None:
        """Paint the ranked sites."""
        sites = self._ranked()
        place = np.arange(1.0, len(sites) + 1.0)
        score = np.array([one.score.value for one in sites], dtype=float)
        axis = self.plot.getAxis("left")
        names = [f"{one.site}" for one in sites]
        axis.setTicks([list(zip(place.tolist(), names, strict=True))])
        widest = max((self.fontMetrics().horizontalAdvance(name) for name in names), default=0)
        axis.setWidth(min(widest, self.width() // 3) + self.fontMetrics().height())
        edges = [self._edge(one) for one in sites]
        brushes = [pg.mkBrush(tier_color(one.tier)) for one in sites]
        items.put_points(self.marks, score, place, edges or None, brushes or None)
        bounded = [
            (one.score.low, one.score.high, y)
            for one, y in zip(sites, place, strict=True)
            if np.isfinite(one.score.low) and np.isfinite(one.score.high)
        ]
        x = np.array([bound for low, high, _ in bounded for bound in (low, high)])
        y = np.repeat([height for _, _, height in bounded], 2)
        items.put_curve(self.bars, x, y, pg.mkPen(self.theme.foreground, width=1.5), pairs=True)
        self.plot.getViewBox().setLimits(yMin=0.0, yMax=len(sites) + 1.0)
        self.listen([Points(self.plot, score, place, np.arange(len(sites)))])

    def _edge(self, one: SiteRank) -> Any:
        """The rim of a site's mark: strong for the picked one."""
        picked = one.site == self._model.site
        color = self.theme.picked if picked else self.theme.foreground
        return pg.mkPen(color, width=3.5 if picked else 1.0)

    def site_of(self, identity: Any) -> str:
        """The name of the site behind a clicked point."""
        return self._ranked()[int(identity)].site

    def describe(self, identity: Any) -> str:
        """The site in two lines: score, then flags."""
        one = self._ranked()[int(identity)]
        first = tr(
            "{site}: E = {score} {interval}, tier {tier}, n = {count} in {months} months"
        ).format(
            site=one.site,
            score=number(one.score.value),
            interval=interval(one.score.low, one.score.high),
            tier=one.tier,
            count=one.count,
            months=one.months,
        )
        raised = [
            f"{key}: {one.flag_details.get(key, state)}"
            for key, state in one.flags.items()
            if state != "green"
        ]
        best = tr("P(among the best {k}) = {p}").format(
            k=self.ranking.best_k if self.ranking else 0, p=percent(one.p_best)
        )
        return f"{first}\n" + " · ".join([best, *raised])

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per site, also those not ranked."""
        sites = () if self.ranking is None else self.ranking.sites

        def column(kind: Any, values: list[Any]) -> AnyArray:
            return np.array(values, dtype=kind)

        return {
            "site": column(object, [one.site for one in sites]),
            "n": column(np.int64, [one.count for one in sites]),
            "score": column(float, [one.score.value for one in sites]),
            "ci_low": column(float, [one.score.low for one in sites]),
            "ci_high": column(float, [one.score.high for one in sites]),
            "tier": column(np.int64, [one.tier for one in sites]),
            "p_best": column(float, [one.p_best for one in sites]),
            "not_ranked": column(object, [one.not_ranked for one in sites]),
        }
