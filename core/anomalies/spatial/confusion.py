# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts on images beside what was planted: which were right, and what the others were called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..injections import Injection
from ..labels import NONE, UNKNOWN
from .verdict import DateVote

LOCAL = "part: "  # before the name of what is planted in a part of an image
WRONG_SIGN = "wrong sign"
_SIGNED = ("gain", "offset")


@dataclass
class Confusion:
    """``table``: what was planted -> how often which verdict; ``good``: dates without anything,
    ``false``: verdicts on those.
    """

    table: dict[str, Counter[str]] = field(default_factory=dict)
    good: int = 0
    false: Counter[str] = field(default_factory=Counter)

    def add(self, votes: Sequence[DateVote], planted: Mapping[int, Injection]) -> None:
        """Count the verdicts of one stack."""
        for date, vote in enumerate(votes):
            if date in planted:
                name = planted_name(planted[date])
                self.table.setdefault(name, Counter())[_verdict(vote, planted[date])] += 1
                continue
            self.good += 1
            if vote.kind != NONE:
                self.false[vote.kind] += 1

    def right(self, names: Iterable[str] = ()) -> int:
        """How many verdicts are right, of all that was planted or of some ``names``."""
        chosen = list(names) or list(self.table)
        return sum(self.table[name][_wanted(name)] for name in chosen if name in self.table)

    def total(self, names: Iterable[str] = ()) -> int:
        """How many were planted."""
        chosen = list(names) or list(self.table)
        return sum(self.table[name].total() for name in chosen if name in self.table)

    @property
    def misnamed(self) -> int:
        """How many have another verdict than the right one, ``none`` or ``unknown``."""
        return sum(
            count for name, row in self.table.items() for verdict, count in row.items()
            if verdict not in (_wanted(name), NONE, UNKNOWN)
        )  # fmt: skip

    def text(self) -> str:
        """A line for each that was planted."""
        lines = [
            f"{name:<18}{row[_wanted(name)]:>4} of {row.total():<5}"
            + ", ".join(f"{verdict} {count}" for verdict, count in row.most_common())
            for name, row in sorted(self.table.items())
        ]
        lines.append(
            f"right {self.right()} of {self.total()}, misnamed {self.misnamed}; of {self.good} "
            f"good dates {self.false.total()} have a verdict: {dict(self.false)}"
        )
        return "\n".join(lines)


def planted_name(one: Injection) -> str:
    """The type, marked where it is in a part of the image only."""
    return one.type if one.kind.everywhere or one.extent >= 1.0 else f"{LOCAL}{one.type}"


def _wanted(name: str) -> str:
    """The right verdict: what a part of an image has is no verdict on the whole."""
    return NONE if name.startswith(LOCAL) else name


def _verdict(vote: DateVote, planted: Injection) -> str:
    same = vote.amplitude * planted.amplitude > 0.0
    if vote.kind in _SIGNED and vote.kind == planted.type and not same:
        return WRONG_SIGN
    return vote.kind
