# SPDX-License-Identifier: GPL-3.0-or-later
"""Photometer AOD at the wavelength of a satellite product.

AOD over wavelength is smooth in logarithms, slightly curved by the mixture of fine and coarse
particles (Eck et al. 1999, 10.1029/1999JD900923): the default is the least-squares parabola of
ln(AOD) over ln(wavelength), on the exact wavelengths of the instrument. The choice of the method
moves AOD at 550 nm by up to 0.05, so every value is labeled with the method that made it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..types import AnyArray, BoolArray, FloatArray

METHODS = ("quadratic", "quadratic_nominal", "linear", "angstrom")
LABELS = (*METHODS, "linear_nonpositive", "angstrom_sda", "none")
REASONS = (
    "",
    "no channel on one side of the wavelength",
    "too few channels around the wavelength",
    "no AOD at 500, 440 or 675 nm, or no Angstrom exponent 440-870 nm",
    "no Angstrom exponent",
)
_NONPOSITIVE, _SDA, _NONE = (
    LABELS.index("linear_nonpositive"),
    LABELS.index("angstrom_sda"),
    len(LABELS) - 1,
)

# Where an instrument lacks the standard channel, the nearest one that other instruments have takes
# its place.
_SLOTS = (
    (340,), (380, 400), (440, 443), (500, 510, 490), (675, 667, 681), (870, 865), (1020,), (1640,),
)  # fmt: skip
_STANDARD = tuple(slot[0] for slot in _SLOTS)
_WINDOW = 4
_DEFAULT_WINDOW = _STANDARD.index(440)
_SNAP = 0.012  # an exact wavelength belongs to the nominal one within 1.2 %

CodeArray = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Spectra:
    """AOD spectra of ``n`` observations.

    ``nominal_nm`` (k,) nominal wavelengths; ``aod`` (n, k), NaN where a channel has no value;
    ``exact_um`` (n, k) exact wavelengths in micrometers, NaN where unknown (the nominal one is
    taken); ``angstrom`` (n,) exponent 440-870 nm.
    """

    nominal_nm: tuple[int, ...]
    aod: FloatArray
    exact_um: FloatArray
    angstrom: FloatArray


@dataclass(frozen=True)
class Interpolated:
    """AOD at the wavelength (n,), NaN where impossible; ``method`` and ``reason`` (n,) index LABELS
    and REASONS.
    """

    aot: FloatArray
    method: CodeArray
    reason: CodeArray


def window(target_nm: float) -> tuple[int, ...]:
    """The four standard channels (nm) that are fitted for a wavelength: 440, 500, 675, 870 for all
    within them.

    Below 440 nm they are 340-500, above 870 nm 675-1640. Raises ``InputError`` outside 340-1640 nm,
    where it would be an extrapolation.
    """
    if not _STANDARD[0] <= target_nm <= _STANDARD[-1]:
        raise InputError(
            f"AOD at {target_nm:g} nm cannot be interpolated: AERONET measures from 340 to "
            "1640 nm. Give a wavelength in that range, in nanometers (550 for most products)."
        )
    first = _DEFAULT_WINDOW
    if target_nm < _STANDARD[first]:
        first = 0
    elif target_nm > _STANDARD[first + _WINDOW - 1]:
        first = len(_STANDARD) - _WINDOW
    return _STANDARD[first : first + _WINDOW]


def interpolate(
    spectra: Spectra, target_nm: float = 550.0, method: str = "quadratic"
) -> Interpolated:
    """AOD at ``target_nm`` for every observation.

    ``quadratic``: least-squares parabola of ln(AOD) over ln(exact wavelength) on the channels of
    ``window``, at least three of them with one on each side; ``quadratic_nominal``: the same on
    nominal wavelengths; ``linear``: straight line in the same coordinates, at least two channels;
    ``angstrom``: AOD at 500 nm (else 440, else 675) moved by the exponent 440-870 nm, only within
    440-870 nm.

    An AOD of zero or less, which is valid in very clean air, has no logarithm: such observations
    are interpolated linearly in wavelength between the channels next to the target
    (``linear_nonpositive``), not dropped. Raises ``InputError`` for an unknown method or a
    wavelength out of range.
    """
    if method not in METHODS:
        raise InputError(f"Unknown interpolation '{method}'. Choose one of: {', '.join(METHODS)}.")
    slots = window(target_nm)
    aod, exact_nm = _channels(spectra, slots)
    nominal_nm = np.array(slots, dtype=np.float64)
    if method == "angstrom":
        return _by_angstrom(spectra, aod, exact_nm, target_nm)
    x_nm = np.broadcast_to(nominal_nm, aod.shape) if method == "quadratic_nominal" else exact_nm
    return _by_fit(aod, x_nm, nominal_nm, target_nm, method)


def interpolate_sda(spectra: Spectra, target_nm: float = 550.0) -> Interpolated:
    """AOD from the total AOD at 500 nm and its exponent there, which are all that SDA files give
    (440-675 nm only).
    """
    aod, exact_nm = _channels(spectra, (500,))
    aot = aod[:, 0] * (target_nm / exact_nm[:, 0]) ** -spectra.angstrom
    if not 440.0 <= target_nm <= 675.0:
        aot = np.full(len(aot), np.nan)
    good = np.isfinite(aot)
    return Interpolated(aot, _codes(good, _SDA, _NONE), _codes(good, 0, 4))


def interpolate_aot(
    aod: FloatArray,
    wavelengths_um: FloatArray,
    target_nm: float = 550.0,
    method: str = "quadratic",
    angstrom: FloatArray | None = None,
) -> FloatArray:
    """AOD (n,) at ``target_nm`` from ``aod`` (n, k) at ``wavelengths_um`` (n, k) or (k,), by one of
    ``METHODS``.

    The channels are recognized by their wavelengths. ``angstrom`` (n,) is needed by the method of
    that name only.
    """
    wavelengths = np.broadcast_to(wavelengths_um, aod.shape)
    exponent = np.full(len(aod), np.nan) if angstrom is None else angstrom
    typical = [
        np.nanmedian(column) if np.isfinite(column).any() else np.nan for column in wavelengths.T
    ]
    spectra = Spectra(
        tuple(_nominal(value * 1000.0) for value in typical), aod, wavelengths, exponent
    )
    return interpolate(spectra, target_nm, method).aot


def quadratic_variants(
    aod: FloatArray, nominal_nm: Sequence[int], target_nm: float = 550.0
) -> FloatArray:
    """Three exact parabolas of ln(AOD) over ln(nominal wavelength), (n, 3).

    They pass through 440/500/675, 440/500/870 and 440/500/1020 nm (Lagrange's form). Their mean is
    a common choice in the literature, and their spread tells how much the choice of channels
    matters. ``aod`` (n, k) of the channels ``nominal_nm`` (k,); NaN where a channel is missing or
    not positive.
    """
    position = {channel: i for i, channel in enumerate(nominal_nm)}
    out = np.full((len(aod), 3), np.nan)
    for number, longest in enumerate((675, 870, 1020)):
        chosen = (440, 500, longest)
        if all(channel in position for channel in chosen):
            values = aod[:, [position[channel] for channel in chosen]]
            out[:, number] = _lagrange(values, np.log(np.array(chosen)), np.log(target_nm))
    return out


def _lagrange(aod: FloatArray, x: FloatArray, target: float) -> FloatArray:
    y = np.log(np.where(aod > 0, aod, np.nan))
    total = np.zeros(len(aod))
    for i in range(len(x)):
        others = np.delete(x, i)
        total += y[:, i] * np.prod((target - others) / (x[i] - others))
    result: FloatArray = np.exp(total)
    return result


def _nominal(wavelength_nm: float) -> int:
    """The nominal channel of an exact wavelength, or the wavelength itself where it is none."""
    if not np.isfinite(wavelength_nm):
        return -1
    known = np.array([channel for slot in _SLOTS for channel in slot])
    nearest = int(known[np.argmin(np.abs(known - wavelength_nm))])
    close = abs(nearest - wavelength_nm) <= _SNAP * wavelength_nm
    return nearest if close else int(round(wavelength_nm))


def _channels(spectra: Spectra, slots: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """AOD and exact wavelength in nm (n, len(slots)) of the standard channels, or of what stands in
    for them.
    """
    count = len(spectra.aod)
    aod = np.full((count, len(slots)), np.nan)
    exact = np.tile(np.array(slots, dtype=np.float64), (count, 1))
    position = {channel: i for i, channel in enumerate(spectra.nominal_nm)}
    for column, slot in enumerate(slots):
        for channel in _SLOTS[_STANDARD.index(slot)]:
            if channel in position:
                values = spectra.aod[:, position[channel]]
                take = np.isnan(aod[:, column]) & np.isfinite(values)
                aod[take, column] = values[take]
                known = spectra.exact_um[take, position[channel]] * 1000.0
                exact[take, column] = np.where(np.isfinite(known), known, channel)
    return aod, exact


def _by_fit(
    aod: FloatArray, x_nm: FloatArray, nominal_nm: FloatArray, target_nm: float, method: str
) -> Interpolated:
    present = np.isfinite(aod)
    below = (present & (nominal_nm <= target_nm)).any(axis=1)
    above = (present & (nominal_nm >= target_nm)).any(axis=1)
    needed = 2 if method == "linear" else 3
    enough = present.sum(axis=1) >= needed
    positive = np.where(present, aod > 0, True).all(axis=1)
    fitted = below & above & enough & positive
    between = below & above & ~positive
    aot = np.full(len(aod), np.nan)
    fit = _line if method == "linear" else _parabola
    aot[fitted] = fit(aod[fitted], x_nm[fitted], target_nm)
    aot[between] = _linear(aod[between], x_nm[between], nominal_nm, target_nm)
    label = _codes(fitted, METHODS.index(method), _NONE)
    label[between] = _NONPOSITIVE
    reason = _codes(fitted | between, 0, 2)
    reason[~(below & above)] = 1
    return Interpolated(aot, label, reason)


def _by_angstrom(
    spectra: Spectra, aod: FloatArray, exact_nm: FloatArray, target_nm: float
) -> Interpolated:
    count = len(aod)
    aot: FloatArray = np.full(count, np.nan)
    if 440.0 <= target_nm <= 870.0:
        exponent = spectra.angstrom
        for column in (1, 0, 2):
            moved = aod[:, column] * (target_nm / exact_nm[:, column]) ** -exponent
            aot = np.where(np.isnan(aot), moved, aot)
    good = np.isfinite(aot)
    label, reason = _codes(good, METHODS.index("angstrom"), _NONE), _codes(good, 0, 3)
    # AERONET gives no exponent where an AOD is not positive.
    low = np.flatnonzero(~good & (np.where(np.isfinite(aod), aod, 1.0) <= 0).any(axis=1))
    nominal_nm = np.array(window(target_nm), dtype=np.float64)
    rest = _by_fit(aod[low], exact_nm[low], nominal_nm, target_nm, "linear")
    aot[low], label[low], reason[low] = rest.aot, rest.method, rest.reason
    return Interpolated(aot, label, reason)


def _sums(
    aod: FloatArray, x_nm: FloatArray, target_nm: float
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Sums of powers of x = ln(wavelength / target) up to 4, and of ln(AOD) times powers up to 2,
    per row (n,).
    """
    weight = np.isfinite(aod).astype(np.float64)
    x = np.log(x_nm / target_nm)
    y = np.log(np.where(weight > 0, aod, 1.0))
    powers = [weight * x**i for i in range(5)]
    return [power.sum(axis=1) for power in powers], [
        (power * y).sum(axis=1) for power in powers[:3]
    ]


def _parabola(aod: FloatArray, x_nm: FloatArray, target_nm: float) -> FloatArray:
    """Least squares by Cramer's rule; x is measured from the target, so that the constant is the
    answer.
    """
    (s0, s1, s2, s3, s4), (t0, t1, t2) = _sums(aod, x_nm, target_nm)
    determinant = s0 * (s2 * s4 - s3**2) - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2**2)
    constant = t0 * (s2 * s4 - s3**2) - t1 * (s1 * s4 - s2 * s3) + t2 * (s1 * s3 - s2**2)
    result: FloatArray = np.exp(constant / determinant)
    return result


