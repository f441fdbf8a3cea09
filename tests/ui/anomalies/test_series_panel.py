# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of time series with real widgets: what it shows is what core computes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.demo import SHARED_DATE, demo_sites
from calval_toolbox.core.anomalies.detect import DetectionSettings, detect
from calval_toolbox.core.anomalies.views import series_figures
from calval_toolbox.core.series.indices import index_values
from calval_toolbox.core.series.types import CLEAR
from calval_toolbox.ui.plots.items import MAX_POINTS, seconds
from calval_toolbox.ui.text import number


def truth(site: str, **settings: Any) -> Any:
    series = next(one.series for one in demo_sites() if one.series.site == site)
    return series, detect(series, DetectionSettings(**settings))


def slide(panel: Any, slider: Any, value: float) -> None:
    steps = slider._steps
    slider.slider.setValue(min(range(len(steps)), key=lambda step: abs(steps[step] - value)))
    panel.flush()


def assert_shows(panel: Any, series: Any, found: Any) -> None:
    figures, box = series_figures(series, found), panel.statistics
    assert box.counts["clear"].text() == str(figures.clear)
    assert box.counts["masked"].text().split()[0] == str(sum(figures.masked.values()))
    assert box.counts["anomalies"].text() == str(figures.anomalies)
    assert box.counts["expected"].text() == number(figures.false_alarm_expected, 2)
    assert [row[1].text() for row in box.bands if row[1].isVisible()] == [
        number(float(one), 4) for one in figures.rmse
    ]


def test_empty_panel_says_what_to_do(make_series_panel: Any) -> None:
    panel = make_series_panel()
    assert panel.empty.isVisible()
    wanted = []
    panel.example_wanted.connect(lambda: wanted.append(True))
    panel.empty.buttons[1].click()
    assert wanted == [True]
    for action in (lambda: panel.step(1), lambda: panel.judge("confirmed"), panel.copy_command):
        action()  # nothing to act on is no error
    assert panel.state() == {}


@pytest.mark.parametrize("kind", ["plain", "detected"])
def test_plain_and_detected_tables_show_the_same(
    make_series_panel: Any, request: pytest.FixtureRequest, kind: str
) -> None:
    panel = make_series_panel()
    panel.open(str(request.getfixturevalue(kind)))
    panel.flush()
    assert panel.model.inputs.detected is (kind == "detected")
    for site in ("Morocco", "Toulouse"):
        panel.pick_site(site)
        assert_shows(panel, *truth(site))
        np.testing.assert_allclose(panel.model.detection().expected, truth(site)[1].expected)


@pytest.mark.parametrize("threshold", [1e-6, 0.05])
def test_threshold_slider_detects_anew(series_panel: Any, threshold: float) -> None:
    before = series_panel.statistics.counts["anomalies"].text()
    slide(series_panel, series_panel.controls.threshold, threshold)
    assert_shows(series_panel, *truth(series_panel.model.site, threshold=threshold))
    assert series_panel.statistics.counts["anomalies"].text() != before
    assert len(series_panel.events.rows.events) == int(
        series_panel.statistics.counts["anomalies"].text()
    )
    series_panel.controls.reset_button.click()
    assert series_panel.statistics.counts["anomalies"].text() == before


@pytest.mark.parametrize("harmonics", [0, 1, 2])
def test_harmonics_slider_fits_anew(series_panel: Any, harmonics: int) -> None:
    series_panel.pick_site("Toulouse")
    slide(series_panel, series_panel.controls.harmonics, harmonics)
    series, found = truth("Toulouse", harmonics=harmonics)
    assert_shows(series_panel, series, found)
    assert series_panel.statistics.counts["harmonics"].text() == str(harmonics)


def test_settings_of_the_run_are_taken_from_the_table(
    make_series_panel: Any, tmp_path: Path
) -> None:
    from calval_toolbox.core.anomalies.tables import table_of_detections
    from calval_toolbox.core.io.tables import write_table

    series, found = truth("Beijing", harmonics=1, threshold=0.02)
    path = tmp_path / "own.gpkg"
    write_table(table_of_detections([series], [found]), path)
    panel = make_series_panel()
    panel.open(str(path))
    assert panel.model.settings.harmonics == 1
    assert panel.model.settings.threshold == 0.02
    assert panel.controls.threshold.value() == 0.02
    assert_shows(panel, series, found)


@pytest.mark.parametrize(
    ("p_value", "text"),
    [(0.25, "0.250"), (0.001, "0.001"), (0.0004, "4e\u22124"), (1e-8, "1e\u22128"),
     (9e-84, "<\u00a01e\u22128"), (0.0, "<\u00a01e\u22128"), (float("nan"), "\u2013")],
)  # fmt: skip
def test_a_chance_is_no_smaller_than_a_model_can_tell(p_value: float, text: str) -> None:
    from calval_toolbox.ui.anomalies.readout import chance

    assert chance(p_value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.37, "37 %"), (0.994, "99 %"), (0.9951, ">\u00a099 %"), (1.0, ">\u00a099 %")],
)
def test_no_confidence_is_a_false_hundred(share: float, text: str) -> None:
    from calval_toolbox.ui.anomalies.readout import sureness

    assert sureness(share) == text


