# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial of surface models is run as it is written; its real pair where that is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tutorial_page import ROOT, Done, check_prose, compare_numbers, files_made, run

PAGE = ROOT / "help" / "tutorials" / "check_a_stereo_dsm.md"
WRITTEN, REAL = "build/elevation", "build/elevation/real"
GIVEN = {"0.5"}  # size of a pixel


@pytest.fixture(scope="module")
def run_page(tmp_path_factory: pytest.TempPathFactory) -> list[Done]:
    folder = tmp_path_factory.mktemp("elevation")
    return list(run(PAGE, WRITTEN, folder, lambda step: REAL not in step.command))


def test_commands_give_the_numbers_of_the_page(run_page: list[Done]) -> None:
    assert compare_numbers(run_page) == 10
    check_prose(PAGE, GIVEN)
    for path in files_made(run_page):
        assert path.stat().st_size > 10_000


def test_what_the_page_says_in_words(run_page: list[Done]) -> None:
    pair, tied, three = (run_page[at].results for at in (2, 3, 4))
    assert -8.0 < float(pair["MEDIAN_M"]) < -7.0  # "nearly 8 m too low"
    assert abs(float(tied["MEDIAN_M"])) < 0.1  # "to a few centimeters"
    assert float(three["NMAD_M"]) < 0.8 * float(tied["NMAD_M"])
    text = Path(run_page[1].results["REPORT"]).read_text("utf-8")
    assert "not controlled" in text


def test_the_real_pair(tmp_path: Path, shared_data: Path) -> None:
    (tmp_path / "real").symlink_to(shared_data / "dem" / "pleiades_reunion_pair")
    done = list(run(PAGE, WRITTEN, tmp_path, lambda step: REAL in step.command))
    assert compare_numbers(done) == 3
