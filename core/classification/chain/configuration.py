# SPDX-License-Identifier: GPL-3.0-or-later
"""What the chain is told: one JSON object, checked as a whole before anything is done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...io.dates import check_pattern, listed_dates
from ...times import parse_day
from ..limits import refusal
from ..maps.fusion import DEMPSTER_SHAFER
from ..primitives.plan import asked_indices
from ..samples.settings import settings_from
from .keys import FUSION, PARAMETERS, PRIMITIVES, REGULARIZATION, SAID_ONCE, SAMPLES, STEPS

TOGETHER, APART = SENSORS = ("together", "apart")
MOST_RUNS = 100
_ALIKE = 0.6
_PATHS = ("products", "stack", "radar", "exogenous")
_FILES = ("reference", "zones", "validation")
_TEXTS = ("class_field", "zone_field", "sensors")
_NUMBERS = {"runs": (1, MOST_RUNS), "seed": (0, 2_147_483_647)}
OTHER_YEARS = "other_years"
KEYS = (*_PATHS, OTHER_YEARS, *_FILES, *_TEXTS, *_NUMBERS, "polygons", "steps")


@dataclass(frozen=True)
class Configuration:
    """All that a run of the chain is told.

    ``products``: folders and products of any number of tiles, or, by a name of each tile, those of
    each; ``stack``: dated rasters in their place; ``radar`` and ``exogenous`` rasters alike.
    ``other_years``: features of other years that train too.
    ``validation``: points or polygons that had no
    part in training ("" for none). ``runs`` splits of the reference, each with its model and map;
    ``sensors``: ``together`` in one model, or ``apart`` and then fused. ``regularized``: whether
    the map is, and its ``polygons`` are made. ``steps``: the parameters of the algorithms,
    complete. ``given``: what the user wrote, with paths that are the same from any folder.
    """

    products: Mapping[str, tuple[str, ...]]
    reference: str
    class_field: str
    stack: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    radar: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exogenous: tuple[str, ...] = ()
    other_years: tuple[str, ...] = ()
    zones: str = ""
    zone_field: str = ""
    validation: str = ""
    runs: int = 1
    seed: int = 0
    sensors: str = TOGETHER
    regularized: bool = False
    polygons: bool = False
    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


def read_configuration(text: str) -> Configuration:
    """The configuration in ``text``: a JSON object, or the path of a file that holds one.

    Paths in a file are relative to its folder. Raises ``InputError`` that names the key: unknown
    ones (and which one may be meant), values of another kind, files that do not exist.
    """
    text = text.strip()
    folder = Path.cwd()
    where = "The configuration"
    if not text.startswith("{"):
        path = Path(text).absolute()
        folder, where = path.parent, path.name
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"The configuration {path} cannot be read. Give a JSON file, or JSON itself."
            ) from error
    return configuration_of(_parsed(text, where), folder)


def configuration_of(given: Mapping[str, Any], folder: Path) -> Configuration:
    """The configuration of a parsed object, whose paths are relative to ``folder``; see
    ``read_configuration``.
    """
    _check_names(given, KEYS, "configuration")
    lacking = [name for name in ("reference", "class_field") if not given.get(name)]
    if not any(given.get(name) for name in ("products", "stack", "radar")):
        lacking.insert(0, "products")
    if lacking:
        raise InputError(
            f"The configuration lacks {', '.join(lacking)}. The least that it has is products, "
            "reference and class_field."
        )
    exogenous = _listed_paths(given.get("exogenous", []), "exogenous", folder)
    steps = given.get("steps", {})
    found = Configuration(
        products=_by_tile(given.get("products", []), "products", folder),
        reference=_file(given, "reference", folder),
        class_field=_text(given, "class_field"),
        stack=_by_tile(given.get("stack", []), "stack", folder),
        radar=_by_tile(given.get("radar", []), "radar", folder),
        exogenous=exogenous,
        other_years=_listed_paths(given.get(OTHER_YEARS, []), OTHER_YEARS, folder),
        zones=_file(given, "zones", folder),
        zone_field=_text(given, "zone_field"),
        validation=_file(given, "validation", folder),
        runs=_whole(given, "runs", 1),
        seed=_whole(given, "seed", 0),
        sensors=_text(given, "sensors") or TOGETHER,
        regularized=_switch(given, "polygons") or REGULARIZATION in steps,
        polygons=_switch(given, "polygons"),
        steps=_steps(steps),
    )
    _check_together(found)
    return replace(found, given=_complete(given, found))


def _complete(given: Mapping[str, Any], found: Configuration) -> dict[str, Any]:
    """What was written, with whole paths."""
    named = [name for name in (*_PATHS, OTHER_YEARS, *_FILES) if given.get(name)]
    return {**given, **{name: _written(getattr(found, name)) for name in named}}


def _written(paths: Any) -> Any:
    """Paths as JSON has them: by tile where they were given so."""
    if isinstance(paths, Mapping):
        return list(paths[""]) if "" in paths else {tile: list(one) for tile, one in paths.items()}
    return paths if isinstance(paths, str) else list(paths)


def _check_together(found: Configuration) -> None:
    if found.sensors not in SENSORS:
        raise InputError(f"sensors is '{found.sensors}': give {TOGETHER} or {APART}.")
    if found.products and found.stack:
        raise InputError("Give either products or a stack of dated rasters, not both.")
    if found.sensors == APART and not ((found.products or found.stack) and found.radar):
        raise InputError("sensors is apart: that needs products and radar, both.")
    if bool(found.zones) != bool(found.zone_field):
        raise InputError(
            "zones and zone_field go together: a layer of polygons, and its column of their names."
        )
    if found.runs > 1 and found.steps[FUSION]["METHOD"] == DEMPSTER_SHAFER:
        raise InputError(
            f"METHOD of {FUSION} is for the maps of several runs, which have no confusion "
            "matrices of equal rank: give majority or confidence_weighted. Optical and radar "
            "images apart are fused by Dempster-Shafer whatever it is."
        )


def _parsed(text: str, where: str) -> Mapping[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InputError(f"{where} has the key '{twice[0]}' twice: give it once.")
        return dict(pairs)

    try:
        found = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{where} is no JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from error
    if not isinstance(found, dict):
        raise InputError(f"{where} is no JSON object: it begins with {{ and ends with }}.")
    return found


def _check_names(given: Iterable[str], known: Sequence[str], where: str) -> None:
    for name in given:
        if name in known:
            continue
        alike = {one.casefold(): one for one in known}
        meant = get_close_matches(str(name).casefold(), list(alike), 1, _ALIKE)
        hint = f"Is '{alike[meant[0]]}' meant?" if meant else f"Known are {', '.join(known)}."
        raise InputError(f"There is no key '{name}' in the {where}. {hint}")


def _steps(given: Any) -> dict[str, dict[str, Any]]:
    """The parameters of all steps, complete."""
    if not isinstance(given, Mapping):
        raise InputError('steps is an object of steps: {"preparesamples": {"TRAIN_RATIO": 0.7}}.')
    _check_names(given, STEPS, "steps of the configuration")
    found = {step: _parameters(step, given.get(step, {})) for step in STEPS}
    _check_texts(found)
    return found


def _check_texts(steps: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise ``InputError`` where a text will not be understood by the step that reads it."""
    with _said_of(SAMPLES):
        settings_from({**steps[SAMPLES], "RUNS": 1, "SEED": 0})
    primitives = steps[PRIMITIVES]
    with _said_of(PRIMITIVES):
        for name in ("START", "END"):
            if primitives[name].strip():
                parse_day(primitives[name], name)
        listed_dates(primitives["DATES"], repeated=True, key="DATES")
        listed_dates(primitives["BAND_DATES"])
        if primitives["DATE_PATTERN"].strip():
            check_pattern(primitives["DATE_PATTERN"].strip())
        asked_indices(primitives["INDICES"])


