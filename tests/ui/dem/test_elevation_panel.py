# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of elevation models: what it computes is right, what it lacks is said."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QGuiApplication, QImage, QKeyEvent

from calval_toolbox.core.dem.preview import Reason
from calval_toolbox.core.errors import ExecutionError
from calval_toolbox.core.execution.runner import run_tiles
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.tiling import Tile, TileOutput, tiles

TILES = tiles(300, 200, 100)


def shown_sentence(plot: Any) -> str:
    return str(plot.note.text()) if not plot.note.isHidden() else ""


def test_without_anything_the_panel_says_what_to_do(elevation: Callable[..., Any]) -> None:
    panel = elevation()
    asked: list[bool] = []
    panel.example_wanted.connect(lambda: asked.append(True))
    assert panel.stack.currentWidget() is panel.empty
    panel.empty.buttons[1].click()
    assert asked == [True]


def test_profile_holds_the_heights_and_the_gap(
    elevation: Callable[..., Any], models: list[str], line: Any
) -> None:
    panel = elevation()
    panel.open(models, "dems")
    assert "Draw line" in shown_sentence(panel.profile)
    panel.set_line(line)
    assert shown_sentence(panel.profile) == ""
    reference, model, coarse = panel.model.profiles
    assert np.isfinite(reference.height).all()
    gap = np.isnan(model.height)
    assert 150.0 < gap.sum() * np.diff(panel.model.places.distance)[0] < 230.0
    off = (model.height - reference.height)[~gap]
    assert np.mean(off) == pytest.approx(3.0, abs=0.1)
    known = coarse.height[np.isfinite(coarse.height)]
    assert known == pytest.approx(400.0)
    curve = panel.profile.heights[1].getData()
    assert np.array_equal(curve[1], model.height, equal_nan=True)
    assert panel.model.base() is reference
    panel.compare(models[0], models[1])
    assert panel.model.base() is model


def test_models_that_are_not_checked_are_not_read(
    elevation: Callable[..., Any], models: list[str], line: Any, app: Any
) -> None:
    panel = elevation()
    panel.open(models, "dems")
    panel.set_line(line)
    panel.controls.model_list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert [one.path for one in panel.model.profiles] == models[1:]
    for place in (1, 2):
        panel.controls.model_list.item(place).setCheckState(Qt.CheckState.Unchecked)
    assert "Check the elevation models" in shown_sentence(panel.profile)


def test_line_beside_all_models_is_told(elevation: Callable[..., Any], models: list[str]) -> None:
    panel = elevation()
    panel.open(models, "dems")
    panel.set_line(([10.0, 10.1], [50.0, 50.1]))
    assert "None of the elevation models" in shown_sentence(panel.profile)
    panel.set_line(([10.0, 10.0], [50.0, 50.0]))
    assert "no length" in panel.notice.text()


def test_mouse_and_map_point_at_the_same_place(
    elevation: Callable[..., Any], models: list[str], line: Any, app: Any
) -> None:
    panel = elevation()
    panel.open(models, "dems")
    panel.set_line(line)
    app.processEvents()
    places: list[tuple[float, float]] = []
    panel.place_pointed.connect(lambda *place: places.append(place))
    box = panel.profile.top.getViewBox()
    middle = panel.model.places.distance[-1] / 2.0
    panel.profile._moved(box.mapViewToScene(box.viewRect().center().__class__(middle, 350.0)))
    at = panel.profile._at
    assert panel.model.places.distance[at] == pytest.approx(middle, abs=10.0)
    assert places[-1] == (panel.model.places.lon[at], panel.model.places.lat[at])
    assert "reference.tif" in panel.profile.readout.text()
    assert panel.point_at(*places[-1], 1e-6)
    assert panel.profile._at == at
    assert panel.profile.cursors[0].value() == panel.model.places.distance[at]
    assert not panel.point_at(10.0, 50.0, 0.01)
    assert not panel.profile.cursors[0].isVisible()
    panel.profile.point(at)
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier)
    app.sendEvent(panel.profile, key)
    assert panel.profile._at > at


