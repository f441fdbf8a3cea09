# SPDX-License-Identifier: GPL-3.0-or-later
"""How samples are split, drawn, augmented and moved; and how users write amounts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np

from ...errors import InputError
from ..sample_fields import JITTER, REPLICATE, SMOTE

ALL, EQUAL, PERCENT, COUNTS = STRATEGIES = ("all", "equal", "percent", "counts")
NONE = "none"
AUGMENTATIONS = (NONE, REPLICATE, JITTER, SMOTE)
LARGEST = "largest"
MOST_PIXELS = 30_000_000  # whose places are known at a time
MOST_BYTES = 1_000_000_000  # of all features of all samples; a run needs about five times that
_PARTS = re.compile(r"[;\n]+")
_MOVE_PARTS = 4


@dataclass(frozen=True)
class Move:
    """``count`` training samples of the class ``label`` (None: all) copied from one zone to
    another.
    """

    source: str
    target: str
    label: str
    count: int | None


@dataclass(frozen=True)
class SampleSettings:
    """``train_ratio``: share (0 to 1) of the polygons of each class and zone that train; ``runs``
    independent splits; ``amount``: what the ``strategy`` takes (a count, a percentage), by class in
    ``amounts``; ``most``: samples of a class, zone and side, 0 = no limit; ``augment_to``: a count,
    None = as many as the largest class, or by class in ``augment_amounts``; ``jitter``: noise is a
    standard deviation by it; ``folds`` of square blocks of ``block_m`` (m);
    ``distance_m``: training polygons closer to a test polygon are left out; ``min_dates``: clear
    dates that a pixel needs.
    """

    train_ratio: float = 0.5
    runs: int = 1
    seed: int = 0
    strategy: str = ALL
    amount: float | None = None
    amounts: Mapping[str, int] = field(default_factory=dict)
    most: int = 0
    augmentation: str = NONE
    augment_to: int | None = None
    augment_amounts: Mapping[str, int] = field(default_factory=dict)
    jitter: float = 10.0
    neighbors: int = 5
    moves: tuple[Move, ...] = ()
    folds: int = 5
    block_m: float = 5000.0
    distance_m: float = 0.0
    min_dates: int = 0

    @property
    def words(self) -> str:
        """The strategy, in a sentence."""
        return {
            ALL: "all pixels of the training polygons",
            EQUAL: "the same number of each class"
            + (f" ({self.amount:g})" if self.amount else " (that of the smallest class)"),
            PERCENT: f"{self.amount or 100.0:g} % of each class",
            COUNTS: "a number for each class",
        }[self.strategy]


def random_numbers(seed: int, *keys: str | int) -> np.random.Generator:
    """Random numbers of their own for every purpose, class, zone and run: what is drawn for one
    does not depend on what else there is.
    """
    words = [key if isinstance(key, int) else crc32(key.encode()) for key in keys]
    return np.random.default_rng([seed, *words])


def read_amounts(text: str, key: str) -> dict[str, int]:
    """Counts by class, "wheat=500,maize=300", or as a JSON object where names hold commas; raises
    ``InputError`` that shows the form.
    """
    given = _json(text, key, dict)
    if given is not None:
        wrong = [one for one in given.items() if not _is_count(one[1])]
        if wrong:
            raise InputError(f'{key}: {wrong[0]} is not understood. Write {{"wheat": 500}}.')
        return {str(label).strip(): int(number) for label, number in given.items()}
    found: dict[str, int] = {}
    for part in (one.strip() for one in re.split(r"[,;\n]+", text)):
        if not part:
            continue
        label, sign, number = part.rpartition("=")
        if not sign or not label.strip() or not number.strip().isdecimal():
            raise InputError(
                f"{key}: '{part}' is not understood. Write class=number, as wheat=500,maize=300, "
                'or, where names hold commas, {"wheat, hard": 500}.'
            )
        if label.strip() in found:
            raise InputError(f"{key} has the class '{label.strip()}' twice: give it once.")
        found[label.strip()] = int(number)
    return found


def read_moves(text: str) -> tuple[Move, ...]:
    """Moves, one a line (or between semicolons): source zone, destination zone, class, count; "all"
    is a count too. Classes may hold commas; names with other signs of these go into a JSON list of
    lists. Raises ``InputError`` that shows the form.
    """
    moves = []
    for line, parts in _moves_of(text):
        number = parts[-1]
        if len(parts) != _MOVE_PARTS or not (number == "all" or number.isdecimal()):
            raise InputError(
                f"MOVE: '{line}' is not understood. Write source zone,destination zone,class,count "
                "on each line, as north,south,wheat,200; the count may be all."
            )
        if parts[0] == parts[1]:
            raise InputError(f"MOVE: '{line}' moves from a zone to itself: name two zones.")
        source, target, label = parts[:3]
        moves.append(Move(source, target, label, None if number == "all" else int(number)))
    return tuple(moves)


def settings_from(values: Mapping[str, Any]) -> SampleSettings:
    """What the parameters of ``preparesamples`` say; raises ``InputError`` where one is not
    understood.
    """
    strategy, amount = str(values["STRATEGY"]), str(values["AMOUNT"] or "").strip()
    to = str(values["AUGMENT_TO"] or LARGEST).strip()
    plain = to.isdecimal()
    return SampleSettings(
        strategy=strategy,
        amount=_number(strategy, amount) if strategy in (EQUAL, PERCENT) else None,
        amounts=read_amounts(amount, "AMOUNT") if strategy == COUNTS else {},
        augment_to=int(to) if plain else None,
        augment_amounts={} if plain or to == LARGEST else read_amounts(to, "AUGMENT_TO"),
        moves=read_moves(str(values["MOVE"] or "")),
        **{name: values[key] for key, name in _NAMES.items()},
    )


_NAMES = {
    "TRAIN_RATIO": "train_ratio", "RUNS": "runs", "SEED": "seed", "MAX_PER_CLASS": "most",
    "AUGMENTATION": "augmentation", "JITTER_FACTOR": "jitter", "NEIGHBORS": "neighbors",
    "FOLDS": "folds", "BLOCK_SIZE_M": "block_m", "MIN_DISTANCE": "distance_m",
    "MIN_DATES": "min_dates",
}  # fmt: skip


def _number(strategy: str, text: str) -> float | None:
    """What the strategy takes; None for ""."""
    if not text:
        return None
    limit = 100.0 if strategy == PERCENT else 1e9
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0.0 < value <= limit and (strategy == PERCENT or value.is_integer()):
        return value
    if strategy == PERCENT:
        raise InputError(f"AMOUNT: '{text}' is no percentage above 0 to 100.")
    raise InputError(f"AMOUNT: '{text}' is no whole number from 1.")


def _moves_of(text: str) -> list[tuple[str, list[str]]]:
    """Each move as it was written, and its parts."""
    given = _json(text, "MOVE", list)
    if given is not None:
        rows = [one if isinstance(one, list) and one else [one] for one in given]
        return [(json.dumps(row, ensure_ascii=False), [str(one).strip() for one in row])
                for row in rows]  # fmt: skip
    lines = [line.strip() for line in _PARTS.split(text) if line.strip()]
    parts = [[*line.split(",", 2)[:2], *_label_and_count(line)] for line in lines]
    return [(line, [one.strip() for one in row]) for line, row in zip(lines, parts, strict=True)]


def _label_and_count(line: str) -> list[str]:
    """What follows the two zones: the class, which may hold commas, and the count."""
    rest = line.split(",", 2)[2:]
    return rest[0].rsplit(",", 1) if rest else []


def _json(text: str, key: str, kind: type) -> Any:
    """The JSON object or list that ``text`` is, None where it is none."""
    if not text.strip().startswith("{" if kind is dict else "["):
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(f"{key} is no JSON that can be read ({error}).") from error


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
