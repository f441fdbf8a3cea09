# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a simulated land-cover case: ground, images, radar, reference."""