@contextmanager
def _said_of(step: str) -> Iterator[None]:
    """Name the step in what is raised."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{step}: {error}") from error


def _parameters(step: str, given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise InputError(f'The step {step} is an object of parameters: {{"NAME": value}}.')
    known = PARAMETERS[step]
    for name in given:
        said = SAID_ONCE.get(name.upper())
        if name.upper() not in known and said is not None:
            raise InputError(
                f"{name} of {step} is said once for the whole chain: give it as '{said}' beside "
                "'steps'."
            )
    _check_names([name.upper() for name in given], list(known), f"step {step}")
    upper = {name.upper(): value for name, value in given.items()}
    return {
        name: _alike(step, name, upper.get(name, usual), usual) for name, usual in known.items()
    }


def _alike(step: str, name: str, value: Any, usual: Any) -> Any:
    """``value`` as the kind of the ``usual`` one."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(usual, bool):
        good = isinstance(value, bool)
    elif isinstance(usual, int):
        good = number and float(value).is_integer()
        value = int(value) if good else value
    elif usual is None:
        good = number or value is None
    elif isinstance(usual, float):
        good = number
        value = float(value) if good else value
    elif isinstance(usual, tuple):
        value = (value,) if isinstance(value, str) else value
        good = isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
        value = tuple(value) if good else value
    else:
        if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
            value = ",".join(str(one) for one in value)
        value = str(value) if number else value
        good = isinstance(value, str)
    if not good:
        raise InputError(
            f"{name} of {step} is {json.dumps(value)}: give a value such as {json.dumps(usual)}."
        )
    wrong = "" if value is None else refusal(step, name, value)
    if wrong:
        raise InputError(wrong)
    return value


def _by_tile(given: Any, name: str, folder: Path) -> dict[str, tuple[str, ...]]:
    """Paths by tile; under "" where they are not given so."""
    if isinstance(given, Mapping):
        return {
            str(tile): _listed_paths(paths, f"{name} of {tile}", folder)
            for tile, paths in given.items()
        }
    paths = _listed_paths(given, name, folder)
    return {"": paths} if paths else {}


def _listed_paths(given: Any, name: str, folder: Path) -> tuple[str, ...]:
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise InputError(f"{name} is {json.dumps(given)}: give a path, or several as [..., ...].")
    return tuple(_path(one, name, folder) for one in listed)


def _file(given: Mapping[str, Any], name: str, folder: Path) -> str:
    text = _text(given, name)
    return _path(text, name, folder) if text else ""


def _path(text: str, name: str, folder: Path) -> str:
    plain, bar, layer = text.partition("|")
    if plain.startswith("/vsi"):
        return text
    path = folder / Path(plain).expanduser()
    if not path.exists():
        raise InputError(f"{name}: {path} does not exist.")
    return f"{path}{bar}{layer}"


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise InputError(f"{name} is {json.dumps(value)}: give a text.")
    return value.strip()


def _switch(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise InputError(f"{name} is {json.dumps(value)}: give true or false.")
    return value


def _whole(given: Mapping[str, Any], name: str, usual: int) -> int:
    value, (low, high) = given.get(name, usual), _NUMBERS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{name} is {json.dumps(value)}: give a whole number, {low} to {high}.")
    return value
