# SPDX-License-Identifier: GPL-3.0-or-later
"""The AOT panel with real widgets: what it shows is what core computes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.aot.expected_errors import EXPECTED_ERRORS
from calval_toolbox.core.aot.matchup import match, refilter
from calval_toolbox.core.aot.matchup_tables import matchups_from_table, matchups_to_table
from calval_toolbox.core.aot.statistics import accuracy_bins, summarize
from calval_toolbox.core.aot.types import MatchSettings, Observations
from calval_toolbox.ui.aot.inputs import Inputs
from calval_toolbox.ui.aot.model import AotModel
from calval_toolbox.ui.text import number, percent


def move(panel: Any, slider: Any, value: float) -> None:
    """Move a slider to its step nearest to ``value``, as the keyboard does."""
    steps = slider._steps
    slider.slider.setValue(min(range(len(steps)), key=lambda step: abs(steps[step] - value)))
    panel.flush()


def shown(panel: Any, key: str, column: int = 1) -> str:
    """The number of a row of the statistics, without its interval."""
    return panel.statistics.values[key, column].text().split(" <small>")[0].replace("&nbsp;", " ")


def overall(matchups: Any, key: str = "dark_target") -> Any:
    return summarize(matchups, EXPECTED_ERRORS[key], n_bootstrap=0)[0]


def assert_shows(panel: Any, truth: Any) -> None:
    assert shown(panel, "count") == str(truth.count)
    assert shown(panel, "bias") == number(truth.accuracy.value, 3, True)
    assert shown(panel, "sd") == number(truth.precision.value)
    assert shown(panel, "rmse") == number(truth.uncertainty.value)
    assert shown(panel, "r") == number(truth.correlation.value, 2)
    assert shown(panel, "ee") == percent(truth.fractions["ee"].within.value, 1)
    assert shown(panel, "slope") == number(truth.regressions["deming"].slope.value, 2)


def test_empty_panel_says_what_to_do(make_panel: Any) -> None:
    panel = make_panel()
    assert panel.empty.isVisible()
    assert not panel.body.isVisible()
    wanted = []
    panel.example_wanted.connect(lambda: wanted.append(True))
    panel.empty.buttons[1].click()
    assert wanted == [True]


def test_statistics_are_those_of_core(panel: Any, made: Any) -> None:
    assert panel.body.isVisible()
    assert_shows(panel, overall(made.matchups()))
    assert (
        "[" in panel.statistics.values["bias", 1].text()
    )  # the interval came when all was at rest


@pytest.mark.parametrize("minutes", [5, 15, 90])
def test_time_window_is_matched_anew(panel: Any, made: Any, minutes: float) -> None:
    move(panel, panel.filters.time_window, minutes)
    truth = match(*made.observations(), MatchSettings(time_window_min=minutes))
    assert_shows(panel, overall(truth))
    assert overall(truth).accuracy.value != overall(made.matchups()).accuracy.value
    np.testing.assert_allclose(panel.model.matchups.reference, truth.reference, atol=1e-12)
    move(panel, panel.filters.time_window, 30)
    assert_shows(panel, overall(made.matchups()))


@pytest.mark.parametrize(
    ("slider", "field", "value"),
    [("gapfilled", "max_gapfilled", 0.3), ("cloud", "max_cloud", 0.2)],
)
def test_share_sliders_reject_and_keep(
    panel: Any, made: Any, slider: str, field: str, value: float
) -> None:
    move(panel, getattr(panel.filters, slider), value)
    truth = refilter(made.matchups(), replace(MatchSettings(), **{field: value}))
    assert 0 < truth.accepted.sum() < len(truth)
    assert_shows(panel, overall(truth))
    assert shown(panel, "rejected") == str(int((~truth.accepted).sum()))
    assert len(panel.model.matchups) == len(truth)


def test_stability_slider(panel: Any, made: Any) -> None:
    move(panel, panel.filters.stability, 0.01)
    truth = match(*made.observations(), MatchSettings(only_stable=True, stable_sd=0.01))
    assert 0 < truth.accepted.sum() < len(truth)
    assert_shows(panel, overall(truth))


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize(
    ("slider", "column"),
    [
        ("gapfilled", "gapfilled_fraction"),
        ("cloud", "cloud_fraction"),
        ("stability", "reference_std"),
    ],
)
def test_slider_without_values_is_off_and_says_why(
    make_panel: Any, made: Any, app: Any, slider: str, column: str, empty: bool
) -> None:
    """Its column is absent, or there without a value; it comes back with another table."""
    matchups = made.matchups()
    nothing = np.full(len(matchups), np.nan)
    if slider == "stability":
        lacking = replace(matchups, reference_std=nothing)
    else:
        extra = {key: values for key, values in matchups.extra.items() if key != column}
        lacking = replace(matchups, extra={**extra, column: nothing} if empty else extra)
    panel = make_panel()
    panel.show_inputs(Inputs("lacking", lacking))
    for name in ("stability", "gapfilled", "cloud", "time_window"):
        one = getattr(panel.filters, name)
        assert one.slider.isEnabled() is (name != slider)
        assert (column in one.toolTip()) is (name == slider)
    assert getattr(panel.filters, slider).shown.text() == "no values"
    panel.show_inputs(Inputs("whole", matchups))
    assert getattr(panel.filters, slider).slider.isEnabled()
    assert column not in getattr(panel.filters, slider).toolTip()
    assert getattr(panel.filters, slider).shown.text() == "any"


def test_stability_in_force_can_be_taken_back(make_panel: Any, made: Any) -> None:
    """Without a spread nothing counts as stable: a run that asked for it locks nothing."""
    matchups = made.matchups()
    lacking = replace(matchups, reference_std=np.full(len(matchups), np.nan))
    panel = make_panel()
    panel.show_inputs(Inputs("lacking", lacking, {"ONLY_STABLE": True}))
    panel.filters.changed.emit()
    panel.flush()
    assert panel.filters.stability.slider.isEnabled()
    move(panel, panel.filters.stability, 1.0)
    assert shown(panel, "count") == str(overall(matchups).count)
    assert not panel.filters.stability.slider.isEnabled()


def test_slider_waits_for_the_next_step(panel: Any) -> None:
    """While a slider is dragged only the last step is computed, and no intervals."""
    before = shown(panel, "count")
    panel.filters.gapfilled.slider.setSliderDown(True)
    for step in (15, 10, 5):
        panel.filters.gapfilled.slider.setValue(step)
    assert shown(panel, "count") == before
    panel._soon.stop()
    panel._apply()
    assert int(shown(panel, "count")) < int(before)
    assert "<small>" not in panel.statistics.values["bias", 1].text()


def test_expected_error_and_reset(panel: Any, made: Any) -> None:
    box = panel.filters.envelope
    box.setCurrentIndex(box.findData("gaw_goal"))
    box.activated.emit(box.currentIndex())
    panel.flush()
    assert_shows(panel, overall(made.matchups(), "gaw_goal"))
    move(panel, panel.filters.gapfilled, 0.2)
    panel.filters.reset_button.click()
    panel.flush()
    assert_shows(panel, overall(made.matchups()))
    assert panel.filters.gapfilled.value() == 1.0


def test_no_match_up_left_is_said(panel: Any) -> None:
    move(panel, panel.filters.cloud, 0.0)
    assert shown(panel, "count") == "0"
    assert "No match-up passes" in panel.notice.text()
    move(panel, panel.filters.cloud, 1.0)
    assert not panel.notice.isVisible()


def test_picked_site_has_its_own_column(panel: Any, made: Any) -> None:
    picked = []
    panel.site_picked.connect(picked.append)
    box = panel.filters.site
    box.setCurrentIndex(box.findData("Beijing"))
    box.activated.emit(box.currentIndex())
    panel.flush()
    truth = next(
        one
        for one in summarize(made.matchups(), n_bootstrap=0)
        if (one.grouping, one.group) == ("site", "Beijing")
    )
    assert picked == ["Beijing"]
    assert shown(panel, "count", 2) == str(truth.count)
    assert shown(panel, "bias", 2) == number(truth.accuracy.value, 3, True)
    panel.body.show_page(panel.series)
    assert panel.series.title.text().endswith("Beijing")
    assert set(panel.series.columns()["site"]) == {"Beijing"}


def test_without_inputs_the_window_can_only_be_narrowed(
    make_panel: Any, made: Any, tmp_path: Path
) -> None:
    panel = make_panel()
    panel.open(str(made.write_case(tmp_path, with_inputs=False)))
    panel.flush()
    assert not panel.model.can_rematch
    assert "only be narrowed" in panel.filters.note.text()
    assert max(panel.filters.time_window._steps) == 30
    move(panel, panel.filters.time_window, 2)
    table = made.matchups()
    truth = refilter(table, MatchSettings(time_window_min=2))
    assert_shows(panel, overall(truth))


def test_bins_are_those_of_core(panel: Any, made: Any) -> None:
    panel.body.show_page(panel.bins)
    truth = accuracy_bins(made.matchups())
    columns = panel.bins.columns()
    assert columns["bin"].tolist() == [one.group for one in truth]
    np.testing.assert_allclose(columns["accuracy"], [one.accuracy.value for one in truth])
    np.testing.assert_allclose(columns["uncertainty"], [one.uncertainty.value for one in truth])


def test_ranking_is_that_of_core(panel: Any, made: Any) -> None:
    from calval_toolbox.core.aot.ranking import RankSettings, rank_sites
    from calval_toolbox.ui.aot.background import RANK_BOOTSTRAPS

    panel.body.show_page(panel.ranking)
    truth = rank_sites(made.matchups(), RankSettings(n_bootstrap=RANK_BOOTSTRAPS))
    columns = panel.ranking.columns()
    assert columns["site"].tolist() == [one.site for one in truth.sites]
    np.testing.assert_allclose(
        columns["score"], [one.score.value for one in truth.sites], rtol=1e-6
    )
    assert truth.notes[0] in panel.ranking.notes.text()


def test_wrong_files_are_explained(make_panel: Any, tmp_path: Path) -> None:
    panel = make_panel()
    told = []
    panel.told.connect(told.append)
    wrong = tmp_path / "other.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    panel.open(str(wrong))
    panel.open(str(tmp_path / "absent.gpkg"))
    assert "other.csv has no column 'site'" in told[0]
    assert "does not exist" in told[1]
    assert panel.notice.isVisible()


def test_state_survives_a_restart(make_panel: Any, panel: Any, case: Path) -> None:
    move(panel, panel.filters.gapfilled, 0.4)
    panel.pick_site("Toulouse")
    panel.scatter.rejected_box.setChecked(False)
    panel.body.show_page(panel.bins)
    state = panel.state()
    again = make_panel()
    again.restore(state)
    again.flush()
    assert again.model.settings == panel.model.settings
    assert again.filters.gapfilled.value() == pytest.approx(0.4)
    assert again.filters.site.currentText() == "Toulouse"
    assert not again.scatter.rejected_box.isChecked()
    assert again.body.page() is again.bins
    assert shown(again, "count") == shown(panel, "count")
    nowhere = make_panel()
    nowhere.restore({**state, "source": str(case.with_name("gone.gpkg"))})
    assert nowhere.empty.isVisible()


def test_answers_that_come_too_late_are_ignored(
    make_panel: Any, case: Path, tmp_path: Path, made: Any
) -> None:
    class Later:
        """A runner whose work is done when the test says so."""

        def __init__(self) -> None:
            self.waiting: list[tuple[Any, Any]] = []

        def run(self, title: str, work: Any, done: Any, failed: Any) -> None:
            self.waiting.append((work, done))

        def cancel(self) -> None:
            self.waiting.clear()

    from calval_toolbox.core.progress import Silent

    runner = Later()
    panel = make_panel(runner=runner)
    other = tmp_path / "other"
    other.mkdir()
    panel.open(str(case))
    panel.open(str(made.write_case(other, per_site=20)))
    for work, done in reversed(tuple(runner.waiting)):
        done(work(Silent()))
    assert len(panel.model.matchups) == 60


def test_table_without_record_opens_at_the_window_of_its_figures(made: Any) -> None:
    over, under = made.observations()
    wide = replace(over, value=over.value + 0.2)
    sizes = np.repeat([1000.0, 5000.0, 20000.0], len(over))
    parts = (over, wide, over)
    rows = Observations(
        np.concatenate([one.site for one in parts]),
        np.concatenate([one.time for one in parts]),
        np.concatenate([one.value for one in parts]),
        {"window_m": sizes},
    )
    made_at = match(rows, under, MatchSettings(window_m=1000.0))
    matchups = matchups_from_table(matchups_to_table(made_at))
    model = AotModel()
    model.set_inputs(Inputs("m.gpkg", matchups, {}))
    assert model.settings.window_m == 1000.0
    assert set(model.matchups.extra["window_m"]) == {1000.0}
    model.set_inputs(Inputs("m.gpkg", matchups, {"WINDOW_M": 5000.0}))
    assert set(model.matchups.extra["window_m"]) == {5000.0}


def test_fill_values_do_not_stretch_the_plots(make_panel: Any, made: Any) -> None:
    over, under = made.observations()
    values, series = over.value.copy(), under.value.copy()
    values[:5], series[:5] = -999.0, -9999.0
    over, under = replace(over, value=values), replace(under, value=series)
    panel = make_panel()
    panel.model.set_inputs(Inputs("m.gpkg", match(over, under, MatchSettings()), {}, over, under))
    assert (panel.model.matchups.reason == "implausible").sum() == 5
    _, shown_values = panel.model.reference_series("Toulouse")
    assert shown_values.min() > -0.1
    panel.scatter.draw()
    assert panel.scatter._span[0] > -0.2
    panel.model.site = "Toulouse"
    panel.series.draw()
    drawn = [item.getData()[1] for item in panel.series.rejected]
    assert all(y is None or np.min(y, initial=0.0) > -5 for y in drawn)


def test_detail_line_does_not_outlive_what_it_says(
    panel: Any, made: Any, tmp_path: Path, case: Path
) -> None:
    """What was read out goes when site, filters or table change; a click itself keeps its line."""

    def click() -> None:
        row = int((panel.model.matchups.site == "Beijing").nonzero()[0][7])
        panel.scatter.picked.emit(row)
        assert panel.model.site == "Beijing"
        assert panel.scatter.readout.text() == panel.model.describe(row)

    def gone() -> bool:
        return not panel.scatter.readout.text().strip() and not panel.scatter.view.toolTip()

    other = tmp_path / "other"
    other.mkdir()
    changes = (
        lambda: panel.pick_site("Toulouse"),
        lambda: move(panel, panel.filters.cloud, 0.0),
        panel.filters.reset_button.click,
        lambda: panel.open(str(made.write_case(other, per_site=20))),
    )
    for change in changes:
        click()
        change()
        panel.flush()
        assert gone()


def test_intervals_stop_where_the_task_is_stopped(made: Any) -> None:
    from calval_toolbox.core.errors import Canceled
    from calval_toolbox.core.progress import Silent
    from calval_toolbox.ui.aot.background import Background

    class Stopped(Silent):
        def canceled(self) -> bool:
            return True

    class Stopping:
        """A runner whose task is stopped at once."""

        def run(self, title: str, work: Any, done: Any, failed: Any) -> None:
            with pytest.raises(Canceled):
                work(Stopped())
            stopped.append(title)

        def cancel(self) -> None:
            """Nothing waits."""

    stopped: list[str] = []
    model = AotModel()
    model.set_inputs(Inputs("m.gpkg", made.matchups(), {}))
    Background(model, Stopping()).intervals(lambda figures: None, lambda error: None)
    assert len(stopped) == 1
