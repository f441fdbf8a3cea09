# SPDX-License-Identifier: GPL-3.0-or-later
"""Directions of pairs corrected: planted kernels are found, real pairs scatter less."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import site_series as series

from calval_toolbox.core.calibration.atmosphere import Angles
from calval_toolbox.core.calibration.brdf import Model, kernels, rpv
from calval_toolbox.core.calibration.budget_types import Contributor, Sizes
from calval_toolbox.core.calibration.cross_run import CrossRun, cross_calibrate
from calval_toolbox.core.calibration.desert import Settings, calibrate
from calval_toolbox.core.calibration.directional import LEAST, Correction, Seen, fitted
from calval_toolbox.core.calibration.matching import Limits, Pairing
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.simulate import Plan, simulate_desert
from calval_toolbox.core.calibration.transfer import Side
from calval_toolbox.core.calibration.types import Band, Sensor, concatenate

NAMED = (("B02", 490.0), ("B03", 560.0), ("B04", 665.0), ("B8A", 865.0))
WIDE = Settings(Limits(60.0, 3.0, reciprocity=False, pairing=Pairing.ALL), bands=("B04",))
MODELS = [one for one in Correction if one is not Correction.NONE]


def seen(name: str, views: tuple[float, ...], gain: float = 1.0, days: int = 365) -> Side:
    """A sensor over a desert with planted Roujean kernels, at several view angles in turn."""
    sensor = Sensor(name, tuple(Band(*one) for one in NAMED))
    bands = SensorTables().bands(sensor)
    parts = [
        simulate_desert(
            sensor, bands,
            Plan(days=days, revisit_days=5.0, offset_days=1.7 * number, view_zenith_deg=view,
                 gains={"B04": gain}, aot_spread=0.0, water_spread=0.0, cloudy=0.0),
            seed=int(view),
        )
        for number, view in enumerate(views)
    ]  # fmt: skip
    return Side(concatenate(parts), bands)


@pytest.fixture(scope="module")
def sides() -> tuple[Side, Side]:
    return seen("S2B/MSI", (24.0,), 1.02), seen("S2A/MSI", (2.0, 10.0, 18.0))


def found(sides: tuple[Side, Side], correction: Correction) -> tuple[float, float]:
    """Mean coefficient and scatter of one pair (percent)."""
    result = calibrate(*sides, dataclasses.replace(WIDE, brdf=correction))
    values = result.a_k[0, result.kept(0, 0), 0]
    assert len(values) > 40
    return values.mean(), 100.0 * values.std() / values.mean()


@pytest.mark.parametrize("correction", MODELS)
def test_planted_kernels_and_wide_limits(sides: tuple[Side, Side], correction: Correction) -> None:
    plain, scatter = found(sides, Correction.NONE)
    mean, left = found(sides, correction)
    planted = correction is Correction.ROUJEAN
    assert abs(plain / 1.02 - 1.0) > 0.0035
    assert mean == pytest.approx(1.02, rel=0.0005 if planted else 0.003)
    assert left < (0.15 if planted else 0.35) * scatter


def test_the_model_that_was_planted_is_found_with_outliers_among_it() -> None:
    rng = np.random.default_rng(4)
    angles = Angles(rng.uniform(20, 50, 90), rng.uniform(0, 30, 90), rng.uniform(0, 180, 90))
    elsewhere = Angles(np.array([35.0, 25.0]), np.array([28.0, 3.0]), np.array([40.0, 150.0]))
    truths = {
        Correction.ROUJEAN: lambda a: kernels(Model.ROUJEAN, *a) @ [0.4, 0.05, 0.2],
        Correction.ROSSLI: lambda a: kernels(Model.ROSS_LI, *a) @ [0.4, 0.1, 0.03],
        Correction.RPV: lambda a: rpv(*a, 0.3, 0.75, -0.12, 0.8),
    }
    for correction, truth in truths.items():
        values = np.asarray(truth(angles)).copy()
        values[::15] *= 1.5  # clouds
        shape = fitted(correction, Seen(angles, values))
        expected = truth(elsewhere)
        assert shape(elsewhere)[0] / shape(elsewhere)[1] == pytest.approx(
            expected[0] / expected[1], rel=1e-4
        )


def test_the_budget_names_the_model(sides: tuple[Side, Side]) -> None:
    def run(correction: Correction) -> CrossRun:
        settings = dataclasses.replace(WIDE, brdf=correction)
        return cross_calibrate(*sides, settings, sizes=Sizes(), draws=20)

    plain, corrected = run(Correction.NONE).budget, run(Correction.RPV).budget
    assert plain is not None
    assert corrected is not None
    assert Contributor.BRDF not in plain.analytic
    own = corrected.analytic[Contributor.BRDF][0]
    assert 0.0 < own < 0.5
    assert corrected.combined_analytic[0] > own


def test_a_site_seen_too_seldom_is_said_to_be_uncorrected(sides: tuple[Side, Side]) -> None:
    few = sides[1].select(np.arange(LEAST - 1))
    settings = dataclasses.replace(WIDE, brdf=Correction.ROUJEAN)
    run = cross_calibrate(sides[0], few, settings)
    assert "fewer than 20 usable observations" in run.notes[0]
    assert "Libya4" in run.notes[0]
    plain = cross_calibrate(sides[0], few, WIDE)
    assert run.result.a_k == pytest.approx(plain.result.a_k)
    assert not plain.notes


def test_real_pairs_scatter_less_and_wide_limits_agree(shared_data: Path) -> None:
    """MODIS against MERIS over Libya-4."""
    target = series.side(shared_data, "Libya4", "MODISA", "Collection_5")
    reference = series.side(shared_data, "Libya4", *series.MERIS)

    def values(limit: float, correction: Correction) -> np.ndarray:
        settings = Settings(Limits(limit), bands=("646",), brdf=correction)
        result = calibrate(target, reference, settings)
        return result.a_k[0, result.kept(0, 0), 0]

    close, wide = ({name: values(limit, name) for name in (Correction.NONE, Correction.RPV)}
                   for limit in (10.0, 30.0))  # fmt: skip
    assert close[Correction.RPV].std() < 0.9 * close[Correction.NONE].std()
    assert wide[Correction.RPV].std() < 0.6 * wide[Correction.NONE].std()
    drift = {name: abs(wide[name].mean() - close[name].mean()) for name in close}
    assert drift[Correction.RPV] < 0.001 < 0.005 < drift[Correction.NONE]
