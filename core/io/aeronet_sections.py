# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections of AERONET texts: a header, then lines of data; several of them may follow each
other in one file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..progress import Progress, check
from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from .aeronet_fields import Block, numbers, split, times
from .aeronet_layout import Layout, decode, is_name_line, parse_layout
from .aeronet_members import ByteStream
from .aeronet_text import explain, lines_of

_DATA = re.compile(rb"(?:[^,\n]*,)?\d\d:\d\d:\d{4},\d\d:\d\d:\d\d,")
_NAMES_MARK = b"("  # of Date(dd:mm:yyyy): lines of data have none, and one byte is found fastest
_LONGEST_HEADER = 20
_LISTED = 100  # rejected lines that are named one by one; of further ones only the number is told


IndexArray = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Rejection:
    """What could not be used: ``file`` (and member), ``line`` (from 1; None = no single line), why,
    how many lines.
    """

    file: str
    line: int | None
    reason: str
    count: int = 1


@dataclass(frozen=True)
class Station:
    """Whose observations: ``level`` 1.0, 1.5 or 2.0 ("" unknown), ``product`` AOD or SDA."""

    site: str
    level: str
    instrument: int
    longitude: float
    latitude: float
    elevation_m: float
    pi: str
    product: str
    daily: bool


@dataclass
class Piece:
    """Rows (n,) read from one block of lines; ``aod`` holds only channels with any value."""

    time: TimeArray
    station: IndexArray
    wavelength_set: IndexArray
    aod: dict[int, FloatArray]
    angstrom: FloatArray
    water_vapor: FloatArray
    zenith: FloatArray

    def __len__(self) -> int:
        return len(self.time)


class SectionReader:
    """Reads texts into pieces; stations and sets of exact wavelengths are shared by all of them."""

    def __init__(self, progress: Progress) -> None:
        self.stations: list[Station] = []
        self.wavelength_sets: list[dict[int, float]] = []
        self._progress = progress
        self._station_index: dict[Station, int] = {}
        self._set_index: dict[bytes, int] = {}
        self._rejected: list[Rejection] = []
        self._further: dict[tuple[str, str], int] = {}

    def read(
        self, label: str, stream: ByteStream, position: Callable[[], float]
    ) -> Iterator[Piece]:
        """The pieces of one text; ``label`` is how messages call it. Raises ``InputError`` if it is
        no AERONET text.
        """
        layout: Layout | None = None
        reason = ""  # why the lines of the current section cannot be used
        head, number = b"", 1
        for preamble, names, data in _sections(lines_of(stream)):
            check(self._progress)
            self._progress.report(position(), f"Reading {label}")
            if names:
                layout, reason = self._layout(label, number, preamble, names)
                number += len(preamble) + 1
            elif layout is not None:
                block = split(data)
                yield from self._piece(label, number, layout, block)
                number += len(block)
            else:
                head = head or data[:4000]
                number += data.count(b"\n")
        if layout is None and not reason:
            raise InputError(explain(head))

    def rejections(self) -> tuple[Rejection, ...]:
        """What was rejected so far: the first lines one by one, then the number of further ones."""
        further = [
            Rejection(label, None, f"further lines: {reason}", count)
            for (label, reason), count in self._further.items()
        ]
        return (*self._rejected, *further)

    def _layout(
        self, label: str, number: int, preamble: list[bytes], names: bytes
    ) -> tuple[Layout | None, str]:
        try:
            return parse_layout(preamble, names), ""
        except InputError as error:
            self._rejected.append(Rejection(label, number + len(preamble), str(error)))
            return None, str(error)

    def _reject(self, label: str, line: int, reason: str, detail: str = "") -> None:
        if len(self._rejected) < _LISTED:
            self._rejected.append(Rejection(label, line, f"{reason}{detail}"))
        else:
            self._further[label, reason] = self._further.get((label, reason), 0) + 1

    def _piece(self, label: str, number: int, layout: Layout, block: Block) -> Iterator[Piece]:
        numbered: AnyArray = np.arange(number, number + len(block))
        complete = block.width >= layout.width
        for row in np.flatnonzero(~complete):
            if block.line(row).strip():
                found = f": {block.width[row]} of {layout.width} fields"
                self._reject(label, int(numbered[row]), "the line is cut off", found)
        if not complete.all():
            block, numbered = block.select(complete), numbered[complete]
        if not len(block):
            return
        when = times(block, layout.date, layout.time)
        columns = [*layout.channels.values(), *layout.values.values()]
        values, bad = numbers(block, columns)
        good = ~np.isnat(when) & ~bad.any(axis=1)
        for row in np.flatnonzero(~good):
            reason, detail = _what_is_wrong(block, layout, row, columns, bad)
            self._reject(label, int(numbered[row]), reason, detail)
        if good.all():
            yield self._rows(layout, block, when, values)
        elif good.any():
            yield self._rows(layout, block.select(good), when[good], values[good])

    def _rows(self, layout: Layout, block: Block, when: TimeArray, values: FloatArray) -> Piece:
        count = len(layout.channels)
        aod = {channel: values[:, i] for i, channel in enumerate(layout.channels)}
        rest = {key: values[:, count + i].copy() for i, key in enumerate(layout.values)}
        nothing = np.full(len(block), np.nan)
        return Piece(
            time=when,
            station=self._station_of_rows(layout, block),
            wavelength_set=self._wavelengths_of_rows(layout, block),
            aod={
                channel: column.copy()
                for channel, column in aod.items()
                if np.isfinite(column).any()
            },
            angstrom=rest.get("angstrom", nothing),
            water_vapor=rest.get("water_vapor", nothing),
            zenith=rest.get("zenith", nothing),
        )

    def _station_of_rows(self, layout: Layout, block: Block) -> IndexArray:
        return _indexed(
            block,
            layout.station.values(),
            lambda text, first: self._station_number(_station(layout, text, first)),
        )

    def _station_number(self, station: Station) -> int:
        if station not in self._station_index:
            self._station_index[station] = len(self.stations)
            self.stations.append(station)
        return self._station_index[station]

    def _wavelengths_of_rows(self, layout: Layout, block: Block) -> IndexArray:
        return _indexed(
            block, layout.exact.values(), lambda text, first: self._set_number(layout, text, first)
        )

    def _set_number(self, layout: Layout, text: bytes, first: int) -> int:
        # Two sections with columns in another order may spell different sets with the same text.
        key = text + repr(sorted(layout.exact.items())).encode()
        if key not in self._set_index:
            self._set_index[key] = len(self.wavelength_sets)
            fields = text.split(b",")
            exact = {nm: _positive(fields[column - first]) for nm, column in layout.exact.items()}
            self.wavelength_sets.append(exact)
        return self._set_index[key]


