# SPDX-License-Identifier: GPL-3.0-or-later
"""A small simulated case of land cover: products of two tiles, and all that the chain makes of
them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..io.class_rasters import SIDE_FILE, read_classes, write_classes
from ..progress import Part, Progress, Silent
from .chain.keys import MAPS, PRIMITIVES, SAMPLES, TRAINING
from .chain.land_cover import ChainRequest, run_chain
from .chain.state import State
from .simulate import CHAIN, CONFIGURATION, write_case

_ALONE = ("zones", "zone_field")  # one model for all of it: the example is there to be looked at
_PATHS = ("products", "radar", "exogenous", "reference", "validation")


@dataclass(frozen=True)
class DemoFiles:
    """Paths of the stacks of features and of the days to the nearest clear date (one of each for a
    tile), the samples, the classifier, the map with its confidence, the map after regularization,
    and the truth.
    """

    features: tuple[str, ...]
    days: tuple[str, ...]
    samples: str
    model: str
    map: str
    confidence: str
    regularized: str
    truth: str


def write_demo(folder: Path, progress: Progress | None = None) -> DemoFiles:
    """The case in ``folder``; what is there already is not made again. Needs scikit-learn.

    Raises what ``write_case`` and ``run_chain`` raise.
    """
    progress = progress or Silent()
    data, results = folder / "data", folder / "land_cover"
    if not (data / CHAIN).is_file():
        write_case(data, progress=Part(progress, 0.0, 0.1))
    request = ChainRequest(json.dumps(_configuration(data)), results)
    found = run_chain(request, progress=Part(progress, 0.1, 1.0))
    truth = data / "truth.tif"
    if not Path(f"{truth}{SIDE_FILE}").is_file():
        write_classes(truth, read_classes(found.map))  # it is looked at beside the map
    records = State.read(results).records.values()

    def made(step: str, key: str) -> tuple[str, ...]:
        named = [one.files[key] for one in records if one.step == step and key in one.files]
        return tuple(str(results / path) for path in named)

    return DemoFiles(
        made(PRIMITIVES, "features"), made(PRIMITIVES, "days"), made(SAMPLES, "samples")[0],
        made(TRAINING, "model")[0], made(MAPS, "map")[-1], found.confidence, found.map,
        str(truth),
    )  # fmt: skip


def _configuration(data: Path) -> dict[str, Any]:
    given = {key: value for key, value in CONFIGURATION.items() if key not in _ALONE}
    return given | {key: str(data / str(given[key])) for key in _PATHS} | {"runs": 1}
