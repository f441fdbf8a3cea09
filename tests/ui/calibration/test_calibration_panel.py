# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of calibrations with real widgets: what it shows is what core computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.PyQt.QtCore import QEvent

from calval_toolbox.core.calibration.selection import Choice, band_figures, choose
from calval_toolbox.core.calibration.summary import summarize
from calval_toolbox.ui.plots.items import seconds
from calval_toolbox.ui.text import number


def slide(panel: Any, slider: Any, value: float) -> None:
    steps = slider._steps
    slider.slider.setValue(min(range(len(steps)), key=lambda step: abs(steps[step] - value)))
    panel.flush()


def cell(panel: Any, place: int, key: str) -> str:
    text = str(panel.statistics.cells[place][key].text())
    return text.split("<br>")[0]


def assert_shows(panel: Any, choice: Choice) -> None:
    """The box beside the plots holds the summaries of ``choice``, computed by core anew."""
    rows = panel.model.rows
    figures = band_figures(rows, choose(rows, choice), panel.model.bands)
    for place, one in enumerate(figures):
        assert cell(panel, place, "band") == one.band
        assert cell(panel, place, "count") == str(one.summary.count)
        assert cell(panel, place, "mean") == number(one.summary.mean, 4)
        assert cell(panel, place, "trend") == number(one.summary.slope_pct_per_year, 2, True)
        small = number(panel.model.errors * one.summary.sem, 4)
        assert small in panel.statistics.cells[place]["mean"].text()


def test_empty_panel_says_what_to_do(make_calibration_panel: Any) -> None:
    panel = make_calibration_panel()
    assert panel.empty.isVisible()
    wanted: list[bool] = []
    panel.example_wanted.connect(lambda: wanted.append(True))
    panel.empty.buttons[1].click()
    assert wanted == [True]
    for action in (panel.forget, panel._reset, panel.copy_command, lambda: panel.pick_site("x"),
                   lambda: panel.judge("rejected", "x"), panel._apply):  # fmt: skip
        action()  # nothing to act on is no error
    assert panel.state() == {}
    assert not panel.pick_place(0.0, 0.0, 1.0)


def test_summary_is_that_of_core(calibration_panel: Any) -> None:
    assert_shows(calibration_panel, Choice())
    assert calibration_panel.model.bands == ["B02", "B03", "B04", "B07", "B8A"]
    assert calibration_panel.statistics.title.text() == "Summary"


@pytest.mark.parametrize(
    ("slider", "value", "choice"),
    [
        ("distance", 4.0, Choice(distance_deg=4.0)),
        ("days", 1.0, Choice(days=1.0)),
        ("sigmas", 2.0, Choice(clip_sigmas=2.0)),
        ("first", 12.0, Choice(first=np.datetime64("2021-01-01"))),
        ("last", 11.0, Choice(last=np.datetime64("2020-12-31"))),
    ],
)
def test_sliders_sum_up_anew(
    calibration_panel: Any, slider: str, value: float, choice: Choice
) -> None:
    before = [cell(calibration_panel, place, "count") for place in range(5)]
    slide(calibration_panel, getattr(calibration_panel.controls, slider), value)
    assert_shows(calibration_panel, choice)
    assert [cell(calibration_panel, place, "count") for place in range(5)] != before
    calibration_panel.controls.reset_button.click()
    assert_shows(calibration_panel, Choice())


def test_nothing_left_is_said(calibration_panel: Any) -> None:
    slide(calibration_panel, calibration_panel.controls.days, 0.0)
    assert "No coefficient passes" in calibration_panel.notice.text()
    assert cell(calibration_panel, 0, "count") == "0"
    for place in range(5):
        calibration_panel.body.tabs.setCurrentIndex(place)
    calibration_panel.controls.reset_button.click()
    assert not calibration_panel.notice.isVisible()


def test_points_are_drawn_by_band(calibration_panel: Any) -> None:
    panel, rows = calibration_panel, calibration_panel.model.rows
    for place, band in enumerate(panel.model.bands):
        row = panel.timeline.rows[panel.timeline.row_of(place)]
        good = (rows.band == band) & rows.accepted
        x, y = row.counted_item.getData()
        np.testing.assert_allclose(np.sort(y), np.sort(rows.a_k[good]))
        assert set(np.round(x)) == set(np.round(seconds(rows.time[good])))
        assert len(row.rejected_item.getData()[0]) == ((rows.band == band) & ~rows.accepted).sum()
        level = row.bands[place].mean.getData()[1]
        assert level[0] == pytest.approx(summarize(rows.time[good], rows.a_k[good]).mean)
        assert row.plot.getAxis("left").labelText == band
    symbols = {one.symbol() for one in panel.timeline.rows[-1].counted_item.points()}
    assert len(symbols) == 3  # of the sites
    assert "Libya4" in panel.timeline.keys._legend.names()
    panel.timeline.rejected_box.setChecked(False)
    assert all(len(row.rejected_item.getData()[0]) == 0 for row in panel.timeline.rows)
    assert not any("Rejected" in name for name in panel.timeline.keys._legend.names())


