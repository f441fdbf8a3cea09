# SPDX-License-Identifier: GPL-3.0-or-later
"""What plots wait for: results come once, faults are told and can be tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calval_toolbox.core.errors import Canceled, InsufficientDataError
from calval_toolbox.core.progress import Progress, Silent
from calval_toolbox.ui.calibration.late import Job, Late, late_fault, late_result
from calval_toolbox.ui.calibration.model import CalibrationModel

KEY = ("state", 1)


class Later:
    """A runner whose work is done when the test says so, as QGIS does it."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, Any, Any]] = []
        self.logged: list[str] = []

    def run(self, _title: str, work: Any, done: Any, failed: Any) -> None:
        self.waiting.append((work, done, failed))

    def log(self, text: str) -> None:
        self.logged.append(text)

    def finish(self) -> None:
        work, done, failed = self.waiting.pop()
        try:
            result = work(Silent())
        except Exception as error:
            failed(error)
            return
        done(result)


class Plot:
    """A plot that waits for the result of ``work``."""

    name = "plot"

    def __init__(self, model: CalibrationModel, work: Callable[[Progress], Any]) -> None:
        self.model, self.work, self.drawn = model, work, 0

    def job(self) -> Job | None:
        if late_result(self.model, self.name, KEY) is not None:
            return None
        return Job(KEY, "Fit models", self.work)

    def draw(self) -> None:
        self.drawn += 1


def failing(error: Exception) -> Callable[[Progress], Any]:
    def work(_progress: Progress) -> Any:
        raise error

    return work


def setting(work: Callable[[Progress], Any]) -> tuple[Plot, Late, Later, list[str]]:
    model, runner, said = CalibrationModel(), Later(), []
    return Plot(model, work), Late(model, runner, said.append), runner, said


def test_a_fault_is_logged_told_and_tried_again() -> None:
    plot, late, runner, said = setting(failing(ZeroDivisionError("a bug")))
    late.ask(plot)
    late.ask(plot)  # under way: not asked twice
    assert len(runner.waiting) == 1
    runner.finish()
    assert late_result(plot.model, plot.name, KEY) is None
    assert "Traceback" in runner.logged[0]
    assert "in work" in runner.logged[0]
    assert said == ["Fit models: this failed (ZeroDivisionError('a bug')). QGIS's log says where."]
    assert late_fault(plot.model, plot.name, KEY) == said[0], "it stands in place of the result"
    assert late_fault(plot.model, plot.name, ("state", 2)) == ""
    assert plot.drawn == 1
    plot.work = lambda _progress: 42
    late.ask(plot)
    assert late_fault(plot.model, plot.name, KEY) == "", "it is under way again"
    assert plot.drawn == 2
    runner.finish()
    assert late_result(plot.model, plot.name, KEY) == 42
    assert plot.drawn == 3


def test_what_somebody_stopped_is_no_result() -> None:
    plot, late, runner, said = setting(failing(Canceled()))
    late.ask(plot)
    runner.finish()
    assert late_result(plot.model, plot.name, KEY) is None
    assert not said
    assert not runner.logged
    assert late_fault(plot.model, plot.name, KEY) == "Fit models: stopped."
    late.ask(plot)
    assert len(runner.waiting) == 1


def test_a_sentence_about_the_data_stands_in_place_of_the_result() -> None:
    plot, late, runner, said = setting(failing(InsufficientDataError("too few")))
    late.ask(plot)
    runner.finish()
    assert str(late_result(plot.model, plot.name, KEY)) == "too few"
    assert plot.drawn == 1
    assert not said
