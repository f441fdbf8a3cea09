# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin in a real QGIS window under a virtual screen: what it adds, what it takes back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.desktop

INSIDE = Path(__file__).with_name("inside.py")


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """A virtual screen; the name of its display."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("Xvfb is not installed (scripts/setup.sh installs it)")
    reading, writing = os.pipe()
    command = [
        server,
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1600x1000x24",
        "-dpi",
        "96",
        "-nolisten",
        "tcp",
    ]
    with subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        os.close(writing)
        with os.fdopen(reading) as pipe:
            display = pipe.readline().strip()
        yield f":{display}"
        process.terminate()


@pytest.fixture(scope="module")
def visits(
    screen: str, repo_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What was seen in two visits of one QGIS profile, the second after a restart."""
    folder = tmp_path_factory.mktemp("window")
    return {visit: go(visit, screen, repo_root, folder) for visit in ("first", "second")}


@pytest.fixture(scope="module")
def linked(
    screen: str, repo_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What was seen when points of the plots were clicked, with the example on the map."""
    return go("linked", screen, repo_root, tmp_path_factory.mktemp("linked"))


@pytest.fixture(scope="module")
def series(
    screen: str, repo_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What was seen in the panel of time series with its example."""
    return go("series", screen, repo_root, tmp_path_factory.mktemp("series"))


def go(visit: str, screen: str, repo_root: Path, folder: Path) -> dict[str, Any]:
    """One visit of a real QGIS with its profile in ``folder``."""
    answer, grab = folder / f"{visit}.json", folder / f"{visit}.png"
    environment = {
        **os.environ,
        "DISPLAY": screen,
        "QT_QPA_PLATFORM": "xcb",
        "LC_ALL": "C.UTF-8",
        "CALVAL_PROFILE": str(folder / "profile"),
        "CALVAL_SEEN": str(answer),
        "CALVAL_GRAB": str(grab),
        "CALVAL_VISIT": visit,
    }
    command = [str(repo_root / "scripts" / "qgis"), "--nologo", "--code", str(INSIDE)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=1800
    )
    assert answer.exists(), done.stdout + done.stderr
    seen = json.loads(answer.read_text(encoding="utf-8"))
    assert "error" not in seen, seen["error"]
    assert "Traceback" not in done.stderr, done.stderr
    seen["grab"] = grab
    seen["code"] = done.returncode
    return seen


def test_everything_is_there_at_the_start(visits: dict[str, dict[str, Any]]) -> None:
    start = visits["first"]["start"]
    assert start["algorithms"] > 0
    wanted = {"loaded": True, "menu": True, "button": True, "panel": False}
    assert {key: start[key] for key in wanted} == wanted


def test_panel_opens_and_closes(visits: dict[str, dict[str, Any]]) -> None:
    assert visits["first"]["opened"]["panel"]
    assert not visits["first"]["closed"]["panel"]


def test_unloading_takes_everything_back(visits: dict[str, dict[str, Any]]) -> None:
    unloaded = visits["first"]["unloaded"]
    assert not any(unloaded.values()), unloaded
    assert visits["first"]["again"] == visits["first"]["start"]


def test_panel_is_where_it_was_left(visits: dict[str, dict[str, Any]]) -> None:
    assert visits["first"]["moved"]["on_the_left"]
    assert visits["second"]["start"]["panel"]
    assert visits["second"]["start"]["on_the_left"]


def test_windows_close_cleanly(visits: dict[str, dict[str, Any]]) -> None:
    assert [visits[name]["code"] for name in ("first", "second")] == [0, 0]


@pytest.mark.parametrize("visit", ["first", "second"])
def test_window_is_drawn(visits: dict[str, dict[str, Any]], visit: str) -> None:
    from qgis.PyQt.QtGui import QImage

    image = QImage(str(visits[visit]["grab"]))
    assert image.width() >= 600
    step = 7
    pixels = {
        image.pixel(x, y)
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), step)
    }
    assert len(pixels) > 50, "the window is nearly empty"


def near(one: list[float], other: list[float], reach: float) -> bool:
    return abs(one[0] - other[0]) <= reach and abs(one[1] - other[1]) <= reach


def test_click_in_the_scatter_moves_the_map_to_the_site(linked: dict[str, Any]) -> None:
    assert linked["picked"] == "Beijing"
    assert near(linked["far"]["before"], [0.0, 0.0], 1e-6)
    assert near(linked["far"]["after"], linked["site"], 1e-3)
    assert linked["far"]["pixel"] == pytest.approx(linked["pixel"])


def test_click_selects_the_match_up_and_loads_its_product(linked: dict[str, Any]) -> None:
    assert ["Beijing", linked["product"]] in linked["selected"]
    assert linked["images"] == [linked["product"]]


def test_click_in_the_series_moves_the_map_only_near_its_border(linked: dict[str, Any]) -> None:
    assert not near(linked["border"]["before"], linked["site"], 0.05)
    assert near(linked["border"]["after"], linked["site"], 1e-3)
    assert linked["inside"]["after"] == linked["inside"]["before"]
    assert linked["code"] == 0


def test_time_series_are_linked_with_the_map(series: dict[str, Any]) -> None:
    assert series["sites"] == ["Australia", "Beijing", "Morocco", "Toulouse"]
    assert series["common"] >= 1
    assert series["temporal"]
    assert series["chosen"] == ["Morocco", True]
    assert series["selected"] == series["expected"]
    assert near(series["center"], [-5.6, 30.9], 1e-3)


def test_key_and_verdict_reach_the_table(series: dict[str, Any]) -> None:
    assert series["next"]
    assert series["verdicts"] == 6  # one row for each band
    assert series["code"] == 0


def test_window_closes_after_work_in_threads_that_qgis_had_used(
    screen: str, repo_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seen = go("closing", screen, repo_root, tmp_path_factory.mktemp("closing"))
    assert len(seen["dates"]) == 4
    assert min(seen["dates"]) > 0
    assert seen["code"] == 0
