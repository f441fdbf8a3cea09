# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial of extraction is run as it is written, on the real product that it speaks of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tutorial_page import ROOT, Done, check_prose, compare_numbers, run

from calval_toolbox.core.io.tables import read_table

PAGE = ROOT / "help" / "tutorials" / "extract_calibration_sites.md"
ROW = re.compile(r"^\| (B\w+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", re.MULTILINE)
SITE = "Negev_south"


@pytest.fixture(scope="module")
def run_page(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> list[Done]:
    folder = tmp_path_factory.mktemp("extraction")
    (folder / "data").symlink_to(shared_data / "calibration" / "s2_l1c")
    return list(run(PAGE, "build/extraction", folder))


def test_commands_give_the_numbers_of_the_page(run_page: list[Done]) -> None:
    assert compare_numbers(run_page) == 8
    check_prose(PAGE, {"02.06"}, ROW)
    assert "were not read again" in run_page[2].output


def test_table_of_the_page_is_that_of_the_run(run_page: list[Done]) -> None:
    table = read_table(run_page[-1].results["OUTPUT"])
    rows = table.texts("site") == SITE
    found = [
        (band, f"{mean:.4f}", f"{std:.4f}", f"{zenith:.2f}")
        for band, mean, std, zenith in zip(
            table.texts("band")[rows], table.floats("mean")[rows], table.floats("std")[rows],
            table.floats("view_zenith_deg")[rows], strict=True,
        )
    ]  # fmt: skip
    assert found == ROW.findall(PAGE.read_text("utf-8"))
    assert len(found) == 4
    assert set(table.texts("meteo_source")) == {
        "AUX_ECMWFT of the product, pressure at mean sea level"
    }
