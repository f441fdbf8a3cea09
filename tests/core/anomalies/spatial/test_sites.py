# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated sites: what was planted is found, named and placed, and little else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.scenes.images import simulate
from calval_toolbox.core.anomalies.spatial.codes import CODES

Find = Callable[[str], Any]
# Site, what was planted, the verdict wanted, its amplitude, and by how much that may be off.
PLANTED = [
    ("Beijing", "shift", "shift", 1.2, 0.1),
    ("Beijing", "aot_over", "aot_over", None, 0.0),
    ("Beijing", "aot_under", "aot_under", None, 0.0),
    ("Ouarzazate", "aot_under", "aot_under", None, 0.0),
    ("Ouarzazate", "aot_over", "aot_over", None, 0.0),
    ("Ouarzazate", "stripes", "stripes", None, 0.0),
]


@pytest.mark.parametrize(("site", "planted", "verdict", "amplitude", "tolerance"), PLANTED)
def test_whole_images_are_named(
    detected: Find, site: str, planted: str, verdict: str, amplitude: float | None,
    tolerance: float,
) -> None:  # fmt: skip
    found = detected(site)
    vote = found.report.votes[found.date(planted)]
    assert vote.kind == verdict
    assert vote.p_value < 1e-3
    if amplitude is not None:
        assert vote.amplitude == pytest.approx(amplitude, abs=tolerance)


@pytest.mark.parametrize("site", ["Beijing", "Ouarzazate"])
def test_good_images_have_no_verdict(detected: Find, site: str) -> None:
    found = detected(site)
    planted = {date for one in found.plan.injections if one.type != "step"
               for date in one.dates(len(found.plan.images))}  # fmt: skip
    good = [date for date in range(len(found.plan.images)) if date not in planted]
    named = [(date, found.report.votes[date].kind) for date in good
             if found.report.votes[date].kind != "none"]  # fmt: skip
    assert len(good) > 60
    assert len(named) <= 1, named


def test_shift_is_measured_in_both_ways(detected: Find) -> None:
    """Planted: 1.2 pixels towards 60 degrees east of north."""
    found = detected("Beijing")
    date = found.date("shift")
    shift = found.report.votes[date].shift
    rows, columns = -1.2 * np.cos(np.deg2rad(60.0)), 1.2 * np.sin(np.deg2rad(60.0))
    assert (shift.rows, shift.columns) == pytest.approx((rows, columns), abs=0.12)
    assert (shift.phase_rows, shift.phase_columns) == pytest.approx((rows, columns), abs=0.2)
    table = found.report.table
    assert table["edge_ratio"][date] > 2.0
    layer = found.layer(date)
    assert (layer == CODES["shift"]).sum() > 0.6 * ((layer > 0) & (layer < 255)).sum()


def test_stripes_are_measured(detected: Find) -> None:
    """Planted in B4: 2 % of what is some 0.35, every 6 pixels, along 194 degrees."""
    found = detected("Ouarzazate")
    table, date = found.report.table, found.date("stripes")
    assert table["stripe_band"][date] == "B4"
    assert table["stripe_period_px"][date] == pytest.approx(6.0, abs=0.3)
    assert table["stripe_direction_deg"][date] == pytest.approx(14.0, abs=5.0)
    # The first harmonic of a square wave of 2 % has 4 / pi of its height.
    assert table["stripe_amplitude"][date] == pytest.approx(0.02 * 0.3 * 4 / np.pi, rel=0.4)


