# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders, archives and metadata files; walks over many; bad inputs that end in a sentence."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import Canceled, ProductError
from calval_toolbox.core.io.products import find_products, open_product
from calval_toolbox.core.io.products.registry import READERS
from calval_toolbox.core.io.products.synthetic import (
    SafeStyle,
    Scene,
    write_l3a,
    write_landsat,
    write_muscate,
    write_n2a,
    write_native,
    write_safe,
)
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.types import Flag

from .helpers import flags, tarred, values, zipped

Writer = Callable[[Path, Scene], Path]
WRITERS: dict[str, Writer] = {
    "muscate": write_muscate,
    "l3a": write_l3a,
    "n2a": write_n2a,
    "safe L2A": write_safe,
    "safe L1C": lambda folder, scene: write_safe(folder, scene, SafeStyle("L1C")),
    "landsat": write_landsat,
    "earth_explorer": write_native,
}


def write(name: str, folder: Path, scene: Scene, changed: Callable[..., Scene]) -> Path:
    """One product of the format ``name``; its folder."""
    fitting = changed(site="198030") if name == "landsat" else scene
    folder.mkdir(parents=True, exist_ok=True)
    path = WRITERS[name](folder, fitting)
    if path.suffix == ".HDR":
        native = folder / "native"
        native.mkdir()
        shutil.move(path.with_suffix(".DBL.DIR"), native)
        shutil.move(path, native)
        return native
    return path


def first_band(path: Path | str) -> np.ndarray:
    product = open_product(path)
    return values(next(iter(product.bands.values())))


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("kind", [".zip", ".tar", ".tar.gz", ".tgz"])
def test_archives_give_what_folders_give(
    tmp_path: Path, scene: Scene, changed: Callable[..., Scene], name: str, kind: str
) -> None:
    folder = write(name, tmp_path / "unpacked", scene, changed)
    archive = tmp_path / f"some archive{kind}"
    pack = zipped if kind == ".zip" else tarred
    there, here = open_product(pack(folder, archive)), open_product(folder)
    assert there.path == str(archive)
    for field in ("reader", "sensor", "level", "site", "time", "footprint", "notes"):
        assert getattr(there, field) == getattr(here, field), field
    assert list(there.bands) == list(here.bands)
    assert np.array_equal(first_band(archive), first_band(folder), equal_nan=True)
    if here.aot is not None and there.aot is not None:
        assert np.array_equal(values(there.aot), values(here.aot), equal_nan=True)
    band = next(iter(there.bands.values()))
    if there.masks:
        assert any(where.any() for where in flags(there, band).values())
    assert not any(entry.suffix == ".tif" for entry in tmp_path.iterdir())


@pytest.mark.parametrize("name", ["muscate", "safe L2A", "earth_explorer"])
@pytest.mark.parametrize("kind", [".tar", ".tgz"])
def test_long_names_in_pax_archives(
    tmp_path: Path, scene: Scene, changed: Callable[..., Scene], name: str, kind: str
) -> None:
    folder = write(name, tmp_path / "unpacked", scene, changed)
    archive = tarred(folder, tmp_path / f"product{kind}", pax=True)
    there, here = open_product(archive), open_product(folder)
    assert list(there.bands) == list(here.bands)
    assert list(there.masks) == list(here.masks)
    assert there.aot is not None
    assert here.aot is not None
    assert np.array_equal(values(there.aot), values(here.aot), equal_nan=True)


def test_several_products_in_a_pax_archive(tmp_path: Path, scene: Scene) -> None:
    inside = tmp_path / "both"
    for platform in ("SENTINEL2A", "SENTINEL2B"):
        write_muscate(inside, scene, platform)
    archive = tarred(inside, tmp_path / "both.tar", flat=True, pax=True)
    products, unreadable = find_products([archive])
    assert unreadable == []
    assert [product.platform for product in products] == ["SENTINEL2A", "SENTINEL2B"]
    for product in products:
        again = open_product(product.path)
        assert again.platform == product.platform
        assert np.isfinite(values(again.bands["B2"])).all()


