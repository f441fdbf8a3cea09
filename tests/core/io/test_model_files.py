# SPDX-License-Identifier: GPL-3.0-or-later
"""Models survive the way to a file and back; files that could run code, or are no models, do not
come in.
"""

import json
import pickle
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.model import (
    LEAF,
    Forest,
    Member,
    Model,
    SupportVectors,
)
from calval_toolbox.core.errors import InputError, OutputError
from calval_toolbox.core.io.model_files import read_model, write_model


def small_forest() -> Forest:
    return Forest(
        np.array([0], dtype=np.int32),
        np.array([1, LEAF, LEAF], dtype=np.int32),
        np.array([0.5, 0, 0], dtype=np.float32),
        np.array([1, LEAF, LEAF], dtype=np.int32),
        np.array([2, LEAF, LEAF], dtype=np.int32),
        np.array([[0, 0], [1, 0], [0.25, 0.75]], dtype=np.float32),
    )


def small_vectors() -> SupportVectors:
    return SupportVectors(
        np.zeros(2), np.ones(2), 0.5, np.array([[0.0, 1.0], [1.0, 0.0]]),
        np.array([1, 1]), np.array([[1.0, -1.0]]), np.array([0.1]), np.array([0, 1]), 3.0,
    )  # fmt: skip


def stepping_vectors() -> SupportVectors:
    """With a step from the first feature to the second one."""
    return replace(
        small_vectors(), center=np.zeros(3), scale=np.ones(3), vectors=np.eye(3)[:2],
        steps=np.array([[1, 0]], dtype=np.int32),
    )  # fmt: skip


def small_model() -> Model:
    classes = Classes((LandClass(3, "forêt", "#009E73"), LandClass(7, "water")))
    members = (
        Member("extra_trees", forest=small_forest()),
        Member("svm", vectors=small_vectors(), weight=2.0),
        Member("hist_gradient", stored=b"\x00\x01bytes"),
        Member("svm", vectors=stepping_vectors()),
    )
    return Model("ensemble", ("B4_20190101", "elevation"), classes, members, 5, "north", {"n": 3})


def same(one, other):
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in fields(one)
    )


def test_round_trip(tmp_path: Path) -> None:
    model = small_model()
    write_model(tmp_path / "m.npz", model)
    back = read_model(tmp_path / "m.npz")
    assert replace(back, members=()) == replace(model, members=())
    assert [one.kind for one in back.members] == [one.kind for one in model.members]
    assert [one.weight for one in back.members] == [1.0, 2.0, 1.0, 1.0]
    assert same(back.members[0].forest, model.members[0].forest)
    assert same(back.members[1].vectors, model.members[1].vectors)
    assert back.members[2].stored == b"\x00\x01bytes"
    assert same(back.members[3].vectors, model.members[3].vectors)


def test_same_model_same_bytes(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        write_model(tmp_path / name, small_model())
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_pickles_are_refused_and_not_run(tmp_path: Path) -> None:
    trap = tmp_path / "ran"
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(Bomb(trap)))
    with pytest.raises(InputError, match="pickle or joblib can run any code"):
        read_model(tmp_path / "m.pkl")
    objects = np.array([Bomb(trap)], dtype=object)
    np.savez(tmp_path / "m.npz", header=objects)
    with pytest.raises(InputError, match="is not a model"):
        read_model(tmp_path / "m.npz")
    assert not trap.exists()


def test_other_archives_and_cut_files_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", values=np.arange(3))
    with pytest.raises(InputError, match="is not a model"):
        read_model(tmp_path / "other.npz")
    write_model(tmp_path / "m.npz", small_model())
    data = (tmp_path / "m.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError):
        read_model(tmp_path / "cut.npz")
    with pytest.raises(InputError, match="does not exist"):
        read_model(tmp_path / "none.npz")


@pytest.mark.parametrize(
    "change",
    [
        {"left": np.array([0, LEAF, LEAF], dtype=np.int32)},  # its own child: it never ends
        {"right": np.array([9, LEAF, LEAF], dtype=np.int32)},
        {"feature": np.array([2, LEAF, LEAF], dtype=np.int32)},
        {"roots": np.array([3], dtype=np.int32)},
        {"threshold": np.array([0.5, 0, 0])},
    ],
)
def test_trees_that_lead_outside_are_refused(tmp_path: Path, change: dict) -> None:
    member = Member("extra_trees", forest=replace(small_forest(), **change))
    write_model(tmp_path / "m.npz", replace(small_model(), members=(member,)))
    with pytest.raises(InputError, match="damaged"):
        read_model(tmp_path / "m.npz")


@pytest.mark.parametrize(
    "steps",
    [
        np.array([[2, 0]], dtype=np.int32),  # of features that the model does not have
        np.array([[1, -1]], dtype=np.int32),
        np.array([[1, 0], [0, 1]], dtype=np.int32),  # more than it was scaled for
        np.array([[1, 0]]),
    ],
)
def test_steps_that_lead_outside_are_refused(tmp_path: Path, steps: np.ndarray) -> None:
    member = Member("svm", vectors=replace(stepping_vectors(), steps=steps))
    write_model(tmp_path / "m.npz", replace(small_model(), members=(member,)))
    with pytest.raises(InputError, match="damaged"):
        read_model(tmp_path / "m.npz")


def test_support_vectors_of_earlier_versions_have_no_steps(tmp_path: Path) -> None:
    write_model(tmp_path / "m.npz", small_model())
    with np.load(tmp_path / "m.npz") as archive:
        arrays = {name: archive[name] for name in archive.files if not name.startswith("3_")}
    header = json.loads(arrays["header"].tobytes())
    header |= {"version": 1, "members": header["members"][:3]}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(tmp_path / "old.npz", **{k: v for k, v in arrays.items() if k != "1_steps"})
    back = read_model(tmp_path / "old.npz")
    assert same(back.members[1].vectors, small_vectors())


def test_full_disk_is_said(small_disk: Path) -> None:
    rng = np.random.default_rng(0)
    big = Member("hist_gradient", stored=rng.bytes(2_000_000))
    with pytest.raises(OutputError, match="could not be written completely"):
        write_model(small_disk / "m.npz", replace(small_model(), members=(big,)))
