# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of injections carried out on dated images, one image, or one block of it, at a time.

Going through a stack: ``order`` says which image each date gets (wrong dates are exchanged), then
``inject`` changes one image by everything that the plan has for its date. Block by block:
``planted``, once for a date, then ``change`` for each block with its ``margin``; every pixel gets
the same value whatever the blocks are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray
from .ground_covers import covered
from .inject_fields import Place, Weights, all_of, cast, weights_of
from .inject_images import (
    CLOUD_HEIGHT_M,
    SHADOW_DEPTH,
    add_clouds,
    add_stripes,
    by_pixel,
    change_gain,
    change_offset,
    shadow_offset_px,
    thickness,
)
from .inject_shift import shift_image, shift_margin
from .injections import Injection
from .physics import haze_over, shadow_on, wrong_aot

GROUND = {"snow": "snow", "fire": "burnt", "harvest": "stubble"}
UNTOUCHED = 1e-9


@dataclass(frozen=True)
class Geometry:
    """How an image was taken: pixel size (m), sun (degrees, azimuth clockwise from north), height
    of the clouds above the ground (m).
    """

    pixel_m: float
    sun_zenith_deg: float = 40.0
    sun_azimuth_deg: float = 150.0
    cloud_height_m: float = CLOUD_HEIGHT_M


@dataclass(frozen=True)
class Effect:
    """What an injection did to one image: its ``amplitude`` on that date, and where (rows, columns)
    any band changed.
    """

    injection: Injection
    amplitude: float
    touched: BoolArray


@dataclass(frozen=True)
class Planted:
    """An injection on one date: its ``amplitude`` there, and where it acts."""

    injection: Injection
    amplitude: float
    weights: Weights


@dataclass(frozen=True)
class _Task:
    planted: Planted
    place: Place
    wavelengths: FloatArray  # (bands,)
    geometry: Geometry
    amounts: FloatArray  # (bands,) the amplitude in the bands that are meant, else 0

    @property
    def injection(self) -> Injection:
        return self.planted.injection

    @property
    def amplitude(self) -> float:
        return self.planted.amplitude

    @property
    def weight(self) -> FloatArray:
        return self.planted.weights(self.place)


def order(plan: Iterable[Injection], count: int) -> AnyArray:
    """Which image (index) each of ``count`` dates shows, after wrong dates were exchanged."""
    indices = np.arange(count)
    for injection in plan:
        if injection.type == "wrong_date":
            pair = list(injection.dates(count))
            indices[pair] = indices[pair[::-1]]
    return indices


def inject(
    image: FloatArray,
    bands: Sequence[str],
    wavelengths_nm: FloatArray,
    date: int,
    plan: Iterable[Injection],
    geometry: Geometry,
    count: int,
) -> tuple[FloatArray, tuple[Effect, ...]]:
    """The image (bands, rows, columns) of ``date`` (index, of ``count``) changed by the plan.

    Injections act in the order of nature: ground, clouds, correction, radiometry, geometry. An
    exchange of dates is not done here (see ``order``) but is told among the effects. The plan has
    to be checked by ``injections.check_plan``. Raises ``InputError`` where a mask or a window does
    not fit the image.
    """
    whole = (image.shape[1], image.shape[2])
    here = planted(plan, date, count, whole)
    return change(image, bands, wavelengths_nm, here, geometry, all_of(whole))


def planted(
    plan: Iterable[Injection], date: int, count: int, whole: tuple[int, int]
) -> tuple[Planted, ...]:
    """What the plan has for ``date``, in the order in which it acts, on images of ``whole`` (rows,
    columns); random patches are drawn here, once for all blocks.
    """
    here = (one for one in plan if date in one.dates(count))
    return tuple(
        Planted(one, _amplitude(one, date), weights_of(one, whole))
        for one in sorted(here, key=lambda one: one.kind.stage)
    )


def margin(here: Iterable[Planted]) -> int:
    """How many pixels around a block have to be changed too for the block itself to be right."""
    return sum(
        shift_margin(*_moved(one.injection, one.amplitude))
        for one in here
        if one.injection.type == "shift"
    )


