# SPDX-License-Identifier: GPL-3.0-or-later
"""RPC files of every layout, written here as producers write them, and what is wrong with some."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dem_samples import KEYS, REUNION_1, gdal_project, metadata, model
from osgeo import gdal

from calval_toolbox.core.dem.rpc import RpcModel
from calval_toolbox.core.errors import InputError, ProductError
from calval_toolbox.core.io.rpc_files import read_rpc
from calval_toolbox.core.io.rpc_images import write_rpc_image
from calval_toolbox.core.io.stereo_images import open_image

RPB_NAMES = (
    "lineOffset", "sampOffset", "latOffset", "longOffset", "heightOffset", "lineScale",
    "sampScale", "latScale", "longScale", "heightScale", "lineNumCoef", "lineDenCoef",
    "sampNumCoef", "sampDenCoef",
)  # fmt: skip
UNITS = ("pixels", "pixels", "degrees", "degrees", "meters") * 2
IMAGE = np.arange(12, dtype=np.uint16).reshape(3, 4)


@pytest.fixture(scope="module")
def reunion() -> RpcModel:
    return model(REUNION_1)


def parts(one: RpcModel) -> tuple[Any, Any]:
    vector = one.to_vector()
    return vector[:10], vector[10:].reshape(4, 20)


def rpc_txt(one: RpcModel) -> str:
    numbers, lists = parts(one)
    lines = [
        f"{key}: {value:+.17g} {unit}"
        for key, value, unit in zip(KEYS, numbers, UNITS, strict=False)
    ]
    for key, values in zip(KEYS[10:], lists, strict=False):
        lines += [f"{key}_{k}: {value:+.16E}" for k, value in enumerate(values, start=1)]
    return "\n".join(lines)


def rpb(one: RpcModel) -> str:
    numbers, lists = parts(one)
    text = 'satId = "QB02";\nbandId = "P";\nSpecId = "RPC00B";\nBEGIN_GROUP = IMAGE\n'
    text += "\terrBias = 1.5;\n\terrRand = 0.2;\n"
    text += "".join(
        f"\t{name} = {value!r};\n" for name, value in zip(RPB_NAMES, numbers.tolist(), strict=False)
    )
    for name, values in zip(RPB_NAMES[10:], lists.tolist(), strict=False):
        text += f"\t{name} = (\n" + ",\n".join(f"\t\t\t{value!r}" for value in values) + ");\n"
    return text + "END_GROUP = IMAGE\nEND;\n"


def geom(one: RpcModel) -> str:
    numbers, lists = parts(one)
    text = "adjustment_0.adj_param_0.center:  0\nbias_error:  0\nimage_id:  \n"
    text += "".join(
        f"{key.lower()}:  {value!r}\n" for key, value in zip(KEYS, numbers.tolist(), strict=False)
    )
    for key, values in zip(KEYS[10:], lists.tolist(), strict=False):
        text += "".join(f"{key.lower()}_{k:02d}:  {value!r}\n" for k, value in enumerate(values))
    return text + "polynomial_format:  B\ntype:  ossimRpcModel\n"


def tag(name: str, value: Any) -> str:
    return f"<{name}>{value}</{name}>"


def dimap_2(one: RpcModel, version: str = "2.15", first: tuple[int, int] = (1, 1)) -> str:
    """As Pleiades and SPOT 6; in V3 the models are called otherwise and the first pixel is said."""
    new = version.startswith("3")
    names = (
        ("ImagetoGround_Values", "GroundtoImage_Values", "ImagetoGround_Validity_Domain")
        if new
        else ("Direct_Model", "Inverse_Model", "Direct_Model_Validity_Domain")
    )
    numbers, lists = parts(one)
    inverse = "".join(
        tag(f"{key}_{k}", repr(value))
        for key, values in zip(KEYS[10:], lists.tolist(), strict=False)
        for k, value in enumerate(values, start=1)
    )
    direct = inverse.replace(">", ">9", 1)
    domain = tag("FIRST_ROW", first[1]) + tag("FIRST_COL", first[0]) + tag("LAST_ROW", 9999)
    validity = tag(names[2], domain)
    validity += "".join(
        tag(key, repr(value)) for key, value in zip(KEYS, numbers.tolist(), strict=False)
    )
    body = tag(names[0], direct) + tag(names[1], inverse) + tag("RFM_Validity", validity)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?><Dimap_Document>'
        f'<Metadata_Identification><METADATA_FORMAT version="{version}">DIMAP</METADATA_FORMAT>'
        "<METADATA_PROFILE>PHR_SENSOR</METADATA_PROFILE></Metadata_Identification>"
        + tag("Rational_Function_Model", tag("Global_RFM", body))
        + "</Dimap_Document>"
    )  # fmt: skip


def dimap_1(one: RpcModel) -> str:
    """As the first Pleiades products of the system: all coefficients of an axis in one text."""
    numbers, lists = parts(one)
    texts = [
        " ".join(repr(value) for value in pair.ravel().tolist()) for pair in (lists[:2], lists[2:])
    ]
    inverse = tag("F_COL", texts[1]) + tag("F_ROW", texts[0])
    direct = tag("F_LON", texts[0]) + tag("F_LAT", texts[0])
    axes = zip(
        ("Row", "Col", "Lat", "Lon", "Alt"),
        numbers[:5].tolist(),
        numbers[5:].tolist(),
        strict=False,
    )
    limits = tag("FIRST_ROW", 1) + tag("FIRST_COL", 1)
    validity = tag("Direct_Model_Validity_Domain", limits)
    validity += "".join(tag(name, tag("A", repr(a)) + tag("B", repr(b))) for name, b, a in axes)
    body = tag("Direct_Model", direct) + tag("Inverse_Model", inverse)
    return (
        "<PHR_Dimap_Document><Metadata_Identification>"
        '<METADATA_PROFILE version="1.4">PHR_SYSTEM</METADATA_PROFILE>'
        "<METADATA_FORMAT>DIMAP_PHR</METADATA_FORMAT></Metadata_Identification>"
        + tag("Rational_Sensor_Model", tag("Global_RFM", body + tag("RFM_Validity", validity)))
        + "</PHR_Dimap_Document>"
    )


def dimap_3(one: RpcModel) -> str:
    return dimap_2(one, "3.0", (7, -3))


# Name, writer, what the layout calls the center of the first pixel (column, row), its name.
LAYOUTS: list[tuple[str, Callable[[RpcModel], str], tuple[float, float], str]] = [
    ("image_RPC.TXT", rpc_txt, (0, 0), "_RPC.TXT"),
    ("image.RPB", rpb, (0, 0), ".RPB"),
    ("image.geom", geom, (0, 0), "OTB .geom"),
    ("RPC_image.XML", dimap_2, (1, 1), "DIMAP V2"),
    ("RPC_image.XML", dimap_1, (1, 1), "DIMAP V1"),
    ("RPC_image.XML", dimap_3, (7, -3), "DIMAP V3"),
]
EACH = pytest.mark.parametrize("layout", LAYOUTS, ids=[layout[3] for layout in LAYOUTS])


def same(found: RpcModel, truth: RpcModel) -> bool:
    return bool(np.allclose(found.to_vector(), truth.to_vector(), rtol=1e-13, atol=1e-16))


def plain_image(path: Path, transform: tuple[float, ...] | None = None, epsg: int = 0) -> str:
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 4, 3)
    if transform:
        dataset.SetGeoTransform(transform)
    if epsg:
        from osgeo import osr

        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        dataset.SetProjection(reference.ExportToWkt())
    return str(path)


@EACH
def test_layout(tmp_path: Path, reunion: RpcModel, layout: Any) -> None:
    name, writer, first, convention = layout
    (tmp_path / name).write_text(writer(reunion.shifted(*first)))
    found = read_rpc(str(tmp_path / name))
    assert found.convention.name == convention
    assert found.where.endswith(name)
    assert same(found.model, reunion)


@EACH
def test_file_beside_the_image(tmp_path: Path, reunion: RpcModel, layout: Any) -> None:
    name, writer, first, _ = layout
    image = plain_image(tmp_path / "image.tif")
    (tmp_path / name).write_text(writer(reunion.shifted(*first)))
    assert same(read_rpc(image).model, reunion)


@EACH
def test_images_of_the_stereo_chain(tmp_path: Path, reunion: RpcModel, layout: Any) -> None:
    name, writer, first, convention = layout
    path = str(tmp_path / "image.tif")
    dataset = gdal.GetDriverByName("GTiff").Create(path, 70, 80, 1, gdal.GDT_UInt16)
    dataset.WriteArray(np.arange(1, 5601, dtype=np.uint16).reshape(80, 70))
    del dataset
    (tmp_path / name).write_text(writer(reunion.shifted(*first)))
    found = open_image(path)
    assert found.size == (80, 70)
    assert found.convention in (convention, "GDAL metadata")  # GDAL knows some files beside it
    assert same(found.model, reunion)


@pytest.mark.parametrize("layout", LAYOUTS[:2], ids=[layout[3] for layout in LAYOUTS[:2]])
def test_gdal_reads_the_same(tmp_path: Path, reunion: RpcModel, layout: Any) -> None:
    name, writer, _, _ = layout
    image = plain_image(tmp_path / "image.tif")
    (tmp_path / name).write_text(writer(reunion))
    domain = gdal.Open(image).GetMetadata("RPC")
    # GDAL leaves the units in where there are any.
    domain = {key: domain[key].split(" ")[0] if key in KEYS[:10] else domain[key] for key in KEYS}
    assert same(model(domain), read_rpc(str(tmp_path / name)).model)


@pytest.mark.parametrize("profile", ["PHR_SENSOR", "PNEO_SENSOR"])
def test_gdal_reads_the_same_of_dimap(tmp_path: Path, reunion: RpcModel, profile: str) -> None:
    # GDAL takes the first column for both axes, hence the same number for them here.
    first, version = (4, "3.0") if profile.startswith("PNEO") else (1, "2.15")
    text = dimap_2(reunion.shifted(first, first), version, (first, first))
    image = plain_image(tmp_path / "IMG_X_R1C1.TIF")
    (tmp_path / "RPC_X.XML").write_text(text.replace("PHR_SENSOR", profile))
    assert same(read_rpc(image).model, reunion)
    # The document of the product, where its list of models has no entry.
    assert same(read_rpc(plain_image(tmp_path / "DIM_X.TIF")).model, reunion)
    (tmp_path / "DIM_X.XML").write_text(
        "<Dimap_Document><Metadata_Identification><METADATA_FORMAT version='2'>DIMAP"
        f"</METADATA_FORMAT><METADATA_PROFILE>{profile}</METADATA_PROFILE>"
        "</Metadata_Identification></Dimap_Document>"
    )
    domain = gdal.Open(image).GetMetadata("RPC")
    assert same(model(domain), reunion)


def test_image_keeps_its_model(tmp_path: Path, reunion: RpcModel) -> None:
    write_rpc_image(tmp_path / "a.tif", IMAGE, reunion)
    found = read_rpc(str(tmp_path / "a.tif"))
    assert found.model == reunion
    assert found.convention.name == "GDAL metadata"
    assert (gdal.Open(str(tmp_path / "a.tif")).ReadAsArray() == IMAGE).all()
    x, y = gdal_project(found.model, [55.6506864], [-21.2319941], [1295.0])
    assert np.allclose([x[0], y[0]], [512.495161, 512.491221], atol=1e-6)


def test_geotransform_without_crs_is_the_place_of_a_crop(tmp_path: Path, reunion: RpcModel) -> None:
    crop = plain_image(tmp_path / "crop.tif", (20500.0, 1.0, 0.0, 5000.0, 0.0, 1.0))
    (tmp_path / "crop.geom").write_text(geom(reunion))
    found = read_rpc(crop)
    assert found.crop == (20500.0, 5000.0)
    assert same(found.model, reunion.cropped(20500.0, 5000.0))


@pytest.mark.parametrize(
    ("transform", "epsg"),
    [
        ((20500.0, 1.0, 0.0, 5000.0, 0.0, -1.0), 0),
        ((20500.0, 0.5, 0.0, 5000.0, 0.0, 0.5), 0),
        ((20500.0, 1.0, 0.0, 5000.0, 0.0, 1.0), 32740),
        (None, 0),
    ],
    ids=["north up", "half steps", "with a CRS", "none"],
)
def test_other_geotransforms_say_nothing(
    tmp_path: Path, reunion: RpcModel, transform: Any, epsg: int
) -> None:
    image = plain_image(tmp_path / "image.tif", transform, epsg)
    (tmp_path / "image.geom").write_text(geom(reunion))
    found = read_rpc(image)
    assert found.crop == (0.0, 0.0)
    assert same(found.model, reunion)


def test_image_without_any(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"plain.tif has no RPC.*put its file"):
        read_rpc(plain_image(tmp_path / "plain.tif"))


@EACH
def test_half_a_file(tmp_path: Path, reunion: RpcModel, layout: Any) -> None:
    name, writer, _, _ = layout
    text = writer(reunion)
    cut = (
        "sampDenCoef"
        if name.endswith(".RPB")
        else "samp_den"
        if name.endswith("geom")
        else "SAMP_DEN"
    )
    text = text.replace(cut, "gone") if cut in text else text[: len(text) // 2]
    (tmp_path / name).write_text(text)
    with pytest.raises((InputError, ProductError), match=name):
        read_rpc(str(tmp_path / name))


def test_words_for_numbers(tmp_path: Path, reunion: RpcModel) -> None:
    dataset = gdal.GetDriverByName("VRT").Create(str(tmp_path / "a.vrt"), 4, 3)
    dataset.SetMetadata({**metadata(reunion), "LINE_NUM_COEFF": "one two"}, "RPC")
    dataset = None
    with pytest.raises(InputError, match="a.vrt holds something else than numbers as LINE_NUM"):
        read_rpc(str(tmp_path / "a.vrt"))


def test_missing_file_and_other_files(tmp_path: Path) -> None:
    for name in ("absent.tif", "absent.xml", "absent.RPB"):
        with pytest.raises(InputError, match=name):
            read_rpc(str(tmp_path / name))
    (tmp_path / "notes.xml").write_text("<notes/>")
    with pytest.raises(InputError, match="notes.xml"):
        read_rpc(str(tmp_path / "notes.xml"))


def test_real_crops_of_gizeh(shared_data: Path) -> None:
    folder = shared_data / "dem" / "phr_gizeh"
    for name, origin in (("img1", (20500.0, 5000.0)), ("img2", (20501.0, 5476.0))):
        found = read_rpc(str(folder / f"{name}.tif"))
        assert found.convention.name == "OTB .geom"
        assert found.crop == origin
        # Both crops show the pyramids.
        lon, lat = found.model.locate(400.0, 400.0, 60.0)
        assert abs(lon - 31.132) < 0.005
        assert abs(lat - 29.978) < 0.005


def test_real_pair_of_la_reunion(shared_data: Path) -> None:
    found = read_rpc(str(shared_data / "dem" / "pleiades_reunion_pair" / "img_01.tif"))
    assert found.model == model(REUNION_1)
    assert found.crop == (0.0, 0.0)
