# SPDX-License-Identifier: GPL-3.0-or-later
"""Products that lack files which their metadata list: noted, and never taken for cloudless."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.catalog import catalog_table
from calval_toolbox.core.io.products.left_out import SHOWN, product_notes
from calval_toolbox.core.io.products.masks import POLICIES, clouds_known, unmasked_note
from calval_toolbox.core.io.products.reader import ABSENT, note_absent
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
from calval_toolbox.core.types import Product

Writer = Callable[[Path, Scene], Path]
# How a product is written, its masks, and how many of those its metadata list by their names.
FORMATS: dict[str, tuple[Writer, str, int]] = {
    "muscate": (write_muscate, r"*/MASKS/*_[CMIES]*.tif", 1),
    "l3a": (write_l3a, "*/MASKS/*_FLG_*.tif", 1),
    "n2a": (write_n2a, "*/MASK/*.TIF", 3),
    "safe": (write_safe, "**/*_SCL_20m.jp2", 1),
    "native": (write_native, "*/*_[CM][LS][DK]_*.TIF", 0),
    "landsat": (write_landsat, "*/*_QA_PIXEL.TIF", 1),
}


@pytest.mark.parametrize("name", FORMATS)
def test_masks_that_are_listed_and_absent_are_noted(
    tmp_path: Path, changed: Callable[..., Scene], name: str
) -> None:
    writer, masks, listed = FORMATS[name]
    scene = changed(site="198030") if name == "landsat" else changed()
    folder = writer(tmp_path, scene)
    whole = open_product(folder)
    assert clouds_known(whole)
    assert not any(note.startswith(ABSENT) for note in whole.notes)
    assert [unmasked_note([whole], policy) for policy in POLICIES] == [""] * len(POLICIES)
    gone = [path for path in tmp_path.glob(masks)]
    assert gone
    for path in gone:
        path.unlink()
    blind = open_product(folder)
    assert not clouds_known(blind)
    named = [note for note in blind.notes if note.startswith(ABSENT)]
    assert len(named) == (listed > 0)
    for path in gone[:listed]:
        assert path.stem in named[0]
    assert catalog_table([blind], [])["notes"][0] == " ".join(blind.notes)
    assert unmasked_note([blind], "none") == ""
    sentence = unmasked_note([whole, blind, blind], "clouds")
    assert sentence.startswith("2 of 3 products have no cloud mask")
    assert "'strict' leaves no cloud out" in unmasked_note([blind], "strict")


def test_the_border_alone_is_no_cloud_mask(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    for path in (folder / "MASKS").iterdir():
        if "_EDG_" not in path.name:
            path.unlink()
    product = open_product(folder)
    assert product.masks
    assert not clouds_known(product)


def test_placeholders_of_a_template_are_no_files(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    metadata = next(folder.glob("*_MTD_ALL.xml"))
    listed = f"MASKS/{folder.name}_EDG_R1.tif"
    assert listed in metadata.read_text()
    metadata.write_text(metadata.read_text().replace(listed, "NOT_INITIALIZED"))
    assert open_product(folder).notes == ()


@pytest.mark.parametrize("kind", ["B04_10m", "SCL_20m"])
def test_a_safe_product_names_the_image_that_it_lacks(
    tmp_path: Path, scene: Scene, kind: str
) -> None:
    folder = write_safe(tmp_path, scene)
    next(folder.rglob(f"*_{kind}.jp2")).unlink()
    notes = open_product(folder).notes
    assert sum(note.startswith(ABSENT) and f"_{kind}." in note for note in notes) == 1
    scene_classes = [note for note in notes if "SCL" in note and "Get the product again" in note]
    assert len(scene_classes) == (kind == "SCL_20m")
    assert not any("GML" in note for note in notes)


def test_vector_masks_of_old_baselines_are_named(tmp_path: Path, scene: Scene) -> None:
    folder = write_safe(tmp_path, scene, SafeStyle("L1C", "02.06", 0))
    assert any("MSK_CLASSI_B00.jp2" in note for note in open_product(folder).notes)
    quality = next((folder / "GRANULE").iterdir()) / "QI_DATA"
    quality.mkdir()
    (quality / "MSK_CLOUDS_B00.gml").write_text("<eop:Mask/>")
    assert any("vector files (GML)" in note for note in open_product(folder).notes)


def test_many_products_with_missing_files_are_summed_up() -> None:
    def product(index: int) -> Product:
        notes: list[str] = ["The same."]
        note_absent(notes, [f"MASKS/P{index}_CLM_R1.tif"])
        time = np.datetime64("2020-01-01")
        return Product(f"P{index}", "x", "x", "x", "L2A", "T", time, notes=tuple(notes))

    notes = list(product_notes([product(index) for index in range(SHOWN + 3)]))
    assert notes[0] == f"The same. ({SHOWN + 3} product(s))"
    assert notes[1] == f"{ABSENT} P0_CLM_R1.tif."
    assert len(notes) == SHOWN + 2
    assert "missing from 3 more products" in notes[-1]


def test_a_long_list_of_missing_files_is_cut() -> None:
    notes: list[str] = []
    note_absent(notes, [f"MASKS/{letter}.tif" for letter in "hgfedcba"])
    note_absent(notes, [])
    assert notes == [f"{ABSENT} a.tif, b.tif, c.tif, d.tif, e.tif, f.tif and 2 more."]
