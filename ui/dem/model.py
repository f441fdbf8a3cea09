# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel shows, free of widgets: models, a line, a pair, a run, and what was computed of
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...core.dem.differences import Differences
from ...core.dem.local_pair import LocalPair
from ...core.dem.preview import MatchPreview
from ...core.execution.state import RunState
from ...core.io.dem_profile import Places, Profile
from ...core.types import FloatArray

MOST_MODELS = 6  # in one profile: as many as there are colors
Line = tuple[list[float], list[float]]  # longitudes and latitudes, degrees


@dataclass
class ElevationModel:
    """The state of the panel; what is computed is None (or empty) until it is there.

    ``names`` of the files that are offered, by their paths, in order: ``dems`` and ``images``.
    ``checked``: the models of the profile; ``model`` minus ``reference`` is the difference.
    ``pixel``: column and row in the first of the two images of ``pair``. ``recalled``: the choices
    are those of an earlier QGIS, and what was not checked then is not new now.
    """

    dems: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)
    recalled: bool = False
    line: Line | None = None
    places: Places | None = None
    profiles: list[Profile] = field(default_factory=list)
    model: str = ""
    reference: str = ""
    differences: Differences | None = None
    pair: tuple[str, str] = ("", "")
    matcher: str = "census_sgm"
    whole_range: bool = False
    pixel: tuple[float, float] | None = None
    local: LocalPair | None = None
    match: MatchPreview | None = None
    folder: str = ""
    run: RunState | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look at."""
        return not (self.dems or self.images or self.folder)

    def name(self, path: str) -> str:
        """What people call a file."""
        return self.dems.get(path) or self.images.get(path) or Path(path).name

    def shown(self) -> list[str]:
        """The models of the profile, in the order of the list, at most six."""
        return [path for path in self.dems if path in self.checked][:MOST_MODELS]

    def color_place(self, path: str) -> int:
        """Which of the colors a model has: that of its place among those of the profile."""
        shown = self.shown()
        return shown.index(path) if path in shown else 0

    def base(self) -> Profile | None:
        """The profile that others are compared with: of the reference, else the first."""
        found = [one for one in self.profiles if one.path == self.reference]
        return (found or self.profiles or [None])[0]

    def offer(self, dems: dict[str, str], images: dict[str, str]) -> None:
        """Files that may be chosen; choices of others are given up, and new ones are made where
        there are none. Models that are new are drawn, as far as there are colors for them.
        """
        new = [one for one in dems if one not in self.dems and one not in self.checked]
        self.checked = [one for one in self.checked if one in dems]
        if not self.recalled:
            self.checked += new[: max(0, MOST_MODELS - len(self.checked))]
        self.recalled = False
        self.dems, self.images = dems, images
        paths = list(dems)
        if self.model not in dems or self.reference not in dems:
            self.differences = None
            self.model, self.reference = (*paths[1::-1], "", "")[:2] if len(paths) > 1 else ("", "")
        if any(one not in images for one in self.pair):
            self.drop_pair()
            others = list(images)
            self.pair = (others[0], others[1]) if len(others) > 1 else ("", "")

    def drop_pair(self) -> None:
        """Forget what was computed of the pair."""
        self.local, self.match = None, None

    def nearest(self, longitude: float, latitude: float) -> tuple[int, float]:
        """The place of the line nearest to a point (degrees), and how far it is (degrees of
        latitude); (-1, inf) without a line.
        """
        if self.places is None:
            return -1, float("inf")
        across = (self.places.lon - longitude) * np.cos(np.radians(latitude))
        away = np.hypot(across, self.places.lat - latitude)
        at = int(np.argmin(away))
        return at, float(away[at])


def deviations(profiles: Sequence[Profile], base: Profile | None) -> list[FloatArray]:
    """Heights of the profiles minus those of ``base`` (n,; m)."""
    return [] if base is None else [one.height - base.height for one in profiles]
