# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Land cover": how classes run through the dates, where a map is wrong, what a
classifier is worth, and where two maps differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ..body import Body, Room
from ..notice import Notice
from ..plots.frame import PlotFrame
from ..tasks import InlineRunner, Runner, single_shot
from ..text import grouped, tr
from . import commands, memory
from .background import Background
from .comparison import ComparisonPlot
from .confusion import ConfusionPlot
from .controls import LandCoverControls
from .files import FilesPanel
from .links import Links
from .model import MOST_CLASSES, LandCoverModel
from .opening import LandCoverBar, empty_page
from .signature import SignaturePlot, class_color
from .validation import ImportancePlot, ValidationPlot

NOWHERE = float("nan")


class LandCoverPanel(FilesPanel):
    """The content of the dock.

    Signals: those of ``controllers.panel.Panel``; ``place_picked`` (longitude, latitude of what was
    clicked), ``place_pointed`` (of the pixel that is drawn; NaN: none), ``samples_shown``
    (longitudes and latitudes, or None), ``pair_shown`` (files and codes of two maps, or None).
    ``example``: whether there is one to be asked for.
    """

    told = pyqtSignal(str)
    picking = pyqtSignal(bool)
    help_wanted = pyqtSignal()
    example_wanted = pyqtSignal()
    place_picked = pyqtSignal(float, float)
    place_pointed = pyqtSignal(float, float)

    def __init__(self, runner: Runner | None = None, example: bool = False) -> None:
        super().__init__()
        self.runner: Runner = runner or InlineRunner()
        self.model = LandCoverModel()
        self.background = Background(self.model, self.runner)
        self.controls, self.bar = LandCoverControls(), LandCoverBar()
        self.signature, self.confusion = SignaturePlot(self.model), ConfusionPlot(self.model)
        self.validation, self.importance = ValidationPlot(self.model), ImportancePlot(self.model)
        self.comparison = ComparisonPlot(self.model)
        self.plots = (
            self.signature, self.confusion, self.validation, self.importance, self.comparison,
        )  # fmt: skip
        self.body = Body(
            (tr("Signature"), self.signature),
            [
                (tr("Confusion"), self.confusion), (tr("Validation"), self.validation),
                (tr("Importance"), self.importance), (tr("Compare"), self.comparison),
            ],
            [self.controls],
        )  # fmt: skip
        # When the layout knows what was hidden or has grown.
        self._settle = single_shot(0, self.body.settle, self)
        self.links = Links(self)
        self._build(example)
        self._connect()
        self._page_shown()

    def _build(self, example: bool) -> None:
        self.notice = Notice()
        self.empty = empty_page(self.bar, self.example_wanted.emit if example else None)
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
        bar.classifier.connect(self.open_model)
        bar.samples.connect(self.open_samples)
        bar.rasters.connect(self.open_rasters)
        bar.help_wanted.connect(self.help_wanted)
        self.notice.stopped.connect(self.stop_reading)
        controls.chosen.connect(self.choose)
        controls.second.connect(self.choose_second)
        controls.field.connect(self._set_field)
        controls.band.connect(self.choose_band)
        controls.side.connect(self._set_side)
        controls.classifier.connect(self.open_model)
        controls.checked.connect(self._check)
        controls.percents.connect(self._set_percents)
        controls.cleared.connect(lambda: self.links.choose_cell(None))
        controls.sample.connect(self.links.show_sample)
        controls.picking.connect(self.picking)
        controls.copy.connect(self.copy_command)
        self.body.page_shown.connect(self._page_shown)
        self.body.room_changed.connect(lambda _room: self._page_shown())
        self.signature.picked.connect(self.links.point_picked)
        self.confusion.cell_chosen.connect(lambda *cell: self.links.choose_cell(cell))
        self.comparison.cell_chosen.connect(lambda *cell: self.links.choose_pair(cell))
        for plot in self.plots:
            plot.failed.connect(self.told)
            plot.exported.connect(lambda path: self.told.emit(tr("Saved {}").format(path)))

    def stop_reading(self) -> None:
        """Let go of what is being computed."""
        self.background.answers.forget()
        self.runner.cancel()
        self.notice.say("")

    # -- choices ---------------------------------------------------------------------------------

    def choose_band(self, name: str) -> None:
        """Draw another band or index."""
        self.model.band, self.model.signatures, self.model.pixel = name, None, None
        self.unfit(self.signature)
        self.show_all()
        self.compute()

    def _check(self, labels: list[str]) -> None:
        self.model.checked = list(labels)
        many = len(labels) > MOST_CLASSES
        self.notice.say(tr("Only the first {} classes are drawn.").format(MOST_CLASSES) * many)
        self.redraw(self.signature)
        self.state_changed.emit()

    def _set_side(self, side: str) -> None:
        self.model.side, self.model.mapped = side, None
        self.links.choose_cell(None)
        self.compute()

    def _set_percents(self, on: bool) -> None:
        plot = self._matrix()
        if plot is not None:
            plot.percents = on
            self.redraw(plot)

    def _matrix(self) -> ConfusionPlot | ComparisonPlot | None:
        pages = self.pages()
        found = [one for one in (self.confusion, self.comparison) if one in pages]
        return found[0] if found else None

    # -- the map ---------------------------------------------------------------------------------

    def pick_place(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        """Show what is at a place; False where there is nothing, see ``Links.pick_place``."""
        return self.links.pick_place(longitude, latitude, reach_deg)

    def set_place(self, place: tuple[float, float] | None, front: bool = True) -> None:
        """Draw the pixel at a place (degrees); None takes it away. ``front``: turn to its page."""
        self.model.place, self.model.pixel = place, None
        self.place_pointed.emit(*(place or (NOWHERE, NOWHERE)))
        if place is not None and front:
            self.body.show_page(self.signature)
        self.show_all()
        self.compute()

    def pick_site(self, site: str) -> None:
        """Land cover knows no sites."""

    def settle(self) -> None:
        """What stands beside the plots needs another height."""
        self._settle.start()

    def stop_picking(self) -> None:
        """The map has gone to another tool."""
        self.controls.pick_button.setChecked(False)

    # -- drawing ---------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Show the model in all controls, and draw what is in front."""
        model = self.model
        self.stack.setCurrentWidget(self.empty if model.is_empty else self.body)
        matrix = self._matrix()
        self.controls.show_model(model, matrix is not None and matrix.percents, self.models)
        labels = () if model.view is None else model.view.classes.items
        colors = {one.label: class_color(one.color, self.signature.theme) for one in labels}
        self.controls.show_classes(model, colors)
        self.bar.summary.setText(self._summary())
        self._settle.start()
        self.changed()

    def _summary(self) -> str:
        view = self.model.view
        if view is None:
            return ""
        return tr("{count} samples of {classes} classes").format(
            count=grouped(len(view)), classes=len(view.classes)
        )

    def pages(self) -> list[PlotFrame]:
        """What is in sight."""
        beside = [self.signature] if self.body.room is Room.VERY_WIDE else []
        return [*beside, self.body.page()]

    def _page_shown(self) -> None:
        names = {
            self.signature: "signature", self.confusion: "confusion",
            self.validation: "validation", self.importance: "validation",
            self.comparison: "comparison",
        }  # fmt: skip
        self.controls.show_pages([names[one] for one in self.pages()])
        self.links.show_marks()
        self.show_all()
        self.compute()

    def compute(self) -> None:
        """Compute what is in sight and not there yet."""
        model, pages = self.model, self.pages()
        if self.signature in pages:
            if model.signatures is None:
                self.start(self.background.signatures, plots=(self.signature,))
            if model.pixel is None and model.band:
                self.start(self.background.pixel, self._pixel_there, (self.signature,))
        if self.confusion in pages and model.mapped is None:
            self.start(self.background.matrix, plots=(self.confusion,))
        if model.facts is None and (self.validation in pages or self.importance in pages):
            self.start(self.background.facts, plots=(self.validation, self.importance))
        if self.comparison in pages and model.comparison is None:
            self.start(self.background.comparison, plots=(self.comparison,))

    def _pixel_there(self) -> None:
        if self.model.pixel is None:
            self.notice.say(tr("Neither the stack nor the map has a pixel there."))

    def start(
        self,
        compute: Callable[..., None],
        then: Callable[[], None] | None = None,
        plots: Sequence[PlotFrame] = (),
    ) -> None:
        """Compute something, draw ``plots`` when it is there, and do what comes ``then``."""

        def done() -> None:
            self.notice.say("")
            self.unfit(*plots)
            self.redraw(*plots)
            if then is not None:
                then()
            self.state_changed.emit()

        compute(done, self.compute_failed)

    def compute_failed(self, error: Exception) -> None:
        """Say what went wrong."""
        self.notice.say(str(error))
        self.redraw(*self.plots)

    # -- command and state -----------------------------------------------------------------------

    def command(self) -> str:
        """The ``qgis_process`` line behind the page in front; "" where there is none."""
        return self.command_of(self.body.page())

    def command_of(self, page: QWidget) -> str:
        """The line behind a page; "" where there is none."""
        if page is self.confusion:
            return commands.assess_line(self.model)
        if page in (self.validation, self.importance):
            return commands.train_line(self.model)
        return commands.samples_line(self.model) if page is self.signature else ""

    def copy_command(self) -> None:
        """Put the command on the clipboard, or say why there is none."""
        line = self.command()
        if line:
            QGuiApplication.clipboard().setText(line)
        page = self.body.page().name
        self.told.emit(commands.copied(line) if line else commands.no_command(page))

    def state(self) -> dict[str, Any]:
        """What is to survive a restart, as plain JSON values."""
        return {**memory.state_of(self.model, self.opened), "page": self.body.tabs.currentIndex()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show again what ``state`` says, as far as its files are still there."""
        memory.recall(self.model, self.opened, state)
        page: QWidget | None = self.body.tabs.widget(int(state.get("page", 0)))
        if page is not None:
            self.body.show_page(page)
        place = self.model.place
        self.place_pointed.emit(*(place or (NOWHERE, NOWHERE)))
        self._offer()
