# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of injections carried out on dated images, one image at a time.

Going through a stack: ``order`` says which image each date gets (wrong dates are exchanged), then
``inject`` changes one image by everything that the plan has for its date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..errors import InputError
from ..types import AnyArray, BoolArray, FloatArray
from .ground_covers import covered
from .inject_images import (
    CLOUD_HEIGHT_M,
    SHADOW_DEPTH,
    add_clouds,
    add_stripes,
    by_pixel,
    cast,
    change_gain,
    change_offset,
    shadow_offset_px,
    shift_image,
    soft_patches,
    thickness,
)
from .injections import Injection
from .physics import haze_over, shadow_on, wrong_aot

GROUND = {"snow": "snow", "fire": "burnt", "harvest": "stubble"}
UNTOUCHED = 1e-9
# Over how much the edges fade of what has no sharp ones.
_EDGES = {"cloud": 0.6, "thin_cloud": 1.6, "shadow": 0.5, "snow": 0.3}
ALIKE = 0.5  # size of patches: share of the side of a square of the same area


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
class _Task:
    injection: Injection
    amplitude: float
    wavelengths: FloatArray  # (bands,)
    geometry: Geometry
    amounts: FloatArray  # (bands,) the amplitude in the bands that are meant, else 0
    weight: FloatArray  # (rows, columns)


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
    effects: list[Effect] = []
    here = (one for one in plan if date in one.dates(count))
    for injection in sorted(here, key=lambda one: one.kind.stage):
        amplitude = _amplitude(injection, date)
        if injection.type == "wrong_date":
            effects.append(Effect(injection, amplitude, np.ones(image.shape[1:], dtype=np.bool_)))
            continue
        weight = weights(injection, image.shape[1:])
        named = np.array([not injection.bands or name in injection.bands for name in bands])
        task = _Task(injection, amplitude, wavelengths_nm, geometry, amplitude * named, weight)
        changed = np.where(named[:, None, None], _ACTS[injection.type](image, task), image)
        with np.errstate(invalid="ignore"):
            touched = (np.abs(changed - image) > UNTOUCHED).any(axis=0)
        effects.append(Effect(injection, amplitude, touched))
        image = changed
    return image, tuple(effects)


def weights(injection: Injection, shape: tuple[int, ...]) -> FloatArray:
    """How strongly (0 to 1) each pixel (rows, columns) of an image of ``shape`` is meant."""
    rows, columns = shape
    if injection.mask is not None:
        if injection.mask.shape != (rows, columns):
            raise InputError(
                f"The mask of an injection ({injection.type}) has {injection.mask.shape} pixels, "
                f"the images have {(rows, columns)}. Make the mask on the grid of the images."
            )
        return injection.mask.astype(np.float64)
    if injection.window is not None:
        return _window(injection, rows, columns)
    if injection.kind.everywhere or injection.extent >= 1.0:
        return np.ones((rows, columns))
    rng = np.random.default_rng([injection.seed, injection.date])
    size = ALIKE * np.sqrt(injection.extent * rows * columns)
    weight = soft_patches(
        (rows, columns), injection.extent, size, rng, _EDGES.get(injection.type, 0.4)
    )
    return weight if injection.type in _EDGES else np.asarray((weight > 0.0).astype(np.float64))


def _window(injection: Injection, rows: int, columns: int) -> FloatArray:
    row, column, high, wide = injection.window or (0, 0, rows, columns)
    if row + high > rows or column + wide > columns:
        raise InputError(
            f"The window of an injection ({injection.type}) reaches beyond the image of "
            f"{rows} x {columns} pixels. Choose a smaller one."
        )
    weight = np.zeros((rows, columns))
    weight[row : row + high, column : column + wide] = 1.0
    return weight


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
    shadows = SHADOW_DEPTH * cast(task.weight, offset)
    return add_clouds(image, task.wavelengths, clouds, shadows)


def _thin_cloud(image: FloatArray, task: _Task) -> FloatArray:
    amount = thickness("thin_cloud", task.amplitude) * task.weight
    return by_pixel(haze_over, image, task.wavelengths, amount)


def _shadow(image: FloatArray, task: _Task) -> FloatArray:
    return by_pixel(shadow_on, image, task.wavelengths, task.amplitude * task.weight)


def _aot(image: FloatArray, task: _Task) -> FloatArray:
    sign = 1.0 if task.injection.type == "aot_under" else -1.0
    return by_pixel(wrong_aot, image, task.wavelengths, sign * task.amplitude * task.weight)


def _shift(image: FloatArray, task: _Task) -> FloatArray:
    direction = np.deg2rad(task.injection.direction_deg)
    rows, columns = -task.amplitude * np.cos(direction), task.amplitude * np.sin(direction)
    return shift_image(image, float(rows), float(columns))


def _stripes(image: FloatArray, task: _Task) -> FloatArray:
    return add_stripes(image, task.amounts, task.injection.direction_deg, task.injection.period_px)


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
