# SPDX-License-Identifier: GPL-3.0-or-later
"""Fusion of maps: labels of the Orfeo ToolBox, Dempster's rule by hand, votes and ties."""

from __future__ import annotations

import shutil
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.classification.maps.fuse_files import shared_grid
from calval_toolbox.core.classification.maps.fusion import (
    MASSES,
    choice_of,
    codes_from,
    combine_masses,
    confidence_of,
    count_votes,
    masses_of,
    table_of,
    weigh_votes,
)
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.confusion_files import read_confusion
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

CODES = [11, 12, 31, 42, 43, 51]
# What FusionOfClassifications of the Orfeo ToolBox 8.1.1 gave for all pairs (rows: the first map,
# columns: the second; 0 no class, 1 to 6 the classes of CODES, u undecided) with the matrices of
# radar and optical images, and by majority for all triples (columns: second and third map).
OTB = {
    "mv2": (
        "0uuuuuu",
        "u1uuuuu",
        "uu2uuuu",
        "uuu3uuu",
        "uuuu4uu",
        "uuuuu5u",
        "uuuuuu6",
    ),
    "ds_precision": (
        "0123456",
        "1111111",
        "2122456",
        "3123456",
        "4424456",
        "5125456",
        "6666656",
    ),
    "ds_recall": (
        "0123456",
        "1111156",
        "2122456",
        "3123456",
        "4424456",
        "512u456",
        "6626656",
    ),
    "ds_accuracy": (
        "0123456",
        "1123456",
        "2123456",
        "3123456",
        "4123456",
        "5123456",
        "6123456",
    ),
    "ds_kappa": (
        "0000000",
        "0000000",
        "0000000",
        "0000000",
        "0000000",
        "0000000",
        "0000000",
    ),
    "mv3": (
        "000000001uuuuu0u2uuuu0uu3uuu0uuu4uu0uuuu5u0uuuuu6",
        "01uuuuu1111111u12uuuuu1u3uuuu1uu4uuu1uuu5uu1uuuu6",
        "0u2uuuuu12uuuu2222222uu23uuuuu2u4uuuu2uu5uuu2uuu6",
        "0uu3uuuu1u3uuuuu23uuu3333333uuu34uuuuu3u5uuuu3uu6",
        "0uuu4uuu1uu4uuuu2u4uuuuu34uu4444444uuuu45uuuuu4u6",
        "0uuuu5uu1uuu5uuu2uu5uuuu3u5uuuuu45u5555555uuuuu56",
        "0uuuuu6u1uuuu6uu2uuu6uuu3uu6uuuu4u6uuuuu566666666",
    ),
}


def expected(name: str) -> np.ndarray:
    places = {"u": -1} | {str(n): n for n in range(10)}
    return np.array([[places[letter] for letter in row] for row in OTB[name]]).ravel()


@pytest.fixture(scope="module")
def matrices(shared_data: Path) -> list[Path]:
    folder = shared_data / "classification" / "iota2_testdata"
    return [folder / f"{name}_confusion.csv" for name in ("sar", "opt")]


@pytest.mark.parametrize("kind", MASSES)
def test_dempster_shafer_gives_the_labels_of_otb(matrices: list[Path], kind: str) -> None:
    masses = np.array([masses_of(read_confusion(path), kind) for path in matrices])
    winner, belief = combine_masses(table_of([7, 7]), masses)
    np.testing.assert_array_equal(winner, expected(f"ds_{kind}"))
    assert belief.min() >= 0.0
    assert belief.max() <= 1.0


@pytest.mark.parametrize(("name", "maps"), [("mv2", 2), ("mv3", 3)])
def test_votes_give_the_labels_of_otb(name: str, maps: int) -> None:
    cases = table_of([7] * maps)
    winner, _ = count_votes(cases)
    np.testing.assert_array_equal(winner, expected(name))
    silent, _ = count_votes(cases, nodata_votes=False)
    full = (cases > 0).all(axis=0)
    np.testing.assert_array_equal(silent[full], winner[full])
    one = (cases > 0).sum(axis=0) == 1
    np.testing.assert_array_equal(silent[one], cases.max(axis=0)[one])