def test_several_sites_share_one_axis_and_their_dates(series_panel: Any) -> None:
    series_panel.show_sites(list(series_panel.model.entries))
    series_panel.flush()
    assert {one.series.site for one in series_panel.timeline.tracks} == set(
        series_panel.model.entries
    )
    marks = series_panel.timeline.rows[0].common.getData()[0]
    shared = seconds(np.array([SHARED_DATE], dtype="datetime64[ms]"))[0]
    assert np.abs(marks - shared).min() <= 2 * 86_400
    assert "Common dates" in series_panel.timeline.keys._legend.names()
    series_panel.show_sites(["Morocco"])
    series_panel.flush()
    assert not len(series_panel.timeline.rows[0].common.getData()[0])
    assert "Common dates" not in series_panel.timeline.keys._legend.names()


def test_index_is_drawn_as_core_computes_it(series_panel: Any) -> None:
    series_panel.show_bands(["NDVI", "B11"])
    rows, model = series_panel.timeline.rows, series_panel.model
    series = model.series()
    places = (series.bands.index("B8A"), series.bands.index("B04"))
    drawn = [rows[0].clear_item.getData()[1], rows[0].anomaly_item.getData()[1]]
    values = index_values(series.values, places)[series.mask_state == CLEAR]
    np.testing.assert_allclose(np.sort(np.concatenate(drawn)), np.sort(values))
    assert [plot.isVisible() for plot in series_panel.timeline.plots[:3]] == [True, True, False]
    assert series_panel.timeline.plots[0].getAxis("left").labelText == "NDVI"


def test_bands_in_one_row(series_panel: Any) -> None:
    series_panel.show_bands(["B02", "B8A"])
    series_panel.timeline.stacked_box.setChecked(False)
    tracks = series_panel.timeline.tracks
    assert {track.row for track in tracks} == {0}
    assert len({track.color for track in tracks}) == 2
    assert not series_panel.timeline.plots[1].isVisible()


def test_masked_observations_are_hollow_gray_with_their_reason(series_panel: Any) -> None:
    timeline, series = series_panel.timeline, series_panel.model.series()
    masked = np.flatnonzero(series.mask_state != CLEAR)
    item = timeline.rows[0].masked_item
    assert len(item.getData()[0]) == len(masked)
    spot = item.points()[0]
    assert spot.brush().color().alpha() == 0 or spot.brush().style() == 0
    assert spot.pen().color() == timeline.theme.rejected
    assert "masked: cloud" in timeline.describe(int(masked[0]))
    series_panel.controls.mask_list.item(0).setCheckState(0)
    assert not len(item.getData()[0])
    assert series_panel.model.hidden == {"cloud"}
    series_panel.controls.mask_list.item(0).setCheckState(2)
    assert len(item.getData()[0]) == len(masked)


def test_filter_by_type_acts_on_list_plots_and_keys(series_panel: Any) -> None:
    panel, model = series_panel, series_panel.model
    found = model.detection()
    clouds = int((found.flagged & (found.type == "cloud")).sum())
    assert 0 < clouds < int(found.flagged.sum())
    for kind, action in panel.events.actions_by_type.items():
        action.setChecked(kind == "cloud")
    assert len(panel.events.rows.events) == clouds
    assert len(panel.timeline.rows[0].anomaly_item.getData()[0]) == clouds
    panel.events.show_all()
    assert len(panel.events.rows.events) == int(found.flagged.sum())


def test_next_and_previous_go_through_all_and_round(series_panel: Any, app: Any) -> None:
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    panel = series_panel
    panel.show_sites(["Beijing", "Morocco"])
    every = [(one.site, one.row) for one in panel.model.anomalies()]
    assert len({site for site, _ in every}) == 2
    panel.activateWindow()
    panel.timeline.setFocus()
    QTest.qWaitForWindowActive(panel, 2000)
    seen = []
    for _ in every:
        QTest.keyClick(panel.timeline, Qt.Key.Key_N)
        seen.append(panel.model.chosen)
    assert seen == every
    panel.step(1)
    assert panel.model.chosen == every[0]
    QTest.keyClick(panel.timeline, Qt.Key.Key_P)
    assert panel.model.chosen == every[-1]


