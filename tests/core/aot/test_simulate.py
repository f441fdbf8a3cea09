# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration data: reproducible, named as real products are, and true to what they plant."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.aot.aeronet_import import import_files
from calval_toolbox.core.aot.comparison import Comparison, compare
from calval_toolbox.core.aot.expected_errors import EXPECTED_ERRORS
from calval_toolbox.core.aot.extract_files import ExtractionReport, extract_files
from calval_toolbox.core.aot.extraction import ExtractionSettings
from calval_toolbox.core.aot.matchup_tables import observations_from_table
from calval_toolbox.core.aot.simulate import DemoScenario, write_demo
from calval_toolbox.core.aot.simulate_plan import CAMPAIGNS, plan_demo
from calval_toolbox.core.aot.simulate_scene import (
    HEADLINE_WINDOW_M,
    ErrorModel,
    SceneSettings,
    simulate_scene,
)
from calval_toolbox.core.aot.status import NO_AOT
from calval_toolbox.core.aot.types import MatchSettings
from calval_toolbox.core.errors import OutputError

SHORT = tuple(
    replace(campaign, last=last, sites=("Toulouse", "Beijing"))
    for campaign, last in zip(CAMPAIGNS, ("2018-02-10", "2013-02-10", "2015-04-20"), strict=True)
)
WINDOWS = (1000.0, 5000.0, 20000.0)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoScenario:
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def extracted(demo: DemoScenario) -> dict[str, ExtractionReport]:
    sites = import_files([demo.aeronet]).table
    return {
        name: extract_files([str(folder)], sites, "", ExtractionSettings(WINDOWS))
        for name, folder in demo.products.items()
    }


