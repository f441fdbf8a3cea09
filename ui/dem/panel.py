# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Elevation": a profile through several models, differences of two, how a pixel of a
stereo pair is matched, and the tiles of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ..body import Body, Room
from ..drawing import Drawing
from ..notice import Notice
from ..plots.frame import PlotFrame
from ..tasks import InlineRunner, Runner, single_shot
from ..text import tr
from . import commands, memory
from .background import Background
from .controls import ElevationControls
from .difference_map import DifferenceMap
from .histogram import HistogramPlot
from .match import MatchPlot
from .model import ElevationModel, Line
from .opening import ElevationBar, empty_page
from .profile import ProfilePlot
from .tiles import TilesPlot

LOOK_MS = 2000  # between two looks at a run that may be at work


class ElevationPanel(Drawing):
    """The content of the dock.

    Signals: those of ``controllers.panel.Panel``; ``line_wanted`` (whether a line is to be drawn on
    the map), ``line_shown`` (longitudes and latitudes, or None), ``place_pointed`` (longitude,
    latitude of the point under the mouse; NaN: none), ``place_picked`` (of a click).
    """

    told = pyqtSignal(str)
    picking = pyqtSignal(bool)
    help_wanted = pyqtSignal()
    example_wanted = pyqtSignal()
    line_wanted = pyqtSignal(bool)
    line_shown = pyqtSignal(object)
    place_pointed = pyqtSignal(float, float)
    place_picked = pyqtSignal(float, float)

    def __init__(self, runner: Runner | None = None) -> None:
        super().__init__()
        self.runner: Runner = runner or InlineRunner()
        self.model = ElevationModel()
        self.background = Background(self.model, self.runner)
        self.opened: dict[str, dict[str, str]] = {"dems": {}, "images": {}}
        self._offered: dict[str, dict[str, str]] = {"dems": {}, "images": {}}
        self._runs: list[str] = []
        self.controls, self.bar = ElevationControls(), ElevationBar()
        self.profile, self.histogram = ProfilePlot(self.model), HistogramPlot(self.model)
        self.map, self.match = DifferenceMap(self.model), MatchPlot(self.model)
        self.tiles = TilesPlot(self.model)
        self.plots = (self.profile, self.histogram, self.map, self.match, self.tiles)
        self.body = Body(
            (tr("Profile"), self.profile),
            [
                (tr("Differences"), self.histogram), (tr("Map"), self.map),
                (tr("Match"), self.match), (tr("Tiles"), self.tiles),
            ],
            [self.controls],
        )  # fmt: skip
        # When the layout knows what was hidden or has grown.
        self._settle = single_shot(0, self.body.settle, self)
        self._build()
        self._connect()
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._look_again)
        self._page_shown()

    def _build(self) -> None:
        self.notice = Notice()
        self.empty = empty_page(self.bar, self.example_wanted.emit)
        self.stack = QStackedLayout()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bar)
        column.addWidget(self.notice)
        column.addLayout(self.stack, 1)

    def _connect(self) -> None:
        bar, controls = self.bar, self.controls
        bar.models.connect(lambda paths: self.open(paths, "dems"))
        bar.images.connect(lambda paths: self.open(paths, "images"))
        bar.folder.connect(self.open_run)
        bar.help_wanted.connect(self.help_wanted)
        self.notice.stopped.connect(self.stop_reading)
        controls.checked.connect(self._check)
        controls.line.connect(self.line_wanted)
        controls.cleared.connect(lambda: self.set_line(None))
        controls.compared.connect(self.compare)
        controls.paired.connect(self.choose_pair)
        controls.picking.connect(self.picking)
        controls.pixel.connect(lambda column, row: self.choose_pixel(float(column), float(row)))
        controls.matching.connect(self._set_matching)
        controls.folder.connect(self.open_run)
        controls.copy.connect(self.copy_command)
        self.body.page_shown.connect(self._page_shown)
        self.body.room_changed.connect(lambda _room: self._page_shown())
        self.profile.pointed.connect(self._pointed)
        self.profile.picked.connect(lambda at: self.place_picked.emit(*self._place(int(at))))
        self.map.place_picked.connect(self.place_picked)
        for plot in self.plots:
            plot.failed.connect(self.told)
            plot.exported.connect(lambda path: self.told.emit(tr("Saved {}").format(path)))

    def offer(self, dems: Mapping[str, str], images: Mapping[str, str]) -> None:
        """Offer rasters of the project (names by their paths) besides what was opened."""
        self._offered = {"dems": dict(dems), "images": dict(images)}
        self._offer()

    def offer_runs(self, folders: Sequence[str]) -> None:
        """Offer the folders of runs, the latest first."""
        self._runs = list(folders)
        self.controls.show_runs(self._runs, self.model.folder)

    def open(self, paths: Sequence[str], kind: str) -> None:
        """Offer files, too: ``dems`` or ``images``; the page that shows them comes to the front."""
        known = self.opened[kind]
        known |= {path: Path(path).name for path in paths}
        if kind == "images" and len(paths) > 1:
            self.model.drop_pair()
            self.model.pair = (paths[0], paths[1])
        if kind == "dems":
            new = [one for one in paths if one not in self.model.checked]
            self.model.checked = [*self.model.checked, *new]
        self.body.show_page(self.match if kind == "images" else self.profile)
        self._offer()

    def _offer(self) -> None:
        before = self.model.shown()
        found = {kind: self.opened[kind] | self._offered[kind] for kind in self.opened}
        self.model.offer(found["dems"], found["images"])
        if self.model.shown() != before:
            self.model.places, self.model.profiles = None, []
        self._show()
        self._compute()

    def open_run(self, folder: str) -> None:
        """Show the tiles of the run in ``folder``."""
        self.model.folder, self.model.run = folder, None
        self.controls.show_runs(self._runs, folder)
        self.body.show_page(self.tiles)
        self._show()
        self._compute()

    def stop_reading(self) -> None:
        """Let go of what is being computed."""
        for kind in ("profile", "differences", "match", "run"):
            self.background.answers.forget(kind)
        self.runner.cancel()
        self.notice.say("")

    def _check(self, paths: list[str]) -> None:
        self.model.checked = list(paths)
        self.model.places, self.model.profiles = None, []
        self._show()
        self._compute()

    def set_line(self, line: Line | None) -> None:
        """The line of the profile (degrees), drawn on the map; None takes it away."""
        self.model.line, self.model.places, self.model.profiles = line, None, []
        self.controls.line_button.setChecked(False)
        self.line_shown.emit(line)
        if line is not None:
            self.body.show_page(self.profile)
        self.unfit(self.profile)
        self._show()
        self._compute()

    def point_at(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        """Show the place of the line that the mouse points at on the map; False where none is
        within ``reach_deg`` degrees.
        """
        at, away = self.model.nearest(longitude, latitude)
        near = at >= 0 and away <= reach_deg
        self.profile.point(at if near else -1)
        return near

    def _pointed(self, at: int) -> None:
        self.place_pointed.emit(*(self._place(at) if at >= 0 else (float("nan"),) * 2))

    def _place(self, at: int) -> tuple[float, float]:
        places = self.model.places
        if places is None:
            return float("nan"), float("nan")
        return float(places.lon[at]), float(places.lat[at])

    def compare(self, model: str, reference: str) -> None:
        """Another model or reference."""
        self.model.model, self.model.reference = model, reference
        self.model.differences = None
        self.unfit(self.histogram, self.map)
        self._show()
        self._compute()

    def choose_pair(self, first: str, second: str) -> None:
        """Other images."""
        self.model.pair = (first, second)
        self.model.drop_pair()
        self._show()
        self._compute()

    def choose_pixel(self, column: float, row: float) -> None:
        """Match the pixel (``column``, ``row``) of the first image."""
        self.model.pixel, self.model.match = (column, row), None
        self._match()

    def _set_matching(self) -> None:
        self.model.matcher = self.controls.matcher_box.currentData()
        self.model.whole_range = self.controls.whole_box.isChecked()
        self.model.match = None
        self._match()

    def _match(self) -> None:
        self.unfit(self.match)
        self.redraw(self.match)
        self.controls.show_model(self.model, self.profile.theme.dark)
        self._start(self.background.match, self.match)
        self.state_changed.emit()

    def pick_place(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        """Match the pixel that shows a place (degrees); False without a pair."""
        if "" in self.model.pair:
            return False
        self.body.show_page(self.match)
        self.background.pixel_of(
            longitude, latitude, lambda: self.choose_pixel(*(self.model.pixel or (0.0, 0.0))),
            self._failed,
        )  # fmt: skip
        return True

    def pick_site(self, site: str) -> None:
        """Elevation models know no sites."""

    def stop_picking(self) -> None:
        """The map has gone to another tool."""
        self.controls.pick_button.setChecked(False)

    def stop_line(self) -> None:
        """The map has gone to another tool."""
        self.controls.line_button.setChecked(False)

    def _show(self) -> None:
        model = self.model
        self.stack.setCurrentWidget(self.empty if model.is_empty else self.body)
        self.controls.show_model(model, self.profile.theme.dark)
        self.bar.summary.setText(
            "" if model.is_empty
            else tr("{models} elevation models, {images} images with RPC").format(
                models=len(model.dems), images=len(model.images)
            )
        )  # fmt: skip
        self._settle.start()
        self.changed()

    def _pages(self) -> list[PlotFrame]:
        """What is in sight."""
        beside = [self.profile] if self.body.room is Room.VERY_WIDE else []
        return [*beside, self.body.page()]

    def _page_shown(self) -> None:
        names = {self.profile: "profile", self.histogram: "differences", self.map: "differences",
                 self.match: "match", self.tiles: "tiles"}  # fmt: skip
        self.controls.show_parts([names[one] for one in self._pages()])
        self._settle.start()
        self.draw_shown()
        self._compute()

    def _compute(self) -> None:
        """Compute what is in sight and not there yet."""
        model, pages = self.model, self._pages()
        if self.profile in pages and model.places is None:
            self._start(self.background.profile, self.profile)
        if model.differences is None and (self.histogram in pages or self.map in pages):
            self._start(self.background.differences, self.histogram, self.map)
        if self.match in pages and model.match is None:
            self._start(self.background.match, self.match)
        if self.tiles in pages and model.folder:
            self._start(self.background.run_state, self.tiles)
            self._look.start()
        elif self.tiles not in pages:
            self._look.stop()

    def _start(self, compute: Callable[..., None], *plots: PlotFrame) -> None:
        def done() -> None:
            self.notice.say(memory.notes(self.model, plots[0].name))
            if compute != self.background.run_state:
                self.unfit(*plots)
            self.redraw(*plots)
            self.state_changed.emit()

        compute(done, self._failed)

    def _failed(self, error: Exception) -> None:
        self.notice.say(str(error))
        self.redraw(*self.plots)

    def _look_again(self) -> None:
        if self.tiles.isVisible() and self.model.folder:
            self._start(self.background.run_state, self.tiles)

    def command(self) -> str:
        """The ``qgis_process`` line that reproduces the page in front; "" where there is none."""
        model = self.model
        if self.body.page() is self.match:
            return commands.stereo_line(model.pair, model.pixel, model.matcher)
        return commands.compare_line(model.model, model.reference)

    def copy_command(self) -> None:
        """Put the command on the clipboard, or say why there is none."""
        line = self.command()
        if line:
            QGuiApplication.clipboard().setText(line)
        self.told.emit(
            tr("The command is on the clipboard.") if line
            else tr("Choose two elevation models, or a pixel of a stereo pair, to copy a command.")
        )  # fmt: skip

    def state(self) -> dict[str, Any]:
        """What is to survive a restart, as plain JSON values."""
        return {**memory.state_of(self.model, self.opened), "page": self.body.tabs.currentIndex()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show again what ``state`` says, as far as its files are still there."""
        memory.recall(self.model, self.opened, state)
        page: QWidget | None = self.body.tabs.widget(int(state.get("page", 0)))
        if page is not None:
            self.body.show_page(page)
        self.controls.show_runs(self._runs, self.model.folder)
        self.line_shown.emit(self.model.line)
        self._offer()