def _indexed(
    block: Block, columns: Collection[int], index: Callable[[bytes, int], int]
) -> IndexArray:
    """An index per line for what stands between the first and the last of ``columns``, asked once
    per text.
    """
    if not columns:
        return np.full(len(block), index(b"", 0), dtype=np.int32)
    first = min(columns)
    texts, count = block.runs_of_text(first, max(columns))
    known = {text: index(text, first) for text in dict.fromkeys(texts)}
    return np.repeat(np.array([known[text] for text in texts], dtype=np.int32), count)


def _station(layout: Layout, text: bytes, first: int) -> Station:
    cells = decode(text).split(",")
    found = {key: cells[column - first].strip() for key, column in layout.station.items()}
    level = found.get("level", "").lower().removeprefix("lev")
    return Station(
        site=found.get("site", "") or layout.site,
        level=f"{level[0]}.{level[1]}" if len(level) == 2 and level.isdigit() else layout.level,
        instrument=int(_float(found.get("instrument", ""), -1.0)),
        longitude=_float(found.get("longitude", "")),
        latitude=_float(found.get("latitude", "")),
        elevation_m=_float(found.get("elevation", "")),
        pi=layout.pi,
        product=layout.product,
        daily=layout.daily,
    )


def _float(text: str, default: float = float("nan")) -> float:
    try:
        value = float(text)
    except ValueError:
        return default
    return value if np.isfinite(value) and value > -998.0 else default


def _positive(text: bytes) -> float:
    value = _float(decode(text))
    return value if value > 0 else float("nan")


def _what_is_wrong(
    block: Block, layout: Layout, row: int, columns: list[int], bad: BoolArray
) -> tuple[str, str]:
    wrong: AnyArray = np.flatnonzero(bad[row])
    fields = decode(block.line(row)).split(",")
    if len(wrong):
        column = columns[int(wrong[0])]
        return f"column {layout.names[column]} does not hold a number", f": '{fields[column]}'"
    found = f"'{fields[layout.date]}' and '{fields[layout.time]}'"
    return "date and time are not dd:mm:yyyy and hh:mm:ss", f": {found}"


def _sections(blocks: Iterator[bytes]) -> Iterator[tuple[list[bytes], bytes, bytes]]:
    """Cut blocks of lines at headers: (lines above the names, names, b"") or ([], b"", lines of
    data), in turn.

    Trailing lines that are no data wait for the next block, because they may be the beginning of a
    header.
    """
    waiting = b""
    for block in blocks:
        text = waiting + block if waiting else block
        mark = _name_line(text)
        while mark >= 0:
            start = _header_start(text, mark)
            if start:
                yield [], b"", text[:start]
            end = text.index(b"\n", mark) + 1
            yield text[start:mark].split(b"\n")[:-1], text[mark : end - 1], b""
            text = text[end:]
            mark = _name_line(text)
        keep = _header_start(text, len(text))
        if keep:
            yield [], b"", text[:keep] if keep < len(text) else text
        waiting = text[keep:]
    if waiting:
        yield [], b"", waiting


def _name_line(text: bytes) -> int:
    """Where the first line of column names begins, or -1."""
    found = text.find(_NAMES_MARK)
    while found >= 0:
        start = text.rfind(b"\n", 0, found) + 1
        end = text.index(b"\n", found)
        if is_name_line(text[start:end]):
            return start
        found = text.find(_NAMES_MARK, end)
    return -1


def _header_start(text: bytes, end: int) -> int:
    """Where the lines begin that stand just before ``end`` and are no data: a header's first lines,
    if any.
    """
    start = end
    for _ in range(_LONGEST_HEADER):
        line = text.rfind(b"\n", 0, max(start - 1, 0)) + 1
        if start == 0 or _DATA.match(text, line):
            break
        start = line
    return start
