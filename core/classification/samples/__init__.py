# SPDX-License-Identifier: GPL-3.0-or-later
"""Training and test samples out of reference polygons: split, drawn, augmented."""
