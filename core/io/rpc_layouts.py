# SPDX-License-Identifier: GPL-3.0-or-later
"""The layouts in which producers write rational polynomials, and where each counts pixels from.

Of DIMAP files, which hold two models, the one from ground to image is taken: it is the one that
can be inverted exactly, and that GDAL takes. Sources: GDAL's readers and its RFC 22, the RPC00B
extension of NITF (STDI-0002), and real files of each layout but DIMAP V3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..dem.rpc import RpcModel
from ..errors import InputError
from .products.xmltree import Xml

GDAL_KEYS = (
    "LINE_OFF", "SAMP_OFF", "LAT_OFF", "LONG_OFF", "HEIGHT_OFF", "LINE_SCALE", "SAMP_SCALE",
    "LAT_SCALE", "LONG_SCALE", "HEIGHT_SCALE",
)  # fmt: skip
GDAL_LISTS = ("LINE_NUM_COEFF", "LINE_DEN_COEFF", "SAMP_NUM_COEFF", "SAMP_DEN_COEFF")
RPB_KEYS = (
    "lineOffset", "sampOffset", "latOffset", "longOffset", "heightOffset", "lineScale",
    "sampScale", "latScale", "longScale", "heightScale",
)  # fmt: skip
RPB_LISTS = ("lineNumCoef", "lineDenCoef", "sampNumCoef", "sampDenCoef")
TERMS = 20
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?"
_LINE = re.compile(rf"^\s*([A-Za-z_]\w*)\s*[:=]\s*({_NUMBER})(?![\w.])", re.MULTILINE)
_LIST = re.compile(r"^\s*([A-Za-z_]\w*)\s*=\s*\(([^()]*)\)", re.MULTILINE)


@dataclass(frozen=True)
class Convention:
    """A layout: its name as people know it, and the coordinates that it gives to the center of the
    first pixel (``column``, ``row``), None where the file itself says them.
    """

    name: str
    column: float | None
    row: float | None


GDAL = Convention("GDAL metadata", 0.0, 0.0)
RPC_TXT = Convention("_RPC.TXT", 0.0, 0.0)
RPB = Convention(".RPB", 0.0, 0.0)
GEOM = Convention("OTB .geom", 0.0, 0.0)
DIMAP_1 = Convention("DIMAP V1", 1.0, 1.0)
DIMAP_2 = Convention("DIMAP V2", 1.0, 1.0)
DIMAP_3 = Convention("DIMAP V3", None, None)


def from_gdal(metadata: Mapping[str, str], where: str) -> RpcModel:
    """The model of GDAL's metadata domain RPC; raises ``InputError`` naming ``where``."""
    # GDAL leaves the units of _RPC.TXT in: "+1295 meters".
    texts = {key: metadata[key].split()[:1] for key in GDAL_KEYS if key in metadata}
    texts |= {key: metadata[key].split() for key in GDAL_LISTS if key in metadata}
    found = {key: _numbers(" ".join(parts), key, where) for key, parts in texts.items()}
    return _model(found, GDAL_KEYS, GDAL_LISTS, where)


def to_gdal(model: RpcModel) -> dict[str, str]:
    """The model as GDAL's metadata domain RPC, to the last digit."""
    vector = [repr(float(value)) for value in model.to_vector()]
    texts = dict(zip(GDAL_KEYS, vector, strict=False))
    for index, key in enumerate(GDAL_LISTS):
        first = len(GDAL_KEYS) + index * TERMS
        texts[key] = " ".join(vector[first : first + TERMS])
    return texts


def from_rpc_txt(text: str, where: str) -> RpcModel:
    """The model of lines such as ``LINE_OFF: 9201.5 pixels``, coefficients counted from 1."""
    return _model(_listed(text, "{}_{}", 1), GDAL_KEYS, GDAL_LISTS, where)


def from_geom(text: str, where: str) -> RpcModel:
    """The model of a keyword list of OTB: ``line_off:  6821.5``, coefficients 00 to 19."""
    return _model(_listed(text, "{}_{:02d}", 0), GDAL_KEYS, GDAL_LISTS, where)


def from_rpb(text: str, where: str) -> RpcModel:
    """The model of ``lineOffset = 9201;`` and ``lineNumCoef = ( ..., ...);``."""
    found = {key: [_real(value)] for key, value in _LINE.findall(text)}
    for key, values in _LIST.findall(text):
        found[key] = _numbers(values.replace(",", " "), key, where)
    return _model(found, RPB_KEYS, RPB_LISTS, where)


