# SPDX-License-Identifier: GPL-3.0-or-later
"""Heavy work in tiles: on threads, processes or a cluster, with a manifest, and resumed after a
failure.
"""