def test_differences_are_those_that_were_planted(
    elevation: Callable[..., Any], models: list[str]
) -> None:
    panel = elevation()
    panel.open(models[:2], "dems")
    panel.compare(models[1], models[0])
    panel.body.show_page(panel.histogram)
    found = panel.model.differences
    assert found.overall.median == pytest.approx(3.0, abs=0.02)
    assert found.overall.nmad == pytest.approx(0.5, abs=0.02)
    assert found.overall.count == 150 * 200 - 15 * 20
    assert panel.histogram.counts.sum() + panel.histogram.beyond == found.overall.count
    names = panel.histogram.top.legend.names()
    assert names[0] == f"Median +{found.overall.median:.2f} m"
    assert names[1].startswith("± NMAD 0.5")
    texts = [one.textItem.toPlainText() for one in panel.histogram.labels if one.isVisible()]
    counts = [one.statistics.count for one in found.slopes]
    assert [int(one.replace("\N{NARROW NO-BREAK SPACE}", "")) for one in texts] == counts
    assert sum(counts) > 25_000
    panel.body.show_page(panel.map)
    assert panel.map.image.image.shape == (150, 200, 4)
    assert (panel.map.image.image[::-1][60:75, 90:110, 3] == 0).all()
    texts = panel.map.plot.getAxis("left").tickStrings([4_799_500.0, 4_799_550.0], 1.0, 50.0)
    assert texts == ["4799500", "4799550"]
    assert "+" in panel.map.describe((10, 20, 500_205.0, 4_799_895.0))


def test_one_model_and_twice_the_same_are_told(
    elevation: Callable[..., Any], models: list[str], tmp_path: Path
) -> None:
    panel = elevation()
    panel.open(models[:1], "dems")
    panel.body.show_page(panel.histogram)
    assert "Two elevation models are needed" in shown_sentence(panel.histogram)
    panel.open(models[1:2], "dems")
    panel.body.show_page(panel.histogram)
    panel.compare(models[0], models[0])
    assert "same file" in shown_sentence(panel.histogram)
    panel.controls.swap_button.click()
    panel.compare(models[1], models[0])
    panel.controls.swap_button.click()
    assert (panel.model.model, panel.model.reference) == (models[0], models[1])
    assert panel.model.differences.overall.median == pytest.approx(-3.0, abs=0.02)


def test_a_pixel_is_matched_and_explained(elevation: Callable[..., Any], images: list[str]) -> None:
    panel = elevation()
    panel.open(images[:2], "images")
    assert panel.body.page() is panel.match
    assert "On map" in shown_sentence(panel.match)
    panel.controls.column_box.setValue(150)
    panel.controls.row_box.setValue(160)
    found = panel.model.match
    assert (found.column, found.row) == (150.0, 160.0)
    assert found.reason is Reason.MATCHED
    assert f"{found.winner.height:.2f} m" in panel.match.title.text()
    assert "column 150.0, row 160.0" in panel.match.words.text()
    assert panel.match.lines[2].value() == pytest.approx(found.winner.disparity)
    count = len(found.disparity)
    panel.controls.whole_box.setChecked(True)
    assert len(panel.model.match.disparity) > count
    local = panel.model.local
    panel.controls.matcher_box.setCurrentIndex(1)
    panel.controls.matcher_box.activated.emit(1)
    assert panel.model.local is local
    assert np.diff(panel.model.match.disparity)[0] == pytest.approx(0.5)


def test_a_place_on_the_map_is_found_in_the_image(
    elevation: Callable[..., Any], images: list[str]
) -> None:
    """With the true heights the pixel of a place is that whose match gives the place, to less than
    the planted error of pointing, which lifts the match.
    """
    panel = elevation()
    panel.open(images[2:], "dems")
    panel.open(images[:2], "images")
    panel.choose_pixel(150.0, 160.0)
    place = panel.model.match.winner
    assert panel.pick_place(place.lon, place.lat, 0.001)
    assert panel.model.pixel == pytest.approx((150.0, 160.0), abs=2.5)
    assert not elevation().pick_place(place.lon, place.lat, 0.001)
    panel.pick_place(place.lon + 1.0, place.lat, 0.001)
    assert "does not show this place" in panel.notice.text()


def test_images_of_which_one_has_no_rpc_are_told(
    elevation: Callable[..., Any], images: list[str], models: list[str]
) -> None:
    panel = elevation()
    panel.open([images[0], models[0]], "images")
    panel.choose_pixel(150.0, 160.0)
    assert "has no RPC" in panel.notice.text()


