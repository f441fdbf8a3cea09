# SPDX-License-Identifier: GPL-3.0-or-later
"""A tutorial as a program: its commands, and the results that it shows below them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A command of the page, and the results that the page shows below it."""

    command: str
    shown: dict[str, str]


@dataclass(frozen=True)
class Done:
    """A step that was run: its results by key, and all that it printed."""

    step: Step
    results: dict[str, str]
    output: str


def steps_of(text: str) -> list[Step]:
    """The commands of a page in their order."""
    steps: list[Step] = []
    for kind, content in BLOCK.findall(text):
        if kind == "sh":
            steps.append(Step(content, {}))
        else:
            lines = [line.split(": ") for line in content.strip().splitlines()]
            steps[-1].shown.update({key: value for key, value in lines})
    return steps


def run(
    page: Path, written: str, folder: Path, chosen: Callable[[Step], bool] = lambda step: True
) -> Iterator[Done]:
    """Run the ``chosen`` steps of a page in the root of the repository, with ``folder`` for the
    folder ``written`` in it; fails where a command does.
    """
    for step in filter(chosen, steps_of(page.read_text("utf-8"))):
        finished = subprocess.run(
            ["bash", "-euc", step.command.replace(written, str(folder))],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=1800,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr + finished.stdout
        yield Done(step, _results(finished.stdout), finished.stdout)


def _results(output: str) -> dict[str, str]:
    tail = output.rsplit("\nResults\n", 1)[-1]
    return dict(re.findall(r"^(\w+):\t(.*)$", tail, re.MULTILINE))


def compare_numbers(done: list[Done]) -> int:
    """Compare what the page shows with what the run gave; returns how many numbers that were."""
    compared = 0
    for one in done:
        for key, shown in one.step.shown.items():
            digits = len(shown.partition(".")[2])
            unit = 10.0**-digits if digits else 0.0
            # A last digit may differ between versions of the numerical libraries.
            result = float(one.results[key])
            assert abs(result - float(shown)) <= 1.01 * unit, (key, one.step.command, result)
            compared += 1
    return compared


def check_prose(page: Path, planted: set[str], tables: re.Pattern[str] | None = None) -> None:
    """Every decimal number in the text is a result shown, or one of the ``planted``; rows of
    ``tables`` are left to a test of their own.
    """
    text = page.read_text("utf-8")
    shown = {value for step in steps_of(text) for value in step.shown.values()}
    prose = BLOCK.sub("", text)
    prose = tables.sub("", prose) if tables else prose
    for number in re.findall(r"(?<![\w.])\d+\.\d+(?![\w.])", prose):
        assert number in shown | planted, number


def files_made(done: list[Done]) -> list[Path]:
    """The files among the results."""
    return [Path(value) for one in done for value in one.results.values() if "/" in value]
