# SPDX-License-Identifier: GPL-3.0-or-later
"""What an assessment says of its samples: places that repeat, and pixels without a decision."""

import numpy as np
import pytest

from calval_toolbox.core.classification.accuracy.assess_files import AssessRequest, Columns, assess
from calval_toolbox.core.classification.accuracy.assessment import Samples, assess_samples
from calval_toolbox.core.classification.classes import UNDECIDED_LABEL, Classes, LandClass
from calval_toolbox.core.report.document import ReportContext
from calval_toolbox.core.report.map_accuracy import accuracy_report
from calval_toolbox.core.table import Table


@pytest.mark.parametrize("times", [1, 3])
def test_repeated_places_are_told(times: int) -> None:
    columns = {
        "truth": np.array(["a", "b"] * 10, dtype=object),
        "map": np.array(["a"] * 10 + ["b"] * 10, dtype=object),
        "longitude": np.arange(20.0), "latitude": np.full(20, 45.0),
    }  # fmt: skip
    table = Table({name: np.tile(one, times) for name, one in columns.items()}, "points")
    found = assess(AssessRequest(reference=table, columns=Columns("truth", "map")))
    said = [note for note in found.notes if "repeated places" in note]
    assert bool(said) == (times > 1)
    if said:
        assert "40 repeated places among 60 rows of points" in said[0]
        assert "intervals are too narrow" in said[0]


def test_undecided_is_no_class() -> None:
    classes = Classes((LandClass(1, "a"), LandClass(2, "b"), LandClass(255, UNDECIDED_LABEL)))
    reference, mapped = np.array([0, 0, 1, 1, 1, 0]), np.array([0, 0, 1, 1, 2, 2])
    areas = np.array([60.0, 30.0, 10.0])
    found = assess_samples(Samples(classes, reference, mapped), areas, "post_stratified")
    assert not any("without a reference sample" in note for note in found.notes)
    assert any("Undecided pixels of the map (10 % of the area)" in note for note in found.notes)
    assert any("2 samples there count as wrong" in note for note in found.notes)
    text = accuracy_report(found, ReportContext("Map", {}, (), {}))
    assert "2 classes and undecided pixels, 6 samples" in text
