# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.aot.expected_errors import EXPECTED_ERRORS, fraction
from calval_toolbox.core.aot.statistics import summarize
from calval_toolbox.core.aot.types import (
    CampaignComparison,
    Interval,
    MatchUps,
    Ranking,
)
from calval_toolbox.core.report import aot, aot_scatter, aot_text, figures, palette
from calval_toolbox.core.report.document import ReportContext

Make = Callable[..., MatchUps]
Parts = Callable[[MatchUps], tuple[Any, ...]]
Open = Callable[[str], Any]
EVIL = '<script>alert("x")</script> & $\\frac{a}$'


def test_the_headline_holds_bias_rmse_and_share(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    matchups = make_matchups()
    used = matchups.accepted
    difference = matchups.difference[used]
    found = page(aot.validation_report(*parts(matchups), context))
    bias, rmse, share = found.rows[:3]
    assert bias[0] == "AOT bias"
    assert float(bias[1].split()[0]) == pytest.approx(difference.mean(), abs=0.0006)
    assert bias[2] == "n = 300, 100 rejected"
    assert float(rmse[1].split()[0]) == pytest.approx(np.sqrt(np.mean(difference**2)), abs=0.0006)
    envelope = 0.05 + 0.15 * matchups.reference[used]
    within = np.mean(np.abs(difference) <= envelope)
    assert share[0] == "Within Dark Target expected error"
    assert float(share[1].split()[0]) == pytest.approx(100 * within, abs=0.6)


def test_all_parts_are_there(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    found = page(aot.validation_report(*parts(make_matchups()), context))
    assert len(found.images()) == 5
    assert all(image["alt"] for image in found.images())
    for title in (
        "Statistics of all accepted match-ups",
        "Match-ups in envelopes of expected error",
        "Straight lines",
        "Per site",
        "Per season",
        "Stable and unstable atmosphere",
        "Per bin of the reference",
        "What each filter changed",
        "Reasons of rejection",
        "10.5194/amt-12-169-2019",
        "ab" * 32,
    ):
        assert title in found.text
    reason = "The photometer's AOT varies too much around the overpass"
    assert found.row(reason) == ["100", "25.0"]
    assert found.row("Stable atmosphere")[:2] == ["100", "300"]
    assert found.row("TIME_WINDOW_MIN") == ["30"]
    assert found.row("MAX_CLOUD") == ["not used"]
    methods = [found.row(name)[0].split()[0] for name in ("Deming", "Theil-Sen")]
    assert all(float(slope) == pytest.approx(0.9, abs=0.05) for slope in methods)


def test_the_verdict_follows_the_interval() -> None:
    envelope = EXPECTED_ERRORS["dark_target"]

    difference = np.where(np.arange(200) < 180, 0.0, 1.0)
    share = fraction(envelope, np.full(200, 0.1), difference)
    assert share.within.low > aot_text.ONE_SIGMA  # Wilson's, which decides nothing

    def verdict(low: float, high: float) -> tuple[str, str]:
        judged = replace(share, block=Interval(0.9, low, high))
        return aot_text._share_verdict(judged, "aot", "too few months")

    assert verdict(0.69, 0.95)[1] == "good"
    assert verdict(0.69, 0.95)[0].startswith("Met")
    assert verdict(0.3, 0.67)[1] == "bad"
    assert verdict(0.3, 0.67)[0].startswith("Not met")
    assert verdict(0.67, 0.95)[1] == "caution"
    assert verdict(0.67, 0.95)[0].startswith("Undecided")
    for missing in (None, Interval(0.9)):
        text, state = aot_text._share_verdict(replace(share, block=missing), "aot", "a reason")
        assert state == "caution"
        assert text.startswith("No verdict")
        assert text.endswith("a reason.")
    assert aot_text._bias_verdict(Interval(-0.04, -0.05, -0.03))[0].startswith(
        "The satellite is lo"
    )
    assert aot_text._bias_verdict(Interval(0.04, 0.03, 0.05))[0].startswith("The satellite is high")
    assert aot_text._bias_verdict(Interval(0.01, -0.03, 0.05))[0].startswith("No bias found")
    assert aot_text._bias_verdict(Interval(0.01))[0].startswith("No interval")


def test_a_share_has_both_intervals(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    matchups = make_matchups()
    months = (matchups.time.astype("M8[M]").astype(int) % 7 - 3) * 0.03  # errors of whole months
    everything = parts(replace(matchups, satellite=matchups.satellite + months))
    share = everything[1][0].fractions["ee"]
    found = page(aot.validation_report(*everything, context))
    head = next(row for row in found.rows if row[0] == "Envelope")
    assert [text.split()[0] for text in head[-3:]] == ["Within", "By", "Wilson"]
    row = found.row("Dark Target expected error")

    def bounds(text: str) -> list[float]:
        return [float(part) / 100 for part in text.strip("[]").split(", ")]

    assert bounds(row[-1]) == pytest.approx([share.within.low, share.within.high], abs=0.006)
    assert bounds(row[-2]) == pytest.approx([share.block.low, share.block.high], abs=0.006)
    assert row[-1] != row[-2]
    assert row[-2] in found.rows[2][1]  # the headline is about the months too
    alpha = everything[1][1]
    cells = found.row(alpha.group)
    assert cells[1] == f"{alpha.blocks}"
    assert bounds(cells[-1]) == pytest.approx(
        [alpha.fractions["ee"].within.low, alpha.fractions["ee"].within.high], abs=0.006
    )


def test_few_months_are_said_to_be_too_few(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    matchups = make_matchups(sites=("Alpha",))
    short = replace(matchups, time=matchups.time[0] + (matchups.time - matchups.time[0]) // 6)
    found = page(aot.validation_report(*parts(short), context))
    assert parts(short)[1][0].blocks == 4
    why = "too few months (4 site-months, 6 are needed)"
    for line in (found.rows[0], found.rows[2]):
        assert "[" not in line[1]
        assert line[3].endswith(f"{why}.")
    assert "300 match-ups in 4 site-months" in found.text
    assert f"No intervals: {why}." in found.text
    assert f"None by months: {why}." in found.text
    assert "Too few months for intervals: fewer than 6 site-months." in found.text
    assert found.row("Standard deviation (precision P)")[1] == "\u2013"


def test_months_are_counted_at_each_site(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    everything = parts(make_matchups())
    assert everything[1][0].blocks == 2 * 23  # 700 days at two sites
    found = page(aot.validation_report(*everything, context))
    assert "300 match-ups in 46 site-months (calendar months, counted at each site)" in found.text
    assert "Site-months" in next(row for row in found.rows if row[0] == "Group")


def test_without_bootstrap_there_is_no_verdict(
    make_matchups: Make, context: ReportContext, page: Open
) -> None:
    matchups = make_matchups()
    summaries = summarize(matchups, n_bootstrap=0)
    found = page(aot.validation_report(matchups, summaries, [], [], context))
    for line in (found.rows[0], found.rows[2]):
        assert "[" not in line[1]
        assert line[3].endswith("no bootstrap was asked for.")
    assert found.row("Dark Target expected error")[-1].startswith("[")  # Wilson's stays


def test_another_envelope_can_lead(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    html = aot.validation_report(*parts(make_matchups()), context, expected_error="gaw_goal")
    assert page(html).rows[2][0] == "Within GAW goal"


def test_hostile_site_names(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    matchups = make_matchups(sites=(EVIL, "a" * 200, ""))
    found = page(aot.validation_report(*parts(matchups), context))
    assert "script" not in {tag for tag, _ in found.tags}
    assert EVIL in found.text
    assert len(found.images()) == 5


def test_without_matplotlib_the_tables_stay(
    make_matchups: Make,
    parts: Parts,
    context: ReportContext,
    page: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everything = parts(make_matchups())
    tables = len([tag for tag, _ in page(aot.validation_report(*everything, context)).tags])
    monkeypatch.setattr(figures, "available", lambda module: module != "matplotlib")
    found = page(aot.validation_report(*everything, context))
    assert found.images() == []
    assert "This report has no figures; its tables are complete." in found.text
    assert "Time series" not in found.text
    assert tables - len(found.tags) < 25  # only figures went


def test_density_stands_for_many_points(make_matchups: Make, parts: Parts) -> None:
    matchups, summaries, bins, _ = parts(make_matchups(n=28_000))
    assert matchups.accepted.sum() > figures.DENSITY_LIMIT
    figure = aot_scatter.scatter_figure(matchups, summaries[0], None)
    assert figure is not None
    assert figure.kind == "png"
    assert figure.caption.startswith("Density")
    assert len(figure.content) < 300_000


def test_only_quantized_values_are_moved(make_matchups: Make) -> None:
    smooth = make_matchups().satellite
    assert aot_scatter._jittered(smooth, 0.005) is smooth
    steps = make_matchups(step=0.005).satellite
    moved = aot_scatter._jittered(steps, 0.005)
    assert np.abs(moved - steps).max() <= 0.0025
    assert len(np.unique(moved)) == len(moved)
    assert len(np.unique(steps)) < len(steps)
    figure = aot_scatter.scatter_figure(make_matchups(step=0.005), None, None)
    assert figure is not None
    assert "spread at random within their step of 0.005" in figure.caption
    vapor = make_matchups(quantity="water_vapor", step=0.05)
    figure = aot_scatter.scatter_figure(vapor, None, None)
    assert figure is not None
    assert "step of 0.05." in figure.caption


def test_water_vapor_carries_its_unit(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    found = page(aot.validation_report(*parts(make_matchups(quantity="water_vapor")), context))
    assert found.rows[0][0] == "Water vapor bias"
    assert found.rows[0][1].endswith("]\u00a0cm")
    assert "AOT" not in found.rows[0][0]


def test_nothing_accepted_is_said_loudly(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    matchups = make_matchups(n=20)
    nothing = replace(
        matchups,
        accepted=np.zeros(20, dtype=bool),
        reason=np.full(20, "no_site", dtype=object),
    )
    found = page(aot.validation_report(*parts(nothing), context))
    assert found.rows[0][:3] == ["Accepted match-ups", "0", "n = 0, 20 rejected"]
    assert found.images() == []
    assert found.row("No photometer has this site's name") == ["20", "100.0"]


def test_the_headline_is_about_one_window(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    matchups = make_matchups()
    sizes = np.where(np.arange(len(matchups)) < 240, 1000.0, 5000.0)
    both = replace(matchups, extra={**matchups.extra, "window_m": sizes})
    found = page(aot.validation_report(*parts(both), context))
    assert found.rows[0][2] == "n = 180, 60 rejected"
    assert "window of 1000\u00a0m" in found.text or "window of 1000 m" in found.text
    assert found.row("5000 m")[0] == "120"


def test_a_single_pair_makes_a_report(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    matchups = make_matchups(n=2)
    found = page(aot.validation_report(*parts(matchups), context))
    assert found.rows[0][2] == "n = 1, 1 rejected"
    assert "nan" not in found.text.lower()


def test_ranking(ranking: Ranking, context: ReportContext, page: Open) -> None:
    found = page(aot.ranking_report(ranking, context))
    assert found.rows[0][:3] == ["Ranked sites", "3", "4 sites, 1 not ranked"]
    assert found.rows[2][0] == "Smallest score: Alpha"
    assert found.rows[2][1] == "0.030 [0.024, 0.036]"
    assert len(found.images()) == 3
    assert "An honest sentence." in found.text
    assert found.row("Few") == ["7", "3", "7 match-ups, 20 are needed"]
    assert ["Alpha", "red 0.02 per year", "green"] in found.rows
    assert ("td", {"class": "bad"}) in found.tags
    assert "script" not in {tag for tag, _ in found.tags}


def test_ranking_of_nothing(ranking: Ranking, context: ReportContext, page: Open) -> None:
    empty = Ranking(ranking.sites[-1:], np.zeros((0, 0)), 5)
    found = page(aot.ranking_report(empty, context))
    assert found.rows[0][:3] == ["Ranked sites", "0", "1 site, 1 not ranked"]
    assert found.images() == []


def test_campaigns(comparison: CampaignComparison, context: ReportContext, page: Open) -> None:
    found = page(aot.campaign_report(comparison, context))
    assert found.rows[0][0] == "Bias, common sites"
    assert found.rows[0][1] == "0.031 [0.012, 0.049]"
    assert found.rows[0][3] == "Larger in SPOT4 Take5 than in SPOT5 Take5."
    assert len(found.images()) == 1
    row = found.row("AOT 0-0.1")
    assert row == [
        "bias",
        "20 / 30",
        "0.006",
        "0.010",
        "-0.004 [-0.020, 0.011]",
        "0.61 Holm",
        "0.027",
    ]
    assert found.row("common sites")[5] == "< 0.001"
    assert "0.027 or more would have been found with 80 % probability" in found.text


def test_filters_that_could_not_act_are_not_claimed() -> None:
    from calval_toolbox.core.aot.matchup import match
    from calval_toolbox.core.aot.types import MatchSettings, Observations
    from calval_toolbox.core.report.aot_text import matching_sentences

    site = np.array(["A"], dtype=object)
    time = np.array(["2016-05-01T10:00"], dtype="datetime64[ms]")
    bare = Observations(site, time, np.array([0.2]))
    told = Observations(
        site, time, np.array([0.2]), {"saturated_count": np.array([0.0]), "datatake": site}
    )
    rule = MatchSettings(min_observations=1)
    assert "No further filter was used" in matching_sentences(match(bare, bare, rule))[1]
    sentence = matching_sentences(match(told, bare, rule))[1]
    assert "one row per site and overpass, no clipped retrievals" in sentence


def test_the_scatter_plot_says_where_all_rejected_rows_are(make_matchups: Make) -> None:
    matchups = make_matchups(n=40)
    satellite, reference = matchups.satellite.copy(), matchups.reference.copy()
    rejected = np.flatnonzero(~matchups.accepted)
    reference[rejected[:3]] = np.nan
    satellite[rejected[3]] = np.nan
    satellite[rejected[4:6]] = 30.0
    changed = replace(matchups, satellite=satellite, reference=reference)
    figure = aot_scatter.scatter_figure(changed, None, None)
    assert figure is not None
    assert figure.caption.endswith(
        "Of 10 rejected: 4 in gray, 2 outside the axes, 4 not drawn, for want of an AERONET or a "
        "satellite value."
    )
    clean = aot_scatter.scatter_figure(matchups.select(matchups.accepted), None, None)
    assert clean is not None
    assert "rejected" not in clean.caption


def test_standard_deviation_and_rmse_do_not_look_impossible(
    make_matchups: Make, parts: Parts, context: ReportContext, page: Open
) -> None:
    matchups, summaries, bins, steps = parts(make_matchups())
    alpha = next(one for one in summaries if one.group == "Alpha")
    close = replace(
        alpha,
        precision=Interval(0.0850, 0.05, 0.13),
        uncertainty=Interval(0.0842, 0.05, 0.13),
    )
    far = replace(close, uncertainty=Interval(0.0741, 0.05, 0.13))
    for one, spread, rmse in ((close, "0.085", "0.084"), (far, "0.09", "0.07")):
        shown = [one if other is alpha else other for other in summaries]
        row = page(aot.validation_report(matchups, shown, bins, steps, context)).row("Alpha")
        assert row[4].split()[0] == spread
        assert row[5].split()[0] == rmse


def test_on_narrow_screens_the_verdict_stands_below_its_number(
    make_matchups: Make, parts: Parts, context: ReportContext
) -> None:
    html = aot.validation_report(*parts(make_matchups()), context)
    narrow = re.search(r"@media screen and \(max-width: 44rem\) \{(.*?)\n\}", html, re.DOTALL)
    assert narrow
    rules = [
        (selector.strip(), body)
        for selectors, body in re.findall(r"([^{}]+)\{([^}]*)\}", narrow[1])
        for selector in selectors.split(",")
    ]
    blocks = {selector for selector, body in rules if "display: block" in body}
    assert blocks >= {".headline", ".headline tbody", ".headline tr", ".headline td"}
    wrapped = {selector for selector, body in rules if "white-space: normal" in body}
    assert wrapped == {".headline .answer", ".headline .count", ".headline .verdict"}


@pytest.mark.parametrize(("light", "told"), [("red", True), ("green", False)])
def test_a_network_flag_of_all_sites_is_no_fault_of_a_site(
    ranking: Ranking, context: ReportContext, page: Open, light: str, told: bool
) -> None:
    first, *others = ranking.sites[:-1]
    sites = [replace(first, flags={"network": light})]
    sites += [replace(site, flags={"network": "red"}) for site in others]
    text = page(aot.ranking_report(replace(ranking, sites=tuple(sites)), context)).text
    assert ("Network is red at all 3 sites" in text) == told


def test_accuracy_precision_and_uncertainty_have_their_own_colors() -> None:
    assert len(set(palette.APU.values())) == 3
