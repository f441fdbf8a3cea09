# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of land cover: what it shows is what was planted, what it lacks is said."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from qgis.PyQt.QtCore import QEvent, QPointF, Qt
from qgis.PyQt.QtGui import QGuiApplication, QImage, QKeyEvent

from calval_toolbox.core.classification.chain.state import State
from calval_toolbox.core.classification.chain.units import Unit
from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.io.grids import unproject
from calval_toolbox.ui.classification.model import LandCoverModel
from calval_toolbox.ui.classification.validation import headline


def said(plot: Any) -> str:
    return str(plot.note.text()) if not plot.note.isHidden() else ""


def place_of(land: ModuleType, row: int, column: int) -> tuple[float, float]:
    left, width, _, top, _, height = land.GRID.geotransform
    return unproject(land.GRID.wkt, left + (column + 0.5) * width, top + (row + 0.5) * height)


def test_without_anything_the_panel_says_what_to_run(land_cover: Callable[..., Any]) -> None:
    panel = land_cover()
    assert panel.stack.currentWidget() is panel.empty
    assert "calval:preparesamples" in panel.empty.text.text()
    assert [one.text() for one in panel.empty.buttons][0] == "Open samples…"


def test_signatures_are_those_of_the_real_samples(shown: Any, land: ModuleType) -> None:
    """Made samples (9.0) are left out; the mean follows the season of each class."""
    assert shown.model.band == "NDVI"
    found = shown.model.signatures
    for place, one in enumerate(land.CLASSES.items):
        assert shown.model.view.classes.labels[place] == one.label
        assert found.mean[place] == pytest.approx(land.season(one.code), abs=0.012)
        assert (found.low[place] < found.mean[place]).all()
        assert (found.high[place] > found.mean[place]).all()
    assert (found.counts == 40).all()
    curve = shown.signature.means[1].getData()[1]
    assert np.array_equal(curve, found.mean[1])
    assert "maize (40)" in shown.signature.plot.legend.names()


def test_classes_that_are_not_checked_are_not_drawn(shown: Any) -> None:
    shown.controls.class_list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert shown.model.checked == ["maize", "water"]
    names = shown.signature.plot.legend.names()
    assert not any("forest" in one for one in names)
    assert len(shown.signature.means[2].getData()[0]) == 0


def test_a_click_draws_the_pixel_with_class_confidence_and_gaps(
    shown: Any, land: ModuleType
) -> None:
    places: list[tuple[float, float]] = []
    shown.place_picked.connect(lambda *place: places.append(place))
    at = place_of(land, 20, 45)
    assert shown.pick_place(*at, 0.001)
    pixel = shown.model.pixel
    assert (pixel.label, pixel.confidence) == ("water", 90.0)
    assert pixel.values == pytest.approx(land.season(7), abs=5 * land.NOISE)
    assert list(np.flatnonzero(pixel.filled == 1.0)) == [land.FILLED]
    assert len(shown.signature.hollow.data) == 1
    assert len(shown.signature.clear.data) == len(land.DAYS) - 1
    assert "water, confidence 90 %" in shown.signature.title.text()
    assert "12 days away" in shown.signature.describe(-1 - land.FILLED)
    assert "clear on this date" in shown.signature.describe(-1)
    shown.signature.picked.emit(-1)
    assert places == [at]
    assert shown.pick_place(10.0, 50.0, 0.001)
    assert "has a pixel there" in shown.notice.text()


def test_another_band_is_read_for_samples_and_pixel(shown: Any, land: ModuleType) -> None:
    shown.pick_place(*place_of(land, 20, 5), 0.001)
    shown.choose_band("B4")
    assert shown.model.signatures.mean == pytest.approx(0.1)
    assert shown.model.pixel.values == pytest.approx(0.1)


def test_confusion_is_what_was_planted(shown: Any, land: ModuleType, files: Any) -> None:
    shown.body.show_page(shown.confusion)
    found = shown.model.mapped.confusion
    wrong = land.WRONG
    assert found.counts.tolist() == [[20, 0, 0], [wrong, 20 - wrong, 0], [0, 0, 20]]
    assert "90.0 %" in shown.confusion.title.text()
    marked: list[Any] = []
    shown.samples_shown.connect(marked.append)
    shown.confusion.cell_chosen.emit(1, 0)
    longitude, latitude = marked[-1]
    assert len(longitude) == wrong
    places = {place_of(land, row, column) for row in range(10) for column in range(20, 30)}
    for one in zip(longitude, latitude, strict=True):
        assert min(np.hypot(one[0] - x, one[1] - y) for x, y in places) < 1e-7
    listed = shown.controls.samples.list
    assert listed.count() == wrong
    picked: list[tuple[float, float]] = []
    shown.place_picked.connect(lambda *place: picked.append(place))
    listed.itemClicked.emit(listed.item(2))
    assert picked == [(longitude[2], latitude[2])]
    assert "Reference maize, map forest: 6 samples" in shown.confusion.readout.text()
    shown.confusion.cell_chosen.emit(1, -1)
    assert len(marked[-1][0]) == 20
    shown.body.show_page(shown.validation)
    assert marked[-1] is None  # marks are those of the page in front
    shown.body.show_page(shown.confusion)
    assert len(marked[-1][0]) == 20
    shown.controls.clear_button.click()
    assert marked[-1] is None


