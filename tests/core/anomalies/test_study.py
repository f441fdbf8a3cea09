# SPDX-License-Identifier: GPL-3.0-or-later
"""The study with its variants: each does what its name says, and tables hold what cells hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from calval_toolbox.core.anomalies.detect import DetectionSettings
from calval_toolbox.core.anomalies.harmonics import design, years
from calval_toolbox.core.anomalies.ingredients import (
    ALONE,
    BOTH,
    JOINT,
    SHARED,
    SOME,
    _mda90,
    second_opinions,
    shared_dates,
)
from calval_toolbox.core.anomalies.sensitivity import StudySettings
from calval_toolbox.core.anomalies.simulate import SITES, WAVELENGTHS_NM, simulate_stack
from calval_toolbox.core.anomalies.study import (
    Study,
    run_study,
    table_of_confusion,
    table_of_study,
)
from calval_toolbox.core.anomalies.study_grid import study_from_file, study_from_json
from calval_toolbox.core.anomalies.variants import INGREDIENTS, Variant, variant_p, variant_scores
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.names import split_numbers

NM = np.array(WAVELENGTHS_NM)


@pytest.fixture(scope="module")
def found() -> Study:
    return run_study(
        StudySettings(
            types=("cloud", "aot_over", "shadow"), configurations=INGREDIENTS,
            sites=("Morocco", "Toulouse"), pixels=120, replicates=40,
        )
    )  # fmt: skip


def test_least_squares_is_that_of_numpy() -> None:
    stack = simulate_stack(SITES["Toulouse"], 5, 3, 0.3, 0.0, 2)
    x = design(years(stack.times), 2)
    scores = variant_scores(x, stack.values, stack.clear, NM, Variant(robust=False))
    for pixel in range(5):
        rows = stack.clear[:, pixel]
        beta, *_ = np.linalg.lstsq(x[rows], stack.values[rows, :, pixel], rcond=None)
        np.testing.assert_allclose(scores.coefficients[..., pixel], beta, atol=2e-3)
        hat = np.einsum("ij,jk,ik->i", x, np.linalg.inv(x[rows].T @ x[rows]), x)
        np.testing.assert_allclose(scores.leverage[:, pixel], hat, rtol=0.02)


@pytest.mark.parametrize("name", ["least_squares", "any_band", "no_laws", "default"])
def test_p_values_of_good_dates_are_uniform(name: str) -> None:
    """Without anomalies the laws hold: a share p of the dates is below p."""
    stack = simulate_stack(SITES["Morocco"], 600, 8, 0.3, 0.0)
    x = design(years(stack.times), 3)
    variant = INGREDIENTS[name]
    scores = variant_scores(x, stack.values, stack.clear, NM, variant)
    p = variant_p(scores, stack.clear, NM, variant)[stack.clear]
    for level in (0.5, 0.1, 0.01):
        # Bands are correlated, so that Sidak's correction is on the safe side.
        low = 0.6 if name == "any_band" else 0.85
        assert low * level < np.mean(p < level) < 1.15 * level + 0.001


def test_bands_taken_as_independent_raise_false_alarms(found: Study) -> None:
    far = {
        name: np.mean([c.far for c in found.cells if c.configuration == name])
        for name in INGREDIENTS
    }
    assert far["default"] < 0.002
    assert far["not_whitened"] > 5 * far["default"]


def test_missed_clouds_blind_least_squares(found: Study) -> None:
    change = {(one.configuration, one.contamination): one for one in found.changes}
    assert change["least_squares", 0.03].gain_high < -0.05
    assert change["default", 0.03].gain == 0.0
    assert change["default", 0.03].cells == 6
    for one in found.changes:
        assert one.gain_low <= one.gain <= one.gain_high


def test_two_sites_have_to_agree(found: Study) -> None:
    rules = {one.rule: one for one in found.shared}
    assert rules[SHARED].pod.mean() < rules[ALONE].pod.mean()
    assert rules[SHARED].far <= 0.0005
    assert rules[ALONE].planted.sum() == 2 * rules[SHARED].planted.sum()


def test_four_sites_together_find_more_than_each() -> None:
    rules = {one.rule: one for one in shared_dates(StudySettings(pixels=80))}
    assert rules[SHARED].pod.mean() > rules[ALONE].pod.mean() + 0.04
    assert rules[SHARED].far <= 0.002
    with pytest.raises(InputError, match="two sites"):
        shared_dates(StudySettings(sites=("Beijing",)))


def test_agreement_is_between_its_parts(found: Study) -> None:
    rules = {one.rule: one for one in found.opinions}
    assert (rules[BOTH].pod <= rules[JOINT].pod).all()
    assert (rules[JOINT].pod <= rules[SOME].pod).all()
    assert rules[BOTH].far <= rules[JOINT].far <= rules[SOME].far


def test_a_site_has_its_own_numbers_whatever_the_others_are() -> None:
    def counts(*sites: str) -> list[np.ndarray]:
        rules = second_opinions(StudySettings(types=("shadow",), sites=sites, pixels=12), 12)
        return [
            np.append(np.rint(one.pod * one.planted), [round(one.far * one.tested), one.tested])
            for one in rules
        ]

    one, other = counts("Toulouse"), counts("Beijing")
    assert any(not np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    for both in (counts("Toulouse", "Beijing"), counts("Beijing", "Toulouse")):
        for a, b, sums in zip(one, other, both, strict=True):
            np.testing.assert_array_equal(sums, a + b)


def test_tables_hold_the_cells(found: Study) -> None:
    table = table_of_study(found)
    cell = found.cells[7]
    rows = np.flatnonzero(
        (table["site"] == cell.site) & (table["type"] == cell.kind)
        & (table["contamination"] == cell.contamination)
        & (table["configuration"] == cell.configuration)
    )  # fmt: skip
    np.testing.assert_array_equal(table["amplitude"][rows], cell.amplitudes)
    np.testing.assert_array_equal(table["pod"][rows], cell.pod)
    assert set(table["mda90"][rows]) == {cell.curve.mda90}
    low, high = table["pod_low"][rows], table["pod_high"][rows]
    for i in range(len(rows)):
        wanted = stats.binomtest(
            round(cell.pod[i] * cell.counts[i]), int(cell.counts[i])
        ).proportion_ci(method="wilson")
        assert (low[i], high[i]) == pytest.approx((wanted.low, wanted.high), abs=1e-9)
    confusion = table_of_confusion(found)
    assert confusion["often"].sum() == sum(sum(c.confusion.values()) for c in found.cells)
    assert found.best in INGREDIENTS
    assert 0.7 < found.named_right <= 1.0


def test_grid_of_json(tmp_path: Path) -> None:
    grid = {
        "types": ["gain"], "amplitudes": [0.02, 0.1], "gaps": 0.5, "sites": ["Beijing"],
        "pixels": 20, "configurations": {"strict": {"threshold": 1e-4, "harmonics": None},
                                         "plain": {"robust": False}},
    }  # fmt: skip
    path = tmp_path / "grid.json"
    path.write_text(json.dumps(grid))
    base = StudySettings(seed=7, contamination=(0.1,))
    settings = study_from_file(path, base)
    assert (settings.types, settings.gaps, settings.seed) == (("gain",), (0.5,), 7)
    assert settings.contamination == (0.1,)
    assert settings.configurations["strict"] == Variant(DetectionSettings(threshold=1e-4))
    assert settings.configurations["plain"] == Variant(robust=False)
    named = study_from_json('{"configurations": ["any_band"]}')
    assert named.configurations == {"any_band": INGREDIENTS["any_band"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "must be a JSON object"),
        ('{"speed": 1}', "unknown key 'speed'"),
        ('{"types": ["rain"]}', "Unknown anomaly: rain"),
        ('{"sites": ["Mars"]}', "Unknown site: Mars"),
        ('{"gaps": [0.9]}', "between 0 and 0.75"),
        ('{"amplitudes": ["big"]}', "list of numbers"),
        ('{"amplitudes": []}', "list of numbers"),
        ('{"pixels": 2.5}', "whole number"),
        ('{"pixels": 3}', "10 pixels"),
        ('{"configurations": ["best"]}', "unknown configuration 'best'"),
        ('{"configurations": {"a": {"speed": 1}}}', "may hold"),
        ('{"configurations": {"a": {"robust": 1}}}', "true or false"),
        ('{"configurations": {"a": {"threshold": 2}}}', "p-value"),
        ('{"configurations": {"a": {"threshold": "low"}}}', "cannot be read"),
        ('{"configurations": 3}', "list of names"),
    ],
)
def test_bad_grids_get_a_sentence(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        study_from_json(text)


def test_absent_grid_and_bad_numbers(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        study_from_file(tmp_path / "none.json")
    with pytest.raises(InputError, match="GAPS must be numbers"):
        split_numbers("0.1 0.2", "GAPS")
    with pytest.raises(InputError, match="commas and semicolons"):
        split_numbers("0,1; 0,2", "GAPS")
    assert split_numbers("0.1; 0.2", "GAPS") == (0.1, 0.2)
    with pytest.raises(InputError, match="empty"):
        split_numbers(" , ", "GAPS")


def test_the_median_of_the_ranking_is_of_reflectance_alone(found: Study) -> None:
    cell = found.cells[0]
    mine = [
        replace(cell, kind=kind, curve=replace(cell.curve, mda90=mda90))
        for kind, mda90 in (("cloud", 0.03), ("offset", 0.05), ("gain", 0.7), ("shadow", 0.9))
    ]
    assert _mda90(mine) == pytest.approx(0.04)
    assert np.isnan(_mda90(mine[2:]))
