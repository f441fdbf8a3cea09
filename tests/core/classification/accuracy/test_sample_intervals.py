# SPDX-License-Identifier: GPL-3.0-or-later
"""Intervals over polygons: against samples that are really left out, and planted accuracies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.classification.accuracy.area_accuracy import (
    POST_STRATIFIED,
    SIMPLE_RANDOM,
    area_accuracy,
)
from calval_toolbox.core.classification.accuracy.left_out import leave_out, units_of
from calval_toolbox.core.classification.accuracy.sample_intervals import (
    SampleIntervals,
    sample_intervals,
)
from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.confusion import Confusion, confusion_of
from calval_toolbox.core.classification.dominance import dominated, largest_polygons
from calval_toolbox.core.shares import Z_95, score_bounds

pytest.importorskip("scipy")

CLASSES = Classes(tuple(LandClass(code, f"class {code}") for code in (1, 2, 3)))
AREAS = np.array([60.0, 30.0, 10.0])
RECALLS = np.array([0.95, 0.8, 0.6])
AFTER = np.array([1, 2, 0])  # what the wrong ones of each class are taken for


def polygons_of(rng: np.random.Generator, count: int, spread: float = 0.5) -> tuple[Any, Any, Any]:
    """Reference, map and polygon of pixels: polygons of a class drawn by chance differ in size, and
    in how much of them is right.
    """
    label = rng.integers(0, 3, count)
    pixels = np.maximum(2, 30 * np.exp(spread * rng.standard_normal(count))).astype(int)
    right = rng.beta(2.0 * RECALLS[label], 2.0 * (1.0 - RECALLS[label]))
    polygon = np.repeat(np.arange(count), pixels)
    reference = label[polygon]
    hit = rng.random(len(polygon)) < right[polygon]
    return reference, np.where(hit, reference, AFTER[reference]), polygon


def by_area(reference: Any, mapped: Any, polygon: Any, design: str) -> SampleIntervals:
    alone = area_accuracy(confusion_of(CLASSES, reference, mapped), AREAS, design)
    areas = None if design == SIMPLE_RANDOM else AREAS
    return sample_intervals(3, reference, mapped, polygon, areas, alone)


@pytest.mark.parametrize("design", [POST_STRATIFIED, SIMPLE_RANDOM])
def test_the_errors_are_those_of_polygons_that_are_really_left_out(design: str) -> None:
    reference, mapped, polygon = polygons_of(np.random.default_rng(3), 30)
    weighted, plain = [], []
    for one in range(30):
        rest = polygon != one
        matrix = confusion_of(CLASSES, reference[rest], mapped[rest])
        found = area_accuracy(matrix, AREAS, design)
        weighted.append([found.overall, *found.producers.values, *found.shares.values])
        plain.append([matrix.overall, *matrix.precision, *matrix.recall, *matrix.f_scores])
    whole = confusion_of(CLASSES, reference, mapped)
    left = leave_out(
        units_of(3, reference, mapped, polygon), None if design == SIMPLE_RANDOM else AREAS
    )
    spread = left.spread
    found = area_accuracy(whole, AREAS, design)
    names = ("overall", "recall", "shares")
    every = [found.overall, *found.producers.values, *found.shares.values]
    np.testing.assert_allclose(
        np.hstack([spread[f"by area {name}"] for name in names]),
        ((np.array(weighted) - every) ** 2).sum(axis=0),
    )
    np.testing.assert_allclose(np.hstack([left.values[f"by area {name}"] for name in names]), every)
    every = [whole.overall, *whole.precision, *whole.recall, *whole.f_scores]
    names = ("overall", "precision", "recall", "f_scores")
    np.testing.assert_allclose(
        np.hstack([spread[name] for name in names]), ((np.array(plain) - every) ** 2).sum(axis=0)
    )
    # Cochran's ratio estimator over clusters: residuals, here over the share of the other samples.
    rows = np.bincount(polygon[reference == 1], minlength=30).astype(float)
    hits = np.bincount(polygon[(reference == 1) & (mapped == 1)], minlength=30)
    kept = rows > 0.0
    residual = ((hits - whole.recall[1] * rows) / (1.0 - rows / rows.sum()))[kept] / rows.sum()
    variance = (residual**2).sum() * (kept.sum() - 1) / kept.sum()
    assert left.variance("recall", "recall")[1] == pytest.approx(variance)


def test_planted_accuracies_lie_in_their_intervals() -> None:
    """Some 20 polygons a class: 95 % intervals hold the truth in 90 to 98 % of the draws."""
    cells = np.diag(RECALLS) / 3.0
    cells[np.arange(3), AFTER] = (1.0 - RECALLS) / 3.0
    mapped = cells.sum(axis=0)
    area = cells / mapped * AREAS / AREAS.sum()
    truth = {
        "overall": np.trace(cells), "precision": np.diag(cells) / mapped, "recall": RECALLS,
        "f_scores": 2.0 * np.diag(cells) / (mapped + 1.0 / 3.0), "all by area": np.trace(area),
        "producers": np.diag(area) / area.sum(axis=1), "shares": area.sum(axis=1),
    }  # fmt: skip
    rng, draws = np.random.default_rng(11), 150
    held: dict[str, float] = dict.fromkeys([*truth, "single pixels"], 0.0)
    for _ in range(draws):
        samples = polygons_of(rng, 60)
        one = by_area(*samples, POST_STRATIFIED)
        assert one.by_area is not None
        bounds = {
            name: getattr(one, name) for name in ("overall", "precision", "recall", "f_scores")
        } | {
            "all by area": one.by_area.overall_bounds, "producers": one.by_area.producers.bounds,
            "shares": one.by_area.shares.bounds,
        }  # fmt: skip
        for name, true in truth.items():
            low, high = np.asarray(bounds[name]).T
            held[name] += float(np.mean((low <= true) & (true <= high))) / draws
        matrix = confusion_of(CLASSES, *samples[:2])
        ends = [score_bounds(p, n, Z_95) for p, n in
                zip(matrix.recall, matrix.counts.sum(axis=1), strict=True)]  # fmt: skip
        inside = [low <= p <= high for p, (low, high) in zip(RECALLS, ends, strict=True)]
        held["single pixels"] += float(np.mean(inside)) / draws
    assert held.pop("single pixels") < 0.5
    assert all(0.90 <= share <= 0.985 for share in held.values()), held


def test_a_class_with_one_polygon_has_no_interval() -> None:
    reference = np.repeat([0, 0, 1, 1, 2], 20)
    polygon = np.repeat([1, 2, 3, 4, 5], 20)
    mapped = reference.copy()
    mapped[[3, 45, 90]] = 1
    found = by_area(reference, mapped, polygon, POST_STRATIFIED)
    assert found.by_class.tolist() == [2, 2, 1]
    assert found.by_area is not None
    for bounds in (found.precision, found.recall, found.f_scores, found.confused,
                   found.by_area.producers.bounds, found.by_area.shares.bounds):  # fmt: skip
        assert np.isnan(bounds[2]).all()
        assert np.isfinite(bounds[0]).any()


def test_no_error_is_no_certainty() -> None:
    """Twenty polygons without an error are twenty samples, whatever their pixels."""
    polygon = np.repeat(np.arange(40), 50)
    reference = (polygon >= 20).astype(int)
    found = sample_intervals(2, reference, reference, polygon)
    low, high = found.recall[0]
    assert (low, high) == (pytest.approx(20 / (20 + 2.093**2), abs=1e-3), 1.0)
    mapped = reference.copy()
    mapped[0] = 1  # one pixel more does not make the class better known
    worse = sample_intervals(2, reference, mapped, polygon)
    assert worse.recall[1, 0] >= low - 1e-9
    assert worse.overall[0] < found.overall[1]


def test_single_samples_have_the_intervals_of_wilson() -> None:
    matrix = Confusion(CLASSES, np.array([[80.0, 15, 5], [10, 60, 0], [2, 3, 25]]))
    pairs = np.repeat(np.arange(9), matrix.counts.ravel().astype(int))
    reference, mapped = np.divmod(pairs, 3)
    found = sample_intervals(3, reference, mapped)
    for measure, of in (("recall", 1), ("precision", 0)):
        expected = [
            score_bounds(p, n, Z_95) for p, n in
            zip(getattr(matrix, measure), matrix.counts.sum(axis=of), strict=True)
        ]  # fmt: skip
        np.testing.assert_allclose(getattr(found, measure), expected, atol=0.015)
    same = sample_intervals(3, reference, mapped, np.arange(len(pairs)))
    np.testing.assert_array_equal(same.f_scores, found.f_scores)
    assert found.polygons == same.polygons == 0
    assert (found.f_scores[:, 0] < matrix.f_scores).all()
    assert (found.f_scores[:, 1] > matrix.f_scores).all()


def test_classes_that_lie_mostly_in_one_polygon_are_named() -> None:
    index = np.array([0] * 10 + [1] * 10 + [2] * 4)
    polygon = np.array(["a"] * 6 + ["b"] * 4 + ["c"] * 5 + ["d"] * 5 + ["e"] * 4)
    found = largest_polygons(index, polygon, 4)
    np.testing.assert_array_equal(found.share, [0.6, 0.5, 1.0, np.nan])
    assert found.polygons.tolist() == [2, 2, 1, 0]
    notes = dominated(found, ("wheat", "maize", "water", "rock"), "test samples of a class")
    assert [note.split(": ")[1].split(". ")[0] for note in notes] == [
        "water (polygon e)", "wheat (60 % in polygon a)",
    ]  # fmt: skip
    assert dominated(largest_polygons(index[10:20], polygon[10:20], 4), "abcd", "samples") == []
