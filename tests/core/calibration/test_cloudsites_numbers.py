# SPDX-License-Identifier: GPL-3.0-or-later
"""What a search says of many scenes: frequencies and areas equal to what was planted, statistics
equal to those of the pixels, intervals that hold, and gains that a calibration gets back.
"""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from made_cloudsites import LIMITS, day

from calval_toolbox.core.calibration.clouds import CloudSettings, calibrate_clouds
from calval_toolbox.core.calibration.cloudsites.cells import cell_name, covered, neighbors
from calval_toolbox.core.calibration.cloudsites.distributions import distributions
from calval_toolbox.core.calibration.cloudsites.finding import (
    CloudSites,
    find_cloud_sites,
    why_none,
)
from calval_toolbox.core.calibration.cloudsites.frequency import (
    ALL,
    find_areas,
    frequency_table,
    tallies,
)
from calval_toolbox.core.calibration.cloudsites.limits import AreaLimits
from calval_toolbox.core.calibration.cloudsites.outcome import (
    BIN,
    SceneOutcome,
    Stage,
    histogram,
    overpass_of,
)
from calval_toolbox.core.calibration.cloudsites.run import SearchRequest, SearchResult
from calval_toolbox.core.calibration.cloudsites.simulate import CLOUD, SEA, plan_of, write_tile
from calval_toolbox.core.calibration.database_run import CrossRequest, SideReader
from calval_toolbox.core.calibration.pdf_statistics import Statistic, density, replicate_weights
from calval_toolbox.core.database import open_database, parse_name
from calval_toolbox.core.database.runs import list_runs, load_run
from calval_toolbox.core.types import Product

GAINS = {"B2": 1.02, "B3": 0.985, "B8A": 1.01}
BANDS = ("B2", "B3", "B4", "B8A", "B10", "B11")
MONTHS = ("01", "02", "03", "04")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CloudSites]:
    """Four months of a tile: three scenes a month, clouds in two of January, one of February and
    March, none of April. A second tile of one overpass shows the same cells again.
    """
    folder = tmp_path_factory.mktemp("archive")
    clouded = {("01", 5), ("01", 15), ("02", 5), ("03", 25)}
    for month in MONTHS:
        for date in (5, 15, 25):
            cloud = (month, date) in clouded
            time, seed = day(f"2024-{month}-{date:02d}"), 31 * int(month) + date
            made = np.full((24, 24), CLOUD if cloud else SEA)
            plan = plan_of(made, seed=seed, gains=GAINS, time=time,
                           bands=BANDS if cloud else BANDS[:1],
                           cloud_percent=100.0 if cloud else 40.0)  # fmt: skip
            write_tile(folder, plan, seed=seed)
    twin = plan_of(np.full((24, 24), SEA), time=day("2024-01-05"), bands=BANDS[:1], tile="T33NTB",
                   cloud_percent=40.0)  # fmt: skip
    write_tile(folder, twin)
    request = SearchRequest([str(folder)], clouds=LIMITS)
    database = folder / "clouds.gpkg"
    return database, find_cloud_sites(parse_name(str(database)), request, AreaLimits(3, 0.1), 50)


def wilson(count: int, total: int) -> tuple[float, float]:
    """The interval as its paper writes it."""
    z, p = 1.959963984540054, count / total
    middle, root = p + z * z / (2 * total), sqrt(p * (1 - p) / total + z * z / (4 * total**2))
    return (middle - z * root) / (1 + z * z / total), (middle + z * root) / (1 + z * z / total)


def test_frequencies_are_the_planted_counts(archive: tuple[Path, CloudSites]) -> None:
    _, found = archive
    rows = found.frequency_table()
    inner = cell_name((2641, 361), LIMITS.cell_deg)
    of = {rows["month"][row]: row for row in np.flatnonzero(rows["cell"] == inner)}
    planted = {ALL: (12, 4), "2024-01": (3, 2), "2024-02": (3, 1), "2024-03": (3, 1),
               "2024-04": (3, 0)}  # fmt: skip
    assert set(of) == set(planted)
    for month, (scenes, clouded) in planted.items():
        row = of[month]
        assert (rows["scenes"][row], rows["cloud_scenes"][row]) == (scenes, clouded)
        assert rows["candidates"][row] == clouded
        assert rows["frequency"][row] == pytest.approx(clouded / scenes)
        low, high = wilson(clouded, scenes)
        assert rows["frequency_low"][row] == pytest.approx(max(low, 0.0), abs=1e-9)
        assert rows["frequency_high"][row] == pytest.approx(high, abs=1e-9)
    assert rows.geometry is not None
    stages = found.stages()
    assert stages["deep convective clouds measured"] == 4
    assert stages["nothing bright and white in its preview"] == 9


