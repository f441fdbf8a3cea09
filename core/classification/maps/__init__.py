# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of classes: made, fused, regularized, drawn as polygons."""
