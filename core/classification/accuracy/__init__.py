# SPDX-License-Identifier: GPL-3.0-or-later
"""How good a map of classes is, and the areas that follow from it."""
