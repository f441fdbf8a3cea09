# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged metadata of every format: a sentence, never a traceback."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import CalValError, ProductError
from calval_toolbox.core.io.products import find_products, open_product
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

REPLACEMENTS = ("", "abc", "-5", "nan", "0", "1e400", "-inf", "2.5", "9" * 30, "²", "a" * 5000)
METADATA = re.compile(r"(?!.*_(MSK|CLD|QLT)_R\d\.HDR).*\.(xml|hdr|txt)$", re.IGNORECASE)
SPOTS = {
    ".xml": (r"<([\w:]+)[^<>]*>[^<>]*?([^<>\s][^<>]*)<", r'\s([\w:]+)="([^"]*)"'),
    ".txt": (r"(\w+) = (.*)",),
}
SPOTS[".hdr"] = SPOTS[".xml"]


def _safe_l1c(folder: Path, scene: Scene) -> Path:
    return write_safe(folder, scene, SafeStyle("L1C"))


def _n2a(folder: Path, scene: Scene) -> Path:
    bands = {name: scene.aot for name in ("XS1", "XS2", "XS3", "SWIR")}
    return write_n2a(folder, replace(scene, site="JTanzanieD0000B0000", reflectance=bands))


def _landsat(folder: Path, scene: Scene) -> Path:
    return write_landsat(folder, replace(scene, site="198030"))


WRITERS: dict[str, Callable[[Path, Scene], Path]] = {
    "muscate": write_muscate,
    "l3a": write_l3a,
    "n2a": _n2a,
    "safe L2A": write_safe,
    "safe L1C": _safe_l1c,
    "landsat": _landsat,
    "native": write_native,
}


@pytest.fixture(scope="module")
def small() -> Scene:
    """A scene of a few pixels: only metadata are read here."""
    layer = np.full((12, 12), 0.2)
    bands = {name: layer for name in ("B2", "B3", "B4", "B5", "B8")}
    time = np.datetime64("2018-07-01T10:50:17.745")
    return Scene("T31TCJ", time, 32631, 300000.0, 4900020.0, 20.0, layer, layer * 10, bands)


def _mutations(text: str, suffix: str, rng: np.random.Generator) -> Iterator[str]:
    """One value per tag or attribute replaced, each by several; and the file as a whole."""
    spots: dict[str, list[tuple[int, int]]] = {}
    for pattern in SPOTS[suffix]:
        for match in re.finditer(pattern, text):
            spots.setdefault(match[1], []).append(match.span(2))
    for places in spots.values():
        start, end = places[rng.integers(len(places))]
        for value in rng.choice(REPLACEMENTS, 6, replace=False):
            yield text[:start] + value + text[end:]
    for end in rng.integers(len(text), size=10):
        yield text[:end]
    for encoding in ("klingon", "utf-7", "utf-16", "cp037"):
        yield re.sub(r'encoding="[^"]*"', f'encoding="{encoding}"', text)
    yield text.replace("\n", "\x00")


@pytest.mark.parametrize("form", WRITERS)
def test_damaged_metadata_are_sentences(tmp_path: Path, small: Scene, form: str) -> None:
    path = WRITERS[form](tmp_path, small)
    open_product(path)
    rng = np.random.default_rng(zlib.crc32(form.encode()))
    refused = count = 0
    for file in sorted(file for file in tmp_path.rglob("*") if METADATA.match(file.name)):
        whole = file.read_text()
        for text in _mutations(whole, file.suffix.lower(), rng):
            file.write_text(text)
            count += 1
            try:
                open_product(path)
            except CalValError:
                refused += 1
        file.write_text(whole)
    open_product(path)
    assert count > 100
    assert 0 < refused < count


def test_one_damaged_safe_does_not_stop_the_catalog(tmp_path: Path, small: Scene) -> None:
    write_muscate(tmp_path, small)
    broken = write_safe(tmp_path, small)
    document = broken / "MTD_MSIL2A.xml"
    whole = document.read_text()
    for good, bad in (
        ('bandId="0"', 'bandId=""'),
        ('band_id="0"', 'band_id="first"'),
        ("<EXT_POS_LIST>", "<EXT_POS_LIST>abc "),
        ("UTF-8", "klingon"),
    ):
        assert good in whole
        document.write_text(whole.replace(good, bad))
        products, unreadable = find_products([tmp_path])
        assert [product.reader for product in products] == ["muscate"]
        assert [path for path, _ in unreadable] == [str(broken)]
        assert "MTD_MSIL2A.xml" in unreadable[0][1]


def test_nan_means_not_known_and_infinity_is_damage(tmp_path: Path, small: Scene) -> None:
    path = write_landsat(tmp_path, replace(small, site="198030"))
    mtl = next(path.glob("*_MTL.txt"))
    whole = mtl.read_text()
    mtl.write_text(re.sub("SUN_AZIMUTH = .*", "SUN_AZIMUTH = NaN", whole))
    assert open_product(path).sun_azimuth_deg is None
    for value in ("inf", "1e400"):
        mtl.write_text(re.sub("SUN_AZIMUTH = .*", f"SUN_AZIMUTH = {value}", whole))
        with pytest.raises(ProductError, match=f"'{value}' for SUN_AZIMUTH, which is no number"):
            open_product(path)
