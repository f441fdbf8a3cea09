# SPDX-License-Identifier: GPL-3.0-or-later
"""By how much an elevation model has to be moved to lie on a reference.

Nuth and Kääb (2011, DOI 10.5194/tc-5-271-2011): where a model is displaced, the differences of
heights follow slope and aspect. Their model dh / tan(slope) = a cos(b - aspect) + c, multiplied by
tan(slope), is linear in the shift: dh = east dz/dx + north dz/dy + c (Rosenholm and Torlegård
1988). In this form gentle slopes weigh what they tell, nothing is divided by a small number, and
robust regression replaces the bins of aspect. The gradients are those of the mean of both models,
which makes the steps quadratic; a coarse-to-fine start finds shifts of many cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..errors import InsufficientDataError
from ..progress import Progress, Silent, check
from ..spread import median_and_nmad
from ..types import BoolArray, FloatArray
from .resample import Heights, halved, halved_mask, moved
from .robust_plane import BISQUARE, robust_fit
from .shift import Pair, Shift, Step, Tilt
from .shift_errors import shift_errors
from .spikes import smoothed

_COARSEST = 8  # cells of the side of averaged squares
_SMALLEST_SIDE = 48  # cells of a coarse level
LEAST_CELLS = 200
_MOST_STEPS = 30
_SETTLED, _COARSELY_SETTLED = 1e-3, 0.02  # cells
_JUDGED = 0.1  # cells: NMAD has to fall with every step as long as this
_HALVINGS = 4
_JUDGES = 200_000  # cells whose NMAD says whether a step was good
_ALIGNED_ERRORS = 3.0  # standard errors: a shift that the ground asks for and that is none
_SURE_CELLS, _NEAR_CELLS = 0.1, 1.0  # standard error, and shift, of a fit that NMAD does not judge
_KNOWN_CELLS = 1.0  # a shift whose standard error is larger is not known


@dataclass
class _State:
    """The parameters so far, and the differences they leave (of finite cells)."""

    columns: float
    rows: float
    plane: FloatArray  # rise per half extent to the east and to the south
    moved: Heights = field(default_factory=lambda: np.empty(0))
    difference: Heights = field(default_factory=lambda: np.empty(0))
    nmad: float = float("nan")


def coregister(
    pair: Pair,
    horizontal: bool = True,
    tilt: bool = False,
    progress: Progress | None = None,
    forgiving: bool = False,
) -> Shift:
    """The shift of ``pair.model``; without ``horizontal`` the vertical one alone, with ``tilt`` a
    plane besides.

    ``forgiving``: spikes (``without_spikes``) take no part, and a fit a part of a cell away is
    believed where NMAD does not fall. Not for averages of built-up ground, whose spikes tell of the
    shift, nor where a failure leads to finer ones. Models that lie on each other already get a
    shift that is zero within its error, with a note. Raises ``InsufficientDataError`` where less
    than 200 cells are common, the ground is too flat to tell a shift, or NMAD does not fall from
    step to step.
    """
    watch = progress or Silent()
    pair, notes = smoothed(pair) if forgiving else (pair, ())
    found = _found(pair, horizontal, tilt, watch, forgiving)
    return replace(found, notes=(*found.notes, *notes))


def _found(pair: Pair, horizontal: bool, tilt: bool, watch: Progress, forgiving: bool) -> Shift:
    start = _evaluated(pair, _State(pair.columns, pair.rows, np.zeros(2)))
    _enough(start.difference)
    if np.nanmax(np.abs(start.difference)) == 0.0:
        return _identical(pair, start)
    try:
        return _sought(pair, start, (horizontal, tilt), watch, forgiving)
    except _NoFallError:
        resting = _resting(pair, start, tilt, watch)
        if resting is None:
            raise
        return resting


def _sought(
    pair: Pair, start: _State, change: tuple[bool, bool], watch: Progress, forgiving: bool
) -> Shift:
    """The shift that coarse and fine steps lead to; ``change``: to the side, and a plane."""
    (horizontal, tilt), state, steps = change, start, list[Step]()
    if horizontal or tilt:
        for level, factor in _levels(pair, horizontal):
            state, done = _settle(level, state, factor, horizontal, tilt, watch)
            # Told as shifts, not as offsets between the two grids.
            steps += [
                replace(one, columns=one.columns - pair.columns, rows=one.rows - pair.rows)
                for one in done
            ]
        state = _evaluated(pair, state)
    found = _result(pair, start, state, tuple(steps), horizontal, tilt)
    if not horizontal or found.after <= found.before:
        return found
    if not (forgiving and _converged(found, pair)):
        raise _rising(found.before, len(steps))
    return replace(found, notes=(*found.notes, _risen(found)))


def _converged(found: Shift, pair: Pair) -> bool:
    """Whether a fit whose NMAD did not fall has come to its end: a part of a cell away, and known
    far better than models of other ground, alike by chance alone, let it be known.
    """
    east, north = pair.sides.mean()
    error = max(found.east_error / east, found.north_error / north)
    return bool(error < _SURE_CELLS and np.hypot(found.columns, found.rows) < _NEAR_CELLS)


def _risen(found: Shift) -> str:
    return (
        f"NMAD does not fall by the move to the side ({found.before:.3g} m, {found.after:.3g} m "
        "after): it is a part of a cell only, and rounding or resampling is in NMAD, too."
    )


def _resting(pair: Pair, start: _State, tilt: bool, watch: Progress) -> Shift | None:
    """The models as they lie, with a vertical shift (and a ``tilt``) alone, where no horizontal one
    is told from zero; None where it is, or where the ground does not tell.
    """
    state = start
    if tilt:
        state = _evaluated(pair, _settle(pair, start, 1, False, True, watch)[0])
    asked = _step(pair, state, True, tilt)[:2]
    found = _result(pair, start, state, (), True, tilt)
    east, north = pair.sides.mean()
    errors = np.array([found.east_error / east, found.north_error / north])
    # Models of other ground, or far apart, have gradients in common by chance alone: their errors
    # are many cells.
    if not (np.abs(asked) <= _ALIGNED_ERRORS * errors).all() or not (errors < _KNOWN_CELLS).all():
        return None
    return replace(found, notes=(
        "No move to the side brings both models closer than they lie, and the shift that their "
        f"slopes ask for ({asked[0] * east:.2g} m to the east, {-asked[1] * north:.2g} m to the "
        f"north) is zero within its errors ({found.east_error:.2g} m, {found.north_error:.2g} m): "
        "they lie on each other already, and nothing was moved to the side.",
    ))  # fmt: skip


def _levels(pair: Pair, horizontal: bool) -> list[tuple[Pair, int]]:
    """The pair averaged over larger and larger squares, the largest first, with their sides."""
    found = [(pair, 1)]
    side = min(pair.reference.shape)
    while horizontal and found[-1][1] < _COARSEST and side // 2 >= _SMALLEST_SIDE:
        found.append((_halved(found[-1][0]), found[-1][1] * 2))
        side //= 2
    return found[::-1]


def _settle(
    level: Pair, start: _State, factor: int, horizontal: bool, tilt: bool, watch: Progress
) -> tuple[_State, list[Step]]:
    """Iterate on squares of ``factor`` cells until the steps are small."""
    state = _evaluated(level, _State(start.columns / factor, start.rows / factor, start.plane))
    settled = _SETTLED if factor == 1 else _COARSELY_SETTLED
    steps: list[Step] = []
    for _ in range(_MOST_STEPS):
        check(watch)
        if np.count_nonzero(np.isfinite(state.difference)) < LEAST_CELLS:
            break
        change = _step(level, state, horizontal, tilt)
        new = _accepted(level, state, change)
        size = float(np.hypot(*change[:2]))
        if new is None:
            if factor > 1 or size < _JUDGED:
                break  # averages may lie; the finer level judges
            raise _rising(state.nmad, len(steps) + 1)
        taken = float(np.hypot(new.columns - state.columns, new.rows - state.rows))
        steps.append(Step(factor, new.columns * factor, new.rows * factor, state.nmad, new.nmad))
        state = new
        if taken < settled:
            break
    return _State(state.columns * factor, state.rows * factor, state.plane), steps


def _accepted(pair: Pair, state: _State, change: FloatArray) -> _State | None:
    """The state after ``change`` or a fraction of it; None where NMAD rises with all of them."""
    judged = float(np.hypot(*change[:2])) >= _JUDGED
    for halving in range(_HALVINGS):
        part = change * 0.5**halving
        new = _State(state.columns + part[0], state.rows + part[1], state.plane + part[2:])
        new = _evaluated(pair, new)
        if new.nmad <= state.nmad or not judged:
            return new
    return None


def _evaluated(pair: Pair, state: _State) -> _State:
    shape = pair.reference.shape
    model = moved(pair.model, state.columns, state.rows, (shape[0], shape[1]), to_the_edge=False)
    difference = pair.reference - model
    if state.plane.any():
        east, south = _extent(difference.shape)
        difference -= (state.plane[0] * east + state.plane[1] * south).astype(difference.dtype)
    if pair.excluded is not None:
        difference[pair.excluded] = np.nan
    known = difference[np.isfinite(difference)]
    few = known[:: max(1, known.size // _JUDGES)]
    nmad = median_and_nmad(few)[1] if known.size >= LEAST_CELLS else float("nan")
    return replace(state, moved=model, difference=difference, nmad=nmad)


def _step(pair: Pair, state: _State, horizontal: bool, tilt: bool) -> FloatArray:
    """The change (columns, rows, plane to the east, plane to the south) that the differences ask
    for.
    """
    design, values, _ = _equations(pair, state, horizontal, tilt)
    found = robust_fit(design, values)[0]
    change = np.zeros(4)
    if horizontal:
        change[:2] = found[:2]
    if tilt:
        change[2:] = found[-3:-1]
    return change


def _equations(
    pair: Pair, state: _State, horizontal: bool, tilt: bool
) -> tuple[Heights, Heights, BoolArray]:
    """Columns (k, n): gradients, plane, one; differences (n,); and the cells they are of."""
    columns: list[Any] = []
    known = np.isfinite(state.difference)
    if horizontal:
        across, down = _cell_gradients((state.moved + pair.reference) * 0.5)
        known &= np.isfinite(across) & np.isfinite(down)
        columns += [-across, -down]
    if tilt:
        columns += [np.broadcast_to(one, known.shape) for one in _extent(known.shape)]
    design = np.empty((len(columns) + 1, int(np.count_nonzero(known))), dtype=np.float32)
    for row, column in enumerate(columns):
        design[row] = column[known]
    design[-1] = 1.0
    _enough_of(design.shape[1])
    if horizontal and not np.all(np.abs(design[:2]).max(axis=1, initial=0.0) > 0.0):
        raise _flat()
    return design, state.difference[known], known


def _cell_gradients(height: Heights) -> tuple[Heights, Heights]:
    """Rise per cell to higher columns and to higher rows; NaN at edges and beside missing cells."""
    across, down = np.full_like(height, np.nan), np.full_like(height, np.nan)
    across[:, 1:-1] = (height[:, 2:] - height[:, :-2]) * 0.5
    down[1:-1] = (height[2:] - height[:-2]) * 0.5
    return across, down


def _extent(shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Places from -1 to 1, (1, columns) to the east and (rows, 1) to the south."""
    rows, columns = shape
    return np.linspace(-1.0, 1.0, columns)[None, :], np.linspace(-1.0, 1.0, rows)[:, None]


