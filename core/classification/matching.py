# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels of one file looked up among the classes of another, by label or by code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..wording import listed
from .classes import LARGEST_CODE, Classes, LandClass, label_text


def places_of(labels: Iterable[object], classes: Classes, name: str) -> npt.NDArray[np.int64]:
    """The index (n,) of each label, which may be a code; raises ``InputError`` that says what in
    ``name`` is not known.
    """
    found = _lookup(classes)
    texts = [label_text(label) for label in labels]
    unknown = sorted(set(texts) - set(found))
    if unknown:
        raise InputError(
            f"{name} names classes that are not known: {listed(unknown, 5)}. Known are "
            f"{listed(classes.labels, 10)}."
        )
    return np.array([found[text] for text in texts], dtype=np.int64)


def extended(classes: Classes, labels: Sequence[object], name: str) -> Classes:
    """``classes`` and those of ``labels`` that are codes of further ones.

    Raises ``InputError`` where a label is neither a known class nor a code.
    """
    found = _lookup(classes)
    more = sorted({label_text(label) for label in labels} - set(found))
    texts = [one for one in more if not (one.isdecimal() and 1 <= int(one) <= LARGEST_CODE)]
    if texts:
        raise InputError(
            f"{name} holds classes that the map does not have: {listed(texts, 5)}. The map has "
            f"{listed(classes.labels, 10)}. Write its labels or codes into the column of classes."
        )
    items = {one.code: one for one in classes.items}
    items |= {int(one): LandClass(int(one), one) for one in more}
    return Classes(tuple(items[code] for code in sorted(items)))


def _lookup(classes: Classes) -> dict[str, int]:
    """Index by code and by label, which comes first."""
    found = {str(code): place for place, code in enumerate(classes.codes)}
    return found | {label: place for place, label in enumerate(classes.labels)}
