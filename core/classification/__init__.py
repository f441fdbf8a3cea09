# SPDX-License-Identifier: GPL-3.0-or-later
"""Land cover from image time series: primitives, samples, models, maps, accuracy."""
