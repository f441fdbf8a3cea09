# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial of calibration is run as it is written, on the real series that it speaks of."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from tutorial_page import ROOT, Done, check_prose, compare_numbers, files_made, run

from calval_toolbox.core.io.tables import read_table

PAGE = ROOT / "help" / "tutorials" / "calibrate_over_deserts.md"
ROW = re.compile(r"^\| (\d+) \| ([\d.]+) \|$", re.MULTILINE)
# What the page says in round figures of other results; a test of their own checks them.
ROUND = {"0.3", "0.2", "0.03", "0.7", "1.03", "1.02"}


@pytest.fixture(scope="module")
def run_page(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> list[Done]:
    folder = tmp_path_factory.mktemp("calibration")
    (folder / "data").symlink_to(shared_data / "calibration")
    return list(run(PAGE, "build/calibration", folder))


def test_commands_give_the_numbers_of_the_page(run_page: list[Done]) -> None:
    assert compare_numbers(run_page) == 11
    check_prose(PAGE, ROUND, ROW)
    for path in files_made(run_page):
        assert path.stat().st_size > 1000 or path.suffix == ".csv"


def test_coefficients_of_the_page_are_those_of_the_run(run_page: list[Done]) -> None:
    shown = ROW.findall(PAGE.read_text("utf-8"))
    found = []
    for one in run_page:
        if "SUMMARY" in one.results:
            table = read_table(one.results["SUMMARY"])
            whole = (table.texts("period") == "") & (table.texts("site") == "")
            bands, values = table.texts("band")[whole], table.floats("a_k")[whole]
            found += [(band, f"{value:.3f}") for band, value in zip(bands, values, strict=True)]
    assert found == shown


def test_what_the_page_says_of_the_reprocessing(run_page: list[Done]) -> None:
    table = read_table(run_page[4].results["OUTPUT"])
    rows = table["method"] == "same_band"
    medians = dict(zip(table["band"][rows], np.round(table["median"][rows], 3), strict=True))
    assert (medians["412"], medians["443"], medians["560"]) == (1.003, 1.002, 1.0)
    exact = dict(zip(table["band"][rows], table["median"][rows], strict=True))
    assert abs(exact["560"] - 1.0) < 0.0003  # "within 0.03 %"
    sand = {"555": 1.0305, "660": 1.0246, "865": 1.0264}  # what the page says in round figures
    snow = read_table(run_page[2].results["SUMMARY"])
    whole = (snow.texts("period") == "") & (snow.texts("site") == "")
    for band, value in zip(snow.texts("band")[whole], snow.floats("a_k")[whole], strict=True):
        assert abs(value / sand[band] - 1.0) < 0.0075  # "to 0.7 % or better"


def test_what_the_page_says_of_the_parameters_and_the_report(run_page: list[Done]) -> None:
    update, report = run_page[5].results, run_page[6].results
    assert set(read_table(update["OUTPUT"]).texts("model")) == {"constant"}
    check = read_table(update["CHECK"])
    assert (check.floats("bias_before_percent") < -1.0).all()
    assert (abs(check.floats("bias_after_percent")) < 0.2).all()
    share = check.floats("held_out") / (check.floats("held_out") + check.floats("fitted"))
    assert share == pytest.approx(0.2, abs=0.02)
    table = read_table(report["OUTPUT"])
    assert set(table.texts("method")) == {"calibratedesert", "calibrateantarctic"}
    words = " ".join(table.texts("words"))
    assert "of the year before" in words
    assert "no change beyond its error" in words