def test_a_click_on_the_map_finds_the_cell_of_a_sample(shown: Any, land: ModuleType) -> None:
    shown.body.show_page(shown.confusion)
    rows = shown.model.mapped.cell(1, 0)
    view = shown.model.view
    place = float(view.longitude[rows[0]]), float(view.latitude[rows[0]])
    assert shown.pick_place(*place, 1e-4)
    assert shown.model.cell == (1, 0)
    assert not shown.pick_place(place[0] + 1.0, place[1], 1e-4)


def test_cells_answer_to_mouse_and_keys(shown: Any, app: Any) -> None:
    shown.body.show_page(shown.confusion)
    app.processEvents()
    box = shown.confusion.plot.getViewBox()
    assert shown.confusion._cell(box.mapViewToScene(QPointF(0.5, 1.5))) == (1, 0)
    assert shown.confusion._cell(box.mapViewToScene(QPointF(3.5, 1.5))) == (1, -1)
    assert shown.confusion._cell(box.mapViewToScene(QPointF(1.5, 3.5))) == (-1, 1)
    shown.confusion._moved(box.mapViewToScene(QPointF(0.5, 1.5)))
    assert "map forest: 6 samples" in shown.confusion.readout.text()
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
    app.sendEvent(shown.confusion, key)
    assert shown.model.cell == (1, 0)


def test_validation_shows_all_ways_by_class(shown: Any) -> None:
    shown.body.show_page(shown.validation)
    facts = shown.model.facts
    assert shown.validation.title.text().endswith("spatial 85.0 %: 10.0 points between them")
    close = replace(facts, overall={"random": 0.99951, "spatial": 0.9404})  # 5.9 of all digits
    assert headline(close) == "Random 100.0 %, spatial 94.0 %: 6.0 points between them"
    x, y = (shown.validation.marks["spatial"].data[name] for name in ("x", "y"))
    assert x[0] == pytest.approx(85.0)
    assert x[2] == pytest.approx(100.0 * facts.confusions["spatial"].f_scores[1])
    assert list(y) == [0.0, 1.0, 2.0, 3.0]
    assert "maize" in shown.validation.describe(1 + 3 * 2)
    shown.body.show_page(shown.importance)
    assert len(facts.importance) == 20
    assert list(shown.importance.bars.opts["width"]) == list(facts.importance.values())


def test_a_foreign_classifier_is_refused(shown: Any, tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    path.write_bytes(b"no model")
    shown.open_model(str(path))
    assert shown.notice.text()
    assert said(shown.validation) == "There is no classifier in this file."


def test_two_maps_are_compared(shown: Any, land: ModuleType) -> None:
    asked: list[Any] = []
    shown.pair_shown.connect(asked.append)
    shown.body.show_page(shown.comparison)
    found = shown.model.comparison
    assert found.pixels[0, 1] == 100
    assert found.hectares[0, 1] == pytest.approx(1.0)
    assert found.agreement == pytest.approx(1.0 - 100.0 / (40 * 60 - 1))
    shown.comparison.cell_chosen.emit(0, 1)
    files, codes = asked[-1]
    assert [Path(one).stem for one in files] == ["map", "second"]
    assert codes == (1, 3)
    assert "100 pixels" in shown.comparison.readout.text()
    assert shown.pick_place(*place_of(land, 35, 50), 0.001)
    assert shown.model.pair == (2, 2)
    told: list[str] = []
    shown.told.connect(told.append)
    shown.pick_place(*place_of(land, 0, 0), 0.001)
    assert "no class there" in told[-1]


def test_without_layers_nothing_is_said_of_those_that_were_there(shown: Any) -> None:
    for page, word in ((shown.comparison, "agree on"), (shown.confusion, "Overall accuracy")):
        shown.body.show_page(page)
        assert word in page.title.text()
    shown.offer({})
    for page, word in ((shown.comparison, "Compare maps"), (shown.confusion, "Confusion")):
        shown.body.show_page(page)
        assert page.title.text() == word


def test_as_many_classes_as_can_be_are_drawn_at_first() -> None:
    model = LandCoverModel()
    items = tuple(LandClass(code, f"class {code}") for code in range(1, 15))
    model.view = SimpleNamespace(classes=Classes(items))
    assert model.shown() == list(range(12))


def test_a_map_of_several_runs_is_judged_by_what_none_was_trained_on(
    shown: Any, files: dict[str, str]
) -> None:
    shown.body.show_page(shown.confusion)
    whole = shown.confusion.title.text()
    assert "60 samples" in whole
    assert "runs" not in whole
    view = shown.model.view
    second = np.where(np.arange(len(view)) % 2, "test", "train").astype(object)
    shown.model.view = replace(view, sides={**view.sides, "split_1": second})
    shown.model.mapped = None
    shown.compute()
    count = int(shown.model.mapped.confusion.total)
    assert count == np.count_nonzero(
        view.real & (view.sides["split"] == "test") & (second == "test")
    )
    assert f"{count} samples, test in each of 2 runs" in shown.confusion.title.text()
    line = shown.command_of(shown.confusion)
    assert "--SPLIT_FIELD=split --SPLIT_FIELD=split_1" in line
    shown.model.view = replace(view, sides={**view.sides, "split_1": np.full(len(view), "train")})
    shown.model.mapped = None
    shown.compute()
    assert "in all of the 2 runs of the map" in shown.notice.text()
    assert shown.confusion.title.text() == "Confusion"


def test_pages_without_their_files_say_what_is_missing(
    land_cover: Callable[..., Any], files: dict[str, str]
) -> None:
    panel = land_cover()
    panel.open_rasters([files["map"]])
    for plot, word in (
        (panel.signature, "calval:computeprimitives"), (panel.confusion, "calval:preparesamples"),
        (panel.validation, "calval:trainclassifier"), (panel.comparison, "two maps"),
    ):  # fmt: skip
        panel.body.show_page(plot)
        assert word in said(plot)


def test_other_rasters_and_broken_samples_are_told(
    land_cover: Callable[..., Any], files: dict[str, str], tmp_path: Path
) -> None:
    panel = land_cover()
    panel.open_rasters([files["samples"]])
    assert "neither a stack" in panel.notice.text()
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"nothing")
    panel.open_samples([str(broken)])
    assert "not a table" in panel.notice.text()


