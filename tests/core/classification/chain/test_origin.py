# SPDX-License-Identifier: GPL-3.0-or-later
"""Which runs are in a map, and which results are of a map that is not there any more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from calval_toolbox.core.classification.chain.origin import chain_of, fair_splits, splits_of
from calval_toolbox.core.classification.chain.stale import put_aside
from calval_toolbox.core.classification.chain.state import State
from calval_toolbox.core.classification.chain.units import Unit

UNITS = (
    ("preparesamples", "preparesamples", "samples/samples.gpkg", ()),
    ("trainclassifier run 1", "trainclassifier", "models/model_run_1.npz", ("preparesamples",)),
    ("trainclassifier run 2", "trainclassifier", "models/model_run_2.npz", ("preparesamples",)),
    ("classifytimeseries run 1", "classifytimeseries", "maps/map_run_1.tif",
     ("trainclassifier run 1",)),
    ("classifytimeseries run 2", "classifytimeseries", "maps/map_run_2.tif",
     ("trainclassifier run 2",)),
    ("fuseclassifications", "fuseclassifications", "maps/map.tif",
     ("classifytimeseries run 1", "classifytimeseries run 2")),
    ("regularizemap", "regularizemap", "maps/regularized.tif", ("fuseclassifications",)),
    ("assessmap", "assessmap", "accuracy/map.html", ("assessmap run 2", "regularizemap")),
    ("assessmap run 2", "assessmap", "accuracy/run_2.html", ("classifytimeseries run 2",)),
)  # fmt: skip


@pytest.fixture
def state(tmp_path: Path) -> State:
    """A chain of two runs; what it made are texts."""
    found = State(tmp_path / "out", {}, {"runs": 2})
    for name, step, path, uses in sorted(UNITS, key=lambda one: one[0] == "assessmap"):
        _enter(found, name, step, path, uses)
    return found


def _enter(state: State, name: str, step: str, path: str, uses: tuple[str, ...]) -> None:
    file = state.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(name)
    split = {"run 1": "split", "run 2": "split_1"}.get(name[-5:], "")
    unit = Unit(name, step, {"SPLIT_FIELD": split}, {"file": path}, lambda _: {}, (), uses)
    state.enter(unit, state.identity(unit), unit.outputs, {}, 1.0)


def test_the_runs_in_a_map_of_a_chain_are_known(state: State) -> None:
    maps = state.folder / "maps"
    assert splits_of(maps / "map_run_2.tif") == ("split_1",)
    assert (
        splits_of(maps / "map.tif") == splits_of(maps / "regularized.tif") == ("split", "split_1")
    )
    assert fair_splits(maps / "map_run_2.tif", ["split", "split_1"]) == ("split_1",)
    found = chain_of(maps / "map.tif")
    assert found is not None
    assert (found[0].folder, found[1]) == (state.folder, "fuseclassifications")
    # Of other samples, and of a map that nothing is known of, all columns have to agree.
    assert fair_splits(maps / "map_run_2.tif", ["split"]) == ("split",)
    assert splits_of(state.folder / "other.tif") == ()
    assert fair_splits(state.folder / "other.tif", ["split", "split_1"]) == ("split", "split_1")


def test_a_file_is_of_the_unit_that_wrote_it_last(state: State) -> None:
    """The map of one run is called as that of several fused ones."""
    _enter(state, "classifytimeseries", "classifytimeseries", "maps/map.tif",
           ("trainclassifier run 1",))  # fmt: skip
    assert splits_of(state.folder / "maps" / "map.tif") == ("split",)
    assert "fuseclassifications" not in State.read(state.folder).records


def test_the_runs_in_a_map_of_single_steps_are_known(tmp_path: Path) -> None:
    def record(name: str, algorithm: str, **parameters: Any) -> str:
        path = tmp_path / name
        text = json.dumps({"algorithm": f"calval:{algorithm}", "parameters": parameters})
        path.with_name(f"{name}.provenance.json").write_text(text)
        return str(path)

    models = [record("a.npz", "trainclassifier"),
              record("b.npz", "trainclassifier", SPLIT_FIELD="split_1")]  # fmt: skip
    maps = [
        record(f"{at}.tif", "classifytimeseries", MODELS=[one]) for at, one in enumerate(models)
    ]
    fused = record("fused.tif", "fuseclassifications", MAPS=maps)
    assert splits_of(record("smooth.tif", "regularizemap", MAP=fused)) == ("split", "split_1")
    assert splits_of(maps[1]) == ("split_1",)
    assert splits_of(record("c.tif", "fuseclassifications", MAPS=[maps[0], "lost.tif"])) == ()


def test_what_was_made_of_an_earlier_map_is_put_aside(state: State) -> None:
    folder = state.folder
    assert put_aside(state) == []
    style = folder / "maps" / "regularized.qml"
    style.write_text("style")
    _enter(state, "classifytimeseries run 1", "classifytimeseries", "maps/map_run_1.tif", ())
    assert put_aside(state) == []  # the same bytes as before
    _enter(state, "fuseclassifications", "fuseclassifications", "maps/map.tif", ())
    assert put_aside(state) == []
    (folder / "maps" / "map.tif").write_text("another")
    unit = Unit("fuseclassifications", "fuseclassifications", {}, {"file": "maps/map.tif"},
                lambda _: {})  # fmt: skip
    state.enter(unit, state.identity(unit), unit.outputs, {}, 1.0)
    assert put_aside(state) == ["maps/regularized.tif", "accuracy/map.html"]
    assert (folder / "stale" / "accuracy" / "map.html").read_text() == "assessmap"
    assert (folder / "stale" / "maps" / "regularized.qml").is_file()
    assert not (folder / "maps" / "regularized.tif").exists()
    left = set(State.read(folder).records)
    assert {one[0] for one in UNITS} - left == {"regularizemap", "assessmap"}
    assert (folder / "accuracy" / "run_2.html").is_file()
