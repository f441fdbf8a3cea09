# SPDX-License-Identifier: GPL-3.0-or-later
"""Outlines of areas simplified and smoothed without gaps: neighbors share their borders as arcs.

A ring of pixel corners is cut where three or more areas meet (nodes); each arc between two nodes is
worked on once, in one direction, for both areas that it divides. Corners are cut after Chaikin 1974
(10.1016/0146-664X(74)90028-8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...types import AnyArray, BoolArray, FloatArray
from .arc_kernels import keep_corners

_QUARTER = 0.25


def nodes_of(codes: AnyArray) -> BoolArray:
    """Pixel corners (rows + 1, columns + 1) of a map (rows, columns) that every border keeps: where
    three or more borders meet, and the corners of the map.
    """
    padded = np.full((codes.shape[0] + 2, codes.shape[1] + 2), -1, dtype=np.int32)
    padded[1:-1, 1:-1] = codes
    beside = padded[:, :-1] != padded[:, 1:]
    below = padded[:-1] != padded[1:]
    degree = beside[:-1].astype(np.uint8)
    degree += beside[1:]
    degree += below[:, :-1]
    degree += below[:, 1:]
    found = degree >= 3
    found[np.ix_([0, -1], [0, -1])] = True
    return np.asarray(found)


@dataclass(frozen=True)
class Piece:
    """An arc as one of its sides sees it: its corners ``line`` (n, 2), the ``key`` that both sides
    know it by, and whether this side runs it the other way (``turned``).
    """

    line: AnyArray
    key: bytes
    turned: bool


class Arcs:
    """Arcs of one map, each made once for both of its sides.

    ``nodes``: see ``nodes_of``; ``tolerance``: how far (pixels) a border may move; ``turns``: how
    often corners are cut.
    """

    def __init__(self, nodes: BoolArray, tolerance: float, turns: int) -> None:
        self._nodes, self._tolerance, self._turns = nodes, tolerance, turns
        self._made: dict[bytes, FloatArray] = {}
        self._plain: set[bytes] = set()

    def cut(self, corners: AnyArray) -> tuple[Piece, ...]:
        """The arcs of a closed ring (n, 2: column, row) of whole pixel corners, in their order."""
        return tuple(_piece(line) for line in _pieces(corners, self._nodes))

    def ring(self, pieces: Sequence[Piece]) -> FloatArray:
        """The closed ring (m, 2) that the arcs of a ring make, worked on."""
        lines = [self._arc(piece) for piece in pieces]
        return np.concatenate([*(line[:-1] for line in lines), lines[0][:1]])

    def leave(self, pieces: Sequence[Piece]) -> set[bytes]:
        """Leave arcs as they are from now on; the keys of those that change so."""
        new = {piece.key for piece in pieces} - self._plain
        self._plain |= new
        for key in new:
            self._made.pop(key, None)
        return new

    def _arc(self, piece: Piece) -> FloatArray:
        made = self._made.get(piece.key)
        if made is None:
            line = (piece.line[::-1] if piece.turned else piece.line).astype(np.float64)
            made = line if piece.key in self._plain else self._worked(line)
            self._made[piece.key] = made
        return made[::-1] if piece.turned else made

    def _worked(self, line: FloatArray) -> FloatArray:
        closed = bool((line[0] == line[-1]).all())
        if self._tolerance > 0.0 and len(line) > 2:
            line = _simplified_ring(line, self._tolerance) if closed else _simplified(
                line, self._tolerance
            )  # fmt: skip
        for _ in range(self._turns):
            line = chaikin(line, closed and not self._is_node(line[0]))
        return line

    def _is_node(self, place: FloatArray) -> bool:
        column, row = np.rint(place).astype(int)
        return bool(self._nodes[row, column]) and bool((place == (column, row)).all())


def chaikin(line: FloatArray, closed: bool) -> FloatArray:
    """A line (n, 2), its corners cut at a quarter of their sides; open lines keep their ends."""
    ahead, behind = line[:-1], line[1:]
    cut = np.empty((2 * len(ahead), 2))
    cut[0::2] = (1.0 - _QUARTER) * ahead + _QUARTER * behind
    cut[1::2] = _QUARTER * ahead + (1.0 - _QUARTER) * behind
    if closed:
        return np.concatenate([cut, cut[:1]])
    return np.concatenate([line[:1], cut[1:-1], line[-1:]]) if len(line) > 2 else line


def _simplified(line: FloatArray, tolerance: float) -> FloatArray:
    keep = np.zeros(len(line), dtype=np.bool_)
    keep_corners(line, tolerance, keep)
    return line[keep]


def _simplified_ring(ring: FloatArray, tolerance: float) -> FloatArray:
    """Both halves from the first corner to the one farthest from it; a ring that would collapse
    stays.
    """
    far = int(np.argmax(((ring - ring[0]) ** 2).sum(axis=1)))
    halves = (_simplified(ring[: far + 1], tolerance), _simplified(ring[far:], tolerance))
    found = np.concatenate([halves[0], halves[1][1:]])
    return found if len(found) > 3 and abs(_area(found)) > 0.0 else ring


def _area(ring: FloatArray) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return 0.5 * float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())


def _pieces(corners: AnyArray, nodes: BoolArray) -> Sequence[AnyArray]:
    """The arcs of a ring of corners, cut at nodes, also at those on its straight sides."""
    dense = _dense(corners)
    at = np.flatnonzero(nodes[dense[:-1, 1], dense[:-1, 0]])
    if not len(at):
        # No node: an island. It begins at one corner for both sides, the first in order.
        start = int(np.lexsort((dense[:-1, 0], dense[:-1, 1]))[0])
        return [_turns_only(_rolled(dense, start))]
    rolled = _rolled(dense, int(at[0]))
    cuts = [*(at - at[0]).tolist(), len(rolled) - 1]
    return [_turns_only(rolled[a : b + 1]) for a, b in zip(cuts[:-1], cuts[1:], strict=True)]


def _dense(corners: AnyArray) -> AnyArray:
    """A ring with every pixel corner that it passes."""
    steps = np.diff(corners, axis=0)
    counts = np.abs(steps).sum(axis=1)
    unit = np.repeat(np.sign(steps), counts, axis=0)
    return np.concatenate([corners[:1], corners[0] + np.cumsum(unit, axis=0)])


def _rolled(ring: AnyArray, start: int) -> AnyArray:
    return np.concatenate([ring[start:-1], ring[: start + 1]])


def _turns_only(line: AnyArray) -> AnyArray:
    """A line without the corners that lie on straight parts."""
    steps = np.diff(line, axis=0)
    turns = np.flatnonzero((steps[1:] != steps[:-1]).any(axis=1)) + 1
    return np.asarray(line[np.concatenate([[0], turns, [len(line) - 1]])])


def _piece(line: AnyArray) -> Piece:
    one, other = line.astype(np.int32).tobytes(), line[::-1].astype(np.int32).tobytes()
    return Piece(line, other, True) if other < one else Piece(line, one, False)
