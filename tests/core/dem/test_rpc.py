# SPDX-License-Identifier: GPL-3.0-or-later
"""Rational polynomials: the published numbers, GDAL's transformer, crops, scales, both ways."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from dem_samples import REUNION_1, REUNION_2, gdal_project, gdal_transformer, model

from calval_toolbox.core.dem import rpc_kernels
from calval_toolbox.core.dem.rpc import RpcModel
from calval_toolbox.core.dem.rpc_numpy import differences, monomials
from calval_toolbox.core.errors import InputError

# Longitude, latitude, height and the column and row that numpy and rpcm find, to six decimals.
PUBLISHED = [
    (55.6486790, -21.2300969, 1295.0, 100.007571, 100.003089),
    (55.6506864, -21.2319941, 1295.0, 511.995161, 511.991221),
    (55.6525766, -21.2340092, 1195.0, 891.720565, 920.553033),
]
WAYS = pytest.mark.parametrize("compiled", [True, False], ids=["numba", "numpy"])


@pytest.fixture(params=[REUNION_1, REUNION_2], ids=["image 1", "image 2"])
def rpc(request: pytest.FixtureRequest) -> RpcModel:
    """Both have image coordinates beyond 30 times their scales: they are crops."""
    return model(request.param)


@pytest.fixture(scope="module")
def reunion() -> RpcModel:
    return model(REUNION_1)


def image_points(n: int = 20_000, seed: int = 3) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 1023, n), rng.uniform(0, 1023, n), rng.uniform(0, 2600, n)


@WAYS
def test_published_points(reunion: RpcModel, compiled: bool) -> None:
    lon, lat, height, column, row = np.array(PUBLISHED).T
    found = reunion.project(lon, lat, height, compiled)
    assert np.abs(found[0] - column).max() < 1e-6
    assert np.abs(found[1] - row).max() < 1e-6


def test_gdal_is_half_a_pixel_more(rpc: RpcModel) -> None:
    column, row, height = image_points(2000)
    lon, lat = rpc.locate(column, row, height)
    x, y = gdal_project(rpc, lon, lat, height)
    assert np.abs(x - column - 0.5).max() < 1e-8
    assert np.abs(y - row - 0.5).max() < 1e-8


def test_localization_is_that_of_gdal(rpc: RpcModel) -> None:
    column, row, height = image_points(200)
    points = np.stack([column + 0.5, row + 0.5, height], axis=1).tolist()
    truth = np.array(gdal_transformer(rpc).TransformPoints(False, points)[0])
    lon, lat = rpc.locate(column, row, height)
    assert np.abs(lon - truth[:, 0]).max() < 1e-11
    assert np.abs(lat - truth[:, 1]).max() < 1e-11


@WAYS
def test_there_and_back(rpc: RpcModel, compiled: bool) -> None:
    column, row, height = image_points()
    lon, lat = rpc.locate(column, row, height, compiled)
    back = rpc.project(lon, lat, height, compiled)
    assert np.abs(back[0] - column).max() < 1e-8
    assert np.abs(back[1] - row).max() < 1e-8


def test_both_ways_agree(rpc: RpcModel) -> None:
    column, row, height = image_points()
    places = [rpc.locate(column, row, height, compiled) for compiled in (True, False)]
    assert np.abs(np.subtract(*places)).max() < 1e-13
    pixels = [rpc.project(*places[0], height, compiled) for compiled in (True, False)]
    assert np.abs(np.subtract(*pixels)).max() < 1e-9


@WAYS
def test_points_do_not_depend_on_their_neighbors(rpc: RpcModel, compiled: bool) -> None:
    column, row, height = image_points(3000)
    height[5] = 9000.0  # needs more steps than the others
    whole = np.array(rpc.locate(column, row, height, compiled))
    part = np.array(rpc.locate(column[6:1000:3], row[6:1000:3], height[6:1000:3], compiled))
    tolerance = 0.0 if compiled else 1e-14  # BLAS sums in an order that depends on the size
    assert np.abs(whole[:, 6:1000:3] - part).max() <= tolerance


@WAYS
def test_heights_far_beyond_the_range(rpc: RpcModel, compiled: bool) -> None:
    column, row, _ = image_points(500)
    for height in (-8000.0, 15_000.0):
        lon, lat = rpc.locate(column, row, height, compiled)
        back = rpc.project(lon, lat, height, compiled)
        assert np.abs(back[0] - column).max() < 1e-7


@WAYS
def test_gaps_stay_gaps(reunion: RpcModel, compiled: bool) -> None:
    lon, lat = reunion.locate([1.0, np.nan, 3.0], 5.0, [100.0, 100.0, np.nan], compiled)
    assert np.isnan(lon).tolist() == [False, True, True]
    assert np.isnan(lat).tolist() == [False, True, True]
    column, _ = reunion.project([55.65, np.nan], -21.23, 100.0, compiled)
    assert np.isnan(column).tolist() == [False, True]


@WAYS
def test_a_place_that_cannot_be_seen_is_none(reunion: RpcModel, compiled: bool) -> None:
    lon, lat = reunion.locate(1e9, 1e9, 0.0, compiled)
    assert np.isnan(lon)
    assert np.isnan(lat)


def test_shapes_go_together(reunion: RpcModel) -> None:
    lon, lat = reunion.locate(np.arange(4.0)[None, :], np.arange(3.0)[:, None], 1200.0)
    assert lon.shape == lat.shape == (3, 4)
    column, row = reunion.project(lon, lat, np.full((3, 4), 1200.0))
    assert np.allclose(column, np.arange(4.0)[None, :], atol=1e-8)
    assert np.allclose(row, np.arange(3.0)[:, None], atol=1e-8)
    assert reunion.project(55.65, -21.23, 0.0)[0].shape == ()


def test_crop(reunion: RpcModel) -> None:
    lon, lat, height, column, row = np.array(PUBLISHED).T
    found = reunion.cropped(200.0, 150.0).project(lon, lat, height)
    assert np.allclose(found, [column - 200.0, row - 150.0], atol=1e-6)


def test_shift(reunion: RpcModel) -> None:
    before = reunion.project(*PUBLISHED[0][:3])
    after = reunion.shifted(2.3, -3.1).project(*PUBLISHED[0][:3])
    assert np.allclose(np.subtract(after, before), [2.3, -3.1], atol=1e-9)


@pytest.mark.parametrize("factor", [0.5, 0.25, 2.0, 1.0 / 3.0])
def test_resampling_keeps_the_corner_of_the_first_pixel(reunion: RpcModel, factor: float) -> None:
    column, row, height = image_points(100)
    lon, lat = reunion.locate(column, row, height)
    x, y = gdal_project(reunion.rescaled(factor), lon, lat, height)
    assert np.allclose(x, (column + 0.5) * factor, atol=1e-8)
    assert np.allclose(y, (row + 0.5) * factor, atol=1e-8)


def test_known_offset_of_the_half_size(reunion: RpcModel) -> None:
    # GDAL 3.6 says 9701.75.
    assert reunion.line_offset == 19403.5
    assert reunion.rescaled(0.5).line_offset == 9701.5
    with pytest.raises(ValueError, match="resampled by 0"):
        reunion.rescaled(0.0)


def test_longitudes_across_the_date_line(reunion: RpcModel) -> None:
    far = replace(reunion, longitude_offset=179.99)
    here = reunion.project(55.7119698801 + 0.05, -21.23, 500.0)
    there = far.project(179.99 + 0.05 - 360.0, -21.23, 500.0)
    assert np.allclose(here, there, atol=1e-6)


def test_vector_and_pickle(rpc: RpcModel) -> None:
    rpc.locate(1.0, 1.0, 0.0)
    assert RpcModel.from_vector(rpc.to_vector()) == rpc
    assert copy.deepcopy(rpc) == rpc
    assert hash(rpc) == hash(RpcModel.from_vector(rpc.to_vector()))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"line_scale": 0.0}, "zero as line scale"),
        ({"line_numerator": (1.0,) * 19}, "19 coefficients as line numerator"),
        ({"sample_denominator": (0.0,) * 20}, "only zeros as sample denominator"),
        ({"height_offset": float("nan")}, "no numbers"),
    ],
)
def test_models_that_are_none(reunion: RpcModel, change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        replace(reunion, **change)
    with pytest.raises(InputError, match="90 numbers, not 3"):
        RpcModel.from_vector([1.0, 2.0, 3.0])


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_slopes_of_the_terms(axis: int) -> None:
    rng = np.random.default_rng(8)
    place, coefficients = rng.uniform(-1, 1, (3, 50)), rng.normal(size=20)
    step = np.zeros((3, 1))
    step[axis] = 1e-5
    ends = [coefficients @ monomials(*(place + sign * step)) for sign in (1.0, -1.0)]
    truth = (ends[0] - ends[1]) / 2e-5
    assert np.abs(coefficients @ differences()[axis] @ monomials(*place) - truth).max() < 1e-8
    kernel = (rpc_kernels.slope_x, rpc_kernels.slope_y, rpc_kernels.slope_z)[axis]
    found = [kernel.python(coefficients, 0, *point) for point in place.T]
    assert np.abs(found - truth).max() < 1e-8
