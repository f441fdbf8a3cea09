# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run has come, from its folder alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.errors import ExecutionError, InputError
from calval_toolbox.core.execution.runner import run_tiles
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.state import (
    EMPTY_KEY,
    TileState,
    find_runs,
    read_state,
    run_name,
)
from calval_toolbox.core.execution.tiling import Tile, TileOutput, tiles

TILES = tiles(150, 100, 50)
EMPTY, SAID, BROKEN = TILES[1].name, TILES[2].name, TILES[4].name


def heights(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """Heights, but for a tile of nothing, one that says why it has none, and one that fails."""
    if tile.name == parameters["broken"]:
        raise ValueError("planted")
    rng = np.random.default_rng(tile.own.column)
    values = rng.normal(size=(tile.own.height, tile.own.width)).astype(np.float32)
    if tile.name == EMPTY:
        values[:] = np.nan
    said = {EMPTY_KEY: "clouds"} if tile.name == SAID else {}
    return TileOutput({"height": values}, {"matched_share": 0.5, **said})


def run(folder: Path, broken: str) -> None:
    run_tiles(heights, TILES, folder, {"broken": broken}, ExecutionSettings("threads:1"))


def test_tiles_that_are_done_empty_and_missing(tmp_path: Path) -> None:
    folder = tmp_path / "dsm.tiles"
    with pytest.raises(ExecutionError):
        run(folder, BROKEN)
    found = read_state(folder)
    assert found.size == (150, 100)
    assert found.function.endswith("heights")
    assert found.parameters == {"broken": BROKEN}
    states = {one.name: one.state for one in found.tiles}
    wanted = dict.fromkeys((one.name for one in TILES), TileState.DONE)
    wanted |= {EMPTY: TileState.EMPTY, SAID: TileState.EMPTY, BROKEN: TileState.MISSING}
    assert states == wanted
    assert {one.name: one.place for one in found.tiles} == {one.name: one.own for one in TILES}
    assert found.tiles[0].summary["matched_share"] == 0.5
    assert found.count(TileState.DONE) == 3
    assert find_runs([tmp_path, tmp_path / "absent"]) == [folder]
    with pytest.raises(ExecutionError):
        run(tmp_path / "other.tiles" / "pair_1_2", BROKEN)
    step = tmp_path / "other.tiles" / "pair_1_2"
    assert sorted(find_runs([tmp_path])) == [folder, step]
    assert run_name(step) == "other.tiles/pair_1_2"
    assert run_name(folder) == "dsm.tiles"


def test_only_new_tiles_are_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.core.execution import state

    folder = tmp_path / "dsm.tiles"
    with pytest.raises(ExecutionError):
        run(folder, BROKEN)
    before = read_state(folder)
    looked: list[str] = []
    record = state.read_record
    monkeypatch.setattr(state, "read_record", lambda path: looked.append(path.stem) or record(path))
    manifest = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "manifest.jsonl").write_text("\n".join(manifest[:-1]), encoding="utf-8")
    again = read_state(folder, before)
    assert looked == []
    assert again.count(TileState.MISSING) == 2
    (folder / f"{TILES[0].name}.npz").unlink()
    assert read_state(folder).tiles[0].state is TileState.MISSING


def test_a_folder_without_a_run_says_what_to_choose(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="removed when a run has ended well"):
        read_state(tmp_path)
