# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame around every plot: title, own controls, export menu, read-out of the point under the
mouse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyqtgraph as pg
from qgis.PyQt.QtCore import QEvent, QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...core.errors import CalValError
from ...core.types import AnyArray
from ..tasks import single_shot
from ..text import tr
from ..theme import Theme, theme_of
from ..widgets import ElidedLabel, label
from .brush import Brush
from .dates import DateAxis
from .export import FORMATS, export
from .heading import Heading
from .legend import Legend
from .mouse import Mouse
from .nearest import Points

AXIS_LINES = (
    3.6  # width of the left axis in lines of text: the same for all plots, so that they line up
)
LEGEND_ROW, FIRST_PLOT = 0, 1  # rows of the view
NO_LIMIT = 16_777_215  # pixels: what Qt takes for none
RESTYLE = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)


class PlotFrame(QWidget):
    """Base of the plots of all panels.

    A plot adds its axes once with ``add_plot``, paints in ``draw`` (called again when palette or
    font change), hands its points to ``mouse.listen``, and answers ``columns`` with what the CSV
    export holds and ``describe`` with the line for a point's id. Signals: ``picked`` the id of a
    clicked point, ``selected`` the ids in a rectangle and whether they add to what is selected,
    ``failed`` and ``exported`` a sentence, ``command_wanted`` (see ``add_command``).
    """

    picked = pyqtSignal(object)
    selected = pyqtSignal(list, bool)
    failed = pyqtSignal(str)
    exported = pyqtSignal(str)
    command_wanted = pyqtSignal()
    name = "plot"
    legend_share = 1.0  # of the height, at most: a legend that needs more is left out
    _dressed = False

    def __init__(self, title: str) -> None:
        super().__init__()
        self.theme: Theme = theme_of(self.palette())
        self.plots: list[pg.PlotItem] = []
        self._titles: dict[pg.PlotItem, str] = {}  # of the left axes, in full
        self._legend: Legend | None = None
        self._titling = single_shot(0, self._fit_titles, self)
        self.view = pg.GraphicsLayoutWidget()
        self.view.ci.layout.setContentsMargins(2, 4, 12, 2)
        self.view.setMinimumSize(QSize(200, 120))
        self.view.setBackground(self.theme.background)
        self.heading = Heading(self.view)
        self.view.sigDeviceRangeChanged.connect(lambda *_view: self.arrange_legend())
        self.mouse = Mouse(self.view, self.describe)
        self.mouse.hovered.connect(self._read_out)
        self.mouse.clicked.connect(self.picked)
        self.title = ElidedLabel(title, bold=True)
        self.controls = QHBoxLayout()
        self.controls.addWidget(self.title, 1)
        self.readout = ElidedLabel(" \n ")
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.addLayout(self.controls, 1)
        head.addWidget(self._fit_button())
        head.addWidget(self._export_button())
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(4)
        column.addLayout(head)
        self.note = label()
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.hide()
        column.addWidget(self.view, 1)
        column.addWidget(self.note, 1)
        column.addWidget(self.readout)

    def _fit_button(self) -> QToolButton:
        button = QToolButton()
        button.setText(tr("Fit"))
        button.setToolTip(tr("Show everything again (dragging moves the plot, the wheel zooms)"))
        button.clicked.connect(lambda _checked=False: self.fit())
        return button

    def _export_button(self) -> QToolButton:
        self.export_button = QToolButton()
        self.export_button.setText(tr("Export"))
        self.export_button.setToolTip(tr("Save the plot as a picture, or its numbers as a table"))
        self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.export_button)
        for suffix in FORMATS:
            action = menu.addAction(tr("Save as {}…").format(suffix.upper()))
            action.triggered.connect(lambda _checked=False, suffix=suffix: self.ask_export(suffix))
        self.export_button.setMenu(menu)
        return self.export_button

    def add_command(self) -> None:
        """Offer the command that makes what this plot shows; ``command_wanted`` asks for it."""
        menu = self.export_button.menu()
        menu.addSeparator()
        action = menu.addAction(tr("Copy as command"))
        action.triggered.connect(lambda _checked=False: self.command_wanted.emit())

    def instead(self, sentence: str) -> None:
        """A sentence in place of the plot, which has nothing to show; "" brings the plot back."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self.view.setVisible(not sentence)
        self.export_button.setEnabled(not sentence)
        if sentence:
            self.listen([])

    def add_brush(self) -> None:
        """Let rectangles select points; ``selected`` carries their ids."""
        self.brush = Brush(self.view)
        self.brush_button = QToolButton()
        self.brush_button.setText(tr("Select"))
        self.brush_button.setToolTip(
            tr(
                "Draw a rectangle around observations (or drag with the Shift key); Ctrl adds to "
                "what is selected"
            )
        )
        self.brush_button.setCheckable(True)
        self.brush_button.toggled.connect(lambda on: setattr(self.brush, "on", on))
        self.brush.brushed.connect(
            lambda box, more: self.selected.emit(self.mouse.within(box), more)
        )
        self.brush.pressed.connect(self.mouse.press)
        self.controls.addWidget(self.brush_button)

    def add_plot(self, left: str, bottom: str, dates: bool = False) -> pg.PlotItem:
        """Add axes under the ones before, with titles (units included); ``dates`` for UTC seconds
        on the x axis.
        """
        axes = {"bottom": _date_axis()} if dates else {}
        row = FIRST_PLOT + len(self.plots)
        plot = self.view.addPlot(row=row, col=0, axisItems=axes)
        plot.setLabel("left", left)
        self._titles[plot] = left
        plot.setLabel("bottom", bottom)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        for side in ("left", "bottom"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        self.plots.append(plot)
        return plot

    def name_axis(self, plot: pg.PlotItem, side: str, text: str) -> None:
        """Another title for an axis; pyqtgraph alone would center it as the title before."""
        plot.setLabel(side, text)
        plot.getAxis(side).resizeEvent()
        if side == "left":
            self._titles[plot] = text
            self._fit_title(plot)

    def _fit_titles(self) -> None:
        for plot in self.plots:
            self._fit_title(plot)

    def _fit_title(self, plot: pg.PlotItem) -> None:
        """The title of the left axis, where it is longer than the axis without what is in brackets:
        cut off at both ends it would be no word.
        """
        if not self.isVisible():
            return  # not laid out yet
        axis, full = plot.getAxis("left"), self._titles[plot]
        metrics, room = self.fontMetrics(), int(axis.size().height())
        shown = full if metrics.horizontalAdvance(full) <= room else full.split(" (")[0]
        if axis.labelText != shown:
            axis.setLabel(shown)
            axis.resizeEvent()

    def _dress(self, plot: pg.PlotItem) -> None:
        font = self.font()
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(pg.mkPen(self.theme.muted))
            axis.setTextPen(pg.mkPen(self.theme.foreground))
            axis.setStyle(tickFont=font)
            axis.label.setFont(font)
            axis.resizeEvent()  # centers the title anew
        plot.getAxis("left").setWidth(round(AXIS_LINES * self.fontMetrics().height()))
        plot.showGrid(x=True, y=True, alpha=0.15)

    def link_rows(self, *shares: int) -> None:
        """One x axis for all plots, its numbers under the last one; ``shares`` of the height from
        top to bottom.
        """
        for row, share in enumerate(shares, FIRST_PLOT):
            self.view.ci.layout.setRowStretchFactor(row, share)
        for plot in self.plots[:-1]:
            plot.setXLink(self.plots[-1])
            plot.getAxis("bottom").setStyle(showValues=False)

    def show_plot(self, plot: pg.PlotItem, shown: bool, share: int = 1) -> None:
        """Give ``plot`` its ``share`` of the height, or hide it with its row."""
        row = FIRST_PLOT + self.plots.index(plot)
        layout = self.view.ci.layout
        plot.setVisible(shown)
        layout.setRowStretchFactor(row, share if shown else 0)
        layout.setRowMaximumHeight(row, NO_LIMIT if shown else 0)
        layout.setRowPreferredHeight(row, 100 * share if shown else 0)

    def add_legend(self, plot: pg.PlotItem) -> Legend:
        """A legend above the plots, where it hides nothing, for the named items added to ``plot``
        from now on.
        """
        self._legend = Legend()
        self.view.addItem(self._legend, row=LEGEND_ROW, col=0)
        plot.legend = self._legend
        return self._legend

    def arrange_legend(self) -> None:
        """Give the legend the lines that it needs in the width that there is."""
        self._fit_titles()
        self._titling.start()  # once more when the rows have their heights
        if self._legend is None or not self._dressed:
            return
        left, _, right, _ = self.view.ci.layout.getContentsMargins()
        width = self.view.viewport().width() - left - right
        # Right of the axis, whose title may be longer than the axis itself.
        height = self._legend.arrange(self.plots[0].getAxis("left").width(), width)
        fits = height <= self.legend_share * self.view.viewport().height()
        self._legend.setVisible(fits)
        self.view.ci.layout.setRowFixedHeight(LEGEND_ROW, height if fits else 0)

    def ready(self) -> None:
        """All items are there: from now on the frame follows palette and font."""
        self.mouse.attach(self.plots)
        self._dressed = True
        self._dress_all()

    def _dress_all(self) -> None:
        self.theme = theme_of(self.palette())
        self.view.setBackground(self.theme.background)
        self.mouse.paint(pg.mkPen(self.theme.foreground, width=2))
        for plot in self.plots:
            self._dress(plot)
        self.heading.dress(self.theme, self.font())
        if self._legend is not None:
            self._legend.dress(self.theme, self.font())
            self.arrange_legend()

    def event(self, event: QEvent) -> bool:
        """Follow a changed palette or font."""
        handled = super().event(event)
        if event.type() in RESTYLE and self._dressed:
            self._dress_all()
            self.draw()
        return bool(handled)

    def draw(self) -> None:
        """Paint the current data."""

    def columns(self) -> Mapping[str, AnyArray]:
        """What the CSV export holds."""
        return {}

    def describe(self, identity: Any) -> str:
        """One line about the point ``identity``."""
        return str(identity)

    def fit(self) -> None:
        """Show all the data."""
        for plot in self.plots:
            plot.getViewBox().autoRange(padding=0.04)

    def _read_out(self, text: str) -> None:
        self.readout.setText(text or " \n ")
        self.readout.setToolTip(text)
        self.view.setToolTip(text)

    def listen(self, layers: Sequence[Points]) -> None:
        """The points that answer to the mouse; what was read out of earlier ones is cleared."""
        self.mouse.listen(layers)
        self._read_out("")

    def tell(self, identity: Any) -> None:
        """Read out the point ``identity``, as if the mouse were over it."""
        self._read_out(self.describe(identity))

    def ask_export(self, suffix: str) -> None:
        """Ask for a file name and export to it."""
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Export the plot"), f"{self.name}.{suffix}", f"{suffix.upper()} (*.{suffix})"
        )
        if path:
            self.export(Path(path).with_suffix(f".{suffix}"))

    def export(self, path: Path) -> None:
        """Write the plot (.png, .svg) or its numbers (.csv); ``failed`` tells what goes wrong."""
        try:
            with self.heading.shown(self.title.text()):
                export(self.view, self.columns(), path)
        except CalValError as error:
            self.failed.emit(str(error))
            return
        self.exported.emit(str(path))


def _date_axis() -> DateAxis:
    axis = DateAxis(utcOffset=0)
    # The axis spaces its dates itself: without this limit it hides them where they are dense.
    axis.setStyle(textFillLimits=[(0, 1.2)])
    return axis