def from_dimap(xml: Xml) -> tuple[RpcModel, Convention] | None:
    """The model of a DIMAP file of any version, as if the first pixel were (0, 0), and its
    convention; None where it holds no model. Raises ``InputError`` where it holds half of one.
    """
    model = xml.first("Global_RFM")
    if model is None:
        return None
    if model.first("F_COL") is not None:
        return _dimap_1(model), DIMAP_1
    if model.first("GroundtoImage_Values") is not None:
        limits = model.first("ImagetoGround_Validity_Domain")
        if limits is None:
            raise _lacks("ImagetoGround_Validity_Domain", xml.where)
        # In V2 the same tags are bounds of validity, and say nothing of where pixels are.
        first = (limits.number("FIRST_COL"), limits.number("FIRST_ROW"))
        return _dimap_2(model, "GroundtoImage_Values").cropped(*first), DIMAP_3
    return _dimap_2(model, "Inverse_Model").cropped(1.0, 1.0), DIMAP_2


def _dimap_1(model: Xml) -> RpcModel:
    values = [model.number(f"RFM_Validity/{axis}/{letter}") for letter in "BA"
              for axis in ("Row", "Col", "Lat", "Lon", "Alt")]  # fmt: skip
    for name in ("F_ROW", "F_COL"):
        texts = _numbers(model.text(name), name, model.where)
        if len(texts) != 2 * TERMS:
            raise InputError(
                f"{model.where} has {len(texts)} coefficients in {name}, not {2 * TERMS}: it is "
                "damaged. Get it again."
            )
        values += texts
    return RpcModel.from_vector(values).cropped(1.0, 1.0)


def _dimap_2(model: Xml, part: str) -> RpcModel:
    inverse, validity = model.first(part), model.first("RFM_Validity")
    if inverse is None or validity is None:
        raise _lacks(part if inverse is None else "RFM_Validity", model.where)
    values = [validity.number(key) for key in GDAL_KEYS]
    values += [inverse.number(f"{key}_{k + 1}") for key in GDAL_LISTS for k in range(TERMS)]
    return RpcModel.from_vector(values)


def _listed(text: str, pattern: str, first: int) -> dict[str, list[float]]:
    """Numbers by their keys (upper case), those with numbered keys joined to lists."""
    single = {key.upper(): _real(value) for key, value in _LINE.findall(text)}
    found = {key: [value] for key, value in single.items()}
    for name in GDAL_LISTS:
        keys = [pattern.format(name, k) for k in range(first, first + TERMS)]
        found[name] = [single[key] for key in keys if key in single]
    return found


def _model(
    found: Mapping[str, Sequence[float]], keys: Sequence[str], lists: Sequence[str], where: str
) -> RpcModel:
    values: list[float] = []
    for key, count in (*((one, 1) for one in keys), *((one, TERMS) for one in lists)):
        numbers = found.get(key, ())
        if not numbers:
            raise _lacks(key, where)
        if len(numbers) != count:
            raise InputError(
                f"{where} has {len(numbers)} numbers as {key} of its RPC, not {count}: it is "
                "damaged or not complete. Get it again."
            )
        values += numbers
    return RpcModel.from_vector(values)


def _numbers(text: str, key: str, where: str) -> list[float]:
    try:
        return [_real(part) for part in text.split()]
    except ValueError as error:
        raise InputError(
            f"{where} holds something else than numbers as {key} of its RPC. Get it again."
        ) from error


def _real(text: str) -> float:
    """A number, also with the exponent of Fortran."""
    return float(text.replace("D", "E").replace("d", "e"))


def _lacks(key: str, where: str) -> InputError:
    return InputError(
        f"{where} lacks {key} of an RPC: it is damaged, not complete, or of another kind. Get it "
        "again, or choose the file that holds the RPC."
    )


Reader = Callable[[str, str], RpcModel]
TEXTS: tuple[tuple[str, Reader, Convention], ...] = (
    ("_rpc.txt", from_rpc_txt, RPC_TXT),
    (".rpb", from_rpb, RPB),
    (".geom", from_geom, GEOM),
    (".txt", from_rpc_txt, RPC_TXT),
)
