# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates that are brushed with the mouse: in all plots, in the list, and in the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest

from calval_toolbox.core.io.tables import read_table
from calval_toolbox.ui.plots.items import seconds

LEFT = Qt.MouseButton.LeftButton
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def at(frame: Any, plot: Any, x: float, y: float) -> QPoint:
    """A place of the data in pixels of the view."""
    return frame.view.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y)))


def drag(app: Any, frame: Any, start: QPoint, end: QPoint, keys: Any) -> None:
    view = frame.view.viewport()
    QTest.mousePress(view, LEFT, keys, start)
    place = QPointF(end)
    app.sendEvent(view, QMouseEvent(QEvent.Type.MouseMove, place, place, LEFT, LEFT, keys))
    QTest.mouseRelease(view, LEFT, keys, end)
    app.processEvents()


def box_of(panel: Any, app: Any, days: tuple[str, str], values: tuple[float, float]) -> Any:
    """Corners of a rectangle in the first row of the time axis."""
    app.processEvents()
    frame = panel.timeline
    x = seconds(np.array(days, dtype="datetime64[ms]"))
    plot = frame.plots[0]
    return at(frame, plot, x[0], values[1]), at(frame, plot, x[1], values[0])


def value_at(panel: Any, place: QPoint) -> float:
    """The value at a pixel of the first row: a rectangle begins at a whole pixel."""
    scene = panel.timeline.view.mapToScene(place)
    return float(panel.timeline.plots[0].getViewBox().mapSceneToView(scene).y())


def inside(panel: Any, days: tuple[str, str], values: tuple[float, float]) -> list[int]:
    """The rows that a rectangle holds, by the numbers alone."""
    series, track = panel.model.series(), panel.timeline.tracks[0]
    low, high = np.array(days, dtype="datetime64[ms]")
    y = track.values()
    return np.flatnonzero(
        (series.times >= low) & (series.times <= high) & (y >= values[0]) & (y <= values[1])
    ).tolist()


DAYS = ("2020-03-01", "2020-09-01")


def rings(item: Any) -> list[float]:
    return sorted(item.getData()[0].tolist())


@pytest.mark.parametrize("way", ["shift", "button"])
def test_rectangle_selects_what_it_holds_everywhere(series_panel: Any, app: Any, way: str) -> None:
    panel, told = series_panel, []
    panel.dates_selected.connect(told.append)
    y = panel.timeline.tracks[0].values()[panel.model.series().clear]
    values = (float(np.median(y)), float(y.max()) + 0.01)
    panel.timeline.brush_button.setChecked(way == "button")
    start, end = box_of(panel, app, DAYS, values)
    drag(app, panel.timeline, start, end, SHIFT if way == "shift" else NONE)
    site, series = panel.model.site, panel.model.series()
    rows = inside(panel, DAYS, (value_at(panel, end), values[1]))
    assert 3 < len(rows) < len(series) / 2
    assert sorted(panel.model.selection) == [(site, row) for row in rows]
    x = sorted(seconds(series.times)[rows].tolist())
    assert rings(panel.timeline.rows[0].selected_item) == x
    assert rings(panel.timeline.rows[-1].selected_item) == sorted(2 * x)  # of both bands
    assert [one.time for one in told[-1]] == [series.times[row] for _, row in panel.model.selection]
    listed = {
        panel.events.rows.events[index.row()].row
        for index in panel.events.view.selectionModel().selectedRows()
    }
    assert listed == set(np.flatnonzero(panel.model.detection().flagged)) & set(rows)
    assert f"{len(rows)} dates selected" in panel.chosen.text.text()
    panel.body.show_page(panel.season)
    years, bins = panel.season.cells.place_of(series.times[rows])
    x, y = panel.season.frames.getData()
    corners = x.reshape(-1, 8), y.reshape(-1, 8)
    np.testing.assert_allclose(corners[0].min(axis=1), 1 + bins * 366 / 36)
    np.testing.assert_allclose(corners[0].max(axis=1), 1 + (bins + 1) * 366 / 36)
    np.testing.assert_allclose(corners[1].mean(axis=1), years)


