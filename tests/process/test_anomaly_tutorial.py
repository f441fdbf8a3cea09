# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial on anomalies is run as it is written; its numbers and its table are those found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from tutorial_page import BLOCK, ROOT, Done, check_prose, compare_numbers, files_made, run

from calval_toolbox.core.anomalies.scenes import plan_four_sites
from calval_toolbox.core.anomalies.scenes.compare import LEAST_SHARE
from calval_toolbox.core.anomalies.scenes.images import simulate
from calval_toolbox.core.anomalies.scores import FEWEST_CLEAR
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.table import Table
from calval_toolbox.core.types import AnyArray, TimeArray

PAGE = ROOT / "help" / "tutorials" / "find_timeseries_anomalies.md"
NAME, DAY = r"(\w+)", r"(\d{4}-\d\d-\d\d)"
ROW = re.compile(rf"^\| {NAME} \| {DAY} \| {NAME} \| (\S+) \| (\d+) of (\d+) \|", re.MULTILINE)
PRINTED = re.compile(rf"^{NAME} +{DAY} +{NAME} +(\S+) +(\d+) of (\d+)", re.MULTILINE)

DATE, LONG = r"(\d{4}-\d\d-\d\d)", r"(\d+ [A-Z]\w+ \d{4})"
# All that the text says in numbers, but for numbers of steps; a test below asks for each of them.
PHRASES = {
    "years": r"three years of Sentinel-2 products \D*?, (\d{4}) to (\d{4}), one image",
    "step": rf"from {LONG} on every image of all sites is brighter by (\d+) %",
    "size": r"the data, some (\d+) MB",
    "places": r"The places are (\d+) squares inside parcels, and the (\d+) whole images",
    "flags": r"Those below 0\.001 are flagged: (\d+), where chance alone would flag 1\.7",
    "fields": r"Over winter fields (\d+) % are within the noise",
    "noise": r"the gain of (\d+) % \(smaller than the noise\)",
    "desert": r"The gain of (\d+) % stays within the noise",
    "dunes": (
        rf"The red dunes, (\d+) % of which burnt, are flagged on (\d+) dates from {LONG} to "
        rf"{LONG}, as \*(\w+)\* or \*(\w+)\*"
    ),
    "no_line": (
        r"\*\*In no line of the table\*\* are (\d+) of the (\d+) flags: \D*? less than half\. "
        r"The (\d+) of the red dunes are among them"
    ),
    "false": r"of \d+ dates with nothing wrong \d+ were flagged, where 1\.4 were expected",
    "missed": r"On (\d+) more dates a mask has missed clouds or shadows",
    "change": (
        rf"of origin `sensor`, from {LONG} on, with an interval \(`earliest`, `latest`\) from "
        rf"{LONG} to\s+{LONG} that holds the planted day"
    ),
    "more": r"(\d+) more dates are wrong now, and (\d+) more are flagged",
    "shared": r"`SHARED_DATE_COUNT` stays (\d+)\.",
    "images": (
        r"The (\d+) images that are off as a whole are called what they are: "
        r"(?:[^.\d]*\d{4}-\d\d-\d\d)*\."
    ),
    "layers": (
        rf"a layer for each of the (\d+) dates that matter: on {DATE} it shows the planted clouds "
        rf"with their shadows, on {DATE} the thin cloud, on {DATE} the shadow"
    ),
    "scar": (
        r"Of the \d+ pixels \(of 20 m\) that burnt, \d+ have broken, of the other \d+, "
        r"(\d+) have"
    ),
    "soon": r"(\d+) breaks are dated from (\d+ \w+) to (\d+ \w+ \d{4}), one to four images after",
    "later": r"nearly all until April (\d{4})",
    "outside": (
        r"lets 1\.5 pixels break by chance, and on these dates rather (\d+): the log warns of "
        r"(\d\.\d) % where `LEVEL` asks for 0\.1 %, \D*? The (\d+) have burnt in part; of the "
        r"pixels without any fire none has broken"
    ),
    "trend": (
        r"the history lasts (\d\.\d) years\. `TREND=true` would extrapolate its trend over "
        r"(\d\.\d) years more"
    ),
    "too_few": r"(\d+) of the (\d+) pixels have too few clear dates",
    "fewest": r"fewer than (\d+) clear dates are not tested",
}  # fmt: skip


def _text() -> str:
    """The text without commands, table and headings, in one line."""
    text = BLOCK.sub("", PAGE.read_text("utf-8"))
    return " ".join(re.sub(r"^(\||#).*$", "", text, flags=re.MULTILINE).split())


def said(name: str) -> tuple[str, ...]:
    """The numbers and words of a phrase of the page."""
    found = re.search(PHRASES[name], _text())
    assert found is not None, f"the page has no more: {PHRASES[name]}"
    return found.groups()


