# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the land-cover chain: each calls what the algorithm of its name calls."""
