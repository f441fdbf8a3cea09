# SPDX-License-Identifier: GPL-3.0-or-later
"""What all simulated example data share: places, air, sun, smooth fields, and their folder."""
