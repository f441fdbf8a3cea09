# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a tile: complete or not there, the same bytes for the same content."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.errors import InputError, OutputError
from calval_toolbox.core.io.tile_files import (
    read_record,
    read_tile,
    stamp_of,
    to_json,
    unpack,
    write_tile,
)

ARRAYS = {"a": np.arange(24, dtype=np.int16).reshape(2, 3, 4), "b": np.full((1, 3, 4), np.nan)}
RECORD = {"tile": "r0", "count": np.int64(3), "means": np.array([0.5, 1.5]), "nan": float("nan")}


def test_round_trip_and_equal_bytes(tmp_path: Path) -> None:
    first = write_tile(tmp_path / "one.npz", ARRAYS, RECORD)
    assert write_tile(tmp_path / "two.npz", ARRAYS, dict(reversed(RECORD.items()))) == first
    assert stamp_of((tmp_path / "one.npz").read_bytes()) == first
    arrays, record = read_tile(tmp_path / "one.npz")
    for name, values in ARRAYS.items():
        assert arrays[name].dtype == values.dtype
        assert np.array_equal(arrays[name], values, equal_nan=True)
    assert (record["count"], record["means"]) == (3, [0.5, 1.5])
    assert np.isnan(record["nan"])
    assert read_record(tmp_path / "two.npz")["tile"] == "r0"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.npz", "two.npz"]


def test_a_flipped_bit_is_seen_without_a_checksum(tmp_path: Path) -> None:
    """The archive's own checksums tell of content that has changed."""
    write_tile(tmp_path / "t.npz", {"noise": np.random.default_rng(1).random((1, 20, 20))}, RECORD)
    good = (tmp_path / "t.npz").read_bytes()
    reference, _ = unpack(good)
    seen = 0
    for position in range(100, len(good) - 200, 97):  # the content, not the directory behind it
        data = bytearray(good)
        data[position] ^= 1
        try:
            assert np.array_equal(unpack(bytes(data))[0]["noise"], reference["noise"])
        except ValueError:
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive at all" * 20])
def test_what_is_no_tile(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "t.npz").write_bytes(data)
    for reader in (read_tile, read_record):
        with pytest.raises(InputError, match=r"t.npz is damaged. Remove it and run again"):
            reader(tmp_path / "t.npz")


def test_a_disk_that_is_full_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="t.npz could not be written completely"):
        write_tile(tmp_path / "t.npz", ARRAYS, RECORD)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_stores_something_else_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: read(self)[:-1] + b"?")
    with pytest.raises(OutputError, match="t.npz could not be written completely"):
        write_tile(tmp_path / "t.npz", ARRAYS, RECORD)
    assert list(tmp_path.iterdir()) == []


def test_json_takes_what_numpy_makes_and_nothing_strange() -> None:
    values: dict[str, Any] = {
        "t": np.datetime64("2020-01-02"),
        "p": Path("a"),
        "x": np.float32(0.5),
    }
    assert to_json(values) == '{"p": "a", "t": "2020-01-02", "x": 0.5}'
    with pytest.raises(TypeError, match="object cannot be written"):
        to_json({"x": object()})
