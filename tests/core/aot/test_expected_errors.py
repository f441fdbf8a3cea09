# SPDX-License-Identifier: GPL-3.0-or-later
"""Envelopes at values that only real data have."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.aot.expected_errors import EXPECTED_ERRORS, half_width, within


@pytest.mark.parametrize("name", sorted(EXPECTED_ERRORS))
def test_negative_reference_does_not_narrow_the_envelope(name: str) -> None:
    """AERONET reports AOT down to -0.01 in clean air: the envelope is that of AOT 0."""
    envelope = EXPECTED_ERRORS[name]
    reference = np.array([-1.0, -0.01, 0.0])
    np.testing.assert_allclose(half_width(envelope, reference), envelope.offset)
    edge = np.full(3, 0.999 * envelope.offset)
    assert within(envelope, reference, edge).all()
    assert not within(envelope, reference, 1.01 * edge).any()
