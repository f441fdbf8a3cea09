# SPDX-License-Identifier: GPL-3.0-or-later
"""Land-cover maps: the QGIS face of ``core.classification``."""
