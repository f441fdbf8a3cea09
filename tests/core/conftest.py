# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of several domains share: a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from local_cluster import Cluster, start_cluster, stop_cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that ends with the module: its processes are never idle, even without work."""
    pytest.importorskip("distributed")
    made = start_cluster(tmp_path_factory.mktemp("dask"), nanny=False)
    yield made
    stop_cluster(made)
