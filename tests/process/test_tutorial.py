# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial is run as it is written, and every number in it is one that the run gives."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "help" / "tutorials" / "validate_theia_aot.md"
FOLDER = "build/tutorial"
ROW = re.compile(r"^\| `?([^|`]+?)`? \| (\d+) \| ([^|]+?) \|$", re.MULTILINE)
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What the page says of how the data were made, and of the format; all other decimals are results.
PLANTED = {"0.02", "0.10", "1.275", "5.2", "1.5", "2.0", "0.2"}


@dataclass(frozen=True)
class Step:
    """A command of the page, and the results that the page shows below it."""

    command: str
    shown: dict[str, str]


def _steps(text: str) -> list[Step]:
    steps: list[Step] = []
    for kind, content in BLOCK.findall(text):
        if kind == "sh":
            steps.append(Step(content, {}))
        else:
            lines = [line.split(": ") for line in content.strip().splitlines()]
            steps[-1].shown.update({key: value for key, value in lines})
    return steps


def _results(output: str) -> dict[str, str]:
    tail = output.rsplit("\nResults\n", 1)[-1]
    return dict(re.findall(r"^(\w+):\t(.*)$", tail, re.MULTILINE))


@pytest.fixture(scope="module")
def run_page(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Step, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("tutorial")
    done = []
    for step in _steps(PAGE.read_text("utf-8")):
        command = step.command.replace(FOLDER, str(folder))
        finished = subprocess.run(
            ["bash", "-euc", command],
            cwd=PAGE.parents[2],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr + finished.stdout
        done.append((step, _results(finished.stdout)))
    return done


def test_commands_give_the_numbers_of_the_page(
    run_page: list[tuple[Step, dict[str, str]]],
) -> None:
    compared = 0
    for step, results in run_page:
        for key, shown in step.shown.items():
            digits = len(shown.partition(".")[2])
            unit = 10.0**-digits if digits else 0.0
            # A last digit may differ between versions of the numerical libraries.
            assert abs(float(results[key]) - float(shown)) <= 1.01 * unit, (key, step.command)
            compared += 1
    assert compared >= 18


def test_numbers_in_the_text_are_those_of_the_run() -> None:
    text = PAGE.read_text("utf-8")
    shown = {value for step in _steps(text) for value in step.shown.values()}
    prose = ROW.sub("", BLOCK.sub("", text))
    for number in re.findall(r"(?<![\w.])\d+\.\d+(?![\w.])", prose):
        assert number in shown | PLANTED, number
    for number in re.findall(r"(\d+)\s+rejected\s+rows", prose):
        assert number in shown


def test_tables_of_the_page_are_those_of_the_run(
    run_page: list[tuple[Step, dict[str, str]]],
) -> None:
    from calval_toolbox.core.io.tables import read_table

    made = next(results for step, results in run_page if "compareaot" in step.command)
    statistics, matchups = read_table(made["STATISTICS"]), read_table(made["MATCHUPS"])
    shown = {name: (int(count), text) for name, count, text in ROW.findall(PAGE.read_text("utf-8"))}
    bins = statistics.select(statistics.texts("grouping") == "aot_bin")
    counts = bins.floats("count").astype(int)
    for name, count, bias in zip(bins["group"], counts, bins.floats("bias"), strict=True):
        assert shown[name][0] == count
        assert abs(float(shown.pop(name)[1]) - bias) <= 1.01e-3, name
    rejected = matchups.select(
        (matchups.floats("accepted") == 0) & (matchups.floats("headline") == 1)
    )
    reasons = Counter(rejected.texts("reason").tolist())
    assert {name: count for name, (count, _) in shown.items()} == reasons
    assert sum(reasons.values()) == int(made["REJECTED_COUNT"])


def test_the_page_says_what_the_red_network_flags_mean(
    run_page: list[tuple[Step, dict[str, str]]],
) -> None:
    from calval_toolbox.core.io.tables import read_table

    made = next(results for step, results in run_page if "rankaeronetsites" in step.command)
    assert set(read_table(made["OUTPUT"]).texts("flag_network")) == {"red"}
    assert "red in the column *Network*" in PAGE.read_text("utf-8")
    assert "Network is red at all 4 sites" in Path(made["REPORT"]).read_text("utf-8")


def test_files_that_the_page_names_are_made(
    run_page: list[tuple[Step, dict[str, str]]],
) -> None:
    made = [Path(value) for _, results in run_page for value in results.values() if "/" in value]
    assert len(made) >= 14
    assert all(path.is_file() for path in made)
    ranked = [results for step, results in run_page if "rankaeronetsites" in step.command]
    assert ranked
    unreadable = next(path for path in made if path.name == "unreadable.csv")
    assert "truncated" in PAGE.read_text("utf-8")
    assert "not valid XML" in unreadable.read_text()


def test_ouarzazate_comes_last(run_page: list[tuple[Step, dict[str, str]]]) -> None:
    from calval_toolbox.core.io.tables import read_table

    for key, command in (("OUTPUT", "rankaeronetsites"), ("site_ranking", "model3")):
        path = next(found[key] for step, found in run_page if command in step.command)
        assert read_table(path)["site"][-1] == "Ouarzazate"