def test_click_in_the_plot_chooses_the_date_and_shows_its_spectrum(series_panel: Any) -> None:
    panel, told = series_panel, []
    panel.date_picked.connect(told.append)
    panel.body.show_page(panel.spectrum)
    row = int(np.flatnonzero(panel.model.detection().flagged)[1])
    panel.timeline.mouse.clicked.emit(row)
    series, found = panel.model.series(), panel.model.detection()
    assert told[-1].product == str(series.product[row])
    np.testing.assert_allclose(panel.spectrum.observed.getData()[1], series.values[row])
    np.testing.assert_allclose(panel.spectrum.expected.getData()[1], found.expected[row])
    best = max(panel.spectrum.shares, key=panel.spectrum.shares.get)
    assert best == found.type[row]
    assert panel.spectrum.shares[best] == pytest.approx(found.confidence[row])
    assert panel.timeline.rows[0].chosen.isVisible()


def test_season_shows_means_of_clear_dates(series_panel: Any) -> None:
    panel = series_panel
    panel.body.show_page(panel.season)
    panel.season.quantity_box.setCurrentIndex(1)
    panel.season.draw()
    columns, series = panel.season.columns(), panel.model.series()
    assert columns["count"].sum() == series.clear.sum()
    band = panel.season.band_box.currentData()
    values = series.values[series.clear, series.bands.index(band)]
    assert np.average(columns["mean"], weights=columns["count"]) == pytest.approx(values.mean())


def test_series_of_another_origin_is_shown_beside(series_panel: Any) -> None:
    panel = series_panel
    panel.show_sites(["Morocco", "Beijing"])
    own = replace(panel.model.series("Morocco"), site="pixel 12, 40")
    panel.show_series(own)
    assert panel.model.site == "pixel 12, 40"
    assert panel.statistics.title.text() == "pixel 12, 40"
    told = []
    panel.told.connect(told.append)
    panel.step(1)
    panel.model.chosen = ("pixel 12, 40", 3)
    panel.judge("confirmed")
    assert "in no file" in told[-1]


def test_many_points_are_thinned(make_series_panel: Any) -> None:
    from calval_toolbox.ui.anomalies.inputs import Entry, SeriesInputs

    series = demo_sites()[0].series
    copies = [np.arange(len(series))] * 90
    many = replace(series.select(np.concatenate(copies)), site="many")
    shift = np.repeat(np.arange(90), len(series)) * np.timedelta64(1, "s")
    many = replace(many, times=many.times + shift)
    panel = make_series_panel()
    panel.show_inputs(SeriesInputs("memory", (Entry(many),)))
    assert len(many) > MAX_POINTS
    assert 0 < len(panel.timeline.rows[0].clear_item.getData()[0]) <= MAX_POINTS


def test_bad_table_is_explained(make_series_panel: Any, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    panel, told = make_series_panel(), []
    panel.told.connect(told.append)
    panel.open(str(path))
    assert panel.notice.isVisible()
    assert "time" in told[-1]
    assert panel.empty.isVisible()


def test_export_writes_what_is_drawn(series_panel: Any, tmp_path: Path) -> None:
    for suffix in ("png", "svg", "csv"):
        series_panel.timeline.export(tmp_path / f"series.{suffix}")
        assert (tmp_path / f"series.{suffix}").stat().st_size > 1000
    lines = (tmp_path / "series.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 2 * len(series_panel.model.series())
    assert lines[0].startswith("site,time,sensor,product,mask_state,band,value,expected,z")


@pytest.mark.parametrize("width", [600, 1500])
def test_nothing_is_cut_off(make_series_panel: Any, detected: Path, app: Any, width: int) -> None:
    panel = make_series_panel(width, 900)
    panel.open(str(detected))
    panel.flush()
    app.processEvents()
    assert panel.width() == width
    buttons = (panel.chosen.confirm, panel.chosen.reject, panel.chosen.other)
    for button in (*buttons, panel.timeline.export_button):
        place = button.mapTo(panel, button.rect().bottomRight())
        assert place.x() <= width
        assert place.y() <= panel.height()
        assert button.width() >= button.sizeHint().width() - 1


@pytest.mark.parametrize("width", [1800, 1100])
def test_wide_panel_can_be_made_narrow(
    make_series_panel: Any, detected: Path, app: Any, width: int
) -> None:
    """No arrangement needs more room than the one for less room has."""
    panel = make_series_panel(width, 900)
    panel.open(str(detected))
    panel.flush()
    app.processEvents()
    wide, pages = panel.body.minimumSizeHint().width(), panel.body.tabs
    widest = max(pages.widget(i).minimumSizeHint().width() for i in range(pages.count()))
    assert wide <= max(widest, panel.timeline.minimumSizeHint().width())
    panel.resize(wide + 40, 900)
    app.processEvents()
    assert panel.width() == wide + 40


@pytest.mark.parametrize(("height", "there"), [(900, True), (300, False)])
def test_legend_leaves_room_for_the_rows(
    make_series_panel: Any, detected: Path, app: Any, height: int, there: bool
) -> None:
    panel = make_series_panel(600, height)
    panel.open(str(detected))
    panel.show_sites(list(panel.model.entries))
    panel.flush()
    panel.timeline.view.resize(400, height - 100)
    app.processEvents()
    panel.timeline.arrange_legend()
    assert panel.timeline.keys._legend.isVisible() is there