def test_mean_trend_and_half_years_are_where_core_says(calibration_panel: Any) -> None:
    panel, rows = calibration_panel, calibration_panel.model.rows
    own = panel.timeline.rows[panel.timeline.row_of(0)].bands[0]
    good = (rows.band == "B02") & rows.accepted
    found = summarize(rows.time[good], rows.a_k[good], rows.site[good])
    low, high = (one.getData()[1][0] for one in own.edges)
    assert high - low == pytest.approx(4.0 * found.sem)  # two errors to either side
    x, y = own.trend.getData()
    slope = (y[-1] - y[0]) / (x[-1] - x[0]) * 365.25 * 86_400.0
    assert 100.0 * slope / found.mean == pytest.approx(found.slope_pct_per_year, rel=1e-3)
    assert len(own.half_years.getData()[0]) == 8
    panel.controls.errors_box.setCurrentIndex(2)
    panel.controls.errors_box.activated.emit(2)
    low, high = (one.getData()[1][0] for one in own.edges)
    assert high - low == pytest.approx(6.0 * found.sem)
    text = panel.timeline.describe(("half-year", "B02", 0))
    assert "2020-H1" in text
    assert "± 3" in text


def test_unstacked_bands_share_one_row(calibration_panel: Any) -> None:
    timeline = calibration_panel.timeline
    timeline.stacked_box.setChecked(False)
    assert [plot.isVisible() for plot in timeline.plots] == [False] * 5 + [True]
    assert "B02 (490 nm)" in timeline.keys._legend.names()
    good = calibration_panel.model.rows.accepted.sum()
    assert len(timeline.rows[-1].counted_item.getData()[0]) == good


def test_by_band_and_histogram(calibration_panel: Any) -> None:
    panel, rows = calibration_panel, calibration_panel.model.rows
    panel.body.show_page(panel.bands)
    x, y = panel.bands.means.getData()
    figures = panel.model.figures(rows.bands)
    np.testing.assert_allclose(y, [one.summary.mean for one in figures])
    np.testing.assert_allclose(x, [one.wavelength_nm for one in figures])
    low, high = panel.bands.plot.getViewBox().viewRange()[1]
    assert low < min(1.0, y.min())
    assert high > max(1.0, y.max())
    panel.bands.picked.emit(2)
    panel.body.show_page(panel.histogram)
    assert panel.histogram.box.currentData() == "B04"
    counts = panel.histogram.columns()["count"]
    assert counts.sum() == ((rows.band == "B04") & rows.accepted).sum()
    assert "B04" in panel.histogram.title.text()
    assert str(counts[3]) in panel.histogram.describe(3)


def test_budget_is_that_of_the_run(calibration_panel: Any, make_calibration_panel: Any) -> None:
    from calval_toolbox.core.calibration.stored_runs import read_run

    panel = calibration_panel
    panel.body.show_page(panel.budget)
    run = read_run(panel.model.inputs.database)[0].run
    columns = panel.budget.columns()
    found = dict(zip(zip(columns["contributor"], columns["band"], strict=True),
                     columns["value_percent"], strict=True))  # fmt: skip
    table = run.contributions
    for row in range(len(table)):
        key = (table["contributor"][row], table["band"][row])
        assert found[key] == pytest.approx(table["value_percent"][row])
    assert found["combined", "B02"] > found["reference", "B02"] * 0.9
    assert not panel.budget.note.isVisible()


def test_table_without_its_database_says_where_the_budget_is(
    make_calibration_panel: Any, folder: Path
) -> None:
    (folder / "coefficients.gpkg.provenance.json").unlink()
    panel = make_calibration_panel()
    panel.open(str(folder / "coefficients.gpkg"))
    panel.body.show_page(panel.budget)
    panel.flush()
    assert panel.budget.note.isVisible()
    assert "KEEP_RUN" in panel.budget.note.text()
    assert panel.command() == ""
    said: list[str] = []
    panel.told.connect(said.append)
    panel.copy_command()
    assert "no record" in said[0]