def _resolved(touched: np.ndarray) -> np.ndarray:
    """All pixels that share a pixel of 20 m, of which three of the six bands are, with one that is
    touched: these bands have changed there too.
    """
    rows, columns = touched.shape
    blocks = touched.reshape(rows // 2, 2, columns // 2, 2).any(axis=(1, 3))
    return blocks.repeat(2, axis=0).repeat(2, axis=1)


@pytest.mark.parametrize("site", ["Beijing", "Ouarzazate"])
def test_missed_clouds_and_their_shadows(detected: Find, site: str) -> None:
    """An opaque cloud that no mask has: its shadow falls away from the sun."""
    found = detected(site)
    date = found.date("cloud")
    image = simulate(found.plan, date)
    effect = next(one for one in image.effects if one.injection.type == "cloud")
    layer, table = found.layer(date), found.report.table
    assert found.report.votes[date].kind == "none"
    cloudy, shady = (layer == CODES["cloud"]), (layer == CODES["shadow"])
    assert cloudy.sum() > 400
    changed = _resolved(effect.touched)
    assert changed[cloudy].mean() > 0.98
    assert changed[shady].mean() > 0.95
    assert table["sun_share"][date] > 0.9
    assert table["sun_p_value"][date] < 0.05
    assert table["cloud_height_m"][date] == pytest.approx(350.0, abs=40.0)


def test_local_shadows_are_no_gain(detected: Find) -> None:
    """By its spectrum alone a part of a shadow is a gain that is too low, and its soft edge is of
    no known type; the patch that they belong to names both.
    """
    found = detected("Ouarzazate")
    date = found.date("shadow")
    layer = found.layer(date)
    image = simulate(found.plan, date)
    touched = next(one for one in image.effects if one.injection.type == "shadow").touched
    seen = touched & (layer > 0) & (layer < 255)
    named = seen & (layer != CODES["unknown"])
    assert (layer[named] == CODES["shadow"]).mean() > 0.98
    assert named.sum() > 0.9 * seen.sum()
    assert not (layer == CODES["gain"]).any()
    by_spectrum = found.report.votes[date].types
    assert by_spectrum["gain"] > 10
    assert (layer == CODES["shadow"]).sum() > by_spectrum["shadow"]


def test_thin_cloud_of_a_part_is_no_aerosol(detected: Find) -> None:
    found = detected("Ouarzazate")
    layer = found.layer(found.date("thin_cloud"))
    seen = layer[(layer > 0) & (layer < 255)]
    assert len(seen) > 1000
    assert np.isin(seen, [CODES["cloud"], CODES["thin_cloud"]]).mean() > 0.95


def test_rasters_and_table_agree(detected: Find) -> None:
    found = detected("Ouarzazate")
    table, layers = found.report.table, found.report.layers
    assert len(table) == len(found.plan.images)
    assert [int(table["layer"][date]) for date in layers] == list(range(1, len(layers) + 1))
    assert len(found.types) == len(found.scores) == len(layers)
    for date, types, scores in zip(layers, found.types, found.scores, strict=True):
        flagged = (types > 0) & (types < 255)
        assert flagged.sum() == table["flagged"][date]
        assert (types < 255).sum() == table["tested"][date]
        # Scores are rounded down to tenths.
        assert (scores[flagged] >= 3.0).all()
        assert (scores[types == 0] < 3.05).all()
        assert (scores[types == 255] == -9999).all()
    assert found.counts[0].sum() == found.report.flagged == table["flagged"].sum()
    assert found.counts[1].max() <= len(found.plan.images)
    rate = found.report.flagged / found.report.tested
    assert rate < 0.06
    assert found.report.false_alarm_expected == pytest.approx(0.001 * found.report.tested)


def test_quiet_dates_keep_the_rate_of_false_alarms(detected: Find) -> None:
    """Pixels of good, cloudless images: the threshold is 0.001."""
    found = detected("Ouarzazate")
    planted = {date for one in found.plan.injections for date in one.dates(len(found.plan.images))}
    quiet = [vote for date, vote in enumerate(found.report.votes) if date not in planted
             and found.plan.images[date].cloud_share == 0.0
             and not found.plan.images[date].over_masked]  # fmt: skip
    assert len(quiet) > 15
    assert sum(v.flagged for v in quiet) / sum(v.tested for v in quiet) < 0.004
