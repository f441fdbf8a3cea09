# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers out of the text of metadata, damaged text told as a sentence."""

from __future__ import annotations

from math import isfinite

from ...errors import ProductError

# What producers write where they know no value.
UNKNOWN = ("", "nan")
LONGEST_INTEGER = 18


def real(text: str, what: str, where: str) -> float:
    """``text`` as a finite number; raises ``ProductError`` naming ``what`` and the file."""
    try:
        value = float(text)
    except ValueError as error:
        raise _no_number(text, what, where) from error
    if not isfinite(value):
        raise _no_number(text, what, where)
    return value


def maybe_real(text: str, what: str, where: str) -> float | None:
    """As ``real``; None where ``text`` is empty or says NaN, which means "not known"."""
    return None if text.strip().lower() in UNKNOWN else real(text, what, where)


def integer(text: str, what: str, where: str) -> int:
    """``text`` as a whole number; raises ``ProductError`` naming ``what`` and the file."""
    digits = text.strip().removeprefix("-")
    if not digits.isdecimal() or len(digits) > LONGEST_INTEGER:
        raise _no_number(text, what, where)
    return int(text)


def _no_number(text: str, what: str, where: str) -> ProductError:
    return ProductError(
        f"{where} gives '{text}' for {what}, which is no number. Get the product again."
    )
