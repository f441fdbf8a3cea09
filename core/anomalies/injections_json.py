# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of injections as JSON: the keys are the fields of ``Injection``, defaults may be left out.

``{"injections": [{"type": "cloud", "amplitude": 0.8, "date": 3}]}``
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from ..errors import InputError
from .injections import Injection

_WRITTEN = tuple(one for one in fields(Injection) if one.name != "mask")
_KINDS_OF_VALUES: dict[str, tuple[type, ...]] = {
    "type": (str,), "note": (str,), "amplitude": (int, float), "extent": (int, float),
    "direction_deg": (int, float), "period_px": (int, float), "date": (int,), "duration": (int,),
    "seed": (int,), "bands": (list,), "window": (list,),
}  # fmt: skip
_LISTED = {"bands": 'names, such as ["B3", "B4"]', "window": "whole numbers"}
_WORDS: dict[type, str] = {str: "text", int: "a whole number", float: "a number", list: "a list"}


def read_plan(path: Path | str) -> tuple[Injection, ...]:
    """The plan in a JSON file (UTF-8); raises ``InputError`` where there is none."""
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The plan of injections {path} cannot be read. Give a text file with JSON."
        ) from error
    return plan_from_json(text)


def plan_from_json(text: str) -> tuple[Injection, ...]:
    """A plan from JSON; raises ``InputError`` where it is not one."""
    try:
        listed = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"The plan of injections is not JSON: {error.msg} in line {error.lineno}. Correct it."
        ) from error
    entries = listed.get("injections") if isinstance(listed, dict) else None
    if not isinstance(entries, list):
        raise InputError('The plan of injections has no list "injections". Add one.')
    return tuple(_injection(number, entry) for number, entry in enumerate(entries, start=1))


def plan_to_json(plan: Iterable[Injection]) -> str:
    """The plan as JSON, without what has its default; raises ``InputError`` where an injection
    carries a mask, which JSON does not hold.
    """
    entries = []
    for number, injection in enumerate(plan, start=1):
        if injection.mask is not None:
            raise InputError(
                f"Injection {number} ({injection.type}) has a mask, which a plan in JSON cannot "
                "hold. Give a window or an extent."
            )
        entries.append(
            {
                one.name: getattr(injection, one.name)
                for one in _WRITTEN
                if one.default is MISSING or getattr(injection, one.name) != one.default
            }
        )
    return json.dumps({"injections": entries}, indent=1)


def _injection(number: int, entry: Any) -> Injection:
    where = f"Injection {number} of the plan"
    if not isinstance(entry, dict):
        raise InputError(f'{where} is not an object in braces, such as {{"type": "cloud", ...}}.')
    unknown = sorted(set(entry) - set(_KINDS_OF_VALUES))
    if unknown:
        raise InputError(
            f"{where} has the unknown key '{unknown[0]}'. Known are: {', '.join(_KINDS_OF_VALUES)}."
        )
    for key in ("type", "amplitude", "date"):
        if key not in entry:
            raise InputError(f"{where} lacks '{key}'. Add it.")
    for key, value in entry.items():
        allowed = _KINDS_OF_VALUES[key]
        if isinstance(value, bool) or not isinstance(value, allowed):
            raise InputError(f"{where}: '{key}' has to be {_WORDS[allowed[-1]]}, not {value!r}.")
    values: dict[str, Any] = dict(entry)
    for key, member in (("bands", str), ("window", int)):
        if key in entry:
            if not all(isinstance(one, member) for one in entry[key]):
                raise InputError(f"{where}: '{key}' has to be a list of {_LISTED[key]}.")
            values[key] = tuple(entry[key])
    return Injection(**values)
