# SPDX-License-Identifier: GPL-3.0-or-later
"""Moving windows, the opening to sites, and their outlines."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.testing import assert_allclose, assert_array_equal
from osgeo import ogr
from scipy import ndimage

from calval_toolbox.core.calibration.stability import bit_rows, candidates, components
from calval_toolbox.core.calibration.stability.bit_rows import bits_of
from calval_toolbox.core.calibration.stability.boxes import good_boxes
from calval_toolbox.core.calibration.stability.candidates import Sites, find_sites
from calval_toolbox.core.calibration.stability.scale import scale_of
from calval_toolbox.core.calibration.stability.settings import Limits, StabilitySettings
from calval_toolbox.core.calibration.stability.sites_table import column_ends
from calval_toolbox.core.calibration.stability.windows import spatial_cv
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.grids import Geotransform, Grid, grid_from_epsg
from calval_toolbox.core.io.outlines import outline_of
from calval_toolbox.core.progress import Silent

WHOLE = (slice(None), slice(None))


def plain_cv(level: np.ndarray, window: tuple[int, int]) -> np.ndarray:
    """The definition, pixel by pixel."""
    found = np.full(level.shape, np.nan)
    down, across = window[0] // 2, window[1] // 2
    for row, column in np.ndindex(level.shape):
        part = level[max(row - down, 0) : row + down + 1, max(column - across, 0) :
                     column + across + 1]  # fmt: skip
        known = part[np.isfinite(part)]
        if np.isfinite(level[row, column]) and len(known) >= 0.5 * part.size:
            found[row, column] = 100.0 * known.std(ddof=1) / known.mean()
    return found


def test_windows_agree_with_the_definition() -> None:
    rng = np.random.default_rng(2)
    level = rng.uniform(0.1, 0.6, (23, 31))
    level[rng.random(level.shape) < 0.2] = np.nan
    got, expected = spatial_cv(level, (5, 7), WHOLE), plain_cv(level, (5, 7))
    assert_array_equal(np.isnan(got), np.isnan(expected))
    assert_allclose(got, expected, atol=1e-3)


def test_windows_see_the_planted_texture() -> None:
    level = 0.45 * (1.0 + 0.01 * np.random.default_rng(3).standard_normal((60, 60)))
    got = spatial_cv(level, (9, 9), WHOLE)
    assert got.mean() == pytest.approx(1.0, rel=0.02)
    # The stated error of a window of 81 pixels.
    assert got[4:-4, 4:-4].std() == pytest.approx(1.0 / np.sqrt(160.0), rel=0.3)


def test_a_window_does_not_see_where_it_is_cut_out() -> None:
    level = np.random.default_rng(4).uniform(0.2, 0.5, (40, 40))
    whole = spatial_cv(level, (7, 7), WHOLE)
    part = spatial_cv(level[7:33, 2:30], (7, 7), (slice(3, 23), slice(3, 25)))
    assert_array_equal(part, whole[10:30, 5:27])


def test_constant_and_empty_ground() -> None:
    assert spatial_cv(np.full((9, 9), 0.4), (3, 3), WHOLE).max() == 0.0
    assert np.isnan(spatial_cv(np.full((9, 9), np.nan), (3, 3), WHOLE)).all()


def sites_of(passed: np.ndarray, box: tuple[int, int], tolerance: float) -> Sites:
    return find_sites(bits_of(passed), box, tolerance, Silent())


def site_labels(passed: np.ndarray, box: tuple[int, int], tolerance: float) -> np.ndarray:
    """The numbers of the sites on the whole grid."""
    return sites_of(passed, box, tolerance).read(0, len(passed))


def plain_labels(passed: np.ndarray, box: tuple[int, int], tolerance: float) -> np.ndarray:
    """The definition, on the whole grid at once."""
    share = sliding_window_view(passed, box).mean(axis=(2, 3))
    found = np.zeros(passed.shape, dtype=bool)
    for row, column in np.argwhere(share >= 1.0 - tolerance - 1e-4):
        found[row : row + box[0], column : column + box[1]] = True
    found &= passed
    holes, count = ndimage.label(~found, structure=np.ones((3, 3)))
    edges = np.concatenate([holes[0], holes[-1], holes[:, 0], holes[:, -1]])
    for number in range(1, count + 1):
        if number not in edges and (holes == number).sum() <= tolerance * box[0] * box[1]:
            found[holes == number] = True
    labels, count = ndimage.label(found)
    numbers = np.zeros(count + 1, dtype=int)
    kept = [number for number in range(1, count + 1)
            if (labels == number).sum() >= box[0] * box[1] * (1.0 - tolerance) - 0.5]  # fmt: skip
    numbers[kept] = np.arange(1, len(kept) + 1)
    return numbers[labels]


def test_sites_are_boxes_with_what_is_connected() -> None:
    passed = np.zeros((60, 80), dtype=bool)
    passed[5:25, 5:25] = True  # a box and
    passed[12:14, 25:50] = True  # a bridge too narrow to be a site
    passed[10:18, 50:58] = True  # too small
    passed[35:55, 40:70] = True
    passed[41, 47] = False  # one bad pixel
    labels = site_labels(passed, (12, 12), 0.02)
    expected = np.zeros(passed.shape, dtype=int)
    expected[5:25, 5:25], expected[35:55, 40:70] = 1, 2
    # A box may lean over the edge by what is let off: here less than one row.
    assert_array_equal(labels > 0, expected > 0)
    assert set(np.unique(labels)) == {0, 1, 2}
    strict = site_labels(passed, (12, 12), 0.0)
    assert strict[41, 47] == 0
    assert labels[41, 47] == 2
    assert not site_labels(passed, (12, 90), 0.02).any()


@pytest.fixture(params=[3, 8, 13, 1000])
def strip(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Rows of a strip; 1000 is the whole grid."""
    for module in (bit_rows, candidates, components):
        monkeypatch.setattr(module, "STRIP", request.param)
    return int(request.param)


