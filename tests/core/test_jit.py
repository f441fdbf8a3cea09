# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels load nothing before they are called, and say what is missing."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core import jit
from calval_toolbox.core.dependencies import available
from calval_toolbox.core.errors import MissingPackageError
from calval_toolbox.core.jit import FEWEST_SERIES, Kernel, worth_compiling


def halve(value: float) -> float:
    return value / 2.0


@pytest.mark.skipif(not available("numba"), reason="numba is not installed")
def test_a_kernel_gives_what_its_function_gives() -> None:
    kernel = Kernel(halve)
    assert kernel(3.0) == halve(3.0) == 1.5
    assert np.isnan(Kernel(lambda a, b: a / b)(0.0, 0.0))  # as numpy, not as Python


def test_without_numba_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise MissingPackageError(f"{name} is not installed")

    monkeypatch.setattr(jit, "require", absent)
    with pytest.raises(MissingPackageError, match="numba"):
        Kernel(halve)(3.0)


def test_compiling_must_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "numba_available", lambda: True)
    assert not worth_compiling(1)
    assert worth_compiling(FEWEST_SERIES)
    assert worth_compiling(1, True)
    monkeypatch.setattr(jit, "numba_available", lambda: False)
    assert not worth_compiling(FEWEST_SERIES)
