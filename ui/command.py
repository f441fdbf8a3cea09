# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``qgis_process`` line that reproduces what a panel shows, quoted for the shell."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any


def process_line(algorithm: str, values: Mapping[str, Any], windows: bool = os.name == "nt") -> str:
    """The line that runs ``algorithm`` with ``values``; None and "" are left to its defaults."""
    quote = _quote_windows if windows else shlex.quote
    words = ["qgis_process", "run", algorithm]
    for key, value in values.items():
        words += [quote(f"--{key}={text}") for text in _texts(value)]
    return " ".join(words)


def _texts(value: Any) -> Iterator[str]:
    """A value as the words of ``qgis_process``; None and "" are left to the algorithm's default."""
    if isinstance(value, Mapping):
        value = value.get("source")
    if isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, float):
        yield f"{value:.10g}"
    elif value is not None and value != "":
        yield str(value)


def _quote_windows(word: str) -> str:
    """``word`` for cmd.exe: in double quotes where it holds a blank or a sign that the shell would
    act on; quotes inside are told to the program by a backslash.
    """
    word = word.replace('"', '\\"')
    return f'"{word}"' if re.search(r"[\s&|<>^()%!,;=]", word.split("=", 1)[-1]) else word
