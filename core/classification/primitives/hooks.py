# SPDX-License-Identifier: GPL-3.0-or-later
"""Features by a Python function, for programs that use ``core``; no algorithm takes one.

A hook is called for each tile with the features that are there, ``{name: array}``: dated ones
(dates, rows, columns), others (rows, columns), float32, NaN where there is no data, read-only. It
returns further ones in the same way. It must work pixel by pixel (tiles have any size), return the
same names for each tile, and lie at the top level of a module that all workers can import::

    def ranges(features):
        return {"ndvi_range": np.ptp(features["NDVI"], axis=0)}
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ...types import AnyArray

Hook = Callable[[Mapping[str, AnyArray]], Mapping[str, AnyArray]]


def hook_name(hook: Hook) -> str:
    """``module:function`` and the digest of its text, so that another function of the same name
    makes another run. Raises ``InputError`` where workers could not find it.
    """
    module, name = getattr(hook, "__module__", ""), getattr(hook, "__qualname__", "<")
    if "<" in name or not module or module == "__main__":
        raise InputError(
            "The function for further features has to lie at the top level of a module that can "
            "be imported: workers find it by its name."
        )
    try:
        text = inspect.getsource(hook)
    except (OSError, TypeError):
        text = ""
    return f"{module}:{name}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def run_hook(
    name: str, features: Mapping[str, AnyArray], dates: int, shape: tuple[int, int]
) -> list[tuple[str, bool, npt.NDArray[np.float32]]]:
    """(name, whether dated, layers (n, rows, columns)) of what the hook ``hook_name`` returns.
    Raises ``InputError`` where that is not as it should be.
    """
    module, function, _ = name.split(":")
    found: Any = import_module(module)
    for part in function.split("."):
        found = getattr(found, part)
    made = found(features)
    result = []
    for key, values in dict(made).items():
        layers = np.asarray(values, dtype=np.float32)
        dated = layers.shape == (dates, *shape)
        if key in features or not (dated or layers.shape == shape):
            raise InputError(
                f"{function} returned {key} of shape {layers.shape}: give new names, and arrays of "
                f"shape {(dates, *shape)} (one per date) or {shape}."
            )
        result.append((str(key), dated, layers.reshape(-1, *shape)))
    return result
