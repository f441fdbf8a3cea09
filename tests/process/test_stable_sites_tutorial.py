# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial of the search for stable sites is run as it is written."""

from __future__ import annotations

import pytest
from tutorial_page import ROOT, Done, check_prose, compare_numbers, files_made, run

from calval_toolbox.core.io.tables import read_table

PAGE = ROOT / "help" / "tutorials" / "find_stable_sites.md"


@pytest.fixture(scope="module")
def run_page(tmp_path_factory: pytest.TempPathFactory) -> list[Done]:
    return list(run(PAGE, "build/sites", tmp_path_factory.mktemp("sites")))


def test_commands_give_the_numbers_of_the_page(run_page: list[Done]) -> None:
    assert compare_numbers(run_page) == 6
    check_prose(PAGE, set())
    for path in files_made(run_page):
        assert path.stat().st_size > 1000


def test_what_the_page_says_in_words(run_page: list[Done]) -> None:
    table = read_table(run_page[1].results["CANDIDATES"])
    assert table.floats("clear_dates") == pytest.approx([42.0, 42.0], abs=1.0)
    cv, error = (table.floats(f"temporal_cv_{name}percent") for name in ("", "se_"))
    assert (error / cv) == pytest.approx([0.11, 0.11], abs=0.02)
    assert (table.floats("raw_cv_percent_red") / cv) == pytest.approx([5.2, 5.2], abs=0.4)
    assert table.floats("raw_cv_percent_red") == pytest.approx([6.0, 6.0], abs=0.4)