@pytest.mark.skipif(shutil.which("otbcli_FusionOfClassifications") is None, reason="needs otb-bin")
def test_otb_itself_says_so(matrices: list[Path], tmp_path: Path) -> None:
    """The stored labels of one case, made again by the tool where it is installed."""
    pairs = np.array(list(product([0, *CODES], repeat=2)), np.uint8).reshape(7, 7, 2)
    grid = grid_from_epsg(32631, (5e5, 10.0, 0.0, 4e6, 0.0, -10.0), 7, 7)
    for name, values in (("a", pairs[..., 0]), ("b", pairs[..., 1])):
        write_raster(tmp_path / f"{name}.tif", [np.ascontiguousarray(values)], grid)
    subprocess.run(
        ["otbcli_FusionOfClassifications", "-il", "a.tif", "b.tif", "-method", "dempstershafer",
         "-method.dempstershafer.cmfl", *map(str, matrices), "-method.dempstershafer.mob", "recall",
         "-nodatalabel", "0", "-undecidedlabel", "255", "-out", "out.tif", "uint8"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    found = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray().ravel()
    np.testing.assert_array_equal(codes_from(expected("ds_recall"), np.array(CODES), 255), found)


def test_masses_are_joined_as_by_hand() -> None:
    """Two maps say 1 with 0.6 and 0.5, one says 2 with 0.9: 1 has 0.8 x 0.1, 2 has 0.9 x 0.2."""
    masses = np.array([[0.6, 0.0], [0.5, 0.0], [0.0, 0.9]])
    winner, belief = combine_masses(np.array([[1], [1], [2]]), masses)
    assert winner.tolist() == [2]
    assert belief[0] == pytest.approx(0.18 / (0.08 + 0.18 + 0.02))
    # What a map is sure of (mass 1) holds against all others but one that is as sure.
    sure = np.array([[1.0, 1.0], [0.9, 1.0]])
    assert combine_masses(np.array([[1, 1], [1, 2]]), sure)[0].tolist() == [1, -1]
    assert combine_masses(np.array([[1], [0]]), sure)[0].tolist() == [1]


def test_equal_beliefs_are_a_tie_in_any_order_of_the_maps() -> None:
    masses = np.full((3, 3), 0.3)
    cases = np.array([[1, 2, 1], [2, 1, 2], [1, 1, 3], [3, 2, 1]]).T
    assert combine_masses(cases, masses)[0].tolist() == [1, 2, 1, -1]


def test_votes_count_as_their_confidence() -> None:
    said = np.array([[1, 1, 1, 0], [2, 2, 2, 0], [2, 2, 0, 3]])
    weights = np.array([[90.0, 60.0, 50.0, 10.0], [40.0, 40.0, 50.0, 10.0], [40.0, 40.0, 0.0, 0.0]])
    winner, share = weigh_votes(said, weights)
    assert winner.tolist() == [1, 2, -1, 0]
    np.testing.assert_allclose(share[:2], [90 / 170, 80 / 140])


def test_the_choice_says_which_map_was_taken() -> None:
    said = np.array([[1, 1, 1, 0, 1], [1, 2, 2, 2, 2]])
    winner = np.array([1, 1, 2, 2, -1])
    assert choice_of(said, winner).tolist() == [1, 2, 3, 3, 0]
    confidences = np.array([[60.0, 70.0, 80.0, 0.0, 50.0], [90.0, 20.0, 30.0, 40.0, 50.0]])
    found = confidence_of(said, winner, confidences)
    np.testing.assert_array_equal(found, [90.0, 70.0, 30.0, 40.0, np.nan])


@pytest.mark.parametrize(
    ("origin", "size", "crs", "same"),
    [
        ((5e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), (4, 3), True, True),
        ((5e5 + 1e-7, 10.0, 0.0, 4.8e6, 0.0, -10.0), (4, 3), True, True),  # of rounding
        ((5e5 + 0.1, 10.0, 0.0, 4.8e6, 0.0, -10.0), (4, 3), True, False),
        ((5e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), (3, 3), True, False),
        ((5e5, 10.001, 0.0, 4.8e6, 0.0, -10.0), (4, 3), True, False),
        ((5e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), (4, 3), False, False),
    ],
)
def test_maps_share_a_grid_or_are_refused(
    origin: tuple[float, ...], size: tuple[int, int], crs: bool, same: bool, tmp_path: Path
) -> None:
    base = (5e5, 10.0, 0.0, 4.8e6, 0.0, -10.0)
    cases = {"one": (base, (4, 3), True), "two": (origin, size, crs), "none": (base, (4, 3), False)}
    paths = {}
    for name, (place, (columns, rows), known) in cases.items():
        paths[name] = str(tmp_path / f"{name}.tif")
        made = gdal.GetDriverByName("GTiff").Create(paths[name], columns, rows, 1, gdal.GDT_Byte)
        made.SetGeoTransform(place)
        if known:
            made.SetProjection(grid_from_epsg(32631, place, columns, rows).wkt)
        made = None
    if same:
        assert shared_grid([paths["one"], paths["two"]]).width == 4
    else:
        with pytest.raises(InputError, match="another grid"):
            shared_grid([paths["one"], paths["two"]])
    # Two without a coordinate system may be compared.
    assert shared_grid([paths["none"], paths["none"]]).wkt == ""


def test_no_coordinate_system_is_not_that_of_degrees(tmp_path: Path) -> None:
    place, paths = (3.0, 0.1, 0.0, 43.0, 0.0, -0.1), []
    for name, epsg in (("none", 0), ("degrees", 4326)):
        paths.append(str(tmp_path / f"{name}.tif"))
        made = gdal.GetDriverByName("GTiff").Create(paths[-1], 4, 3, 1, gdal.GDT_Byte)
        made.SetGeoTransform(place)
        if epsg:
            made.SetProjection(grid_from_epsg(epsg, place, 4, 3).wkt)
        made = None
    for pair in (paths, paths[::-1]):
        with pytest.raises(InputError, match="another grid"):
            shared_grid(pair)
