# SPDX-License-Identifier: GPL-3.0-or-later
"""The example case: which algorithms run on the simulated data, and which of their outputs go on
the map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..core.dependencies import available, missing_sentence
from ..core.progress import Progress
from .tasks import Runner
from .text import tr

NEEDS = ("defusedxml", "jinja2")  # metadata of the products, reports


@dataclass(frozen=True)
class Step:
    """One algorithm of the example with its parameters."""

    algorithm: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A layer of the example: its file and the name it has on the map."""

    path: Path
    name: str


class Example:
    """The example in ``folder``: data under ``data``, results beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"

    @property
    def matchups(self) -> Path:
        """The match-up table that the panel opens."""
        return self.folder / "matchups.gpkg"

    def layers(self) -> list[Shown]:
        """What goes on the map, from top to bottom."""
        return [
            Shown(self.matchups, tr("Match-ups")),
            Shown(self.folder / "site_ranking.gpkg", tr("AERONET sites, ranked")),
            Shown(self.folder / "products.gpkg", tr("Satellite products")),
        ]

    def finished(self) -> bool:
        """Whether everything was computed before."""
        return all(shown.path.is_file() for shown in self.layers())

    def lack(self) -> str:
        """The sentence about packages without which it cannot be computed; "" where all is there
        or computed already.
        """
        missing = [name for name in NEEDS if not available(name)]
        return missing_sentence(missing) if missing and not self.finished() else ""

    def write_data(self, progress: Progress) -> None:
        """Write the simulated products and photometer files."""
        from ..core.aot.simulate import write_demo

        write_demo(self.data, progress=progress)

    def steps(self) -> list[Step]:
        """The algorithms, in their order."""
        products = [
            str(path)
            for path in sorted(self.data.iterdir())
            if path.is_dir() and path.name != "aeronet"
        ]

        def out(name: str) -> str:
            return str(self.folder / name)

        return [
            Step("calval:catalogproducts", {"FOLDERS": products, "OUTPUT": out("products.gpkg")}),
            Step(
                "calval:importaeronet",
                {"INPUT": [str(self.data / "aeronet")], "OUTPUT": out("aeronet.gpkg")},
            ),
            Step(
                "calval:extractaot",
                {
                    "PRODUCTS": products,
                    "SITES": out("aeronet.gpkg"),
                    "OUTPUT": out("satellite.gpkg"),
                },
            ),
            Step(
                "calval:compareaot",
                {
                    "SATELLITE": out("satellite.gpkg"),
                    "AERONET": out("aeronet.gpkg"),
                    "MATCHUPS": str(self.matchups),
                    "STATISTICS": out("statistics.gpkg"),
                    "REPORT": out("validation.html"),
                },
            ),
            Step(
                "calval:rankaeronetsites",
                {
                    "MATCHUPS": str(self.matchups),
                    "OUTPUT": out("site_ranking.gpkg"),
                    "REPORT": out("site_ranking.html"),
                },
            ),
        ]


RunStep = Callable[[Step, Callable[[], None], Callable[[str], None]], None]


class ExampleRun(QObject):
    """Computes the example in the background: the data, then one algorithm after the other.

    ``run_step`` starts an algorithm and calls back when it is done or has failed. Signals:
    ``finished`` with the example, ``told`` and ``failed`` with a sentence.
    """

    finished = pyqtSignal(object)
    told = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, example: Example, runner: Runner, run_step: RunStep) -> None:
        super().__init__()
        self._example, self._runner, self._run_step = example, runner, run_step
        self._steps: list[Step] = []
        self._stopped = False

    def start(self) -> None:
        """Begin, or finish at once where everything is there from before."""
        if self._example.finished():
            self.finished.emit(self._example)
            return
        self.told.emit(tr("Simulating example data and running the algorithms on them…"))
        self._runner.run(
            tr("Simulate example data"),
            self._example.write_data,
            lambda _scenario: self._begin(),
            lambda error: self._fail(str(error)),
        )

    def stop(self) -> None:
        """Ask what runs to stop, and start nothing more."""
        self._stopped = True
        self._runner.cancel()

    def _begin(self) -> None:
        self._steps = self._example.steps()
        self._next()

    def _next(self) -> None:
        if self._stopped:
            return
        if self._steps:
            self._run_step(self._steps.pop(0), self._next, self._fail)
        else:
            self.finished.emit(self._example)

    def _fail(self, reason: str) -> None:
        self.failed.emit(tr("The example could not be made: {}").format(reason))
