# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up results with known numbers, as the reports get them."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.aot.statistics import accuracy_bins, summarize, waterfall
from calval_toolbox.core.aot.types import (
    CampaignComparison,
    CampaignDifference,
    Interval,
    MatchSettings,
    MatchUps,
    Ranking,
    SiteRank,
)
from calval_toolbox.core.report.document import InputFile, ReportContext

EVIL = '<script>alert("x")</script> & $\\frac{a}$'


class Page(HTMLParser):
    """What a browser finds in a page: tags with attributes, text, and the rows of its tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self._cell = False
        self._skip = False
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._skip = tag in ("style", "script")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._skip = False
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        self.words.append(data)
        if self._cell and data.strip():
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()

    def row(self, head: str) -> list[str]:
        """The cells behind ``head`` in the first table row that starts with it."""
        return next(row[1:] for row in self.rows if row and row[0] == head)

    def images(self) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == "img"]


@pytest.fixture
def page() -> Callable[[str], Page]:
    return Page


@pytest.fixture(scope="session")
def context() -> ReportContext:
    return ReportContext(
        "A title",
        {"TIME_WINDOW_MIN": 30.0, "MAX_CLOUD": None},
        [InputFile("a file.csv", "ab" * 32, 1234)],
        {"numpy": "1.24"},
        "2026-01-31T08:05:09Z",
    )


@pytest.fixture
def make_matchups() -> Callable[..., MatchUps]:
    """``make_matchups(n, sites, quantity, step)``: bias 0.02 at 0 growing to -0.08 at AOT 1."""

    def make(
        n: int = 400,
        sites: tuple[str, ...] = ("Alpha", "Beta"),
        quantity: str = "aot",
        step: float = 0.0,
    ) -> MatchUps:
        rng = np.random.default_rng(3)
        start = np.datetime64("2015-01-01T10:30", "ms")
        time = start + (np.arange(n) * (700 * 86_400_000 // n)).astype("timedelta64[ms]")
        reference = np.exp(rng.normal(-1.8, 0.7, n)) * (1.0 if quantity == "aot" else 10.0)
        satellite = 0.9 * reference + 0.02 + rng.normal(0.0, 0.03, n)
        if step:
            satellite = np.round(satellite / step) * step
        accepted = np.arange(n) % 4 != 0
        extra: dict[str, Any] = {
            "season": np.where(np.arange(n) % 2 == 0, "DJF", "JJA").astype(object),
        }
        return MatchUps(
            np.array(sites, dtype=object)[np.arange(n) % len(sites)],
            time,
            satellite,
            reference,
            np.full(n, 4),
            np.full(n, 0.01),
            np.zeros(n),
            np.arange(n) % 3 != 0,
            accepted,
            np.where(accepted, "", "unstable").astype(object),
            extra,
            MatchSettings(quantity=quantity, only_stable=True, max_gapfilled=0.2),
        )

    return make


@pytest.fixture
def parts() -> Callable[[MatchUps], tuple[Any, ...]]:
    """The results that a validation report shows, computed by the real statistics."""

    def compute(matchups: MatchUps) -> tuple[Any, ...]:
        summaries = summarize(matchups, n_bootstrap=100)
        return matchups, summaries, accuracy_bins(matchups), waterfall(matchups)

    return compute


@pytest.fixture
def ranking() -> Ranking:
    def site(name: str, tier: int, score: float) -> SiteRank:
        return SiteRank(
            name,
            1.0,
            2.0,
            120,
            20,
            Interval(score, 0.8 * score, 1.2 * score),
            1.1 * score,
            -0.0123,
            score,
            Interval(tier, tier, tier + 1),
            tier,
            1.0 / tier,
            {"drift": "red", "outliers": "green"},
            {"drift": "0.02 per year"},
        )

    poor = SiteRank(
        "Few",
        0.0,
        0.0,
        7,
        3,
        Interval(np.nan),
        np.nan,
        np.nan,
        np.nan,
        Interval(np.nan),
        0,
        np.nan,
        not_ranked="7 match-ups, 20 are needed",
    )
    better = np.array([[0.5, 0.9, 1.0], [0.1, 0.5, 0.7], [0.0, 0.3, 0.5]])
    sites = (site("Alpha", 1, 0.03), site(EVIL, 2, 0.05), site("Gamma", 3, 0.09), poor)
    return Ranking(sites, better, 2, ("An honest sentence.",))


@pytest.fixture
def comparison() -> CampaignComparison:
    found = Interval(0.031, 0.012, 0.049)
    unclear = Interval(-0.004, -0.02, 0.011)
    differences = (
        CampaignDifference(
            "common sites", "bias", 120, 240, 0.041, 0.01, found, 0.0004, False, 0.02
        ),
        CampaignDifference("AOT 0-0.1", "bias", 20, 30, 0.006, 0.01, unclear, 0.61, True, 0.027),
    )
    return CampaignComparison("SPOT4 Take5", "SPOT5 Take5", differences, ("A note.",))