def test_control_adds_and_escape_forgets(series_panel: Any, app: Any) -> None:
    panel = series_panel
    y = panel.timeline.tracks[0].values()
    values = (float(np.nanmin(y)) - 1, float(np.nanmax(y)) + 1)
    panel.timeline.plots[0].getViewBox().setYRange(*values, padding=0.1)
    for days, keys in ((DAYS, SHIFT), (("2021-01-01", "2021-02-01"), SHIFT | CONTROL)):
        start, end = box_of(panel, app, days, values)
        drag(app, panel.timeline, start, end, keys)
    both = {*inside(panel, DAYS, values), *inside(panel, ("2021-01-01", "2021-02-01"), values)}
    assert {row for _, row in panel.model.selection} == both
    panel.activateWindow()
    panel.timeline.setFocus()
    QTest.qWaitForWindowActive(panel, 2000)
    QTest.keyClick(panel.timeline, Qt.Key.Key_Escape)
    assert panel.model.selection == []
    assert not len(panel.timeline.rows[0].selected_item.getData()[0])


def test_click_while_the_button_is_pressed_still_chooses(series_panel: Any, app: Any) -> None:
    panel = series_panel
    panel.timeline.brush_button.setChecked(True)
    app.processEvents()
    row = int(np.flatnonzero(panel.model.series().clear)[4])
    x = float(seconds(panel.model.series().times)[row])
    place = at(panel.timeline, panel.timeline.plots[0], x, panel.timeline.tracks[0].values()[row])
    QTest.mouseClick(panel.timeline.view.viewport(), LEFT, NONE, place)
    assert panel.model.chosen == (panel.model.site, row)
    assert panel.model.selection == []


def test_drag_without_the_button_moves_the_plot(series_panel: Any, app: Any) -> None:
    panel = series_panel
    app.processEvents()
    start, end = box_of(panel, app, DAYS, (0.1, 0.3))
    drag(app, panel.timeline, start, end, NONE)
    assert panel.model.selection == []


def test_verdict_is_for_all_selected_dates_of_all_sites(series_panel: Any, detected: Path) -> None:
    panel, told = series_panel, []
    panel.told.connect(told.append)
    panel.show_sites(["Beijing", "Morocco"])
    dates = [("Beijing", 3), ("Morocco", 5), ("Beijing", 8)]
    panel.select(dates)
    panel.chosen.reject.click()
    table = read_table(detected)
    kept = {
        (str(site), time)
        for site, time in zip(table["site"], table.times("time"), strict=True)
    }  # fmt: skip
    rejected = table["verdict"] == "rejected"
    found = set(
        zip(table["site"][rejected].tolist(), table.times("time")[rejected].tolist(), strict=True)
    )
    wanted = {(site, panel.model.series(site).times[row].tolist()) for site, row in dates}
    assert found == wanted
    assert rejected.sum() == 3 * len(panel.model.series().bands)
    assert len(kept) > 3
    for site, row in dates:
        assert panel.model.entries[site].verdict[row] == "rejected"
    panel.chosen.clear.click()
    assert not panel.chosen.clear.isVisible()
    assert not panel.chosen.reject.isEnabled()
    assert told == []


def test_list_and_cells_select_too(series_panel: Any) -> None:
    panel = series_panel
    view = panel.events.view
    for place in (0, 2):
        index = panel.events.rows.index(place, 0)
        view.selectionModel().select(
            index,
            view.selectionModel().SelectionFlag.Select | view.selectionModel().SelectionFlag.Rows,
        )
    view.clicked.emit(panel.events.rows.index(2, 0))
    events = panel.events.rows.events
    assert panel.model.selection == [(events[i].site, events[i].row) for i in (0, 2)]
    panel.body.show_page(panel.season)
    cells, series = panel.season.cells, panel.model.series()
    year, place = np.argwhere(cells.count >= 2)[0]
    panel.season.selected.emit([int(year * cells.count.shape[1] + place)], False)
    rows = [row for _, row in panel.model.selection]
    assert len(rows) == cells.count[year, place]
    assert series.clear[rows].all()
    assert {int(one) for one in series.times[rows].astype("datetime64[Y]").astype(int) + 1970} == {
        int(cells.years[year])
    }


def test_other_selected_dates_are_thin_lines_in_the_spectrum(series_panel: Any) -> None:
    panel = series_panel
    panel.body.show_page(panel.spectrum)
    panel.choose(panel.model.site, 4)
    panel.select([(panel.model.site, row) for row in (4, 6, 9)])
    drawn = [item.getData()[1] for item in panel.spectrum.others if len(item.getData()[1])]
    values = panel.model.series().values
    np.testing.assert_allclose(drawn, values[[6, 9]])
    panel.choose(panel.model.site, 12)  # outside: the selection is over
    assert panel.model.selection == []
    assert not any(len(item.getData()[1]) for item in panel.spectrum.others)
