# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs that would destroy something are refused before any work is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from calval_toolbox.algorithms.base import CalValAlgorithm, Group, make
from calval_toolbox.algorithms.destinations import check_destinations
from calval_toolbox.algorithms.inputs import TableInput
from calval_toolbox.core.errors import OutputError

pytestmark = pytest.mark.usefixtures("qgis_app")


class Writer(CalValAlgorithm):
    """Has outputs of every kind; never run."""

    ID = "writer"
    GROUP = Group.PRODUCTS
    TAGS = ("test",)

    def title(self) -> str:
        return "Write"

    def summary(self) -> str:
        return "Writes."

    def define(self) -> None:
        self.add(
            make.files("FILES", "Files", "Files."),
            make.table("TABLE", "Table", "Table."),
            make.table_output("OUTPUT", "Table", "Table."),
            make.table_output("SECOND", "Table", "Table.", optional=True),
            make.raster_output("RASTER", "Raster", "Raster.", optional=True),
            make.file_output("POINTS", "Points", "Points.", ("ply",), optional=True),
            make.report_output("REPORT", "Report", "Page."),
        )


def check(folder: Path, **values: Any) -> list[Path]:
    given: dict[str, Any] = dict.fromkeys(("OUTPUT", "SECOND", "RASTER", "POINTS", "REPORT"), "")
    given |= {"FILES": [], "TABLE": None}
    given |= {key: str(folder / v) if isinstance(v, str) else v for key, v in values.items()}
    return check_destinations(Writer().create(), given)


def test_good_outputs_pass(tmp_path: Path) -> None:
    assert check(tmp_path, OUTPUT="a.gpkg", RASTER="b.tif", REPORT="a.html") == []
    # Points carry no style that the raster's could take the place of.
    assert check(tmp_path, RASTER="a.tif", POINTS="a.ply", REPORT="a.html") == []
    assert check(tmp_path, OUTPUT="new/a.csv", RASTER="a.tif", REPORT="new/a.html") == [
        tmp_path / "new"
    ]


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        ({"OUTPUT": "a.shp"}, "OUTPUT cannot be written as 'a.shp'. Use one of: gpkg"),
        ({"OUTPUT": "a"}, "OUTPUT cannot be written as 'a'"),
        ({"RASTER": "nwe/folder/a.tif"}, "nwe. Correct the name, or make the folder first"),
        ({"RASTER": "a.png"}, "RASTER cannot be written as 'a.png'. Use one of: tif"),
        ({"REPORT": "a.xyz"}, "REPORT cannot be written as 'a.xyz'. Use one of: html"),
        ({"OUTPUT": "a.gpkg", "RASTER": "a.tif"}, "take a.qml for the style of both"),
        ({"OUTPUT": "taken.gpkg"}, "taken.gpkg is a folder"),
        ({"OUTPUT": "file/a.gpkg"}, "file is a file, so it holds no outputs"),
    ],
)
def test_bad_outputs_are_refused(tmp_path: Path, outputs: dict[str, str], words: str) -> None:
    (tmp_path / "taken.gpkg").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError) as caught:
        check(tmp_path, **outputs)
    assert words in str(caught.value)


def test_inputs_are_never_replaced(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("a,b\n1,2\n")
    (tmp_path / "link.csv").symlink_to(source)
    for name in ("in.csv", "link.csv", "x/../in.csv"):
        with pytest.raises(OutputError, match="OUTPUT would replace the input TABLE"):
            check(tmp_path, OUTPUT=name, TABLE=TableInput("in", str(source)))
        with pytest.raises(OutputError, match="OUTPUT would replace the input FILES"):
            check(tmp_path, OUTPUT=name, FILES=[str(source)])


def test_two_outputs_at_one_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="OUTPUT and SECOND would be written to the same place"):
        check(tmp_path, OUTPUT="a.csv", SECOND="b/../a.csv")


def test_a_file_of_an_input_folder_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "notes.csv").write_text("kept")
    with pytest.raises(OutputError, match="OUTPUT would replace a file in the input folder FILES"):
        check(folder, FILES=[str(folder)], OUTPUT="notes.csv")
    # What an earlier run made may be made again.
    (folder / "notes.csv.provenance.json").write_text("{}")
    check(folder, FILES=[str(folder)], OUTPUT="notes.csv")
    check(folder, FILES=[str(folder)], OUTPUT="new.csv")


def test_a_raster_does_not_become_an_input_of_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    images = [str(tmp_path / "images")]
    with pytest.raises(OutputError, match="RASTER would lie in the input folder FILES"):
        check(tmp_path, FILES=images, OUTPUT="a.gpkg", RASTER="images/part/a.tif")
    check(tmp_path, FILES=images, OUTPUT="a.gpkg", RASTER="images2/a.tif")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="only where there is a /proc")
def test_a_folder_that_takes_no_files_is_noticed_before_the_work() -> None:
    with pytest.raises(OutputError, match="OUTPUT: nothing can be written into /proc"):
        check(Path("/proc"), OUTPUT="x.gpkg")