def test_no_number_of_the_text_is_left_out() -> None:
    text = _text()
    known = [re.search(phrase, text) for phrase in PHRASES.values()]
    steps = r"`[^`]*`|Sentinel-2|L2A|\b[Ss]teps? \d(, \d and \d| to \d)?|(^| )\d\. (?=[A-Z*])"
    spans = [one.span() for one in (*known, *re.finditer(steps, text)) if one is not None]
    left = [
        text[max(0, one.start() - 40) : one.end() + 40]
        for one in re.finditer(r"\d[\d.]*", text)
        if not any(first <= one.start() < last for first, last in spans)
    ]
    assert left == []


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
    planted = {size.removeprefix("-") for size in sizes} | {"0.001", "1.4", "1.5", "0.1"}
    planted |= {*said("outside"), *said("trend")}  # tests below hold these
    check_prose(PAGE, planted)
    told = re.search(r"of (\d+) dates with nothing wrong (\d+) were flagged", text)
    printed = re.search(r"false alarms: (\d+) of (\d+)", _output(run_page, "--compare"))
    assert told is not None
    assert printed is not None
    assert (told[1], told[2]) == (printed[2], printed[1])
    assert round(0.001 * int(told[1]), 1) == 1.4


def test_what_the_text_says_of_the_data(run_page: list[Done]) -> None:
    plans, series = plan_four_sites(), _table(run_page, "series.gpkg")
    years = np.unique([one.time.astype("datetime64[Y]").astype(str) for plan in plans
                       for one in plan.images])  # fmt: skip
    assert said("years") == (years[0], years[-1])
    steps = [one for plan in plans for one in plan.injections if one.type == "step"]
    assert len(steps) == len(plans) == 4
    day, percent = said("step")
    assert _day(day) == np.datetime64("2020-02-15")
    assert {round(100 * one.amplitude) for one in steps} == {int(percent)}
    sites = set(series.texts("site"))
    whole = {one for one in sites if one.endswith(" image")}
    assert said("places") == (str(len(sites - whole)), str(len(whole)))
    data = _folder(run_page) / "data"
    used = sum(one.stat().st_size for one in data.rglob("*") if one.is_file())
    assert int(said("size")[0]) == pytest.approx(used / 1e6, abs=1.0)
    assert said("fewest") == (str(FEWEST_CLEAR),)
    gains = [float(row[3]) for row in ROW.findall(PAGE.read_text("utf-8")) if row[2] == "gain"]
    assert {int(said(one)[0]) / 100 for one in ("fields", "noise", "desert")} <= set(gains)


def test_what_the_text_says_of_the_flags(run_page: list[Done]) -> None:
    (count,) = said("flags")
    flags = {(one[0], one[1]) for one in _flags(run_page)}
    assert int(count) == len(flags)
    touched: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for site, product, kind, share in _planted(run_page):
        touched.setdefault((site, product), []).append((kind, share))
    parts = {
        key for key in flags
        if key in touched and all(share < LEAST_SHARE for _, share in touched[key])
    }  # fmt: skip
    less, total, dunes = said("no_line")
    assert (int(less), int(total)) == (len(parts), len(flags))
    burnt = [(key, share) for key in parts for kind, share in touched[key]
             if (key[0], kind) == ("Birdsville red dunes", "fire")]  # fmt: skip
    percent, number, first, last, *kinds = said("dunes")
    assert int(dunes) == int(number) == len(burnt)
    assert {round(100 * share) for _, share in burnt} == {int(percent)}
    keys = {key for key, _ in burnt}
    found = sorted(
        (day, kind) for site, name, day, kind in _flags(run_page) if (site, name) in keys
    )
    assert (found[0][0], found[-1][0]) == (_day(first), _day(last))
    assert {kind for _, kind in found} == set(kinds)
    printed = re.search(r"missed clouds or shadows: (\d+)", _output(run_page, "--compare"))
    assert printed is not None
    assert said("missed") == printed.groups()


def test_what_the_text_says_of_the_change_and_of_own_plants(run_page: list[Done]) -> None:
    changes = _table(run_page, "changes.csv")
    steps = changes.texts("event") == "step"
    day, early, late = said("change")
    for key, wanted in (("time", day), ("earliest", early), ("latest", late)):
        assert set(_days(changes.texts(key)[steps])) == {_day(wanted)}, key
    assert (changes.floats("concerned")[steps] == 1).sum() == 2  # "two places show it"
    planted = len(_table(run_page, "planted_truth.gpkg"))
    before, after = (float(_results(run_page, one)["ANOMALY_COUNT"]) for one in
                     ("steady_anomalies.gpkg", "planted_anomalies.gpkg"))  # fmt: skip
    assert said("more") == (str(planted), f"{after - before:.0f}")
    assert said("shared")[0] == _results(run_page, "planted_anomalies.gpkg")["SHARED_DATE_COUNT"]


