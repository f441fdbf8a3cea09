# SPDX-License-Identifier: GPL-3.0-or-later
"""Accuracy by area: published tables, other tools' printed numbers, and simulated maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.classification.accuracy.area_accuracy import (
    POST_STRATIFIED,
    SIMPLE_RANDOM,
    STRATIFIED,
    AreaAccuracy,
    area_accuracy,
)
from calval_toolbox.core.classification.accuracy.sample_sizes import design_sample, sample_size
from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.confusion import Confusion

PRINTED = 1.96  # the paper's errors to a half width of 95 %


@pytest.fixture(scope="module")
def references(shared_data: Path) -> Any:
    path = shared_data / "classification" / "accuracy_references.json"
    return json.loads(path.read_text("utf-8"))


def classes(count: int) -> Classes:
    return Classes(tuple(LandClass(code, f"class {code}") for code in range(1, count + 1)))


def estimated(matrix: list[list[int]], areas: list[float], design: str) -> AreaAccuracy:
    """From a matrix with the map in rows, as papers print it."""
    counts = np.array(matrix, dtype=np.float64).T
    confusion = Confusion(classes(len(counts)), counts)
    return area_accuracy(confusion, np.array(areas), design, sum(areas))


def test_table_8_of_olofsson_is_reproduced_to_its_digits(references: Any) -> None:
    table = references["olofsson2014_table8"]
    found = estimated(table["matrix_rows_map_cols_ref"], table["map_area_px"], STRATIFIED)
    assert round(found.overall, 4) == table["overall"]
    assert round(PRINTED * found.overall_error, 4) == table["overall_hw95"]
    for name in ("user", "producer"):
        one = getattr(found, f"{name}s")
        np.testing.assert_allclose(one.values, table[name], atol=5e-5)
        np.testing.assert_allclose(PRINTED * one.errors, table[f"{name}_hw95"], atol=5.1e-5)
    hectares = sum(table["map_area_px"]) * table["pixel_ha"]
    np.testing.assert_array_equal(np.round(found.shares.values * hectares), table["area_ha"])
    np.testing.assert_array_equal(
        np.round(PRINTED * found.shares.errors * hectares), table["area_hw95_ha"]
    )
    # What the paper prints itself, but for the half widths 0.23 and 0.01 of two producers.
    printed = [0.21, 0.25, 0.03, 0.02]
    np.testing.assert_array_equal(np.round(PRINTED * found.producers.errors, 2), printed)


def test_a_stratified_sample_gives_the_printed_numbers_of_acatama(references: Any) -> None:
    case = references["acatama_tinigua_stratified"]
    found = estimated(case["matrix_rows_map_cols_ref"], case["map_area_ha"], STRATIFIED)
    assert round(found.overall, 5) == case["overall"]
    assert round(found.overall_error, 5) == case["overall_sd"]
    np.testing.assert_allclose(found.users.values, case["user"], atol=5.1e-6)
    np.testing.assert_allclose(found.users.errors, case["user_sd"], atol=5.1e-6)
    np.testing.assert_allclose(found.producers.values, case["producer"], atol=5.1e-6)
    np.testing.assert_allclose(
        found.producers.errors, case["producer_sd_olofsson_eq7_recomputed"], atol=5.1e-6
    )
    total = sum(case["map_area_ha"])
    assert found.shares.values[0] * total == pytest.approx(case["area_ha_first"], abs=1e-4)
    assert found.shares.errors[0] * total == pytest.approx(case["area_se_first"], abs=2e-4)


def test_a_simple_random_sample_gives_the_printed_numbers_of_acatama(references: Any) -> None:
    case = references["acatama_tinigua_simple_random"]
    areas = references["acatama_tinigua_poststratified"]["map_area_ha"]
    pixels = [area / 0.09 for area in areas]
    found = estimated(case["matrix"], pixels, SIMPLE_RANDOM)
    assert round(found.overall, 5) == case["overall"]
    assert round(found.overall_error, 5) == case["overall_sd"]
    np.testing.assert_allclose(found.shares.values * sum(areas), case["area_ha"], rtol=1e-9)
    np.testing.assert_allclose(found.shares.errors * sum(areas), case["area_se_ha"], atol=1e-5)


def test_post_stratification_gives_acatamas_figures_but_for_its_two_slips(references: Any) -> None:
    case = references["acatama_tinigua_poststratified"]
    found = estimated(case["matrix"], case["map_area_ha"], POST_STRATIFIED)
    total = sum(case["map_area_ha"])
    assert round(found.overall, 5) == case["overall"]
    assert round(found.overall_error, 5) == case["overall_sd"]
    np.testing.assert_allclose(found.producers.values, case["producer"], atol=5.1e-6)
    np.testing.assert_allclose(found.shares.values * total, case["area_ha"], atol=6e-4)
    # Its errors of areas count the samples inside the class alone: with those outside they are
    # larger, but where the class has all or nothing of nearly every stratum (the second).
    ratio = found.shares.errors * total / np.array(case["area_se_ha"])
    np.testing.assert_allclose(ratio, [1.714, 1.022, 1.261], atol=1e-3)


def test_errors_are_those_of_repeated_samples() -> None:
    """A planted map of 3 classes: the spread of 4000 stratified samples is what one sample says."""
    rng = np.random.default_rng(5)
    truth = np.array([[0.9, 0.07, 0.03], [0.2, 0.7, 0.1], [0.05, 0.05, 0.9]])  # map rows
    areas, drawn = np.array([70.0, 10.0, 20.0]), (120, 60, 80)
    found = []
    for _ in range(2000):
        matrix = [rng.multinomial(n, row) for n, row in zip(drawn, truth, strict=True)]
        found.append(estimated(np.array(matrix).tolist(), areas.tolist(), STRATIFIED))
    shares = areas / areas.sum() @ truth
    for values, errors, true in (
        ([one.overall for one in found], [one.overall_error for one in found], 0.88),
        ([one.producers.values[1] for one in found], [one.producers.errors[1] for one in found],
         0.07 / shares[1]),
        ([one.f_scores.values[1] for one in found], [one.f_scores.errors[1] for one in found],
         0.14 / (0.1 + shares[1])),
        ([one.shares.values[1] for one in found], [one.shares.errors[1] for one in found],
         shares[1]),
    ):  # fmt: skip
        assert np.mean(values) == pytest.approx(true, rel=0.02)
        assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(np.std(values), rel=0.08)


def test_areas_in_hectares_are_no_number_of_pixels() -> None:
    """A sample of 400 in a map of 256 ha: the errors are those of its 25,600 pixels."""
    confusion = Confusion(classes(2), np.array([[90.0, 10.0], [30.0, 270.0]]))
    hectares = np.array([76.8, 179.2])
    endless = area_accuracy(confusion, hectares, SIMPLE_RANDOM).shares.errors
    np.testing.assert_allclose(endless, np.sqrt(0.25 * 0.75 / 400.0))
    known = area_accuracy(confusion, hectares, SIMPLE_RANDOM, 25_600.0).shares.errors
    np.testing.assert_allclose(known / endless, np.sqrt(25_200.0 / 25_599.0))


def test_f_scores_of_a_simple_random_sample_scatter_as_told() -> None:
    rng = np.random.default_rng(6)
    shares = np.array([0.6, 0.1, 0.05, 0.25])  # map 1 and reference 1, 1 and 2, 2 and 1, 2 and 2
    found = [
        estimated(rng.multinomial(300, shares).reshape(2, 2).tolist(), [7e5, 3e5], SIMPLE_RANDOM)
        for _ in range(1500)
    ]
    values = np.array([one.f_scores.values for one in found])
    errors = np.array([one.f_scores.errors for one in found])
    np.testing.assert_allclose(values.mean(axis=0), [1.2 / 1.35, 0.5 / 0.65], rtol=0.01)
    np.testing.assert_allclose(np.sqrt((errors**2).mean(axis=0)), values.std(axis=0), rtol=0.1)


def test_a_stratum_without_samples_is_left_out_and_one_with_a_single_sample_has_no_error() -> None:
    found = estimated([[8, 2, 0], [0, 0, 0], [0, 1, 9]], [50.0, 10.0, 40.0], STRATIFIED)
    assert found.left_out == (1,)
    assert found.overall == pytest.approx(5 / 9 * 0.8 + 4 / 9 * 0.9)
    assert np.isfinite(found.overall_error)
    single = estimated([[8, 2], [0, 1]], [50.0, 50.0], STRATIFIED)
    assert single.overall == pytest.approx(0.9)
    assert np.isnan(single.overall_error)


def test_the_sample_of_the_papers_plan(references: Any) -> None:
    plan = references["olofsson2014_table8"]["sample_size_plan"]
    shares, users = np.array(plan["weights"]), np.array(plan["expected_user"])
    assert sample_size(shares, users, plan["target_se_overall"]) == plan["n"]
    design = design_sample(classes(4), shares, users, plan["target_se_overall"], 75)
    assert [int(one.sum()) for one in (design.equal, design.proportional, design.mixed)] == [
        641
    ] * 3
    assert sorted(design.equal.tolist()) == [160, 160, 160, 161]
    assert design.proportional.tolist() == [13, 10, 205, 413]
    assert design.mixed.tolist()[:2] == [75, 75]
    assert design.error(design.proportional) == pytest.approx(0.0103, abs=5e-5)


def test_a_class_that_falls_below_the_least_once_others_are_lifted_is_lifted_too() -> None:
    shares = np.array([0.02, 0.16, 0.82])
    design = design_sample(classes(3), shares, np.full(3, 0.8), 0.04, 20)
    assert design.total == 100
    # 16 of 100 are too few; so are 2.
    assert design.mixed.tolist() == [20, 20, 60]
