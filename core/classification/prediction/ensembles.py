# SPDX-License-Identifier: GPL-3.0-or-later
"""What several models that stand for one zone say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..classes import Classes, LandClass
from ..feature_names import match_features
from ..model import Model
from .forests import forest_votes
from .predict import probabilities

Float32 = npt.NDArray[np.float32]
Index = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Seat:
    """A model of an ensemble: ``places`` of its features among those that are read, ``targets``
    (its classes,) of its classes among those of the map.
    """

    model: Model
    places: npt.NDArray[np.int64]
    targets: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Said:
    """``index`` (n,) of the class in the map; ``confidence`` (n,), 0 to 1; ``shares`` (n, classes)
    where they were asked for.
    """

    index: Index
    confidence: Float32
    shares: Float32 | None = None


def common_classes(models: Sequence[Model]) -> Classes:
    """All classes that the models know; raises ``InputError`` where two of them give one code to
    two labels, or one label two codes.
    """
    found: dict[int, LandClass] = {}
    codes: dict[str, int] = {}
    for one in (one for model in models for one in model.classes.items):
        known = found.get(one.code)
        if (known and known.label != one.label) or codes.setdefault(one.label, one.code) != (
            one.code
        ):
            other = known.label if known else one.label
            raise InputError(
                f"The models do not agree about their classes: '{one.label}' has the code "
                f"{one.code}, '{other}' {known.code if known else codes[one.label]}. Train them "
                "from one table of samples, where codes stand for the same classes."
            )
        found[one.code] = known if known and known.color else one
    return Classes(tuple(found[code] for code in sorted(found)))


def common_features(models: Sequence[Model]) -> tuple[str, ...]:
    """All features that any of the models needs, each once."""
    return tuple(dict.fromkeys(name for model in models for name in model.features))


def seated(models: Sequence[Model], features: Sequence[str], classes: Classes) -> tuple[Seat, ...]:
    """The models with their places in the ``features`` that are read and the ``classes``."""
    return tuple(
        Seat(
            model,
            np.array(match_features(model.features, features, "The stack"), dtype=np.int64),
            np.searchsorted(classes.codes, model.classes.codes).astype(np.int32),
        )
        for model in models
    )


def say(seats: Sequence[Seat], planes: Float32, classes: int, with_shares: bool = False) -> Said:
    """The class of samples ``planes`` (features, n), of ``classes`` of the map.

    One model: its most probable class, the first one of equal ones, with its probability. Several:
    the class with most votes; of equal ones that which has the surest vote, then the first one. Its
    confidence is the sum of the probabilities of those that voted for it, by the number of models.
    ``with_shares``: the mean of their probabilities as well.
    """
    shares = np.zeros((planes.shape[1], classes), np.float32) if with_shares else None
    opinions = [_opinion(seat, planes, shares) for seat in seats]
    if shares is not None and len(seats) > 1:
        shares /= np.float32(len(seats))
    if len(opinions) == 1:
        return Said(*opinions[0], shares)
    return Said(*majority(opinions, classes), shares)


def majority(opinions: Sequence[tuple[Index, Float32]], classes: int) -> tuple[Index, Float32]:
    """The class (n,) and confidence (n,) out of those of several models; see ``say``."""
    samples = np.arange(len(opinions[0][0]))
    votes = np.zeros((len(samples), classes), np.float32)
    surest, total = np.zeros_like(votes), np.zeros_like(votes)
    for index, confidence in opinions:
        votes[samples, index] += 1.0
        total[samples, index] += confidence
        surest[samples, index] = np.maximum(surest[samples, index], confidence)
    # A vote counts more than all certainty; certainties are at most 1.
    winner = (2.0 * votes.astype(np.float64) + surest).argmax(axis=1).astype(np.int32)
    share: Float32 = total[samples, winner] / np.float32(len(opinions))
    return winner, share


def _opinion(seat: Seat, planes: Float32, shares: Float32 | None) -> tuple[Index, Float32]:
    """Class and confidence of one model, whose probabilities are added to ``shares``."""
    whole = np.array_equal(seat.places, np.arange(len(planes)))
    own = planes if whole else planes[seat.places]
    members = seat.model.members
    if shares is None and len(members) == 1 and members[0].forest is not None:
        index, confidence = forest_votes(members[0].forest, own.T)
        return seat.targets[index], confidence
    found = probabilities(seat.model, own.T)
    if shares is not None:
        shares[:, seat.targets] += found
    best = found.argmax(axis=1)
    return seat.targets[best], found[np.arange(len(found)), best]
