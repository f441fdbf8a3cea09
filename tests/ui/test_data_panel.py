# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of the panels, with the least panel that can be made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def make(app: Any, errors: list[BaseException], least: Any) -> Iterator[Callable[..., Any]]:
    """Makes panels of one plot that shows a text of a file."""
    made: list[Any] = []

    def run(**options: Any) -> Any:
        panel = least.Least(**options)
        panel.resize(700, 600)
        panel.show()
        app.processEvents()
        made.append(panel)
        return panel

    yield run
    for panel in made:
        panel.hide()
        panel.deleteLater()
    app.processEvents()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("hello", encoding="utf-8")
    return tmp_path / "a.txt"


def test_open_draws_what_is_in_front_and_the_rest_later(make: Any, path: Path) -> None:
    panel = make()
    assert panel.empty.isVisible()
    panel.open(str(path))
    assert panel.content.isVisible()
    assert panel.first.drawn[-1] == "hello"
    assert "hello" not in panel.second.drawn
    panel.body.show_page(panel.second)
    assert panel.second.drawn[-1] == "hello"
    assert (panel.first.fitted, panel.second.fitted) == (1, 1)
    panel.flush()
    assert panel.refined == 1


def test_answer_that_comes_too_late_is_dropped(make: Any, path: Path) -> None:
    waiting: list[Any] = []
    runner = SimpleNamespace(run=lambda _title, work, done, failed: waiting.append((work, done)))
    panel = make(runner=runner)
    panel.open(str(path))
    path.with_name("b.txt").write_text("newer", encoding="utf-8")
    panel.open(str(path.with_name("b.txt")))
    for work, done in reversed(waiting):
        done(work(None))
    assert panel.model.text == "newer"


def test_error_is_said_in_the_panel_and_to_the_window(make: Any, path: Path) -> None:
    panel, told = make(), []
    panel.told.connect(told.append)
    path.write_text("bad", encoding="utf-8")
    panel.open(str(path))
    assert told == [panel.notice.text()] == ["The text is bad."]
    assert panel.notice.isVisible()
    panel.copy_command()
    assert told[-1] == "no command"


def test_state_comes_back_with_its_page(make: Any, path: Path) -> None:
    panel = make()
    panel.open(str(path))
    panel.model.text = "changed"
    panel.body.show_page(panel.second)
    again = make()
    again.restore(panel.state())
    assert again.model.text == "changed"
    assert again.body.page() is again.second
    path.unlink()
    last = make()
    last.restore(panel.state())
    assert last.state() == {}
    assert last.empty.isVisible()