def test_rectangle_sums_up_what_is_in_it(calibration_panel: Any) -> None:
    panel, rows = calibration_panel, calibration_panel.model.rows
    some = np.flatnonzero((rows.band == "B03") & rows.accepted)[5:45]
    ids = [*some.tolist(), ("half-year", "B03", 1)]
    panel.timeline.selected.emit(ids, False)
    assert_shows(panel, Choice(rows=frozenset(some.tolist())))
    assert cell(panel, 1, "count") == "40"
    assert cell(panel, 0, "count") == "0"
    assert panel.statistics.title.text() == "Summary of the selection"
    row = panel.timeline.rows[panel.timeline.row_of(1)]
    assert len(row.selected_item.getData()[0]) == 40
    assert len(row.counted_item.getData()[0]) > 40  # the others are still there
    more = np.flatnonzero((rows.band == "B03") & rows.accepted)[45:50]
    panel.timeline.selected.emit(more.tolist(), True)
    assert cell(panel, 1, "count") == "45"
    panel.bar.clear.click()
    assert_shows(panel, Choice())


def test_a_drawn_rectangle_finds_its_points(calibration_panel: Any) -> None:
    panel = calibration_panel
    plot = panel.timeline.plots[-1]
    box = plot.getViewBox().sceneBoundingRect()
    found = panel.timeline.mouse.within(box)
    rows = panel.model.rows
    inside = [one for one in found if not isinstance(one, tuple)]
    assert set(rows.band[np.array(inside)]) == {"B8A"}


def test_sites_are_filtered_and_come_back(calibration_panel: Any) -> None:
    panel, picked = calibration_panel, []
    panel.site_picked.connect(picked.append)
    panel.pick_site("Libya4")
    assert_shows(panel, Choice(sites=frozenset({"Libya4"})))
    assert panel.controls.site_list.checked() == ["Libya4"]
    assert panel.pick_place(7.7, 30.3, 2.0)  # Algeria3 is near
    assert_shows(panel, Choice(sites=frozenset({"Algeria3"})))
    assert not panel.pick_place(100.0, 0.0, 2.0)
    panel.pick_site("Algeria3")
    assert_shows(panel, Choice())
    assert picked == ["Libya4", "Algeria3", "Algeria3"]
    panel.controls.site_list.checked_changed.emit(["Libya4", "Mauritania1"])
    assert_shows(panel, Choice(sites=frozenset({"Libya4", "Mauritania1"})))


def test_bands_are_chosen(calibration_panel: Any) -> None:
    calibration_panel.controls.bands.emit(["B04", "B8A"])
    calibration_panel.flush()
    assert_shows(calibration_panel, Choice())
    assert [row[0] for row in enumerate(calibration_panel.timeline.plots)
            if row[1].isVisible()] == [4, 5]  # fmt: skip
    calibration_panel.body.show_page(calibration_panel.histogram)
    assert calibration_panel.histogram.box.currentData() == "B04"
    assert not calibration_panel.statistics.cells[2]["band"].isVisible()


def test_clicked_pair_is_shown_with_both_observations(calibration_panel: Any) -> None:
    panel, rows, picked = calibration_panel, calibration_panel.model.rows, []
    panel.pair_picked.connect(picked.append)
    row = int(np.flatnonzero(rows.band == "B04")[9])
    panel.timeline.picked.emit(row)
    assert picked[0].site == rows.site[row]
    assert picked[0].product == rows["product"][row]
    assert f"{rows.time[row].astype('datetime64[s]')}Z" in picked[0].time_texts()
    panel.body.show_page(panel.pair)
    observations, bands = panel.pair.observations, panel.pair.bands
    texts = {
        observations.verticalHeaderItem(line).text(): [
            observations.item(line, column).text() for column in range(3)
        ]
        for line in range(observations.rowCount())
    }
    assert texts["Sensor"][:2] == ["S2B/MSI", "S2A/MSI"]
    assert texts["Product"][:2] == [rows["product"][row], rows["reference_product"][row]]
    assert texts["Version"][:2] == ["simulated", "simulated"]
    sun = [float(one.rstrip("°").replace("−", "-")) for one in texts["Sun zenith"]]
    assert sun[0] - sun[1] == pytest.approx(sun[2], abs=0.11)
    assert sun[0] == pytest.approx(rows["sun_zenith_deg"][row], abs=0.05)
    assert bands.rowCount() == 5
    assert bands.item(2, 2).text() == number(float(rows.a_k[row]), 4)
    ringed = panel.timeline.rows[panel.timeline.row_of(2)].chosen_item.getData()
    assert ringed[1] == pytest.approx([rows.a_k[row]])
    assert str(rows["product"][row]) in panel.timeline.readout.text()


