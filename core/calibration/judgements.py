# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person says of a coefficient, kept in its table: status and reason, and what the run had
said before, so that it can be taken back.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from ..database.schema import ACCEPTED, REJECTED
from ..errors import InputError
from ..io.cells import write_columns
from ..types import AnyArray
from .coefficients import BY_HAND, Coefficients

_TEXT = re.compile(rf"^{BY_HAND}(?P<why>.*) \(was (?P<status>\w+)(: (?P<reason>.*))?\)$", re.DOTALL)
TAKE_BACK = ""
VERDICTS = (ACCEPTED, REJECTED, TAKE_BACK)


def before(status: str, reason: str) -> tuple[str, str]:
    """Status and reason as the run gave them, whatever a person has said since."""
    found = _TEXT.match(reason)
    if found is None:
        return status, reason
    return found["status"], found["reason"] or ""


def why(reason: str) -> str:
    """What the person wrote, "" where the reason is that of a run."""
    found = _TEXT.match(reason)
    return found["why"] if found is not None else ""


def judged(status: str, reason: str, verdict: str, text: str) -> tuple[str, str]:
    """Status and reason after a ``verdict`` (one of ``VERDICTS``) with a ``text``: "by hand: cloud
    in the quick look (was accepted)". ``TAKE_BACK`` brings back those of the run.

    Raises ``InputError`` for another verdict, or one without a text.
    """
    if verdict not in VERDICTS:
        raise InputError(f"'{verdict}' is no verdict. Use one of: {', '.join(VERDICTS[:2])}.")
    old_status, old_reason = before(status, reason)
    if verdict == TAKE_BACK:
        return old_status, old_reason
    text = " ".join(text.split())
    if not text:
        raise InputError("A verdict needs a reason: say in a few words why.")
    was = f"{old_status}: {old_reason}" if old_reason else old_status
    return verdict, f"{BY_HAND}{text} (was {was})"


def judge(
    rows: Coefficients, numbers: AnyArray, verdict: str, text: str
) -> tuple[AnyArray, AnyArray]:
    """Status and reason (r,) of the rows ``numbers`` (r,) after a verdict; see ``judged``.

    Raises ``InputError`` also where a coefficient that has no value is to be accepted.
    """
    if verdict == ACCEPTED and not np.isfinite(rows.a_k[numbers]).all():
        raise InputError("A coefficient without a value cannot be accepted. Select others.")
    made = [
        judged(str(rows.status[row]), str(rows["reason"][row]), verdict, text) for row in numbers
    ]
    status, reason = np.empty((2, len(made)), dtype=object)
    status[:], reason[:] = [one for one, _ in made], [one for _, one in made]
    return status, reason


def keep_in_table(
    path: str | Path, layer: str, rows: Coefficients, numbers: AnyArray, status: AnyArray,
    reason: AnyArray,
) -> None:  # fmt: skip
    """Write ``status`` and ``reason`` (r,) into the rows ``numbers`` (r,; places from 0 in the
    order of reading) of the table that ``rows`` were read from, all of them or none; see
    ``io.cells.write_columns`` for what can go wrong.
    """
    same: dict[str, Any] = {
        "site": rows.site[numbers], "time": rows.time[numbers], "band": rows.band[numbers],
        "status": rows.status[numbers],
    }  # fmt: skip
    write_columns(path, layer, numbers, {"status": status, "reason": reason}, same)
