# SPDX-License-Identifier: GPL-3.0-or-later
"""The chance by distance and laws: honest, exact where it can be told, sharper for known shapes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from calval_toolbox.core.anomalies.harmonics import design, years
from calval_toolbox.core.anomalies.law_chance import (
    ANY_SHARE,
    WAYS,
    _one_way,
    _twice,
    chance,
)
from calval_toolbox.core.anomalies.scores import Scores, prior_correlation, score
from calval_toolbox.core.anomalies.simulate import SITES, WAVELENGTHS_NM, simulate_stack
from calval_toolbox.core.anomalies.templates import templates

NM = np.array(WAVELENGTHS_NM)


def scored(site: str, seed: int, pixels: int, bands: int = 6) -> tuple[Scores, np.ndarray]:
    stack = simulate_stack(SITES[site], pixels, seed, 0.3, 0.0)
    prior = prior_correlation(NM[:bands])
    x = design(years(stack.times), 3)
    return score(x, stack.values[:, :bands], stack.clear, prior), stack.clear


def example(z: np.ndarray, kept: bool, freedom: float = 1e6) -> Scores:
    """One date with residuals ``z`` in units of independent noise of 0.01, over sand."""
    one, count = np.ones(1), len(z)
    return Scores(
        np.array([[0.14, 0.22, 0.33, 0.42, 0.52, 0.47]]), 0.01 * z[None], z[None],
        np.array([z @ z]), freedom * one, count * one, 0.0 * one, np.array([kept]),
        np.full(count, 0.01), np.eye(count), np.zeros((8, count)),
    )  # fmt: skip


@pytest.mark.parametrize("site", ["Morocco", "Toulouse"])
def test_of_good_dates_no_more_than_their_share_is_below_a_level(site: str) -> None:
    below, total = np.zeros(4), 0
    levels = np.array([0.5, 0.1, 0.01, 0.001])
    for seed in (51, 52, 53):
        scores, clear = scored(site, seed, 150)
        p = chance(scores, NM)[clear]
        below += [(p < level).sum() for level in levels]
        total += len(p)
    expected = levels * total
    error = np.sqrt(expected)
    assert (below < 1.05 * expected + 2.0 * error).all()
    # On the safe side by a tenth at most.
    assert (below > 0.88 * expected - 2.0 * error).all()


def test_a_known_shape_needs_less_and_any_other_a_little_more() -> None:
    shape = templates(np.array([[0.14, 0.22, 0.33, 0.42, 0.52, 0.47]]), NM)[0, 6] / 0.01
    offset = 5.0 * shape / np.linalg.norm(shape)
    found = example(offset, kept=False)
    plain = float(found.p_value[0])
    along = stats.norm.sf(5.0) * len(WAYS) / (1.0 - ANY_SHARE)
    assert plain == pytest.approx(stats.chi2.sf(25.0, 6), rel=1e-3)
    assert 0.6 * along < chance(found, NM)[0] < along < 0.1 * plain
    zigzag = 2.0 * np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    other = example(zigzag, kept=False)
    assert other.p_value[0] < chance(other, NM)[0] <= other.p_value[0] / ANY_SHARE


def test_the_sign_of_a_law_counts() -> None:
    """What darkens is no cloud, however well its shape would fit."""
    found = example(np.full(6, 2.0), kept=False)
    assert _one_way(np.array([20.0]), found)[0] == pytest.approx(stats.norm.sf(20.0**0.5), rel=1e-3)
    assert _one_way(np.array([-20.0]), found)[0] > 0.999
    assert len(WAYS) == 9
    assert ("cloud", -1) not in WAYS
    assert ("shadow", 1) not in WAYS


def test_one_direction_in_the_fit_and_left_out_have_the_same_chance() -> None:
    """Kelly's law and its other face, on scatter matrices with and without the date."""
    rng = np.random.default_rng(54)
    y, shape = rng.normal(size=(40, 4)), np.array([1.0, 0.5, -0.3, 0.8])
    y[7] += 3.0 * shape
    found = []
    for kept in (True, False):
        rows = np.ones(40, bool)
        rows[7] = kept
        nu = float(rows.sum())
        inverse = np.linalg.inv(y[rows].T @ y[rows] / nu)
        along = (shape @ inverse @ y[7]) ** 2 / (shape @ inverse @ shape)
        scores = replace(example(y[7], kept, nu), distance=np.array([y[7] @ inverse @ y[7]]))
        found.append(float(_one_way(np.array([along]), scores)[0]))
    assert found[0] == pytest.approx(found[1], rel=1e-9)
    assert 1e-12 < found[0] < 0.01


def test_what_is_counted_twice_is_never_overstated() -> None:
    rng = np.random.default_rng(55)
    z = rng.normal(size=(2_000_000, 6))
    for cosine in (0.5, 0.95):
        second = cosine * z[:, 0] + np.sqrt(1.0 - cosine**2) * z[:, 1]
        each, any_way = 0.002, 0.01
        limit = stats.norm.isf(each)
        far = (z**2).sum(axis=1) > stats.chi2.isf(any_way, 6)
        pair = np.mean((z[:, 0] > limit) & (second > limit))
        alone = np.mean((z[:, 0] > limit) & far)
        args = (np.array([each]), np.array([any_way]))
        without = _twice(*args, np.zeros((1, 4)), np.array([6.0]))[0]
        both = _twice(*args, np.array([[cosine, 0.0, 0.0, 0.0]]), np.array([6.0]))[0]
        assert 0.65 * 5 * alone < without < 1.05 * 5 * alone
        assert 0.65 * pair < both - without < 1.05 * pair


def test_few_bands_and_unknown_wavelengths_leave_the_distance() -> None:
    scores, _ = scored("Morocco", 56, 3, bands=2)
    np.testing.assert_array_equal(chance(scores, NM[:2]), scores.p_value)
    whole, _ = scored("Morocco", 57, 3)
    np.testing.assert_array_equal(chance(whole, np.full(6, np.nan)), whole.p_value)
    some = chance(whole, np.where(np.arange(6) == 2, np.nan, NM))
    assert np.isfinite(some).all()


def test_one_site_is_as_a_pixel_of_many() -> None:
    scores, _ = scored("Toulouse", 58, 4)
    p = chance(scores, NM)
    one = Scores(**{name: value[..., 2] for name, value in vars(scores).items()})
    np.testing.assert_allclose(chance(one, NM), p[:, 2], rtol=1e-12)
    assert ((p >= 0.0) & (p <= 1.0)).all()
