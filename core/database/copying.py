# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns as PostgreSQL's binary COPY format, made by numpy at once instead of value by value.

Each row is the number of its fields, then per field its length and its bytes, big-endian; the
length of NULL is -1 (PostgreSQL documentation, COPY, "Binary Format").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..types import AnyArray, BoolArray

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
Bytes = npt.NDArray[np.uint8]


def binary_rows(columns: Sequence[AnyArray], empty: Sequence[BoolArray]) -> bytes:
    """Rows of columns of equal length: int64 (bigint), float64 (double precision) and text in
    object dtype; ``empty``: where each of them is NULL.
    """
    count = len(columns[0])
    head = np.broadcast_to(np.array([len(columns)], dtype=">i2").view(np.uint8), (count, 2))
    parts: list[Bytes] = [head]
    kept: list[BoolArray] = [np.ones((count, 2), dtype=np.bool_)]
    for values, gone in zip(columns, empty, strict=True):
        payload, used = _payload(values)
        used = used & ~gone[:, None]
        lengths = np.where(gone, -1, used.sum(axis=1)).astype(">i4")
        parts += [lengths.view(np.uint8).reshape(count, 4), payload]
        kept += [np.ones((count, 4), dtype=np.bool_), used]
    return np.hstack(parts)[np.hstack(kept)].tobytes()


def _payload(values: AnyArray) -> tuple[Bytes, BoolArray]:
    """The bytes of each value, padded to the longest one, and which of them belong to it."""
    count = len(values)
    if values.dtype.kind in "if":
        wide = values.astype(">i8" if values.dtype.kind == "i" else ">f8")
        return wide.view(np.uint8).reshape(count, 8), np.ones((count, 8), dtype=np.bool_)
    encoded = [str(value).encode("utf-8") for value in values.tolist()]
    lengths = np.array([len(text) for text in encoded], dtype=np.int64)
    longest = max(int(lengths.max(initial=0)), 1)
    padded = b"".join(text.ljust(longest, b"\0") for text in encoded)
    matrix = np.frombuffer(padded, dtype=np.uint8).reshape(count, longest)
    return matrix, np.arange(longest) < lengths[:, None]