def _line(aod: FloatArray, x_nm: FloatArray, target_nm: float) -> FloatArray:
    (s0, s1, s2, _, _), (t0, t1, _) = _sums(aod, x_nm, target_nm)
    result: FloatArray = np.exp((s2 * t0 - s1 * t1) / (s0 * s2 - s1**2))
    return result


def _linear(
    aod: FloatArray, x_nm: FloatArray, nominal_nm: FloatArray, target_nm: float
) -> FloatArray:
    """Straight line in wavelength between the present channels on either side of the target."""
    present = np.isfinite(aod)
    left = _last_true(present & (nominal_nm <= target_nm))
    right = _first_true(present & (nominal_nm >= target_nm))
    rows = np.arange(len(aod))
    x0, x1 = x_nm[rows, left], x_nm[rows, right]
    y0, y1 = aod[rows, left], aod[rows, right]
    share = np.where(left == right, 0.0, (target_nm - x0) / np.where(left == right, 1.0, x1 - x0))
    result: FloatArray = y0 + share * (y1 - y0)
    return result


def _first_true(mask: BoolArray) -> AnyArray:
    first: AnyArray = np.argmax(mask, axis=1)
    return first


def _last_true(mask: BoolArray) -> AnyArray:
    last: AnyArray = mask.shape[1] - 1 - np.argmax(mask[:, ::-1], axis=1)
    return last


def _codes(good: BoolArray, yes: int, no: int) -> CodeArray:
    return np.where(good, yes, no).astype(np.int8)
