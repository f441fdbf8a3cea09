# SPDX-License-Identifier: GPL-3.0-or-later
"""Elevation models: sensor geometry, stereo, terrain, co-registration, comparison."""
