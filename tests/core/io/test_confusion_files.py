# SPDX-License-Identifier: GPL-3.0-or-later
"""Confusion matrices as files: real ones of iota2, and what is wrong with others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.confusion import Confusion
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.confusion_files import read_confusion, write_confusion


def test_the_real_matrices_of_a_seed_give_the_accuracy_that_was_printed(shared_data: Path) -> None:
    folder = shared_data / "classification" / "iota2_testdata"
    seeds = [read_confusion(folder / f"Classif_Seed_{seed}_confusion.csv") for seed in (0, 1)]
    assert [one.overall for one in seeds] == pytest.approx([0.89855072, 0.92753623], abs=5e-9)
    assert [one.kappa for one in seeds] == pytest.approx([0.8864064, 0.91872792], abs=5e-8)
    # "verger" (221): recall 3 of 4, precision 3 of 3 in the first seed: rows are the reference.
    at = seeds[0].classes.labels.index("221")
    assert (seeds[0].recall[at], seeds[0].precision[at]) == (0.75, 1.0)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    classes = Classes((LandClass(3, "crops, annual"), LandClass(7, "forêt")))
    confusion = Confusion(classes, np.array([[5.0, 0.5], [2.0, 1e9]]))
    path = tmp_path / "confusion.csv"
    write_confusion(path, confusion)
    assert path.read_text("utf-8").startswith('#Reference labels (rows):"crops, annual",forêt\n#Pr')
    again = read_confusion(path, classes)
    assert again.classes == classes
    np.testing.assert_array_equal(again.counts, confusion.counts)


def test_a_class_of_the_reference_alone_has_an_empty_column(tmp_path: Path) -> None:
    path = tmp_path / "confusion.csv"
    path.write_text(
        "#Reference labels (rows):1,2,3\n#Produced labels (columns):3,1\n1,5\n2,0\n9,4\n", "utf-8"
    )
    found = read_confusion(path)
    assert found.classes.labels == ("1", "2", "3")
    np.testing.assert_array_equal(found.counts, [[5, 0, 1], [0, 0, 2], [4, 0, 9]])


def test_labels_may_be_codes_of_known_classes(tmp_path: Path) -> None:
    path = tmp_path / "confusion.csv"
    path.write_text("#Reference labels (rows):7,3\n#Produced labels (columns):7,3\n1,2\n3,4\n")
    known = Classes((LandClass(3, "crop"), LandClass(7, "forest"), LandClass(9, "water")))
    np.testing.assert_array_equal(
        read_confusion(path, known).counts, [[4, 3, 0], [2, 1, 0], [0, 0, 0]]
    )


HEAD = "#Reference labels (rows):1,2\n#Produced labels (columns):1,2\n"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1,2\n3,4\n", "is not a confusion matrix"),
        ("", "is not a confusion matrix"),
        (HEAD + "1,2\n", "another number of rows"),
        (HEAD + "1,2\n3\n", "another number of rows"),
        (HEAD + "1,2\n3,x\n", "no number"),
        (HEAD + "1,2\n3,-4\n", "below 0"),
        (HEAD + "1,2\n3,nan\n", "without a number"),
        (HEAD.replace("(rows):1,2", "(rows):1,1") + "1,2\n3,4\n", "twice"),
    ],
)
def test_what_is_no_matrix_is_told(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "confusion.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=part) as caught:
        read_confusion(path)
    assert "confusion.csv" in str(caught.value)


def test_unknown_classes_are_named(tmp_path: Path) -> None:
    path = tmp_path / "confusion.csv"
    path.write_text(HEAD + "1,2\n3,4\n")
    with pytest.raises(InputError, match="not known: 2. Known are 1"):
        read_confusion(path, Classes((LandClass(1, "1"),)))