def _halved(pair: Pair) -> Pair:
    """Averages of 2 x 2 cells. Squares start at the corner of each model, so that the offset
    between both is counted in squares, too.
    """
    excluded = None if pair.excluded is None else halved_mask(pair.excluded)
    return Pair(
        halved(pair.model), halved(pair.reference), pair.sides, pair.columns / 2.0,
        pair.rows / 2.0, excluded,
    )  # fmt: skip


def _result(
    pair: Pair, start: _State, state: _State, steps: tuple[Step, ...], horizontal: bool, tilt: bool
) -> Shift:
    both = np.isfinite(start.difference) & np.isfinite(state.difference)
    _enough(np.where(both, start.difference, np.nan))
    median_before, before = median_and_nmad(start.difference[both])
    up, after = median_and_nmad(state.difference[both])
    left = state.difference[both]
    up = float(np.median(left[np.abs(left - up) <= BISQUARE * max(after, 1e-9)]))
    design, _, known = _equations(pair, state, horizontal, tilt)
    slopes = [_cell_gradients(one) if horizontal else () for one in (state.moved, pair.reference)]
    errors = shift_errors(state.difference, known, design, *slopes)
    east, north = pair.sides.mean()
    columns, rows = state.columns - pair.columns, state.rows - pair.rows
    notes: tuple[str, ...] = ()
    if horizontal and max(errors[0], errors[1]) > _KNOWN_CELLS:
        notes += (
            "The horizontal shift is not known to one cell: the common ground is too flat, too "
            "small, or too different in both models.",
        )
    elif horizontal and abs(columns) < 2.0 * errors[0] and abs(rows) < 2.0 * errors[1]:
        notes += (
            "The horizontal shift is zero within two of its standard errors: both models lie on "
            "each other already.",
        )
    height, width = state.difference.shape
    plane = Tilt(
        state.plane[0] / (0.5e-3 * east * (width - 1)),
        -state.plane[1] / (0.5e-3 * north * (height - 1)),
    )
    return Shift(
        columns, rows, columns * east, 0.0 - rows * north, up,
        errors[0] * east, errors[1] * north, errors[2], before, after, median_before,
        int(np.count_nonzero(both)), plane if tilt else Tilt(), steps, notes,
    )  # fmt: skip


def _identical(pair: Pair, state: _State) -> Shift:
    count = int(np.count_nonzero(np.isfinite(state.difference)))
    note = "Both models are identical where they overlap: there is nothing to move."
    return Shift(
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, count, notes=(note,)
    )  # fmt: skip


def _enough(difference: Heights) -> None:
    _enough_of(int(np.count_nonzero(np.isfinite(difference))))


def _enough_of(count: int) -> None:
    if count < LEAST_CELLS:
        raise InsufficientDataError(
            f"Only {count} cells have heights in both models (without those excluded); "
            f"{LEAST_CELLS} are needed. Check extents, missing heights and masks, if any."
        )


def _flat() -> InsufficientDataError:
    return InsufficientDataError(
        "The common ground is flat in at least one direction: no horizontal shift can be found on "
        "it. Take a larger area, or the vertical shift alone."
    )


class _NoFallError(InsufficientDataError):
    """No step brings the spread of the differences down."""


def _rising(nmad: float, step: int) -> _NoFallError:
    return _NoFallError(
        f"Step {step} of the co-registration does not bring NMAD below {nmad:.3f} m: the two "
        "models do not show the same ground, lie too far apart, or are too flat. Check that they "
        "belong together, exclude what has changed, or take the vertical shift alone."
    )
