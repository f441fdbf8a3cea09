# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs appear together and completely, or not at all."""

from pathlib import Path

import pytest

from calval_toolbox.core.errors import OutputError
from calval_toolbox.core.io.atomic import Staging, writable, write_text


def test_files_appear_together_at_the_end(tmp_path):
    first, second = tmp_path / "a.gpkg", tmp_path / "new" / "b.html"
    with Staging() as staging:
        write_text(staging.stage(first), "one")
        write_text(staging.stage(second), "two")
        assert not first.exists()
        assert not second.exists()
    assert (first.read_text(), second.read_text()) == ("one", "two")
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["a.gpkg", "b.html"]


def test_a_failure_leaves_the_earlier_result_and_nothing_else(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_text("earlier")

    def fail():
        with Staging() as staging:
            part = staging.stage(path)
            write_text(part, "half")
            part.with_name(part.name + "-journal").write_text("left by the database")
            raise KeyError("a bug")

    with pytest.raises(KeyError):
        fail()
    assert path.read_text() == "earlier"
    assert [p.name for p in tmp_path.iterdir()] == ["a.gpkg"]


@pytest.mark.parametrize("content", [None, ""])
def test_a_file_that_was_not_written_is_an_error(tmp_path, content):
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"

    def run():
        with Staging() as staging:
            write_text(staging.stage(good), "fine")
            part = staging.stage(bad)
            if content is not None:
                part.write_text(content)

    with pytest.raises(OutputError, match=r"bad.txt was not written completely"):
        run()
    assert list(tmp_path.iterdir()) == []


def test_a_stale_database_log_is_not_applied_to_the_new_file(tmp_path):
    path = tmp_path / "a.gpkg"
    stale = tmp_path / "a.gpkg-wal"
    stale.write_text("of the file before")
    with Staging() as staging:
        write_text(staging.stage(path), "new")
    assert not stale.exists()


def test_odd_names_are_cleaned_up_too(tmp_path):
    def fail():
        with Staging() as staging:
            write_text(staging.stage(tmp_path / "a[1]*.txt"), "x")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be made"):
        Staging().stage(tmp_path / "file" / "below.txt")


def test_one_output_that_cannot_be_put_in_place_takes_all_back(tmp_path):
    good, other, bad = tmp_path / "good.txt", tmp_path / "new.txt", tmp_path / "bad.txt"
    good.write_text("earlier")

    def run():
        with Staging() as staging:
            for path in (good, other, bad):
                write_text(staging.stage(path), "later")
            bad.mkdir()

    with pytest.raises(OutputError, match=r"bad.txt cannot be replaced .*No output was changed"):
        run()
    assert good.read_text() == "earlier"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.txt", "good.txt"]


def test_a_name_of_the_greatest_length_can_be_staged(tmp_path):
    path = tmp_path / ("n" * 250 + ".txt")
    with Staging() as staging:
        write_text(staging.stage(path), "x")
    assert path.read_text() == "x"
    with pytest.raises(OutputError, match="too long"):
        Staging().stage(tmp_path / ("n" * 255 + ".txt"))


def test_whether_a_folder_can_be_written_into_is_tried(tmp_path):
    assert writable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not writable(tmp_path / "absent")
    if Path("/proc/self").is_dir():
        # Its rights allow everything to root, and yet no file can be made in it.
        assert not writable(Path("/proc"))


def test_folders_that_were_made_go_where_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    staging = Staging()
    staging.stage(tmp_path / "a" / "b" / "one.txt")
    staging.stage(tmp_path / "old" / "two.txt").write_text("x")
    staging.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["old"], "a folder of the user stays"
    with Staging() as staging:
        staging.stage(tmp_path / "a" / "b" / "one.txt").write_text("x")
    assert (tmp_path / "a" / "b" / "one.txt").read_text() == "x"