@pytest.mark.parametrize("seed", range(4))
def test_strips_give_the_sites_of_the_whole_grid(strip: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    smooth = ndimage.uniform_filter(rng.random((71, 90)), (5, 3 + 4 * (seed % 2)))
    passed = (smooth > 0.5) & (rng.random(smooth.shape) > 0.03)
    for box, tolerance in (((4, 5), 0.1), ((6, 3), 0.2), ((1, 1), 0.0), ((3, 3), 0.4)):
        expected = plain_labels(passed, box, tolerance)
        sites = sites_of(passed, box, tolerance)
        assert expected.max() > 1
        assert_array_equal(sites.read(0, 71), expected)
        assert_array_equal(sites.read(17, 29), expected[17:46])
        assert_array_equal(sites.thinned(4), expected[2::4, 2::4])
        places = ndimage.find_objects(expected)
        assert sites.places == places
        for number in (1, len(places) // 2, len(places)):
            assert_array_equal(sites.inside(number), expected[places[number - 1]] == number)


def test_bridges_over_strips_join_sites(strip: int) -> None:
    """Combs, a spiral and a ring, whose parts meet strips later, and holes that strips cut."""
    passed = np.zeros((64, 70), dtype=bool)
    passed[2:60, 2:5] = passed[2:60, 9:12] = passed[2:60, 16:19] = True
    passed[57:60, 2:19] = True  # a comb that is joined at its end only
    passed[5:40, 25:50] = True
    passed[9:36, 29:46] = False
    passed[12:33, 32:43] = True  # an island in a ring
    passed[20:23, 36:39] = False  # a hole that is filled
    passed[44:62, 25:28] = passed[44:47, 25:60] = passed[44:62, 57:60] = True
    passed[50:53, 31:54] = passed[50:62, 31:34] = True
    for corner in range(3):  # squares that touch by their corners are no one site
        passed[1 + 5 * corner : 6 + 5 * corner, 52 + 5 * corner : 57 + 5 * corner] = True
    for box, tolerance in (((3, 3), 0.0), ((6, 6), 0.3), ((2, 3), 0.2)):
        expected = plain_labels(passed, box, tolerance)
        assert_array_equal(site_labels(passed, box, tolerance), expected)
    labels = site_labels(passed, (3, 3), 0.0)
    assert labels[2, 3] == labels[2, 10] == labels[2, 17] == 2
    assert labels.max() == 8


def test_good_boxes_are_whole_boxes() -> None:
    mask = np.random.default_rng(6).random((12, 15)) < 0.5
    share = sliding_window_view(mask, (4, 3)).mean(axis=(2, 3))
    found = good_boxes(bits_of(mask), (4, 3), 0.6).read(0, 12)
    assert_array_equal(found[:9, :13], share >= 0.6)
    assert not found[9:].any()
    assert not found[:, 13:].any()


@pytest.mark.parametrize(
    ("epsg", "geotransform"),
    [
        (32634, (400_000.0, 1000.0, 0.0, 3_180_000.0, 0.0, -1000.0)),
        (4326, (23.0, 0.01, 0.0, 28.9, 0.0, -0.01)),
        (4326, (23.0, 0.01, 0.0, 70.0, 0.0, -0.01)),
        (3857, (2_560_000.0, 1000.0, 0.0, 3_300_000.0, 0.0, -1000.0)),
    ],
)
def test_outlines_have_their_true_area(epsg: int, geotransform: Geotransform) -> None:
    grid = grid_from_epsg(epsg, geotransform, 60, 50)
    labels = np.zeros((50, 60), dtype=np.int32)
    labels[10:40, 20:50], labels[0:5, 0:5] = 1, 2
    labels[20:22, 30:32] = 0
    first, second = (
        outline_of(labels[place] == number, place, grid)
        for number, place in enumerate(ndimage.find_objects(labels), start=1)
    )
    shape = ogr.CreateGeometryFromWkb(first.shape)
    assert shape.GetGeometryCount() == 2, "the hole stays"
    assert shape.Contains(ogr.CreateGeometryFromWkt(f"POINT ({first.longitude + 0.05} "
                                                    f"{first.latitude})"))  # fmt: skip
    assert first.area_km2 == pytest.approx(ellipsoid_area(shape), rel=1e-3)
    assert second.area_km2 < first.area_km2
    if epsg == 32634:
        assert first.area_km2 == pytest.approx(896.0, rel=2e-3)


def ellipsoid_area(shape: ogr.Geometry) -> float:
    """The area (km2) of a polygon with holes on WGS 84: line integral of its authalic function."""
    total, e = 0.0, np.sqrt(6.69437999014e-3)
    for ring in range(shape.GetGeometryCount()):
        points = np.radians(np.array(shape.GetGeometryRef(ring).GetPoints())[:, :2])
        step = np.diff(points[:, 0])
        sine = np.sin(points[:, 1])
        q = (1.0 - e**2) * (sine / (1.0 - (e * sine) ** 2) + np.arctanh(e * sine) / e)
        area = abs(float((step * (q[1:] + q[:-1]) / 2.0).sum())) * 6378.137**2 / 2.0
        total += area if ring == 0 else -area
    return total


def grid(pixel: float = 500.0, size: int = 100) -> Grid:
    return grid_from_epsg(32634, (4e5, pixel, 0.0, 3e6, 0.0, -pixel), size, size)


def test_sizes_suit_the_images() -> None:
    coarse = scale_of(grid(1000.0, 300), StabilitySettings())
    assert (coarse.size_m, coarse.box, coarse.window) == (20_000.0, (20, 20), (5, 5))
    fine = scale_of(grid(10.0, 200), StabilitySettings())
    assert (fine.size_m, fine.box, fine.window) == (400.0, (40, 40), (11, 11))
    tiny = scale_of(grid(500.0, 9), StabilitySettings())
    assert (tiny.box, tiny.window) == ((3, 3), (3, 3))
    degrees = grid_from_epsg(4326, (20.0, 0.01, 0.0, 61.0, 0.0, -0.01), 400, 200)
    rows, columns = scale_of(degrees, StabilitySettings(size_m=10_000.0)).box
    assert (rows, columns) == (9, 18), "degrees of longitude are half as long at 60 degrees"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (StabilitySettings(size_m=300.0), r"\(SIZE_M\) is 300 m, less than a pixel"),
        (StabilitySettings(window_m=600.0), r"\(WINDOW_M\) is 600 m.*hold one pixel only"),
        (
            StabilitySettings(window_m=90_000.0),
            r"\(WINDOW_M\) of 90000 m is larger than the images",
        ),
        (StabilitySettings(size_m=90_000.0), r"\(SIZE_M\) of 90000 m is larger than the images"),
    ],
)
def test_sizes_that_cannot_be(settings: StabilitySettings, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        scale_of(grid(), settings)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (StabilitySettings(least_dates=5), "5 clear dates are too few for a model of 4 terms"),
        (StabilitySettings(limits=Limits(spatial_percent=0.0)), "spatial_percent is 0"),
        (StabilitySettings(limits=Limits(clear_percent=120.0)), "120 % cannot be reached"),
        (StabilitySettings(tolerance_percent=50.0), "50 % of a site cannot be let off"),
    ],
)
def test_settings_that_cannot_be(settings: StabilitySettings, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        settings.check()


@pytest.mark.parametrize(
    ("bands", "ends"),
    [
        (["red", "B 8A"], ["red", "B_8A"]),
        (["B-1", "B 1", "B.1"], ["B_1", "B_1_2", "B_1_3"]),
        (["B-1", "B_1"], ["B_1_2", "B_1"]),
        (["B-1", "B 1", "B_1_2"], ["B_1", "B_1_3", "B_1_2"]),
        (["b1", "B1"], ["b1", "B1_2"]),
    ],
)
def test_each_band_has_columns_of_its_own(bands: list[str], ends: list[str]) -> None:
    assert column_ends(bands) == tuple(ends)
