# SPDX-License-Identifier: GPL-3.0-or-later
"""The compiled kernels that a stereo run calls, with the types it calls them with."""

from __future__ import annotations

from ...execution.ahead import Group

# In the order of the time that compiling takes: 2.2, 1.4, 1.4, 0.7 s and less.
STEREO_KERNELS: tuple[Group, ...] = (
    (
        (
            "dem.triangulation_kernels.triangulate_points",
            "(float64[::1], float64[::1], float64[:,::1], float64[:,::1], float64[:,::1], "
            "float64[::1])",
        ),
        ("dem.rpc_kernels.project_points", "(" + ", ".join(6 * ["float64[::1]"]) + ")"),
    ),
    (
        (
            "dem.matching.sgm_kernels.walk_across",
            "(uint8[:,:,::1], int64, int64, int64, boolean, uint8[:,:,:,::1], uint8[:,:,::1], "
            "uint8[:,::1], uint16[:,:,::1])",
        ),
        (
            "dem.matching.sgm_kernels.walk",
            "(uint8[:,:,::1], int64, int64, boolean, uint8[:,:,::1], uint8[:,::1], uint8[:,:,::1])",
        ),
    ),
    (
        (
            "dem.matching.intensity_kernels.fit",
            "(float32[:,::1], float32[:,::1], float32[:,::1], float32[:,::1], int64, float32, "
            "float32, float32[:,::1], float32[:,::1])",
        ),
    ),
    (
        (
            "dem.matching.winners.choose",
            "(uint16[:,::1], int64[:,::1], uint32[:,::1], int16[::1], uint8[::1], int64)",
        ),
    ),
    (
        (
            "dem.rasterize_kernels.fill_cells",
            "(float64[:,::1], int64[::1], int64, int64, float64[::1], float64[:,:,::1])",
        ),
    ),
    (
        (
            "dem.matching.intensity_kernels.smooth",
            "(float32[:,::1], int64, float32, float32[:,::1])",
        ),
    ),
    (("dem.matching.confidence.width", "(uint16[:,:,::1], int64)"),),
    (("dem.warping._warp", "(float32[:,::1], float64[:,::1], float32[:,::1])"),),
    (
        (
            "dem.matching.filters.flood",
            "(float32[::1], int64, int64, float64, boolean[::1], int32[::1], boolean[::1])",
        ),
    ),
    (
        (
            "dem.matching.census.encode",
            "(float32[:,::1], int64, uint64[:,::1], boolean[:,::1])",
        ),
    ),
    (
        (
            "dem.matching.intensity_kernels.meet",
            "(float32[:,::1], float32[:,::1], float32[:,::1])",
        ),
    ),
    (
        (
            "dem.matching.costs.hamming",
            "(uint64[:,::1], boolean[:,::1], uint64[:,::1], boolean[:,::1], int64, int64, int64, "
            "int64, uint8[:,:,::1])",
        ),
    ),
    (("dem.matching.sgm_kernels.mark", "(uint8[:,:,::1], uint16[:,:,::1])"),),
    (("dem.matching.sgm_kernels.turn", "(uint8[:,:,::1], int64, uint8[:,:,::1])"),),
    (("dem.matching.sgm_kernels.turn_back", "(uint8[:,:,::1], uint16[:,:,::1])"),),
)
