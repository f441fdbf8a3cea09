# SPDX-License-Identifier: GPL-3.0-or-later
"""Models of a real pair (Pleiades, La Reunion, crops of 1024 pixels) as metadata of GDAL."""

from __future__ import annotations

from typing import Any

import numpy as np
from osgeo import gdal

from calval_toolbox.core.dem.rpc import RpcModel

KEYS = (
    "LINE_OFF", "SAMP_OFF", "LAT_OFF", "LONG_OFF", "HEIGHT_OFF", "LINE_SCALE", "SAMP_SCALE",
    "LAT_SCALE", "LONG_SCALE", "HEIGHT_SCALE", "LINE_NUM_COEFF", "LINE_DEN_COEFF",
    "SAMP_NUM_COEFF", "SAMP_DEN_COEFF",
)  # fmt: skip
REUNION_1 = {
    "LINE_OFF": "19403.5",
    "SAMP_OFF": "19999.5",
    "LAT_OFF": "-21.2316081288",
    "LONG_OFF": "55.7119698801",
    "HEIGHT_OFF": "1295",
    "LINE_SCALE": "512",
    "SAMP_SCALE": "512",
    "LAT_SCALE": "0.0911805852907",
    "LONG_SCALE": "0.0985353286675",
    "HEIGHT_SCALE": "1315",
    "LINE_NUM_COEFF": (
        "-37.284870906 -0.389307964671 -39.0126569672 0.756244483967 0.0365724832883 "
        "-0.000699590543671 5.69148667027e-05 0.00488795358124 -0.0493487209079 "
        "-0.00486335415172 6.61460426948e-05 -4.3251938614e-05 -0.00106436732503 "
        "-5.45489448461e-05 -0.00330149225713 -0.0169088089294 -0.00493745513823 "
        "6.47041405124e-05 0.000507944645931 9.58883770134e-05"
    ),
    "LINE_DEN_COEFF": (
        "1 0.000997771806716 0.000893795146776 -2.56359129684e-05 -1.70851501528e-05 "
        "-3.21867506534e-07 2.1532776166e-05 8.13369760723e-05 -0.000270733342464 "
        "0.000126355623049 -3.65549547543e-07 1.73348528132e-07 1.0566912918e-05 "
        "2.48524027091e-07 5.68010228875e-07 -3.14981737526e-06 -1.46513589459e-07 "
        "-1.44200775386e-08 1.59078686184e-06 -3.43796798432e-09"
    ),
    "SAMP_NUM_COEFF": (
        "-13.5564562154 39.3860841344 -0.0427740622694 0.275292011929 0.0209037688985 "
        "0.0398356057957 -0.0178925782936 -0.0421615828479 0.0241060371425 "
        "0.000605633181358 8.44134747117e-05 -0.000310265910803 -0.000334358203674 "
        "-9.98841387442e-05 0.00150262989976 0.00587427322315 -6.15040098618e-06 "
        "-0.000108287671902 -0.000380016064247 -5.97860985933e-07"
    ),
    "SAMP_DEN_COEFF": (
        "1 -0.000284860254189 -0.00052978538308 -0.00103796003315 -1.31064144938e-05 "
        "1.15489105827e-06 -4.43060264739e-07 2.9975738656e-06 2.01322436172e-06 "
        "-4.17753982621e-06 -1.26431542483e-07 -7.81727809737e-09 -1.16012565638e-07 "
        "3.82954839127e-09 1.99730782682e-07 2.12670502991e-06 2.63893880667e-09 "
        "2.15736481798e-08 -7.45465130415e-08 5.17836239128e-09"
    ),
}
REUNION_2 = {
    "LINE_OFF": "19853.5",
    "SAMP_OFF": "19999.5",
    "LAT_OFF": "-21.2320667504",
    "LONG_OFF": "55.7120231822",
    "HEIGHT_OFF": "1295",
    "LINE_SCALE": "551.227882685",
    "SAMP_SCALE": "515.928720354",
    "LAT_SCALE": "0.0924593054732",
    "LONG_SCALE": "0.0997515338286",
    "HEIGHT_SCALE": "1315",
    "LINE_NUM_COEFF": (
        "-33.8103273083 0.330552477543 -36.8640258974 -0.51109180295 0.0494048301059 "
        "0.000664425770206 0.000846687891094 0.0160002708847 0.0639467663498 "
        "0.0022752353099 -4.16512397907e-05 -3.18218656264e-05 -0.000681443709754 "
        "-1.88494923774e-05 0.00142098161878 0.00804637904486 0.00236852409458 "
        "1.99241225863e-05 0.000166042949768 3.27313461798e-05"
    ),
    "LINE_DEN_COEFF": (
        "1 0.00142584929275 -0.00159860536761 -1.80578366314e-05 -1.34400175471e-05 "
        "5.25079802574e-07 7.07676914081e-06 -4.33401940072e-05 0.000138827054833 "
        "-6.4093335789e-05 -2.28395208681e-08 -9.03884799341e-08 -2.13748139643e-06 "
        "-1.77662533746e-07 -2.11600643296e-07 -1.19721526204e-06 -3.91692875777e-08 "
        "2.1234230879e-09 -7.38319215291e-07 7.69507888246e-10"
    ),
    "SAMP_NUM_COEFF": (
        "-13.7345201571 39.3877930817 -0.0438854277024 0.549955192371 0.0252033391526 "
        "0.0392225871701 -0.0152007146682 -0.0605847031056 0.0598572822117 "
        "0.000267633668483 4.43629201991e-05 -0.000289223874058 -0.00037215894158 "
        "-0.000103911214439 0.000896046834437 -0.00156210770365 -1.7515513004e-05 "
        "-0.000119612016093 -0.00012605280061 -1.70320285441e-06"
    ),
    "SAMP_DEN_COEFF": (
        "1 0.000112347670495 -0.000644622592316 -0.00104895015633 -1.81932561334e-05 "
        "9.52633833768e-07 -1.98041059004e-06 3.25611429226e-06 5.26338222398e-06 "
        "-4.2924288156e-06 -1.04353936285e-07 -1.45157343651e-08 -5.68335731392e-07 "
        "4.50561871934e-10 2.46338445857e-07 5.11236947099e-07 4.68233071443e-09 "
        "2.48997421779e-08 4.1388145433e-08 5.38106591607e-09"
    ),
}


