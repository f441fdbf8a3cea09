# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of trained classifiers: numpy archives (``.npz``) that hold no pickle, hence run nothing.

An archive holds ``header`` (JSON as bytes) and the arrays of the members, ``0_roots`` and so on.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from ..classification.classes import Classes, LandClass
from ..classification.date_steps import no_steps
from ..classification.model import LEAF, Forest, Member, Model, SupportVectors
from ..errors import InputError
from ..types import AnyArray
from .atomic import not_written

FORMAT = "calval classifier"
VERSION = 2  # 1: support vectors without steps
SUFFIX = ".npz"
_FOREST = {
    "roots": np.int32, "feature": np.int32, "threshold": np.float32, "left": np.int32,
    "right": np.int32, "shares": np.float32,
}  # fmt: skip
_VECTORS = {
    "center": np.float64, "scale": np.float64, "vectors": np.float64, "counts": np.int64,
    "weights": np.float64, "intercepts": np.float64, "present": np.int64,
}  # fmt: skip


def write_model(path: str | Path, model: Model) -> None:
    """Write ``model`` to ``path`` (``.npz``), the same bytes for the same model.

    Raises ``OutputError`` where the file cannot be written completely.
    """
    arrays: dict[str, AnyArray] = {"header": _bytes(json.dumps(_header(model)).encode("utf-8"))}
    for place, member in enumerate(model.members):
        part: Forest | SupportVectors | None = member.forest or member.vectors
        if part is None:
            arrays[f"{place}_stored"] = _bytes(member.stored)
            continue
        names = [one.name for one in fields(part) if one.name not in ("gamma", "sharpness")]
        arrays |= {f"{place}_{name}": getattr(part, name) for name in names}
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, array in arrays.items():
                # A name as text would take the time of day with it.
                entry = zipfile.ZipInfo(f"{name}.npy")
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w", force_zip64=True) as stream:
                    np.save(stream, array, allow_pickle=False)
    except OSError as error:
        raise not_written(Path(path).name) from error


def read_model(path: str | Path) -> Model:
    """Read a model that ``write_model`` wrote; nothing in the file is run.

    Raises ``InputError`` for other files, pickles and joblib files above all, and for damaged ones.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"The model {path} does not exist.")
    if not zipfile.is_zipfile(path):
        raise InputError(
            f"{path.name} is not a model of 'Train a classifier' (calval:trainclassifier). Models "
            "kept as pickle or joblib can run any code when they are opened, and are not read: "
            "train the model here."
        )
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        return _model(json.loads(arrays["header"].tobytes()), arrays)
    except (KeyError, ValueError, TypeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{path.name} is not a model of 'Train a classifier' (calval:trainclassifier), or is "
            f"damaged ({str(error).strip(chr(39)).rstrip('.')}). Train the model again."
        ) from error


def _header(model: Model) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "method": model.method,
        "features": list(model.features),
        "classes": [[one.code, one.label, one.color] for one in model.classes.items],
        "members": [_member_header(one) for one in model.members],
        "seed": model.seed,
        "zone": model.zone,
        "facts": dict(model.facts),
    }


def _member_header(member: Member) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": member.kind, "weight": member.weight}
    if member.forest is not None:
        return found | {"part": "forest"}
    if member.vectors is not None:
        vectors = member.vectors
        return found | {
            "part": "vectors", "gamma": vectors.gamma, "sharpness": vectors.sharpness
        }  # fmt: skip
    return found | {"part": "stored"}


def _bytes(data: bytes) -> AnyArray:
    return np.frombuffer(data, dtype=np.uint8)


def _model(header: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> Model:
    if header["format"] != FORMAT:
        raise ValueError("its header is another one")
    if int(header["version"]) > VERSION:
        raise InputError(
            f"This model was written by a newer version of the plugin (format {header['version']}; "
            f"this one reads up to {VERSION}). Update the plugin."
        )
    classes = Classes(
        tuple(
            LandClass(int(code), str(label), str(color)) for code, label, color in header["classes"]
        )
    )
    features = tuple(str(name) for name in header["features"])
    members = tuple(
        _member(one, place, arrays, len(features), len(classes))
        for place, one in enumerate(header["members"])
    )
    if not members:
        raise ValueError("it has no estimator")
    return Model(
        str(header["method"]), features, classes, members,
        int(header["seed"]), str(header["zone"]), dict(header["facts"]),
    )  # fmt: skip


def _member(
    header: Mapping[str, Any],
    place: int,
    arrays: Mapping[str, AnyArray],
    features: int,
    classes: int,
) -> Member:
    kind, weight = str(header["kind"]), float(header["weight"])
    if header["part"] == "forest":
        forest = Forest(**_typed(arrays, place, _FOREST))
        _check_forest(forest, features, classes)
        return Member(kind, forest=forest, weight=weight)
    if header["part"] == "vectors":
        steps = _steps(arrays.get(f"{place}_steps", no_steps()), features)
        vectors = SupportVectors(
            **_typed(arrays, place, _VECTORS), steps=steps,
            gamma=float(header["gamma"]), sharpness=float(header["sharpness"]),
        )  # fmt: skip
        _check_vectors(vectors, features + len(steps), classes)
        return Member(kind, vectors=vectors, weight=weight)
    return Member(kind, stored=arrays[f"{place}_stored"].tobytes(), weight=weight)


def _typed(arrays: Mapping[str, AnyArray], place: int, types: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: arrays[f"{place}_{name}"] for name in types}
    for name, kind in types.items():
        if found[name].dtype != kind:
            raise ValueError(f"'{name}' is of another type")
    return found


def _steps(steps: AnyArray, features: int) -> AnyArray:
    if steps.dtype != np.int32 or steps.ndim != 2 or steps.shape[1] != 2:
        raise ValueError("'steps' is of another type")
    if len(steps) and not 0 <= steps.min() <= steps.max() < features:
        raise ValueError("its steps are of features that it does not have")
    return steps


def _check_forest(forest: Forest, features: int, classes: int) -> None:
    """Kernels follow the nodes without looking: they must stay inside, and come to an end."""
    nodes = len(forest.feature)
    place = np.arange(nodes)
    inner = forest.feature != LEAF
    fits = (
        all(len(one) == nodes for one in (forest.threshold, forest.left, forest.right))
        and forest.shares.shape == (nodes, classes)
        and len(forest.roots) > 0
        and bool(((forest.roots >= 0) & (forest.roots < nodes)).all())
        and bool((forest.feature >= LEAF).all() and (forest.feature < features).all())
    )
    if not fits or not all(
        bool(((one > place) & (one < nodes))[inner].all()) for one in (forest.left, forest.right)
    ):
        raise ValueError("its trees are not whole")


def _check_vectors(vectors: SupportVectors, features: int, classes: int) -> None:
    count, known = len(vectors.vectors), len(vectors.present)
    fits = (
        vectors.center.shape == vectors.scale.shape == (features,)
        and vectors.vectors.shape == (count, features)
        and vectors.weights.shape == (known - 1, count)
        and vectors.intercepts.shape == (known * (known - 1) // 2,)
        and vectors.counts.shape == (known,)
        and int(vectors.counts.sum()) == count
        and bool(((vectors.present >= 0) & (vectors.present < classes)).all())
    )
    if not fits:
        raise ValueError("its support vectors are not whole")