def _compared(demo: DemoScenario, report: ExtractionReport) -> Comparison:
    reference = observations_from_table(import_files([demo.aeronet]).table, value_field="aot")
    satellite = observations_from_table(report.table)
    settings = MatchSettings(window_m=HEADLINE_WINDOW_M)
    return compare(satellite, reference, settings, EXPECTED_ERRORS["dark_target"], 500)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    write_demo(tmp_path / "one", 5, SHORT)
    write_demo(tmp_path / "two", 5, SHORT, workers=1)
    write_demo(tmp_path / "other", 6, SHORT)
    one, two, other = (_hashes(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one != other
    (tmp_path / "one" / "aeronet" / "older.lev20").write_text("of another version")
    write_demo(tmp_path / "one", 5, SHORT)  # over its own files
    assert _hashes(tmp_path / "one") == two


def test_foreign_files_are_never_overwritten(tmp_path: Path) -> None:
    for name in ("thesis.txt", "README.txt"):
        folder = tmp_path / name
        (folder / "aeronet").mkdir(parents=True)
        (folder / name).write_text("precious")
        with pytest.raises(OutputError, match="already holds other files"):
            write_demo(folder, campaigns=SHORT)
        assert {path.name for path in folder.iterdir()} == {"aeronet", name}
        assert (folder / name).read_text() == "precious"


def test_names_and_layouts_are_those_of_the_archives(demo: DemoScenario) -> None:
    names = {key: [p.name for p in folder.iterdir()] for key, folder in demo.products.items()}
    muscate = re.compile(r"SENTINEL2A_\d{8}-\d{6}-\d{3}_L2A_T(31TCJ|50SMK|29RPQ|54JUS)_C_V\d-\d$")
    spot4 = re.compile(r"SPOT4_HRVIR1_XS_2013\d{4}_N2A_[A-Za-z]+D\d{4}B\d{4}$")
    spot5 = re.compile(r"SPOT5_HRG2_XS_2015\d{4}_N2A_[A-Za-z]+D\d{4}B\d{4}$")
    for pattern, found in zip((muscate, spot4, spot5), names.values(), strict=True):
        assert found
        assert all(pattern.match(name) for name in found)
    product = demo.products["Sentinel-2"] / names["Sentinel-2"][0]
    kinds = {path.name.split("_")[-2] for path in product.rglob("*.tif")}
    assert kinds == {"ATB", "CLM", "MG2", "IAB", "EDG", "SAT"}
    heads = [p.read_bytes()[:44] for p in demo.aeronet.iterdir() if p.suffix != ".gz"]
    assert b"AERONET Data Download (Version 3 Direct Sun)" in heads
    assert any(head.startswith(b"AERONET Version 3; \n") for head in heads)
    suffixes = {path.name.removesuffix(".gz").rsplit(".", 1)[-1] for path in demo.aeronet.iterdir()}
    assert suffixes == {"lev20", "lev15", "txt"}
    assert sum(path.stat().st_size for path in demo.folder.rglob("*")) < 16e6


@pytest.mark.parametrize("campaign", [campaign.name for campaign in CAMPAIGNS])
def test_the_chain_recovers_the_planted_error(
    campaign: str, demo: DemoScenario, extracted: dict[str, ExtractionReport]
) -> None:
    found = _compared(demo, extracted[campaign])
    rows = found.matchups.accepted & (found.matchups.extra["window_m"] == HEADLINE_WINDOW_M)
    errors = dict(zip(demo.truth["product"], demo.truth["aot_error"], strict=True))
    planted = np.array([errors[name] for name in found.matchups.extra["product"][rows]])
    bias, rmse = found.overall.accuracy, found.overall.uncertainty
    assert found.overall.count == len(planted) >= 45
    assert bias.low <= planted.mean() <= bias.high
    assert bias.value == pytest.approx(planted.mean(), abs=0.008)
    assert rmse.value == pytest.approx(np.sqrt(np.mean(planted**2)), abs=0.015)
    # image by image, where nothing was filled in and the air was calm
    filled = found.matchups.extra["gapfilled_fraction"][rows] < 0.02
    calm = found.matchups.reference_std[rows] < 0.01
    error = (found.matchups.difference[rows] - planted)[filled & calm]
    if campaign == "Sentinel-2":
        assert len(error) >= 4
        assert np.abs(error).max() < 0.01


def test_every_site_can_be_ranked(
    demo: DemoScenario, extracted: dict[str, ExtractionReport]
) -> None:
    found = _compared(demo, extracted["Sentinel-2"]).matchups
    rows = found.accepted & (found.extra["window_m"] == HEADLINE_WINDOW_M)
    for site in ("Toulouse", "Beijing", "Ouarzazate", "Birdsville"):
        own = rows & (found.site == site)
        assert own.sum() >= 20
        assert len(np.unique(found.time[own].astype("datetime64[M]"))) >= 8


def test_haze_over_beijing_is_clipped(
    demo: DemoScenario, extracted: dict[str, ExtractionReport]
) -> None:
    planted = set(demo.truth["product"][demo.truth["clipped"] == 1])
    table = extracted["Sentinel-2"].table
    clipped = table["saturated_count"] > 0
    assert planted
    assert all("T50SMK" in name for name in planted)
    readable = {name for name in planted if name in set(table["product"])}
    cloudy = set(table["product"][np.isnan(table["aot_mean"])])
    assert readable - cloudy <= set(table["product"][clipped])
    assert table["aot_mean"][clipped].max() <= 255 / 200 + 1e-9


def test_defects_are_survived_and_said(
    demo: DemoScenario, extracted: dict[str, ExtractionReport]
) -> None:
    broken = set(demo.truth["product"][demo.truth["defect"] == "truncated metadata"])
    assert {Path(p).name for p in extracted["Sentinel-2"].unreadable["path"]} == broken
    table = extracted["SPOT4-Take5"].table
    without = set(demo.truth["product"][demo.truth["defect"] == "product without AOT"])
    assert set(table["product"][table["status"] == NO_AOT]) == without
    assert len(broken) == len(without) == 1


def test_masks_show_what_was_planted(
    demo: DemoScenario, extracted: dict[str, ExtractionReport]
) -> None:
    table = extracted["Sentinel-2"].table
    large = table["window_m"] == 5000.0
    shares = dict(zip(demo.truth["product"], demo.truth["cloud_share"], strict=True))
    filled = dict(zip(demo.truth["product"], demo.truth["gapfilled_share"], strict=True))
    for name, cloud, gaps in zip(
        table["product"][large],
        table["cloud_fraction"][large],
        table["gapfilled_fraction"][large],
        strict=True,
    ):
        # clouds take their shadows with them, and the window is a little smaller than the image
        assert shares[name] - 0.08 <= cloud <= 2.0 * shares[name] + 0.08
        if shares[name] == 0.0:
            assert gaps == pytest.approx(filled[name], abs=0.06)


def test_a_scene_has_the_mean_that_was_asked_for() -> None:
    settings = SceneSettings(0.31, 2.0, hot_spot=0.2, tilt_per_km=0.05)
    for pixel in (10.0, 20.0):
        scene = simulate_scene(settings, pixel, np.random.default_rng(1))
        edge = round(100.0 / pixel)
        assert scene.aot[edge:-edge, edge:-edge].mean() == pytest.approx(0.31)
        assert scene.aot.std() > 0.005
        assert not scene.cloud.any()


def test_the_error_model_plants_bias_and_scatter() -> None:
    model = ErrorModel(0.02, -0.1, 0.02, 0.1, 0.3, {"Desert": 0.05}, {"Desert": 2.0})
    rng = np.random.default_rng(3)
    aot = np.full(40_000, 0.3)
    months = np.repeat(np.arange(4000.0), 10)
    errors = model.draw("Desert", aot, months, rng)
    assert errors.mean() == pytest.approx(0.02 - 0.03 + 0.05, abs=0.003)
    assert errors.std() == pytest.approx(2.0 * (0.02 + 0.03), rel=0.03)
    monthly = errors.reshape(4000, 10).mean(axis=1)
    assert monthly.var() / errors.var() == pytest.approx(0.3 + 0.7 / 10, rel=0.1)


def test_the_plan_is_the_same_for_the_same_seed() -> None:
    one, two = plan_demo(3), plan_demo(3)
    assert [image.error for image in one.images] == [image.error for image in two.images]
    assert [image.error for image in one.images] != [image.error for image in plan_demo(4).images]