def height_tiles(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """Heights; one tile has none, one fails."""
    if tile.name == TILES[4].name:
        raise ValueError("planted")
    values = np.random.default_rng(1).normal(size=(100, 100)).astype(np.float32)
    if tile.name == TILES[1].name:
        values[:] = np.nan
    return TileOutput({"height": values}, {"matched_share": 0.25})


def test_tiles_of_a_stopped_run(elevation: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "dsm.tiles"
    with pytest.raises(ExecutionError):
        run_tiles(height_tiles, TILES, folder, {}, ExecutionSettings("threads:1"))
    panel = elevation()
    panel.open_run(str(folder))
    assert panel.body.page() is panel.tiles
    assert panel.tiles.plot.legend.names() == ["Done (4)", "No match (1)", "Missing (1)"]
    assert "83 % done, stopped" in panel.tiles.title.text()
    assert "matched_share 0.250" in panel.tiles.describe(panel.model.run.tiles[0])
    assert panel._look.isActive()
    panel.body.show_page(panel.match)
    assert not panel._look.isActive()
    panel.open_run(str(tmp_path))
    assert "removed when a run has ended well" in panel.notice.text()
    assert "There are no tiles" in shown_sentence(panel.tiles)


def test_all_plots_are_exported(
    elevation: Callable[..., Any], models: list[str], images: list[str], line: Any, tmp_path: Path
) -> None:
    panel = elevation()
    panel.open(models[:2], "dems")
    panel.set_line(line)
    panel.body.show_page(panel.histogram)
    panel.body.show_page(panel.map)
    panel.open(images[:2], "images")
    panel.choose_pixel(150.0, 160.0)
    panel.body.show_page(panel.profile)
    for plot in (panel.profile, panel.histogram, panel.map, panel.match):
        panel.body.show_page(plot)
        for suffix in ("png", "svg", "csv"):
            plot.export(tmp_path / f"{plot.name}.{suffix}")
        assert QImage(str(tmp_path / f"{plot.name}.png")).width() > 500
    rows = list(csv.DictReader((tmp_path / "elevation_profile.csv").open(encoding="utf-8")))
    assert len(rows) == len(panel.model.places.distance)
    assert float(rows[5]["height_reference.tif_m"]) == pytest.approx(
        panel.model.profiles[0].height[5], rel=1e-6
    )
    assert any(row["height_model.tif_m"] == "" for row in rows)
    matched = list(csv.DictReader((tmp_path / "elevation_match.csv").open(encoding="utf-8")))
    assert sum(int(row["best"]) for row in matched) == 1


def test_commands_of_the_page_in_front(
    elevation: Callable[..., Any], models: list[str], images: list[str]
) -> None:
    panel = elevation()
    told: list[str] = []
    panel.told.connect(told.append)
    panel.controls.copy_button.click()
    assert "to copy a command" in told[-1]
    panel.open(models[:2], "dems")
    panel.compare(models[1], models[0])
    panel.controls.copy_button.click()
    line = QGuiApplication.clipboard().text()
    assert line.startswith("qgis_process run calval:comparedem")
    assert f"--DEM={models[1]}" in line
    assert f"--REFERENCE={models[0]}" in line
    panel.open(images[:2], "images")
    panel.choose_pixel(300.0, 10.0)
    line = panel.command()
    assert line.startswith("qgis_process run calval:stereodem")
    assert "--ROI=44,0,512,512" in line
    assert line.count("--IMAGES=") == 2


def test_state_survives_a_restart(
    elevation: Callable[..., Any], models: list[str], images: list[str], line: Any
) -> None:
    panel = elevation()
    panel.open(models[:2], "dems")
    panel.compare(models[1], models[0])
    panel.set_line(line)
    panel.open(images[:2], "images")
    panel.choose_pixel(150.0, 160.0)
    state = panel.state()
    again = elevation()
    again.restore(state)
    assert again.body.page() is again.match
    assert again.model.match.winner.height == panel.model.match.winner.height
    assert again.model.line == line
    assert (again.model.model, again.model.reference) == (models[1], models[0])
    again.body.show_page(again.profile)
    assert len(again.model.profiles) == 2
    state["opened"] = {"dems": ["/absent/a.tif"], "images": []}
    gone = elevation()
    gone.restore(state)
    assert gone.stack.currentWidget() is gone.empty


def test_only_the_controls_of_the_page_are_there(
    elevation: Callable[..., Any], models: list[str], app: Any
) -> None:
    panel = elevation(600, 900)
    panel.open(models, "dems")
    shown = {
        panel.profile: {"profile"}, panel.histogram: {"differences"},
        panel.match: {"match"}, panel.tiles: {"tiles"},
    }  # fmt: skip
    for page, names in shown.items():
        panel.body.show_page(page)
        app.processEvents()
        assert {key for key, one in panel.controls.parts.items() if not one.isHidden()} == names
        assert panel.minimumSizeHint().width() <= 600


def test_models_that_come_later_are_drawn_and_choices_stay(
    elevation: Callable[..., Any], models: list[str]
) -> None:
    panel = elevation()
    panel.offer({models[0]: "a"}, {})
    panel.offer({models[0]: "a", models[1]: "b"}, {})
    assert panel.model.shown() == models[:2]
    panel.controls.model_list.item(0).setCheckState(Qt.CheckState.Unchecked)
    panel.offer({one: one for one in models}, {})
    assert panel.model.shown() == models[1:]
    again = elevation()
    again.restore(panel.state())
    again.offer({one: one for one in models}, {})
    assert models[1] in again.model.shown()