def test_exchanged_sun_and_view_are_said(make_calibration_panel: Any, folder: Path) -> None:
    from dataclasses import replace

    from calval_toolbox.ui.calibration.inputs import load

    inputs = load(str(folder / "coefficients.gpkg"))
    exchanged = np.arange(len(inputs.rows)) == 7.0
    numbers = {**inputs.rows.numbers, "reciprocal": exchanged.astype(float)}
    panel = make_calibration_panel()
    panel.show_inputs(replace(inputs, rows=replace(inputs.rows, numbers=numbers)))
    for row in (6, 7):
        panel.choose(row)
        assert ("exchanged" in panel.pair.title.text()) is (row == 7)


def test_bands_without_values_are_not_shown_first(
    make_calibration_panel: Any, folder: Path
) -> None:
    from dataclasses import replace

    from calval_toolbox.ui.calibration.inputs import load

    inputs = load(str(folder / "coefficients.gpkg"))
    empty = np.where(inputs.rows.band == "B03", np.nan, inputs.rows.a_k)
    panel = make_calibration_panel()
    panel.show_inputs(replace(inputs, rows=replace(inputs.rows, a_k=empty)))
    assert panel.model.bands == ["B02", "B04", "B07", "B8A"]
    assert "B03" in panel.model.rows.bands


def test_runs_of_a_database(make_calibration_panel: Any, folder: Path) -> None:
    panel = make_calibration_panel()
    panel.open(str(folder / "calibration.gpkg"))
    panel.flush()
    assert panel.controls.run_box.isVisible()
    assert panel.controls.run_box.currentData() == 1
    assert panel.model.inputs.source.endswith("|run=1")
    assert_shows(panel, Choice())
    panel.controls.run_picked.emit(1)
    assert panel.model.inputs.run == 1
    said: list[str] = []
    panel.told.connect(said.append)
    panel.open(f"{folder / 'calibration.gpkg'}|run=7")
    assert "no coefficients of a run 7" in said[0]


def test_other_tables_are_refused_with_a_sentence(make_calibration_panel: Any, case: Path) -> None:
    panel = make_calibration_panel()
    panel.open(str(case))
    assert "no table of calibration coefficients" in panel.notice.text()
    assert panel.empty.isVisible()


@pytest.mark.parametrize("width", [600, 1000, 1600])
def test_nothing_is_cut_off(make_calibration_panel: Any, folder: Path, width: int) -> None:
    panel = make_calibration_panel(width, 900)
    panel.open(str(folder / "calibration.gpkg"))
    panel.flush()
    assert panel.minimumSizeHint().width() <= 600
    for place in range(panel.body.tabs.count()):
        panel.body.tabs.setCurrentIndex(place)
        panel.flush()
        page = panel.body.page()
        legend = getattr(page, "_legend", None)
        if legend is None or not legend.isVisible():
            continue
        rects = legend.rects()
        for first in range(len(rects)):
            for second in range(first + 1, len(rects)):
                assert not rects[first].intersects(rects[second]), (place, first, second)


def test_export_and_dark_theme(calibration_panel: Any, tmp_path: Path) -> None:
    from qgis.PyQt.QtGui import QColor, QPalette

    panel = calibration_panel
    skipped = set()
    for plot in panel.plots:
        panel.body.show_page(plot)
        panel.flush()
        if not plot.export_button.isEnabled():  # nothing to show of this run
            skipped.add(plot.name)
            continue
        for suffix in ("png", "svg", "csv"):
            path = tmp_path / f"{plot.name}.{suffix}"
            plot.export(path)
            assert path.stat().st_size > 100, path
    # A run over deserts has no statistics of clouds, and no study of clouds was opened.
    assert skipped == {"calibration_cloud_statistics", "calibration_cloud_impact"}
    lines = (tmp_path / "calibration_series.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(panel.model.rows) + 1
    assert {"site", "time", "a_k", "counts", "reason_shown"} <= set(lines[0].split(","))
    dark = QPalette()
    dark.setColor(QPalette.ColorRole.Base, QColor("#202020"))
    dark.setColor(QPalette.ColorRole.Text, QColor("#E0E0E0"))
    panel.setPalette(dark)
    for plot in panel.plots:
        plot.setPalette(dark)
        plot.event(QEvent(QEvent.Type.PaletteChange))
        assert plot.theme.dark
        assert plot.view.backgroundBrush().color() == QColor("#202020")
