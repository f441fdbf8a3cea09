# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial on anomalies is run as it is written; its numbers and its table are those found."""

from __future__ import annotations

import re

import numpy as np
import pytest
from osgeo import gdal
from tutorial_page import ROOT, Done, check_prose, compare_numbers, files_made, run

from calval_toolbox.core.anomalies.scenes import plan_four_sites
from calval_toolbox.core.anomalies.scenes.images import simulate
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.types import AnyArray, TimeArray

PAGE = ROOT / "help" / "tutorials" / "find_timeseries_anomalies.md"
NAME, DAY = r"(\w+)", r"(\d{4}-\d\d-\d\d)"
ROW = re.compile(rf"^\| {NAME} \| {DAY} \| {NAME} \| (\S+) \| (\d+) of (\d+) \|", re.MULTILINE)
PRINTED = re.compile(rf"^{NAME} +{DAY} +{NAME} +(\S+) +(\d+) of (\d+)", re.MULTILINE)


@pytest.fixture(scope="module")
def run_page(tmp_path_factory: pytest.TempPathFactory) -> list[Done]:
    return list(run(PAGE, "build/anomalies", tmp_path_factory.mktemp("anomalies")))


def _output(run_page: list[Done], command: str) -> str:
    return next(one.output for one in run_page if command in one.step.command)


def test_commands_give_the_numbers_of_the_page(run_page: list[Done]) -> None:
    assert compare_numbers(run_page) >= 18


def test_numbers_in_the_text_are_those_of_the_run(run_page: list[Done]) -> None:
    text = PAGE.read_text("utf-8")
    sizes = {size for _, _, _, size, *_ in ROW.findall(text)}
    # The threshold, and what chance flags of the dates with nothing wrong.
    planted = {size.removeprefix("-") for size in sizes} | {"0.001", "1.4", "1.5"}
    check_prose(PAGE, planted)
    said = re.search(r"of (\d+) dates with nothing wrong (\d+) were flagged", text)
    printed = re.search(r"false alarms: (\d+) of (\d+)", _output(run_page, "--compare"))
    assert said is not None
    assert printed is not None
    assert (said[1], said[2]) == (printed[2], printed[1])
    assert round(0.001 * int(said[1]), 1) == 1.4


def test_the_table_of_the_page_is_what_was_found(run_page: list[Done]) -> None:
    shown = ROW.findall(PAGE.read_text("utf-8"))
    found = PRINTED.findall(_output(run_page, "--compare"))
    assert len(shown) == len(found) >= 30
    for one, other in zip(shown, found, strict=True):
        assert (*one[:4], one[5]) == (*other[:4], other[5])
        # A p-value near the threshold may fall on its other side with another library.
        assert abs(int(one[4]) - int(other[4])) <= 1, one


def test_files_that_the_page_names_are_made(run_page: list[Done]) -> None:
    made = files_made(run_page)
    assert len(made) >= 20
    assert all(path.exists() for path in made)


def test_the_change_of_the_processor_is_told_by_both_ways(run_page: list[Done]) -> None:
    made = {path.name: path for path in files_made(run_page)}
    for name in ("changes.csv", "model_changes.csv"):
        table = read_table(made[name])
        steps = (table["event"] == "step") & (table["origin"] == "sensor")
        assert steps.any(), name
        first, last = (_days(table.texts(key)[steps]) for key in ("earliest", "latest"))
        planted = np.datetime64("2020-02-15")
        assert ((first <= planted) & (planted <= last)).all(), name
        assert (last - first <= np.timedelta64(45, "D")).all(), name


def test_whole_images_are_called_what_was_planted(run_page: list[Done]) -> None:
    made = {path.name: path for path in files_made(run_page)}
    found = read_table(made["image_dates.csv"])
    off = found["verdict"] != "none"
    truth = read_table(made["image_dates.csv"].parent / "data" / "truth.csv")
    here = (truth["place"] == "Ouarzazate") & (truth["planted"] == 1)
    large = here & np.isin(truth["type"], ["aot_under", "aot_over", "offset", "stripes"])
    named = sorted(zip(_days(found.texts("time")[off]), found["verdict"][off], strict=True))
    planted = zip(_days(truth.texts("time")[large]), truth["type"][large], strict=True)
    assert named == sorted(planted)
    text = PAGE.read_text("utf-8")
    assert all(re.search(rf"`{kind}` on\s{day}", text) for day, kind in named)
    parts = here & np.isin(truth["type"], ["cloud", "thin_cloud", "shadow"])
    layers = _days(found.texts("time")[found["layer"] > 0])
    assert np.isin(_days(truth.texts("time")[parts]), layers).all()


def test_the_scar_of_the_fire_is_drawn(run_page: list[Done]) -> None:
    (plan,) = (one for one in plan_four_sites() if one.settings.name == "Birdsville")
    fire = next(one for one in plan.injections if one.type == "fire")
    effects = simulate(plan, fire.date + 1).effects
    (touched,) = (one.touched for one in effects if one.injection is fire)
    share = touched.reshape(len(touched) // 2, 2, -1, 2).mean(axis=(1, 3))
    burnt = share > 0.5
    text = PAGE.read_text("utf-8")
    (path,) = (path for path in files_made(run_page) if path.name == "break_day.tif")
    days = gdal.Open(str(path)).ReadAsArray()
    broken = days > 0
    said = re.search(
        r"Of the (\d+) pixels .*? burnt, (\d+) have broken, of the other (\d+), (\d+) have",
        text, re.DOTALL,
    )  # fmt: skip
    assert said is not None
    counts = (burnt.sum(), (burnt & broken).sum(), (~burnt).sum(), (~burnt & broken).sum())
    assert [int(one) for one in said.groups()] == pytest.approx(counts, abs=2)
    first, last = (int(np.datetime64(day).astype(int)) for day in ("2019-12-04", "2020-12-26"))
    soon = re.search(r"(\d+) breaks are dated from 28 October to 4 December", text)
    outside = re.search(
        r"lets 1.5 pixels .*? (\d+) of the \d+ burnt in part.*? (\d+) break\s.*? (\d+) are left",
        text, re.DOTALL,
    )  # fmt: skip
    assert soon is not None
    assert outside is not None
    assert int(soon[1]) == pytest.approx((broken & (days <= first)).sum(), abs=2)
    other, part = ~burnt & broken, share > 0
    ends = other & ~part & (days == last)
    counts = ((other & part).sum(), ends.sum(), (other & ~part & ~ends).sum())
    assert [int(one) for one in outside.groups()] == pytest.approx(counts, abs=2)
    assert round(0.001 * (~burnt).sum(), 1) == 1.5


def _days(texts: AnyArray) -> TimeArray:
    return np.array([text[:10] for text in texts], dtype="datetime64[D]")
