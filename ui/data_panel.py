# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of every panel that shows a table: loading, drawing, state and command, once for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ..core.errors import CalValError
from ..core.table import Table
from .body import Body
from .drawing import Drawing
from .notice import Notice
from .plots.frame import PlotFrame
from .records import source_in, split_source
from .sources import SourceBar, SourceTexts
from .tasks import InlineRunner, Runner
from .text import tr
from .widgets import Button, EmptyState


@dataclass(frozen=True)
class PanelTexts:
    """What a panel says of its tables.

    ``sources``: the bar at the top. ``title``, ``text``, ``open``: the page without a table and its
    first button. ``reading``: the sentence while a table is read, ``task``: the name of that task.
    ``no_command``: why there is nothing to copy.
    """

    sources: SourceTexts
    title: str
    text: str
    open: str
    reading: str
    task: str
    no_command: str


class DataPanel(Drawing):
    """A source bar, a notice, and a page that says what to do next or the content.

    A panel makes its widgets, calls ``build`` once, and answers the methods under "said by each
    panel"; its ``model`` has ``inputs`` (None: nothing is loaded), which have a ``source``.

    ``runner`` does what takes longer than 0.2 s. ``fetch`` gives the rows of a source that is no
    file (a layer in memory), None for files. Signals: ``site_picked`` (name), ``picking`` (whether
    a click on the map is wanted), ``example_wanted``, ``help_wanted``, ``told`` (a sentence for the
    message bar), ``state_changed``.
    """

    site_picked = pyqtSignal(str)
    picking = pyqtSignal(bool)
    example_wanted = pyqtSignal()
    help_wanted = pyqtSignal()
    told = pyqtSignal(str)

    model: Any
    content: QWidget

    def __init__(
        self, runner: Runner | None = None, fetch: Callable[[str], Table | None] | None = None
    ) -> None:
        super().__init__()
        self.runner: Runner = runner or InlineRunner()
        self.fetch = fetch or (lambda source: None)
        self._ticket = 0
        self._pending: dict[str, Any] | None = None

    # -- said by each panel ----------------------------------------------------------------------

    def texts(self) -> PanelTexts:
        """The words of this panel."""
        raise NotImplementedError

    def read(self, source: str, prepared: Any, progress: Any) -> Any:
        """Inputs out of ``source`` and what ``prepare`` gave of it, in the background; may raise
        ``CalValError``.
        """
        raise NotImplementedError

    def prepare(self, source: str) -> Any:
        """What has to be looked up of ``source`` before, in the thread of the widgets: its rows,
        where it is a layer without a file. May raise ``CalValError``.
        """
        return self.fetch(source)

    def show_source(self, inputs: Any) -> None:
        """Show in the bar at the top what was loaded."""
        path, layer = split_source(inputs.source)
        self.sources.show_source(inputs.source, layer or Path(path).name)

    def take(self, inputs: Any) -> None:
        """Put inputs into the model; a state that waits is recalled afterwards."""
        raise NotImplementedError

    def show_all(self) -> None:
        """Show a model that is new."""
        raise NotImplementedError

    def own_state(self) -> dict[str, Any]:
        """What ``recall`` brings back, as plain JSON values, with its ``source``."""
        raise NotImplementedError

    def recall(self, state: Mapping[str, Any]) -> bool:
        """Put ``state`` back; False where it is of another table."""
        raise NotImplementedError

    def command(self) -> str:
        """The ``qgis_process`` line that reproduces what is shown; "" where there is none."""
        raise NotImplementedError

    # -- made of ---------------------------------------------------------------------------------

    def build(
        self,
        body: Body,
        plots: Sequence[PlotFrame],
        controls: Any,
        under: Sequence[QWidget] = (),
        first_steps: Sequence[Button] = (),
    ) -> None:
        """Put everything in its place: ``under`` the plots other widgets; ``controls`` have the
        signals ``picking``, ``copy`` and ``changed``; ``first_steps``: more buttons of the page
        without a table.
        """
        texts = self.texts()
        self.body, self.plots = body, tuple(plots)
        self.sources = SourceBar(texts.sources)
        self.notice = Notice()
        self.notice.stopped.connect(self.stop_reading)
        self.empty = EmptyState(
            texts.title,
            texts.text,
            [
                (texts.open, lambda: self.sources.ask()),
                (tr("Load example data"), self.example_wanted.emit),
                *first_steps,
            ],
        )
        self.content = QWidget()
        inner = QVBoxLayout(self.content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(body, 1)
        for part in under:
            inner.addWidget(part)
        self.stack = QStackedLayout()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sources)
        column.addWidget(self.notice)
        column.addLayout(self.stack, 1)
        self.sources.chosen.connect(self.open)
        self.sources.help_wanted.connect(self.help_wanted)
        controls.picking.connect(self.picking)
        controls.copy.connect(self.copy_command)
        controls.changed.connect(self._soon.start)
        body.page_shown.connect(self.draw_shown)
        for plot in self.plots:
            plot.failed.connect(self.told)
            plot.exported.connect(lambda path: self.told.emit(tr("Saved {}").format(path)))

    def say(self, sentence: str) -> None:
        """A sentence over the plots; "" takes it away."""
        self.notice.say(sentence)

    # -- loading ---------------------------------------------------------------------------------

    def open(self, source: str) -> None:
        """Show the table ``source`` (a path, maybe with ``|layername=``, or a layer's id)."""
        ticket = self.next_ticket()
        try:
            prepared = self.prepare(source)
        except CalValError as error:
            self.failed(ticket, error)
            return
        self.notice.say(self.texts().reading, reading=True)
        self.runner.run(
            self.texts().task,
            lambda progress: self.read(source, prepared, progress),
            lambda inputs: self._loaded(ticket, inputs),
            lambda error: self.failed(ticket, error),
        )

    def stop_reading(self) -> None:
        """Let go of what is being read."""
        self.next_ticket()
        self.runner.cancel()
        self._pending = None
        self.say("")

    def show_inputs(self, inputs: Any) -> None:
        """Show what is in memory."""
        self._loaded(self.next_ticket(), inputs)

    def _loaded(self, ticket: int, inputs: Any) -> None:
        if not self.is_current(ticket):
            return
        self.say("")
        self.take(inputs)
        self.show_source(inputs)
        self.stack.setCurrentWidget(self.content)
        state, self._pending = self._pending, None
        if state and self.recall(state):
            self.body.tabs.setCurrentIndex(int(state.get("page", 0)))
        self.unfit(*self.plots)
        self.show_all()

    def next_ticket(self) -> int:
        """A number for what starts now; what has an earlier one comes too late."""
        self._ticket += 1
        return self._ticket

    def is_current(self, ticket: int) -> bool:
        """Whether nothing was started after ``ticket``."""
        return ticket == self._ticket

    def failed(self, ticket: int, error: Exception) -> None:
        """Say what went wrong, unless something else was started meanwhile."""
        if self.is_current(ticket):
            self.say(str(error))
            self.told.emit(str(error))

    # -- command and state -----------------------------------------------------------------------

    def copy_command(self) -> None:
        """Put the command on the clipboard."""
        self.copy_line(self.command())

    def copy_line(self, line: str) -> None:
        """Put a line on the clipboard, or say why there is none ("")."""
        if line:
            QGuiApplication.clipboard().setText(line)
            self.told.emit(tr("The command is on the clipboard."))
        else:
            self.told.emit(self.texts().no_command)

    def state(self) -> dict[str, Any]:
        """What is to survive a restart, as plain JSON values."""
        if self.model.inputs is None:
            return self._pending or {}
        return {**self.own_state(), "page": self.body.tabs.currentIndex()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show again what ``state`` says, where its table still exists."""
        source = source_in(state)
        if source:
            self._pending = dict(state)
            self.open(source)

    def offer_layers(self, layers: Sequence[tuple[str, str]]) -> None:
        """Offer tables of the project as (name, source) pairs."""
        self.sources.offer(layers)