@pytest.mark.parametrize("name", WRITERS)
def test_exactly_one_reader_takes_a_product(
    tmp_path: Path, scene: Scene, changed: Callable[..., Scene], name: str
) -> None:
    from calval_toolbox.core.io.products.registry import locate

    files = locate(str(write(name, tmp_path, scene, changed)))
    assert len(files) == 1
    base = files[0].anchor.rsplit("/", 1)[-1]
    takers = [r.name for r in READERS if r.anchor.match(base) and r.can_read(files[0])]
    assert takers == [name.split(" ")[0]]


def test_metadata_file_stands_for_its_product(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    document = next(folder.glob("*_MTD_ALL.xml"))
    assert open_product(document).path == str(document)
    assert open_product(document).site == "T31TCJ"


def test_folder_around_the_product_is_accepted(tmp_path: Path, scene: Scene) -> None:
    write_muscate(tmp_path / "wrapped", scene)
    assert open_product(tmp_path / "wrapped").reader == "muscate"


def test_several_products_in_one_folder_are_not_guessed(tmp_path: Path, scene: Scene) -> None:
    write_muscate(tmp_path, scene)
    write_n2a(tmp_path, scene)
    with pytest.raises(ProductError, match="holds 2 products. Give one of them, for example"):
        open_product(tmp_path)


def test_several_products_in_one_archive(tmp_path: Path, scene: Scene) -> None:
    archive = tmp_path / "both.zip"
    for folder in (write_muscate(tmp_path / "a", scene), write_n2a(tmp_path / "b", scene)):
        zipped(folder, archive)
    with pytest.raises(ProductError, match="holds 2 products"):
        open_product(archive)
    products, unreadable = find_products([archive])
    assert unreadable == []
    assert sorted(product.reader for product in products) == ["muscate", "n2a"]
    for product in products:
        assert open_product(product.path).reader == product.reader


# -- walking


def test_walk_finds_everything_once(
    tmp_path: Path, scene: Scene, changed: Callable[..., Scene]
) -> None:
    later = changed(time=np.datetime64("2021-01-02T10:50:31.024"))
    write_muscate(tmp_path / "2020" / "T31TCJ", scene)
    write_safe(tmp_path / "esa", later)
    zipped(write_n2a(tmp_path / "tmp", scene), tmp_path / "archives.zip")
    shutil.rmtree(tmp_path / "tmp")
    (tmp_path / "notes.txt").write_text("no product")
    (tmp_path / "empty").mkdir()
    products, unreadable = find_products([tmp_path, tmp_path / "2020"])
    assert unreadable == []
    assert [product.reader for product in products] == ["n2a", "muscate", "safe"]
    assert all(a.time <= b.time for a, b in zip(products, products[1:], strict=False))


def test_products_are_not_descended_into(tmp_path: Path, scene: Scene) -> None:
    outer = write_muscate(tmp_path, scene)
    write_n2a(outer / "MASKS", scene)
    products, unreadable = find_products([tmp_path])
    assert [product.reader for product in products] == ["muscate"]
    assert unreadable == []


def test_unreadable_ones_are_listed_and_the_rest_still_counts(tmp_path: Path, scene: Scene) -> None:
    write_muscate(tmp_path / "good", scene)
    broken = write_muscate(tmp_path / "truncated", scene)
    document = next(broken.glob("*_MTD_ALL.xml"))
    document.write_bytes(document.read_bytes()[:2000])
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04 and nothing more")
    (tmp_path / "S2A_MSIL2A_20200101T105031_N0213_R051_T31TCJ_20200101T105031.SAFE").mkdir()
    with zipfile.ZipFile(tmp_path / "holiday.zip", "w") as file:
        file.writestr("beach.txt", "sun")
    products, unreadable = find_products([tmp_path])
    assert len(products) == 1
    reasons = {os.path.basename(path): reason for path, reason in unreadable}
    assert set(reasons) == {
        broken.name, "damaged.zip", "holiday.zip",
        "S2A_MSIL2A_20200101T105031_N0213_R051_T31TCJ_20200101T105031.SAFE",
    }  # fmt: skip
    assert "is not valid XML" in reasons[broken.name]
    assert "cannot be read as an archive" in reasons["damaged.zip"]
    assert "holds no product" in reasons["holiday.zip"]
    assert (
        "metadata file is missing"
        in reasons["S2A_MSIL2A_20200101T105031_N0213_R051_T31TCJ_20200101T105031.SAFE"]
    )


def test_path_in_which_nothing_is_found_is_listed(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    products, unreadable = find_products([tmp_path, absent])
    assert products == []
    assert unreadable == [
        (str(tmp_path), "No product was found here."),
        (str(absent), f"{absent} does not exist. Check the path."),
    ]


def test_walk_stops_when_asked_to(tmp_path: Path, scene: Scene) -> None:
    class Impatient(Silent):
        def canceled(self) -> bool:
            return True

    write_muscate(tmp_path, scene)
    with pytest.raises(Canceled):
        find_products([tmp_path], Impatient())


# -- bad input


def test_truncated_metadata(tmp_path: Path, scene: Scene) -> None:
    folder = write_safe(tmp_path, scene)
    document = folder / "MTD_MSIL2A.xml"
    document.write_bytes(document.read_bytes()[:1500])
    with pytest.raises(ProductError, match=r"MTD_MSIL2A\.xml is not valid XML"):
        open_product(folder)


def test_empty_metadata(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    next(folder.glob("*.xml")).write_bytes(b"")
    with pytest.raises(ProductError, match=r"MTD_ALL\.xml is not complete"):
        open_product(folder)


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    ],
)
def test_xml_bomb_is_refused(tmp_path: Path, scene: Scene, bomb: str) -> None:
    folder = write_muscate(tmp_path, scene)
    next(folder.glob("*.xml")).write_text(f'<?xml version="1.0"?>\n{bomb}')
    with pytest.raises(ProductError, match="declares XML entities.*refused"):
        open_product(folder)


def test_missing_raster_is_a_sentence_when_it_is_read(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    product = open_product(folder)
    next(folder.glob("*_ATB_R2.tif")).unlink()
    assert product.aot is not None
    with pytest.raises(ProductError, match=r"ATB_R2\.tif cannot be opened as a raster"):
        values(product.aot)


def test_truncated_archive(tmp_path: Path, scene: Scene) -> None:
    archive = zipped(write_muscate(tmp_path / "a", scene), tmp_path / "a.zip")
    archive.write_bytes(archive.read_bytes()[:-3000])
    with pytest.raises(ProductError, match=r"a\.zip cannot be read as an archive"):
        open_product(archive)


@pytest.mark.parametrize("name", ["a.tar.gz", "a.tgz", "a.tar"])
def test_archive_of_rubbish(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"this is no archive" * 100)
    with pytest.raises(ProductError, match="cannot be read as an archive"):
        open_product(tmp_path / name)


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ProductError, match="is no product that can be read. Known are: THEIA"):
        open_product(tmp_path)


def test_other_file(tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text("<report/>")
    with pytest.raises(ProductError, match=r"report\.xml is no product that can be read"):
        open_product(path)


def test_metadata_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "X_MTD_ALL.xml").write_text("<Other_Document/>")
    with pytest.raises(ProductError, match="kind or level that cannot be read"):
        open_product(tmp_path)


def test_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ProductError, match="nowhere does not exist"):
        open_product(tmp_path / "nowhere")


def test_names_with_blanks_and_accents(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path / "données d'été (1)", scene)
    assert np.isfinite(first_band(folder)).all()
    archive = zipped(folder, tmp_path / "été 2020.zip", "à moi/")
    assert Flag.CLOUD in flags(open_product(archive), open_product(archive).bands["B2"])
    assert np.isfinite(first_band(archive)).all()