def test_what_the_text_says_of_images(run_page: list[Done]) -> None:
    made = _results(run_page, "image_dates.csv")
    assert said("images") == (made["IMAGE_COUNT"],)
    layers, *days = said("layers")
    assert layers == made["LAYER_COUNT"]
    (plan,) = (one for one in plan_four_sites() if one.settings.name == "Ouarzazate")
    planted = {(one.type, plan.images[one.date].time.astype("datetime64[D]").astype(str))
               for one in plan.injections}  # fmt: skip
    assert {*zip(("cloud", "thin_cloud", "shadow"), days, strict=True)} <= planted
    made = _results(run_page, "break_day.tif")
    total = gdal.Open(made["OUTPUT"]).ReadAsArray().size
    assert said("too_few") == (made["TOO_FEW_COUNT"], str(total))


def test_what_the_text_says_of_when_pixels_broke(run_page: list[Done]) -> None:
    (plan,) = (one for one in plan_four_sites() if one.settings.name == "Birdsville")
    images = [one.time.astype("datetime64[D]") for one in plan.images]
    fire = next(one.date for one in plan.injections if one.type == "fire")
    table = _table(run_page, "break_days.csv")
    days, pixels = _days(table.texts("break_time")), table.floats("pixels")
    _, first, last = said("soon")
    end = _day(last)
    assert days.min() == _day(f"{first} {last[-4:]}")
    assert end in days
    assert images.index(days.min()) - fire == 1
    assert 1 <= images.index(end) - fire <= 4
    (year,) = said("later")
    later = days > end
    until = later & (days < np.datetime64(f"{year}-05-01"))
    assert pixels[until].sum() > 0.9 * pixels[later].sum()
    start = np.datetime64("2019-09-20")
    spans = (start - images[0], images[-1] - start)
    lengths = tuple(f"{span / np.timedelta64(1, 'D') / 365.25:.1f}" for span in spans)
    assert said("trend") == lengths


def test_what_the_text_says_of_chance(run_page: list[Done]) -> None:
    warned = re.search(
        r"(\d\.\d) % of stable pixels are called a break by chance, although LEVEL says 0\.1 %",
        _output(run_page, "calval:detectbreaks"),
    )
    assert warned is not None
    count, percent, _ = said("outside")
    assert percent == warned[1]
    (other,) = re.findall(r"of the other (\d+), \d+ have", _text())
    assert int(count) == round(0.01 * float(percent) * int(other))


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
        assert (last - first <= np.timedelta64(30, "D")).all(), name


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
    told = re.search(
        r"Of the (\d+) pixels .*? burnt, (\d+) have broken, of the other (\d+), (\d+) have",
        text, re.DOTALL,
    )  # fmt: skip
    assert told is not None
    counts = (burnt.sum(), (burnt & broken).sum(), (~burnt).sum(), (~burnt & broken).sum())
    assert [int(one) for one in told.groups()] == pytest.approx(counts, abs=2)
    first = int(np.datetime64("2019-12-04").astype(int))
    soon = re.search(r"(\d+) breaks are dated from 28 October to 4 December", text)
    assert soon is not None
    assert int(soon[1]) == pytest.approx((broken & (days <= first)).sum(), abs=2)
    other, part = ~burnt & broken, share > 0
    assert int(said("outside")[2]) == pytest.approx((other & part).sum(), abs=2)
    assert (other & ~part).sum() <= 2  # "none", but for another library
    assert round(0.001 * (~burnt).sum(), 1) == 1.5


def _days(texts: AnyArray) -> TimeArray:
    return np.array([text[:10] for text in texts], dtype="datetime64[D]")


def _day(text: str) -> np.datetime64:
    return np.datetime64(datetime.strptime(text, "%d %B %Y"), "D")


def _results(run_page: list[Done], name: str) -> dict[str, str]:
    """What the last run that made the file ``name`` gave."""
    return [one.results for one in run_page
            if any(value.endswith(f"/{name}") for value in one.results.values())][-1]  # fmt: skip


def _table(run_page: list[Done], name: str) -> Table:
    return read_table(_folder(run_page) / name)


def _folder(run_page: list[Done]) -> Path:
    return Path(_results(run_page, "series.gpkg")["OUTPUT"]).parent


def _flags(run_page: list[Done]) -> Iterator[tuple[str, str, np.datetime64, str]]:
    """Site, product, day and type of each flagged observation."""
    found = _table(run_page, "observations.gpkg")
    bands = found.texts("band")
    rows = (found.floats("flagged") == 1) & (bands == bands[0])
    days = _days(found.texts("time")[rows])
    names = (found.texts(key)[rows] for key in ("site", "product", "type"))
    for site, product, kind, day in zip(*names, days, strict=True):
        yield str(site), str(product), day, str(kind)


def _planted(run_page: list[Done]) -> Iterator[tuple[str, str, str, float]]:
    """Site, product, type and share of each observation that an anomaly covers."""
    truth = _table(run_page, "data/truth_sites.csv")
    keep = (truth.floats("planted") == 1) & (truth.texts("type") != "step")
    columns = [truth.texts(key)[keep] for key in ("site", "product", "type")]
    yield from zip(*columns, truth.floats("share")[keep], strict=True)
