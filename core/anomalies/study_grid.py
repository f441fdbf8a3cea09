# SPDX-License-Identifier: GPL-3.0-or-later
"""The factor grid of a sensitivity study, read from JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from ..errors import InputError
from .detect import DetectionSettings
from .sensitivity import StudySettings
from .variants import INGREDIENTS, Variant

_LISTS = {"types": str, "amplitudes": float, "gaps": float, "contamination": float, "sites": str}
_NUMBERS = ("pixels", "replicates", "seed")
_SWITCHES = ("robust", "joint", "whitened", "laws")
KEYS = (*_LISTS, *_NUMBERS, "configurations")


def study_from_file(path: str | Path, base: StudySettings | None = None) -> StudySettings:
    """The study that a JSON file describes, see ``study_from_json``."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The grid {path} cannot be read ({type(error).__name__}). Choose a JSON file."
        ) from error
    return study_from_json(text, path.name, base)


def study_from_json(
    text: str, name: str = "the grid", base: StudySettings | None = None
) -> StudySettings:
    """The study that a JSON object describes; what it leaves out is as in ``base``.

    Keys: lists ``types``, ``amplitudes``, ``gaps``, ``contamination``, ``sites``; whole numbers
    ``pixels``, ``replicates``, ``seed``; ``configurations``: a list of names of ``INGREDIENTS``, or
    an object whose values hold ``threshold``, ``harmonics`` (null: automatic), ``scale``, and the
    switches ``robust``, ``joint``, ``whitened``, ``laws``. Raises ``InputError`` that says what is
    wrong.
    """
    try:
        given = json.loads(text)
    except ValueError as error:
        raise InputError(f"{name} is no JSON: {error}.") from error
    if not isinstance(given, dict):
        raise InputError(f"{name} must be a JSON object with some of: {', '.join(KEYS)}.")
    unknown = sorted(set(given) - set(KEYS))
    if unknown:
        raise InputError(
            f"{name} has the unknown key '{unknown[0]}'. There are: {', '.join(KEYS)}."
        )
    values: dict[str, Any] = {}
    for key, kind in _LISTS.items():
        if key in given:
            values[key] = _list(given[key], key, kind, name)
    for key in _NUMBERS:
        if key in given:
            values[key] = _whole(given[key], key, name)
    if "configurations" in given:
        values["configurations"] = configurations_of(given["configurations"], name)
    return replace(base or StudySettings(), **values)


def configurations_of(given: Any, name: str = "the grid") -> dict[str, Variant]:
    """Configurations from a list of names, or from an object with the settings of each."""
    if isinstance(given, list):
        unknown = [one for one in given if one not in INGREDIENTS]
        if unknown or not given:
            raise InputError(
                f"{name} names the unknown configuration '{unknown[0] if unknown else ''}'. There "
                f"are: {', '.join(INGREDIENTS)}; or give an object with the settings of each."
            )
        return {one: INGREDIENTS[one] for one in given}
    if not isinstance(given, dict) or not given:
        raise InputError(
            f"'configurations' of {name} must be a list of names or an object of settings."
        )
    return {str(key): _variant(value, str(key), name) for key, value in given.items()}


def _variant(given: Any, key: str, name: str) -> Variant:
    known = (*(field.name for field in fields(DetectionSettings)), *_SWITCHES)
    if not isinstance(given, Mapping) or set(given) - set(known):
        raise InputError(f"Configuration '{key}' of {name} may hold: {', '.join(known)}.")
    switches = {word: given[word] for word in _SWITCHES if word in given}
    if not all(isinstance(value, bool) for value in switches.values()):
        raise InputError(f"{', '.join(_SWITCHES)} of '{key}' in {name} are true or false.")
    rest = {word: value for word, value in given.items() if word not in switches}
    if "methods" in rest:
        rest["methods"] = tuple(rest["methods"])
    try:
        return Variant(DetectionSettings(**rest), **switches)
    except TypeError as error:
        raise InputError(f"Configuration '{key}' of {name} cannot be read: {error}.") from error


def _list(given: Any, key: str, kind: type, name: str) -> tuple[Any, ...]:
    values = given if isinstance(given, list) else [given]
    wanted = (int, float) if kind is float else str
    if not values or not all(isinstance(v, wanted) and not isinstance(v, bool) for v in values):
        word = "numbers" if kind is float else "words"
        raise InputError(f"'{key}' of {name} must be a list of {word}.")
    return tuple(kind(value) for value in values)


def _whole(given: Any, key: str, name: str) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise InputError(f"'{key}' of {name} must be a whole number, 0 or more.")
    return given