def test_areas_are_ranked_by_expected_pixels(archive: tuple[Path, CloudSites]) -> None:
    _, found = archive
    (area,) = found.areas
    clouds = sum(one.clouds for one in found.result.outcomes)
    assert area.pixels[0] == pytest.approx(clouds / len(MONTHS))
    assert area.pixels[1] < area.pixels[0] < area.pixels[2]
    assert (area.tally.scenes, area.tally.cloud_scenes, area.months) == (12, 4, 4)
    assert (area.best_month, area.zone) == ("2024-01", "Clouds_Africa")
    table = found.area_table()
    assert table["rank"].tolist() == [1]
    few = find_areas(found.result.outcomes, found.tallies, LIMITS.cell_deg, AreaLimits(13, 0.1), ())
    assert few == []


def test_few_scenes_are_told(archive: tuple[Path, CloudSites]) -> None:
    _, found = archive
    rows = frequency_table(found.tallies, LIMITS.cell_deg, AreaLimits(5, 0.1))
    assert set(rows["remark"][rows["month"] != ALL]) == {"only 3 scenes: the interval is wide"}
    assert set(rows["remark"][rows["month"] == ALL]) == {""}


def test_statistics_are_those_of_the_pixels(archive: tuple[Path, CloudSites]) -> None:
    _, found = archive
    outcomes = [one for one in found.result.outcomes if one.clouds]
    for band in ("B2", "B8A"):
        (one,) = [made for made in found.distributions if made.band == band]
        values = np.concatenate([
            np.repeat(*bands[band]) * BIN for o in outcomes for bands in o.values.values()
        ])  # fmt: skip
        assert one.pixels == len(values) == sum(o.clouds for o in outcomes)
        plain = density(values)
        for which in Statistic:
            wanted = float(plain.statistic(which)[0])
            assert one.value[which] == pytest.approx(wanted, abs=2e-4), which
        blocks = np.repeat([o.overpass for o in outcomes], [o.clouds for o in outcomes])
        drawn = density(values, replicate_weights(blocks, 50, 0)).statistic(Statistic.MEAN)[1:]
        assert one.error[Statistic.MEAN] == pytest.approx(drawn.std(ddof=1), rel=1e-6)


def test_database_has_the_statistics_and_the_sites(archive: tuple[Path, CloudSites]) -> None:
    database, found = archive
    with open_database(str(database)) as db:
        runs = list_runs(db, "findcloudsites")
        summaries = load_run(db, runs[-1].id).summaries
    assert [run.sensor for run in runs] == ["", "S2A/MSI"]
    (one,) = [made for made in found.distributions if made.band == "B4"]
    row = int(np.flatnonzero((summaries["band"] == "B4")
                             & (summaries["method"] == "reflectance, mode"))[0])  # fmt: skip
    assert summaries["mean"][row] == pytest.approx(one.value[Statistic.MODE])
    assert summaries["standard_error"][row] == pytest.approx(one.error[Statistic.MODE])


def test_calibration_over_what_was_found_gets_the_planted_gains(
    archive: tuple[Path, CloudSites],
) -> None:
    database, _ = archive
    with open_database(str(database)) as db:
        side = SideReader(db, CrossRequest("S2A/MSI", "", target_version="05.10 dcc")).target()
    found = calibrate_clouds(side, CloudSettings("B4", replicates=100))
    assert len(found.used) >= 40
    assert {one.band for one in found.bands} == {"B2", "B3", "B8A"}
    for one in found.bands:
        for which in (Statistic.MEAN, Statistic.MEDIAN):
            off = one.a_k[which] - GAINS[one.band]
            assert abs(off) <= max(2.0 * one.error[which], 5e-4), (one.band, which)
            assert abs(off) < 1.5e-3


def outcome(number: int, counts: dict, clouds: np.ndarray | None = None) -> SceneOutcome:
    values = {} if clouds is None else {next(iter(counts)): {"B4": histogram(clouds)}}
    time = np.datetime64("2024-01-01", "ms") + np.timedelta64(5 * number, "D")
    return SceneOutcome(f"p{number}", "S", time, f"o{number}", tuple(counts), Stage.BANDS,
                        counts=counts, values=values)  # fmt: skip


