# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Elevation": profiles, differences, matches of a stereo pair, and tiles of a run."""