def change(
    image: FloatArray,
    bands: Sequence[str],
    wavelengths_nm: FloatArray,
    here: Iterable[Planted],
    geometry: Geometry,
    place: Place,
) -> tuple[FloatArray, tuple[Effect, ...]]:
    """A block (bands, rows, columns) at ``place`` of an image, changed by what is planted; right
    but for its outermost pixels (see ``margin``) where it does not reach the border of the image.
    """
    effects: list[Effect] = []
    for one in here:
        injection = one.injection
        if injection.type == "wrong_date":
            touched = np.ones(image.shape[1:], dtype=np.bool_)
            effects.append(Effect(injection, one.amplitude, touched))
            continue
        named = np.array([not injection.bands or name in injection.bands for name in bands])
        task = _Task(one, place, wavelengths_nm, geometry, one.amplitude * named)
        changed = np.where(named[:, None, None], _ACTS[injection.type](image, task), image)
        with np.errstate(invalid="ignore"):
            touched = (np.abs(changed - image) > UNTOUCHED).any(axis=0)
        effects.append(Effect(injection, one.amplitude, touched))
        image = changed
    return image, tuple(effects)


def weights(injection: Injection, shape: tuple[int, ...]) -> FloatArray:
    """How strongly (0 to 1) each pixel (rows, columns) of an image of ``shape`` is meant."""
    whole = (shape[0], shape[1])
    return weights_of(injection, whole)(all_of(whole))


def _amplitude(injection: Injection, date: int) -> float:
    """The amplitude on a date: burnt ground grows back over the duration, all else stays."""
    if injection.type == "fire" and injection.duration > 1:
        return injection.amplitude * (1.0 - (date - injection.date) / injection.duration)
    return injection.amplitude


def _ground(image: FloatArray, task: _Task) -> FloatArray:
    kind = GROUND[task.injection.type]
    fraction = task.amplitude * task.weight
    return by_pixel(partial(covered, kind=kind), image, task.wavelengths, fraction)


def _cloud(image: FloatArray, task: _Task) -> FloatArray:
    geometry = task.geometry
    offset = shadow_offset_px(
        geometry.sun_zenith_deg,
        geometry.sun_azimuth_deg,
        geometry.cloud_height_m,
        geometry.pixel_m,
    )
    clouds = thickness("cloud", task.amplitude) * task.weight
    shadows = SHADOW_DEPTH * cast(task.planted.weights, offset, task.place)
    return add_clouds(image, task.wavelengths, clouds, shadows)


def _thin_cloud(image: FloatArray, task: _Task) -> FloatArray:
    amount = thickness("thin_cloud", task.amplitude) * task.weight
    return by_pixel(haze_over, image, task.wavelengths, amount)


def _shadow(image: FloatArray, task: _Task) -> FloatArray:
    return by_pixel(shadow_on, image, task.wavelengths, task.amplitude * task.weight)


def _aot(image: FloatArray, task: _Task) -> FloatArray:
    sign = 1.0 if task.injection.type == "aot_under" else -1.0
    return by_pixel(wrong_aot, image, task.wavelengths, sign * task.amplitude * task.weight)


def _moved(injection: Injection, amplitude: float) -> tuple[float, float]:
    """By how many (rows, columns) a shift moves the content."""
    direction = np.deg2rad(injection.direction_deg)
    return float(-amplitude * np.cos(direction)), float(amplitude * np.sin(direction))


def _shift(image: FloatArray, task: _Task) -> FloatArray:
    return shift_image(image, *_moved(task.injection, task.amplitude))


def _stripes(image: FloatArray, task: _Task) -> FloatArray:
    one, first = task.injection, (task.place.row, task.place.column)
    return add_stripes(image, task.amounts, one.direction_deg, one.period_px, first)


_ACTS: dict[str, Callable[[FloatArray, _Task], FloatArray]] = {
    **dict.fromkeys(GROUND, _ground),
    "cloud": _cloud,
    "shadow": _shadow,
    "thin_cloud": _thin_cloud,
    "aot_under": _aot,
    "aot_over": _aot,
    "gain": lambda image, task: change_gain(image, task.amounts, task.weight),
    "step": lambda image, task: change_gain(image, task.amounts, task.weight),
    "offset": lambda image, task: change_offset(image, task.amounts, task.weight),
    "stripes": _stripes,
    "shift": _shift,
}