def test_intervals_of_frequencies_hold_what_was_planted() -> None:
    rng = np.random.default_rng(4)
    for planted, scenes in ((0.1, 40), (0.3, 15)):
        held = []
        for _ in range(400):
            made = [outcome(n, {(0, 0): (9, 5 * int(rng.random() < planted))})
                    for n in range(scenes)]  # fmt: skip
            _, low, high = tallies(made)[(0, 0), ALL].frequency()
            held.append(low <= planted <= high)
        assert 0.90 <= np.mean(held) <= 0.99


def test_errors_of_statistics_hold_what_was_planted() -> None:
    """Overpasses differ more than their pixels do: blocks have to be drawn."""
    rng = np.random.default_rng(6)
    held = []
    for _ in range(60):
        made = []
        for number in range(25):
            values = 0.9 + 0.02 * rng.standard_normal() + 0.005 * rng.standard_normal(60)
            made.append(outcome(number, {(0, 0): (60, 60)}, values))
        (one,) = distributions(made, 60, 0)
        held.append([abs(one.value[which] - 0.9) <= 1.96 * one.error[which]
                     for which in (Statistic.MEAN, Statistic.MEDIAN)])  # fmt: skip
    share = np.mean(held, axis=0)
    assert (share >= 0.85).all()
    assert (share <= 1.0).all()


def test_one_overpass_has_no_error() -> None:
    (one,) = distributions([outcome(0, {(0, 0): (9, 9)}, np.linspace(0.8, 0.9, 9))], 50, 0)
    assert one.value[Statistic.MEAN] == pytest.approx(0.85, abs=1e-3)
    assert all(np.isnan(error) for error in one.error.values())


def test_cells_of_a_scene_and_groups_of_cells() -> None:
    ring = ((0.0, 0.0), (2.05, 0.0), (2.05, 1.0), (0.0, 1.0), (0.0, 0.0))
    product = Product("a", "safe", "MSI", "", "L1C", "", np.datetime64("2024-01-01"),
                      footprint=ring)  # fmt: skip
    # A twentieth of the third cell is too little of it.
    assert covered(product, 1.0) == ((0, 0), (1, 0))
    # A scene that is smaller than its cell is seen in it all the same.
    assert covered(product, 10.0) == ((0, 0),)
    assert neighbors([(0, 0), (5, 5), (0, 1), (1, 1), (6, 6)], 1.0) == [
        [(0, 0), (0, 1), (1, 1)], [(5, 5)], [(6, 6)],
    ]  # fmt: skip
    assert cell_name((-3, -1), 0.25) == "DCC 0.12S 0.62W (0.25 deg)"


def test_tiles_of_one_overpass_are_one_scene() -> None:
    first = outcome(0, {(0, 0): (9, 0), (1, 0): (9, 4)})
    # Of the third cell it shows too little: its cloud is measured, and counts in no frequency.
    same = SceneOutcome("q", "S", first.time, "o0", ((0, 0),), Stage.BANDS,
                        counts={(0, 0): (9, 2), (2, 0): (2, 1)})  # fmt: skip
    found = tallies([first, same, outcome(1, {(0, 0): (9, 0)})])
    assert (found[(0, 0), ALL].scenes, found[(0, 0), ALL].cloud_scenes) == (2, 1)
    assert ((2, 0), ALL) not in found
    assert same.clouds == 3


def test_one_flight_is_one_overpass_in_every_baseline() -> None:
    names = ("GS2A_20180526T081601_015276_N02.06", "GS2A_20180526T081601_015276_N05.10", "")
    made = [
        Product("/a/S2A_X.SAFE", "safe", "MSI", "", "L1C", "", np.datetime64("2018-05-26"),
                datatake=name)
        for name in names
    ]  # fmt: skip
    assert [overpass_of(one) for one in made] == [
        "GS2A_20180526T081601_015276", "GS2A_20180526T081601_015276", "S2A_X",
    ]  # fmt: skip


def test_products_dropped_by_metadata_are_told() -> None:
    """No rule judged a pixel: the reader is told what dropped the product, and of no rules."""
    time = np.datetime64("2024-01-01", "ms")
    lone = SceneOutcome("p", "S", time, "o", (), Stage.METADATA, "12.0 % clouds")
    words = why_none(SearchResult((lone,), 0, 0, 0, ()))
    assert "1 product: too few clouds by its metadata (12.0 % clouds)." in words
    assert "MIN_CLOUD_PERCENT" in words
    assert "rule" not in words
    read = SceneOutcome("q", "S", time, "o", (), Stage.BANDS)
    words = why_none(SearchResult((lone, read), 0, 0, 0, ()))
    assert "in 1 product whose bands were read" in words
    assert "what each rule removes" in words
