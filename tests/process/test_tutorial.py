# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial is run as it is written, and every number in it is one that the run gives."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from tutorial_page import BLOCK, ROOT, Done, check_prose, compare_numbers, files_made, run, steps_of

from calval_toolbox.core.io.tables import read_table

PAGE = ROOT / "help" / "tutorials" / "validate_theia_aot.md"
ROW = re.compile(r"^\| `?([^|`]+?)`? \| (\d+) \| ([^|]+?) \|$", re.MULTILINE)
# What the page says of how the data were made, and of the format; all other decimals are results.
PLANTED = {"0.02", "0.10", "1.275", "5.2", "1.5", "2.0", "0.2"}


@pytest.fixture(scope="module")
def run_page(tmp_path_factory: pytest.TempPathFactory) -> list[Done]:
    return list(run(PAGE, "build/tutorial", tmp_path_factory.mktemp("tutorial")))


def test_commands_give_the_numbers_of_the_page(run_page: list[Done]) -> None:
    assert compare_numbers(run_page) >= 18


def test_numbers_in_the_text_are_those_of_the_run() -> None:
    check_prose(PAGE, PLANTED, ROW)
    text = PAGE.read_text("utf-8")
    shown = {value for step in steps_of(text) for value in step.shown.values()}
    for number in re.findall(r"(\d+)\s+rejected\s+rows", BLOCK.sub("", text)):
        assert number in shown


def test_tables_of_the_page_are_those_of_the_run(run_page: list[Done]) -> None:
    made = next(one.results for one in run_page if "compareaot" in one.step.command)
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


def test_the_page_says_what_the_red_network_flags_mean(run_page: list[Done]) -> None:
    made = next(one.results for one in run_page if "rankaeronetsites" in one.step.command)
    assert set(read_table(made["OUTPUT"]).texts("flag_network")) == {"red"}
    assert "red in the column *Network*" in PAGE.read_text("utf-8")
    assert "Network is red at all 4 sites" in Path(made["REPORT"]).read_text("utf-8")


def test_files_that_the_page_names_are_made(run_page: list[Done]) -> None:
    made = files_made(run_page)
    assert len(made) >= 14
    assert all(path.is_file() for path in made)
    assert [one for one in run_page if "rankaeronetsites" in one.step.command]
    unreadable = next(path for path in made if path.name == "unreadable.csv")
    assert "truncated" in PAGE.read_text("utf-8")
    assert "not valid XML" in unreadable.read_text()


def test_ouarzazate_comes_last(run_page: list[Done]) -> None:
    for key, command in (("OUTPUT", "rankaeronetsites"), ("site_ranking", "model3")):
        path = next(one.results[key] for one in run_page if command in one.step.command)
        assert read_table(path)["site"][-1] == "Ouarzazate"