def test_every_plot_is_exported(shown: Any, tmp_path: Path) -> None:
    for place, plot in enumerate(shown.plots):
        shown.body.tabs.setCurrentIndex(place)
        for suffix in ("png", "csv"):
            plot.export(tmp_path / f"{plot.name}.{suffix}")
        assert QImage(str(tmp_path / f"{plot.name}.png")).width() > 500
        rows = list(csv.reader((tmp_path / f"{plot.name}.csv").open(encoding="utf-8")))
        assert len(rows) > 3
    table = list(csv.DictReader((tmp_path / "land_cover_confusion.csv").open(encoding="utf-8")))
    assert table[1]["map_forest"] == "6"


def test_commands_repeat_the_runs(shown: Any, files: dict[str, str]) -> None:
    shown.body.show_page(shown.confusion)
    shown.copy_command()
    line = QGuiApplication.clipboard().text()
    assert line.startswith("qgis_process run calval:assessmap")
    for part in (f"--MAP={files['map']}", "--CLASS_FIELD=cover", "--SPLIT_FIELD=split"):
        assert part in line
    record = Path(files["model"] + ".provenance.json")
    assert shown.command_of(shown.validation) == ""
    record.write_text(
        '{"algorithm": "calval:trainclassifier", "parameters": {"SAMPLES": "s.gpkg", '
        f'"OUTPUT_MODEL": "{files["model"]}"}}}}',
        encoding="utf-8",
    )
    line = shown.command_of(shown.validation)
    record.unlink()
    assert "--SAMPLES=s.gpkg" in line
    assert "model_again.npz" in line
    folder = Path(files["model"]).parent
    state = State(folder, {}, {"products": ["o p"]})
    unit = Unit("trainclassifier", "trainclassifier", {}, {"model": "model.npz"}, lambda _: {})
    state.enter(unit, state.identity(unit), unit.outputs, {}, 1.0)
    told: list[str] = []
    shown.told.connect(told.append)
    shown.body.show_page(shown.validation)
    shown.copy_command()
    (folder / "chain.json").unlink()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[2:] == [
        "calval:landcoverchain", '--CONFIGURATION={"products": ["o p"]}',
        f"--OUTPUT_FOLDER={folder}_again", "--LAST_STEP=trainclassifier",
    ]  # fmt: skip
    assert "command of the chain" in told[-1]
    assert shown.command_of(shown.comparison) == ""


def test_the_panel_comes_back(shown: Any, land_cover: Callable[..., Any], land: ModuleType) -> None:
    shown.pick_place(*place_of(land, 20, 45), 0.001)
    shown.choose_band("B4")
    shown.body.show_page(shown.comparison)
    state = shown.state()
    other = land_cover()
    other.restore(state)
    other.offer(shown.found)
    assert other.model.band == "B4"
    assert other.body.page() is other.comparison
    assert other.model.place == shown.model.place
    assert other.model.comparison.pixels[0, 1] == 100


def test_narrow_and_wide(shown: Any, app: Any) -> None:
    for width in (420, 600, 1000, 1500):
        shown.resize(width, 850)
        app.processEvents()
        assert shown.width() == width
