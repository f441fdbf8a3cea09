# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of features: what a sample's columns, a model and the bands of a stack are matched by.

A feature is a band or an index, with a date where it has one: ``B4_20190101``, ``elevation``. The
names of layers that regular stacks carry (``B4 2019-01-01``) mean the same feature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..wording import listed

_DATED = re.compile(r"^(?P<name>.+?)[_ ](?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})$")
_NAMED = 5


@dataclass(frozen=True)
class Feature:
    """``name`` of a band or an index; ``day`` (``datetime64[D]``), None where it has none."""

    name: str
    day: np.datetime64 | None = None

    def __str__(self) -> str:
        return self.name if self.day is None else f"{self.name}_{str(self.day).replace('-', '')}"


def feature_of(text: str) -> Feature:
    """The feature that ``text`` names; text without a date that exists is a name as it stands."""
    text = text.strip()
    found = _DATED.match(text)
    if found is None:
        return Feature(text)
    try:
        day = np.datetime64(f"{found['year']}-{found['month']}-{found['day']}", "D")
    except ValueError:
        return Feature(text)
    return Feature(found["name"], day)


def match_features(wanted: Sequence[str], present: Sequence[str], where: str) -> list[int]:
    """Places among ``present`` of the features that are ``wanted``, by name and whatever the order.

    ``where``: how messages call what has the ``present`` ones. Raises ``InputError`` that names the
    features that are missing, and those that are there twice.
    """
    names = [str(feature_of(text)) for text in present]
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    keys = [str(feature_of(text)) for text in wanted]
    missing = [key for key in keys if key not in places]
    if missing:
        raise InputError(
            f"{where} lacks {len(missing)} of {len(keys)} features: {listed(missing, _NAMED)}. "
            f"It has {listed(names, _NAMED) or 'none'}. Features are matched by name: give the "
            "bands these names (band descriptions), train a model with the features of the file, "
            "or match dates of another year, or numbered ones, in their order (DATE_MATCHING)."
        )
    twice = sorted({key for key in keys if names.count(key) > 1})
    if twice:
        raise InputError(
            f"{where} has several features named {listed(twice, _NAMED)}: names must be unique."
        )
    return [places[key] for key in keys]
