# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes of an AERONET text as blocks of clean lines, and what to tell the user when they are
something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from ..errors import InputError
from .aeronet_members import ByteStream

BLOCK_BYTES = 1 << 21
_KEPT_BYTES = 1 << 24
_BREAK = re.compile(rb"<br\s*/?>[ \t]*\r?\n?", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>\n]{1,200}>")
_MARKUP = re.compile(rb"<(html|br|body|!doctype|head|pre)\b", re.IGNORECASE)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def lines_of(stream: ByteStream) -> Iterator[bytes]:
    """Blocks of whole lines, each ending with a newline; web pages around the data are taken off.

    Raises ``InputError`` (a sentence without the file's name) where the stream is empty or holds no
    text.
    """
    _keep_freed_memory()
    head = stream.read(BLOCK_BYTES)
    if not head.strip():
        raise InputError("the file is empty: download it again")
    if b"\x00" in head:
        raise InputError(
            "it holds binary data or UTF-16 text, not AERONET text: give the text file as it "
            "was downloaded"
        )
    head = head.removeprefix(_BYTE_ORDER_MARK)
    if _MARKUP.search(head):
        yield _without_markup(head + stream.read())
        return
    while head:
        text = head + stream.readline()
        yield _unix(text if text.endswith(b"\n") else text + b"\n")
        head = stream.read(BLOCK_BYTES)


def _keep_freed_memory() -> None:
    """Take and give back one large piece of memory, untouched, which costs nothing.

    It makes the C library of Linux keep freed memory of up to twice that size instead of fetching
    it anew for every block, which is a quarter of the time of a first reading.
    """
    np.empty(_KEPT_BYTES, dtype=np.uint8)


def _unix(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n") if b"\r" in text else text


def _without_markup(page: bytes) -> bytes:
    """The text of a web page: line breaks for ``<br>``, other tags taken away."""
    text = _TAG.sub(b"", _unix(_BREAK.sub(b"\n", page)))
    return text if text.endswith(b"\n") else text + b"\n"


def explain(head: bytes) -> str:
    """Why a text without a line of column names is not what is needed, and what to do."""
    text = head.decode("latin-1")
    if "dd-mm-yy" in text or "Version 2" in text:
        return "it is an AERONET Version 2 file: download the Version 3 product of the same site"
    if re.search(r"AERONET Data Download", text):
        return (
            "the web service answered without data (no observations, or a wrong request): check "
            "site, dates and level, and download it again"
        )
    if re.search(r"\b(error|not found|denied|forbidden|sign in|log ?in)\b", text, re.IGNORECASE):
        return "it is an error page of a web server, not AERONET data: download it again"
    return (
        "it has no line of column names with Date(dd:mm:yyyy) and Time(hh:mm:ss): it is not an "
        "AERONET Version 3 text. Give files of the AERONET download tool or web service"
    )
