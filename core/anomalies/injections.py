# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies to be injected into images: what, how strong, when, where; and whether that can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..errors import InputError
from ..types import BoolArray

Window = tuple[int, int, int, int]


@dataclass(frozen=True)
class Kind:
    """What the amplitude of a type means: its unit and its range, up to ``high``.

    ``signed``: negative amplitudes are taken too. ``everywhere``: acts on the whole image, whatever
    the extent. ``stage``: order in which several injections act on one image: ground, atmosphere,
    correction, radiometry, geometry.
    """

    meaning: str
    unit: str
    high: float
    stage: int
    signed: bool = False
    everywhere: bool = False


KINDS: dict[str, Kind] = {
    "snow": Kind("share of a pixel that is covered", "share", 1.0, 0),
    "fire": Kind("share of a pixel that burnt; grows back over the duration", "share", 1.0, 0),
    "harvest": Kind("share of a pixel that becomes stubble", "share", 1.0, 0),
    "shadow": Kind("share of the direct sun that is lost", "share", 1.0, 1),
    "cloud": Kind("gain of a black target at 490 nm, in the core", "reflectance", 0.84, 2),
    "thin_cloud": Kind("gain of a black target at 490 nm", "reflectance", 0.4, 3),
    "aot_under": Kind("AOT at 550 nm that the correction left in", "AOT", 1.0, 4, False, True),
    "aot_over": Kind("AOT at 550 nm that was corrected too much", "AOT", 1.0, 4, False, True),
    "gain": Kind("relative change", "relative", 0.5, 5, True),
    "step": Kind("relative change from the date on, for good", "relative", 0.5, 5, True),
    "offset": Kind("added reflectance", "reflectance", 0.5, 6, True),
    "stripes": Kind("relative change of every other half period", "relative", 0.5, 7, False, True),
    "shift": Kind("displacement", "pixels", 10.0, 8, False, True),
    "wrong_date": Kind(
        "how many images later (or earlier) the one exchanged is", "images", 1e6, 9, True, True
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Injection:
    """One anomaly.

    ``type``: a key of ``KINDS``, which says what ``amplitude`` means. ``date``: index of the first
    image, from 0; ``duration``: how many images, 0 = all from there on. Where: ``mask`` (rows,
    columns) if given, else ``window`` (row, column, rows, columns), else random patches from
    ``seed`` that cover the share ``extent`` (0 to 1) of the image. ``bands``: names, () = all.
    ``direction_deg``, clockwise from north: where ``shift`` moves the content to, and along what
    lines ``stripes`` run; ``period_px``: of the stripes, across them. ``note``: kept in the truth.
    """

    type: str
    amplitude: float
    date: int
    duration: int = 1
    extent: float = 1.0
    bands: tuple[str, ...] = ()
    seed: int = 0
    direction_deg: float = 0.0
    period_px: float = 4.0
    window: Window | None = None
    note: str = ""
    mask: BoolArray | None = field(default=None, compare=False, repr=False)

    @property
    def kind(self) -> Kind:
        """The properties of its type."""
        return KINDS[self.type]

    def dates(self, count: int) -> range:
        """The images that it changes, of ``count``."""
        if self.type == "wrong_date":
            other = self.date + int(self.amplitude)
            first, last = min(self.date, other), max(self.date, other)
            return range(first, last + 1, last - first)
        return range(self.date, count if self.duration == 0 else self.date + self.duration)


def check_plan(plan: Iterable[Injection], count: int, bands: Sequence[str]) -> None:
    """Raise ``InputError`` for the first injection that is wrong in itself or does not fit
    ``count`` images of ``bands``.
    """
    for number, injection in enumerate(plan, start=1):
        problem = _problem(injection, count, bands)
        if problem:
            raise InputError(f"Injection {number} ({injection.type}): {problem}")


def _problem(injection: Injection, count: int, bands: Sequence[str]) -> str:
    """What is wrong with it and what to do; "" where nothing is."""
    if injection.type not in KINDS:
        return f"there is no such type. Known are: {', '.join(KINDS)}."
    checks = (_amplitude_problem, _extent_problem, _extra_problem)
    found = (check(injection) for check in checks)
    problem = next((text for text in found if text), "")
    return problem or _date_problem(injection, count) or _band_problem(injection, bands)


def _amplitude_problem(injection: Injection) -> str:
    kind, amplitude = injection.kind, injection.amplitude
    lowest = -kind.high if kind.signed else 0.0
    if not (lowest <= amplitude <= kind.high and amplitude != 0.0):
        return (
            f"the amplitude {amplitude:g} ({kind.meaning}) has to lie between {lowest:g} and "
            f"{kind.high:g} {kind.unit} and must not be 0."
        )
    if injection.type == "wrong_date" and amplitude != int(amplitude):
        return f"the amplitude {amplitude:g} has to be a whole number of images."
    return ""


def _extent_problem(injection: Injection) -> str:
    if not 0.0 < injection.extent <= 1.0:
        return f"the extent {injection.extent:g} is a share of the image: above 0, at most 1."
    window = injection.window
    if window is None:
        return ""
    if len(window) != 4 or min(window) < 0 or min(window[2:]) < 1:
        return "a window needs four whole numbers: row, column, rows, columns; sizes from 1."
    return ""


def _extra_problem(injection: Injection) -> str:
    if injection.type == "stripes" and not injection.bands:
        return 'name the bands that have stripes, such as ["B3"].'
    if injection.type == "stripes" and not injection.period_px >= 2.0:
        return f"a period of {injection.period_px:g} pixels cannot be shown: at least 2."
    if injection.type == "step" and injection.duration != 0:
        return "a step stays for good: its duration has to be 0. Use 'gain' for a while."
    if injection.type == "wrong_date" and injection.duration != 1:
        return "two images are exchanged: the duration has to be 1."
    return ""


def _date_problem(injection: Injection, count: int) -> str:
    touched = injection.dates(count)
    if injection.duration < 0:
        return f"the duration {injection.duration} is negative. Use 0 for 'to the end'."
    if injection.date < 0 or touched[0] < 0 or touched[-1] >= count:
        return (
            f"it would change image {touched[-1]} (from {touched[0]}), but there are images 0 to "
            f"{count - 1}. Choose another date or a shorter duration."
        )
    return ""


def _band_problem(injection: Injection, bands: Sequence[str]) -> str:
    absent = [name for name in injection.bands if name not in bands]
    return f"there is no band {absent[0]}. There are: {', '.join(bands)}." if absent else ""
