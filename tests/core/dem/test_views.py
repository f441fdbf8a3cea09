# SPDX-License-Identifier: GPL-3.0-or-later
"""Three views: joint intersection, and shifts that make all pairs tell the same height."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem.pointing import measure_pointing
from calval_toolbox.core.dem.simulate import SceneSettings, cameras
from calval_toolbox.core.dem.triangulation import triangulate
from calval_toolbox.core.dem.views import adjust, intersect
from calval_toolbox.core.errors import InputError, InsufficientDataError

SETTINGS = SceneSettings(size=1000, views=3, base_to_height=0.5)
MODELS = [camera.rpc(1000.0, 1500.0) for camera in cameras(SETTINGS)]
PLANTED = np.array([[0.0, 0.0], [2.3, -3.1], [-4.0, 5.0]])
WAYS = pytest.mark.parametrize("compiled", [True, False], ids=["numba", "numpy"])


def planted(
    n: int = 1500, noise: float = 0.0, wrong: float = 0.0, seed: int = 1
) -> tuple[Any, Any]:
    """Tracks (3, 2, n) of places (3, n) whose true models are shifted."""
    rng = np.random.default_rng(seed)
    column, row = rng.uniform(100, 900, (2, n))
    height = 1250.0 + 60.0 * np.sin(column / 90.0) + 0.1 * row
    places = np.stack([*MODELS[0].locate(column, row, height), height])
    true = [one.shifted(*shift) for one, shift in zip(MODELS, PLANTED, strict=True)]
    tracks = np.stack([one.project(*places) for one in true])
    tracks += rng.normal(0.0, noise, tracks.shape) if noise else 0.0
    bad = rng.random(n) < wrong
    tracks[1:, :, bad] += rng.uniform(-30, 30, (2, 2, int(bad.sum())))
    return tracks, places


@WAYS
def test_places_come_back(compiled: bool) -> None:
    tracks, places = planted()
    true = [one.shifted(*shift) for one, shift in zip(MODELS, PLANTED, strict=True)]
    near = places + np.array([[1e-4], [-1e-4], [40.0]])
    tracks[2, 0, 7] = np.nan
    tracks[1:, :, 9] = np.nan
    found, error = intersect(true, tracks, near, compiled)
    known = np.arange(tracks.shape[2]) != 9
    assert np.abs(found - places)[2, known].max() < 1e-5
    assert np.abs(found - places)[:2, known].max() < 1e-10
    assert error[known].max() < 1e-5
    assert np.isnan(found[:, 9]).all()
    assert np.isnan(error[9])


def test_both_ways_agree_and_three_views_are_better() -> None:
    tracks, places = planted(noise=0.3)
    true = [one.shifted(*shift) for one, shift in zip(MODELS, PLANTED, strict=True)]
    one, other = (intersect(true, tracks, places, way) for way in (True, False))
    assert np.abs(one[0] - other[0])[2].max() < 1e-5
    assert np.abs(one[1] - other[1]).max() < 1e-6
    # Six coordinates, three unknowns: half of the squares are left.
    assert abs(np.sqrt(np.mean(one[1] ** 2)) / (0.3 * np.sqrt(2.0) * np.sqrt(0.5)) - 1.0) < 0.05
    half = triangulate(true[0], true[1], np.concatenate(tracks[:2]))
    assert np.std(one[0][2] - places[2]) < 0.6 * np.std(half.height - places[2])


def pair(tracks: Any, view: int) -> Any:
    """Matches (4, n) of the first and a further view."""
    return np.concatenate([tracks[0], tracks[view]])


def biases(models: Any, tracks: Any, places: Any) -> list[float]:
    """Median error of the height of the pairs of the first and each further view."""
    found = [triangulate(models[0], models[v], pair(tracks, v)).height for v in (1, 2)]
    return [float(np.median(one - places[2])) for one in found]


def test_pairs_agree_after_the_adjustment() -> None:
    tracks, places = planted(noise=0.3, wrong=0.3)
    pointed = [MODELS[0]]
    for v in (1, 2):
        found = measure_pointing(MODELS[0], MODELS[v], pair(tracks, v))
        pointed.append(found.corrected(MODELS[v]))
    apart = biases(pointed, tracks, places)
    assert abs(apart[0] - apart[1]) > 3.0
    near = np.stack([places[0], places[1], places[2] + np.random.default_rng(2).normal(0, 5, 1500)])
    joint = adjust(pointed, tracks, near)
    assert (joint.shifts[0] == 0.0).all()
    assert 900 < joint.used < 1100
    together = biases(joint.corrected(pointed), tracks, places)
    assert abs(together[0] - together[1]) < 0.1
    assert joint.scatter_px < 1.0


def test_shifts_are_the_smallest_that_fit() -> None:
    tracks, places = planted()
    found = adjust(MODELS, tracks, places)
    assert np.linalg.norm(found.shifts) <= np.linalg.norm(PLANTED)
    _, error = intersect(found.corrected(MODELS), tracks, places, compiled=False)
    assert np.median(error) < 0.01


def test_pair_alone_gets_what_pointing_finds() -> None:
    tracks, places = planted(noise=0.2)
    pointed = measure_pointing(MODELS[0], MODELS[1], np.concatenate(tracks[:2]))
    found = adjust(MODELS[:2], tracks[:2], places)
    assert np.allclose(found.shifts[1], [pointed.column, pointed.row], atol=0.03)


def test_too_few_places() -> None:
    tracks, places = planted(5)
    with pytest.raises(InsufficientDataError, match="Only 5 of 5 places"):
        adjust(MODELS, tracks, places)
    with pytest.raises(InputError, match="two or more"):
        adjust(MODELS[:1], tracks[:1], places)