def model(metadata: dict[str, str]) -> RpcModel:
    """The model of GDAL's metadata, put together without the reader."""
    return RpcModel.from_vector([float(part) for key in KEYS for part in metadata[key].split()])


def metadata(one: RpcModel) -> dict[str, str]:
    """GDAL's metadata of a model, put together without the writer."""
    vector = one.to_vector()
    texts = {key: repr(float(value)) for key, value in zip(KEYS[:10], vector[:10], strict=True)}
    for key, part in zip(KEYS[10:], vector[10:].reshape(4, 20), strict=True):
        texts[key] = " ".join(repr(float(value)) for value in part)
    return texts


def gdal_project(one: RpcModel, lon: Any, lat: Any, height: Any) -> tuple[Any, Any]:
    """GDAL's columns and rows (its corners are half a pixel from our centers)."""
    points = np.stack([lon, lat, height], axis=1).tolist()
    found = np.array(gdal_transformer(one).TransformPoints(True, points)[0])
    return found[:, 0], found[:, 1]


def gdal_transformer(one: RpcModel) -> Any:
    """GDAL's transformer of RPCs, iterating to the end."""
    dataset = gdal.GetDriverByName("MEM").Create("", 1024, 1024)
    dataset.SetMetadata(metadata(one), "RPC")
    options = ["METHOD=RPC", "RPC_HEIGHT=0", "RPC_PIXEL_ERROR_THRESHOLD=1e-9",
               "RPC_MAX_ITERATIONS=50"]  # fmt: skip
    return gdal.Transformer(dataset, None, options)
