# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress is proportional, and stopping is answered at the next step."""

import pytest

from calval_toolbox.core.dependencies import available, missing_sentence, require
from calval_toolbox.core.errors import Canceled, MissingPackageError
from calval_toolbox.core.progress import Part, Silent, each


class Recorder(Silent):
    def __init__(self, stop_after=10**9):
        self.seen = []
        self.stop_after = stop_after

    def report(self, fraction, text=""):
        self.seen.append(fraction)

    def canceled(self):
        return len(self.seen) >= self.stop_after


def test_each_reports_the_true_share():
    recorder = Recorder()
    assert list(each([1, 2, 3, 4], recorder)) == [1, 2, 3, 4]
    assert recorder.seen == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_each_stops():
    recorder = Recorder(stop_after=2)
    done = []

    def work():
        for item in each(range(10), recorder):
            done.append(item)

    with pytest.raises(Canceled):
        work()
    assert done == [0, 1]


def test_a_part_fills_its_share():
    recorder = Recorder()
    list(each([1, 2], Part(recorder, 0.5, 0.7)))
    assert recorder.seen == pytest.approx([0.5, 0.6, 0.7])


def test_a_missing_package_is_named_with_the_way_to_get_it():
    assert available("numpy")
    assert not available("no_such_package_anywhere")
    with pytest.raises(MissingPackageError, match="pip install no_such_package_anywhere"):
        require("no_such_package_anywhere.part")
    assert "scikit-learn (classification)" in missing_sentence(["sklearn"])
